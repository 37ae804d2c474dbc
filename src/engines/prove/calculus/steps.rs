//! The steps of a proof: what each leaves to be proved.
//!
//! | step | why it is sound |
//! | --- | --- |
//! | `Conjunction` | all parts hold |
//! | `Stronger` | a relation that implies the one asked for |
//! | `Put` | a hypothesis says what the symbol is |
//! | `Split` | a number lies below, at or above another |
//! | `Monotone` | see below |
//! | `Ends` | see below |
//! | `Renamed` | what holds for all numbers holds for the values of the terms |
//! | `Logarithms` | they are monotone, and turn products of positive numbers into sums |
//! | `Scaled` | a positive factor does not change the sign of the other |
//! | `Factors` | the signs of the factors |
//!
//! `Monotone` is for a point `p` whose coordinate `s` lies, by the hypotheses, on one side of a term
//! `a` without `s`. All points `q` on the way from `a` (left out) to `p`, along `s`, satisfy the
//! hypotheses without `s` and the bounds on the far side of `s`, strictly but at `p` itself, and lie
//! strictly on that side of `a`: these are the hypotheses of the goals about the way. The goal
//! `defined` says that both sides of the statement are defined there, hence their difference `F`
//! is continuous (it has no case distinctions, and elementary functions are continuous on their
//! domains) and each `q` before `p` is an interior point of its domain along `s`; the goal
//! `slope`, holding, says that the derivative's term is defined, hence equals the derivative, and
//! gives its sign; the goal `base` gives the sign of `F` at `a`, and with it that `F` is defined
//! there. (If `s` stands in an exponent, the slope has the logarithm of the base, which is positive
//! therefore, and `F` with `a` put in is the continuous extension.) By the mean value theorem `F(p) − F(a)` has the sign of the slope. `base` has as
//! hypotheses what follows for `a` from the existence of `p`. A strict claim needs a strict base,
//! or a strict slope and a strict bound.
//!
//! `Ends` is for a point `p` whose coordinate `s` lies between two terms without `s`, and a weight `w > 0`
//! such that `w F'` does not rise on the way from one to the other: `F'` changes sign at most once, from
//! positive to negative, so that `F` first rises and then falls and `F(p)` is no smaller than the smaller of
//! its values at the two ends (quasi-concavity: Boyd and Vandenberghe, *Convex Optimization*, § 3.4). The
//! goals `lower` and `upper` give the signs of `F` at the ends, and with them that `F` is defined there;
//! `defined` and `curve` that it and `F'` are on the way. A strict claim needs strict ends, or that `w F'`
//! falls and strict bounds.
//!
//! `Renamed` puts a symbol for each of some terms, into the statement and into those hypotheses that are
//! relations, and forgets the other hypotheses. A relation that holds is defined; so are, by a goal, the
//! statement and, by their own goals, the bounds on the terms that are supposed besides.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::goal::{Goal, Side};
use super::logarithms::logarithms;
use crate::expr::derive::derivative;
use crate::expr::fold::is_polynomial;
use crate::expr::{Expr, Formula, Relation, Symbol, defined};
use crate::prove::draw::in_exponents;
use crate::prove::{certified, identity, order, signs};

/// How a goal is reduced to others, or settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The statement folds to truth.
    Literal,
    /// The hypotheses and the failure of the statement have no common point.
    Order(Box<order::Certificate>),
    /// The hypotheses have no common point.
    Contradiction(Box<order::Certificate>),
    Identity(Box<identity::Certificate>),
    Signs(Box<signs::Certificate>),
    /// Enclosures on parts of the box that the linear hypotheses give.
    Enclosed {
        bits: u32,
        cover: Vec<certified::Step>,
    },
    Conjunction,
    Stronger {
        relation: Relation,
    },
    Put {
        symbol: Symbol,
        value: Expr,
    },
    Split {
        symbol: Symbol,
        at: Expr,
    },
    Monotone {
        symbol: Symbol,
        from: Expr,
        side: Side,
        strict_slope: bool,
    },
    Ends {
        symbol: Symbol,
        lower: Expr,
        upper: Expr,
        weight: Expr,
        strict_curve: bool,
    },
    Renamed {
        terms: Vec<(Symbol, Expr)>,
        bounds: Vec<Formula>,
    },
    Logarithms {
        of: Vec<Formula>,
        /// Whether products are written out of which a factor is a sum.
        #[serde(default)]
        sums: bool,
    },
    Scaled {
        factor: Expr,
        rest: Expr,
    },
    Factors {
        relations: Vec<Relation>,
    },
}

impl Step {
    /// The goals that the step leaves; `None` where it does not apply. None are left by a step
    /// that settles its goal by an engine.
    pub fn goals(&self, goal: &Goal) -> Option<Vec<Goal>> {
        match self {
            Step::Literal
            | Step::Order(_)
            | Step::Contradiction(_)
            | Step::Identity(_)
            | Step::Signs(_)
            | Step::Enclosed { .. } => Some(vec![]),
            Step::Conjunction => {
                let Formula::And(parts) = &goal.statement else { return None };
                Some(parts.iter().map(|p| Goal::given(goal.hypotheses.clone(), p)).collect())
            }
            Step::Stronger { relation } => stronger(goal, *relation),
            Step::Put { symbol, value } => put(goal, symbol, value),
            Step::Split { symbol, at } => split(goal, symbol, at),
            Step::Monotone { symbol, from, side, strict_slope } => {
                monotone(goal, symbol, from, *side, *strict_slope)
            }
            Step::Ends { symbol, lower, upper, weight, strict_curve } => {
                ends(goal, symbol, [lower, upper], weight, *strict_curve)
            }
            Step::Renamed { terms, bounds } => renamed(goal, terms, bounds),
            Step::Logarithms { of, sums } => logarithms(goal, of, *sums),
            Step::Scaled { factor, rest } => scaled(goal, factor, rest),
            Step::Factors { relations } => factors(goal, relations),
        }
    }
}

fn stronger(goal: &Goal, relation: Relation) -> Option<Vec<Goal>> {
    let Formula::Rel(a, r, b) = &goal.statement else { return None };
    let implies = matches!(
        (relation, r),
        (Relation::Gt, Relation::Ge | Relation::Ne)
            | (Relation::Lt, Relation::Le | Relation::Ne)
            | (Relation::Eq, Relation::Ge | Relation::Le)
    );
    let statement = Formula::Rel(a.clone(), relation, b.clone());
    implies.then(|| vec![Goal::given(goal.hypotheses.clone(), &statement)])
}

fn put(goal: &Goal, s: &Symbol, value: &Expr) -> Option<Vec<Goal>> {
    let said = |h: &Formula| match h {
        Formula::Rel(a, Relation::Eq, b) => {
            (a.as_sym() == Some(s) && b == value) || (b.as_sym() == Some(s) && a == value)
        }
        _ => false,
    };
    if value.mentions(s) || !value.is_elementary() || !goal.hypotheses.iter().any(said) {
        return None;
    }
    Some(std::iter::once(at(goal, s, value)).chain(still_defined(goal, s, value)).collect())
}

/// Where the symbol stands in an exponent, a power with a negative base is undefined, and may be
/// defined once a literal stands there: that the statement is defined where the symbol has the
/// value, the symbol being left in its place.
fn still_defined(goal: &Goal, s: &Symbol, value: &Expr) -> Option<Goal> {
    if !in_exponents(&goal.statement).contains(s) {
        return None;
    }
    // A statement without a condition has terms that are not elementary: nothing proves it.
    let condition = defined::formula_condition(&goal.statement).unwrap_or(Formula::False);
    let there = goal.with(Formula::eq(Expr::Sym(s.clone()), value.clone()));
    Some(Goal::given(there.hypotheses, &condition))
}

/// The goal where the symbol has the value.
fn at(goal: &Goal, s: &Symbol, value: &Expr) -> Goal {
    let hypotheses = goal.hypotheses.iter().map(|h| h.substitute(s, value));
    Goal::new(hypotheses, &goal.statement.substitute(s, value))
}

fn split(goal: &Goal, s: &Symbol, place: &Expr) -> Option<Vec<Goal>> {
    if place.mentions(s) || !is_polynomial(place) {
        return None;
    }
    let beside = |r| goal.with(Formula::Rel(Expr::Sym(s.clone()), r, place.clone()));
    let goals = [beside(Relation::Lt), at(goal, s, place), beside(Relation::Gt)];
    Some(goals.into_iter().chain(still_defined(goal, s, place)).collect())
}

/// The goals `base`, `defined` (on the way, and at the point itself, which may lie on a bound) and
/// `slope`; where the point may be `a` itself, also that the statement is defined there.
fn monotone(goal: &Goal, s: &Symbol, from: &Expr, side: Side, strict_slope: bool) -> Option<Vec<Goal>> {
    let (difference, relation) = goal.difference()?;
    if from.mentions(s) || !is_polynomial(from) || has_cases(&difference) || !difference.is_elementary() {
        return None;
    }
    let near = goal.bounds(s, side.other()).into_iter().filter(|b| b.at == *from);
    let near = near.max_by_key(|b| b.strict)?;
    let (weak, strict) = match relation {
        Relation::Gt | Relation::Ge => (Relation::Ge, Relation::Gt),
        Relation::Lt | Relation::Le => (Relation::Le, Relation::Lt),
        Relation::Eq => (Relation::Eq, Relation::Eq),
        Relation::Ne => return None,
    };
    let is_strict = relation == strict && weak != strict;
    if strict_slope && !(is_strict && near.strict) {
        return None;
    }
    let base = if is_strict && !strict_slope { strict } else { weak };
    let slope = if strict_slope { strict } else { weak };
    let slope = if side == Side::Above { slope } else { slope.mirrored() };

    let outer = goal.without(s);
    let (mut at_base, mut on_the_way) = (outer.clone(), outer);
    for far in goal.bounds(s, side) {
        let relation = match (side, far.strict || near.strict) {
            (_, true) => side.other().strict(),
            (Side::Above, false) => Relation::Le,
            (Side::Below, false) => Relation::Ge,
        };
        at_base.push(Formula::Rel(from.clone(), relation, far.at.clone()));
        on_the_way.push(Formula::Rel(Expr::Sym(s.clone()), side.other().strict(), far.at));
    }
    let beside = Formula::Rel(Expr::Sym(s.clone()), side.strict(), from.clone());
    on_the_way.push(beside);
    let zero = || Expr::int(0);
    let base = Formula::Rel(difference.clone(), base, zero()).substitute(s, from);
    let slope = Formula::Rel(derivative(&difference, s)?, slope, zero());
    let with_end = goal.with(Formula::Rel(Expr::Sym(s.clone()), side.strict(), from.clone()));
    let condition = defined::formula_condition(&goal.statement)?;
    let goals = [
        Goal::given(at_base, &base),
        Goal::given(on_the_way.clone(), &condition),
        Goal::given(with_end.hypotheses, &condition),
        Goal::given(on_the_way, &slope),
    ];
    let at_the_bound = if near.strict { None } else { still_defined(goal, s, from) };
    Some(goals.into_iter().chain(at_the_bound).collect())
}

/// The goals `lower`, `upper`, that the weight is positive, `defined` (on the way, and at the point itself,
/// which may lie on a bound), that the weighted slope is defined on the way, and `curve`.
fn ends(goal: &Goal, s: &Symbol, at: [&Expr; 2], weight: &Expr, strict_curve: bool) -> Option<Vec<Goal>> {
    let (difference, relation) = goal.difference()?;
    let fits = |e: &Expr| !e.mentions(s) && is_polynomial(e);
    if !at.iter().all(|e| fits(e)) || has_cases(&difference) || !difference.is_elementary() {
        return None;
    }
    if !weight.is_elementary() || has_cases(weight) {
        return None;
    }
    let bound = |side: Side, at: &Expr| {
        goal.bounds(s, side).into_iter().filter(|b| b.at == *at).max_by_key(|b| b.strict)
    };
    let bounds = [bound(Side::Below, at[0])?, bound(Side::Above, at[1])?];
    let (weak, strict) = match relation {
        Relation::Gt | Relation::Ge => (Relation::Ge, Relation::Gt),
        Relation::Lt | Relation::Le => (Relation::Le, Relation::Lt),
        Relation::Eq | Relation::Ne => return None,
    };
    let is_strict = relation == strict;
    if strict_curve && !(is_strict && bounds.iter().all(|b| b.strict)) {
        return None;
    }
    let base = if is_strict && !strict_curve { strict } else { weak };
    let curve = if strict_curve { strict } else { weak }.mirrored();
    let zero = || Expr::int(0);
    let beside = |r, e: &Expr| Formula::Rel(Expr::Sym(s.clone()), r, e.clone());
    let order = if bounds.iter().all(|b| !b.strict) { Relation::Le } else { Relation::Lt };
    let at_ends = [goal.without(s), vec![Formula::Rel(at[0].clone(), order, at[1].clone())]].concat();
    let inside = [beside(Relation::Gt, at[0]), beside(Relation::Lt, at[1])];
    let on_the_way = [goal.without(s), inside.to_vec()].concat();
    let condition = defined::formula_condition(&goal.statement)?;
    let slope = weight.clone() * derivative(&difference, s)?;
    let slope_defined = defined::formula_condition(&Formula::Rel(slope.clone(), Relation::Eq, zero()))?;
    let curve = Formula::Rel(derivative(&slope, s)?, curve, zero());
    let signs = at.map(|e| Formula::Rel(difference.clone(), base, zero()).substitute(s, e));
    let mut goals: Vec<Goal> = signs.iter().map(|f| Goal::given(at_ends.clone(), f)).collect();
    let positive = Formula::Rel(weight.clone(), Relation::Gt, zero());
    let way = [positive, condition.clone(), slope_defined, curve];
    goals.extend(way.iter().map(|f| Goal::given(on_the_way.clone(), f)));
    goals.push(Goal::given(goal.hypotheses.clone(), &condition));
    Some(goals)
}

/// The goal with symbols for terms, that the statement is defined, and the bounds on the terms.
fn renamed(goal: &Goal, terms: &[(Symbol, Expr)], bounds: &[Formula]) -> Option<Vec<Goal>> {
    let mut taken = goal.statement.free();
    taken.extend(goal.hypotheses.iter().chain(bounds).flat_map(Formula::free));
    let names: BTreeSet<&Symbol> = terms.iter().map(|(s, _)| s).collect();
    if names.len() != terms.len() || names.iter().any(|s| taken.contains(*s)) {
        return None;
    }
    let elementary = |e: &Expr| e.is_elementary() && !has_cases(e);
    let relation = |f: &Formula| matches!(f, Formula::Rel(a, _, b) if elementary(a) && elementary(b));
    if !relation(&goal.statement) || !bounds.iter().all(relation) {
        return None;
    }
    let given = goal.hypotheses.iter().filter(|h| relation(h)).chain(bounds);
    let given: Vec<Formula> = given.map(|f| with_names(f, terms)).collect();
    let condition = defined::formula_condition(&goal.statement)?;
    let outside = std::iter::once(&condition).chain(bounds);
    let outside = outside.map(|f| Goal::given(goal.hypotheses.clone(), f));
    Some(std::iter::once(Goal::given(given, &with_names(&goal.statement, terms))).chain(outside).collect())
}

/// A relation with the symbol of a term in each place at which the term stands.
fn with_names(f: &Formula, terms: &[(Symbol, Expr)]) -> Formula {
    match f {
        Formula::Rel(a, r, b) => Formula::Rel(name_in(a, terms), *r, name_in(b, terms)),
        other => other.clone(),
    }
}

fn name_in(e: &Expr, terms: &[(Symbol, Expr)]) -> Expr {
    match terms.iter().find(|(_, t)| t == e) {
        Some((s, _)) => Expr::Sym(s.clone()),
        None => e.map(&mut |c| name_in(c, terms), &mut Formula::clone),
    }
}

/// The goals that the factorisation is one, that the factor is positive, and the one left.
fn scaled(goal: &Goal, factor: &Expr, rest: &Expr) -> Option<Vec<Goal>> {
    let (difference, relation) = goal.difference()?;
    let same = Formula::eq(difference, factor.clone() * rest.clone());
    let positive = Formula::Rel(factor.clone(), Relation::Gt, Expr::int(0));
    let left = Formula::Rel(rest.clone(), relation, Expr::int(0));
    Some([same, positive, left].map(|f| Goal::given(goal.hypotheses.clone(), &f)).to_vec())
}

/// One goal for each factor: its relation to zero.
fn factors(goal: &Goal, relations: &[Relation]) -> Option<Vec<Goal>> {
    let (difference, relation) = goal.difference()?;
    let Expr::Mul(xs) = difference else { return None };
    let weak = |r: Relation| matches!(r, Relation::Ge | Relation::Le);
    let negative = |r: Relation| matches!(r, Relation::Lt | Relation::Le);
    let inequality = |r: Relation| !matches!(r, Relation::Eq | Relation::Ne);
    if xs.len() != relations.len() || !inequality(relation) || !relations.iter().all(|r| inequality(*r)) {
        return None;
    }
    let odd = relations.iter().filter(|r| negative(**r)).count() % 2 == 1;
    if odd != negative(relation) || (!weak(relation) && relations.iter().any(|r| weak(*r))) {
        return None;
    }
    let each = xs.into_iter().zip(relations);
    Some(
        each.map(|(x, r)| Goal::given(goal.hypotheses.clone(), &Formula::Rel(x, *r, Expr::int(0)))).collect(),
    )
}

/// A case distinction may jump.
pub(super) fn has_cases(e: &Expr) -> bool {
    matches!(e, Expr::Cases(_)) || e.children().into_iter().any(has_cases)
}
