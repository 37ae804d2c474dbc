//! The independent re-check of a certificate.
//!
//! What it re-establishes, with the arithmetic of [`crate::exact`] and none of the search:
//!
//! 1. each step that removed a variable was allowed (see [`super::reduce`]);
//! 2. at each cell without further cells inside, the signs of the cell's polynomials at the sample
//!    point make the combination false, whatever the other polynomials' signs;
//! 3. the cells above each sample point cover the line, neighbours overlapping or touching;
//! 4. above each sample point `s`, each polynomial needed to keep that covering intact around `s`
//!    is a product of polynomials of the cell below. Needed are, for the polynomials `p` of the
//!    cells in their main variable: the discriminant of `p`; its leading coefficients down to the
//!    first that does not vanish at `s` (McCallum) or its leading and trailing coefficients
//!    (Lazard); the resultants of `p` with the polynomial that bounds its cell, on each side on
//!    which `p` has roots (for a cell that is a root: with the polynomial whose root it is, if `p`
//!    has roots at all); the resultants of the polynomials whose roots bound neighbouring cells;
//!    and the cells' polynomials in earlier variables. None of them is the zero polynomial, which
//!    for discriminants and resultants is the squarefreeness and coprimality that the theorems ask.
//!
//! What it trusts: the translation of the statement; `exact`; and one theorem each. McCallum, *An
//! improved projection operation for cylindrical algebraic decomposition* (1998), theorem 2: a
//! polynomial that is degree-invariant and nowhere nullified on a connected submanifold on which
//! its discriminant is order-invariant is delineable there, and order-invariant in each section.
//! McCallum, Parusiński, Paunescu, *Validity proof of Lazard's method for CAD construction*
//! (2019): the same for valuation-invariance with Lazard's evaluation, without the condition on
//! nullification. Applied to a product of two polynomials they say that two sections are equal or
//! apart. By induction over the variables the cells are connected submanifolds on which all their
//! polynomials are invariant; hence the covering above the sample covers the line above each point
//! of the cell, and the combination is false on the whole space.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::certificate::{CellProof, Certificate};
use super::constraint::Tree;
use super::line::{Projection, Stop, above};
use super::reduce::{StepError, apply};
use crate::exact::resultant::{discriminant, resultant};
use crate::exact::{Coord, Exhausted, Meter, Point, Poly, Var};

/// Why a certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecheckError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error("the order of the variables is not an order of the variables that are left")]
    BadOrder,
    #[error("a sample is not the root that it is said to be")]
    BadSample,
    #[error("a polynomial of a cell is constant or has later variables")]
    BadPolynomial,
    #[error("the cells do not cover the line")]
    NotCovered,
    #[error("the statement is not false at the sample of a cell")]
    NotRefuted,
    #[error("a polynomial needed for the covering is missing: {0}")]
    Missing(String),
    #[error("a polynomial vanishes identically above a sample")]
    Nullified,
    #[error("the statement could not be translated: {0}")]
    Untranslated(String),
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

impl From<Stop> for RecheckError {
    fn from(s: Stop) -> Self {
        match s {
            Stop::Exhausted(e) => RecheckError::Exhausted(e),
            Stop::Nullified => RecheckError::Nullified,
        }
    }
}

type Checked<T> = Result<T, RecheckError>;

/// Re-establishes that nothing satisfies `tree`.
pub fn recheck_tree(certificate: &Certificate, tree: &Tree, meter: &Meter) -> Checked<()> {
    let mut tree = tree.clone();
    for step in &certificate.steps {
        tree = apply(step, &tree)?;
    }
    let order = &certificate.order;
    let place = |v: Var| order.iter().position(|w| *w == v);
    let distinct = order.iter().enumerate().all(|(i, v)| place(*v) == Some(i));
    let complete = tree.polys().iter().all(|p| p.variables().into_iter().all(|v| place(v).is_some()));
    if !distinct || !complete {
        return Err(RecheckError::BadOrder);
    }
    let tree = tree.map(&|p| p.rename(&|v| place(v).expect("the order is complete") as Var));
    if tree == Tree::False {
        return Ok(());
    }
    let variables = order.len() as Var;
    let how = certificate.projection;
    let mut checker =
        Checker { tree, how, variables, point: Point::new(), meter, eliminated: HashMap::new() };
    checker.covering(&certificate.cells).map(|_| ())
}

struct Checker<'m> {
    tree: Tree,
    how: Projection,
    variables: Var,
    point: Point,
    meter: &'m Meter,
    /// Resultants of two polynomials, and discriminants of one, in their main variable: many cells
    /// have the same.
    eliminated: HashMap<(Poly, Option<Poly>), Poly>,
}

/// A bound of a cell and the polynomial (its index in the cell) that has it as a root.
#[derive(Clone)]
struct Bound {
    at: Coord,
    by: usize,
}

/// A cell with its bounds above the point, and which of its polynomials have roots at
/// all, below and above the sample.
struct Span<'c> {
    cell: &'c CellProof,
    lower: Option<Bound>,
    upper: Option<Bound>,
    section: bool,
    has_root: Vec<bool>,
    has_below: Vec<bool>,
    has_above: Vec<bool>,
}

impl Checker<'_> {
    /// Verifies that the cells cover the line above the point and that each is refuted; the
    /// polynomials whose invariance around the point keeps it so.
    fn covering(&mut self, cells: &[CellProof]) -> Checked<BTreeSet<Poly>> {
        let v = self.point.next();
        if v >= self.variables {
            return Err(RecheckError::NotCovered);
        }
        let mut spans = vec![];
        for cell in cells {
            spans.push(self.span(cell)?);
        }
        self.check_cover(&spans)?;
        for cell in cells {
            self.refuted(cell)?;
        }
        self.needed(&spans)
    }

    /// The cell's sample, located anew.
    fn sample(&mut self, c: &Coord) -> Checked<Coord> {
        let v = self.point.next();
        let Coord::Algebraic(root) = c else { return Ok(c.clone()) };
        if root.poly.main() != Some(v) || root.lo >= root.hi {
            return Err(RecheckError::BadSample);
        }
        let (mut lo, mut hi) = (Coord::Rational(root.lo.clone()), Coord::Rational(root.hi.clone()));
        let crate::exact::Roots::Some(roots) = self.point.roots(&root.poly, self.meter)? else {
            return Err(RecheckError::BadSample);
        };
        let mut inside = vec![];
        for mut r in roots {
            if self.point.compare(&mut lo, &mut r, self.meter)?.is_lt()
                && self.point.compare(&mut r, &mut hi, self.meter)?.is_lt()
            {
                inside.push(r);
            }
        }
        if inside.len() == 1 { Ok(inside.remove(0)) } else { Err(RecheckError::BadSample) }
    }

    fn span<'c>(&mut self, cell: &'c CellProof) -> Checked<Span<'c>> {
        let v = self.point.next();
        let mut sample = self.sample(&cell.sample)?;
        let count = cell.polys.len();
        let mut span = Span {
            cell,
            lower: None,
            upper: None,
            section: false,
            has_root: vec![false; count],
            has_below: vec![false; count],
            has_above: vec![false; count],
        };
        for (by, p) in cell.polys.iter().enumerate() {
            match p.main() {
                None => return Err(RecheckError::BadPolynomial),
                Some(w) if w > v => return Err(RecheckError::BadPolynomial),
                Some(w) if w < v => continue,
                Some(_) => {}
            }
            for mut at in above(&mut self.point, p, self.how, self.meter)? {
                let side = self.point.compare(&mut at, &mut sample, self.meter)?;
                span.has_root[by] = true;
                span.has_below[by] |= side.is_lt();
                span.has_above[by] |= side.is_gt();
                span.section |= side.is_eq();
                let bound = Bound { at, by };
                if side.is_le() {
                    span.lower =
                        Some(self.nearer(span.lower.take(), bound.clone(), Ordering::Greater, cell)?);
                }
                if side.is_ge() {
                    span.upper = Some(self.nearer(span.upper.take(), bound, Ordering::Less, cell)?);
                }
            }
        }
        Ok(span)
    }

    /// The bound nearer to the sample; of equal ones, that of the polynomial of lower degree.
    fn nearer(
        &mut self,
        old: Option<Bound>,
        new: Bound,
        better: Ordering,
        cell: &CellProof,
    ) -> Checked<Bound> {
        let Some(mut old) = old else { return Ok(new) };
        let mut candidate = new;
        let order = self.point.compare(&mut candidate.at, &mut old.at, self.meter)?;
        let rank = |b: &Bound| (cell.polys[b.by].degree(), cell.polys[b.by].total_degree(), b.by);
        let take = order == better || (order.is_eq() && rank(&candidate) < rank(&old));
        Ok(if take { candidate } else { old })
    }

    /// Cell after cell, the union reaches from minus infinity past the cell's upper bound.
    fn check_cover(&mut self, spans: &[Span<'_>]) -> Checked<()> {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            return Err(RecheckError::NotCovered);
        };
        if first.lower.is_some() || last.upper.is_some() {
            return Err(RecheckError::NotCovered);
        }
        for w in spans.windows(2) {
            let (Some(reach), Some(start)) = (&w[0].upper, &w[1].lower) else {
                return Err(RecheckError::NotCovered);
            };
            let (mut reach, mut start) = (reach.at.clone(), start.at.clone());
            let order = self.point.compare(&mut start, &mut reach, self.meter)?;
            let touching = w[0].section != w[1].section;
            if order.is_gt() || (order.is_eq() && !touching) {
                return Err(RecheckError::NotCovered);
            }
        }
        Ok(())
    }

    /// Verifies that the combination is false on the cell around the sample.
    fn refuted(&mut self, cell: &CellProof) -> Checked<()> {
        let sample = self.sample(&cell.sample)?;
        self.point.push(sample);
        let done = match &cell.inside {
            None => self.false_here(&cell.polys),
            Some(cells) => self
                .covering(cells)
                .and_then(|needed| needed.iter().try_for_each(|q| is_product(q, &cell.polys, self.meter))),
        };
        self.point.pop();
        done
    }

    fn false_here(&mut self, polys: &[Poly]) -> Checked<()> {
        let mut signs = vec![];
        for p in polys {
            signs.push(self.point.sign(p, self.meter)?);
        }
        let truth = self.tree.truth(&mut |q| sign_from(q, polys, &signs));
        if truth == Some(false) { Ok(()) } else { Err(RecheckError::NotRefuted) }
    }

    /// The polynomials in earlier variables whose invariance keeps the covering intact.
    fn needed(&mut self, spans: &[Span<'_>]) -> Checked<BTreeSet<Poly>> {
        let v = self.point.next();
        let mut out = BTreeSet::new();
        for s in spans {
            let bounds = [&s.lower, &s.upper].map(|b| b.as_ref().map(|b| b.by));
            for (i, p) in s.cell.polys.iter().enumerate() {
                if p.main() != Some(v) {
                    out.insert(p.clone());
                    continue;
                }
                self.delineated(p, &mut out)?;
                let matters =
                    if s.section { [s.has_root[i], false] } else { [s.has_below[i], s.has_above[i]] };
                for (bound, matters) in bounds.iter().zip(matters) {
                    if let Some(by) = bound.filter(|by| matters && *by != i) {
                        out.insert(self.eliminated(p, Some(&s.cell.polys[by]))?);
                    }
                }
            }
        }
        for w in spans.windows(2) {
            if let (Some(a), Some(b)) = (&w[0].upper, &w[1].lower) {
                let (p, q) = (&w[0].cell.polys[a.by], &w[1].cell.polys[b.by]);
                if p != q {
                    out.insert(self.eliminated(p, Some(q))?);
                }
            }
        }
        Ok(out)
    }

    /// The resultant of two polynomials, or the discriminant of one, in the variable of the line.
    fn eliminated(&mut self, p: &Poly, q: Option<&Poly>) -> Checked<Poly> {
        let pair = (p.clone(), q.cloned());
        if let Some(known) = self.eliminated.get(&pair) {
            return Ok(known.clone());
        }
        let v = self.point.next();
        let found = match q {
            None => discriminant(p, v, self.meter)?,
            Some(q) => resultant(p, q, v, self.meter)?,
        };
        self.eliminated.insert(pair, found.clone());
        Ok(found)
    }

    fn delineated(&mut self, p: &Poly, out: &mut BTreeSet<Poly>) -> Checked<()> {
        let v = self.point.next();
        out.insert(self.eliminated(p, None)?);
        match self.how {
            Projection::Lazard => {
                out.insert(p.lead(v).clone());
                out.extend(p.coeffs(v).first().filter(|c| !c.is_zero()).cloned());
                Ok(())
            }
            Projection::McCallum => {
                for c in p.coeffs(v).iter().rev().filter(|c| !c.is_zero()) {
                    out.insert(c.clone());
                    if self.point.sign(c, self.meter)?.is_ne() {
                        return Ok(());
                    }
                }
                Err(RecheckError::Nullified)
            }
        }
    }
}

/// The sign of `q`, as far as it follows from the signs of `polys`: from a factor that is zero, or
/// from a factorisation into them.
fn sign_from(q: &Poly, polys: &[Poly], signs: &[Ordering]) -> Option<Ordering> {
    let mut rest = q.clone();
    let mut negative = false;
    for (p, s) in polys.iter().zip(signs) {
        while let Some(quotient) = rest.divide(p) {
            if s.is_eq() {
                return Some(Ordering::Equal);
            }
            negative ^= s.is_lt();
            rest = quotient;
            if rest.as_const().is_some() {
                break;
            }
        }
    }
    let constant = rest.as_const()?.cmp0();
    Some(if negative { constant.reverse() } else { constant })
}

/// Verifies that a polynomial is not zero and a product of the given ones and a constant.
fn is_product(q: &Poly, polys: &[Poly], meter: &Meter) -> Checked<()> {
    if q.is_zero() {
        return Err(RecheckError::Missing("0".to_owned()));
    }
    let mut rest = q.normal();
    for p in polys {
        if rest.as_const().is_some() {
            return Ok(());
        }
        let p = p.normal();
        meter.charge(rest.size() + p.size())?;
        while let Some(quotient) = rest.divide(&p) {
            rest = quotient;
            if rest.as_const().is_some() {
                return Ok(());
            }
        }
    }
    if rest.as_const().is_some() { Ok(()) } else { Err(RecheckError::Missing(q.to_string())) }
}
