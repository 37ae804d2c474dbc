//! Exactly where a relation holds, where all that matters is one quantity: what an equivalence
//! `relation <=> bounds on q` should have said.
//!
//! Along a path on which `q` takes every positive value the relation is looked at on a grid, and the
//! places at which its truth changes are bisected down to enclosures. Everything is then proved for
//! all parameters: between two enclosures the relation holds, or fails, everywhere; at a single
//! value it fails; inside an enclosure it holds on one side of the only root there of a polynomial
//! in `q`, the norm of the difference of its two sides. Nothing rests on the grid.

use rug::{Integer, Rational};

use crate::ball::Ball;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Case, Expr, Formula, Relation, Symbol};
use crate::prove::evaluate::{self, Comparison, Point, Truth, Value, compare, truth};
use crate::prove::{Evidence, Judgement};
use crate::tex::plain;

use super::Shown;
use super::finding::shown_formula;
use super::limit::guess::{inverse, literals};
use super::setting::Setting;

/// The grid: this many values to each power of two, up to the power and down to its inverse.
const PARTS: i32 = 8;
const POWER: i32 = 16;
/// Precision up to which the relation is evaluated on the way.
const BITS: u32 = 2048;
/// Decimal digits to which a place is enclosed, and those told of it.
const ENCLOSED: u32 = 34;
const DIGITS: usize = 30;
/// Those shown in a formula.
const SHOWN: usize = 8;
/// More changes than these are no window.
const MOST_CHANGES: usize = 8;

/// The set of a quantity's values at which a relation holds.
pub struct Region {
    /// The equivalence as it should be.
    pub statement: Shown,
    pub story: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// Where the left side of `printed` holds, if its right side bounds a quantity; both are
/// elementary. `shown` is the left side as it is printed.
pub fn exactly(
    shown: (&Formula, &Expr),
    left: &Formula,
    quantity: &Expr,
    setting: &Setting,
) -> Option<Region> {
    let search = Search::new(left, quantity, setting)?;
    let (changes, points) = search.changes()?;
    search.proved(shown, &changes, &points)
}

/// The quantity that a statement bounds by numbers, if that is all it says.
pub fn bounded(f: &Formula) -> Option<Expr> {
    match f.unchained() {
        Formula::And(parts) => {
            let mut found = parts.iter().map(bounded);
            let first = found.next()??;
            found.all(|q| q.as_ref() == Some(&first)).then_some(first)
        }
        Formula::Rel(Expr::Num(_), _, q) | Formula::Rel(q, _, Expr::Num(_)) => {
            (!q.free().is_empty()).then_some(q)
        }
        _ => None,
    }
}

struct Search<'a> {
    relation: &'a Formula,
    quantity: &'a Expr,
    /// The relation along the path, in the quantity's value alone.
    along: Formula,
    value: Symbol,
    setting: &'a Setting<'a>,
}

/// An enclosure of a place at which the truth changes to `to`.
struct Change {
    lower: Rational,
    upper: Rational,
    to: bool,
}

impl<'a> Search<'a> {
    fn new(relation: &'a Formula, quantity: &'a Expr, setting: &'a Setting<'a>) -> Option<Search<'a>> {
        let mut symbols = relation.free();
        symbols.extend(quantity.free());
        let value = fresh(&Symbol::new("q"), &symbols);
        let ones: Point = symbols.iter().map(|s| (s.clone(), Rational::from(1))).collect();
        let along = quantity.free().into_iter().find_map(|variable| {
            let place = inverse(quantity, &variable, Expr::Sym(value.clone()))?;
            let mut others = ones.clone();
            others.remove(&variable);
            let mut with: Substitution = literals(&others);
            with.insert(variable, fold(&place.substitute_all(&with)));
            Some(fold_formula(&relation.substitute_all(&with)))
        })?;
        let known = |s: &Symbol| *s == value;
        along.free().iter().all(known).then_some(Search { relation, quantity, along, value, setting })
    }

    fn holds(&self, at: &Rational) -> Option<bool> {
        match truth(&self.along, &Point::from([(self.value.clone(), at.clone())]), BITS) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Undefined | Truth::Unknown => None,
        }
    }

    /// The changes of truth over the grid, and the values at which it fails alone.
    fn changes(&self) -> Option<(Vec<Change>, Vec<Rational>)> {
        let grid: Vec<Rational> = (-PARTS * POWER..=PARTS * POWER).map(grid_value).collect();
        let mut truths = vec![];
        for q in &grid {
            truths.push(self.holds(q)?);
        }
        let mut points = vec![];
        for i in 1..truths.len() - 1 {
            if !truths[i] && truths[i - 1] && truths[i + 1] {
                points.push(grid[i].clone());
                truths[i] = true;
            }
        }
        let mut changes = vec![];
        for i in 1..truths.len() {
            if truths[i] != truths[i - 1] {
                changes.push(self.bisected(&grid[i - 1], &grid[i], truths[i])?);
            }
        }
        (!changes.is_empty() && changes.len() <= MOST_CHANGES).then_some((changes, points))
    }

    fn bisected(&self, from: &Rational, until: &Rational, to: bool) -> Option<Change> {
        let (mut lower, mut upper) = (from.clone(), until.clone());
        let width = Rational::from((1, Integer::from(Integer::u_pow_u(10, ENCLOSED))));
        while Rational::from(&upper - &lower) > width {
            let middle = Rational::from(&lower + &upper) / 2;
            if self.holds(&middle)? == to { upper = middle } else { lower = middle }
        }
        Some(Change { lower, upper, to })
    }

    /// The proof of all of it, and its words.
    fn proved(&self, shown: (&Formula, &Expr), changes: &[Change], points: &[Rational]) -> Option<Region> {
        let mut evidence = vec![];
        let (mut story, mut places) = (vec![], vec![]);
        let apart: Vec<Formula> = points.iter().map(|p| self.quantity_is(Relation::Ne, p)).collect();
        for (n, change) in changes.iter().enumerate() {
            let before = n.checked_sub(1).map(|before| &changes[before].upper);
            evidence.extend(self.segment(before, Some(&change.lower), !change.to, &apart)?);
            let polynomial = self.polynomial(change)?;
            evidence.extend(self.at_root(change, &polynomial)?);
            let root = simplest_root(change, &polynomial, &self.value);
            let told = place(change, root.as_ref(), DIGITS)?;
            let root_of = plain(&polynomial.substitute(&self.value, shown.1));
            story.push(format!("it changes at {} = {}, a root of {root_of}", plain(shown.1), plain(&told)));
            places.push(place(change, root.as_ref(), SHOWN)?);
        }
        let last = changes.last()?;
        evidence.extend(self.segment(Some(&last.upper), None, last.to, &apart)?);
        for point in points {
            let here = [self.quantity_is(Relation::Eq, point)];
            evidence.extend(self.judged(&here, &!self.relation.clone())?);
        }
        let region = described(shown.1, changes, &places, points);
        let mut statement = shown_formula(&Formula::Iff(Box::new(shown.0.clone()), Box::new(region)));
        statement.latex = statement.latex.replace('…', r"\ldots");
        Some(Region { statement, story, evidence })
    }

    fn quantity_is(&self, relation: Relation, value: &Rational) -> Formula {
        Formula::Rel(self.quantity.clone(), relation, Expr::Num(value.clone()))
    }

    fn judged(&self, here: &[Formula], statement: &Formula) -> Option<Vec<Evidence>> {
        let hypotheses = [&self.setting.facts[..], here].concat();
        match self.setting.tools().judge.judge_plainly(&hypotheses, &fold_formula(statement)) {
            Judgement::Holds(evidence) => Some(evidence),
            _ => None,
        }
    }

    /// The proof that the relation holds, or fails, wherever the quantity is between two values.
    fn segment(
        &self,
        from: Option<&Rational>,
        until: Option<&Rational>,
        holds: bool,
        apart: &[Formula],
    ) -> Option<Vec<Evidence>> {
        let mut here = apart.to_vec();
        here.extend(from.map(|v| self.quantity_is(Relation::Ge, v)));
        here.extend(until.map(|v| self.quantity_is(Relation::Le, v)));
        let statement = if holds { self.relation.clone() } else { !self.relation.clone() };
        self.judged(&here, &statement)
    }

    /// The proof that inside an enclosure the relation holds on one side of a polynomial's root.
    fn at_root(&self, change: &Change, polynomial: &Expr) -> Option<Vec<Evidence>> {
        let there = polynomial.substitute(&self.value, self.quantity);
        let here =
            [self.quantity_is(Relation::Ge, &change.lower), self.quantity_is(Relation::Le, &change.upper)];
        [Relation::Gt, Relation::Lt].into_iter().find_map(|sign| {
            let side = Formula::Rel(there.clone(), sign, Expr::int(0));
            let same = Formula::Iff(Box::new(self.relation.clone()), Box::new(side));
            self.judged(&here, &same)
        })
    }

    /// A polynomial in the value with a single sign change inside an enclosure, where the two sides
    /// of the relation are equal: an irreducible factor of the norm of their difference.
    fn polynomial(&self, change: &Change) -> Option<Expr> {
        let Formula::Rel(a, _, b) = &self.along else { return None };
        let middle = Rational::from(&change.lower + &change.upper) / 2;
        let at = Point::from([(self.value.clone(), middle)]);
        let difference = fold(&(resolved(a, &at)? - resolved(b, &at)?));
        let mut norm = difference.clone();
        for root in square_roots(&difference) {
            norm = norm.clone() * with_root_negated(&norm, &root);
        }
        let (numerator, _) = self.setting.tools().algebra.fraction(&norm)?;
        let factors = self.setting.tools().algebra.factors(&numerator)?;
        factors.into_iter().filter(|f| square_roots(f).is_empty()).find(|f| {
            let sign = |v: &Rational| {
                let at = Point::from([(self.value.clone(), v.clone())]);
                match compare(f, &Expr::int(0), &at, BITS) {
                    Comparison::Ordered(o) => Some(o),
                    _ => None,
                }
            };
            // A rational place may be an end of its own enclosure.
            matches!((sign(&change.lower), sign(&change.upper)), (Some(a), Some(b)) if a != b)
        })
    }
}

/// The value of the grid at a step: a power of two, or a rational between two.
fn grid_value(step: i32) -> Rational {
    let (power, part) = (step.div_euclid(PARTS), step.rem_euclid(PARTS));
    let scale = Rational::from(1) << power;
    scale * Rational::from((PARTS + part, PARTS))
}

/// The term with each case distinction replaced by the case that applies at a point.
fn resolved(e: &Expr, at: &Point) -> Option<Expr> {
    if let Expr::Cases(cases) = e {
        let applies = |c: &&Case| c.condition.as_ref().is_none_or(|f| truth(f, at, BITS) == Truth::True);
        return resolved(&cases.iter().find(applies)?.value, at);
    }
    let mut failed = false;
    let out = e.map(
        &mut |c| {
            resolved(c, at).unwrap_or_else(|| {
                failed = true;
                c.clone()
            })
        },
        &mut Clone::clone,
    );
    (!failed).then_some(out)
}

fn is_square_root(e: &Expr) -> bool {
    matches!(e, Expr::Pow(b, p) if p.as_num() == Some(&Rational::from((1, 2))) && !b.free().is_empty())
}

/// The square roots in a term, each once, those inside others left out.
fn square_roots(e: &Expr) -> Vec<Expr> {
    let mut found: Vec<Expr> = vec![];
    if is_square_root(e) {
        return vec![e.clone()];
    }
    for root in e.children().into_iter().flat_map(square_roots) {
        if !found.contains(&root) {
            found.push(root);
        }
    }
    found
}

fn with_root_negated(e: &Expr, root: &Expr) -> Expr {
    if e == root {
        return -e.clone();
    }
    e.map(&mut |c| with_root_negated(c, root), &mut Clone::clone)
}

/// The rational root with the smallest denominator in an enclosure, if it is one.
fn simplest_root(change: &Change, polynomial: &Expr, value: &Symbol) -> Option<Rational> {
    let (mut lower, mut upper) = (change.lower.clone(), change.upper.clone());
    let mut quotients = vec![];
    let simplest = loop {
        let whole = lower.clone().ceil();
        if whole <= upper {
            break whole;
        }
        let floor = lower.clone().floor();
        quotients.push(floor.clone());
        (lower, upper) = ((upper - &floor).recip(), (lower - &floor).recip());
    };
    let root = quotients.into_iter().rev().fold(simplest, |rest, whole| whole + rest.recip());
    let at = Point::from([(value.clone(), root.clone())]);
    (evaluate::value(polynomial, &at, BITS) == Value::Exact(Rational::new())).then_some(root)
}

/// A place as a rational, or as the decimals that both ends of its enclosure share, at most so many.
fn place(change: &Change, root: Option<&Rational>, most: usize) -> Option<Expr> {
    if let Some(root) = root {
        return Some(Expr::Num(root.clone()));
    }
    let decimals = Ball::from_ends(&change.lower, &change.upper, 256).ok()?.decimals(most)?;
    Some(Expr::sym(&format!("{decimals}…")))
}

/// The values at which the relation holds, as intervals of the quantity between places.
fn described(quantity: &Expr, changes: &[Change], places: &[Expr], points: &[Rational]) -> Formula {
    let mut ends: Vec<(Option<Expr>, Option<Expr>)> = vec![];
    let starts_true = changes.first().is_some_and(|c| !c.to);
    let mut open: Option<Option<Expr>> = starts_true.then_some(None);
    for place in places {
        let here = Some(place.clone());
        match open.take() {
            Some(lower) => ends.push((lower, here)),
            None => open = Some(here),
        }
    }
    if let Some(lower) = open {
        ends.push((lower, None));
    }
    let bound = |(lower, upper): (Option<Expr>, Option<Expr>)| match (lower, upper) {
        (Some(a), Some(b)) => Formula::Chain(a, vec![(Relation::Lt, quantity.clone()), (Relation::Lt, b)]),
        (Some(a), None) => Formula::Rel(quantity.clone(), Relation::Gt, a),
        (None, Some(b)) => Formula::Rel(quantity.clone(), Relation::Lt, b),
        (None, None) => Formula::True,
    };
    let mut all = vec![Formula::or(ends.into_iter().map(bound).collect())];
    all.extend(points.iter().map(|p| Formula::Rel(quantity.clone(), Relation::Ne, Expr::Num(p.clone()))));
    Formula::and(all)
}
