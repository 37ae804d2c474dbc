//! What a formula is on a whole box: true at each of its points, false at each, or not decided.
//!
//! Every relation is looked at by three enclosures of the difference of its sides: the natural
//! interval extension; with every symbol in which the difference is monotone on the box set to
//! one end; and the mean value form (R. E. Moore, *Interval Analysis*, 1966, chapter 4;
//! A. Neumaier, *Interval Methods for Systems of Equations*, 1990, §2.3).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::Rational;

use super::evaluate::{Evaluator, Source};
use super::truth::{Atoms, Truth, kleene};
use super::value::{Possible, Value};
use crate::ball::Ball;
use crate::expr::derive::derivative;
use crate::expr::{Expr, Formula, Relation, Symbol};

/// The sides of a box.
pub(super) type Sides = BTreeMap<Symbol, Ball>;

/// The derivatives of a term by its symbols; those that have no term are left out.
type Gradient = Rc<BTreeMap<Symbol, Expr>>;

/// Judges one formula on many boxes.
pub(super) struct Judge {
    bits: u32,
    gradients: RefCell<BTreeMap<Expr, Gradient>>,
}

impl Judge {
    pub fn new(bits: u32) -> Self {
        Judge { bits, gradients: RefCell::new(BTreeMap::new()) }
    }

    /// The truth value of `f` that is the same at all points of the box; `Unknown` if it is not
    /// seen to be the same.
    pub fn truth(&self, f: &Formula, sides: &Sides) -> Truth {
        kleene(f, &OnBox { judge: self, sides })
    }

    fn evaluator<'a>(&self, sides: &'a Sides) -> Evaluator<'a> {
        Evaluator::new(Source::Box(sides), self.bits)
    }

    fn enclosure(&self, e: &Expr, sides: &Sides) -> Option<Ball> {
        self.evaluator(sides).term(e).ball(self.bits)
    }

    fn relation(&self, a: &Expr, r: Relation, b: &Expr, sides: &Sides) -> Truth {
        match self.evaluator(sides).relation(a, r, b) {
            Truth::Unknown => self.by_difference(a, r, b, sides).unwrap_or(Truth::Unknown),
            decided => decided,
        }
    }

    /// `None` where the difference is not certainly defined on the whole box or not bounded well
    /// enough.
    fn by_difference(&self, a: &Expr, r: Relation, b: &Expr, sides: &Sides) -> Option<Truth> {
        let difference = a.clone() - b.clone();
        let natural = self.enclosure(&difference, sides)?;
        let slopes = self.slopes(&difference, sides);
        let least = self.towards(&difference, sides, &slopes, true);
        let greatest = self.towards(&difference, sides, &slopes, false);
        let below = natural.lower_end().max(&least.unwrap_or(natural.clone()).lower_end());
        let above = natural.upper_end().min(&greatest.unwrap_or(natural).upper_end());
        // Bounds of one range are in order; were they not, nothing would follow from them.
        if below.lo() > above.hi() {
            return None;
        }
        let difference = Value::Enclosed(below.hull(&above));
        Possible::of(&difference, &Value::Exact(Rational::new())).decide(r)
    }

    /// Enclosures over the box of the derivatives by the symbols that vary on it, where the
    /// derivative exists on the whole box and the term is continuous.
    fn slopes(&self, e: &Expr, sides: &Sides) -> Sides {
        if has_cases(e) {
            return Sides::new();
        }
        let gradient = self.gradient(e);
        let varying = sides.iter().filter(|(_, b)| !b.is_point());
        varying.filter_map(|(s, _)| Some((s.clone(), self.enclosure(gradient.get(s)?, sides)?))).collect()
    }

    fn gradient(&self, e: &Expr) -> Gradient {
        if let Some(known) = self.gradients.borrow().get(e) {
            return Rc::clone(known);
        }
        let parts = e.free().into_iter().filter_map(|s| Some((s.clone(), derivative(e, &s)?)));
        let gradient: Gradient = Rc::new(parts.collect());
        self.gradients.borrow_mut().insert(e.clone(), Rc::clone(&gradient));
        gradient
    }

    /// An enclosure of a face of the box on which the term takes its least (or greatest) value:
    /// every symbol in which it is monotone is set to one end, again and again, for on a face
    /// the term may be monotone in more of them.
    fn towards(&self, e: &Expr, sides: &Sides, slopes: &Sides, least: bool) -> Option<Ball> {
        let mut face = sides.clone();
        let mut slopes = slopes.clone();
        loop {
            let mut moved = false;
            for (s, slope) in &slopes {
                let rising = *slope.lo() >= 0;
                if rising || *slope.hi() <= 0 {
                    let side = &face[s];
                    let end = if rising == least { side.lower_end() } else { side.upper_end() };
                    face.insert(s.clone(), end);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
            slopes = self.slopes(e, &face);
        }
        let natural = self.enclosure(e, &face)?;
        let sharper = self.mean_value(e, &face, &slopes).and_then(|m| m.intersect(&natural));
        Some(sharper.unwrap_or(natural))
    }

    /// `e(c) + Σ e_i(box) (x_i - c_i)` with the midpoint `c`.
    fn mean_value(&self, e: &Expr, sides: &Sides, slopes: &Sides) -> Option<Ball> {
        let mut centre = sides.clone();
        let mut spread: Option<Ball> = None;
        let free = e.free();
        for (s, side) in sides.iter().filter(|(s, b)| !b.is_point() && free.contains(*s)) {
            let middle = Ball::from_rational(&side.midpoint()?, self.bits).ok()?;
            let part = slopes.get(s)?.mul(&side.sub(&middle).ok()?).ok()?;
            spread = Some(match spread {
                None => part,
                Some(sum) => sum.add(&part).ok()?,
            });
            centre.insert(s.clone(), middle);
        }
        self.enclosure(e, &centre)?.add(&spread?).ok()
    }
}

/// A judge and the box that it looks at.
struct OnBox<'j> {
    judge: &'j Judge,
    sides: &'j Sides,
}

impl Atoms for OnBox<'_> {
    fn relation(&self, a: &Expr, r: Relation, b: &Expr) -> Truth {
        self.judge.relation(a, r, b, self.sides)
    }
    fn value(&self, e: &Expr) -> Value {
        self.judge.evaluator(self.sides).term(e)
    }
}

/// Case distinctions may jump: derivatives say nothing across their borders.
fn has_cases(e: &Expr) -> bool {
    matches!(e, Expr::Cases(_)) || e.children().into_iter().any(has_cases)
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::expr::{Case, Function};
    use crate::prove::evaluate::truth;

    type Side<'a> = (&'a str, (i64, i64), (i64, i64));

    fn sides(of: &[Side<'_>]) -> Sides {
        of.iter()
            .map(|(s, a, b)| {
                let b = Ball::from_ends(&Rational::from(*a), &Rational::from(*b), 64);
                (Symbol::new(s), b.expect("in order"))
            })
            .collect()
    }
    fn x() -> Expr {
        Expr::sym("x")
    }

    #[test]
    fn a_monotone_difference_is_decided_at_the_ends_even_where_it_vanishes() {
        // x^2 >= x on [1, 2], with equality at 1; x^2 - x itself ranges over [-1, 3] naturally.
        let f = Formula::Rel(Expr::pow(x(), Expr::int(2)), Relation::Ge, x());
        let judge = Judge::new(64);
        assert_eq!(judge.truth(&f, &sides(&[("x", (1, 1), (2, 1))])), Truth::True);
        assert_eq!(judge.truth(&f, &sides(&[("x", (9, 10), (2, 1))])), Truth::Unknown);
        assert_eq!(judge.truth(&f, &sides(&[("x", (1, 4), (3, 4))])), Truth::False);
    }

    #[test]
    fn a_jump_between_cases_is_not_bridged_by_derivatives() {
        // Falling by 1 for every 1, but ten higher between 1 and 2.
        let below = |v: i64| Some(Formula::Rel(x(), Relation::Lt, Expr::int(v)));
        let jump = Expr::Cases(vec![
            Case { value: -x(), condition: below(1) },
            Case { value: Expr::int(10) - x(), condition: below(2) },
            Case { value: -x(), condition: None },
        ]);
        let f = Formula::Rel(jump, Relation::Le, Expr::int(1));
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (0, 1), (3, 1))])), Truth::Unknown);
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (1, 1), (3, 2))])), Truth::False);
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (0, 1), (1, 2))])), Truth::True);
    }

    #[test]
    fn a_box_is_never_judged_otherwise_than_its_points() {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let (mut decided, judge) = (0, Judge::new(64));
        for _ in 0..4000 {
            let f = Formula::Rel(term(&mut rng, 3), Relation::Ge, term(&mut rng, 2));
            let mut side = || {
                let lo = Rational::from((rng.random_range(-8..9), rng.random_range(1..5)));
                let width = Rational::from((rng.random_range(0..4), rng.random_range(1..9)));
                (lo.clone(), lo + width)
            };
            let (a, b) = (side(), side());
            let ball = |s: &(Rational, Rational)| Ball::from_ends(&s.0, &s.1, 64).expect("in order");
            let of_box = Sides::from([(Symbol::new("x"), ball(&a)), (Symbol::new("y"), ball(&b))]);
            let truth_of_box = judge.truth(&f, &of_box);
            if truth_of_box == Truth::Unknown {
                continue;
            }
            decided += 1;
            for (i, j) in [(0, 0), (0, 4), (4, 0), (4, 4), (1, 2), (2, 3), (3, 1), (2, 2)] {
                let inside = |s: &(Rational, Rational), i: i32| {
                    s.0.clone() + Rational::from(&s.1 - &s.0) * Rational::from((i, 4))
                };
                let at =
                    BTreeMap::from([(Symbol::new("x"), inside(&a, i)), (Symbol::new("y"), inside(&b, j))]);
                let of_point = truth(&f, &at, 256);
                assert!(
                    of_point == truth_of_box || of_point == Truth::Unknown,
                    "{f:?} on {of_box:?} at {at:?}"
                );
            }
        }
        assert!(decided > 1500, "{decided}");
    }

    fn term(rng: &mut ChaCha8Rng, depth: u32) -> Expr {
        if depth == 0 {
            return match rng.random_range(0..3) {
                0 => x(),
                1 => Expr::sym("y"),
                _ => Expr::ratio(rng.random_range(-3..4), rng.random_range(1..3)),
            };
        }
        let (a, b) = (term(rng, depth - 1), term(rng, depth - 1));
        match rng.random_range(0..9) {
            0 | 1 => a + b,
            2 => a - b,
            3 | 4 => a * b,
            5 => a / b,
            6 => Expr::pow(a, Expr::ratio(rng.random_range(1..6), 2)),
            7 => Expr::pow(a, b),
            _ => Expr::Fun(Function::Max, vec![a, b]),
        }
    }

    #[test]
    fn a_pole_inside_the_box_leaves_the_formula_undecided() {
        let f = Formula::Rel(Expr::recip(x()), Relation::Ne, Expr::int(0));
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (-1, 1), (1, 1))])), Truth::Unknown);
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (1, 1), (2, 1))])), Truth::True);
    }

    #[test]
    fn negation_turns_no_pole_into_truth() {
        let f = !Formula::Rel(Expr::recip(x()), Relation::Eq, Expr::int(0));
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (-1, 1), (1, 1))])), Truth::Unknown);
        assert_eq!(Judge::new(64).truth(&f, &sides(&[("x", (0, 1), (0, 1))])), Truth::Undefined);
    }
}
