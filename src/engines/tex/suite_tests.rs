//! A public collection of LaTeX inputs, where it is at hand.

use std::path::PathBuf;

use super::reading_tests::scope;
use super::*;
use crate::expr::{Entry, Kind};

/// The collection's rows that hold real algebra in this reader's language, by their groups and
/// the commands in them.
fn is_algebra(latex: &str, group: &str, expected: &serde_json::Value) -> bool {
    let foreign = [
        "\\sin",
        "\\cos",
        "\\tan",
        "\\csc",
        "\\sec",
        "\\arc",
        "\\int",
        "\\lim",
        "\\prod",
        "\\binom",
        "\\tbinom",
        "\\dbinom",
        "\\overline",
        "\\langle",
        "\\rangle",
        "\\lfloor",
        "\\lceil",
        "matrix",
        "array",
        "!",
        "\\imaginaryunit",
        "\\lg",
        "\\infty",
        "\\mathit",
        "'",
        "\\det",
        "frac{d",
        "\\trace",
        "quad",
    ];
    let bad = group.contains("BAD") || expected.is_null();
    !bad && !foreign.iter().any(|f| latex.contains(f))
}

fn letters() -> Scope {
    let mut scope = scope(
        &('a'..='z').chain('A'..='Z').map(|c| format!("{c} ")).collect::<String>(),
        "f g h_\\theta h_{\\theta} f_1",
        &[],
    );
    for name in [
        r"\alpha",
        r"\theta",
        r"\pi",
        r"\mu",
        "x_0",
        "x_1",
        "x_a",
        "x_b",
        r"h_\theta",
        "a_{n+k}",
        "a_{2n}",
        "a_{n^2}",
    ] {
        let kind = if name.starts_with('h') { Kind::Function } else { Kind::Variable };
        scope.redeclare(Entry { symbol: Symbol::new(name), kind, domain: vec![] });
    }
    scope
}

#[test]
fn a_public_collection_is_read_where_it_is_algebra_and_refused_with_a_place_elsewhere() {
    let root = std::env::var_os("PROOFREAD_SUITES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("sympy_parse_latex.jsonl")) else {
        println!("skipped: no sympy_parse_latex.jsonl in {}", root.display());
        return;
    };
    let scope = letters();
    let (mut algebra, mut read, mut others, mut refused) = (0, 0, 0, 0);
    for row in text.lines() {
        let row: serde_json::Value = serde_json::from_str(row).expect("a row is JSON");
        let (latex, group) = (row["latex"].as_str().unwrap_or(""), row["group"].as_str().unwrap_or(""));
        let outcome = parse_expr(latex, &scope).map(|e| vec![e]).or_else(|first| {
            let terms = |f: Formula| f.terms().into_iter().cloned().collect();
            parse_formula(latex, &scope).map(terms).map_err(|_| first)
        });
        if let Err(e) = &outcome {
            assert!(e.span.start <= e.span.end && e.span.end <= latex.len(), "{latex}: {e:?}");
        }
        if is_algebra(latex, group, &row["expected"]) {
            algebra += 1;
            read += usize::from(outcome.is_ok());
            if let Err(e) = outcome {
                println!("refused: {latex}  ({e})");
            }
        } else {
            others += 1;
            refused += usize::from(outcome.is_err());
            if let Ok(e) = outcome {
                println!("read: {latex}  as {}", e.iter().map(plain).collect::<Vec<_>>().join(" | "));
            }
        }
    }
    println!("algebra: {read} of {algebra} read; others: {refused} of {others} refused");
    assert!(read * 100 >= algebra * 90, "{read} of {algebra} rows of algebra were read");
}
