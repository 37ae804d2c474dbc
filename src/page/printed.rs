//! What stands behind an entry in the paper's files: the formula as it was read, its names, notes.

use std::collections::BTreeMap;

use crate::document::{Claim, Derivation, Paper};
use crate::expr::{Formula, Scope};
use crate::tex;

/// The part of a file that an entry was made of.
#[derive(Clone, Debug)]
pub struct Printed<'a> {
    /// The statement as it was read, if it is one.
    pub statement: Option<&'a Formula>,
    /// The names that it may use.
    pub scope: Scope,
    /// What the file says besides.
    pub notes: Vec<&'a str>,
    /// The heading of the file.
    pub section: &'a str,
}

/// Every entry of a paper by its id.
pub fn all(paper: &Paper) -> BTreeMap<String, Printed<'_>> {
    let claims = paper.claims.iter().map(|c| (format!("{}/{}", paper.id, c.id), claim(paper, c)));
    let lines = paper.derivations.iter().flat_map(|d| lines(paper, d));
    claims.chain(lines).collect()
}

fn claim<'a>(paper: &'a Paper, claim: &'a Claim) -> Printed<'a> {
    Printed {
        statement: claim.prints.as_ref().map(|p| &p.value),
        scope: paper.symbols.visible_in(&claim.frame.scope),
        notes: claim.note.iter().chain(&claim.reason).map(|n| n.text.as_str()).collect(),
        section: section(paper, claim.written_id.file),
    }
}

fn lines<'a>(paper: &'a Paper, derivation: &'a Derivation) -> Vec<(String, Printed<'a>)> {
    let mut out = vec![];
    let mut number = 0;
    for block in &derivation.blocks {
        for n in 0..block.lines() {
            number += 1;
            let statement = match (block.steps.get(n), &block.against) {
                (Some(step), _) => match &step.line.value.body {
                    tex::Body::Statement(f) => Some(f),
                    _ => None,
                },
                (None, against) => against.as_ref().map(|f| &f.value),
            };
            let printed = Printed {
                statement,
                scope: paper.symbols.visible_in(&block.frame.scope),
                notes: derivation.note.iter().chain(&block.note).map(|n| n.text.as_str()).collect(),
                section: section(paper, derivation.id.file),
            };
            out.push((format!("{}/{}/{number}", paper.id, derivation.id.value), printed));
        }
    }
    out
}

fn section(paper: &Paper, file: crate::document::FileId) -> &str {
    let file = paper.file(file);
    file.section.as_deref().unwrap_or_else(|| {
        file.source.path().file_name().and_then(|name| name.to_str()).unwrap_or("Claims and derivations")
    })
}
