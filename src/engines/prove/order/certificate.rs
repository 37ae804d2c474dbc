//! Certificates: data from which [`mod@super::recheck`] re-establishes that nothing satisfies a
//! boolean combination of sign conditions.

use serde::{Deserialize, Serialize};

use super::line::Projection;
use super::reduce::Step;
use crate::exact::{Coord, Poly, Var};

/// That nothing satisfies a boolean combination of sign conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// How polynomials are projected in the covering.
    pub projection: Projection,
    /// The steps that removed variables first.
    pub steps: Vec<Step>,
    /// The variables left, in the order of the covering: variable `i` below is `order[i]`.
    pub order: Vec<Var>,
    /// Cells that cover the line of the first variable, in order; none if the steps alone left a
    /// combination that is literally false.
    pub cells: Vec<CellProof>,
}

/// A cell on the line above a point: the largest interval around the sample on which none of the
/// polynomials in the sample's variable has a root (or the sample alone, if one has it as a root).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProof {
    pub sample: Coord,
    /// Polynomials in the sample's variable and earlier ones.
    pub polys: Vec<Poly>,
    /// Cells that cover the line above the sample; without it, the signs of the polynomials at
    /// the sample make the combination false.
    pub inside: Option<Vec<CellProof>>,
}

impl Certificate {
    /// The number of cells.
    pub fn size(&self) -> usize {
        fn count(cells: &[CellProof]) -> usize {
            cells.iter().map(|c| 1 + c.inside.as_deref().map_or(0, count)).sum()
        }
        count(&self.cells)
    }
}
