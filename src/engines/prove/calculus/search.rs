//! The search for a proof: depth first, deepened step by step, pruned at sample points.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Instant;

use rug::Rational;

use super::common_factor::common_factor;
use super::goal::{Bound, Goal, Side};
use super::logarithms::between_powers;
use super::minimum::around_minimum;
use super::naming::{DECIMALS, candidates, named};
use super::proof::{Proof, boxed};
use super::steps::{Step, has_cases};
use crate::expr::derive::derivative;
use crate::expr::fold::is_polynomial;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::approximate::approximate;
use crate::prove::certified::{self, Outcome, prove_on_box};
use crate::prove::draw::in_exponents;
use crate::prove::evaluate::{Point, Truth, truth};
use crate::prove::identity::{self, Identity};
use crate::prove::question::failing;
use crate::prove::range::{End, Range};
use crate::prove::sample::sample;
use crate::prove::{order, signs, size};

/// How much may be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Goals that may be attempted.
    pub goals: usize,
    /// Steps for each question to `order`.
    pub order_steps: u64,
    /// Parts of a box with one side; with more sides, four times as many.
    pub parts: usize,
    pub deadline: Option<Instant>,
    pub seed: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { goals: 400, order_steps: 400_000, parts: 250, deadline: None, seed: 0 }
    }
}

/// Steps one inside the other, those aside that only take a goal apart.
const DEEPEST: usize = 6;

/// Points at which a goal is tried before it is attempted.
const POINTS: usize = 12;

/// The precision at which it is tried.
const POINT_BITS: u32 = 128;

/// The largest statement that is attempted: derivatives grow.
const LARGEST: usize = 600;

/// Boxes that may be left undecided: each costs all the parts that it may be cut into.
const OPEN_BOXES: usize = 40;

/// Bits of the enclosures.
const BITS: u32 = 96;

/// What is known of a goal that was not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Failed {
    /// With so many steps one inside the other.
    To(usize),
    /// Whatever is tried.
    Always,
}

/// Looks for a proof that the statement holds, its terms being defined, wherever the hypotheses do.
///
/// Deterministic but for the deadline. Cost: at most `budget.goals` goals, each of which is tried
/// at some points and asked of `order`, `identity` and `signs`.
pub fn prove(hypotheses: &[Formula], statement: &Formula, budget: &Budget) -> Option<Proof> {
    let goal = Goal::new(hypotheses.to_vec(), statement);
    let mut search = Search {
        budget,
        left: budget.goals,
        failed: BTreeMap::new(),
        proved: BTreeMap::new(),
        sampled: BTreeMap::new(),
        open_boxes: 0,
    };
    (0..=DEEPEST).find_map(|depth| search.prove(&goal, depth))
}

/// The part of the box of the hypotheses on which enclosures decide nothing, in words; `None` if
/// there is no box. It is looked for without a look at the clock, so that its answer is always the same.
pub fn left_over(hypotheses: &[Formula], statement: &Formula, budget: &Budget) -> Option<String> {
    let (formula, region) = boxed(&Goal::new(hypotheses.to_vec(), statement))?;
    let limits = certified::Budget { parts: 4 * budget.parts, bits: BITS, deadline: None };
    let Outcome::Undecided(part) = prove_on_box(&formula, &region, limits) else { return None };
    let side = |(s, (lo, hi)): (&Symbol, &(Rational, Rational))| {
        format!("{} in [{lo}, {hi}]", crate::tex::plain_symbol(s))
    };
    let sides: Vec<String> = part.iter().map(side).collect();
    (!sides.is_empty()).then(|| format!("undecided for {}", sides.join(", ")))
}

struct Search<'b> {
    budget: &'b Budget,
    left: usize,
    failed: BTreeMap<Goal, Failed>,
    proved: BTreeMap<Goal, Proof>,
    /// Goals about the same way have the same points: to look for these is most of the work.
    sampled: BTreeMap<Place, Rc<Vec<Point>>>,
    open_boxes: usize,
}

/// Hypotheses, symbols that these do not mention, and symbols in exponents.
type Place = (Vec<Formula>, BTreeSet<Symbol>, BTreeSet<Symbol>);

impl Search<'_> {
    fn prove(&mut self, goal: &Goal, depth: usize) -> Option<Proof> {
        if let Some(proof) = self.proved.get(goal) {
            return Some(proof.clone());
        }
        let before = self.failed.get(goal).copied();
        if before.is_some_and(|f| f >= Failed::To(depth)) {
            return None;
        }
        let late = self.budget.deadline.is_some_and(|d| Instant::now() >= d);
        self.left = if late { 0 } else { self.left.checked_sub(1)? };
        if self.left == 0 || goal.statement == Formula::False && goal.hypotheses.is_empty() {
            return None;
        }
        let points = self.points(goal);
        if before.is_none() && !self.is_plausible(goal, &points) {
            self.failed.insert(goal.clone(), Failed::Always);
            return None;
        }
        let found = if before.is_none() { self.outright(goal, &points) } else { None };
        if let Some(step) = found {
            return Some(Proof { step, parts: vec![] });
        }
        // Nothing to go by: what no sample meets is met nowhere, or too thin to be looked at.
        if points.is_empty() {
            self.failed.insert(goal.clone(), Failed::Always);
            return None;
        }
        // While the goal is under way it leads nowhere to come back to it.
        self.failed.insert(goal.clone(), Failed::To(depth));
        let proof = self.by_steps(goal, &points, depth)?;
        self.proved.insert(goal.clone(), proof.clone());
        Some(proof)
    }

    /// Points at which the hypotheses hold.
    fn points(&mut self, goal: &Goal) -> Rc<Vec<Point>> {
        let (mut symbols, exponents) = (goal.statement.free(), in_exponents(&goal.statement));
        symbols.retain(|s| !goal.hypotheses.iter().any(|h| h.free().contains(s)));
        let key = (goal.hypotheses.clone(), symbols, exponents);
        let seed = self.budget.seed;
        let found = self.sampled.entry(key).or_insert_with_key(|(hypotheses, symbols, exponents)| {
            Rc::new(sample(hypotheses, symbols, exponents, POINTS, seed))
        });
        found.clone()
    }

    fn is_plausible(&self, goal: &Goal, points: &[Point]) -> bool {
        size::excessive(&goal.statement).is_none()
            && goal.statement.terms().into_iter().map(Expr::size).sum::<usize>() <= LARGEST
            && points
                .iter()
                .all(|at| matches!(truth(&goal.statement, at, POINT_BITS), Truth::True | Truth::Unknown))
    }

    /// A step that settles the goal by itself.
    fn outright(&mut self, goal: &Goal, points: &[Point]) -> Option<Step> {
        if goal.statement == Formula::True {
            return Some(Step::Literal);
        }
        let budget = order::Budget { steps: self.budget.order_steps, deadline: self.budget.deadline };
        if let Some(failing) = failing(&goal.hypotheses, &goal.statement)
            && let order::Search::Nowhere(c) = order::find(&failing, &budget)
        {
            return Some(Step::Order(Box::new(c)));
        }
        if points.is_empty()
            && let order::Search::Nowhere(c) = order::find(&Formula::and(goal.hypotheses.clone()), &budget)
        {
            return Some(Step::Contradiction(Box::new(c)));
        }
        if let Formula::Rel(a, Relation::Eq, b) = &goal.statement
            && let Identity::Proved(c) = identity::equal(a, b, &goal.hypotheses)
        {
            return Some(Step::Identity(Box::new(c)));
        }
        if let Some(c) = signs::prove(&goal.statement, &signs::Facts::new(&goal.hypotheses)) {
            return Some(Step::Signs(Box::new(c)));
        }
        self.enclosed(goal)
    }

    fn enclosed(&mut self, goal: &Goal) -> Option<Step> {
        if self.open_boxes >= OPEN_BOXES {
            return None;
        }
        let (formula, region) = boxed(goal)?;
        let parts = if region.len() < 2 { self.budget.parts } else { 4 * self.budget.parts };
        match prove_on_box(
            &formula,
            &region,
            certified::Budget { parts, bits: BITS, deadline: self.budget.deadline },
        ) {
            Outcome::Proved(c) => Some(Step::Enclosed { bits: c.bits, cover: c.cover }),
            _ => {
                self.open_boxes += 1;
                None
            }
        }
    }

    /// The goals that a step leaves, proved, after all of them were seen to be plausible.
    fn after(&mut self, step: Step, goal: &Goal, depth: usize) -> Option<Proof> {
        let goals = self.plausible_goals(&step, goal, depth)?;
        let parts = goals.iter().map(|g| self.prove(g, depth)).collect::<Option<_>>()?;
        Some(Proof { step, parts })
    }

    fn plausible_goals(&mut self, step: &Step, goal: &Goal, depth: usize) -> Option<Vec<Goal>> {
        let goals = step.goals(goal)?;
        for g in goals.iter().filter(|g| !self.proved.contains_key(*g)).cloned().collect::<Vec<_>>() {
            match self.failed.get(&g) {
                Some(f) if *f >= Failed::To(depth) => return None,
                Some(_) => {}
                None => {
                    let points = self.points(&g);
                    if self.is_plausible(&g, &points) {
                        continue;
                    }
                    self.failed.insert(g, Failed::Always);
                    return None;
                }
            }
        }
        Some(goals)
    }

    /// Splits the range of a symbol. Where there are other symbols, what lies beside the place is
    /// looked at from there only.
    fn split(&mut self, goal: &Goal, slope: &Slope, at: &Expr, depth: usize) -> Option<Proof> {
        let step = Step::Split { symbol: slope.symbol.clone(), at: at.clone() };
        if slope.slope.free().union(&goal.statement.free()).count() == 1 {
            return self.after(step, goal, depth);
        }
        let goals = self.plausible_goals(&step, goal, depth)?;
        let mut parts = vec![];
        for (i, g) in goals.iter().enumerate() {
            parts.push(match i {
                0 => self.beside(g, slope, at, Side::Below, depth)?,
                2 => self.beside(g, slope, at, Side::Above, depth)?,
                _ => self.prove(g, depth)?,
            });
        }
        Some(Proof { step, parts })
    }

    fn beside(&mut self, goal: &Goal, slope: &Slope, at: &Expr, side: Side, depth: usize) -> Option<Proof> {
        self.left = self.left.checked_sub(1)?;
        let points = self.points(goal);
        if let Some(step) = self.outright(goal, &points) {
            return Some(Proof { step, parts: vec![] });
        }
        self.monotone(goal, slope, at, side, &points, depth.checked_sub(1)?)
    }

    fn by_steps(&mut self, goal: &Goal, points: &[Point], depth: usize) -> Option<Proof> {
        if let Formula::And(_) = goal.statement {
            return self.after(Step::Conjunction, goal, depth);
        }
        if let Some(step) = known_value(goal) {
            return self.after(step, goal, depth);
        }
        let (difference, relation) = goal.difference()?;
        if has_cases(&difference) {
            return None;
        }
        for stronger in self.stronger(&goal.statement, relation, points) {
            if let Some(proof) = self.after(Step::Stronger { relation: stronger }, goal, depth) {
                return Some(proof);
            }
        }
        if let Expr::Mul(xs) = &difference
            && let Some(relations) = relations_of(xs, relation, points)
            && let Some(proof) = self.after(Step::Factors { relations }, goal, depth)
        {
            return Some(proof);
        }
        if let Some((factor, rest)) = common_factor(&difference)
            && common_factor(&rest).is_none()
            && let Some(proof) = self.after(Step::Scaled { factor, rest }, goal, depth)
        {
            return Some(proof);
        }
        let inner = depth.checked_sub(1)?;
        for sums in [false, true] {
            let logarithms = Step::Logarithms { of: between_powers(goal), sums };
            // No deeper: there is nothing to write out a second time.
            if let Some(proof) = self.after(logarithms, goal, depth) {
                return Some(proof);
            }
        }
        if let Some(proof) = self.renamed(goal, points, inner) {
            return Some(proof);
        }
        let symbols: Vec<Symbol> = difference.free().into_iter().collect();
        for s in &symbols {
            let Some(slope) = derivative(&difference, s) else { continue };
            let slope = Slope { symbol: s.clone(), slope, relation };
            for side in [Side::Above, Side::Below] {
                for bound in goal.bounds(s, side.other()) {
                    if let Some(proof) = self.monotone(goal, &slope, &bound.at, side, points, inner) {
                        return Some(proof);
                    }
                }
            }
        }
        for s in &symbols {
            if let Some(proof) = self.ends(goal, s, inner) {
                return Some(proof);
            }
        }
        let inner = inner.checked_sub(1)?;
        for s in &symbols {
            let Some(slope) = derivative(&difference, s) else { continue };
            let slope = Slope { symbol: s.clone(), slope, relation };
            for at in self.places(goal, &difference, &slope, points) {
                if let Some(proof) = self.split(goal, &slope, &at, inner + 1) {
                    return Some(proof);
                }
            }
        }
        None
    }

    /// Symbols for the terms that are not algebraic, with what is seen at once to bound them: numbers
    /// roughly, then closely.
    fn renamed(&mut self, goal: &Goal, points: &[Point], depth: usize) -> Option<Proof> {
        let terms = named(goal)?;
        let with_numbers = terms.iter().any(|(_, t)| t.free().is_empty());
        let ways = if with_numbers { &DECIMALS[..] } else { &DECIMALS[..1] };
        ways.iter().find_map(|decimals| {
            let of_terms = terms.iter().map(|(_, t)| self.bounds_of(goal, t, *decimals, points));
            let bounds = of_terms.collect::<Vec<_>>().concat();
            self.after(Step::Renamed { terms: terms.clone(), bounds }, goal, depth)
        })
    }

    fn bounds_of(&mut self, goal: &Goal, term: &Expr, decimals: u32, points: &[Point]) -> Vec<Formula> {
        let mut is_seen = |bound: &Formula| {
            let known = Goal::given(goal.hypotheses.clone(), bound);
            self.is_plausible(&known, points) && self.outright(&known, points).is_some()
        };
        let wanted = if term.free().is_empty() { 2 } else { 1 };
        candidates(term, decimals).into_iter().filter(|b| is_seen(b)).take(wanted).collect()
    }

    /// Whether the statement holds at both ends of a symbol's range, between which it rises and then falls.
    fn ends(&mut self, goal: &Goal, s: &Symbol, depth: usize) -> Option<Proof> {
        let uppers = goal.bounds(s, Side::Above);
        for lower in goal.bounds(s, Side::Below) {
            for upper in &uppers {
                for weight in [Expr::int(1), Expr::Sym(s.clone())] {
                    for strict_curve in [false, true] {
                        let (lower, upper) = (lower.at.clone(), upper.at.clone());
                        let (symbol, weight) = (s.clone(), weight.clone());
                        let step = Step::Ends { symbol, lower, upper, weight, strict_curve };
                        if let Some(proof) = self.after(step, goal, depth) {
                            return Some(proof);
                        }
                    }
                }
            }
        }
        None
    }

    /// Relations that imply the one asked for and may hold as well.
    fn stronger(&self, statement: &Formula, relation: Relation, points: &[Point]) -> Vec<Relation> {
        let Formula::Rel(a, _, b) = statement else { return vec![] };
        let wanted: &[Relation] = match relation {
            Relation::Ge | Relation::Le => &[Relation::Eq],
            Relation::Ne => &[Relation::Gt, Relation::Lt],
            _ => &[],
        };
        let may_hold = |r: &Relation| {
            let stronger = Formula::Rel(a.clone(), *r, b.clone());
            let holds = |at| matches!(truth(&stronger, at, POINT_BITS), Truth::True | Truth::Unknown);
            !points.is_empty() && points.iter().all(holds)
        };
        wanted.iter().copied().filter(may_hold).collect()
    }

    fn monotone(
        &mut self,
        goal: &Goal,
        slope: &Slope,
        from: &Expr,
        side: Side,
        points: &[Point],
        depth: usize,
    ) -> Option<Proof> {
        if from.mentions(&slope.symbol) || !is_polynomial(from) || !slope.suits(points, None, side) {
            return None;
        }
        [false, true].into_iter().find_map(|strict_slope| {
            let symbol = slope.symbol.clone();
            let step = Step::Monotone { symbol, from: from.clone(), side, strict_slope };
            self.after(step, goal, depth)
        })
    }

    /// Terms at which it may help to split the range of a symbol.
    fn places(&self, goal: &Goal, difference: &Expr, slope: &Slope, points: &[Point]) -> Vec<Expr> {
        let s = &slope.symbol;
        let range = range_of(goal, s);
        let inside = |q: &Rational| {
            let beside = |e: &Option<End>| e.as_ref().is_none_or(|e| e.at != *q);
            range.contains(q) && beside(&range.lower) && beside(&range.upper)
        };
        let others = difference.free().into_iter().filter(|t| t != s).map(Expr::Sym);
        let literals = [1, 0, -1, 2].map(Rational::from).into_iter().chain([Rational::from((1, 2))]);
        let literals = literals.filter(inside).map(Expr::Num);
        let mut out: Vec<Expr> = literals.chain(others).filter(|at| slope.turns(points, at)).collect();
        if difference.free().len() == 1 {
            let sign = if matches!(slope.relation, Relation::Le | Relation::Lt) { -1 } else { 1 };
            let upright = Expr::int(sign) * difference.clone();
            for q in around_minimum(&upright, s, &range).into_iter().flatten().filter(inside) {
                if !out.contains(&Expr::Num(q.clone())) {
                    out.push(Expr::Num(q));
                }
            }
        }
        out
    }
}

fn range_of(goal: &Goal, s: &Symbol) -> Range {
    let end = |side| {
        let literal = |b: Bound| Some(End { at: b.at.as_num()?.clone(), open: b.strict });
        let ends = goal.bounds(s, side).into_iter().filter_map(literal);
        match side {
            Side::Above => ends.min_by(|a, b| a.at.cmp(&b.at)),
            Side::Below => ends.max_by(|a, b| a.at.cmp(&b.at)),
        }
    };
    Range { lower: end(Side::Below), upper: end(Side::Above) }
}

/// A hypothesis that says what a symbol is.
fn known_value(goal: &Goal) -> Option<Step> {
    let free = goal.statement.free();
    goal.hypotheses.iter().find_map(|h| {
        let Formula::Rel(a, Relation::Eq, b) = h else { return None };
        [(a, b), (b, a)].into_iter().find_map(|(s, value)| {
            let s = s.as_sym().filter(|s| free.contains(*s) && !value.mentions(s))?;
            value.is_elementary().then(|| Step::Put { symbol: s.clone(), value: value.clone() })
        })
    })
}

/// Relations of the factors to zero that the points suggest and that give the product's.
fn relations_of(xs: &[Expr], relation: Relation, points: &[Point]) -> Option<Vec<Relation>> {
    let strict = matches!(relation, Relation::Gt | Relation::Lt);
    xs.iter()
        .map(|x| {
            let (up, down) = if strict { (Relation::Gt, Relation::Lt) } else { (Relation::Ge, Relation::Le) };
            [up, down].into_iter().find(|r| {
                let f = Formula::Rel(x.clone(), *r, Expr::int(0));
                points.iter().all(|at| matches!(truth(&f, at, POINT_BITS), Truth::True | Truth::Unknown))
            })
        })
        .collect()
}

/// The derivative of a difference that is to stand in the relation to zero.
struct Slope {
    symbol: Symbol,
    slope: Expr,
    relation: Relation,
}

/// Slopes of this size may be rounding.
const ROUNDING: f64 = 1e-9;

impl Slope {
    /// Whether, at the points on the side of `at` (all of them without it), the slope seems to
    /// have the sign that carries the relation away from `at`.
    fn suits(&self, points: &[Point], at: Option<&Expr>, side: Side) -> bool {
        points.iter().all(|p| {
            let here: BTreeMap<Symbol, f64> = p.iter().map(|(s, q)| (s.clone(), q.to_f64())).collect();
            if let Some(at) = at {
                let (Some(x), Some(a)) = (here.get(&self.symbol), approximate(at, &here)) else {
                    return true;
                };
                let beyond = if side == Side::Above { *x > a } else { *x < a };
                if !beyond {
                    return true;
                }
            }
            let Some(v) = approximate(&self.slope, &here) else { return true };
            let v = if side == Side::Above { v } else { -v };
            match self.relation {
                Relation::Ge | Relation::Gt => v >= -ROUNDING,
                Relation::Le | Relation::Lt => v <= ROUNDING,
                Relation::Eq => v.abs() <= ROUNDING,
                Relation::Ne => false,
            }
        })
    }

    /// Whether the slope seems to turn at `at`.
    fn turns(&self, points: &[Point], at: &Expr) -> bool {
        self.suits(points, Some(at), Side::Above) && self.suits(points, Some(at), Side::Below)
    }
}
