//! Several runs at once, signals, full disks, read-only places: nothing hangs, nothing is left
//! half-written, and what is missing is said.

#![cfg(target_os = "linux")]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{HANGING, Ran, add, finish, game, one_claim, program, run};

/// How long the end of an interrupted run may take.
const QUICK: Duration = Duration::from_secs(5);
/// The two lock files of the queue for the symbolic layer.
const QUEUE: [&str; 2] = ["proofread-symbolica-next.lock", "proofread-symbolica-turn.lock"];
const JSON: [&str; 5] = ["check", "p", "--format", "json", "--no-timings"];

/// Holds the queue in `directory` until dropped.
fn hold_queue(directory: &Path) -> File {
    let path = directory.join(QUEUE[1]);
    // Another user's file cannot be opened for writing in a sticky directory.
    let _ = OpenOptions::new().write(true).create_new(true).open(&path);
    let turn = File::open(path).expect("the lock file");
    turn.lock().expect("the lock");
    turn
}

/// The processes that have the temporary directory `directory`.
fn processes_of(directory: &Path) -> Vec<String> {
    let mark = format!("TMPDIR={}", directory.display());
    let of = |pid: &str| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|b| *b == 0).any(|v| v == mark.as_bytes())
    };
    let processes = fs::read_dir("/proc").expect("the processes").flatten();
    processes.filter_map(|p| p.file_name().into_string().ok()).filter(|pid| of(pid)).collect()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

fn wait_until(what: &str, limit: Duration, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < limit, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Starts an audit that waits for the symbolic layer and says so, with what it said.
fn standing(audit: &mut Command, temporary: &Path) -> (Child, BufReader<ChildStderr>, String) {
    let mut child = audit.env("TMPDIR", temporary).spawn().expect("it starts");
    let mut errors = BufReader::new(child.stderr.take().expect("piped"));
    let mut err = String::new();
    errors.read_line(&mut err).expect("a notice");
    assert!(err.starts_with("waiting for another run"), "{err}");
    (child, errors, err)
}

/// Starts an audit that waits for the symbolic layer, and signals it as soon as it says so.
fn stopped_by(name: &str) -> (Ran, Duration) {
    let (dir, temporary) = (game(), TempDir::new().expect("a temporary directory"));
    let _held = hold_queue(temporary.path());
    let (child, mut errors, mut err) = standing(&mut program(dir.path(), JSON), temporary.path());
    let began = Instant::now();
    signal(&child, name);
    errors.read_to_string(&mut err).expect("the rest");
    let output = child.wait_with_output().expect("it ends");
    let took = began.elapsed();
    wait_until("a process was left", QUICK, || processes_of(temporary.path()).is_empty());
    for left in fs::read_dir(temporary.path()).expect("the directory").flatten() {
        assert!(QUEUE.iter().any(|q| left.file_name() == *q), "{left:?} was left");
    }
    (Ran { err, ..Ran::from(output) }, took)
}

#[test]
fn an_interrupted_run_ends_at_once_and_leaves_nothing() {
    for name in ["INT", "TERM"] {
        let (ran, took) = stopped_by(name);
        assert_eq!((ran.code, ran.out.as_str()), (Some(130), ""), "{ran:?}");
        assert!(ran.err.ends_with("interrupted\n"), "{ran:?}");
        assert!(took < QUICK, "{took:?}");
    }
}

#[test]
fn no_more_threads_are_started_than_a_few_for_each_processor() {
    let (dir, temporary) = (game(), TempDir::new().expect("a temporary directory"));
    let _held = hold_queue(temporary.path());
    let mut audit = program(dir.path(), JSON);
    let (mut child, ..) = standing(audit.env("RAYON_NUM_THREADS", "100000"), temporary.path());
    let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).expect("its threads").count();
    signal(&child, "KILL");
    child.wait().expect("it ends");
    let processors = thread::available_parallelism().expect("a number").get();
    // Beside the workers there are threads for signals, progress and the symbolic layer.
    assert!(tasks <= 4 * processors + 8, "{tasks} threads on {processors} processors");
    assert!(tasks >= 4 * processors, "{tasks} threads on {processors} processors");
}

#[test]
fn workers_that_cannot_be_started_are_said_and_the_exit_code_is_2() {
    let dir = game();
    // Four stacks of workers alone are 256 megabytes.
    let limited = "ulimit -v 250000 && exec \"$0\" check p";
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_proofread")])
        .current_dir(dir.path())
        .env("RAYON_NUM_THREADS", "100000")
        .output()
        .expect("a shell");
    let ran = Ran::from(output);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.err.starts_with("error: the worker threads cannot be started: "), "{ran:?}");
    assert!(ran.err.contains("help: set RAYON_NUM_THREADS") && !ran.err.contains("os error"), "{ran:?}");
}

#[test]
fn a_killed_run_leaves_no_process() {
    let (ran, _) = stopped_by("KILL");
    assert_eq!((ran.code, ran.out.as_str()), (None, ""));
}

#[test]
fn four_audits_at_once_give_what_one_gives() {
    let dir = game();
    let alone = run(dir.path(), JSON);
    assert_eq!(alone.code, Some(1), "{alone:?}");
    let together: Vec<Ran> = thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| run(dir.path(), JSON))).collect();
        runs.into_iter().map(|r| r.join().expect("no panic")).collect()
    });
    for ran in together {
        assert_eq!((ran.code, &ran.out), (alone.code, &alone.out));
        assert!(ran.err.lines().all(|l| l.starts_with("waiting for another run")), "{ran:?}");
    }
}

#[test]
fn an_audit_goes_on_where_another_program_takes_the_place_of_its_own() {
    let (dir, temporary) = (game(), TempDir::new().expect("a temporary directory"));
    let alone = run(dir.path(), JSON);
    let copy = temporary.path().join("copy");
    fs::copy(env!("CARGO_BIN_EXE_proofread"), &copy).expect("a copy");
    let mut audit = Command::new(&copy);
    audit.args(JSON).current_dir(dir.path()).env("XDG_CACHE_HOME", "/dev/null/none");
    audit.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let held = hold_queue(temporary.path());
    let (child, ..) = standing(&mut audit, temporary.path());
    fs::remove_file(&copy).expect("a program can be removed while it runs");
    fs::write(&copy, "another program").expect("a file");
    drop(held);
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, &ran.out), (alone.code, &alone.out));
}

#[test]
fn an_audit_waits_while_another_run_has_the_symbolic_layer() {
    let dir = game();
    let alone = run(dir.path(), JSON);
    let held = hold_queue(&std::env::temp_dir());
    let waiting = program(dir.path(), JSON).spawn().expect("it starts");
    thread::sleep(Duration::from_millis(1500));
    drop(held);
    let ran = Ran::from(waiting.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, &ran.out), (alone.code, &alone.out));
    assert_eq!(ran.err, "waiting for another run to finish with the symbolic layer\n");
}

#[test]
fn a_symbolic_layer_that_never_gets_its_turn_is_said_and_does_not_hang() {
    let (dir, temporary) = (game(), TempDir::new().expect("a temporary directory"));
    let _held = hold_queue(temporary.path());
    let arguments = JSON.into_iter().chain(["--timeout", "1"]);
    let began = Instant::now();
    let ran = finish(program(dir.path(), arguments).env("TMPDIR", temporary.path()));
    assert!(began.elapsed() < HANGING / 4, "{:?}", began.elapsed());
    assert_says_what_is_missing(&ran);
}

/// The audit went on; a note says that closed forms may be missing.
fn assert_says_what_is_missing(ran: &Ran) {
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    let report = ran.json();
    let notes = report["notes"].as_array().expect("notes");
    let said = |n: &serde_json::Value| n.as_str().is_some_and(|n| n.contains("without the symbolic layer"));
    assert!(notes.iter().any(said), "{ran:?}");
    assert_ne!(ran.verdict("p/worst"), "proved");
    assert_ne!(ran.verdict("p/best"), "refuted");
}

#[test]
fn without_a_usable_temporary_directory_the_audit_goes_on_and_says_what_is_missing() {
    let dir = game();
    for unusable in ["/nowhere/at/all", "/proc"] {
        let ran = finish(program(dir.path(), JSON).env("TMPDIR", unusable));
        assert_says_what_is_missing(&ran);
        let mut text = program(dir.path(), ["check", "p"]);
        let ran = finish(text.env("TMPDIR", unusable));
        assert!(ran.out.contains("without the symbolic layer"), "{ran:?}");
        let ran = finish(program(dir.path(), ["explain", "best", "--in", "p"]).env("TMPDIR", unusable));
        assert!(ran.err.contains("without the symbolic layer"), "{ran:?}");
        let ran = finish(program(dir.path(), ["solve", "p", "--set", "c=1"]).env("TMPDIR", unusable));
        assert!(ran.err.contains("help: ") || ran.err.contains("without the symbolic layer"), "{ran:?}");
    }
}

#[test]
fn the_working_directory_is_only_read() {
    let dir = game();
    let paper = dir.path().join("p");
    let arguments = ["check".as_ref(), paper.as_os_str()];
    // Nothing can be written there, not even by the superuser.
    assert_eq!(run(Path::new("/proc"), arguments).code, Some(1));
    let here = TempDir::new().expect("a temporary directory");
    assert_eq!(run(here.path(), arguments).code, Some(1));
    assert_eq!(fs::read_dir(here.path()).expect("the directory").count(), 0);
    assert_eq!(fs::read_dir(&paper).expect("the directory").count(), 2);
}

#[test]
fn a_full_disk_is_said_and_the_exit_code_is_2() {
    let dir = one_claim("sum", "a + b > 0");
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
    let calls: [&[&str]; 4] =
        [&["check", "p"], &["check", "p", "--format", "json"], &["explain", "sum", "--in", "p"], &["--help"]];
    for call in calls {
        let ran = finish(program(dir.path(), call).stdout(full()));
        assert_eq!(ran.code, Some(2), "{call:?}: {ran:?}");
        assert!(ran.err.contains("the result could not be written"), "{call:?}: {ran:?}");
        assert!(!ran.err.contains("os error"), "{ran:?}");
    }
}

#[test]
fn errors_that_cannot_be_written_are_no_panic() {
    let dir = one_claim("sum", "a + q > 0");
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
    for call in
        [&["check", "p"][..], &["check", "nowhere"], &["explain", "x", "--in", "q"], &["recheck", "x"]]
    {
        let ran = finish(program(dir.path(), call).stderr(full()));
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{call:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = one_claim("sum", "a + b > 0");
    let call = ["check", "p", "--format", "json"];
    let mut child = program(dir.path(), call).spawn().expect("it starts");
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn a_report_in_a_file_is_whole_or_not_there() {
    let dir = game();
    let path = add(&dir, "report.json", "");
    let file = File::create(&path).expect("the file");
    let mut child = program(dir.path(), JSON).stdout(Stdio::from(file)).spawn().expect("it starts");
    thread::sleep(Duration::from_millis(100));
    signal_if_running(&mut child);
    let code = child.wait().expect("it ends").code();
    let text = fs::read_to_string(path).expect("the file");
    let whole = serde_json::from_str::<serde_json::Value>(&text).is_ok();
    assert!(text.is_empty() && code == Some(130) || whole, "{code:?}: {text}");
}

fn signal_if_running(child: &mut Child) {
    if child.try_wait().expect("a child").is_none() {
        signal(child, "INT");
    }
}
