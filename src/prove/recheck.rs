//! The independent replay of evidence, without the symbolic layer and without any search.
//!
//! What is re-established, engine by engine, and what is trusted, is said in the module docs of
//! [`super::order::recheck`], [`super::identity`] and [`super::signs`]. For a witness, both the
//! hypotheses and the failure of the statement are evaluated afresh with error bounds. The words
//! of the evidence must be those that its certificate is printed as. The hypotheses are not among
//! the words: that they are those of the claim is taken on trust.

use serde_json::Value;

use crate::expr::{Formula, defined};

use super::engines::failing;
use super::evaluate::{Truth, truth};
use super::evidence::{Certified, Proof};
use super::{calculus, identity, order, signs, size};

/// Precision up to which a witness is evaluated.
const BITS: u32 = 8192;

/// What became of one piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recheck {
    Accepted,
    Failed(String),
}

/// Replays one piece of evidence as it stands in a report.
pub fn replay(evidence: &Value) -> Recheck {
    let said = evidence.get("statement").and_then(Value::as_str).unwrap_or("?");
    let Some(certificate) = evidence.get("certificate") else {
        return Recheck::Failed(format!("`{said}` has no certificate"));
    };
    match serde_json::from_value::<Certified>(certificate.clone()) {
        Err(e) => Recheck::Failed(format!("`{said}`: the certificate was not understood: {e}")),
        Ok(certified) if evidence.get("engine").and_then(Value::as_str) != Some(certified.proof.engine()) => {
            Recheck::Failed(format!("`{said}`: the certificate is of another engine"))
        }
        Ok(certified) if certified.said() != said => {
            Recheck::Failed(format!("`{said}`: the certificate is of `{}`", certified.said()))
        }
        Ok(certified) => match check(&certified) {
            Ok(()) => Recheck::Accepted,
            Err(why) => Recheck::Failed(format!("`{said}`: {why}")),
        },
    }
}

/// Replays a certified answer.
pub fn check(c: &Certified) -> Result<(), String> {
    if let Some(why) = c.hypotheses.iter().chain([&c.statement]).find_map(size::excessive) {
        return Err(why);
    }
    let budget = order::Budget::default();
    let nowhere = |certificate: &order::Certificate, conditions: &Formula| {
        order::recheck(order::Claim::Never, certificate, &[], conditions, &budget).map_err(|e| e.to_string())
    };
    match &c.proof {
        Proof::Order(certificate) => {
            let failing = failing(&c.hypotheses, &c.statement).ok_or("the statement is not elementary")?;
            nowhere(certificate, &failing)
        }
        Proof::Contradiction(certificate) => nowhere(certificate, &Formula::and(c.hypotheses.clone())),
        Proof::Identity { exceptions, certificate } => {
            let Formula::Rel(a, crate::expr::Relation::Eq, b) = &c.statement else {
                return Err("an identity is an equation".into());
            };
            let found = identity::recheck(certificate, a, b, &c.hypotheses).map_err(|e| e.to_string())?;
            if found == *exceptions { Ok(()) } else { Err("the exceptions differ".into()) }
        }
        Proof::Implication(proof) => {
            let Formula::Implies(p, q) = &c.statement else {
                return Err("the statement is no implication".into());
            };
            identity::recheck_implication(proof, p, q, &c.hypotheses).map_err(|e| e.to_string())
        }
        Proof::Signs(certificate) => {
            signs::recheck_full(certificate, &c.statement, &signs::Facts::new(&c.hypotheses))
                .map_err(|e| e.to_string())
        }
        Proof::Certified(proof) => {
            calculus::recheck(proof, &c.hypotheses, &c.statement).map_err(|e| e.to_string())
        }
        Proof::Witness { at } => {
            for h in &c.hypotheses {
                if truth(h, at, BITS) != Truth::True {
                    return Err(format!("the point does not satisfy {}", crate::tex::plain_formula(h)));
                }
            }
            let condition =
                defined::formula_condition(&c.statement).ok_or("the statement is not elementary")?;
            let fails =
                truth(&c.statement, at, BITS) == Truth::False || truth(&condition, at, BITS) == Truth::False;
            if fails { Ok(()) } else { Err("the statement does not fail there".into()) }
        }
    }
}
