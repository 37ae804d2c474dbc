//! Bargaining over several symbols at exact parameters: what is proved to belong at an end of its
//! range leaves one symbol less.
//!
//! If nobody's payoff ever falls when one symbol moves towards an end of its range, and the agreement
//! stays a possible one on the way, then every agreement is matched or beaten by one at that end. The
//! payoffs that can be reached, apart from those that others dominate, are those at the end, so that
//! every solution may be looked for there; it lies nowhere else where somebody's payoff rises.

use rug::Rational;

use crate::expr::derive::derivative;
use crate::expr::fold::{fold, fold_formula, is_polynomial};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Judge;
use crate::prove::evaluate::{Point, Truth, truth};

/// Precision up to which relations between numbers are decided.
const BITS: u32 = 1024;

/// A bargaining problem, every parameter a number.
pub(super) struct Agreement<'a> {
    /// What is bargained over and not yet known to be at an end.
    pub free: Vec<Symbol>,
    /// What is, and where, in terms of what is free.
    pub fixed: Vec<(Symbol, Expr)>,
    /// Which agreements can be made.
    pub known: Vec<Formula>,
    pub payoffs: Vec<Expr>,
    pub disagreement: Vec<Rational>,
    pub performance: Option<Expr>,
    pub reported: Vec<(Symbol, Expr)>,
    /// What is known of agreements that are not at the ends.
    pub elsewhere: Elsewhere,
    pub judge: &'a dyn Judge,
}

/// What was proved of the agreements at which some symbol is not at its end.
#[derive(Clone, Copy)]
pub(super) struct Elsewhere {
    /// Where all gain, the product of the gains is larger at the end.
    pub nash_is_lower: bool,
    /// Everybody's payoff is larger at the end.
    pub all_are_lower: bool,
    /// Somebody's payoff is larger at the end, and nobody's smaller.
    pub someone_is_lower: bool,
    /// The performance is not larger than at the end.
    pub performance_is_no_higher: bool,
    /// The performance is smaller than at the end.
    pub performance_is_lower: bool,
}

/// The ends of a range, each with whether it belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub lower: Option<(Rational, bool)>,
    pub upper: Option<(Rational, bool)>,
}

impl Agreement<'_> {
    /// Moves symbols to ends of their ranges, as long as that is proved to lose nothing and more than
    /// one is left.
    pub fn reduce(&mut self) {
        while self.free.len() > 1 {
            let free = self.free.clone();
            let put = free.iter().any(|x| self.fix_by_equation(x))
                || free.iter().any(|x| self.fix(x, Relation::Le) || self.fix(x, Relation::Ge));
            if !put {
                return;
            }
        }
    }

    /// Puts in what an equation says of a symbol.
    fn fix_by_equation(&mut self, x: &Symbol) -> bool {
        let found = self.known.iter().find_map(|f| bound(f, x).filter(|(r, _)| *r == Relation::Eq));
        found.map(|(_, value)| self.put(x, &value)).is_some()
    }

    /// Moves a symbol to an end that bounds it from above (`Le`) or from below (`Ge`).
    fn fix(&mut self, x: &Symbol, side: Relation) -> bool {
        let weakly = side.mirrored();
        let strictly = if side == Relation::Le { Relation::Gt } else { Relation::Lt };
        let Some(slopes) = self.payoffs.iter().map(|p| slope(p, x)).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let ends = self.known.iter().filter_map(|f| bound(f, x)).filter(|(r, _)| *r == side);
        let mut kept =
            ends.map(|(_, end)| end).filter(|end| self.known.iter().all(|f| self.is_kept(f, x, end)));
        let Some(end) = kept.next() else { return false };
        if !slopes.iter().all(|d| self.proves(&[], d, weakly)) {
            return false;
        }
        let all_gain: Vec<Formula> = self.payoffs.iter().zip(&self.disagreement).map(gain).collect();
        let total = fold(&Expr::Add(slopes.clone()));
        let performance = |relation| {
            let slope = self.performance.as_ref().map(|p| slope(p, x));
            slope.is_none_or(|d| d.is_some_and(|d| self.proves(&[], &d, relation)))
        };
        let here = Elsewhere {
            nash_is_lower: self.proves(&all_gain, &total, strictly),
            all_are_lower: slopes.iter().all(|d| self.proves(&[], d, strictly)),
            someone_is_lower: self.proves(&[], &total, strictly),
            performance_is_no_higher: performance(weakly),
            performance_is_lower: performance(strictly),
        };
        self.elsewhere = self.elsewhere.and(here);
        self.put(x, &end);
        true
    }

    /// Whether a condition on agreements still holds when `x` moves to the end: it does at the end,
    /// and, being linear in `x`, on the way.
    fn is_kept(&self, f: &Formula, x: &Symbol, end: &Expr) -> bool {
        if !f.free().contains(x) {
            return true;
        }
        let linear = matches!(f, Formula::Rel(a, r, b) if *r != Relation::Ne
            && slope(&(a.clone() - b.clone()), x).is_some_and(|d| !d.mentions(x)));
        linear && self.judge.proves(&self.known, &f.substitute(x, end))
    }

    fn proves(&self, more: &[Formula], d: &Expr, relation: Relation) -> bool {
        let facts = [self.known.as_slice(), more].concat();
        self.judge.proves(&facts, &Formula::Rel(d.clone(), relation, Expr::int(0)))
    }

    fn put(&mut self, x: &Symbol, value: &Expr) {
        self.free.retain(|s| s != x);
        let at = |e: &Expr| fold(&e.substitute(x, value));
        self.payoffs.iter_mut().chain(&mut self.performance).for_each(|e| *e = at(e));
        self.reported.iter_mut().chain(&mut self.fixed).for_each(|(_, e)| *e = at(e));
        let left = self.free.clone();
        let put = |f: &Formula| fold_formula(&without_idle(&f.substitute(x, value), &left));
        self.known.iter_mut().for_each(|f| *f = put(f));
        self.known.retain(|f| *f != Formula::True);
        self.fixed.push((x.clone(), value.clone()));
    }

    /// The ends of the range of one symbol, by the conditions on it alone; `None` if one of these is
    /// not linear.
    pub fn ends(&self, x: &Symbol) -> Option<Ends> {
        let mut ends = Ends::default();
        for f in &self.known {
            let free = f.free();
            if !free.contains(x) || free.len() > 1 {
                continue;
            }
            let Some((relation, Expr::Num(at))) = bound(f, x) else { return None };
            match relation {
                Relation::Ge | Relation::Gt => ends.raise(at, relation == Relation::Ge),
                Relation::Le | Relation::Lt => ends.lower(at, relation == Relation::Le),
                Relation::Eq | Relation::Ne => return None,
            }
        }
        Some(ends)
    }

    /// Whether the conditions without symbols hold: `None` if that could not be told.
    pub fn is_possible(&self) -> Option<bool> {
        let closed = self.known.iter().filter(|f| f.free().is_empty());
        closed.map(|f| truth(&f.unchained(), &Point::new(), BITS)).try_fold(true, |all, t| match t {
            Truth::True => Some(all),
            Truth::False => Some(false),
            _ => None,
        })
    }
}

impl Elsewhere {
    /// Before any symbol was moved there is nothing else.
    pub const NOTHING: Elsewhere = Elsewhere {
        nash_is_lower: true,
        all_are_lower: true,
        someone_is_lower: true,
        performance_is_no_higher: true,
        performance_is_lower: true,
    };

    fn and(self, other: Elsewhere) -> Elsewhere {
        Elsewhere {
            nash_is_lower: self.nash_is_lower && other.nash_is_lower,
            all_are_lower: self.all_are_lower && other.all_are_lower,
            someone_is_lower: self.someone_is_lower && other.someone_is_lower,
            performance_is_no_higher: self.performance_is_no_higher && other.performance_is_no_higher,
            performance_is_lower: self.performance_is_lower && other.performance_is_lower,
        }
    }
}

impl Ends {
    fn raise(&mut self, at: Rational, closed: bool) {
        let tighter = |(old, was_closed): &(Rational, bool)| at > *old || at == *old && *was_closed;
        if self.lower.as_ref().is_none_or(tighter) {
            self.lower = Some((at, closed));
        }
    }

    fn lower(&mut self, at: Rational, closed: bool) {
        let tighter = |(old, was_closed): &(Rational, bool)| at < *old || at == *old && *was_closed;
        if self.upper.as_ref().is_none_or(tighter) {
            self.upper = Some((at, closed));
        }
    }
}

/// The bound on `x` that a condition is which is linear in it with a number before it.
fn bound(f: &Formula, x: &Symbol) -> Option<(Relation, Expr)> {
    let Formula::Rel(a, relation, b) = f else { return None };
    let difference = a.clone() - b.clone();
    let Expr::Num(slope) = slope(&difference, x)? else { return None };
    if slope == 0 {
        return None;
    }
    let relation = if slope < 0 { relation.mirrored() } else { *relation };
    let scale = |e: &Expr| e.clone() * Expr::Num(-slope.clone().recip());
    let at = match fold(&difference.substitute(x, &Expr::int(0))) {
        Expr::Add(parts) => Expr::Add(parts.iter().map(scale).collect()),
        one => scale(&one),
    };
    Some((relation, fold(&at)))
}

/// A polynomial condition without the symbols that it does not depend on.
fn without_idle(f: &Formula, symbols: &[Symbol]) -> Formula {
    let Formula::Rel(a, relation, b) = f else { return f.clone() };
    let mut difference = fold(&(a.clone() - b.clone()));
    if !is_polynomial(&difference) {
        return f.clone();
    }
    let mut idle = false;
    for x in symbols {
        if difference.mentions(x) && slope(&difference, x).is_some_and(|d| d.is_zero()) {
            difference = fold(&difference.substitute(x, &Expr::int(0)));
            idle = true;
        }
    }
    if idle { Formula::Rel(difference, *relation, Expr::int(0)) } else { f.clone() }
}

fn gain((payoff, outside): (&Expr, &Rational)) -> Formula {
    Formula::Rel(payoff.clone(), Relation::Gt, Expr::Num(outside.clone()))
}

/// The slope of a term that has one wherever it is written: of sums, products and constant powers.
fn slope(e: &Expr, x: &Symbol) -> Option<Expr> {
    is_smooth(e).then(|| derivative(e, x).map(|d| fold(&d))).flatten()
}

fn is_smooth(e: &Expr) -> bool {
    match e {
        Expr::Num(_) | Expr::Sym(_) => true,
        Expr::Add(xs) | Expr::Mul(xs) => xs.iter().all(is_smooth),
        Expr::Pow(b, p) => is_smooth(b) && matches!(**p, Expr::Num(_)),
        _ => false,
    }
}

#[cfg(test)]
#[path = "agreement_tests.rs"]
mod agreement_tests;
