//! `recheck`: a fresh report is accepted, an edited one is not.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ran, add, game, run};

/// A folder with the paper and its report.
fn reported() -> (TempDir, Value) {
    let dir = game();
    let report = run(dir.path(), ["check", "p", "--format", "json", "--no-timings"]).json();
    (dir, report)
}

fn recheck(dir: &TempDir, report: impl AsRef<[u8]>) -> Ran {
    add(dir, "report.json", report);
    run(dir.path(), ["recheck", "report.json"])
}

fn claim<'r>(report: &'r mut Value, id: &str) -> &'r mut Value {
    let claims = report["claims"].as_array_mut().expect("claims");
    claims.iter_mut().find(|c| c["id"] == id).expect("the claim is there")
}

#[test]
fn a_fresh_report_is_accepted() {
    let (dir, report) = reported();
    let ran = recheck(&dir, report.to_string());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.contains(" 0 failed"), "{ran:?}");
}

#[test]
fn every_edit_of_the_evidence_is_named() {
    let (dir, fresh) = reported();
    type Edit = (&'static str, &'static str, fn(&mut Value));
    let edits: [Edit; 9] = [
        ("p/best", "statement", |c| c["evidence"][0]["statement"] = json!("1 = 1")),
        ("p/best", "engine", |c| c["evidence"][0]["engine"] = json!("signs")),
        ("p/best", "certificate", |c| c["evidence"][0]["certificate"]["proof"] = json!({})),
        ("p/best", "no certificate", |c| {
            c["evidence"][0].as_object_mut().expect("evidence").remove("certificate");
        }),
        ("p/best", "no evidence", |c| c["evidence"] = json!([])),
        ("p/best", "verdict", |c| c["verdict"] = json!("refuted")),
        ("p/worst", "verdict", |c| c["verdict"] = json!("proved")),
        ("p/worst", "witness", |c| {
            let point = c["counterexample"]["at"].as_object_mut().expect("a point");
            point.values_mut().for_each(|v| *v = json!("12345"));
        }),
        ("p/worst", "unknown verdict", |c| c["verdict"] = json!("maybe")),
    ];
    for (id, what, edit) in edits {
        let mut report = fresh.clone();
        edit(claim(&mut report, id));
        assert_ne!(report, fresh, "{what}");
        let ran = recheck(&dir, report.to_string());
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
        assert!(ran.out.contains("failed") && ran.out.contains(id), "{what}: {ran:?}");
    }
}

#[test]
fn a_summary_that_does_not_count_the_claims_is_named() {
    let (dir, mut report) = reported();
    report["summary"]["proved"] = json!(40);
    let ran = recheck(&dir, report.to_string());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("summary"), "{ran:?}");
}

#[test]
fn the_reading_of_a_doubtful_transcription_is_replayed_too() {
    let (dir, mut report) = reported();
    let mut reading = claim(&mut report, "p/best").clone();
    reading["evidence"][0]["statement"] = json!("1 = 1");
    claim(&mut report, "p/best")["reading"] = reading;
    let ran = recheck(&dir, report.to_string());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("p/best"), "{ran:?}");
}

#[test]
fn what_is_no_report_is_an_error() {
    let dir = game();
    let deep = format!("{{\"schema\":1,\"claims\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000));
    let garbled: [&[u8]; 8] = [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"{\"schema\": 1, \"claims\": 3}",
        b"{\"schema\": 2, \"claims\": []}",
        b"\xff\xfe",
        deep.as_bytes(),
    ];
    for text in garbled {
        let ran = recheck(&dir, text);
        let shown = String::from_utf8_lossy(&text[..text.len().min(40)]).into_owned();
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{shown}: {ran:?}");
        assert!(ran.err.contains("`report.json`") && ran.err.contains("help: "), "{shown}: {ran:?}");
    }
    for missing in ["nothing.json", "p"] {
        let ran = run(dir.path(), ["recheck", missing]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.contains(missing) && !ran.err.contains("os error"), "{ran:?}");
    }
}

#[test]
fn a_certificate_that_nests_deeply_is_refused_without_an_overflow() {
    let (dir, mut report) = reported();
    let marker = "DEEP";
    claim(&mut report, "p/best")["evidence"][0]["certificate"]["statement"] = json!(marker);
    let text = report.to_string();
    let bottom = r#"{"Num":{"radix":10,"value":"1"}}"#;
    for (levels, code) in [(40, 1), (60, 2), (400, 2), (100_000, 2)] {
        let deep = format!("{}{bottom}{}", r#"{"Add":["#.repeat(levels), "]}".repeat(levels));
        let statement = format!(r#"{{"Rel":[{deep},"Gt",{bottom}]}}"#);
        let ran = recheck(&dir, text.replace(&format!("\"{marker}\""), &statement));
        assert_eq!(ran.code, Some(code), "{levels}: {}", ran.err);
    }
}
