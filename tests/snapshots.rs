//! Every closed form and every derivation of the papers, printed and derived, with its verdict,
//! pinned: one readable file a claim and one a derivation.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use proofread::audit::{EntryKind, Outcome};
use proofread::report::card::card;
use proofread::report::json::report;
use proofread::report::replayed::replayed;

#[test]
fn every_claim_and_every_derivation_is_as_it_was_pinned_and_its_certificates_are_accepted() {
    let outcome = support::audit(&support::papers(&support::proofs()));
    assert_eq!(replayed(&report(&outcome, false)).failures, []);
    let cards = cards(&outcome);
    pinned(&cards);
    assert_eq!(left_over(&cards), [] as [String; 0], "snapshots of nothing that is judged");
}

/// The files under `snapshots/` that no card belongs to.
fn left_over(cards: &BTreeMap<String, String>) -> Vec<String> {
    let folder = fs::read_dir(folder()).expect("the snapshots are there");
    let files = folder.map(|f| f.expect("a file").file_name().to_string_lossy().into_owned());
    let known = |file: &String| file.strip_suffix(".snap").is_some_and(|name| cards.contains_key(name));
    let mut left: Vec<String> = files.filter(|file| !known(file)).collect();
    left.sort();
    left
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// The cards of an audit, by what a file is called.
fn cards(outcome: &Outcome) -> BTreeMap<String, String> {
    let mut cards: BTreeMap<String, String> = BTreeMap::new();
    for entry in &outcome.entries {
        // The lines of a derivation stand together in one file.
        let name = match entry.kind {
            EntryKind::Claim => entry.id.clone(),
            EntryKind::Step => {
                entry.id.rsplit_once('/').map_or(entry.id.clone(), |(head, _)| head.to_owned())
            }
        };
        let text = cards.entry(name.replace('/', "__")).or_default();
        if !text.is_empty() {
            text.push_str("\n----\n\n");
        }
        text.push_str(&card(entry));
    }
    cards
}

/// Holds each card against its file.
fn pinned(cards: &BTreeMap<String, String>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let moved: Vec<String> = settings.bind(|| {
        let pinned = |(name, text): (&String, &String)| {
            catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(name.as_str(), text))).is_err()
        };
        cards.iter().filter(|c| pinned(*c)).map(|(name, _)| name.clone()).collect()
    });
    assert!(moved.is_empty(), "these moved: {}", moved.join(", "));
}
