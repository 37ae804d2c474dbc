//! Terms and statements for terminals, in Unicode. For people; nothing reads it back.

use crate::expr::{Expr, Extremum, Formula, Function, Gather, Relation, Set, Symbol, Toward};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Atom,
}

/// The term on one line.
pub fn plain(e: &Expr) -> String {
    term(e).0
}

/// The statement on one line.
pub fn plain_formula(f: &Formula) -> String {
    match f {
        Formula::True => "true".into(),
        Formula::False => "false".into(),
        Formula::Rel(a, r, b) => format!("{} {} {}", plain(a), sign(*r), plain(b)),
        Formula::Chain(a, rest) => {
            let links: String = rest.iter().map(|(r, b)| format!(" {} {}", sign(*r), plain(b))).collect();
            plain(a) + links.as_str()
        }
        Formula::In(a, s) => format!("{} ∈ {}", plain(a), set(s)),
        Formula::Not(p) => match &**p {
            Formula::In(a, s) => format!("{} ∉ {}", plain(a), set(s)),
            p => format!("not ({})", plain_formula(p)),
        },
        Formula::And(ps) => ps.iter().map(operand).collect::<Vec<_>>().join(" and "),
        Formula::Or(ps) => ps.iter().map(operand).collect::<Vec<_>>().join(" or "),
        Formula::Implies(p, q) => format!("{} ⇒ {}", operand(p), operand(q)),
        Formula::Iff(p, q) => format!("{} ⇔ {}", operand(p), operand(q)),
    }
}

fn operand(f: &Formula) -> String {
    let atom = matches!(
        f,
        Formula::True
            | Formula::False
            | Formula::Rel(..)
            | Formula::Chain(..)
            | Formula::In(..)
            | Formula::Not(_)
    );
    if atom { plain_formula(f) } else { format!("({})", plain_formula(f)) }
}

fn sign(r: Relation) -> &'static str {
    match r {
        Relation::Eq => "=",
        Relation::Ne => "≠",
        Relation::Lt => "<",
        Relation::Le => "≤",
        Relation::Gt => ">",
        Relation::Ge => "≥",
    }
}

fn list(xs: &[Expr]) -> String {
    xs.iter().map(plain).collect::<Vec<_>>().join(", ")
}

fn set(s: &Set) -> String {
    match s {
        Set::Reals => "ℝ".into(),
        Set::Interval { lower, lower_closed, upper, upper_closed } => {
            let open = if *lower_closed { "[" } else { "(" };
            let close = if *upper_closed { "]" } else { ")" };
            let a = lower.as_ref().map_or("−∞".into(), plain);
            let b = upper.as_ref().map_or("∞".into(), plain);
            format!("{open}{a}, {b}{close}")
        }
        Set::Finite(xs) if xs.is_empty() => "∅".into(),
        Set::Finite(xs) => format!("{{{}}}", list(xs)),
        Set::Such(x, p) => format!("{{{} : {}}}", symbol(x), plain_formula(p)),
        Set::Named(x) => symbol(x),
        Set::Union(ss) => ss.iter().map(part).collect::<Vec<_>>().join(" ∪ "),
        Set::Intersection(ss) => ss.iter().map(part).collect::<Vec<_>>().join(" ∩ "),
    }
}

fn part(s: &Set) -> String {
    if matches!(s, Set::Union(_) | Set::Intersection(_)) { format!("({})", set(s)) } else { set(s) }
}

fn at_least(e: &Expr, level: Level) -> String {
    let (text, own) = term(e);
    if own >= level { text } else { format!("({text})") }
}

fn term(e: &Expr) -> (String, Level) {
    match e {
        Expr::Num(n) => {
            let text = n.to_string().replace('-', "−");
            let level = if *n < 0 {
                Level::Sum
            } else if *n.denom() != 1 {
                Level::Product
            } else {
                Level::Atom
            };
            (text, level)
        }
        Expr::Sym(s) => {
            let text = symbol(s);
            let open = text.contains(' ') && !text.starts_with('‖');
            (text, if open { Level::Product } else { Level::Atom })
        }
        Expr::Add(xs) => (sum(xs), Level::Sum),
        Expr::Mul(xs) => product(xs),
        Expr::Pow(b, x) => power(b, x),
        Expr::Fun(Function::Abs, xs) => (format!("|{}|", list(xs)), Level::Atom),
        Expr::Fun(f, xs) => (format!("{}({})", function(*f), list(xs)), Level::Atom),
        Expr::Cases(cs) => {
            let rows: Vec<String> = cs
                .iter()
                .map(|c| match &c.condition {
                    Some(f) => format!("{} if {}", plain(&c.value), plain_formula(f)),
                    None => format!("{} else", plain(&c.value)),
                })
                .collect();
            (format!("{{ {} }}", rows.join("; ")), Level::Atom)
        }
        Expr::Apply { function, primes, args } => {
            let head = format!("{}{}", symbol(function), "′".repeat(*primes as usize));
            (if args.is_empty() { head } else { format!("{head}({})", list(args)) }, Level::Atom)
        }
        Expr::Derivative { body, variable, order } => {
            let n = if *order == 1 { String::new() } else { raised(&order.to_string()) };
            (format!("∂{n}/∂{}{n}[{}]", symbol(variable), plain(body)), Level::Atom)
        }
        Expr::At { body, variable, value } => {
            (format!("[{}] at {} = {}", plain(body), symbol(variable), plain(value)), Level::Sum)
        }
        Expr::Optimum { which, variable, over, body } => {
            let range = over.as_ref().map_or(String::new(), |s| format!(" ∈ {}", set(s)));
            (
                format!("{} over {}{range} of [{}]", extremum(*which), symbol(variable), plain(body)),
                Level::Sum,
            )
        }
        Expr::Over { gather, index, lower, upper, body } => {
            let (index, body) = Expr::shown_index(index, body);
            let index = symbol(&index);
            let text = match gather {
                Gather::Max => format!("max[{index}] ({})", plain(&body)),
                Gather::Min => format!("min[{index}] ({})", plain(&body)),
                Gather::Sum => {
                    let bounds = format!("{index} = {}..{}", plain(lower), plain(upper));
                    format!("Σ[{bounds}] {}", at_least(&body, Level::Product))
                }
            };
            (text, Level::Sum)
        }
        Expr::PlusMinus(a) => (format!("±{}", at_least(a, Level::Product)), Level::Sum),
        Expr::Limit { quantity, toward, body } => {
            let goal = match toward {
                Toward::Value(e) => plain(e),
                Toward::Infinity => "∞".to_owned(),
                Toward::MinusInfinity => "-∞".to_owned(),
            };
            let body = at_least(body, Level::Product);
            (format!("lim[{} → {goal}] {body}", plain(quantity)), Level::Sum)
        }
    }
}

fn function(f: Function) -> &'static str {
    match f {
        Function::Ln => "ln",
        Function::Exp => "exp",
        Function::Abs => "abs",
        Function::Max => "max",
        Function::Min => "min",
    }
}

fn extremum(which: Extremum) -> &'static str {
    match which {
        Extremum::Max => "max",
        Extremum::Min => "min",
        Extremum::ArgMax => "argmax",
        Extremum::ArgMin => "argmin",
    }
}

fn sum(xs: &[Expr]) -> String {
    if xs.is_empty() {
        return "0".into();
    }
    let mut out = String::new();
    for (i, x) in xs.iter().enumerate() {
        let (text, level) = term(x);
        let signed = matches!(x, Expr::Num(_) | Expr::Mul(_) | Expr::PlusMinus(_));
        let text = if level == Level::Sum && !signed { format!("({text})") } else { text };
        match text.strip_prefix('−') {
            _ if i == 0 => out.push_str(&text),
            Some(rest) => out.push_str(&format!(" − {rest}")),
            None => out.push_str(&format!(" + {text}")),
        }
    }
    out
}

fn product(xs: &[Expr]) -> (String, Level) {
    let (sign, xs) = match xs {
        [first, rest @ ..] if *first == Expr::int(-1) && !rest.is_empty() => ("−", rest),
        xs => ("", xs),
    };
    let divisor = |x: &Expr| match x {
        Expr::Pow(b, e) if e.as_int() == Some(-1) => Some((**b).clone()),
        _ => None,
    };
    let above: Vec<&Expr> = xs.iter().filter(|x| divisor(x).is_none()).collect();
    let below: Vec<Expr> = xs.iter().filter_map(divisor).collect();
    let top = if above.is_empty() { "1".to_owned() } else { juxtaposed(&above) };
    let text = match &below[..] {
        [] => top,
        [one] => format!("{top}/{}", at_least(one, Level::Atom)),
        many => format!("{top}/({})", juxtaposed(&many.iter().collect::<Vec<_>>())),
    };
    let negative = !sign.is_empty() || text.starts_with('−');
    (format!("{sign}{text}"), if negative { Level::Sum } else { Level::Product })
}

fn juxtaposed(xs: &[&Expr]) -> String {
    let mut out = String::new();
    for (i, x) in xs.iter().enumerate() {
        let (text, level) = term(x);
        let lone = xs.len() == 1 && level == Level::Product;
        let leading = i == 0 && matches!(x, Expr::Num(n) if *n.denom() == 1);
        let text = if level == Level::Atom || lone || leading { text } else { format!("({text})") };
        let digit = text.starts_with(|c: char| c.is_ascii_digit());
        if i > 0 {
            out.push_str(if digit { "·" } else { " " });
        }
        out.push_str(&text);
    }
    out
}

fn power(b: &Expr, x: &Expr) -> (String, Level) {
    if x.as_int() == Some(-1) {
        return (format!("1/{}", at_least(b, Level::Atom)), Level::Product);
    }
    if *x == Expr::ratio(1, 2) {
        let body = at_least(b, Level::Atom);
        let bare =
            body.chars().count() == 1 || body.starts_with('(') && matches!(b, Expr::Add(_) | Expr::Mul(_));
        return (if bare { format!("√{body}") } else { format!("√({})", plain(b)) }, Level::Atom);
    }
    let base = match b {
        Expr::Pow(..) => format!("({})", plain(b)),
        Expr::Sym(s) if symbol(s).contains(['^', '*', '\'']) && !symbol(s).starts_with('‖') => {
            format!("({})", symbol(s))
        }
        b => at_least(b, Level::Atom),
    };
    if let Some(n) = x.as_int().filter(|n| *n >= 0) {
        return (format!("{base}{}", raised(&n.to_string())), Level::Atom);
    }
    (format!("{base}^{}", at_least(x, Level::Atom)), Level::Atom)
}

/// The text in superscript characters, if there is one for each.
fn shifted(text: &str, table: &[(char, char)]) -> Option<String> {
    text.chars().map(|c| table.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)).collect()
}

fn raised(text: &str) -> String {
    shifted(text, &SUPERSCRIPTS).unwrap_or_else(|| format!("^{text}"))
}

const SUPERSCRIPTS: [(char, char); 12] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('*', '*'),
    ('\'', '′'),
];

const SUBSCRIPTS: [(char, char); 14] = [
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
    ('i', 'ᵢ'),
    ('j', 'ⱼ'),
    ('n', 'ₙ'),
    ('k', 'ₖ'),
];

const GREEK: [(&str, &str); 35] = [
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "ϕ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("ell", "ℓ"),
    // Another value of the same name.
    ("sim", "~"),
];

/// A name: `\alpha_1^*` as `α₁*`, `\delta^{\text{Large } G}` as `δ^(Large G)`.
fn symbol(s: &Symbol) -> String {
    let latex = s.latex();
    let mut out = String::new();
    let mut rest = latex;
    while let Some(c) = rest.chars().next() {
        if c == '_' || c == '^' {
            let (script, behind) = script_at(&rest[1..]);
            rest = behind;
            let text = words(script);
            let table: &[(char, char)] = if c == '_' { &SUBSCRIPTS } else { &SUPERSCRIPTS };
            let decorated =
                shifted(&text, table).filter(|_| c == '_' || text.chars().all(|c| c == '*' || c == '\''));
            match decorated {
                Some(shifted) => out.push_str(&shifted),
                None if text.chars().count() == 1 => out.push_str(&format!("{c}{text}")),
                None if c == '_' && text.chars().all(char::is_alphanumeric) => {
                    out.push_str(&format!("_{text}"))
                }
                None => out.push_str(&format!("{c}({text})")),
            }
        } else {
            let end = rest.find(['_', '^']).unwrap_or(rest.len());
            if out.starts_with(['‖', '∇']) && rest.starts_with(' ') {
                out.push(' ');
            }
            out.push_str(&words(&rest[..end]));
            rest = &rest[end..];
        }
    }
    out
}

/// The script at the beginning of `text` without its braces, and what stands behind it.
fn script_at(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        let mut depth = 1;
        for (i, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return (&inner[..i], &inner[i + 1..]);
            }
        }
        return (inner, "");
    }
    let command =
        text.strip_prefix('\\').map(|t| 1 + t.chars().take_while(char::is_ascii_alphabetic).count());
    let end = command.or_else(|| text.chars().next().map(char::len_utf8)).unwrap_or(0).min(text.len());
    text.split_at(end)
}

/// The text of a name with commands replaced by characters and braces dropped.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c != '\\' {
            if c != '{' && c != '}' {
                out.push(if c == '~' { ' ' } else { c });
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let letters = rest[1..].chars().take_while(char::is_ascii_alphabetic).count();
        if letters == 0 {
            out.push(if rest.starts_with("\\|") { '‖' } else { ' ' });
            rest = rest[1..].chars().next().map_or("", |c| &rest[1 + c.len_utf8()..]);
            continue;
        }
        let name = &rest[1..1 + letters];
        rest = &rest[1 + letters..];
        match GREEK.iter().find(|(from, _)| *from == name) {
            Some((_, to)) => {
                out.push_str(to);
                rest = rest.trim_start();
            }
            None => match name {
                "hat" | "widehat" => out.push('^'),
                "bar" | "overline" => out.push('¯'),
                "tilde" => out.push('~'),
                "nabla" => {
                    out.push('∇');
                    rest = rest.trim_start();
                }
                "lVert" | "rVert" | "Vert" => out.push('‖'),
                "sum" => out.push('Σ'),
                "left" | "right" | "text" | "textit" | "textrm" | "mathrm" | "mathit" | "operatorname" => {}
                other => out.push_str(other),
            },
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
