//! A report's evidence, replayed, and what the report says beyond it.
//!
//! Each certificate is re-checked ([`crate::prove::recheck`]), and the report may not say more than
//! its certificates do:
//!
//! * the words of a piece of evidence are those of its certificate, hypotheses included;
//! * every hypothesis of a certificate is among what the entry says that it `assumes` or
//!   `supposes`, and all that it says there is a hypothesis of a certificate: who compares these
//!   lists with the paper has seen every hypothesis that a certificate uses;
//! * a verdict that rests on a proof or on a witness has one, a counterexample is at the witness's
//!   point, an exception is one of an identity, or certificates are about being in it or outside it;
//! * the summary counts the entries.
//!
//! Taken on trust: that `assumes` are the facts of the paper, that the certificates together (the
//! cases that some of them suppose being all there are) give the verdict on what is printed, the
//! decimals of a counterexample, what was measured, and the words of the story.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rug::Rational;
use serde_json::{Map, Value};

use crate::algorithm;
use crate::audit::{Entry, Verdict};
use crate::expr::Formula;
use crate::expr::fraction::fractions_in;
use crate::finite::{self, Certificate};
use crate::prove::evidence::{Certified, Proof};
use crate::prove::recheck::{self, set_apart};
use crate::tex::latex_formula;

use super::{json, models, runs};

/// What became of a report's certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// How many certificates are accepted.
    pub accepted: usize,
    /// The entries that do not bear out, with the reason.
    pub failures: Vec<(String, String)>,
}

/// How much is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    All,
    /// All but searches of all finite models, which take as long as the first time.
    WithoutSearches,
}

/// Replays the certificates of a report and names the entries that do not bear out.
pub fn replayed(report: &Value) -> Replayed {
    let claims = report["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut out = Replayed::together(claims.par_iter().map(|entry| Replayed::of(entry, Extent::All)));
    if let Some(why) = miscounted(report, claims) {
        out.fail("summary", why);
    }
    out
}

/// Replays, to some extent, the certificates of entries that come from elsewhere than a report, each as the report
/// would have it.
pub fn replayed_entries(entries: &[Entry], extent: Extent) -> Replayed {
    Replayed::together(entries.par_iter().map(|e| Replayed::of(&json::entry(e, false), extent)))
}

impl Replayed {
    /// All of them, in their order.
    fn together(parts: impl IndexedParallelIterator<Item = Replayed>) -> Replayed {
        let mut out = Replayed::default();
        for part in parts.collect::<Vec<_>>() {
            out.accepted += part.accepted;
            out.failures.extend(part.failures);
        }
        out
    }

    fn of(entry: &Value, extent: Extent) -> Replayed {
        let mut out = Replayed::default();
        out.entry(entry, extent);
        out
    }

    fn fail(&mut self, id: &str, why: impl Into<String>) {
        self.failures.push((id.to_owned(), why.into()));
    }

    /// An entry, and what it is with the reading that is believed in.
    fn entry(&mut self, entry: &Value, extent: Extent) {
        let id = entry.get("id").and_then(Value::as_str).unwrap_or("?");
        let evidence = entry.get("evidence").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut certificates = vec![];
        if evidence.iter().any(|e| e["engine"] == finite::recheck::ENGINE) {
            return self.models(id, entry, evidence, extent);
        }
        if evidence.iter().any(|e| e["engine"] == algorithm::ENGINE) {
            return self.runs(id, entry, evidence);
        }
        for item in evidence {
            match recheck::accepted(item) {
                Ok(certified) => {
                    self.accepted += 1;
                    certificates.push(certified);
                }
                Err(why) => self.fail(id, why),
            }
        }
        // What is said beyond evidence that fails is no news.
        if certificates.len() == evidence.len() {
            let complaints = [
                unsupported(entry, &certificates),
                unstated(entry, &certificates),
                unexceptional(entry, &certificates),
            ];
            complaints.into_iter().flatten().for_each(|why| self.fail(id, why));
        }
        if let Some(reading) = entry.get("reading").filter(|r| !r.is_null()) {
            self.entry(reading, extent);
        }
    }
}

impl Replayed {
    /// An entry whose evidence is about finite models.
    fn models(&mut self, id: &str, entry: &Value, evidence: &[Value], extent: Extent) {
        let mut certificates = vec![];
        for item in evidence {
            let is_left_out = extent == Extent::WithoutSearches
                && matches!(finite::recheck::read(item), Ok(Certificate::Exhausted { .. }));
            let replay = if is_left_out { finite::recheck::read } else { finite::recheck::accepted };
            match replay(item) {
                Ok(c) => certificates.push(c),
                Err(why) => return self.fail(id, why),
            }
        }
        self.accepted += certificates.len();
        if let Some(why) = models::beyond(entry, &certificates) {
            self.fail(id, why);
        }
    }
}

impl Replayed {
    /// An entry whose evidence is runs of an algorithm.
    fn runs(&mut self, id: &str, entry: &Value, evidence: &[Value]) {
        let mut certificates = vec![];
        for item in evidence {
            match algorithm::accepted(item) {
                Ok(c) => certificates.push(c),
                Err(why) => return self.fail(id, why),
            }
        }
        self.accepted += certificates.len();
        if let Some(why) = runs::beyond(entry, &certificates) {
            self.fail(id, why);
        }
    }
}

/// A verdict without what it rests on.
fn unsupported(entry: &Value, certificates: &[Certified]) -> Option<String> {
    let name = entry.get("verdict").and_then(Value::as_str).unwrap_or("?");
    let Some(verdict) = Verdict::ALL.iter().find(|v| v.name() == name) else {
        return Some(format!("`{name}` is not a verdict"));
    };
    let witnesses: Vec<_> = certificates
        .iter()
        .filter_map(|c| match &c.proof {
            Proof::Witness { at } => Some(at),
            _ => None,
        })
        .collect();
    // That something holds for no value of a symbol is proved, as that it holds for all.
    let for_some = !texts(entry, "for_some").is_empty();
    let told = match verdict {
        Verdict::Refuted if for_some && witnesses.is_empty() && !certificates.is_empty() => None,
        Verdict::Proved if !witnesses.is_empty() => Some("a witness speaks against it"),
        Verdict::Refuted if witnesses.is_empty() => Some("no witness is given"),
        Verdict::Conditional if witnesses.is_empty() && texts(entry, "exceptions").is_empty() => {
            Some("no exception is given")
        }
        Verdict::Proved | Verdict::Conditional | Verdict::Gap | Verdict::Vacuous
            if certificates.is_empty() =>
        {
            Some("no certificate is given")
        }
        _ => None,
    };
    if let Some(told) = told {
        return Some(format!("the verdict is `{name}`, and {told}"));
    }
    let point = entry.get("counterexample").and_then(|c| c.get("at")).and_then(Value::as_object)?;
    (!witnesses.is_empty() && !witnesses.iter().any(|at| agrees(point, at)))
        .then(|| "the counterexample is not at the witness's point".to_owned())
}

/// Whether a witness has every coordinate of a counterexample.
fn agrees(point: &Map<String, Value>, witness: &crate::prove::evaluate::Point) -> bool {
    point.iter().all(|(symbol, value)| {
        let said = value.as_str().and_then(|v| v.parse::<Rational>().ok());
        said.is_some() && said.as_ref() == witness.get(&crate::expr::Symbol::new(symbol))
    })
}

/// A hypothesis that the entry does not state, or one that it states and nothing uses.
fn unstated(entry: &Value, certificates: &[Certified]) -> Option<String> {
    let stated: BTreeSet<&str> =
        ["assumes", "supposes"].into_iter().flat_map(|key| texts(entry, key)).collect();
    let used: BTreeSet<String> = certificates.iter().flat_map(|c| &c.hypotheses).map(latex_formula).collect();
    if let Some(h) = used.iter().find(|h| !stated.contains(h.as_str())) {
        return Some(format!("a certificate supposes `{h}`, which the entry does not state"));
    }
    let unused = stated.iter().find(|s| !used.contains(**s))?;
    Some(format!("the entry states `{unused}`, which no certificate supposes"))
}

/// An exception that no certificate is about.
fn unexceptional(entry: &Value, certificates: &[Certified]) -> Option<String> {
    let told = texts(entry, "exceptions");
    let known: BTreeSet<String> = certificates
        .iter()
        .flat_map(set_apart)
        .flat_map(|f: Formula| [latex_formula(&f), shown(&f)])
        .collect();
    let odd = told.into_iter().find(|e| !known.contains(*e))?;
    Some(format!("no certificate is about the exception `{odd}`"))
}

/// A statement as a report shows it.
fn shown(f: &Formula) -> String {
    latex_formula(&fractions_in(f))
}

fn texts<'e>(entry: &'e Value, key: &str) -> Vec<&'e str> {
    match entry.get(key) {
        None | Some(Value::Null) => vec![],
        Some(Value::Array(list)) => list.iter().map(|v| v.as_str().unwrap_or("?")).collect(),
        Some(_) => vec!["?"],
    }
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
