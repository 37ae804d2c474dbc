//! What runs have shown, for people and for the re-check, which makes them again.

use serde::{Deserialize, Serialize};

use crate::expr::{Relation, Symbol};
use crate::prove::evaluate::{Environment, Point, Value};
use crate::prove::recheck::misapplied;
use crate::tex::{plain_formula, plain_symbol};

use super::machine::{Asked, End, Ran, run};
use super::program::{Question, When};
use super::{MOST_PASSES, MOST_RUNS, Step};

/// The engine's name in reports.
pub const ENGINE: &str = "runs";

/// Significant digits of a value that is not shown exactly.
const DIGITS: usize = 15;
/// The longest text of a rational number that is shown as it is.
const LONGEST: usize = 24;
/// The runs that are named in words.
const NAMED: usize = 4;

/// The values of the variables at one time, as text.
pub type Row = Vec<(Symbol, String)>;

/// Runs of an algorithm and what became of the invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub question: Question,
    pub found: Found,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// In the only run the invariant fails after a round: this part of it.
    Broken { round: usize, part: String, sides: Option<(String, Relation, String)>, trace: Vec<Row> },
    /// Every run keeps it; how many rounds each takes, and where it ends.
    Kept { ends: Vec<(usize, Row)> },
}

/// A value as text; equal text does not mean equal values.
pub fn shown(v: &Value) -> String {
    if let Value::Exact(q) = v {
        let text = q.to_string();
        if text.len() <= LONGEST {
            return text;
        }
    }
    match v {
        Value::Undefined(reason) => format!("undefined ({})", reason.why),
        v => v.decimals(DIGITS).unwrap_or_else(|| "no certain digit".to_owned()),
    }
}

fn row(q: &Question, values: &Environment) -> Row {
    let value = |x: &Symbol| values.get(x).map(shown).unwrap_or_default();
    q.program.state.iter().map(|(x, _)| (x.clone(), value(x))).collect()
}

/// What a run that breaks the invariant shows.
pub(super) fn broken(q: &Question, ran: &Ran) -> Option<Found> {
    let End::Broken { part, sides } = &ran.end else { return None };
    Some(Found::Broken {
        round: ran.trace.len().saturating_sub(1),
        part: plain_formula(part),
        sides: sides.as_deref().map(|(a, r, b)| (shown(a), *r, shown(b))),
        trace: ran.trace.iter().map(|values| row(q, values)).collect(),
    })
}

/// What runs that keep the invariant show.
pub(super) fn kept(q: &Question, runs: &[Ran]) -> Found {
    let end =
        |r: &Ran| (r.trace.len().saturating_sub(1), r.trace.last().map(|v| row(q, v)).unwrap_or_default());
    Found::Kept { ends: runs.iter().map(end).collect() }
}

/// The parameters of a run as text.
pub fn named(at: &Point) -> String {
    let one = |(s, v): (&Symbol, &rug::Rational)| format!("{} = {v}", plain_symbol(s));
    let parts: Vec<String> = at.iter().map(one).collect();
    if parts.is_empty() { "the only run".to_owned() } else { parts.join(", ") }
}

/// Some runs as text, with the number of rounds of each.
fn listed(runs: &[Point], ends: &[(usize, Row)]) -> String {
    let one = |(at, (rounds, _)): (&Point, &(usize, Row))| {
        let s = if *rounds == 1 { "" } else { "s" };
        format!("{} ({rounds} round{s})", named(at))
    };
    let shown: Vec<String> = runs.iter().zip(ends).take(NAMED).map(one).collect();
    let more = runs.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    format!("{}{more}", shown.join("; "))
}

impl Certificate {
    /// What was found, for people.
    pub fn said(&self) -> String {
        let invariant = plain_formula(&self.question.invariant);
        match &self.found {
            Found::Broken { round, part, sides, .. } => {
                let at = self.question.runs.first().map(named).unwrap_or_default();
                let sides = sides
                    .as_ref()
                    .map_or(String::new(), |(a, r, b)| format!(": {a} {} {b} does not hold", symbol(*r)));
                format!("round {round} of the run {at} breaks {part}{sides}")
            }
            Found::Kept { ends } => {
                let when = match self.question.when {
                    When::AfterEachRound => "after each round",
                    When::AtTheEnd => "after the last round",
                };
                format!("{invariant} holds {when} of {}", listed(&self.question.runs, ends))
            }
        }
    }

    /// The states of a run that breaks the invariant, a line each; of a long one the first and the last ones.
    pub fn trace(&self) -> Vec<String> {
        let Found::Broken { trace, .. } = &self.found else { return vec![] };
        let line = |(n, row): (usize, &Row)| {
            let values: Vec<String> = row.iter().map(|(x, v)| format!("{} = {v}", plain_symbol(x))).collect();
            format!("{n}: {}", values.join(", "))
        };
        let lines: Vec<String> = trace.iter().enumerate().map(line).collect();
        if lines.len() <= 12 {
            return lines;
        }
        let (first, last) = (&lines[..4], &lines[lines.len() - 7..]);
        [first, &["…".to_owned()], last].concat()
    }

    /// Makes the runs again.
    fn check(&self) -> Result<(), String> {
        let q = &self.question;
        if q.runs.is_empty() || q.runs.len() > MOST_RUNS || !bounded(&q.program.steps) {
            return Err("there are no runs, or too many".into());
        }
        let unfolded = q.unfolded()?;
        let asked = Asked { written: q, unfolded: &unfolded };
        let runs: Vec<Ran> = q.runs.iter().map(|at| run(&asked, at)).collect();
        let found = match (&self.found, runs.as_slice()) {
            (Found::Broken { .. }, [one]) => {
                broken(&unfolded, one).ok_or("the run does not break the invariant")?
            }
            (Found::Broken { .. }, _) => {
                return Err("one run breaks the invariant, and several are given".into());
            }
            (Found::Kept { .. }, all) => {
                if let Some(i) = all.iter().position(|r| r.end != End::Kept) {
                    return Err(format!("the run {} does not keep the invariant", named(&q.runs[i])));
                }
                kept(&unfolded, all)
            }
        };
        if found == self.found { Ok(()) } else { Err("the run goes otherwise".into()) }
    }
}

fn bounded(steps: &[Step]) -> bool {
    steps.iter().all(|s| match s {
        Step::Set(_) => true,
        Step::If { then, otherwise, .. } => bounded(then) && bounded(otherwise),
        Step::While { body, at_most, .. } => *at_most <= MOST_PASSES && bounded(body),
    })
}

/// A relation as people write it.
pub fn symbol(r: Relation) -> &'static str {
    match r {
        Relation::Eq => "=",
        Relation::Ne => "≠",
        Relation::Lt => "<",
        Relation::Le => "≤",
        Relation::Gt => ">",
        Relation::Ge => "≥",
    }
}

/// The certificate of a piece of evidence, its runs made again; or why it is not accepted.
pub fn accepted(evidence: &serde_json::Value) -> Result<Certificate, String> {
    let said = evidence.get("statement").and_then(serde_json::Value::as_str).unwrap_or("?");
    let failed = |why: String| format!("`{said}`: {why}");
    let certificate = evidence.get("certificate").cloned().unwrap_or_default();
    if let Some(function) = misapplied(&certificate) {
        return Err(failed(format!(
            "the certificate was not understood: `{function}` has no such arguments"
        )));
    }
    let certificate: Certificate = serde_json::from_value(certificate)
        .map_err(|e| failed(format!("the certificate was not understood: {e}")))?;
    if certificate.said() != said {
        return Err(failed(format!("the certificate is of `{}`", certificate.said())));
    }
    certificate.check().map_err(failed)?;
    Ok(certificate)
}
