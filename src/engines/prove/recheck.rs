//! The independent replay of evidence, without the symbolic layer and without any search.
//!
//! What is re-established, engine by engine, and what is trusted, is said in the module docs of
//! [`super::order::recheck`], [`super::identity`], [`super::signs`] and [`super::calculus`]. For a
//! witness, both the hypotheses and the failure of the statement are evaluated afresh with error
//! bounds. The words of the evidence, its hypotheses among them, must be those that its certificate
//! is printed as. That the hypotheses are those of the claim is for the reader to see.

use serde::Deserialize as _;
use serde_json::Value;

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol, defined};

use super::evaluate::{Truth, truth};
use super::evidence::{Certified, Proof, quotation};
use super::negation::negation_normal;
use super::question::failing;
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
    match accepted(evidence) {
        Ok(_) => Recheck::Accepted,
        Err(why) => Recheck::Failed(why),
    }
}

/// The certificate of a piece of evidence, once it is replayed, or why it is not accepted.
pub fn accepted(evidence: &Value) -> Result<Certified, String> {
    let said = evidence.get("statement").and_then(Value::as_str).unwrap_or("?");
    let failed = |why: String| format!("`{said}`: {why}");
    let certificate = evidence.get("certificate").ok_or_else(|| failed("there is no certificate".into()))?;
    if let Some(function) = misapplied(certificate) {
        return Err(failed(format!(
            "the certificate was not understood: `{function}` has no such arguments"
        )));
    }
    let certified = Certified::deserialize(certificate)
        .map_err(|e| failed(format!("the certificate was not understood: {e}")))?;
    if evidence.get("engine").and_then(Value::as_str) != Some(certified.proof.engine()) {
        return Err(failed("the certificate is of another engine".into()));
    }
    if let Some(why) = excessive(&certified) {
        return Err(failed(why));
    }
    // What does not occur tells who reads it which functions were put in; nothing rests on it.
    let occurs =
        |s: &Symbol| certified.hypotheses.iter().chain([&certified.statement]).any(|f| f.free().contains(s));
    let misnamed = |(s, term): &&(Symbol, Expr)| *s != quotation(term) && occurs(s);
    if let Some((s, _)) = certified.stands_for.iter().find(misnamed) {
        return Err(failed(format!("`{s}` does not stand for what it is called by")));
    }
    if certified.said() != said {
        return Err(failed(format!("the certificate is of `{}`", certified.said())));
    }
    check(&certified).map_err(failed)?;
    Ok(certified)
}

/// A function that is applied, anywhere in a certificate, to other than its number of arguments:
/// terms are built with the right one, and what reads them relies on it.
pub fn misapplied(certificate: &Value) -> Option<String> {
    let mut open = vec![certificate];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(xs) => open.extend(xs),
            Value::Object(m) => {
                if let Some(Value::Array(parts)) = m.get("Fun")
                    && let [Value::String(name), Value::Array(arguments)] = parts.as_slice()
                {
                    let many = matches!(name.as_str(), "Max" | "Min");
                    if arguments.is_empty() || (arguments.len() > 1 && !many) {
                        return Some(name.clone());
                    }
                }
                open.extend(m.values());
            }
            _ => {}
        }
    }
    None
}

fn excessive(c: &Certified) -> Option<String> {
    c.hypotheses.iter().chain([&c.statement]).find_map(size::excessive)
}

/// The sets that a certificate sets apart: the exceptions of an identity, and what its hypotheses
/// say or deny.
pub fn set_apart(c: &Certified) -> Vec<Formula> {
    let mut out = match &c.proof {
        Proof::Identity { exceptions, .. } => exceptions.clone(),
        _ => vec![],
    };
    for h in &c.hypotheses {
        out.extend([h.clone(), !h.clone(), fold_formula(&negation_normal(&!h.clone()))]);
    }
    let terms: Substitution = c.stands_for.iter().cloned().collect();
    let in_full: Vec<Formula> = out.iter().map(|f| f.substitute_all(&terms)).collect();
    out.extend(in_full);
    out
}

/// Replays a certified answer.
pub fn check(c: &Certified) -> Result<(), String> {
    if let Some(why) = excessive(c) {
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
            let fails = matches!(truth(&c.statement, at, BITS), Truth::False | Truth::Undefined)
                || truth(&condition, at, BITS) == Truth::False;
            if fails { Ok(()) } else { Err("the statement does not fail there".into()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, Function, Relation};
    use crate::prove::{Engines, Judge as _, Judgement};

    #[test]
    fn a_function_without_its_argument_is_refused_wherever_it_stands() {
        let x = Expr::sym("x");
        let ln = Expr::Fun(Function::Ln, vec![x.clone()]);
        let positive = Formula::rel(x.clone(), Relation::Gt, Expr::int(0));
        let statement = Formula::rel(ln, Relation::Le, x - Expr::int(1));
        let Judgement::Holds(evidence) = Engines::default().judge(&[positive], &statement) else {
            panic!("it holds")
        };
        let plain = serde_json::to_string(&evidence[0]).expect("plain data");
        let argument = r#"["Ln",[{"Sym":"x"}]]"#;
        assert!(plain.contains(argument), "{plain}");
        for arguments in [r#"["Ln",[]]"#, r#"["Ln",[{"Sym":"x"},{"Sym":"x"}]]"#, r#"["Max",[]]"#] {
            let edited = serde_json::from_str(&plain.replace(argument, arguments)).expect("JSON");
            assert!(matches!(replay(&edited), Recheck::Failed(_)), "{arguments}");
        }
    }
}
