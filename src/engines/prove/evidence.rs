//! What stands behind a verdict.

use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Formula, Symbol};
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

impl Evidence {
    /// What its certificate supposes.
    pub fn hypotheses(&self) -> Vec<Formula> {
        Vec::deserialize(&self.certificate["hypotheses"]).unwrap_or_default()
    }

    /// The symbols of its certificate that stand for terms.
    pub fn stands_for(&self) -> Vec<(Symbol, Expr)> {
        self.certificate.get("stands_for").and_then(|names| Vec::deserialize(names).ok()).unwrap_or_default()
    }
}

/// A question and the proof of its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Certified {
    pub hypotheses: Vec<Formula>,
    pub statement: Formula,
    pub proof: Proof,
    /// Symbols that stand for whole terms here; each is called by its term ([`quotation`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands_for: Vec<(Symbol, Expr)>,
}

/// The symbol that stands for a term, called by what the term is as text.
pub fn quotation(term: &Expr) -> Symbol {
    Symbol::new(&format!("[{}]", tex::plain(term)))
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

impl Evidence {
    /// The evidence with the terms that some of its symbols stand for.
    pub fn naming(mut self, names: Vec<(Symbol, Expr)>) -> Evidence {
        if let (Some(certificate), false) = (self.certificate.as_object_mut(), names.is_empty()) {
            let names = serde_json::to_value(names).expect("symbols and terms are plain data");
            certificate.insert("stands_for".into(), names);
        }
        self
    }
}

impl Certified {
    /// The evidence that this is.
    pub fn into_evidence(self) -> Evidence {
        let certificate = serde_json::to_value(&self).expect("certificates are plain data with string keys");
        Evidence { engine: self.proof.engine().into(), statement: self.said(), certificate }
    }

    /// What is established and under which hypotheses, for people: the re-check holds a report's
    /// words against it.
    pub fn said(&self) -> String {
        let given = listed(self.hypotheses.iter().flat_map(parts).map(|h| worded(&h)).collect());
        let statement = tex::plain_formula(&self.statement);
        let said = match &self.proof {
            Proof::Witness { at } => {
                let at: Vec<String> =
                    at.iter().map(|(s, v)| format!("{} = {v}", tex::plain_symbol(s))).collect();
                format!("fails at {}: {statement}", at.join(", "))
            }
            Proof::Contradiction(_) => return format!("the assumptions contradict each other: {given}"),
            Proof::Identity { exceptions, .. } if !exceptions.is_empty() => {
                let outside = listed(exceptions.iter().map(worded).collect());
                format!("{statement}, except for {outside}")
            }
            _ => statement,
        };
        if given.is_empty() { said } else { format!("{said}, for {given}") }
    }
}

/// The conjuncts of a hypothesis.
fn parts(h: &Formula) -> Vec<Formula> {
    match h {
        Formula::And(ps) => ps.clone(),
        other => vec![other.clone()],
    }
}

/// A condition as a member of a list, in brackets if it has words of its own.
fn worded(f: &Formula) -> String {
    let plain = tex::plain_formula(f);
    match f {
        Formula::And(_) | Formula::Or(_) | Formula::Implies(..) | Formula::Iff(..) => format!("({plain})"),
        _ => plain,
    }
}

/// `a, b and c`, each once.
fn listed(all: Vec<String>) -> String {
    let mut parts: Vec<String> = vec![];
    for part in all {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.pop() {
        None => String::new(),
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} and {last}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, Relation};

    #[test]
    fn the_words_of_evidence_carry_its_hypotheses() {
        let positive = |name| Formula::rel(Expr::sym(name), Relation::Gt, Expr::int(0));
        let at = Point::from([(crate::expr::Symbol::new("c_0"), rug::Rational::from(1))]);
        let mut certified = Certified {
            stands_for: vec![],
            hypotheses: vec![positive("c_0"), positive("c_1"), positive("k")],
            statement: Formula::eq(Expr::sym("c_0"), Expr::sym("c_1")),
            proof: Proof::Witness { at },
        };
        assert_eq!(certified.said(), "fails at c₀ = 1: c₀ = c₁, for c₀ > 0, c₁ > 0 and k > 0");
        let either = Formula::or(vec![positive("c_1"), positive("k")]);
        certified.hypotheses =
            vec![either, Formula::and(vec![positive("c_0"), positive("k")]), positive("k")];
        let said = "fails at c₀ = 1: c₀ = c₁, for (c₁ > 0 or k > 0), c₀ > 0 and k > 0";
        assert_eq!(certified.said(), said);
    }
}
