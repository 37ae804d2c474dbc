//! The result of one run over any number of papers.

use std::collections::BTreeMap;

use super::{Entry, Stages, Verdict};

/// Everything a run found, in the order of the papers' files.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    pub elapsed_ms: u64,
    pub entries: Vec<Entry>,
    /// Things worth saying that are no verdict: a game that was not solved symbolically.
    pub notes: Vec<String>,
    /// How many of the entries were judged in an earlier run; their certificates were replayed.
    pub recalled: usize,
    /// What its stages took; no report has it.
    pub stages: Stages,
}

impl Outcome {
    /// Nothing found yet.
    pub fn empty(seed: u64) -> Outcome {
        Outcome {
            seed,
            elapsed_ms: 0,
            entries: vec![],
            notes: vec![],
            recalled: 0,
            stages: Stages::default(),
        }
    }

    /// This with what another run found after it.
    pub fn and(mut self, further: Outcome) -> Outcome {
        self.elapsed_ms += further.elapsed_ms;
        self.entries.extend(further.entries);
        self.notes.extend(further.notes);
        self.recalled += further.recalled;
        self.stages = self.stages.and(&further.stages);
        self
    }

    /// How many entries got each verdict; every verdict is listed.
    pub fn counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts: BTreeMap<Verdict, usize> = Verdict::ALL.iter().map(|v| (*v, 0)).collect();
        for e in &self.entries {
            *counts.entry(e.verdict).or_default() += 1;
        }
        counts
    }

    /// The entries that make the run exit with 1, gravest first, results before slips.
    pub fn findings(&self) -> Vec<&Entry> {
        let mut found: Vec<&Entry> = self.entries.iter().filter(|e| e.verdict.is_finding()).collect();
        found.sort_by_key(|e| (e.severity, e.verdict));
        found
    }
}
