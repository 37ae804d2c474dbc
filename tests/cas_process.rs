//! The symbolic layer's child process: deadlines, the queue, aborts, silence.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proofread::cas::queue::Turn;
use proofread::cas::{Cas, CasError};
use proofread::expr::{Expr, Symbol};

const PATIENT: Duration = Duration::from_secs(60);

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_proofread"))
}

/// A program that does `lines` in a shell; `$PROOFREAD` is ours.
fn script(dir: &Path, lines: &str) -> PathBuf {
    let path = dir.join("program");
    let text = format!("#!/bin/sh\nPROOFREAD='{}'\n{lines}\n", program().display());
    std::fs::write(&path, text).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

fn square() -> Expr {
    Expr::pow(Expr::sym("a"), Expr::int(2))
}

fn asked(cas: &Cas) -> Result<Expr, CasError> {
    cas.derivative(&square(), &Symbol::new("a"))
}

fn twice_a() -> Result<Expr, CasError> {
    Ok(Expr::Mul(vec![Expr::int(2), Expr::sym("a")]))
}

/// A computation of hours.
fn endless() -> Expr {
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h"].map(Expr::sym);
    Expr::pow(Expr::Add(letters.to_vec()), Expr::int(90))
}

#[test]
fn a_computation_is_killed_at_its_deadline_and_the_next_one_works() {
    let cas = Cas::new(program());
    assert_eq!(asked(&cas.within(PATIENT)), twice_a());
    let started = Instant::now();
    assert_eq!(cas.within(Duration::from_millis(300)).expand(&endless()), Err(CasError::Timeout));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(asked(&cas.within(PATIENT)), twice_a());
    let passed = cas.until(Instant::now());
    assert_eq!(asked(&passed), Err(CasError::Timeout));
}

#[test]
fn two_clients_take_turns() {
    let waits = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..2)
        .map(|_| {
            let waits = waits.clone();
            let cas = Cas::with_notice(program(), move || {
                waits.fetch_add(1, Ordering::SeqCst);
            });
            thread::spawn(move || {
                let cas = cas.within(PATIENT);
                let until = Instant::now() + Duration::from_millis(1500);
                let mut answers = 0;
                while Instant::now() < until {
                    assert_eq!(asked(&cas), twice_a());
                    answers += 1;
                }
                answers
            })
        })
        .collect();
    for client in clients {
        assert!(client.join().expect("no panic") > 1);
    }
    assert!(waits.load(Ordering::SeqCst) >= 1);
}

#[test]
fn threads_may_share_a_client() {
    let cas = Cas::new(program()).within(PATIENT);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..20).for_each(|_| assert_eq!(asked(&cas), twice_a())));
        }
    });
}

#[test]
fn who_waits_until_the_deadline_is_told_that_the_layer_is_busy() {
    let dir = tempfile::tempdir().expect("directory");
    let queue = dir.path().join("queue");
    std::fs::create_dir(&queue).expect("directory");
    let held = Turn::take(&queue, || ()).expect("free");
    // Once the queue is gone its visitors stand in the one of the machine, as all others do:
    // two Symbolicas at once would end each other.
    let shell = format!("[ ! -d '{0}' ] || export TMPDIR='{0}'\nexec \"$PROOFREAD\" \"$@\"", queue.display());
    let waits = Arc::new(AtomicUsize::new(0));
    let count = waits.clone();
    let cas = Cas::with_notice(script(dir.path(), &shell), move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    assert_eq!(asked(&cas.within(Duration::from_millis(400))), Err(CasError::Busy));
    assert_eq!(waits.load(Ordering::SeqCst), 1);
    drop(held);
    std::fs::remove_dir_all(&queue).expect("removed");
    assert_eq!(asked(&cas.within(PATIENT)), twice_a());
}

#[test]
fn a_queue_that_cannot_be_joined_is_an_error_with_the_file() {
    let dir = tempfile::tempdir().expect("directory");
    let cas = Cas::new(script(dir.path(), "TMPDIR=/no/such/place exec \"$PROOFREAD\" \"$@\""));
    match asked(&cas.within(PATIENT)) {
        Err(CasError::Queue { path, .. }) => assert!(path.starts_with("/no/such/place/"), "{path}"),
        other => panic!("{other:?}"),
    }
}

/// A program that takes a request and aborts, `enough` times; each time it writes a line into
/// `dir/died`. Then it is ours.
fn mortal(dir: &Path, enough: usize) -> PathBuf {
    let died = dir.join("died");
    let shell = format!(
        "touch '{0}'\nif [ $(wc -l < '{0}') -lt {enough} ]; then echo >> '{0}'; echo '\"ready\"' >&0; read -r request; kill -ABRT $$; fi\nexec \"$PROOFREAD\" \"$@\"",
        died.display()
    );
    script(dir, &shell)
}

#[test]
fn a_request_whose_child_aborts_is_put_once_more() {
    let dir = tempfile::tempdir().expect("directory");
    let cas = Cas::new(mortal(dir.path(), 1)).within(PATIENT);
    assert_eq!(asked(&cas), twice_a());
    assert_eq!(std::fs::read_to_string(dir.path().join("died")).expect("written"), "\n");
}

#[test]
fn a_request_that_costs_two_children_has_no_answer_and_the_next_one_has() {
    let dir = tempfile::tempdir().expect("directory");
    let cas = Cas::new(mortal(dir.path(), 2)).within(PATIENT);
    assert_eq!(asked(&cas), Err(CasError::Died { how: "signal 6".into() }));
    assert_eq!(asked(&cas), twice_a());
}

#[test]
fn a_child_that_leaves_between_two_requests_costs_nothing() {
    let cas = Cas::new(program()).within(PATIENT);
    assert_eq!(asked(&cas), twice_a());
    thread::sleep(Duration::from_millis(2300));
    assert_eq!(asked(&cas), twice_a());
}

#[test]
fn a_program_that_is_not_there_or_not_ours_is_an_error() {
    let cas = Cas::new(PathBuf::from("/no/such/program"));
    assert!(matches!(asked(&cas), Err(CasError::Start { .. })));
    let dir = tempfile::tempdir().expect("directory");
    let cas = Cas::new(script(dir.path(), "exit 7")).within(Duration::from_millis(300));
    match asked(&cas) {
        Err(CasError::Start { reason }) => assert!(reason.contains("exit code 7"), "{reason}"),
        other => panic!("{other:?}"),
    }
    let cas = Cas::new(script(dir.path(), "echo nonsense >&0")).within(PATIENT);
    assert!(matches!(asked(&cas), Err(CasError::Protocol(_))));
}

#[test]
fn deep_nesting_gives_an_answer_or_an_error() {
    let cas = Cas::new(program()).within(PATIENT);
    let tower = |levels| (0..levels).fold(Expr::sym("a"), |e, _| Expr::pow(e + Expr::int(1), Expr::sym("k")));
    assert_eq!(cas.expand(&tower(1000)), Err(CasError::TooDeep { limit: 200 }));
    cas.derivative(&tower(95), &Symbol::new("a")).expect("deep, but not too deep");
    let roots = (0..95).fold(Expr::sym("a"), |e, _| Expr::sqrt(e + Expr::int(1)));
    let outcome = cas.within(Duration::from_secs(2)).normal(&roots);
    assert!(!matches!(outcome, Err(CasError::Died { .. })), "{outcome:?}");
    assert_eq!(asked(&cas), twice_a());
}

/// Runs the hidden test `name` in a process of its own.
fn myself(name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", name, "--ignored", "--nocapture"]);
    command
}

#[test]
#[ignore = "run by other tests in a process of its own"]
fn hidden_question() {
    let program = std::env::var_os("TEST_PROGRAM").map_or_else(program, PathBuf::from);
    assert_eq!(asked(&Cas::new(program).within(PATIENT)), twice_a());
}

#[test]
#[ignore = "run by other tests in a process of its own"]
fn hidden_endless() {
    let cas = Cas::new(program()).within(PATIENT);
    assert_eq!(asked(&cas), twice_a());
    println!("started");
    assert!(cas.expand(&endless()).is_err());
}

#[test]
fn nothing_of_the_child_reaches_the_output_of_its_parent() {
    let output = myself("hidden_question").output().expect("run");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let foreign = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("running ") && !line.starts_with("test "));
    assert_eq!(foreign, None);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_licence_key_is_passed_on_to_the_child() {
    let dir = tempfile::tempdir().expect("directory");
    let seen = dir.path().join("seen");
    // The key is no real one, so that Symbolica itself must not see it.
    let shell = format!(
        "printf %s \"$SYMBOLICA_LICENSE\" > '{}'\nunset SYMBOLICA_LICENSE\nexec \"$PROOFREAD\" \"$@\"",
        seen.display()
    );
    let mut question = myself("hidden_question");
    question.env("SYMBOLICA_LICENSE", "some#key").env("TEST_PROGRAM", script(dir.path(), &shell));
    assert!(question.output().expect("run").status.success());
    assert_eq!(std::fs::read_to_string(seen).expect("written by the child"), "some#key");
}

#[test]
fn the_child_of_a_killed_parent_ends_in_the_middle_of_its_work() {
    use std::io::{BufRead as _, BufReader};
    let mut parent = myself("hidden_endless").stdout(std::process::Stdio::piped()).spawn().expect("run");
    let lines = BufReader::new(parent.stdout.take().expect("piped")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("started")));
    thread::sleep(Duration::from_millis(200));
    parent.kill().expect("killed");
    parent.wait().expect("ended");
    assert_eq!(asked(&Cas::new(program()).within(Duration::from_secs(20))), twice_a());
}

#[test]
fn the_hidden_command_is_not_for_people() {
    let output =
        Command::new(program()).arg("__cas").stdin(std::process::Stdio::null()).output().expect("run");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("internal use"));
}
