//! `proofread decide` from outside: small scripts with known answers, wrong scripts, hostile
//! sizes, a public suite where it is present, and a comparison with another solver where that is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use proofread::smt::{self, Answer, Reply};

fn decide(script: &str, options: &[&str]) -> Output {
    let dir = TempDir::new().expect("a temporary directory");
    let file = dir.path().join("problem.smt2");
    fs::write(&file, script).expect("the script is written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofread"));
    command.arg("decide").arg(&file).args(options).current_dir(&dir).output().expect("the program runs")
}

fn printed(script: &str, options: &[&str]) -> String {
    let out = decide(script, options);
    assert_eq!(out.status.code(), Some(0), "{script}\n{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

/// The answer of the library, as the program prints it.
fn answer(script: &str, timeout: Duration) -> String {
    let deadline = Instant::now() + timeout;
    let script = smt::read(script, Some(deadline)).unwrap_or_else(|e| panic!("{script}\n{e}"));
    let mut out = String::new();
    smt::run(script, deadline, |reply| {
        out = match reply {
            Reply::Answer(Answer::Sat(_)) => "sat",
            Reply::Answer(Answer::Unsat) => "unsat",
            Reply::Answer(Answer::Unknown(_)) => "unknown",
            Reply::Model(_) => return,
        }
        .into();
    })
    .unwrap_or_else(|e| panic!("{e}"));
    out
}

fn about(x: &str, assertion: &str) -> String {
    let constants: String = x.split_whitespace().map(|x| format!("(declare-const {x} Real)")).collect();
    format!("(set-logic QF_NRA){constants}(assert {assertion})(check-sat)")
}

#[test]
fn small_problems_have_their_known_answers() {
    let table = [
        ("sat", "x", "(= (* x x) 2)"),
        ("unsat", "x", "(= (* x x) (- 2))"),
        ("unsat", "x", "(< (* x x x x) 0)"),
        ("unsat", "x y", "(and (= (+ (* x x) (* y y)) 1) (> (+ x y) 1.4143))"),
        ("sat", "x y", "(and (= (+ (* x x) (* y y)) 1) (> (+ x y) 1.4142))"),
        ("unsat", "x y", "(and (> x 0) (> y 0) (< (+ (/ x y) (/ y x)) 2))"),
        ("sat", "x y", "(and (> x 0) (> y 0) (<= (+ (/ x y) (/ y x)) 2))"),
        ("sat", "x", "(= (^ x 3) 5)"),
        ("unsat", "x", "(not (= (^ x 0) 1))"),
        ("unsat", "x y", "(distinct (ite (< x y) x y) x y)"),
        ("sat", "x y z", "(distinct x y z)"),
        ("unsat", "x", "(xor (< x 0) (>= x 0) true)"),
        ("unsat", "x", "(= (< x 0) (>= x 0))"),
        ("sat", "x y", "(< 0 x y 1)"),
        ("unsat", "x y", "(and (< 0 x y 1) (< y x))"),
    ];
    for (expected, constants, assertion) in table {
        assert_eq!(answer(&about(constants, assertion), Duration::from_secs(60)), expected, "{assertion}");
    }
}

#[test]
fn division_by_zero_is_an_unknown_function_and_nothing_more() {
    let table = [
        // Nothing is said of one quotient by zero …
        ("sat", "x", "(= (/ x 0) 7)"),
        ("sat", "x y", "(and (= y 0) (= (/ x y) 1) (= x 5))"),
        // … and the product with the divisor is not the dividend.
        ("sat", "x y", "(not (= (* y (/ x y)) x))"),
        ("unsat", "x y", "(and (not (= (* y (/ x y)) x)) (> (* y y) 0))"),
        // Equal dividends have equal quotients, however they are written.
        ("unsat", "x y", "(and (= x y) (not (= (/ x 0) (/ y 0))))"),
        ("unsat", "x", "(not (= (/ (+ x x) 0) (/ (* 2 x) (- 1 1))))"),
        ("unsat", "x y", "(and (= x 1) (= y 0) (not (= (/ x y) (/ 1 0))))"),
        ("sat", "x", "(not (= (/ 1 0) (/ 2 0)))"),
        // A quotient that is itself a dividend.
        ("unsat", "x", "(and (= (/ 1 0) 1) (not (= (/ (/ 1 0) 0) 1)))"),
        ("sat", "x", "(and (= (/ 1 0) 2) (not (= (/ (/ 1 0) 0) 2)))"),
        ("unsat", "x y", "(and (= (/ x y) 2) (= x y) (> y 0))"),
        ("sat", "x y", "(and (= (/ x y) 2) (= x y))"),
        // Only the branch taken counts.
        ("unsat", "x", "(< (ite (= x 0) 1 (/ (* x x) (* x x))) 1)"),
    ];
    for (expected, constants, assertion) in table {
        assert_eq!(answer(&about(constants, assertion), Duration::from_secs(60)), expected, "{assertion}");
    }
}

#[test]
fn a_model_has_exact_values() {
    let script = "(declare-const x Real)(declare-const |a b| Real)(declare-const unused Real)
        (assert (= (* x x) 2))(assert (> x 0))(assert (= (* 3 |a b|) (- 2)))(check-sat)";
    let expected = "sat\n(\n  (define-fun x () Real (root-obj (+ (^ x 2) (- 2)) 2))\n  \
        (define-fun |a b| () Real (- (/ 2.0 3.0)))\n  (define-fun unused () Real 0.0)\n)\n";
    assert_eq!(printed(script, &["--model"]), expected);
    assert_eq!(printed(script, &[]), "sat\n");
    assert_eq!(printed(&format!("{script}(get-model)"), &[]), expected);
}

#[test]
fn each_question_is_about_the_assertions_before_it() {
    let script = "(declare-const x Real)(check-sat)(assert (> x 1))(check-sat)
        (assert (< x 1))(check-sat)(get-model)(exit)(check-sat)";
    assert_eq!(printed(script, &[]), "sat\nsat\nunsat\n(error \"there is no model\")\n");
}

#[test]
fn wrong_input_ends_with_exit_code_two_and_the_place() {
    let out = decide("(declare-const x Real)\n(assert (< x y))", &[]);
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("problem.smt2:2:14: `y` is not declared"), "{said}");
    assert!(said.contains("help: "), "{said}");
    assert!(out.stdout.is_empty());
}

/// Problems too large for an answer: none may crash the program or outlast its limit.
#[test]
fn hostile_sizes_end_in_time() {
    let deep = 10_000;
    let sums = format!("(< {}x{} 0)", "(+ 1 (* 2 ".repeat(deep), "))".repeat(deep));
    let nots = format!("{}(< x 0){}", "(or (= x 1) (and (= x 2) ".repeat(deep), "))".repeat(deep));
    let ites = format!("(< {}x{} 0)", "(ite (< x 1) x ".repeat(deep), ")".repeat(deep));
    let mut shared = String::from("(let ((a0 (+ x y)))");
    let mut squared = String::from("(let ((a0 (< x y)))");
    for i in 1..200 {
        shared.push_str(&format!("(let ((a{i} (* a{} a{})))", i - 1, i - 1));
        squared.push_str(&format!("(let ((a{i} (xor a{} (not a{}) (< x {i}))))", i - 1, i - 1));
    }
    shared.push_str(&format!("(< a199 0){}", ")".repeat(200)));
    squared.push_str(&format!("a199{}", ")".repeat(200)));
    let long: String = (0..25_000).map(|i| format!("(* {i} (^ x {}) (^ y {}))", i % 173, i % 181)).collect();
    let long = format!("(< (+ {long}) 0)");
    let power = "(< (^ (+ x y 1) 4000000000) 0)".to_owned();
    let number = format!("(< x {}.{})", "7".repeat(500_000), "3".repeat(500_000));
    for assertion in [sums, nots, ites, shared, squared, long, power, number] {
        let start = Instant::now();
        let script = about("x y", &assertion);
        let out = decide(&script, &["--timeout", "2"]);
        let shown: String = assertion.chars().take(60).collect();
        assert_eq!(out.status.code(), Some(0), "{shown}: {}", String::from_utf8_lossy(&out.stderr));
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(["sat\n", "unsat\n", "unknown\n"].contains(&said.as_str()), "{shown}: {said}");
        assert!(start.elapsed() < Duration::from_secs(20), "{shown} took {:?}", start.elapsed());
    }
}

/// The largest number of files of the suite that are run, evenly spread.
const MOST_FILES: usize = 20;

#[test]
fn a_public_suite_has_no_wrong_answer() {
    let folder = std::env::var_os("PROOFREAD_SUITES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"), PathBuf::from)
        .join("qf_nra");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: there is no suite at `{}`; PROOFREAD_SUITES names its folder", folder.display());
        return;
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    let (mut right, mut unknown, mut wrong) = (0, 0, vec![]);
    for file in files.iter().step_by(files.len().div_ceil(MOST_FILES).max(1)) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(file).expect("a script of the suite");
        match answer(&text, Duration::from_millis(1500)).as_str() {
            "unknown" => unknown += 1,
            found if name.starts_with(&format!("{found}__")) => right += 1,
            found => wrong.push(format!("{name}: {found}")),
        }
    }
    println!("{right} right, {unknown} unknown, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Random problems: seeds `from..`, so many.
struct Random(ChaCha8Rng);

impl Random {
    fn constant(&mut self) -> String {
        let n = self.0.random_range(-3..=3);
        let n = if n < 0 { format!("(- {})", -n) } else { n.to_string() };
        if self.0.random_ratio(1, 6) { format!("(/ {n} {})", self.0.random_range(2..=3)) } else { n }
    }

    fn variable(&mut self, variables: usize) -> String {
        ["x", "y", "z", "w"][self.0.random_range(0..variables)].to_owned()
    }

    /// A term; `degree` is what is left of it.
    fn term(&mut self, variables: usize, degree: u32, depth: u32) -> String {
        let kind = if depth == 0 { self.0.random_range(0..4) } else { self.0.random_range(0..16) };
        match kind {
            0 => self.constant(),
            1..=3 => self.variable(variables),
            4..=7 => {
                let (a, b) =
                    (self.term(variables, degree, depth - 1), self.term(variables, degree, depth - 1));
                format!("({} {a} {b})", if kind < 6 { "+" } else { "-" })
            }
            8..=11 if degree >= 2 => {
                let left = self.0.random_range(1..degree);
                let a = self.term(variables, left, depth - 1);
                format!("(* {a} {})", self.term(variables, degree - left, depth - 1))
            }
            12 if degree >= 2 => {
                format!("(^ {} {})", self.variable(variables), self.0.random_range(2..=degree))
            }
            13 => {
                let condition = self.relation(variables, 1, 1);
                let a = self.term(variables, degree, depth - 1);
                format!("(ite {condition} {a} {})", self.term(variables, degree, depth - 1))
            }
            14 => {
                let a = self.term(variables, degree, depth - 1);
                format!("(/ {a} {})", self.term(variables, 1, depth - 1))
            }
            _ => format!("(- {})", self.term(variables, degree, depth - 1)),
        }
    }

    fn relation(&mut self, variables: usize, degree: u32, depth: u32) -> String {
        let name = ["<", "<=", ">", ">=", "=", "=", "distinct"][self.0.random_range(0..7)];
        let a = self.term(variables, degree, depth);
        format!("({name} {a} {})", self.term(variables, degree, depth))
    }

    fn formula(&mut self, variables: usize, degree: u32, depth: u32) -> String {
        if depth == 0 || self.0.random_ratio(2, 5) {
            return self.relation(variables, degree, 3);
        }
        let name = ["and", "and", "or", "=>", "xor", "=", "not"][self.0.random_range(0..7)];
        let a = self.formula(variables, degree, depth - 1);
        if name == "not" {
            return format!("(not {a})");
        }
        format!("({name} {a} {})", self.formula(variables, degree, depth - 1))
    }

    fn problem(&mut self) -> String {
        let variables = self.0.random_range(1..=4);
        let degree = [2, 2, 3, 4][self.0.random_range(0..4)];
        let mut text = String::from("(set-logic QF_NRA)\n");
        for x in &["x", "y", "z", "w"][..variables] {
            text.push_str(&format!("(declare-const {x} Real)\n"));
        }
        for _ in 0..self.0.random_range(1..=3) {
            text.push_str(&format!("(assert {})\n", self.formula(variables, degree, 2)));
        }
        text.push_str("(check-sat)\n");
        text
    }
}

/// The problem with powers of variables as products: the standard's logic has no `^`, and the other
/// solver keeps to it.
fn with_products(problem: &str) -> String {
    let mut out = problem.to_owned();
    for x in ["x", "y", "z", "w"] {
        for n in 2..=4 {
            out = out.replace(&format!("(^ {x} {n})"), &format!("(*{})", format!(" {x}").repeat(n)));
        }
    }
    out
}

/// Problems of the comparison; `PROOFREAD_CASES` sets another number.
const CASES: u64 = 150;

#[test]
fn random_problems_are_answered_as_another_solver_answers_them() {
    let Some(solver) = std::env::var_os("PROOFREAD_Z3") else {
        println!("skipped: PROOFREAD_Z3 does not name the executable of Z3");
        return;
    };
    let cases = std::env::var("PROOFREAD_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let dir = TempDir::new().expect("a temporary directory");
    let (mut agreed, mut ours, mut theirs) = ([0, 0], 0, 0);
    for seed in 0..cases {
        let problem = Random(ChaCha8Rng::seed_from_u64(seed)).problem();
        let file = dir.path().join("problem.smt2");
        fs::write(&file, with_products(&problem)).expect("the script is written");
        let out = Command::new(&solver).arg("-T:5").arg(&file).output().expect("the other solver runs");
        let said = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        let found = answer(&problem, Duration::from_secs(2));
        match (found.as_str(), said.as_str()) {
            ("unknown", _) => ours += 1,
            (found, said) if found == said => agreed[usize::from(found == "sat")] += 1,
            ("sat", "unsat") | ("unsat", "sat") => panic!("seed {seed}: we {found}, they {said}\n{problem}"),
            (_, said) => {
                assert!(!said.contains("error"), "seed {seed}: {said}\n{problem}");
                theirs += 1;
            }
        }
    }
    println!(
        "{cases} problems: both unsat {}, both sat {}, unknown to us {ours}, to the other {theirs}",
        agreed[0], agreed[1]
    );
}
