//! Whether a statement fails on a set with interior, or only at a border or a single point.
//!
//! A strict inequality between continuous terms that holds at a point holds around it. So the
//! failure of a statement is looked for with `>=` read as `>`; an inequality whose sides are
//! equal everywhere stays as it is. Where the sides are equal on a part of the space only, as
//! those of `|x| >= x` are, this misses a part of the interior: what was found to fail is then
//! tried a little beside as well.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

use super::evaluate::Point;
use super::identity::{self, Identity};
use super::negation::negation_normal;
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Relation, defined};

/// The distances at which points beside a point are tried, as fractions.
const DISTANCES: [(i64, i64); 5] = [(10, 1), (1, 1), (1, 10), (1, 1_000), (1, 1_000_000)];

/// Points tried at each distance.
const BESIDE: usize = 10;

/// A prime: the points beside meet no equation with small coefficients by accident.
const DENOMINATOR: i64 = 10_007;

/// Where the hypotheses hold strictly and the statement is defined and fails strictly.
pub(super) fn violation(hypotheses: &[Formula], statement: &Formula) -> Option<Formula> {
    let strict: Vec<Formula> = hypotheses.iter().map(of).collect();
    Some(fold_formula(&Formula::and([strict, vec![failure(hypotheses, statement)?]].concat())))
}

/// Where the statement is defined and fails strictly, so that it fails all around as well.
pub(super) fn failure(hypotheses: &[Formula], statement: &Formula) -> Option<Formula> {
    let condition = defined::formula_condition(statement)?;
    let denial = negation_normal(&!statement.clone());
    let strict = strictly(&denial, Equations::Dropped, hypotheses);
    Some(fold_formula(&Formula::and(vec![condition, strict])))
}

/// The interior of the set that a hypothesis describes. Equations are kept: what they cut out of
/// a set with interior is the caller's concern.
pub(super) fn of(hypothesis: &Formula) -> Formula {
    strictly(&negation_normal(hypothesis), Equations::Kept, &[])
}

/// Rational points at several distances from `at`, whose coordinates are unrelated.
pub(super) fn nudged(at: &Point, seed: u64) -> Vec<Point> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut beside = |distance: (i64, i64)| -> Point {
        at.iter()
            .map(|(s, v)| {
                let by = Rational::from((rng.random_range(-DENOMINATOR..=DENOMINATOR), DENOMINATOR));
                (s.clone(), v.clone() + by * Rational::from(distance))
            })
            .collect()
    };
    DISTANCES.iter().flat_map(|d| (0..BESIDE).map(|_| *d)).map(&mut beside).collect()
}

/// Whether a formula cuts out a set without interior, judged by its shape: an equation of terms
/// that are not the same term. Terms that agree on a part of the space only are not told apart
/// from others here; see [`nudged`].
pub(super) fn is_thin(f: &Formula) -> bool {
    match f {
        Formula::False => true,
        Formula::Rel(a, Relation::Eq, b) => !same(a, b, &[]),
        Formula::And(ps) => ps.iter().any(is_thin),
        Formula::Or(ps) => ps.iter().all(is_thin),
        _ => false,
    }
}

/// What becomes of an equation that does not hold everywhere.
#[derive(Clone, Copy)]
enum Equations {
    Kept,
    Dropped,
}

/// A formula in negation normal form with `>=` as `>`, but for sides that are the same term.
fn strictly(f: &Formula, equations: Equations, facts: &[Formula]) -> Formula {
    match f {
        Formula::Rel(a, r, b) => match (r, equations) {
            (Relation::Lt | Relation::Gt | Relation::Ne, _) | (Relation::Eq, Equations::Kept) => f.clone(),
            _ if same(a, b, facts) => f.clone(),
            (Relation::Eq, Equations::Dropped) => Formula::False,
            (Relation::Le, _) => Formula::Rel(a.clone(), Relation::Lt, b.clone()),
            (Relation::Ge, _) => Formula::Rel(a.clone(), Relation::Gt, b.clone()),
        },
        Formula::And(ps) => Formula::and(ps.iter().map(|p| strictly(p, equations, facts)).collect()),
        Formula::Or(ps) => Formula::or(ps.iter().map(|p| strictly(p, equations, facts)).collect()),
        other => other.clone(),
    }
}

/// Whether two terms are equal where the facts hold, but for borders.
fn same(a: &Expr, b: &Expr, facts: &[Formula]) -> bool {
    matches!(identity::equal(a, b, facts), Identity::Proved(_) | Identity::ProvedExcept { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prove::{Engines, Judge as _, Judgement};

    fn fails_open(hypotheses: &[Formula], statement: &Formula) -> bool {
        matches!(Engines::default().judge(hypotheses, statement), Judgement::Fails { open: true, .. })
    }

    #[test]
    fn a_strict_inequality_between_equal_terms_fails_on_an_open_set() {
        let (x, m) = (Expr::sym("x"), Expr::sym("m"));
        let positive = Formula::rel(x.clone(), Relation::Gt, Expr::int(0));
        let product = x.clone() * Expr::pow(x.clone(), m.clone());
        let power = Expr::pow(x, m + Expr::int(1));
        assert!(fails_open(&[positive], &Formula::rel(product, Relation::Lt, power)));
    }

    #[test]
    fn an_exception_is_a_border_or_a_place_where_nothing_is_defined() {
        let (y, k) = (Expr::sym("y"), Expr::sym("k"));
        let given = [
            Formula::rel(y.clone(), Relation::Le, Expr::int(1)),
            Formula::rel(k.clone(), Relation::Ge, Expr::int(2)),
        ];
        let statement = Formula::rel(Expr::pow(y, k), Relation::Lt, Expr::int(1));
        // It fails at 1 and is undefined below 0; that it holds at 0 is not worth saying.
        let judged = Engines::default().judge(&given, &statement);
        assert!(matches!(judged, Judgement::Fails { .. }), "{judged:?}");
    }

    #[test]
    fn a_failure_where_two_absolute_values_agree_is_open() {
        let x = Expr::sym("x");
        let abs = Expr::Fun(crate::expr::Function::Abs, vec![x.clone()]);
        assert!(fails_open(&[], &Formula::rel(abs.clone(), Relation::Gt, x.clone())));
        let weak = Formula::rel(abs, Relation::Ge, x.clone());
        assert!(fails_open(&[weak], &Formula::rel(x, Relation::Lt, Expr::int(0))));
    }
}
