//! `recheck`: a fresh report is accepted, an edited one is not.

use serde_json::{Value, json};
use tempfile::TempDir;

use proofread::report::replayed::replayed;

use crate::program::{Ran, add, game, paper, run};

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
    for (levels, code) in [(40, 1), (100, 1), (900, 1), (1_100, 2), (100_000, 2)] {
        let deep = format!("{}{bottom}{}", r#"{"Add":["#.repeat(levels), "]}".repeat(levels));
        let statement = format!(r#"{{"Rel":[{deep},"Gt",{bottom}]}}"#);
        let ran = recheck(&dir, text.replace(&format!("\"{marker}\""), &statement));
        assert_eq!(ran.code, Some(code), "{levels}: {}", ran.err);
        assert!(code == 1 || ran.err.contains("levels deep"), "{levels}: {}", ran.err);
    }
}

#[test]
fn evidence_nested_deeper_than_json_readers_like_is_replayed() {
    // Each logarithm takes five levels of JSON.
    let deep = format!("{}x{}", r"\ln(1 + ".repeat(35), ")".repeat(35));
    let text = format!("[symbols]\n'x' = '> 0'\n[[claim]]\nid = 'deep'\nprints = '{deep} = {deep}'\n");
    let dir = paper(&text);
    let ran = run(dir.path(), ["check", "p", "--format", "json", "--no-timings"]);
    assert!(nesting(&ran.out) > 127, "{}", nesting(&ran.out));
    let again = recheck(&dir, &ran.out);
    assert_eq!(again.code, Some(0), "{again:?}");
}

fn nesting(text: &str) -> usize {
    let step = |(now, most): (usize, usize), c| match c {
        '[' | '{' => (now + 1, most.max(now + 1)),
        ']' | '}' => (now - 1, most),
        _ => (now, most),
    };
    text.chars().filter(|c| "[]{}".contains(*c)).fold((0, 0), step).1
}

/// What is read of an entry, beside its evidence.
const READ: [&str; 6] = ["verdict", "assumes", "supposes", "exceptions", "counterexample/at", "evidence"];

/// The leaves of a certificate whose edit may be accepted, and why.
const HARMLESS: [(&str, &str); 6] = [
    ("/defined", "more than one line may settle a clause of a condition"),
    ("/weights", "the statement is homogeneous with other weights too, and a symbol may not occur"),
    ("/den", "zero over any constant is zero"),
    ("/sample", "another point of the same cell is as good a sample"),
    ("/projection", "both ways of projecting may cover the line with the same polynomials"),
    ("/radix", "a digit is the same digit in any larger base"),
];

/// The places of all leaves and, as they can be cut short, of all lists.
fn places(v: &Value, at: &str, out: &mut Vec<String>) {
    match v {
        Value::Array(xs) => {
            out.push(at.to_owned());
            xs.iter().enumerate().for_each(|(i, x)| places(x, &format!("{at}/{i}"), out));
        }
        Value::Object(m) => {
            m.iter().for_each(|(k, x)| places(x, &format!("{at}/{}", k.replace('/', "~1")), out));
        }
        _ => out.push(at.to_owned()),
    }
}

/// The value changed once in some way; `None` where there is nothing to change.
fn changed(v: &Value) -> Option<Value> {
    Some(match v {
        Value::Null => json!(0),
        Value::Bool(b) => json!(!b),
        Value::Number(n) => json!(n.as_i64()? + 1),
        Value::String(s) => match (s.as_str(), s.parse::<i64>()) {
            (_, Ok(n)) => json!((n + 1).to_string()),
            ("Gt", _) => json!("Ge"),
            ("Ge", _) => json!("Gt"),
            ("Lt", _) => json!("Le"),
            ("Le", _) => json!("Lt"),
            ("Eq", _) => json!("Ne"),
            ("Ne", _) => json!("Eq"),
            ("mc-callum", _) => json!("lazard"),
            ("lazard", _) => json!("mc-callum"),
            (s, _) => json!(format!("{s}1")),
        },
        Value::Array(xs) => json!(xs.split_last()?.1),
        Value::Object(_) => return None,
    })
}

/// A paper whose claims rest on every kind of certificate.
const EVERY_ENGINE: &str = r"
[symbols]
'x' = '> 0'
'y' = '> 0'
'k' = '> 1'
[[claim]]
id = 'identity'
prints = 'x^k x = x^{k + 1}'
[[claim]]
id = 'signs'
prints = 'k x^{k - 1} + y^k > 0'
[[claim]]
id = 'order'
prints = 'x^2 + y^2 + 1 > x y + x'
[[claim]]
id = 'certified'
prints = '\ln x \le x - 1'
[[claim]]
id = 'exception'
prints = '\frac{x^2 - y^2}{x - y} = x + y'
[[claim]]
id = 'witness'
prints = 'x^k > x'
";

#[test]
fn every_engine_has_its_certificate_in_a_report() {
    let report = every_engine();
    let claims = report["claims"].as_array().expect("claims");
    let told: Vec<String> = claims
        .iter()
        .map(|c| format!("{} {} {}", c["id"], c["verdict"], c["evidence"][0]["engine"]).replace('"', ""))
        .collect();
    let expected = [
        "p/identity proved identity",
        "p/signs proved signs",
        "p/order proved order",
        "p/certified proved certified",
        "p/exception conditional order",
        "p/witness refuted witness",
    ];
    assert_eq!(told, expected);
    assert_eq!(claims[3]["assumes"], json!(["x > 0"]));
}

fn every_engine() -> Value {
    let dir = paper(EVERY_ENGINE);
    run(dir.path(), ["check", "p", "--format", "json", "--no-timings"]).json()
}

#[test]
fn every_leaf_of_every_certificate_counts() {
    let (dir, game) = reported();
    edited_everywhere(&dir, &game, 250);
}

#[test]
fn every_leaf_of_every_engines_certificate_counts() {
    let dir = game();
    edited_everywhere(&dir, &every_engine(), 500);
}

/// Changes each leaf once: the entry is named, unless the edit is one of those that do no harm.
fn edited_everywhere(dir: &TempDir, fresh: &Value, least: usize) {
    assert_eq!(replayed(fresh).failures, []);
    let (mut edits, mut harmless, mut survivors) = (0, 0, vec![]);
    for i in 0..fresh["claims"].as_array().expect("claims").len() {
        let entry = &fresh["claims"][i];
        let mut all = vec![];
        for key in READ {
            entry
                .pointer(&format!("/{key}"))
                .into_iter()
                .for_each(|v| places(v, &format!("/{key}"), &mut all));
        }
        for place in all {
            let mut report = fresh.clone();
            let leaf = report["claims"][i].pointer_mut(&place).expect("it is there");
            let Some(other) = changed(leaf) else { continue };
            *leaf = other;
            edits += 1;
            let failures = replayed(&report).failures;
            if failures.is_empty() {
                harmless += 1;
                if !HARMLESS.iter().any(|(part, _)| place.contains(part)) {
                    survivors.push(format!("{place} of {}", entry["id"]));
                }
                continue;
            }
            assert!(failures.iter().any(|(id, _)| entry["id"] == *id || id == "summary"), "{failures:?}");
            // The program says so too; once in a while is enough.
            if edits % 200 == 1 {
                let ran = recheck(dir, report.to_string());
                assert_eq!(ran.code, Some(1), "{place}: {ran:?}");
            }
        }
    }
    println!("{edits} edits, {harmless} of them harmless");
    assert!(survivors.is_empty(), "accepted:\n{}", survivors.join("\n"));
    assert!(edits > least && harmless * 4 < edits, "{edits} edits, {harmless} of them harmless");
}

#[test]
fn a_hypothesis_that_is_edited_in_words_and_certificate_is_not_what_the_entry_states() {
    let (_, fresh) = reported();
    let text = fresh.to_string();
    // `c > 0` becomes `c > 1` wherever a certificate or its words say so.
    let (from, to) = (
        r#"[{"Sym":"c"},"Gt",{"Num":{"radix":10,"value":"0"}}]"#,
        r#"[{"Sym":"c"},"Gt",{"Num":{"radix":10,"value":"1"}}]"#,
    );
    assert!(text.contains(from) && text.contains("c > 0"));
    let edited: Value = serde_json::from_str(&text.replace(from, to)).expect("JSON");
    assert_ne!(replayed(&edited).failures, [], "the words differ");
    let mut edited: Value =
        serde_json::from_str(&text.replace(from, to).replace("c > 0", "c > 1")).expect("JSON");
    let replayed_whole = replayed(&edited);
    for (i, c) in fresh["claims"].as_array().expect("claims").iter().enumerate() {
        for key in ["assumes", "supposes"] {
            edited["claims"][i][key] = c[key].clone();
        }
    }
    let told = replayed(&edited).failures;
    assert!(
        told.iter().any(|(_, why)| why.contains("which the entry does not state")),
        "{told:?} {replayed_whole:?}"
    );
}
