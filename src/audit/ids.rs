//! The ids of entries.

use crate::document::{self, Derivation, Paper};

use super::steps;

/// The ids of all entries that a paper gives.
pub fn ids(paper: &Paper) -> Vec<String> {
    let claims = paper.claims.iter().map(|c| format!("{}/{}", paper.id, c.id));
    let steps = paper.derivations.iter().flat_map(|d| {
        // A term that the next line continues is no statement of its own.
        let mut number = 0;
        let mut ids = vec![];
        for b in &d.blocks {
            for n in 1..=b.lines() {
                let body = |n: usize| b.steps.get(n).map(|s| &s.line.value.body);
                let open = body(n - 1).is_some_and(|line| steps::opens_a_chain(line, body(n)));
                if !open {
                    ids.push(format!("{}/{}/{}", paper.id, d.id.value, number + n));
                }
            }
            number += b.lines();
        }
        ids
    });
    let clauses = paper.theorems.iter().flat_map(|t| &t.clauses);
    let clauses = clauses.map(|c| format!("{}/{}", paper.id, c.id));
    let invariants = paper.invariants.iter().map(|i| format!("{}/{}", paper.id, i.id.value));
    claims.chain(clauses).chain(invariants).chain(steps).collect()
}

/// The id of a line of a block.
pub fn line_id(paper: &Paper, derivation: &Derivation, index: usize, n: usize) -> String {
    let before: usize = derivation.blocks[..index].iter().map(document::Block::lines).sum();
    format!("{}/{}/{}", paper.id, derivation.id.value, before + n + 1)
}

/// The line number at the end of a step's id, so that the tenth line comes after the ninth.
pub fn number_in(id: &str) -> usize {
    id.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(0)
}
