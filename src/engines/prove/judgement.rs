//! What an engine, or all of them together, can answer to a question.

use crate::expr::{Expr, Formula, Symbol};

use super::Evidence;
use super::evaluate::Point;

/// Takes derivatives: `None` where there is no term for one.
pub type Differentiate<'a> = dyn Fn(&Expr, &Symbol) -> Option<Expr> + 'a;

/// The answer to: does `statement` hold at every point at which the hypotheses hold?
///
/// A statement with an undefined side fails at that point. An implication is judged where its
/// premise holds: a premise with an undefined side is not met.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// At every such point, and there is one.
    Holds(Vec<Evidence>),
    /// At every such point outside the exceptions, which have no interior or at which the
    /// statement is undefined; at some point in each exception it fails.
    Except { exceptions: Vec<Formula>, witness: Option<Point>, evidence: Vec<Evidence> },
    /// Not at `witness`; `open` says whether it fails on a set with interior. Both sides are
    /// defined at `witness`, unless no such point was found and the statement is undefined on a
    /// set with interior: then it is one of those. `holds_at` is a point at which it does hold,
    /// if one was found, and `never` whether it was proved that there is none.
    Fails { witness: Point, open: bool, holds_at: Option<Point>, never: bool, evidence: Vec<Evidence> },
    /// No point satisfies the hypotheses.
    Vacuous(Vec<Evidence>),
    /// No engine could tell; each says why.
    Unknown(Vec<String>),
}

/// Something that answers questions: all engines together, or a stub in a test.
pub trait Judge: Sync {
    /// Judges `statement` under `hypotheses`.
    fn judge(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement;

    /// Judges without describing how a statement fails: anything but a proof may come back as
    /// `Unknown`.
    fn judge_plainly(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        self.judge(hypotheses, statement)
    }

    /// Whether `statement` is proved to hold under `hypotheses`.
    fn proves(&self, hypotheses: &[Formula], statement: &Formula) -> bool {
        matches!(self.judge_plainly(hypotheses, statement), Judgement::Holds(_))
    }

    /// Whether some point satisfies `conditions`: `None` if that could not be told.
    fn satisfiable(&self, conditions: &[Formula]) -> Option<bool>;
}
