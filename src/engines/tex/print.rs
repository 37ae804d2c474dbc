//! Terms and statements to LaTeX that reads back as the same term.
//!
//! Every shape that the parser builds prints to a text that it reads as that shape again; a
//! bracket is printed wherever the grammar would otherwise read, or refuse, something else.

use crate::expr::{Case, Expr, Extremum, Formula, Function, Gather, Relation, Set, Symbol, Toward};

/// How tightly the printed term holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    /// A sum, a signed term, or an operator that would take what follows it.
    Sum,
    /// A product.
    Product,
    /// A factor that cannot carry an exponent.
    Factor,
    /// What can carry an exponent.
    Atom,
}

/// The term in LaTeX.
pub fn latex(e: &Expr) -> String {
    term(e).0
}

/// The statement in LaTeX.
pub fn latex_formula(f: &Formula) -> String {
    match f {
        Formula::True => "\\top".into(),
        Formula::False => "\\bot".into(),
        Formula::Rel(a, r, b) => format!("{} {} {}", latex(a), sign(*r), latex(b)),
        Formula::Chain(a, rest) => {
            let links: String = rest.iter().map(|(r, b)| format!(" {} {}", sign(*r), latex(b))).collect();
            latex(a) + links.as_str()
        }
        Formula::In(a, s) => format!("{} \\in {}", latex(a), set(s)),
        Formula::Not(p) => match &**p {
            Formula::In(a, s) => format!("{} \\notin {}", latex(a), set(s)),
            p => format!("\\neg \\left({}\\right)", latex_formula(p)),
        },
        Formula::And(ps) => {
            let parts: Vec<_> = ps.iter().map(|p| operand(p, matches!(p, Formula::Or(_)))).collect();
            parts.join(" \\land ")
        }
        Formula::Or(ps) => {
            let parts: Vec<_> = ps.iter().map(|p| operand(p, matches!(p, Formula::And(_)))).collect();
            parts.join(" \\lor ")
        }
        Formula::Implies(p, q) => format!("{} \\Rightarrow {}", operand(p, false), operand(q, false)),
        Formula::Iff(p, q) => format!("{} \\iff {}", operand(p, false), operand(q, false)),
    }
}

fn operand(f: &Formula, mixed: bool) -> String {
    let text = latex_formula(f);
    let wrapped = mixed || matches!(f, Formula::Implies(..) | Formula::Iff(..));
    if wrapped { format!("\\left({text}\\right)") } else { text }
}

fn sign(r: Relation) -> &'static str {
    match r {
        Relation::Eq => "=",
        Relation::Ne => "\\neq",
        Relation::Lt => "<",
        Relation::Le => "\\le",
        Relation::Gt => ">",
        Relation::Ge => "\\ge",
    }
}

fn set(s: &Set) -> String {
    match s {
        Set::Reals => "\\mathbb{R}".into(),
        Set::Interval { lower, lower_closed, upper, upper_closed } => {
            let open = if *lower_closed { "[" } else { "(" };
            let close = if *upper_closed { "]" } else { ")" };
            let a = lower.as_ref().map_or("-\\infty".into(), latex);
            let b = upper.as_ref().map_or("\\infty".into(), latex);
            format!("\\left{open}{a}, {b}\\right{close}")
        }
        Set::Finite(xs) if xs.is_empty() => "\\emptyset".into(),
        Set::Finite(xs) => {
            format!("\\left\\{{{}\\right\\}}", xs.iter().map(latex).collect::<Vec<_>>().join(", "))
        }
        Set::Such(x, p) => format!("\\left\\{{{x} : {}\\right\\}}", latex_formula(p)),
        Set::Named(x) => x.latex().into(),
        Set::Union(ss) => ss.iter().map(part).collect::<Vec<_>>().join(" \\cup "),
        Set::Intersection(ss) => ss.iter().map(part).collect::<Vec<_>>().join(" \\cap "),
    }
}

fn part(s: &Set) -> String {
    let text = set(s);
    if matches!(s, Set::Union(_) | Set::Intersection(_)) { format!("\\left({text}\\right)") } else { text }
}

fn bracketed(text: &str) -> String {
    format!("\\left({text}\\right)")
}

/// The term, in brackets unless it holds together at least as tightly as asked.
fn at_least(e: &Expr, tight: Tight) -> String {
    let (text, own) = term(e);
    if own >= tight { text } else { bracketed(&text) }
}

fn term(e: &Expr) -> (String, Tight) {
    match e {
        Expr::Num(n) => number(n),
        Expr::Sym(s) => (s.latex().to_owned(), symbol_tightness(s)),
        Expr::Add(xs) => (sum(xs), Tight::Sum),
        Expr::Mul(xs) => product(xs),
        Expr::Pow(b, x) => power(b, x),
        Expr::Fun(f, xs) => function(*f, xs),
        Expr::Cases(cs) => (cases(cs), Tight::Factor),
        Expr::Apply { function, primes, args } => {
            let head = format!("{function}{}", "'".repeat(*primes as usize));
            let list = args.iter().map(latex).collect::<Vec<_>>().join(", ");
            let call = if args.is_empty() { head } else { format!("{head}\\left({list}\\right)") };
            // A bare function must not run into the bracket of a neighbour.
            (call, if args.is_empty() { Tight::Product } else { Tight::Atom })
        }
        Expr::Derivative { body, variable, order } => (derivative(body, variable, *order), Tight::Sum),
        Expr::At { body, variable, value } => {
            let text = format!("\\left. {} \\right|_{{{variable} = {}}}", latex(body), latex(value));
            (text, Tight::Factor)
        }
        Expr::Optimum { which, variable, over, body } => {
            (optimum(*which, variable, over.as_deref(), body), Tight::Sum)
        }
        Expr::Over { gather: Gather::Sum, index, lower, upper, body } => {
            let (index, body) = Expr::shown_index(index, body);
            let body = at_least(&body, Tight::Product);
            (format!("\\sum_{{{index} = {}}}^{{{}}} {body}", latex(lower), latex(upper)), Tight::Product)
        }
        // Over the whole range of the letter: no other bounds can be written.
        Expr::Over { gather, index, body, .. } => {
            let (index, body) = Expr::shown_index(index, body);
            let word = if *gather == Gather::Max { "\\max" } else { "\\min" };
            (format!("{word}_{{{index}}} {}", bracketed(&latex(&body))), Tight::Sum)
        }
        Expr::PlusMinus(a) => (format!("\\pm {}", at_least(a, Tight::Product)), Tight::Sum),
        Expr::Limit { quantity, toward, body } => {
            let goal = match toward {
                Toward::Value(e) => latex(e),
                Toward::Infinity => "\\infty".to_owned(),
                Toward::MinusInfinity => "-\\infty".to_owned(),
            };
            let body = at_least(body, Tight::Product);
            (format!("\\lim_{{{} \\to {goal}}} {body}", latex(quantity)), Tight::Sum)
        }
    }
}

fn number(n: &rug::Rational) -> (String, Tight) {
    let negative = *n < 0;
    let (p, q) = (n.numer().clone().abs(), n.denom());
    let minus = if negative { "-" } else { "" };
    let whole = *q == 1;
    let text = if whole { format!("{minus}{p}") } else { format!("{minus}\\frac{{{p}}}{{{q}}}") };
    let tight = match (negative, whole) {
        (true, _) => Tight::Sum,
        (false, true) => Tight::Atom,
        (false, false) => Tight::Factor,
    };
    (text, tight)
}

fn symbol_tightness(s: &Symbol) -> Tight {
    // A gradient and what it is multiplied by are one name, which must not run into its neighbours.
    if s.key().starts_with("\\nabla") {
        return Tight::Sum;
    }
    if s.latex().contains('^') || s.latex().contains('\'') { Tight::Factor } else { Tight::Atom }
}

fn sum(xs: &[Expr]) -> String {
    if xs.is_empty() {
        return "0".into();
    }
    let mut out = String::new();
    for (i, x) in xs.iter().enumerate() {
        let (text, tight) = summand(x);
        let text = if tight == Tight::Sum { bracketed(&text) } else { text };
        match (i, text.strip_prefix("-"), text.starts_with("\\pm")) {
            (0, _, _) => out.push_str(&text),
            (_, Some(rest), _) => out.push_str(&format!(" - {rest}")),
            (_, None, true) => out.push_str(&format!(" {text}")),
            (_, None, false) => out.push_str(&format!(" + {text}")),
        }
    }
    out
}

/// A term of a sum; signed products and numbers, `\pm` and derivatives need no brackets there.
fn summand(e: &Expr) -> (String, Tight) {
    let (text, tight) = term(e);
    let bare = matches!(e, Expr::Num(_) | Expr::Mul(_) | Expr::PlusMinus(_) | Expr::Derivative { .. });
    (text, if bare { Tight::Product } else { tight })
}

fn product(xs: &[Expr]) -> (String, Tight) {
    if xs.is_empty() {
        return ("1".into(), Tight::Atom);
    }
    if let [a, Expr::Pow(b, m)] = xs
        && m.as_int() == Some(-1)
        && !a.is_one()
        && *a != Expr::int(-1)
        && !(a.as_num().is_some() && b.as_num().is_some_and(|v| *v != 0))
    {
        return (format!("\\frac{{{}}}{{{}}}", latex(a), latex(b)), Tight::Factor);
    }
    // `-x y` is the product with a leading -1; before a numeral the 1 must show.
    let begins_with_digit = |e: &Expr| term(e).0.starts_with(|c: char| c.is_ascii_digit());
    if let [first, rest @ ..] = xs
        && *first == Expr::int(-1)
        && !rest.is_empty()
        && !matches!(rest[0], Expr::Num(_))
        && !begins_with_digit(&rest[0])
    {
        let rest = if rest.len() == 1 { at_least(&rest[0], Tight::Factor) } else { juxtaposed(rest) };
        return (format!("-{rest}"), Tight::Sum);
    }
    let negative = matches!(&xs[0], Expr::Num(n) if *n < 0);
    (juxtaposed(xs), if negative { Tight::Sum } else { Tight::Product })
}

/// Factors side by side, with `\cdot` where two of them would run into each other.
fn juxtaposed(xs: &[Expr]) -> String {
    let mut out = String::new();
    for (i, x) in xs.iter().enumerate() {
        let last = i + 1 == xs.len();
        let (text, tight) = term(x);
        let leading_number = i == 0 && matches!(x, Expr::Num(_));
        // Sums over an index take what follows them; bare functions are told apart below.
        let open = matches!(x, Expr::Over { .. }) && !last;
        let loose = tight < Tight::Factor && !matches!(x, Expr::Apply { .. } | Expr::Over { .. });
        let text = if (loose && !leading_number) || open { bracketed(&text) } else { text };
        if i > 0 {
            let runs_in = matches!(&xs[i - 1], Expr::Apply { args, .. } if args.is_empty())
                && (text.starts_with("\\left") || text.starts_with(['(', '[']));
            let digit = text.starts_with(|c: char| c.is_ascii_digit());
            out.push_str(if runs_in || digit || trailing_word(&out) { " \\cdot " } else { " " });
        }
        out.push_str(&text);
    }
    out
}

/// Whether the text ends in a superscript with a word, which a letter behind it might complete.
fn trailing_word(text: &str) -> bool {
    let Some(at) = text.rfind('^') else { return false };
    let letters = text[at..].chars().filter(char::is_ascii_alphabetic).count();
    text.ends_with('}') && letters >= 3 && !text[at..].contains('\\')
        || text.ends_with('}') && text[at..].contains("\\text")
}

fn power(b: &Expr, x: &Expr) -> (String, Tight) {
    let inverse = x.as_int() == Some(-1);
    let nonzero_number = b.as_num().is_some_and(|v| *v != 0);
    if inverse && !nonzero_number {
        return (format!("\\frac{{1}}{{{}}}", latex(b)), Tight::Factor);
    }
    if let Some(q) = x.as_num()
        && *q.numer() == 1
        && *q.denom() > 1
    {
        let degree = if *q.denom() == 2 { String::new() } else { format!("[{}]", q.denom()) };
        return (format!("\\sqrt{degree}{{{}}}", latex(b)), Tight::Atom);
    }
    (format!("{}^{{{}}}", at_least(b, Tight::Atom), latex(x)), Tight::Factor)
}

fn function(f: Function, xs: &[Expr]) -> (String, Tight) {
    let list = xs.iter().map(latex).collect::<Vec<_>>().join(", ");
    let name = match f {
        Function::Abs => return (format!("\\left|{list}\\right|"), Tight::Atom),
        Function::Ln => "\\ln",
        Function::Exp => "\\exp",
        Function::Max => "\\max",
        Function::Min => "\\min",
    };
    (format!("{name}\\left({list}\\right)"), Tight::Factor)
}

fn cases(cs: &[Case]) -> String {
    let rows: Vec<String> = cs
        .iter()
        .map(|c| match &c.condition {
            Some(f) => format!("{} & \\text{{if }} {}", latex(&c.value), latex_formula(f)),
            None => format!("{} & \\text{{else}}", latex(&c.value)),
        })
        .collect();
    format!("\\begin{{cases}} {} \\end{{cases}}", rows.join(" \\\\ "))
}

fn derivative(body: &Expr, x: &Symbol, order: u32) -> String {
    if order > 1 && x.latex().contains('^') {
        // `\partial x^*^2` is no LaTeX.
        let inner = derivative(body, x, order - 1);
        return format!("\\frac{{\\partial}}{{\\partial {x}}}\\left[{inner}\\right]");
    }
    let power = if order == 1 { String::new() } else { format!("^{{{order}}}") };
    format!("\\frac{{\\partial{power}}}{{\\partial {x}{power}}}\\left[{}\\right]", latex(body))
}

fn optimum(which: Extremum, x: &Symbol, over: Option<&Set>, body: &Expr) -> String {
    let name = match which {
        Extremum::Max => "\\max",
        Extremum::Min => "\\min",
        Extremum::ArgMax => "\\arg\\max",
        Extremum::ArgMin => "\\arg\\min",
    };
    let range = over.map_or(String::new(), |s| format!(" \\in {}", set(s)));
    format!("{name}_{{{x}{range}}} \\left({}\\right)", latex(body))
}
