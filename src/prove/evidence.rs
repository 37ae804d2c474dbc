//! What stands behind a verdict.

use serde::{Deserialize, Serialize};

use crate::expr::Formula;
use crate::tex;

use super::evaluate::Point;
use super::{calculus, identity, order, signs};

/// One engine's answer: what it established, and the data from which it can be re-checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The engine's name as in DESIGN.md: `identity`, `signs`, `order`, `certified`, `witness`.
    pub engine: String,
    /// What was established, for people.
    pub statement: String,
    /// Plain data for the re-check; a [`Certified`].
    pub certificate: serde_json::Value,
}

/// A question and the proof of its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Certified {
    pub hypotheses: Vec<Formula>,
    pub statement: Formula,
    pub proof: Proof,
}

/// A proof, by the engine that gave it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The hypotheses and the failure of the statement have no common point.
    Order(Box<order::Certificate>),
    /// The hypotheses have no common point.
    Contradiction(Box<order::Certificate>),
    /// Both sides of the statement are equal, outside the listed exceptions.
    Identity {
        exceptions: Vec<Formula>,
        certificate: Box<identity::Certificate>,
    },
    /// The statement is an implication between equations.
    Implication(Box<identity::Implication>),
    Signs(Box<signs::Certificate>),
    /// Monotonicity and enclosures.
    Certified(Box<calculus::Proof>),
    /// The statement fails at the point, at which the hypotheses hold.
    Witness {
        at: Point,
    },
}

impl Proof {
    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self {
            Proof::Order(_) | Proof::Contradiction(_) => "order",
            Proof::Identity { .. } | Proof::Implication(_) => "identity",
            Proof::Signs(_) => "signs",
            Proof::Certified(_) => "certified",
            Proof::Witness { .. } => "witness",
        }
    }
}

impl Certified {
    /// The evidence that this is.
    pub fn into_evidence(self) -> Evidence {
        let certificate = serde_json::to_value(&self).expect("certificates are plain data with string keys");
        Evidence { engine: self.proof.engine().into(), statement: self.said(), certificate }
    }

    /// What is established, for people: the re-check holds a report's words against it.
    pub fn said(&self) -> String {
        match &self.proof {
            Proof::Witness { at } => {
                let at: Vec<String> =
                    at.iter().map(|(s, v)| format!("{} = {v}", tex::plain_symbol(s))).collect();
                format!("fails at {}: {}", at.join(", "), tex::plain_formula(&self.statement))
            }
            Proof::Contradiction(_) => "the assumptions contradict each other".to_owned(),
            _ => tex::plain_formula(&self.statement),
        }
    }
}
