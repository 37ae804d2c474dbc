//! `proofread coverage`: what it prints, when it fails, and what it refuses.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ran, add, run};

/// A text and a paper beside it, of the tests' own.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/coverage")
}

fn text() -> String {
    std::fs::read_to_string(folder().join("loaves.md")).expect("the text")
}

/// The paper with another text.
fn beside(name: &str, text: impl AsRef<[u8]>) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    for file in ["paper.toml", "loaves.toml"] {
        let content = std::fs::read(folder().join("bakery").join(file)).expect("the paper");
        add(&dir, &format!("bakery/{file}"), content);
    }
    add(&dir, name, text);
    dir
}

fn coverage(dir: &TempDir, more: &[&str]) -> Ran {
    run(dir.path(), [&["coverage", "text.md", "--in", "bakery"], more].concat())
}

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.err.contains("help: "), "{ran:?}");
    for w in words {
        assert!(ran.err.contains(w), "`{w}` is not in {ran:?}");
    }
}

#[test]
fn a_text_with_a_claim_a_line_a_definition_or_a_reason_for_everything_is_complete() {
    let ran = run(&folder(), ["coverage", "loaves.md", "--in", "bakery"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(!ran.out.contains("Not covered") && !ran.out.contains("Stale"), "{}", ran.out);
    let counts = "6 formulas, 10 rows: 4 by claims, 3 by steps, 2 by definitions, 1 by reasons\n";
    assert!(ran.out.ends_with(counts), "{}", ran.out);
    assert!(ran.out.contains("  A Proof "), "{}", ran.out);
}

#[test]
fn what_has_nothing_comes_first_and_is_a_finding() {
    let changed = text().replace("p - 2c q^* = 0", "p + 2c q^* = 0").replace("> 0. \\tag{3}", "< 1 \\tag{3}");
    let ran = coverage(&beside("text.md", changed), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.out.starts_with("Not covered\n"), "{}", ran.out);
    assert!(ran.out.contains("nothing  line 35     2         < 1\n"), "{}", ran.out);
    assert!(
        ran.out.contains(r"nothing  line 43     A         \Rightarrow\; & p + 2c q^* = 0"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("2 by nothing\n"), "{}", ran.out);
}

#[test]
fn a_chain_that_is_covered_in_part_says_what_is_left() {
    let changed = text().replace(r"\dfrac{p}{2c}. \label", r"\dfrac{p}{2c} < p. \label");
    let ran = coverage(&beside("text.md", changed), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains(r"in part  line 28     2         q^* = \dfrac{p}{2c} < p"), "{}", ran.out);
    assert!(ran.out.contains(r"not covered: \dfrac{p}{2c} < p"), "{}", ran.out);
}

#[test]
fn a_formula_without_its_claim_is_left() {
    let dir = beside("text.md", text());
    let paper = std::fs::read_to_string(dir.path().join("bakery/loaves.toml")).expect("the paper");
    let without = paper.replace("U_B = \\frac{p^2}{4c} > 0", "U_B > 0");
    assert_ne!(without, paper);
    add(&dir, "bakery/loaves.toml", without);
    let ran = coverage(&dir, &["--format", "json"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let open: Vec<Value> = rows(&ran).into_iter().filter(|r| r["state"] != "covered").collect();
    assert_eq!(open.iter().map(|r| r["line"].clone()).collect::<Vec<_>>(), [34, 35], "{open:?}");
}

fn rows(ran: &Ran) -> Vec<Value> {
    let report = ran.json();
    let equations = report["equations"].as_array().expect("a list").clone();
    equations.iter().flat_map(|e| e["rows"].as_array().expect("a list").clone()).collect()
}

#[test]
fn as_json_every_row_says_what_covers_it() {
    let ran = coverage(&beside("text.md", text()), &["--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report = ran.json();
    assert_eq!((&report["schema"], &report["complete"]), (&Value::from(1), &Value::from(true)));
    assert_eq!(report["counts"]["rows"], 10);
    let first = &rows(&ran)[0];
    assert_eq!(first["line"], 7);
    assert_eq!(first["by"][0]["id"], "game bakery: the payoff of B");
    assert_eq!(first["by"][0]["kind"], "definition");
    assert_eq!(ran.out, coverage(&beside("text.md", text()), &["--format", "json"]).out);
}

#[test]
fn sections_are_chosen_by_number_or_title() {
    let dir = beside("text.md", text());
    let count = |glob: &str| {
        coverage(&dir, &["--section", glob, "--format", "json"]).json()["counts"]["rows"].clone()
    };
    assert_eq!((count("2"), count("A"), count("*BAKERY")), (3.into(), 4.into(), 3.into()));
    refused(&coverage(&dir, &["--section", "9"]), &["no section matches `9`", "`1 The bakery`"]);
    refused(&coverage(&dir, &["--section", "[a"]), &["`[a` is not a pattern"]);
}

#[test]
fn what_another_version_prints_covers_nothing_in_this_one() {
    let dir = beside("text.md", text());
    assert_eq!(coverage(&dir, &["--as", "long"]).code, Some(0));
    let talk = coverage(&dir, &["--as", "talk"]);
    assert_eq!(talk.code, Some(1));
    assert!(talk.out.ends_with("2 by definitions, 1 by reasons, 7 by nothing\n"), "{talk:?}");
    refused(&coverage(&dir, &["--as", "short"]), &["there is no version `short`", "`long`, `talk`"]);
}

#[test]
fn a_reason_for_a_formula_that_is_not_there_is_stale() {
    let ran = coverage(&beside("text.md", text().replace("p = 3", "p = 4").replace("{1}{2}", "{1}{3}")), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("Stale reasons"), "{}", ran.out);
    assert!(ran.out.contains("loaves.toml:39  example: numbers for the figure"), "{}", ran.out);
}

#[test]
fn a_text_that_cannot_be_read_is_refused_with_its_place() {
    let with = |text: &[u8]| coverage(&beside("text.md", text), &[]);
    refused(&with(b"one\n\n$$a = b\n\n$$c$$\n"), &["text.md:3:", "`$$` is never closed"]);
    refused(&with(b"one\n\\end{align}\n"), &["text.md:2:", "`\\end{align}` closes nothing"]);
    refused(&with(b"only $a = b$ in a line\n"), &["`text.md` displays no formula"]);
    refused(&with(b""), &["`text.md` displays no formula"]);
    refused(&with(b"a\n\xff\n"), &["`text.md` is not UTF-8", "line 2"]);
    let dir = beside("other.md", "");
    refused(&coverage(&dir, &[]), &["there is no file or folder `text.md`"]);
    refused(
        &run(dir.path(), ["coverage", "bakery", "--in", "bakery"]),
        &["`bakery` is a folder", "the paper's text"],
    );
    refused(&run(dir.path(), ["coverage", "other.md", "--in", "elsewhere"]), &["`elsewhere`"]);
}

#[test]
fn a_row_that_is_no_latex_is_left_and_not_fatal() {
    let ran = coverage(&beside("text.md", format!("$$\\left$$\n\n{}", text())), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("cannot be taken apart: no bracket behind `\\left`"), "{}", ran.out);
}

#[test]
fn a_reason_is_refused_where_it_stands() {
    let refused_with = |entry: &str, words: &[&str]| {
        let dir = beside("text.md", text());
        add(&dir, "bakery/reasons.toml", format!("[[displayed]]\n{entry}\n"));
        refused(&coverage(&dir, &[]), words);
    };
    let is = "is = 'example'";
    refused_with(&format!("prints = 'a'\n{is}\nbecause = ' '"), &["reasons.toml:4:", "an empty reason"]);
    refused_with(&format!("prints = 'a'\n{is}"), &["reasons.toml:1:", "no `because`"]);
    refused_with(&format!("{is}\nbecause = 'b'"), &["reasons.toml:1:", "no `prints`"]);
    refused_with(
        "prints = 'a'\nis = 'exmple'\nbecause = 'b'",
        &["reasons.toml:3:", "did you mean `example`?"],
    );
    refused_with(
        &format!("prints = '\\frac{{a'\n{is}\nbecause = 'b'"),
        &["reasons.toml:2:", "`{` is never closed"],
    );
    refused_with(&format!("prints = ''\n{is}\nbecause = 'b'"), &["reasons.toml:2:", "an empty formula"]);
    refused_with(&format!("prnts = 'a'\n{is}\nbecause = 'b'"), &["reasons.toml:2:", "unknown key `prnts`"]);
    refused_with(
        &format!("prints = 'a'\nprints = 'b'\n{is}\nbecause = 'b'"),
        &["reasons.toml:3:", "duplicate key"],
    );
    let twice =
        format!("prints = 'a'\n{is}\nbecause = 'b'\n[[displayed]]\nprints = 'a '\n{is}\nbecause = 'c'");
    refused_with(&twice, &["reasons.toml:6:", "two reasons", "line 2"]);
    refused_with(
        &format!("reads = 'a'\nat = {{ long = 'Theorem 2.1' }}\n{is}\nbecause = 'b'"),
        &["no `prints`"],
    );
}

#[test]
fn latex_is_read_as_latex() {
    let tex = "\\documentclass{article}\n\\begin{document}\n\\section{The bakery}\n% $$a = b$$\n\
               \\[ K(q) = c q^2 \\]\n\\appendix\n\\section{Proof}\n\\begin{align}\n  p - 2 c q^* &= 0\n\\end{align}\n\
               \\end{document}\n";
    let dir = beside("text.tex", tex);
    let ran = run(dir.path(), ["coverage", "text.tex", "--in", "bakery"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.contains("2 formulas, 2 rows: 1 by steps, 1 by definitions"), "{}", ran.out);
}
