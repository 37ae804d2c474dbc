//! What a second run takes from the first.

use std::fs;
use std::path::Path;

use crate::program::{Ran, SYMBOLS, add, finish, game, one_claim, program};

const REMEMBERED: &str = "unchanged since an earlier audit";

/// A run whose archive is in the folder `cache` of the paper's, without what it says on the way: that
/// it waits for another run, for one.
fn run(at: &Path, arguments: &[&str]) -> Ran {
    let ran = finish(program(at, arguments).env("XDG_CACHE_HOME", at.join("cache")));
    Ran { err: String::new(), ..ran }
}

#[test]
fn an_unchanged_paper_is_not_judged_twice_and_the_report_is_the_same() {
    let papers = game();
    let json = ["check", "p", "--format", "json", "--no-timings"];
    let first = run(papers.path(), &json);
    assert_eq!(first.code, Some(1));
    assert_eq!(run(papers.path(), &json), first);
    let second = run(papers.path(), &["check", "p"]);
    assert!(second.out.contains(REMEMBERED), "{second:?}");
    let fresh = run(papers.path(), &["check", "p", "--fresh"]);
    assert!(!fresh.out.contains(REMEMBERED), "{fresh:?}");
    let entries = first.json()["claims"].as_array().map(Vec::len);
    let timed = run(papers.path(), &["check", "p", "--format", "json"]).json();
    assert_eq!(timed["recalled"].as_u64().and_then(|n| usize::try_from(n).ok()), entries);
}

#[test]
fn a_changed_paper_is_judged_anew() {
    let papers = one_claim("x", "a = a");
    assert_eq!(run(papers.path(), &["check", "p"]).code, Some(0));
    add(&papers, "p/a.toml", format!("{SYMBOLS}[[claim]]\nid = 'x'\nprints = 'a = b'\n"));
    let changed = run(papers.path(), &["check", "p"]);
    assert_eq!(changed.code, Some(1));
    assert!(!changed.out.contains(REMEMBERED), "{changed:?}");
}

#[test]
fn single_entries_come_from_the_audit_of_all() {
    let papers = game();
    let only = ["check", "p", "--only", "be*", "--format", "json", "--no-timings"];
    let alone = run(papers.path(), &only);
    let told = run(papers.path(), &["explain", "best", "--in", "p"]);
    // Neither was of the whole paper, so neither was kept.
    assert!(!papers.path().join("cache").exists());
    run(papers.path(), &["check", "p"]);
    assert_eq!(run(papers.path(), &only), alone);
    assert_eq!(run(papers.path(), &["explain", "best", "--in", "p"]), told);
}

#[test]
fn an_archive_that_was_spoiled_is_of_no_consequence() {
    let papers = game();
    let first = run(papers.path(), &["check", "p", "--no-timings"]);
    for entry in fs::read_dir(papers.path().join("cache/proofread")).expect("an archive") {
        let path = entry.expect("an entry").path();
        let half = fs::read(&path).expect("a file").len() / 2;
        fs::OpenOptions::new().write(true).open(&path).and_then(|f| f.set_len(half as u64)).expect("shorter");
    }
    assert_eq!(run(papers.path(), &["check", "p", "--no-timings"]), first);
}
