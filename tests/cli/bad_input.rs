//! Wrong data gets an error at its place and the exit code 2: never a panic, never a verdict.

use tempfile::TempDir;

use crate::program::{Ran, SYMBOLS, add, one_claim, paper, run};

/// The complaint about a paper; nothing is printed beside it.
fn refused(dir: &TempDir) -> Ran {
    let ran = run(dir.path(), ["check", "p"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.err.contains("help: "), "{ran:?}");
    ran
}

/// The complaint names the file, the line, and what is wrong there.
fn refused_at(dir: &TempDir, line: usize, what: &str) {
    let ran = refused(dir);
    assert!(ran.err.contains(&format!("p/a.toml:{line}:")), "{ran:?}");
    assert!(ran.err.contains(what), "{ran:?}");
}

#[test]
fn an_undeclared_symbol() {
    refused_at(&one_claim("x", "a + q > 0"), 6, "undeclared symbol `q`");
}

#[test]
fn an_unbalanced_brace() {
    refused_at(&one_claim("x", r"\frac{a}{2 > 0"), 6, "`{` is never closed");
    refused_at(&one_claim("x", r"\left( a > 0"), 6, "");
}

#[test]
fn what_is_not_understood_is_never_skipped() {
    for prints in ["a > 0 )", r"a \foo b > 0", "a >", "", r"\begin{cases} a & b", "a > > b", "a > 0 ???"] {
        refused(&one_claim("x", prints));
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let deep = format!("{}a{} > 0", "(".repeat(20_000), ")".repeat(20_000));
    refused(&one_claim("x", &deep));
    let fractions = format!("{}a{} > 0", r"\frac{1}{".repeat(20_000), "}".repeat(20_000));
    refused(&one_claim("x", &fractions));
}

#[test]
fn an_id_that_is_used_twice() {
    let claim = "[[claim]]\nid = 'x'\nprints = 'a > 0'\n";
    let dir = paper(&format!("{SYMBOLS}{claim}{claim}"));
    refused_at(&dir, 8, "the id `x` is used twice");
}

#[test]
fn a_file_that_is_not_there() {
    let dir = one_claim("x", "a > 0");
    let ran = run(dir.path(), ["check", "elsewhere"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("there is no file or folder `elsewhere`"), "{ran:?}");
    // A good paper beside it gives no verdict either.
    let ran = run(dir.path(), ["check", "p", "p/b.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn a_folder_without_a_paper() {
    let dir = TempDir::new().expect("a temporary directory");
    let ran = run(dir.path(), ["check", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("holds no paper") && ran.err.contains("help: "), "{ran:?}");
}

#[test]
fn a_paper_without_anything_to_check() {
    refused(&paper(SYMBOLS));
}

#[test]
fn a_file_that_is_not_utf_8() {
    let dir = one_claim("x", "a > 0");
    add(&dir, "p/b.toml", b"# fine\nsection = 'caf\xe9'\n");
    let ran = refused(&dir);
    assert!(ran.err.contains("p/b.toml") && ran.err.contains("line 2 holds the byte 0xe9"), "{ran:?}");
}

#[test]
fn a_file_that_is_not_toml() {
    refused_at(&paper("[symbols\n'a' = '> 0'\n"), 1, "not valid TOML");
    refused_at(&paper("[symbols]\n'a' = \"\\ge 0\"\n"), 2, "");
}

#[test]
fn several_problems_are_told_in_one_go() {
    let dir = paper(&format!(
        "{SYMBOLS}[[claim]]\nid = 'x'\nprints = 'q > 0'\n[[claim]]\nid = 'y'\nprints = 'a > s'\n"
    ));
    let ran = refused(&dir);
    assert!(ran.err.contains("`q`") && ran.err.contains("`s`"), "{ran:?}");
    assert!(ran.err.contains("the input has 2 problems"), "{ran:?}");
}

#[test]
fn cases_that_leave_a_gap_are_a_finding() {
    let point = one_claim("x", r"\begin{cases} 1 & a > 1 \\ 2 & a < 1 \end{cases} > 0");
    let ran = run(point.path(), ["check", "p"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("conditional") && ran.out.contains("except where a = 1"), "{ran:?}");
    let wide = one_claim("x", r"\begin{cases} 1 & a > 2 \\ 2 & a < 1 \end{cases} > 0");
    let ran = run(wide.path(), ["check", "p"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
}

#[test]
fn cases_that_overlap_and_contradict_the_truth_are_a_finding() {
    let dir = paper(&format!(
        "{SYMBOLS}'x' = '\\in [0,1]'\n'm' = 'name'\n[[claim]]\nid = 'x'\n\
         prints = 'm = \\begin{{cases}} 1 & a \\ge 1 \\\\ 0 & a \\le 2 \\end{{cases}}'\n\
         means = '\\arg\\max_{{x \\in [0,1]}} x'\n"
    ));
    let ran = run(dir.path(), ["check", "p"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("refuted"), "{ran:?}");
}

/// A game whose first-order condition has an exponential in it; `m` is claimed to be `prints`.
fn transcendental(prints: &str) -> TempDir {
    paper(&format!(
        r"
[symbols]
'c' = '> 0'
'\delta' = '\in [0,1]'
'm' = 'name'
'P' = 'player'
'V' = 'function'
[game.run]
bargain = '\delta'
disagreement = {{ P = '0' }}
stages = [{{ player = 'P', chooses = 'x', from = 'x \ge 0' }}]
[game.run.payoffs]
P = 'V := \delta x - c x^2 \exp(x)'
[[claim]]
id = 'top'
game = 'run'
prints = 'm = {prints}'
means = '\arg\max_{{\delta \in [0,1]}} V(\delta)'
"
    ))
}

#[test]
fn a_game_that_is_not_solved_symbolically_goes_the_numeric_route_and_says_so() {
    let dir = transcendental("1");
    let ran = run(dir.path(), ["check", "p", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.verdict("p/top"), "supported");
    assert!(ran.json()["notes"][0].as_str().expect("a note").contains("numeric route only"), "{ran:?}");
    assert_eq!(ran.json()["claims"][0]["measured"]["disagreements"], 0);
    let text = run(dir.path(), ["check", "p"]).out;
    assert!(text.contains("numeric route only"), "{text}");
}

#[test]
fn a_numeric_disagreement_alone_refutes_nothing() {
    let dir = transcendental(r"\frac{1}{2}");
    let ran = run(dir.path(), ["check", "p", "--format", "json"]);
    assert_eq!(ran.verdict("p/top"), "undecided");
}
