//! The search: cylindrical algebraic coverings.
//!
//! Ábrahám, Davenport, England, Kremer, *Deciding the consistency of non-linear real arithmetic
//! constraints with a conflict driven search using cylindrical algebraic coverings* (2021), with
//! the boolean structure evaluated at partial sample points as in Nalbach and Kremer's extension
//! to arbitrary formulas. Above a point that refutes nothing yet, numbers are tried until one
//! leads to a solution or the cells around the failures cover the line; the polynomials that keep
//! this covering intact around the point make a cell one level below (see [`super::recheck`] for
//! the conditions, which the re-check verifies from the outside).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::certificate::CellProof;
use super::constraint::Tree;
use super::line::{Extent, Line, Projection, Stop};
use super::pool::{Id, Pool};
use crate::exact::{Coord, Meter, Point, Poly, Var};
use crate::expr::Relation;

/// What a cell costs beside the arithmetic that is charged for.
const STEPS_PER_CELL: u64 = 1000;

/// What the search found.
pub enum Found {
    /// A point where the combination holds; variables beyond its length are arbitrary.
    Point(Point),
    /// Cells that cover the line of the first variable.
    Covering(Vec<CellProof>),
}

/// A cell around a sample on which the combination cannot hold.
struct Cell {
    sample: Coord,
    /// The polynomials, in the variables up to the sample's, whose invariance makes the cell.
    around: BTreeSet<Id>,
    extent: Extent,
    inside: Option<Vec<Cell>>,
}

/// A boolean combination whose atoms refer to factored polynomials.
enum Node {
    True,
    False,
    Atom { leading: Ordering, factors: Vec<(Id, u32)>, relation: Relation },
    And(Vec<Node>),
    Or(Vec<Node>),
}

struct Search<'m> {
    pool: Pool,
    root: Node,
    how: Projection,
    point: Point,
    signs: BTreeMap<Id, Ordering>,
    meter: &'m Meter,
}

/// What became of a level.
enum Level {
    /// The combination holds at the search's point, whatever the later coordinates.
    Point,
    /// The cells cover the line.
    Covered(Vec<Cell>, Line),
}

/// Why the combination cannot hold around a sample: the polynomials that keep it so, and the
/// covering above the sample unless their signs alone do it.
struct Failure {
    around: BTreeSet<Id>,
    inside: Option<Vec<Cell>>,
}

/// Searches for a point where the combination holds, its variables being 0, 1, 2, … in the order
/// in which they are given values.
pub fn search(tree: &Tree, how: Projection, meter: &Meter) -> Result<Found, Stop> {
    if *tree == Tree::True {
        return Ok(Found::Point(Point::new()));
    }
    let mut pool = Pool::default();
    let root = compile(tree, &mut pool, meter)?;
    let mut s = Search { pool, root, how, point: Point::new(), signs: BTreeMap::new(), meter };
    match s.level()? {
        Level::Point => Ok(Found::Point(s.point)),
        Level::Covered(cells, line) => {
            let cells = in_order(cells, &line);
            Ok(Found::Covering(cells.into_iter().map(|c| s.proof(c)).collect()))
        }
    }
}

fn compile(tree: &Tree, pool: &mut Pool, meter: &Meter) -> Result<Node, Stop> {
    let all = |ps: &[Tree], pool: &mut Pool| -> Result<Vec<Node>, Stop> {
        ps.iter().map(|p| compile(p, pool, meter)).collect()
    };
    Ok(match tree {
        Tree::True => Node::True,
        Tree::False => Node::False,
        Tree::Atom(a) => Node::Atom {
            leading: a.poly.lead_integer().cmp0(),
            factors: pool.factor(&a.poly, meter)?,
            relation: a.relation,
        },
        Tree::And(ps) => Node::And(all(ps, pool)?),
        Tree::Or(ps) => Node::Or(all(ps, pool)?),
    })
}

impl Search<'_> {
    /// Tries numbers for the next variable until the combination holds or the line is covered.
    fn level(&mut self) -> Result<Level, Stop> {
        let mut line = Line::default();
        let mut cells: Vec<Cell> = vec![];
        loop {
            self.meter.charge(STEPS_PER_CELL)?;
            let extents = cells.iter().map(|c| c.extent.clone());
            let Some((sample, _)) = line.uncovered(extents, &mut self.point, self.meter)? else {
                let cells = irredundant(cells, &line);
                return Ok(Level::Covered(cells, line));
            };
            self.point.push(sample.clone());
            let outcome = self.at_sample()?;
            let Some(failure) = outcome else { return Ok(Level::Point) };
            self.forget();
            self.point.pop();
            let cell = self.cell(&mut line, sample, failure)?;
            cells.push(cell);
        }
    }

    /// `None` if the combination holds at some point above the search's point.
    fn at_sample(&mut self) -> Result<Option<Failure>, Stop> {
        let root = std::mem::replace(&mut self.root, Node::True);
        let truth = self.truth(&root);
        let conflict = matches!(truth, Ok(Some(false))).then(|| self.explain(&root));
        self.root = root;
        match (truth?, conflict) {
            (Some(true), _) => Ok(None),
            (Some(false), conflict) => {
                let around = conflict.expect("computed when the truth value is false")?;
                Ok(Some(Failure { around, inside: None }))
            }
            (None, _) => match self.level()? {
                Level::Point => Ok(None),
                Level::Covered(cells, mut line) => {
                    let (around, cells) = self.characterise(cells, &mut line)?;
                    Ok(Some(Failure { around, inside: Some(cells) }))
                }
            },
        }
    }

    /// The cell around a sample of the next variable.
    fn cell(&mut self, line: &mut Line, mut sample: Coord, failure: Failure) -> Result<Cell, Stop> {
        let v = self.point.next();
        let around: BTreeSet<Id> = failure.around.into_iter().flat_map(|id| self.pool.parts(id)).collect();
        let own: Vec<Id> = around.iter().copied().filter(|id| self.pool.level(*id) == v).collect();
        for id in &own {
            line.enter(*id, &self.pool, &mut self.point, self.how, self.meter)?;
        }
        let place = line.find(&mut sample, &mut self.point, self.meter)?;
        let extent = line.extent(place, own.into_iter());
        Ok(Cell { sample, around, extent, inside: failure.inside })
    }

    /// Drops the signs that depend on the last coordinate.
    fn forget(&mut self) {
        let v = self.point.next() - 1;
        let pool = &self.pool;
        self.signs.retain(|id, _| pool.level(*id) < v);
    }

    /// The sign of a polynomial of the pool, if its variables have values.
    fn sign(&mut self, id: Id) -> Result<Option<Ordering>, Stop> {
        if let Some(s) = self.signs.get(&id) {
            return Ok(Some(*s));
        }
        if self.pool.level(id) >= self.point.next() {
            return Ok(None);
        }
        let s = self.point.sign(self.pool.poly(id), self.meter)?;
        self.signs.insert(id, s);
        Ok(Some(s))
    }

    fn truth(&mut self, node: &Node) -> Result<Option<bool>, Stop> {
        match node {
            Node::True => Ok(Some(true)),
            Node::False => Ok(Some(false)),
            Node::Atom { leading, factors, relation } => {
                Ok(self.product_sign(*leading, factors)?.map(|s| relation.holds(s)))
            }
            Node::And(ps) => self.combine(ps, false),
            Node::Or(ps) => self.combine(ps, true),
        }
    }

    fn combine(&mut self, parts: &[Node], absorbing: bool) -> Result<Option<bool>, Stop> {
        let mut known = true;
        for p in parts {
            match self.truth(p)? {
                Some(t) if t == absorbing => return Ok(Some(absorbing)),
                Some(_) => {}
                None => known = false,
            }
        }
        Ok(known.then_some(!absorbing))
    }

    fn product_sign(&mut self, leading: Ordering, factors: &[(Id, u32)]) -> Result<Option<Ordering>, Stop> {
        let mut sign = Some(leading);
        for (id, multiplicity) in factors {
            match self.sign(*id)? {
                Some(Ordering::Equal) => return Ok(Some(Ordering::Equal)),
                Some(Ordering::Less) if multiplicity % 2 == 1 => sign = sign.map(Ordering::reverse),
                Some(_) => {}
                None => sign = None,
            }
        }
        Ok(sign)
    }

    /// Polynomials whose signs at the point make a false node false.
    fn explain(&mut self, node: &Node) -> Result<BTreeSet<Id>, Stop> {
        match node {
            Node::True | Node::False => Ok(BTreeSet::new()),
            Node::Atom { factors, .. } => {
                for (id, _) in factors {
                    if self.sign(*id)? == Some(Ordering::Equal) {
                        return Ok(BTreeSet::from([*id]));
                    }
                }
                Ok(factors.iter().map(|(id, _)| *id).collect())
            }
            Node::Or(ps) => {
                let mut out = BTreeSet::new();
                for p in ps {
                    out.extend(self.explain(p)?);
                }
                Ok(out)
            }
            Node::And(ps) => {
                let mut best: Option<BTreeSet<Id>> = None;
                for p in ps {
                    if self.truth(p)? == Some(false) {
                        let reasons = self.explain(p)?;
                        if best.as_ref().is_none_or(|b| self.cost(&reasons) < self.cost(b)) {
                            best = Some(reasons);
                        }
                    }
                }
                Ok(best.expect("a false conjunction has a false part"))
            }
        }
    }

    fn cost(&self, ids: &BTreeSet<Id>) -> (Option<Var>, usize, usize) {
        let level = ids.iter().map(|id| self.pool.level(*id)).max();
        let degree = ids.iter().map(|id| self.pool.poly(*id).total_degree()).sum();
        (level, degree, ids.len())
    }

    /// The polynomials whose invariance around the point keeps a covering of the line above it
    /// intact, and the covering in order.
    fn characterise(&mut self, cells: Vec<Cell>, line: &mut Line) -> Result<(BTreeSet<Id>, Vec<Cell>), Stop> {
        let v = self.point.next();
        let mut cells = in_order(cells, line);
        for c in &mut cells {
            c.around = c.around.iter().flat_map(|id| self.pool.parts(*id)).collect();
            for id in c.around.iter().filter(|id| self.pool.level(**id) == v) {
                line.enter(*id, &self.pool, &mut self.point, self.how, self.meter)?;
            }
        }
        let mut out = BTreeSet::new();
        let mut pairs = BTreeSet::new();
        for c in &cells {
            for id in &c.around {
                if self.pool.level(*id) < v {
                    out.insert(*id);
                } else {
                    self.delineate(*id, &mut out)?;
                }
            }
            self.keep_out(c, line, v, &mut pairs);
        }
        for w in cells.windows(2) {
            let a = self.bounding(&w[0], w[0].extent.upper, line, v);
            let b = self.bounding(&w[1], w[1].extent.lower, line, v);
            if let (Some(a), Some(b)) = (a, b) {
                pairs.insert((a.min(b), a.max(b)));
            }
        }
        for (a, b) in pairs.into_iter().filter(|(a, b)| a != b) {
            out.extend(self.pool.resultant(a, b, self.meter)?);
        }
        Ok((out, cells))
    }

    /// What keeps the roots of one polynomial in place: discriminant and coefficients.
    fn delineate(&mut self, id: Id, out: &mut BTreeSet<Id>) -> Result<(), Stop> {
        out.extend(self.pool.discriminant(id, self.meter)?);
        let p = self.pool.poly(id).clone();
        let v = self.pool.level(id);
        match self.how {
            Projection::McCallum => {
                // Leading coefficients down to the first that does not vanish at the point.
                for power in (0..=p.degree()).rev() {
                    let c = &p.coeffs(v)[power];
                    if c.is_zero() {
                        continue;
                    }
                    out.extend(self.pool.coefficient(id, power, self.meter)?);
                    if self.point.sign(c, self.meter)?.is_ne() {
                        return Ok(());
                    }
                }
                Err(Stop::Nullified)
            }
            Projection::Lazard => {
                out.extend(self.pool.coefficient(id, p.degree(), self.meter)?);
                if !p.coeffs(v)[0].is_zero() {
                    out.extend(self.pool.coefficient(id, 0, self.meter)?);
                }
                Ok(())
            }
        }
    }

    /// The pairs whose resultants keep the roots of a cell's polynomials out of the cell.
    fn keep_out(&self, c: &Cell, line: &Line, v: Var, pairs: &mut BTreeSet<(Id, Id)>) {
        let lower = self.bounding(c, c.extent.lower, line, v);
        let upper = self.bounding(c, c.extent.upper, line, v);
        let (first, last) = line.places(&c.extent);
        for id in c.around.iter().filter(|id| self.pool.level(**id) == v) {
            let places: Vec<usize> = line.roots_of(*id).iter().map(|r| line.place(*r)).collect();
            let mut pair = |bound: Option<Id>| {
                if let Some(b) = bound {
                    pairs.insert((b.min(*id), b.max(*id)));
                }
            };
            if c.extent.section {
                if !places.is_empty() {
                    pair(lower);
                }
                continue;
            }
            if places.iter().any(|p| *p < first) {
                pair(lower);
            }
            if places.iter().any(|p| *p > last) {
                pair(upper);
            }
        }
    }

    /// The polynomial of lowest degree among the cell's that has the bound as a root.
    fn bounding(&self, c: &Cell, bound: Option<usize>, line: &Line, v: Var) -> Option<Id> {
        let bound = bound?;
        c.around
            .iter()
            .copied()
            .filter(|id| self.pool.level(*id) == v && line.roots_of(*id).contains(&bound))
            .min_by_key(|id| (self.pool.poly(*id).degree(), self.pool.poly(*id).total_degree(), *id))
    }

    fn proof(&self, c: Cell) -> CellProof {
        let polys: Vec<Poly> = c.around.iter().map(|id| self.pool.poly(*id).clone()).collect();
        let inside = c.inside.map(|cells| cells.into_iter().map(|c| self.proof(c)).collect());
        CellProof { sample: c.sample, polys, inside }
    }
}

/// The cells without those whose places the others cover.
fn irredundant(mut cells: Vec<Cell>, line: &Line) -> Vec<Cell> {
    // Cells that took more work to justify are dropped first.
    let mut candidates: Vec<usize> = (0..cells.len()).collect();
    candidates.sort_by_key(|i| {
        let (a, b) = line.places(&cells[*i].extent);
        (b - a, std::cmp::Reverse(cells[*i].around.len()))
    });
    let mut keep: BTreeSet<usize> = candidates.iter().copied().collect();
    for i in candidates {
        keep.remove(&i);
        let mut covered = BTreeSet::new();
        for j in &keep {
            let (a, b) = line.places(&cells[*j].extent);
            covered.extend(a..=b);
        }
        if covered.len() != line.end() + 1 {
            keep.insert(i);
        }
    }
    let mut i = 0;
    cells.retain(|_| {
        i += 1;
        keep.contains(&(i - 1))
    });
    cells
}

fn in_order(mut cells: Vec<Cell>, line: &Line) -> Vec<Cell> {
    cells.sort_by_key(|c| line.places(&c.extent));
    cells
}
