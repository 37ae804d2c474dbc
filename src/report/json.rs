//! The machine-readable report, schema 1. Its keys are a contract: added to, never renamed.

use rug::Rational;
use serde_json::{Map, Value, json};

use crate::audit::{Entry, Outcome, Payoffs, Verdict};
use crate::prove::Evidence;
use crate::tex::latex_formula;

/// The schema number of [`report`].
pub const SCHEMA: u32 = 1;

/// The report as one JSON object. With `timings` off, two runs on the same input give the same
/// bytes.
pub fn report(outcome: &Outcome, timings: bool) -> Value {
    let counts = outcome.counts();
    let summary: Map<String, Value> =
        Verdict::ALL.iter().map(|v| (v.name().to_owned(), json!(counts[v]))).collect();
    let mut object = json!({
        "schema": SCHEMA,
        "tool": concat!("proofread ", env!("CARGO_PKG_VERSION")),
        "seed": outcome.seed,
    });
    let map = object.as_object_mut().expect("an object was built");
    if timings {
        map.insert("elapsed_ms".into(), json!(outcome.elapsed_ms));
        map.insert("recalled".into(), json!(outcome.recalled));
    }
    map.insert("summary".into(), Value::Object(summary));
    map.insert("notes".into(), json!(outcome.notes));
    let claims: Vec<Value> = outcome.entries.iter().map(|e| entry(e, timings)).collect();
    map.insert("claims".into(), Value::Array(claims));
    object
}

/// One entry of it.
pub fn entry(e: &Entry, timings: bool) -> Value {
    let mut object = json!({
        "id": e.id,
        "kind": e.kind,
        "at": e.at,
        "file": e.file,
        "line": e.line,
        "holds": e.holds,
        "severity": e.severity,
        "prints": e.prints,
        "parsed": e.parsed,
        "means": e.means.as_ref().map(|m| &m.latex),
        "assuming": e.assuming.iter().map(|f| &f.latex).collect::<Vec<_>>(),
        "verdict": e.verdict,
        "assumes": suppositions(e, true),
        "supposes": suppositions(e, false),
        "evidence": e.evidence,
        "derived": e.derived.as_ref().map(|s| &s.latex),
        "correction": e.correction.as_ref().map(|s| &s.latex),
        "counterexample": e.counterexample.as_ref().map(|c| {
            let at: Map<String, Value> =
                c.at.iter().map(|(s, v)| (s.latex().to_owned(), json!(v.to_string()))).collect();
            let mut object = json!({ "at": at, "printed": c.printed, "actual": c.actual });
            if let (Some(p), Some(map)) = (&c.payoffs, object.as_object_mut()) {
                map.insert("payoffs".into(), payoffs(p));
            }
            object
        }),
        "exceptions": (!e.exceptions.is_empty())
            .then(|| e.exceptions.iter().map(|s| s.latex.clone()).collect::<Vec<_>>()),
        "measured": e.measured.as_ref().map(|m| {
            json!({ "draws": m.draws, "digits": m.digits, "worst_digits": m.worst_digits,
                    "disagreements": m.disagreements })
        }),
        "story": e.story,
        "reading": e.reading.as_ref().map(|r| entry(r, timings)),
    });
    if !e.some.is_empty() {
        let names: Vec<&str> = e.some.iter().map(|s| s.latex()).collect();
        object.as_object_mut().expect("an object was built").insert("for_some".into(), json!(names));
    }
    if timings {
        object.as_object_mut().expect("an object was built").insert("elapsed_ms".into(), json!(e.elapsed_ms));
    }
    object
}

/// Payoffs as lists of agreements and values, exact.
fn payoffs(p: &Payoffs) -> Value {
    let pairs = |v: &[(Rational, Rational)]| -> Vec<[String; 2]> {
        v.iter().map(|(x, u)| [x.to_string(), u.to_string()]).collect()
    };
    let lists: Map<String, Value> = p.lists.iter().map(|(name, v)| (name.clone(), json!(pairs(v)))).collect();
    json!({ "through": lists, "pareto": p.pareto, "facts": p.facts })
}

/// The hypotheses of an entry's certificates, each once: those that are facts of the claim's
/// setting, which the verdict rests on, or the others, which single certificates suppose: the
/// cases of a distinction, the premises of a line, what a point is compared with.
fn suppositions(e: &Entry, facts: bool) -> Vec<String> {
    let mut out = vec![];
    for h in e.evidence.iter().flat_map(Evidence::hypotheses).filter(|h| e.facts.contains(h) == facts) {
        let shown = latex_formula(&h);
        if !out.contains(&shown) {
            out.push(shown);
        }
    }
    out
}
