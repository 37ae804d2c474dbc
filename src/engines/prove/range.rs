//! What linear facts say about the range of each symbol once some symbols have values.
//!
//! Bounds propagation (K. R. Apt, *Principles of Constraint Programming*, 2003, §6.5): every
//! linear fact bounds each of its symbols by the ranges of the others. The ranges are outer
//! bounds, used to draw points that have a chance; whether a point meets the facts is settled by
//! evaluation.

use std::collections::BTreeMap;

use rug::{Integer, Rational};

use super::evaluate::{Point, Value, value};
use crate::expr::{Expr, Relation, Symbol};

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub at: Rational,
    pub open: bool,
}

/// An interval of rationals; `None` is an infinite end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Range {
    pub lower: Option<End>,
    pub upper: Option<End>,
}

/// A relation between two terms, as a part of the facts.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub left: Expr,
    pub relation: Relation,
    pub right: Expr,
}

/// The rounds of propagation: enough for chains of as many symbols as papers compare at once.
const ROUNDS: usize = 6;

impl Range {
    pub fn contains(&self, q: &Rational) -> bool {
        let above = |e: &End| *q > e.at || (*q == e.at && !e.open);
        let below = |e: &End| *q < e.at || (*q == e.at && !e.open);
        self.lower.as_ref().is_none_or(above) && self.upper.as_ref().is_none_or(below)
    }

    pub fn is_empty(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Some(a), Some(b)) => a.at > b.at || (a.at == b.at && (a.open || b.open)),
            _ => false,
        }
    }

    /// The only number in the range, if there is just one.
    pub fn only(&self) -> Option<&Rational> {
        match (&self.lower, &self.upper) {
            (Some(a), Some(b)) if a == b && !a.open => Some(&a.at),
            _ => None,
        }
    }

    /// The rational in the range that is highest in the Stern–Brocot tree (zero above all, the
    /// negative numbers mirrored); `None` if the range is empty.
    pub fn simplest(&self) -> Option<Rational> {
        if self.is_empty() {
            return None;
        }
        if self.contains(&Rational::new()) {
            return Some(Rational::new());
        }
        match &self.lower {
            Some(a) if a.at >= 0 => Some(simplest_positive(a, self.upper.as_ref())),
            _ => {
                let upper = self.upper.as_ref().expect("a range without zero lies on one side of it");
                let mirrored = |e: &End| End { at: -e.at.clone(), open: e.open };
                let lower = self.lower.as_ref().map(mirrored);
                Some(-simplest_positive(&mirrored(upper), lower.as_ref()))
            }
        }
    }

    /// Raises the lower end to `end`, if that is tighter; whether it was.
    fn raise(&mut self, end: End) -> bool {
        let tighter = match &self.lower {
            None => true,
            Some(old) => end.at > old.at || (end.at == old.at && end.open && !old.open),
        };
        if tighter {
            self.lower = Some(end);
        }
        tighter
    }

    /// Lowers the upper end to `end`, if that is tighter; whether it was.
    fn lower_to(&mut self, end: End) -> bool {
        let tighter = match &self.upper {
            None => true,
            Some(old) => end.at < old.at || (end.at == old.at && end.open && !old.open),
        };
        if tighter {
            self.upper = Some(end);
        }
        tighter
    }
}

/// The simplest rational between `a >= 0` and `b`, by continued fractions.
fn simplest_positive(a: &End, b: Option<&End>) -> Rational {
    let floor: Integer = a.at.floor_ref().into();
    let first =
        if a.at.is_integer() && !a.open { Rational::from(&floor) } else { Rational::from(&floor + 1u32) };
    let fits = |b: &End| first < b.at || (first == b.at && !b.open);
    let Some(b) = b.filter(|b| !fits(b)) else {
        return first;
    };
    let lower = End { at: (b.at.clone() - &floor).recip(), open: b.open };
    let rest = a.at.clone() - &floor;
    let upper = (rest != 0).then(|| End { at: rest.recip(), open: a.open });
    Rational::from(floor) + simplest_positive(&lower, upper.as_ref()).recip()
}

/// `constant + Σ coefficient · symbol`
#[derive(Clone, Debug, Default)]
struct Linear {
    constant: Rational,
    coefficients: BTreeMap<Symbol, Rational>,
}

impl Linear {
    fn scale(&mut self, by: &Rational) {
        self.constant *= by;
        self.coefficients.values_mut().for_each(|c| *c *= by);
        self.coefficients.retain(|_, c| *c != 0);
    }

    fn add(&mut self, other: Linear) {
        self.constant += other.constant;
        for (s, c) in other.coefficients {
            *self.coefficients.entry(s).or_default() += c;
        }
        self.coefficients.retain(|_, c| *c != 0);
    }
}

/// The term as a linear one in the symbols without a value in `known`; `None` if it is not, or
/// if its coefficients are not rational.
fn linear(e: &Expr, known: &Point) -> Option<Linear> {
    match e {
        Expr::Num(q) => Some(Linear { constant: q.clone(), ..Linear::default() }),
        Expr::Sym(s) => Some(match known.get(s) {
            Some(q) => Linear { constant: q.clone(), ..Linear::default() },
            None => Linear { coefficients: [(s.clone(), Rational::from(1))].into(), ..Linear::default() },
        }),
        Expr::Add(xs) => xs.iter().try_fold(Linear::default(), |mut sum, x| {
            sum.add(linear(x, known)?);
            Some(sum)
        }),
        Expr::Mul(xs) => {
            let one = Linear { constant: Rational::from(1), ..Linear::default() };
            xs.iter().try_fold(one, |mut product, x| {
                if let Expr::Num(q) = x {
                    product.scale(q);
                    return Some(product);
                }
                let mut factor = linear(x, known)?;
                if factor.coefficients.is_empty() {
                    product.scale(&factor.constant);
                    return Some(product);
                }
                if !product.coefficients.is_empty() {
                    return None;
                }
                factor.scale(&product.constant);
                Some(factor)
            })
        }
        _ => match value(e, known, 64) {
            Value::Exact(q) => Some(Linear { constant: q, ..Linear::default() }),
            _ => None,
        },
    }
}

/// Outer ranges of the symbols that have no value in `known`, by the atoms that are linear in
/// them; symbols that are not listed are unbounded. `None` if some range is empty, or if an
/// atom without unknowns fails.
pub(super) fn ranges(atoms: &[Atom], known: &Point) -> Option<BTreeMap<Symbol, Range>> {
    let mut forms = vec![];
    for a in atoms {
        let (Some(mut difference), Some(mut right)) = (linear(&a.left, known), linear(&a.right, known))
        else {
            continue;
        };
        right.scale(&Rational::from(-1));
        difference.add(right);
        if difference.coefficients.is_empty() {
            if !a.relation.holds(difference.constant.cmp0()) {
                return None;
            }
        } else if a.relation != Relation::Ne {
            forms.push((difference, a.relation));
        }
    }
    let mut out = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut narrowed = false;
        for (form, relation) in &forms {
            for x in form.coefficients.keys() {
                narrowed |= narrow(form, *relation, x, &mut out);
                if out.get(x).is_some_and(Range::is_empty) {
                    return None;
                }
            }
        }
        if !narrowed {
            break;
        }
    }
    Some(out)
}

/// Narrows the range of `x` by `form R 0` and the ranges of the other symbols in it; whether it
/// became narrower.
fn narrow(form: &Linear, relation: Relation, x: &Symbol, ranges: &mut BTreeMap<Symbol, Range>) -> bool {
    let coefficient = &form.coefficients[x];
    let upper = matches!(relation, Relation::Lt | Relation::Le | Relation::Eq);
    let lower = matches!(relation, Relation::Gt | Relation::Ge | Relation::Eq);
    let strict = matches!(relation, Relation::Lt | Relation::Gt);
    let mut narrowed = false;
    // form <= 0 bounds c x from above by minus the least that the rest can be.
    for (applies, least) in [(upper, true), (lower, false)] {
        if !applies {
            continue;
        }
        let Some(rest) = extreme_of_rest(form, x, least, ranges) else {
            continue;
        };
        let end = End { at: -rest.at / coefficient, open: rest.open || strict };
        let range = ranges.entry(x.clone()).or_default();
        narrowed |= if (*coefficient > 0) == least { range.lower_to(end) } else { range.raise(end) };
    }
    narrowed
}

/// The least (or greatest) value of the form without its `x` part; `None` if unbounded.
fn extreme_of_rest(form: &Linear, x: &Symbol, least: bool, ranges: &BTreeMap<Symbol, Range>) -> Option<End> {
    let mut sum = End { at: form.constant.clone(), open: false };
    for (s, c) in form.coefficients.iter().filter(|(s, _)| *s != x) {
        let range = ranges.get(s)?;
        let end = if (*c > 0) == least { range.lower.as_ref()? } else { range.upper.as_ref()? };
        sum.at += Rational::from(c * &end.at);
        sum.open |= end.open;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64, d: i64) -> Rational {
        Rational::from((n, d))
    }
    fn range(lower: Option<(Rational, bool)>, upper: Option<(Rational, bool)>) -> Range {
        let end = |(at, open)| End { at, open };
        Range { lower: lower.map(end), upper: upper.map(end) }
    }
    fn atom(left: Expr, relation: Relation, right: Expr) -> Atom {
        Atom { left, relation, right }
    }

    #[test]
    fn the_simplest_number_of_a_range_respects_its_open_ends() {
        let simplest = |a, ao, b, bo| range(Some((a, ao)), Some((b, bo))).simplest();
        assert_eq!(simplest(q(1, 7), true, q(1, 6), true), Some(q(2, 13)));
        assert_eq!(simplest(q(1, 7), false, q(1, 6), true), Some(q(1, 7)));
        assert_eq!(simplest(q(0, 1), true, q(1, 1), true), Some(q(1, 2)));
        assert_eq!(simplest(q(1, 1), true, q(2, 1), true), Some(q(3, 2)));
        assert_eq!(simplest(q(-1, 1), true, q(0, 1), true), Some(q(-1, 2)));
        assert_eq!(simplest(q(-5, 1), true, q(2, 1), true), Some(q(0, 1)));
        assert_eq!(range(Some((q(5, 2), true)), None).simplest(), Some(q(3, 1)));
        assert_eq!(range(None, Some((q(-5, 2), true))).simplest(), Some(q(-3, 1)));
        assert_eq!(simplest(q(1, 1), true, q(1, 1), false), None);
    }

    #[test]
    fn a_chain_of_inequalities_bounds_every_symbol_in_it() {
        let [a, b, c] = ["a", "b", "c"].map(Expr::sym);
        let atoms = [
            atom(a.clone(), Relation::Gt, Expr::int(0)),
            atom(a, Relation::Lt, b.clone()),
            atom(b, Relation::Le, c.clone()),
            atom(c, Relation::Le, Expr::int(1)),
        ];
        let out = ranges(&atoms, &Point::new()).expect("satisfiable");
        let unit = |lower_open, upper_open| range(Some((q(0, 1), lower_open)), Some((q(1, 1), upper_open)));
        assert_eq!(out[&Symbol::new("a")], unit(true, true));
        assert_eq!(out[&Symbol::new("b")], unit(true, false));
        assert_eq!(out[&Symbol::new("c")], unit(true, false));
    }

    #[test]
    fn an_equation_fixes_its_last_symbol_and_products_become_linear() {
        let [a, b] = ["a", "b"].map(Expr::sym);
        let atoms = [atom(a.clone() * b.clone(), Relation::Eq, Expr::int(6) - b)];
        assert!(ranges(&atoms, &Point::new()).expect("nothing known").is_empty());
        let known = Point::from([(Symbol::new("a"), q(2, 1))]);
        let out = ranges(&atoms, &known).expect("solvable");
        assert_eq!(out[&Symbol::new("b")].only(), Some(&q(2, 1)));
    }

    #[test]
    fn facts_that_exclude_each_other_leave_no_range() {
        let a = Expr::sym("a");
        let atoms = [
            atom(a.clone(), Relation::Gt, Expr::int(1)),
            atom(a.clone() * Expr::int(-2), Relation::Ge, Expr::int(-2)),
        ];
        assert!(ranges(&atoms, &Point::new()).is_none());
    }
}
