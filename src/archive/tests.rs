//! What is recalled and what is not.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::audit::{DRAWS, EntryKind, Holds, Shown};
use crate::document;
use crate::expr::{Expr, Formula, Relation};
use crate::prove::evidence::{Certified, Proof};
use crate::prove::{Engines, Judge as _, Judgement};
use crate::report::json;

/// A paper with one claim.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: TempDir::new().expect("a folder") };
        desk.write("p/paper.toml", "title = 'A paper'\nversions = { long = 'The long one' }\n");
        desk.claim("a = a");
        desk.write("program", "one");
        desk
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a name in the folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    fn claim(&self, prints: &str) {
        self.write(
            "p/a.toml",
            &format!("[symbols]\n'a' = '> 0'\n[[claim]]\nid = 'x'\nprints = '{prints}'\n"),
        );
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn paper(&self) -> Paper {
        document::load(&[self.path("p")]).expect("a paper without errors").remove(0)
    }

    fn archive(&self) -> Archive {
        Archive::new(&self.path("cache"), &self.path("program")).expect("the program can be read")
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.path("cache")).expect("the cache is there");
        folder.map(|e| e.expect("an entry").path()).collect()
    }
}

fn options() -> Options {
    Options { seed: 7, digits: 40, draws: DRAWS, only: None, engines: Engines::default() }
}

/// An outcome with one entry, proved.
fn outcome() -> Outcome {
    let statement = Formula::rel(Expr::sym("a"), Relation::Ge, Expr::int(0));
    let positive = Formula::rel(Expr::sym("a"), Relation::Gt, Expr::int(0));
    let judged = Engines::default().judge(std::slice::from_ref(&positive), &statement);
    let Judgement::Holds(evidence) = judged else { panic!("{judged:?}") };
    let shown = Shown { latex: r"a \ge 0".into(), plain: "a ≥ 0".into() };
    let mut entry = Entry::unjudged("p/x".into(), EntryKind::Claim);
    (entry.verdict, entry.holds) = (Verdict::Proved, Some(Holds::Always));
    (entry.evidence, entry.facts) = (evidence, vec![positive]);
    (entry.prints, entry.derived) = (shown.latex.clone(), Some(shown));
    Outcome { entries: vec![entry], notes: vec!["a note".into()], ..Outcome::empty(7) }
}

#[test]
fn what_was_kept_is_recalled_with_the_same_report() {
    let desk = Desk::new();
    let (archive, paper) = (desk.archive(), desk.paper());
    let key = archive.key(&paper, &options());
    assert!(archive.recall(&key, 7).is_none());
    archive.keep(&key, &outcome(), &options()).expect("a place to write");
    let recalled = desk.archive().recall(&key, 7).expect("what was kept");
    assert_eq!(recalled.recalled, 1);
    assert_eq!(json::report(&recalled, false), json::report(&outcome(), false));
}

#[test]
fn another_text_program_option_or_path_is_another_key() {
    let desk = Desk::new();
    let first = desk.archive().key(&desk.paper(), &options());
    assert_eq!(desk.archive().key(&desk.paper(), &options()), first);
    let mut keys = vec![first];
    keys.push(desk.archive().key(&desk.paper(), &Options { seed: 8, ..options() }));
    keys.push(desk.archive().key(&desk.paper(), &Options { digits: 41, ..options() }));
    let engines = Engines { limit: Duration::from_secs(1), ..Engines::default() };
    keys.push(desk.archive().key(&desk.paper(), &Options { engines, ..options() }));
    desk.write("program", "two");
    keys.push(desk.archive().key(&desk.paper(), &options()));
    desk.write("program", "one");
    desk.claim("a = a ");
    keys.push(desk.archive().key(&desk.paper(), &options()));
    desk.claim("a = a");
    fs::rename(desk.path("p/a.toml"), desk.path("p/b.toml")).expect("a new name");
    keys.push(desk.archive().key(&desk.paper(), &options()));
    fs::rename(desk.path("p/b.toml"), desk.path("p/a.toml")).expect("the old name");
    assert_eq!(desk.archive().key(&desk.paper(), &options()), first);
    let texts: std::collections::BTreeSet<String> = keys.iter().map(Key::to_string).collect();
    assert_eq!(texts.len(), keys.len());
}

#[test]
fn nothing_is_recalled_from_a_file_that_was_changed() {
    let desk = Desk::new();
    let (archive, paper) = (desk.archive(), desk.paper());
    let key = archive.key(&paper, &options());
    archive.keep(&key, &outcome(), &options()).expect("a place to write");
    let [file] = &desk.files()[..] else { panic!("one file") };
    let text = fs::read_to_string(file).expect("text");
    fs::write(file, text.replace("proved", "refuted")).expect("a place to write");
    assert!(archive.recall(&key, 7).is_none());
    fs::write(file, "").expect("a place to write");
    assert!(archive.recall(&key, 7).is_none());
    fs::write(file, text).expect("a place to write");
    assert!(archive.recall(&key, 7).is_some());
}

#[test]
fn a_certificate_that_fails_is_not_recalled_though_the_file_is_whole() {
    let desk = Desk::new();
    let archive = desk.archive();
    let key = archive.key(&desk.paper(), &options());
    let mut wrong = outcome();
    let at = [(crate::expr::Symbol::new("a"), rug::Rational::from(1))].into();
    let statement = Formula::rel(Expr::sym("a"), Relation::Gt, Expr::int(0));
    let certified =
        Certified { hypotheses: vec![], statement, proof: Proof::Witness { at }, stands_for: vec![] };
    wrong.entries[0].verdict = Verdict::Refuted;
    wrong.entries[0].evidence = vec![certified.into_evidence()];
    archive.keep(&key, &wrong, &options()).expect("a place to write");
    assert!(archive.recall(&key, 7).is_none());
}

#[test]
fn what_may_come_out_otherwise_is_not_kept() {
    let desk = Desk::new();
    let archive = desk.archive();
    let key = archive.key(&desk.paper(), &options());
    let mut slow = outcome();
    slow.entries[0].elapsed_ms = 60_000;
    archive.keep(&key, &slow, &options()).expect("nothing to write");
    let mut contradiction = outcome();
    contradiction.entries[0].verdict = Verdict::Conflict;
    archive.keep(&key, &contradiction, &options()).expect("nothing to write");
    assert!(!desk.path("cache").exists());
    // Many entries together may take longer than a question may.
    let long = Outcome { elapsed_ms: 600_000, ..outcome() };
    archive.keep(&key, &long, &options()).expect("a place to write");
    assert!(archive.recall(&key, 7).is_some());
}

#[test]
fn what_was_unused_longest_goes_first() {
    let desk = Desk::new();
    let archive = desk.archive();
    let key = |seed: u64| archive.key(&desk.paper(), &Options { seed, ..options() });
    for seed in 0..70 {
        archive.keep(&key(seed), &outcome(), &options()).expect("a place to write");
        // Used ever again, so never the one that is unused longest.
        assert!(archive.recall(&key(0), 7).is_some(), "{seed}");
    }
    assert_eq!(desk.files().len(), 64);
    assert!(archive.recall(&key(1), 7).is_none());
    assert!(archive.recall(&key(69), 7).is_some());
}
