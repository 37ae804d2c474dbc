//! What `check -v` tells of a run, and where.

use std::path::Path;

use crate::program::{Ran, finish, game, paper, program, run};

/// The first words of the lines of a table, up to two spaces.
fn names(ran: &Ran) -> Vec<&str> {
    ran.err.lines().map(|line| line.trim_start().split("  ").next().unwrap_or_default()).collect()
}

/// A run without the notice that another one of this machine has the symbolic layer.
fn told(at: &Path, more: &[&str]) -> Ran {
    let ran = run(at, [&["check", "p", "--no-timings"], more].concat());
    let notice = "waiting for another run to finish with the symbolic layer\n";
    Ran { err: ran.err.replace(notice, ""), ..ran }
}

#[test]
fn the_stages_are_named_in_their_order_and_the_report_stays_as_it_is() {
    let dir = game();
    let silent = told(dir.path(), &[]);
    let ran = told(dir.path(), &["-v"]);
    assert_eq!((ran.code, &ran.out), (silent.code, &silent.out));
    assert_eq!(silent.err, "");
    let names = names(&ran);
    let stages = [
        "stage",
        "papers read",
        "earlier audit looked up",
        "games solved",
        "claims judged",
        "numeric route",
        "together",
    ];
    assert_eq!(names[..stages.len()], stages, "{ran:?}");
    assert!(names[stages.len()].ends_with(" to the symbolic layer"), "{ran:?}");
    let mut entries: Vec<&str> = names.iter().filter(|name| name.starts_with("p/")).copied().collect();
    entries.sort_unstable();
    assert_eq!(entries, ["p/best", "p/choice", "p/worst"], "{ran:?}");
    let with_pages = told(dir.path(), &["-v", "--report", "out"]);
    assert!(with_pages.err.contains("\npages written "), "{with_pages:?}");
    let with = std::fs::read(dir.path().join("out/p.html")).expect("a page");
    told(dir.path(), &["--report", "out"]);
    assert_eq!(with, std::fs::read(dir.path().join("out/p.html")).expect("a page"));
}

#[test]
fn the_columns_are_aligned() {
    let ran = told(game().path(), &["--verbose"]);
    let table: Vec<&str> = ran.err.lines().take_while(|line| !line.contains(" to the symbolic")).collect();
    assert!(table.iter().all(|line| line.len() == table[0].len()), "{ran:?}");
    let entries: Vec<&str> = ran.err.lines().filter(|line| line.starts_with("  p/")).collect();
    assert!(entries.iter().all(|line| line.len() == entries[0].len()), "{ran:?}");
}

#[test]
fn one_names_the_slowest_and_two_name_all() {
    let claims: String = (0..15).map(|n| format!("[[claim]]\nid = 'c{n}'\nprints = '{n} = {n}'\n")).collect();
    let dir = paper(&claims);
    let named = |ran: &Ran| ran.err.matches("  p/c").count();
    assert_eq!(named(&told(dir.path(), &["-v"])), 10);
    assert_eq!(named(&told(dir.path(), &["-vv"])), 15);
    assert_eq!(named(&told(dir.path(), &["-v", "--only", "c3"])), 1);
}

#[test]
fn of_an_audit_made_before_the_times_of_then_are_told() {
    let dir = game();
    let recalled = || {
        let mut check = program(dir.path(), ["check", "p", "-v"]);
        finish(check.env("XDG_CACHE_HOME", dir.path().join("cache")))
    };
    assert!(recalled().err.contains("\nlongest; "));
    let again = recalled();
    assert!(again.err.contains("\nlongest, when they were judged; "), "{again:?}");
    assert!(
        again.err.contains("\nearlier audit looked up ") && !again.err.contains("claims judged"),
        "{again:?}"
    );
}
