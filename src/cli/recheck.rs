//! `proofread recheck`: every certificate of a report, replayed.
//!
//! Beside the certificates themselves it is seen to that the report does not say more than they
//! do: a verdict that rests on a proof or on a witness has one, the counterexample is the
//! witness's point, and the summary counts the entries. That a certificate's hypotheses are those
//! of the paper, and the decimals of a counterexample, are taken on trust.

use std::fs;

use rug::Rational;
use serde_json::{Map, Value};

use crate::audit::Verdict;
use crate::prove::recheck::{Recheck, replay};
use crate::report::json::SCHEMA;

use super::args::RecheckArgs;
use super::output::{CommandError, reason, write};
use super::{CLEAN, FINDINGS};

/// The engine whose certificates are points at which a statement fails.
const WITNESS: &str = "witness";

/// Replays the certificates and names the entries that do not bear out.
pub fn run(args: &RecheckArgs) -> Result<u8, CommandError> {
    let report = read(args)?;
    let claims = report["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut tally = Tally::default();
    for claim in claims {
        tally.entry(claim);
    }
    if let Some(why) = miscounted(&report, claims) {
        tally.fail("summary", why);
    }
    let certificates = if tally.accepted == 1 { "certificate" } else { "certificates" };
    tally.out.push_str(&format!("{} {certificates} accepted, {} failed\n", tally.accepted, tally.failed));
    write(&tally.out)?;
    Ok(if tally.failed == 0 { CLEAN } else { FINDINGS })
}

/// The report, which has claims. JSON that nests more than 127 levels is refused: replaying recurses.
fn read(args: &RecheckArgs) -> Result<Value, CommandError> {
    let shown = args.report.display();
    let wrong = |why: String| CommandError::call(why, "give a report written by `check --format json`");
    let bytes = fs::read(&args.report).map_err(|e| wrong(format!("`{shown}`: {}", reason(&e))))?;
    let report: Value = serde_json::from_slice(&bytes)
        .map_err(|e| wrong(format!("`{shown}` is not JSON that can be read here: {e}")))?;
    if !report.get("claims").is_some_and(Value::is_array) {
        return Err(wrong(format!("`{shown}` has no claims")));
    }
    if report.get("schema").and_then(Value::as_u64) != Some(u64::from(SCHEMA)) {
        return Err(wrong(format!("`{shown}` is not of schema {SCHEMA}")));
    }
    Ok(report)
}

#[derive(Default)]
struct Tally {
    out: String,
    accepted: usize,
    failed: usize,
}

impl Tally {
    fn fail(&mut self, id: &str, why: impl AsRef<str>) {
        self.failed += 1;
        self.out.push_str(&format!("failed  {id}  {}\n", why.as_ref()));
    }

    /// An entry, and what it is with the reading that is believed in.
    fn entry(&mut self, entry: &Value) {
        let id = entry.get("id").and_then(Value::as_str).unwrap_or("?");
        let evidence = entry.get("evidence").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for item in evidence {
            match replay(item) {
                Recheck::Accepted => self.accepted += 1,
                Recheck::Failed(why) => self.fail(id, why),
            }
        }
        if let Some(why) = unsupported(entry, evidence) {
            self.fail(id, why);
        }
        if let Some(reading) = entry.get("reading").filter(|r| !r.is_null()) {
            self.entry(reading);
        }
    }
}

/// What an entry says beyond its evidence.
fn unsupported(entry: &Value, evidence: &[Value]) -> Option<String> {
    let name = entry.get("verdict").and_then(Value::as_str).unwrap_or("?");
    let Some(verdict) = Verdict::ALL.iter().find(|v| v.name() == name) else {
        return Some(format!("`{name}` is not a verdict"));
    };
    let witnesses: Vec<&Value> = evidence.iter().filter(|e| e["engine"] == WITNESS).collect();
    let told = match verdict {
        Verdict::Proved if !witnesses.is_empty() => Some("a witness speaks against it"),
        Verdict::Refuted if witnesses.is_empty() => Some("no witness is given"),
        Verdict::Proved | Verdict::Conditional | Verdict::Gap | Verdict::Vacuous if evidence.is_empty() => {
            Some("no certificate is given")
        }
        _ => None,
    };
    if let Some(told) = told {
        return Some(format!("the verdict is `{name}`, and {told}"));
    }
    let point = entry.get("counterexample").and_then(|c| c.get("at")).and_then(Value::as_object)?;
    let is_witness =
        |w: &&Value| w["certificate"]["proof"][WITNESS]["at"].as_object().is_some_and(|at| agrees(point, at));
    (!witnesses.is_empty() && !witnesses.iter().any(is_witness))
        .then(|| "the counterexample is not at the witness's point".to_owned())
}

/// Whether a witness has every coordinate of a counterexample.
fn agrees(point: &Map<String, Value>, witness: &Map<String, Value>) -> bool {
    point.iter().all(|(symbol, value)| {
        let said = value.as_str().and_then(|v| v.parse::<Rational>().ok());
        let coordinate = witness.get(symbol).and_then(|v| serde_json::from_value(v.clone()).ok());
        said.is_some() && said == coordinate
    })
}

/// Where the summary does not count the claims.
fn miscounted(report: &Value, claims: &[Value]) -> Option<String> {
    Verdict::ALL.iter().find_map(|v| {
        let said = report["summary"].get(v.name()).and_then(Value::as_u64);
        let counted = claims.iter().filter(|c| c["verdict"] == v.name()).count();
        let said_text = said.map_or("no number".to_owned(), |n| n.to_string());
        (said != u64::try_from(counted).ok())
            .then(|| format!("the summary counts {said_text} {}, and the claims are {counted}", v.name()))
    })
}
