//! What differs between a printed formula and the right one, made visible in both.
//!
//! Both are compared as terms: what is the same up to the order of summands and factors is left alone,
//! what remains is marked, as deep inside as it can be told. It is a help for the eye and no evidence.

use rug::Rational;

use crate::expr::{Case, Expr, Formula, Relation, Symbol};
use crate::tex;

use super::math;

/// The most places that are marked; with more of them, everything differs.
const MOST: usize = 8;

/// Both formulas as LaTeX, with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub printed: String,
    pub right: String,
}

/// The difference between two equations for the same thing; none if it is everything, or cannot be told.
pub fn between(printed: &Formula, right: &Formula) -> Option<Difference> {
    let (Formula::Rel(name, Relation::Eq, a), Formula::Rel(same_name, Relation::Eq, b)) = (printed, right)
    else {
        return None;
    };
    if key(name) != key(same_name) || key(a) == key(b) {
        return None;
    }
    let mut marks = Marks::default();
    let (a, b) = marks.pair(a, b);
    let whole = marks.is_mark(&a) || marks.is_mark(&b);
    if whole || marks.held.is_empty() || marks.held.len() > MOST {
        return None;
    }
    let show = |e: Expr| marks.shown(&tex::latex_formula(&Formula::eq(name.clone(), e)));
    Some(Difference { printed: show(a), right: show(b) })
}

/// The marked subterms, by the number in the name of the symbol that stands for each.
#[derive(Default)]
struct Marks {
    held: Vec<Held>,
}

struct Held {
    latex: String,
    /// It stands where a sum or a product needs brackets.
    bracketed: bool,
    /// The sign belongs to what differs.
    signed: bool,
}

fn stand_in(n: usize) -> String {
    format!("\\differs{}", char::from(b'A' + u8::try_from(n % 26).expect("less than 26")))
}

impl Marks {
    fn is_mark(&self, e: &Expr) -> bool {
        e.as_sym().is_some_and(|s| s.latex().starts_with("\\differs"))
    }

    /// Says whether the mark that a term is, if it is one, needs brackets.
    fn bracket(&mut self, e: &Expr, bracketed: bool) {
        if let Some(n) = (0..self.held.len()).find(|n| e.as_sym().is_some_and(|s| s.latex() == stand_in(*n)))
        {
            self.held[n].bracketed = bracketed;
        }
    }

    fn mark(&mut self, e: &Expr, signed: bool) -> Expr {
        // Of a fraction's lower part the part itself is marked, not the one over it.
        if let Expr::Pow(base, exponent) = e
            && exponent.as_int() == Some(-1)
        {
            return Expr::pow(self.mark(base, signed), (**exponent).clone());
        }
        let name = stand_in(self.held.len());
        let bracketed = matches!(e, Expr::Add(_));
        self.held.push(Held { latex: tex::latex(e), bracketed, signed });
        Expr::sym(&name)
    }

    /// A term of a sum: its sign stays outside of the mark unless the sign is what differs.
    fn mark_summand(&mut self, e: &Expr, signed: bool) -> Expr {
        let (coefficient, _) = split(e);
        if coefficient < 0 && !signed {
            let positive = negated(e);
            return Expr::product(vec![Expr::int(-1), self.mark(&positive, false)]);
        }
        self.mark(e, signed)
    }

    /// Both terms with what differs replaced by marks.
    fn pair(&mut self, a: &Expr, b: &Expr) -> (Expr, Expr) {
        if key(a) == key(b) {
            return (a.clone(), b.clone());
        }
        match (a, b) {
            (Expr::Cases(xs), Expr::Cases(ys)) if xs.len() == ys.len() => self.cases(xs, ys),
            (Expr::Pow(x, e), Expr::Pow(y, f)) if key(e) == key(f) => {
                let terms = [(**x).clone(), (**y).clone()];
                let (x, y) = self.pair(x, y);
                // Below the line and under a root nothing needs brackets.
                let alone = e.as_int() == Some(-1) || e.as_num().is_some_and(|q| *q.denom() == 2);
                for (side, term) in [&x, &y].into_iter().zip(terms) {
                    self.bracket(side, !alone && !matches!(term, Expr::Sym(_) | Expr::Num(_)));
                }
                (Expr::pow(x, (**e).clone()), Expr::pow(y, (**f).clone()))
            }
            (Expr::Pow(x, e), Expr::Pow(y, f)) if key(x) == key(y) => {
                let (e, f) = self.pair(e, f);
                (Expr::pow((**x).clone(), e), Expr::pow((**y).clone(), f))
            }
            (Expr::Add(_), Expr::Add(_)) => self.sums(&summands(a), &summands(b)),
            (Expr::Mul(_), _) | (_, Expr::Mul(_)) if is_product(a) && is_product(b) => self.products(a, b),
            _ => (self.mark(a, false), self.mark(b, false)),
        }
    }

    fn cases(&mut self, xs: &[Case], ys: &[Case]) -> (Expr, Expr) {
        let mut sides = (vec![], vec![]);
        for (x, y) in xs.iter().zip(ys) {
            let (a, b) = self.pair(&x.value, &y.value);
            sides.0.push(Case { value: a, condition: x.condition.clone() });
            sides.1.push(Case { value: b, condition: y.condition.clone() });
        }
        (Expr::Cases(sides.0), Expr::Cases(sides.1))
    }

    fn sums(&mut self, xs: &[Expr], ys: &[Expr]) -> (Expr, Expr) {
        let mut left: Vec<Expr> = xs.to_vec();
        let mut right: Vec<Expr> = ys.to_vec();
        let mut open: Vec<usize> = (0..ys.len()).collect();
        let mut alone = vec![];
        for (i, x) in xs.iter().enumerate() {
            if let Some(at) = open.iter().position(|j| key(x) == key(&ys[*j])) {
                open.remove(at);
            } else {
                alone.push(i);
            }
        }
        let common = alone.len() < xs.len();
        // What is the same but for its coefficient belongs together; then what is left over.
        let mut pairs = vec![];
        alone.retain(|i| match open.iter().position(|j| split(&xs[*i]).1 == split(&ys[*j]).1) {
            Some(at) => {
                pairs.push((*i, open.remove(at)));
                false
            }
            None => true,
        });
        if let ([i], [j]) = (alone.as_slice(), open.as_slice())
            && (common || !pairs.is_empty())
        {
            pairs.push((*i, *j));
            alone.clear();
            open.clear();
        }
        if !common && pairs.is_empty() {
            return (self.mark(&Expr::sum(left), false), self.mark(&Expr::sum(right), false));
        }
        for (i, j) in pairs {
            (left[i], right[j]) = self.summand(&xs[i], &ys[j]);
        }
        for i in alone {
            left[i] = self.mark_summand(&xs[i], false);
        }
        for j in open {
            right[j] = self.mark_summand(&ys[j], false);
        }
        (Expr::sum(left), Expr::sum(right))
    }

    /// Two summands that belong together.
    fn summand(&mut self, x: &Expr, y: &Expr) -> (Expr, Expr) {
        let ((c, rest), (d, other)) = (split(x), split(y));
        if rest == other && c == Rational::from(-&d) {
            return (self.mark_summand(x, true), self.mark_summand(y, true));
        }
        self.pair(x, y)
    }

    fn products(&mut self, a: &Expr, b: &Expr) -> (Expr, Expr) {
        let (upper_a, lower_a) = fraction(a);
        let (mut upper_b, mut lower_b) = fraction(b);
        // The same fraction with both signs turned.
        let turned = |es: &[Expr]| {
            Expr::product(
                es.iter().cloned().enumerate().map(|(i, e)| if i == 0 { negated(&e) } else { e }).collect(),
            )
        };
        if !lower_a.is_empty()
            && !lower_b.is_empty()
            && key(&turned(&lower_b)) == key(&Expr::product(lower_a.clone()))
        {
            lower_b.clone_from(&lower_a);
            upper_b = vec![turned_upper(&upper_b)];
        }
        let (upper_a, upper_b) = self.factors(&upper_a, &upper_b);
        let (lower_a, lower_b) = self.factors(&lower_a, &lower_b);
        for (upper, lower) in [(&upper_a, &lower_a), (&upper_b, &lower_b)] {
            if let ([one], false) = (upper.as_slice(), lower.is_empty()) {
                self.bracket(one, false);
            }
            if let [one] = lower.as_slice() {
                self.bracket(one, false);
            }
        }
        (quotient(upper_a, lower_a), quotient(upper_b, lower_b))
    }

    fn factors(&mut self, xs: &[Expr], ys: &[Expr]) -> (Vec<Expr>, Vec<Expr>) {
        let (mut left, mut right) = (xs.to_vec(), ys.to_vec());
        let mut open: Vec<usize> = (0..ys.len()).collect();
        let mut alone = vec![];
        for (i, x) in xs.iter().enumerate() {
            match open.iter().position(|j| key(x) == key(&ys[*j])) {
                Some(at) => drop(open.remove(at)),
                None => alone.push(i),
            }
        }
        if let ([i], [j]) = (alone.as_slice(), open.as_slice()) {
            (left[*i], right[*j]) = self.pair(&xs[*i], &ys[*j]);
            return (left, right);
        }
        for i in alone {
            left[i] = self.mark_factor(&xs[i]);
        }
        for j in open {
            right[j] = self.mark_factor(&ys[j]);
        }
        (left, right)
    }

    /// A factor of a product: the sign of a number stays outside of the mark.
    fn mark_factor(&mut self, e: &Expr) -> Expr {
        match e.as_num() {
            Some(q) if *q == -1 => e.clone(),
            Some(q) if *q < 0 => {
                let positive = Expr::Num(Rational::from(-q));
                Expr::product(vec![Expr::int(-1), self.mark(&positive, false)])
            }
            _ => self.mark(e, false),
        }
    }

    /// LaTeX with the marked subterms in their places.
    fn shown(&self, latex: &str) -> String {
        let mut out = latex.to_owned();
        for (n, held) in self.held.iter().enumerate() {
            let name = stand_in(n);
            let brackets = format!("\\left({}\\right)", held.latex);
            let text = if held.bracketed { &brackets } else { &held.latex };
            if held.signed {
                let with_sign = if text.starts_with('-') { text.clone() } else { format!("+ {text}") };
                out = out.replace(&format!("+ {name}"), &math::mark(&with_sign));
            }
            out = out.replace(&name, &math::mark(text));
        }
        out
    }
}

fn is_product(e: &Expr) -> bool {
    !matches!(e, Expr::Add(_) | Expr::Cases(_))
}

fn summands(e: &Expr) -> Vec<Expr> {
    match e {
        Expr::Add(xs) => xs.iter().flat_map(summands).collect(),
        other => vec![other.clone()],
    }
}

fn factors(e: &Expr) -> Vec<Expr> {
    match e {
        Expr::Mul(xs) => xs.iter().flat_map(factors).collect(),
        other => vec![other.clone()],
    }
}

/// The factors above and below the line.
fn fraction(e: &Expr) -> (Vec<Expr>, Vec<Expr>) {
    let mut sides = (vec![], vec![]);
    for factor in factors(e) {
        match &factor {
            Expr::Pow(base, exponent) if exponent.as_int() == Some(-1) => sides.1.push((**base).clone()),
            _ => sides.0.push(factor),
        }
    }
    sides
}

fn quotient(upper: Vec<Expr>, lower: Vec<Expr>) -> Expr {
    let upper: Vec<Expr> = upper.iter().flat_map(factors).collect();
    let mut all = if upper.is_empty() { vec![Expr::int(1)] } else { upper };
    if !lower.is_empty() {
        let below = if lower.len() == 1 { lower[0].clone() } else { Expr::product(lower) };
        all.push(Expr::recip(below));
    }
    if all.len() == 1 { all.remove(0) } else { Expr::product(all) }
}

fn turned_upper(upper: &[Expr]) -> Expr {
    match upper {
        [one] => negated(one),
        several => negated(&Expr::product(several.to_vec())),
    }
}

/// The negative of a term, a sum term by term.
fn negated(e: &Expr) -> Expr {
    if let Expr::Add(_) = e {
        return Expr::sum(summands(e).iter().map(negated).collect());
    }
    let mut parts = factors(e);
    match parts.iter().position(|p| p.as_num().is_some()) {
        Some(i) => {
            let value = Rational::from(-parts[i].as_num().expect("a number was found"));
            if value == 1 && parts.len() > 1 {
                parts.remove(i);
            } else {
                parts[i] = Expr::Num(value);
            }
        }
        None => parts.insert(0, Expr::int(-1)),
    }
    if parts.len() == 1 { parts.remove(0) } else { Expr::product(parts) }
}

/// The rational factor of a term, and the key of the rest.
fn split(e: &Expr) -> (Rational, String) {
    let mut coefficient = Rational::from(1);
    let mut rest = vec![];
    for factor in factors(e) {
        match factor.as_num() {
            Some(q) => coefficient *= q,
            None => rest.push(key(&factor)),
        }
    }
    rest.sort();
    (coefficient, rest.join(" * "))
}

/// A text that is the same for terms that differ in the order of summands and factors only.
fn key(e: &Expr) -> String {
    match e {
        Expr::Add(_) => {
            let mut keys: Vec<String> = summands(e).iter().map(key).collect();
            keys.sort();
            format!("({})", keys.join(" + "))
        }
        Expr::Mul(_) => {
            let (coefficient, rest) = split(e);
            if rest.is_empty() { coefficient.to_string() } else { format!("{coefficient} * {rest}") }
        }
        Expr::Pow(base, exponent) => format!("({})^({})", key(base), key(exponent)),
        Expr::Sym(s) => symbol_key(s),
        other => tex::plain(other),
    }
}

fn symbol_key(s: &Symbol) -> String {
    s.key().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sym(name: &str) -> Expr {
        Expr::sym(name)
    }

    fn marked(printed: Expr, right: Expr) -> Option<(String, String)> {
        let d = between(&Formula::eq(sym("x"), printed), &Formula::eq(sym("x"), right))?;
        let empty = math::mark("");
        let begin = empty.strip_suffix(" }").expect("a mark ends where it began");
        let plain = |s: &str| s.replace(begin, "[").replace('}', "]");
        Some((plain(&d.printed), plain(&d.right)))
    }

    #[test]
    fn a_factor_is_marked_and_nothing_else() {
        let printed = Expr::sum(vec![Expr::product(vec![Expr::int(2), sym("a")]), sym("b")]);
        let right = Expr::sum(vec![sym("b"), Expr::product(vec![Expr::int(3), sym("a")])]);
        let (p, r) = marked(printed, right).expect("a difference");
        assert_eq!((p.as_str(), r.as_str()), ("x = [ 2] a + b", "x = b + [ 3] a"));
    }

    #[test]
    fn a_sign_is_marked_with_its_term() {
        let printed = Expr::sum(vec![sym("a"), sym("b")]);
        let right = Expr::sum(vec![sym("a"), Expr::product(vec![Expr::int(-1), sym("b")])]);
        let (p, r) = marked(printed, right).expect("a difference");
        assert_eq!((p.as_str(), r.as_str()), ("x = a [ + b]", "x = a [ -b]"));
    }

    #[test]
    fn a_missing_term_is_marked_where_it_is_not_missing() {
        let printed = Expr::sum(vec![sym("a"), sym("b")]);
        let right = Expr::sum(vec![sym("a"), sym("b"), sym("c")]);
        let (p, r) = marked(printed, right).expect("a difference");
        assert_eq!((p.as_str(), r.as_str()), ("x = a + b", "x = a + b + [ c]"));
    }

    #[test]
    fn where_everything_differs_nothing_is_marked() {
        assert_eq!(marked(sym("a"), sym("b")), None);
    }
}
