//! Audits that were made before, so that a paper that has not changed is not judged twice.
//!
//! * **Takes** a paper and the options of its audit; after an audit, what it found.
//! * **Gives** the entries of an earlier audit of the very same input by the very same program, once
//!   their certificates have been replayed, searches of all finite models left out; or nothing.
//! * **May call** `document`, `audit` and the replay of `report`.
//!
//! An audit is kept under a [`Key`]: a digest of the program, of the options, and of each file of
//! the paper with its path. Output depends on nothing else as long as no clock ran out, so an audit
//! with an entry or a stage that took long enough for one to run out is not kept, nor is one in which the symbolic layer had
//! trouble or routes contradicted each other. What is kept is plain data with its own digest.
//!
//! What a recalled verdict rests on is what it rests on in any report: its certificates are replayed
//! ([`crate::report::replayed`]) before it is shown, and one that fails makes the whole audit be
//! made anew. Taken on trust beyond that: what [`crate::report::replayed`] takes on trust in a
//! report, of a file in the user's own cache.

mod key;
mod shelf;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::audit::{Entry, Options, Outcome, Stage, Verdict};
use crate::document::Paper;
use crate::report::reading;
use crate::report::replayed::{self, Extent};

pub use key::Key;
use key::{Digest, digest};
use shelf::Shelf;

/// The audits kept in a folder by one program.
#[derive(Debug)]
pub struct Archive {
    shelf: Shelf,
    program: Digest,
}

/// What is kept of an audit of one paper.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    entries: Vec<Entry>,
    notes: Vec<String>,
}

impl Archive {
    /// The archive in `folder`, which is made when something is kept, for the program in a file.
    /// Reads the program once. Errors are those of reading it.
    pub fn new(folder: &Path, program: &Path) -> std::io::Result<Archive> {
        Ok(Archive { shelf: Shelf::new(folder), program: digest(&std::fs::read(program)?) })
    }

    /// What an audit of all entries of `paper` is kept under.
    pub fn key(&self, paper: &Paper, options: &Options) -> Key {
        Key::new(&self.program, paper, options)
    }

    /// The audit that is kept under `key`, replayed. Nothing if there is none, or if it cannot be
    /// read or does not bear out.
    pub fn recall(&self, key: &Key, seed: u64) -> Option<Outcome> {
        let bytes = self.shelf.take(key)?;
        // On a worker's stack: certificates may be deep.
        rayon::scope(|_| {
            let kept: Kept = reading::parse(&bytes).ok()?;
            let recalled = kept.entries.len();
            let outcome =
                Outcome { entries: kept.entries, notes: kept.notes, recalled, ..Outcome::empty(seed) };
            let replayed = replayed::replayed_entries(&outcome.entries, Extent::WithoutSearches);
            replayed.failures.is_empty().then_some(outcome)
        })
    }

    /// Keeps an audit of all entries of a paper if it would come out the same again, whatever the
    /// machine. Errors are those of writing.
    pub fn keep(&self, key: &Key, outcome: &Outcome, options: &Options) -> std::io::Result<()> {
        // The limit counts from the beginning of a question, which is after that of its entry or its stage.
        let limit = options.engines.limit;
        let entries = outcome.entries.iter().all(|e| u128::from(e.elapsed_ms) < limit.as_millis());
        let mut others = outcome.stages.list().into_iter().filter(|(stage, _)| *stage != Stage::Judging);
        let in_time = entries && others.all(|(_, spent)| spent.clock < limit);
        let agreed = outcome.entries.iter().all(|e| e.verdict != Verdict::Conflict);
        if !in_time || !agreed {
            return Ok(());
        }
        let kept = Kept { entries: outcome.entries.clone(), notes: outcome.notes.clone() };
        self.shelf.put(key, &serde_json::to_vec(&kept).expect("entries are plain data"))
    }
}

#[cfg(test)]
mod tests;
