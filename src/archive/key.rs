//! What an audit depends on, as one digest.

use std::fmt;

use crate::audit::{self, Options};
use crate::document::Paper;
use crate::prove::Engines;

/// A digest of some bytes.
pub type Digest = blake3::Hash;

/// The digest of some bytes (BLAKE3).
pub fn digest(bytes: &[u8]) -> Digest {
    blake3::hash(bytes)
}

/// The digest of all that the audit of a paper depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(Digest);

impl Key {
    /// For the program with a digest, all entries of `paper` and these options.
    pub fn new(program: &Digest, paper: &Paper, options: &Options) -> Key {
        // Each option by name: one that is added has to be looked at here.
        let Options { seed, digits, draws, only: _, engines } = options;
        let Engines {
            seed: engines_seed,
            order_steps,
            early_steps,
            rule_steps,
            limit,
            witness_tries,
            bits,
            calculus_goals,
            memory: _,
        } = engines;
        let mut parts = Parts(blake3::Hasher::new());
        parts.add(program.as_bytes());
        parts.add(format!("{seed} {engines_seed} {digits} {draws}").as_bytes());
        parts.add(format!("{order_steps} {early_steps} {rule_steps} {limit:?}").as_bytes());
        parts.add(format!("{witness_tries} {bits} {calculus_goals}").as_bytes());
        parts.add(paper.id.as_bytes());
        for file in &paper.files {
            parts.add(file.source.path().as_os_str().as_encoded_bytes());
            parts.add(file.source.text().as_bytes());
        }
        // A single file of a paper may have been asked for.
        for id in audit::ids(paper) {
            parts.add(id.as_bytes());
        }
        Key(parts.0.finalize())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.0.to_hex())
    }
}

/// Parts of a digest, each with its length before it, so that no two lists of parts run together.
struct Parts(blake3::Hasher);

impl Parts {
    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }
}
