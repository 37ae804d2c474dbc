//! The program as its users meet it: exit codes, output, wrong input, several runs at once,
//! interruption.

#[path = "support/program.rs"]
mod program;

#[path = "cli/archive.rs"]
mod archive;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/bargain.rs"]
mod bargain;
#[path = "cli/baseline.rs"]
mod baseline;
#[path = "cli/calls.rs"]
mod calls;
#[path = "cli/coverage.rs"]
mod coverage;
#[path = "cli/grid.rs"]
mod grid;
#[path = "cli/json.rs"]
mod json;
#[path = "cli/junit.rs"]
mod junit;
#[path = "cli/new.rs"]
mod new;
#[path = "cli/recheck.rs"]
mod recheck;
#[path = "cli/surroundings.rs"]
mod surroundings;
#[path = "cli/timings.rs"]
mod timings;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_proofread");

/// A paper with one claim, to which a test adds what it is about.
const HEAD: &str = r"
[symbols]
'a' = '> 0'
'b' = '> 0'
";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(args: &[&str]) -> Output {
    Command::new(PROGRAM).args(args).current_dir(root()).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder `papers/p` with the given file beside `paper.toml`.
fn paper(file: &[u8]) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    let p = dir.path().join("p");
    fs::create_dir(&p).expect("a folder");
    fs::write(p.join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(p.join("claims.toml"), file).expect("a file");
    dir
}

fn check(dir: &Path, more: &[&str]) -> Output {
    let path = dir.display().to_string();
    run(&[&["check", path.as_str()], more].concat())
}

fn claim(prints: &str) -> TempDir {
    paper(format!("{HEAD}\n[[claim]]\nid = 'one'\nprints = '{prints}'\n").as_bytes())
}

/// Exit 2, the words in the message, no verdict and no panic.
fn assert_refused(output: &Output, words: &[&str]) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "stdout {out}\nstderr {err}");
    assert_eq!(out, "", "a verdict beside an error: {out}");
    assert!(!err.contains("panicked"), "{err}");
    for w in words {
        assert!(err.contains(w), "`{w}` is not in: {err}");
    }
}

#[test]
fn a_paper_without_findings_exits_with_0_and_one_with_findings_with_1() {
    let clean = check(claim(r"(a+b)^2 = a^2 + 2 a b + b^2").path(), &[]);
    assert_eq!(clean.status.code(), Some(0), "{}", text(&clean.stderr));
    assert!(text(&clean.stdout).contains("1 proved"));
    let wrong = check(claim(r"(a+b)^2 = a^2 + b^2").path(), &[]);
    assert_eq!(wrong.status.code(), Some(1), "{}", text(&wrong.stderr));
    assert!(text(&wrong.stdout).contains("refuted"));
    assert_eq!(run(&["--version"]).status.code(), Some(0));
    assert_eq!(run(&["--no-such-flag"]).status.code(), Some(2));
}

#[test]
fn cases_that_contradict_each_other_or_leave_a_gap_are_findings() {
    let gap = r"\lvert a - b \rvert = \begin{cases} a - b & if \ a > b \\ b - a & if \ a < b \end{cases}";
    let out = check(claim(gap).path(), &[]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("conditional"), "{}", text(&out.stdout));
    let wrong = r"\lvert a - b \rvert = \begin{cases} a - b & if \ a > 0 \\ b - a & if \ a < b \end{cases}";
    let out = check(claim(wrong).path(), &[]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("refuted"), "{}", text(&out.stdout));
}

#[test]
fn cases_that_overlap_with_different_values_are_never_proved() {
    let twice = r"\begin{cases} 1 & a \ge 1 \\ 1 & a \le 1 \\ 0 & a \ge 3 \end{cases} = 1";
    let out = check(claim(twice).path(), &[]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stdout));
    assert!(text(&out.stdout).contains("refuted"), "{}", text(&out.stdout));
    let border = r"\begin{cases} 1 & a \ge 1 \\ 2 & a \le 1 \end{cases} > 0";
    let out = check(claim(border).path(), &[]);
    assert!(text(&out.stdout).contains("conditional"), "{}", text(&out.stdout));
    let agreeing = r"\begin{cases} a & a \ge 1 \\ 1 & a \le 1 \end{cases} \ge 1";
    let out = check(claim(agreeing).path(), &[]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
}

#[test]
fn wrong_data_is_refused_with_its_place() {
    assert_refused(&check(claim("a = q").path(), &[]), &["`q`", "claims.toml:8"]);
    assert_refused(&check(claim(r"\frac{a}{b = 1").path(), &[]), &["claims.toml:8"]);
    assert_refused(&check(Path::new("no/such/folder"), &[]), &["no/such/folder"]);
    let empty = TempDir::new().expect("a temporary folder");
    assert_refused(&check(empty.path(), &[]), &[]);
    assert_refused(&check(paper(b"section = '\xff\xfe'").path(), &[]), &["claims.toml"]);
    let twice =
        format!("{HEAD}\n[[claim]]\nid = 'x'\nprints = 'a = a'\n[[claim]]\nid = 'x'\nprints = 'b = b'\n");
    assert_refused(&check(paper(twice.as_bytes()).path(), &[]), &["`x`"]);
    assert_refused(&check(paper(b"[[claim]").path(), &[]), &["claims.toml:1"]);
    let deep = format!("{}a{} = a", "(".repeat(10_000), ")".repeat(10_000));
    assert_refused(&check(claim(&deep).path(), &[]), &["claims.toml:8"]);
}

#[test]
fn an_id_that_is_not_there_is_answered_with_those_like_it() {
    let explained = run(&["explain", "prop-3.22"]);
    assert_refused(&explained, &["`prop-3.22`", "prop-3.2"]);
    assert_refused(&run(&["check", "--only", "no-such-*"]), &["no-such-*"]);
}

#[test]
fn parameters_outside_their_domains_are_refused() {
    let paper = "proofs/fine-tuning-games";
    let solve = |set: &[&str]| {
        let mut args = vec!["solve", paper];
        for s in set {
            args.extend(["--set", s]);
        }
        run(&args)
    };
    assert_refused(&solve(&["c_0=1", "c_1=1", "k_0=1", "k_1=2"]), &["k_0 = 1"]);
    assert_refused(&solve(&["c_0=0", "c_1=1", "k_0=2", "k_1=2"]), &["c_0 = 0"]);
    assert_refused(&solve(&["c_0=1", "k_0=2", "k_1=2"]), &["`c_1`"]);
    assert_refused(&solve(&["c_0=1", "c_1=1", "k_0=2", "k_1=2", "z=1"]), &["`z`"]);
    assert_refused(&solve(&["c_0=one"]), &["c_0=one"]);
    let right = solve(&["c_0=1", "c_1=2", "k_0=2", "k_1=2", "--format=json"][..4]);
    assert_eq!(right.status.code(), Some(0), "{}", text(&right.stderr));
    assert!(text(&right.stdout).contains("kalai-smorodinsky"));
}

#[test]
fn the_parameters_tell_which_of_several_games_is_meant() {
    let parameters = |set: &[&str]| {
        let mut args = vec!["solve", "--format", "json", "proofs"];
        set.iter().for_each(|s| args.extend(["--set", s]));
        let out = run(&args);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
        json["parameters"].as_object().expect("parameters").len()
    };
    assert_eq!(parameters(&["c_0=1", "c_1=1", "k_0=2", "k_1=2"]), 4);
    assert_eq!(parameters(&["c_0=1", "c_1=1", "b_0=2", "b_1=2"]), 4);
    assert_eq!(parameters(&["n=2", "c_0=1", "c_i=1", "k_0=2", "k_i=2"]), 7);
}

#[test]
fn a_solved_game_has_every_solution_and_certain_digits() {
    let set = ["--set", "c_0=1", "--set", "c_1=1", "--set", "k_0=3", "--set", "k_1=7/3", "--format", "json"];
    let out = run(&[&["solve", "proofs/fine-tuning-games"], &set[..]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let names: Vec<&str> =
        json["solutions"].as_array().expect("a list").iter().filter_map(|s| s["name"].as_str()).collect();
    let all = [
        "powerful-G",
        "powerful-D",
        "max-performance",
        "vertical-monopoly",
        "egalitarian",
        "nash",
        "kalai-smorodinsky",
    ];
    assert_eq!(names, all);
    assert!(json["pareto"][0][0].is_string());
}

#[test]
fn the_json_report_is_the_same_on_any_number_of_threads_and_quiet() {
    let report = |threads: &str| {
        let out = Command::new(PROGRAM)
            .args(["check", "--only", "prop-3.*", "--format", "json", "--no-timings"])
            .current_dir(root())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .expect("the program starts");
        assert_eq!(
            text(&out.stderr).replace("waiting for another run to finish with the symbolic layer\n", ""),
            ""
        );
        out.stdout
    };
    let (one, four) = (report("1"), report("4"));
    assert_eq!(one, four);
    let json: serde_json::Value = serde_json::from_slice(&one).expect("JSON");
    assert_eq!(json["schema"], 1);
    let claims = json["claims"].as_array().expect("a list");
    let counted: u64 = json["summary"].as_object().expect("counts").values().filter_map(|v| v.as_u64()).sum();
    assert_eq!(counted, claims.len() as u64);
    let keys = [
        "id",
        "kind",
        "at",
        "file",
        "line",
        "holds",
        "severity",
        "prints",
        "means",
        "verdict",
        "evidence",
        "derived",
        "correction",
        "counterexample",
        "exceptions",
        "measured",
    ];
    for c in claims {
        for key in keys {
            assert!(c.get(key).is_some(), "{key} is missing in {}", c["id"]);
        }
    }
}

#[test]
fn a_report_is_rechecked_and_an_edited_one_is_not_accepted() {
    let out = run(&["check", "--only", "prop-3.[23]", "--format", "json"]);
    let dir = TempDir::new().expect("a temporary folder");
    let file = dir.path().join("report.json");
    fs::write(&file, &out.stdout).expect("a file");
    let path = file.display().to_string();
    let fresh = run(&["recheck", &path]);
    assert_eq!(fresh.status.code(), Some(0), "{}{}", text(&fresh.stdout), text(&fresh.stderr));
    let edited =
        text(&out.stdout).replacen(r#""Rel":[{"Sym":"c_0"},"Gt""#, r#""Rel":[{"Sym":"c_0"},"Lt""#, 1);
    assert_ne!(edited, text(&out.stdout), "nothing was edited");
    fs::write(&file, edited).expect("a file");
    assert_eq!(run(&["recheck", &path]).status.code(), Some(1));
    fs::write(&file, "{").expect("a file");
    assert_refused(&run(&["recheck", &path]), &["report.json"]);
}

#[test]
fn a_game_that_cannot_be_solved_symbolically_is_measured_and_said_to_be() {
    let file = r"
[symbols]
'x' = '\ge 0'
's' = '\in [0,1]'
'V' = 'function'
[game.g]
bargain = 's'
stages = [ { player = 'A', chooses = 'x', from = 'x \ge 0' } ]
payoffs = { A = 'V := s x - \exp(x) + x' }
[[claim]]
id = 'one'
game = 'g'
prints = 'x = \ln(1 + s)'
";
    let out = check(paper(file.as_bytes()).path(), &[]);
    let shown = text(&out.stdout);
    assert_ne!(out.status.code(), Some(2), "{}", text(&out.stderr));
    assert!(!shown.contains("refuted"), "{shown}");
    assert!(shown.contains("proved") || shown.contains("numeric route only"), "{shown}");
}

#[test]
fn two_audits_at_once_give_the_same_verdicts() {
    let start = || {
        Command::new(PROGRAM)
            .args(["check", "--only", "prop-3.*", "--format", "json", "--no-timings"])
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    let both = [start(), start()].map(|c| c.wait_with_output().expect("it ends").stdout);
    assert_eq!(both[0], both[1]);
    assert!(!both[0].is_empty());
}

#[cfg(unix)]
#[test]
fn an_interrupted_audit_ends_at_once_and_writes_nothing_by_halves() {
    let mut child = Command::new(PROGRAM)
        .args(["check", "--format", "json"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let status = child.wait().expect("it ends");
    assert!(began.elapsed() < Duration::from_secs(10));
    let mut out = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().expect("piped"), &mut out).expect("text");
    match status.code() {
        Some(130) => assert_eq!(out, ""),
        _ => assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "half a report: {out}"),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_a_reader_that_goes_away_is_no_error() {
    let dir = claim("a + b = b + a");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let out = Command::new(PROGRAM)
        .args(["check", &dir.path().display().to_string()])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("could not be written"), "{}", text(&out.stderr));
    let mut gone = Command::new(PROGRAM)
        .args(["check", &dir.path().display().to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(gone.stdout.take());
    let out = gone.wait_with_output().expect("it ends");
    assert!(!text(&out.stderr).contains("panicked"), "{}", text(&out.stderr));
}

#[test]
fn a_working_directory_that_cannot_be_written_is_enough() {
    let dir = claim("a + b = b + a");
    let locked = TempDir::new().expect("a temporary folder");
    let mut permissions = fs::metadata(locked.path()).expect("metadata").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(locked.path(), permissions.clone()).expect("permissions");
    let out = Command::new(PROGRAM)
        .args(["check", &dir.path().display().to_string()])
        .current_dir(locked.path())
        .output()
        .expect("the program starts");
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert_eq!(fs::read_dir(locked.path()).expect("a folder").count(), 0);
}
