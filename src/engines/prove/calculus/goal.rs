//! Goals: statements to be proved wherever some hypotheses hold.

use std::collections::BTreeMap;

use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::certified::Region;
use crate::prove::evaluate::Point;
use crate::prove::range::{Atom, End, ranges};

/// That a statement holds, with its terms defined, wherever the hypotheses do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Goal {
    /// Without conjunctions and chains.
    pub hypotheses: Vec<Formula>,
    pub statement: Formula,
}

/// A bound on a symbol, by a term without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub at: Expr,
    /// Whether the symbol stays away from it.
    pub strict: bool,
}

/// The side of a symbol on which something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Above,
    Below,
}

impl Side {
    /// `>` for above, `<` for below.
    pub(super) fn strict(self) -> Relation {
        match self {
            Side::Above => Relation::Gt,
            Side::Below => Relation::Lt,
        }
    }

    pub(super) fn other(self) -> Side {
        match self {
            Side::Above => Side::Below,
            Side::Below => Side::Above,
        }
    }
}

impl Goal {
    /// The goal with its hypotheses taken apart and everything folded.
    pub fn new(hypotheses: impl IntoIterator<Item = Formula>, statement: &Formula) -> Goal {
        let mut parts = vec![];
        for h in hypotheses {
            let conjuncts = match fold_formula(&h.unchained()) {
                Formula::And(ps) => ps,
                other => vec![other],
            };
            for part in conjuncts {
                if part != Formula::True && !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        Goal { hypotheses: parts, statement: fold_formula(&statement.unchained()) }
    }

    /// The goal with other hypotheses.
    pub(super) fn given(hypotheses: Vec<Formula>, statement: &Formula) -> Goal {
        Goal::new(hypotheses, statement)
    }

    /// These hypotheses and one more.
    pub(super) fn with(&self, more: Formula) -> Goal {
        Goal::new(self.hypotheses.iter().cloned().chain([more]), &self.statement)
    }

    /// The difference of the sides and the relation in which it stands to zero.
    pub(super) fn difference(&self) -> Option<(Expr, Relation)> {
        let Formula::Rel(a, r, b) = &self.statement else { return None };
        let difference = if b.is_zero() { a.clone() } else { fold(&(a.clone() - b.clone())) };
        Some((difference, *r))
    }

    /// The hypotheses that do not mention the symbol.
    pub(super) fn without(&self, s: &Symbol) -> Vec<Formula> {
        self.hypotheses.iter().filter(|h| !h.free().contains(s)).cloned().collect()
    }

    /// The bounds on one side of a symbol: those that stand among the hypotheses, and the
    /// literal one that follows from the linear ones.
    pub(super) fn bounds(&self, s: &Symbol, side: Side) -> Vec<Bound> {
        let mut out: Vec<Bound> = vec![];
        for h in &self.hypotheses {
            let (relation, at) = match h {
                Formula::Rel(Expr::Sym(x), r, e) if x == s && !e.mentions(s) => (*r, e),
                Formula::Rel(e, r, Expr::Sym(x)) if x == s && !e.mentions(s) => (r.mirrored(), e),
                _ => continue,
            };
            let strict = match (side, relation) {
                (Side::Above, Relation::Lt) | (Side::Below, Relation::Gt) => true,
                (Side::Above, Relation::Le) | (Side::Below, Relation::Ge) => false,
                _ => continue,
            };
            out.push(Bound { at: at.clone(), strict });
        }
        let ranges = ranges(&self.atoms(), &Point::new()).unwrap_or_default();
        let end: Option<&End> = ranges.get(s).and_then(|r| match side {
            Side::Above => r.upper.as_ref(),
            Side::Below => r.lower.as_ref(),
        });
        if let Some(End { at, open }) = end {
            let known = |b: &Bound| b.at.as_num() == Some(at) && (b.strict || !open);
            if !out.iter().any(known) {
                out.push(Bound { at: Expr::Num(at.clone()), strict: *open });
            }
        }
        out
    }

    /// The box of the symbols that linear hypotheses bound on both sides.
    pub(super) fn region(&self) -> Region {
        let ranges = ranges(&self.atoms(), &Point::new()).unwrap_or_default();
        let sides: BTreeMap<_, _> =
            ranges.into_iter().filter_map(|(s, r)| Some((s, (r.lower?.at, r.upper?.at)))).collect();
        sides
    }

    fn atoms(&self) -> Vec<Atom> {
        let atom = |h: &Formula| match h {
            Formula::Rel(a, r, b) => Some(Atom { left: a.clone(), relation: *r, right: b.clone() }),
            _ => None,
        };
        self.hypotheses.iter().filter_map(atom).collect()
    }
}
