//! The machine-readable report: every key, every type, and the same bytes every time.

use serde_json::Value;

use crate::program::{finish, game, program, run};

const VERDICTS: [&str; 8] =
    ["proved", "conditional", "gap", "refuted", "supported", "undecided", "vacuous", "conflict"];

fn is_text(v: &Value) -> bool {
    v.is_string()
}

fn may_be(is: fn(&Value) -> bool) -> impl Fn(&Value) -> bool {
    move |v| v.is_null() || is(v)
}

fn check_claim(c: &Value) {
    let has = |key: &str, is: &dyn Fn(&Value) -> bool| {
        let value = c.get(key).unwrap_or_else(|| panic!("no `{key}` in {c}"));
        assert!(is(value), "`{key}` is {value}");
    };
    for key in ["id", "file", "prints", "verdict", "kind"] {
        has(key, &is_text);
    }
    assert!(["claim", "step"].contains(&c["kind"].as_str().expect("text")));
    assert!(VERDICTS.contains(&c["verdict"].as_str().expect("text")));
    has("at", &Value::is_object);
    has("line", &Value::is_u64);
    has("elapsed_ms", &Value::is_u64);
    has("evidence", &Value::is_array);
    for key in ["holds", "severity", "means", "derived", "correction"] {
        has(key, &may_be(is_text));
    }
    has("counterexample", &may_be(Value::is_object));
    has("exceptions", &may_be(Value::is_array));
    has("measured", &may_be(Value::is_object));
    for e in c["evidence"].as_array().expect("a list") {
        assert!(e["engine"].is_string() && e["statement"].is_string() && !e["certificate"].is_null(), "{e}");
    }
    if let Some(x) = c["counterexample"].as_object() {
        assert!(x["at"].as_object().expect("a point").values().all(is_text), "{x:?}");
        assert!(x["printed"].is_string() && x["actual"].is_string(), "{x:?}");
    }
    if let Some(m) = c["measured"].as_object() {
        assert!(["draws", "digits", "worst_digits"].iter().all(|k| m[*k].is_u64()), "{m:?}");
    }
}

#[test]
fn the_report_has_every_key_of_schema_1_and_its_counts_add_up() {
    let dir = game();
    let ran = run(dir.path(), ["check", "p", "--format", "json", "--seed", "7"]);
    let report = ran.json();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["tool"], concat!("proofread ", env!("CARGO_PKG_VERSION")));
    assert_eq!(report["seed"], 7);
    assert!(report["elapsed_ms"].is_u64() && report["notes"].is_array());
    let claims = report["claims"].as_array().expect("claims");
    assert_eq!(claims.len(), 3);
    claims.iter().for_each(check_claim);
    let summary = report["summary"].as_object().expect("a summary");
    assert_eq!(summary.keys().collect::<Vec<_>>(), VERDICTS);
    for (verdict, count) in summary {
        let counted = claims.iter().filter(|c| c["verdict"] == *verdict).count();
        assert_eq!(count.as_u64(), Some(counted as u64), "{verdict}");
    }
    assert_eq!(ran.verdict("p/best"), "proved");
    assert_eq!(ran.verdict("p/worst"), "refuted");
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let dir = game();
    let with = |threads: &str| {
        let arguments = ["check", "p", "--format", "json", "--no-timings"];
        finish(program(dir.path(), arguments).env("RAYON_NUM_THREADS", threads)).out
    };
    let one = with("1");
    assert!(!one.contains("elapsed_ms"), "{one}");
    assert_eq!(one, with("4"));
    assert_eq!(one, with("4"));
}
