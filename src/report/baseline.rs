//! What changed since an earlier report.
//!
//! Entries are compared by id: their verdicts and, where both are the same finding, how they fail:
//! the exceptions, and whether there is a counterexample. Decimals, stories and evidence are no
//! change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::audit::{Entry, Outcome, Verdict};

/// What of an entry counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    verdict: String,
    exceptions: Vec<String>,
    has_counterexample: bool,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: String,
    /// The verdicts before and now; none where there was, or is, no such entry.
    pub before: Option<String>,
    pub now: Option<String>,
}

impl Change {
    /// Whether there is a verdict that is a milder one than before.
    pub fn is_better(&self) -> bool {
        matches!((verdict(self.before.as_ref()), verdict(self.now.as_ref())), (Some(a), Some(b)) if a < b)
    }

    /// What happened to the verdict, in words.
    pub fn words(&self) -> String {
        match (&self.before, &self.now) {
            (None, Some(now)) => format!("new: {now}"),
            (Some(before), None) => format!("gone: {before} before, and there is no such entry any more"),
            (Some(before), Some(now)) if before == now => {
                format!("changed: {now} in another way than before")
            }
            (Some(before), Some(now)) => {
                let how = if self.is_better() { "better" } else { "worse" };
                format!("{how}: {before} before, {now} now")
            }
            (None, None) => "as before".to_owned(),
        }
    }
}

/// The verdict with a name.
fn verdict(name: Option<&String>) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|v| name.is_some_and(|name| v.name() == name))
}

/// All differences of an audit from an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub list: Vec<Change>,
    /// How many findings are the same as before.
    pub known_findings: usize,
}

/// Compares an audit with a report; `is_wanted` says of an id of the report whether the audit would
/// have it, if the paper still does.
pub fn changes(outcome: &Outcome, report: &Value, is_wanted: &dyn Fn(&str) -> bool) -> Changes {
    let claims = report["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut before: BTreeMap<&str, State> =
        claims.iter().filter_map(|c| Some((c["id"].as_str()?, told(c)))).collect();
    let mut out = Changes::default();
    for e in &outcome.entries {
        let now = found(e);
        let old = before.remove(e.id.as_str());
        if old.as_ref() == Some(&now) {
            out.known_findings += usize::from(e.verdict.is_finding());
            continue;
        }
        // A new entry without a finding is no change to look at.
        if old.is_none() && !e.verdict.is_finding() {
            continue;
        }
        let change = Change { id: e.id.clone(), before: old.map(|o| o.verdict), now: Some(now.verdict) };
        out.list.push(change);
    }
    let gone = before.into_iter().filter(|(id, _)| is_wanted(id));
    out.list.extend(gone.map(|(id, o)| Change { id: id.to_owned(), before: Some(o.verdict), now: None }));
    out
}

fn found(e: &Entry) -> State {
    State {
        verdict: e.verdict.name().to_owned(),
        exceptions: e.exceptions.iter().map(|s| s.latex.clone()).collect(),
        has_counterexample: e.counterexample.is_some(),
    }
}

fn told(claim: &Value) -> State {
    let texts = |v: &Value| v.as_array().map(Vec::as_slice).unwrap_or_default().to_vec();
    State {
        verdict: claim["verdict"].as_str().unwrap_or("?").to_owned(),
        exceptions: texts(&claim["exceptions"])
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
        has_counterexample: !claim["counterexample"].is_null(),
    }
}

impl Changes {
    /// The change of an entry.
    pub fn of(&self, id: &str) -> Option<&Change> {
        self.list.iter().find(|c| c.id == id)
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if !self.list.is_empty() {
            out.push_str("Changed since the baseline\n");
            let width = self.list.iter().map(|c| c.id.width()).max().unwrap_or(0);
            for c in &self.list {
                let padding = " ".repeat(width - c.id.width());
                let side = |s: &Option<String>, none: &str| s.clone().unwrap_or_else(|| none.to_owned());
                let (before, now) = (side(&c.before, "new"), side(&c.now, "gone"));
                let same = if before == now { ", in another way" } else { "" };
                let _ = writeln!(out, "  {}{padding}  {before} → {now}{same}", c.id);
            }
            out.push('\n');
        }
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let better = match self.list.iter().filter(|c| c.is_better()).count() {
            0 => String::new(),
            n => format!(", {n} for the better"),
        };
        let _ = writeln!(
            out,
            "{} since the baseline{better}; {} as before",
            count(self.list.len(), "change", "changes"),
            count(self.known_findings, "finding is", "findings are"),
        );
        out
    }

    /// The key `baseline` of a JSON report.
    pub fn json(&self) -> Value {
        let pick = |wanted: &dyn Fn(&Change) -> bool| -> Vec<Value> {
            let chosen = self.list.iter().filter(|c| wanted(c));
            chosen.map(|c| json!({ "id": c.id, "before": c.before, "now": c.now })).collect()
        };
        let is_finding = |name: &Option<String>| verdict(name.as_ref()).is_some_and(Verdict::is_finding);
        let is_fixed = |c: &Change| c.now.is_some() && is_finding(&c.before) && !is_finding(&c.now);
        json!({
            "new": pick(&|c| c.before.is_none()),
            "changed": pick(&|c| c.before.is_some() && c.now.is_some() && !is_fixed(c)),
            "fixed": pick(&is_fixed),
            "gone": pick(&|c| c.now.is_none()),
            "known_findings": self.known_findings,
        })
    }
}
