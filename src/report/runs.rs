//! What a report says beyond its certificates about runs of algorithms: the certificates were run again; here
//! their invariant, their assumptions and their runs are held against the entry.

use rug::Rational;
use serde_json::Value;

use crate::algorithm::{Certificate, Found};
use crate::expr::Symbol;
use crate::prove::evaluate::Point;
use crate::tex::{latex_formula, plain_formula};

/// What is said beyond the certificates; they have been run again.
pub fn beyond(entry: &Value, certificates: &[Certificate]) -> Option<String> {
    let verdict = entry["verdict"].as_str().unwrap_or("?");
    let shown = entry["parsed"].as_str().unwrap_or("?");
    if let Some(odd) = certificates.iter().map(|c| plain_formula(&c.question.invariant)).find(|f| f != shown)
    {
        return Some(format!("a certificate is about `{odd}`, and the entry about `{shown}`"));
    }
    let stated = list(entry, "assuming");
    for c in certificates {
        let assumed: Vec<String> = c.question.assuming.iter().map(latex_formula).collect();
        if assumed != stated {
            return Some("the certificates assume something else than the entry states".to_owned());
        }
    }
    let is_broken = |c: &&Certificate| matches!(c.found, Found::Broken { .. });
    let mut broken = certificates.iter().filter(is_broken);
    match (verdict, broken.next()) {
        ("refuted", Some(c)) => {
            let at = entry.get("counterexample").and_then(|x| x.get("at")).and_then(Value::as_object);
            let is_there = at.is_some_and(|at| c.question.runs.first().is_some_and(|run| is_point(at, run)));
            (!is_there).then(|| "the counterexample is not the run that breaks the invariant".to_owned())
        }
        ("refuted", None) => Some("the verdict is `refuted`, and no run breaks the invariant".to_owned()),
        ("supported", None) => None,
        ("supported", Some(_)) => {
            Some("the verdict is `supported`, and a run breaks the invariant".to_owned())
        }
        _ => Some(format!("the verdict is `{verdict}`, and runs say nothing of that")),
    }
}

fn list(entry: &Value, key: &str) -> Vec<String> {
    let items = entry.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|i| i.as_str().unwrap_or("?").to_owned()).collect()
}

/// Whether the coordinates that a report gives are those of a run.
fn is_point(at: &serde_json::Map<String, Value>, run: &Point) -> bool {
    at.len() == run.len()
        && at.iter().all(|(symbol, value)| {
            let said = value.as_str().and_then(|v| v.parse::<Rational>().ok());
            said.is_some() && said.as_ref() == run.get(&Symbol::new(symbol))
        })
}
