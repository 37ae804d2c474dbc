//! The frames in which a paper's entries are judged, told apart by what makes another setting, and what the
//! paper's names stand for in each.

use std::collections::BTreeMap;

use crate::document::{self, Claim, Derivation, Paper};
use crate::expr::{Expr, Formula, Relation, Scope, Symbol};
use crate::game::model::Definition;

use super::ids::line_id;
use super::meaning::Meaning;

/// A game's name, the assumptions, the local definitions, and how much of the paper's symbols is
/// declared: files are read in order, so their number tells.
pub type Key = (Option<String>, Vec<Formula>, Vec<Definition>, usize);

pub fn key(paper: &Paper, frame: &document::Frame) -> Key {
    let declared = paper.symbols.entries().filter(|e| frame.scope.entry(&e.symbol).is_some());
    (
        frame.game.clone(),
        frame.assuming.iter().map(|f| f.value.clone()).collect(),
        frame.definitions.iter().map(document::Definition::function).collect(),
        declared.count(),
    )
}

/// The frames in which something is to be judged. No game is solved for others, which may take longer than
/// to judge one claim.
pub fn frames(paper: &Paper, is_wanted: &dyn Fn(&str) -> bool) -> Vec<document::Frame> {
    let claims = paper.claims.iter().filter(|c| is_wanted(&format!("{}/{}", paper.id, c.id)));
    let mut frames: Vec<document::Frame> = claims.map(|c| c.frame.clone()).collect();
    for d in &paper.derivations {
        let has_wanted = |b: &usize| (0..d.blocks[*b].lines()).any(|n| is_wanted(&line_id(paper, d, *b, n)));
        let blocks: Vec<usize> = (0..d.blocks.len()).filter(has_wanted).collect();
        if !blocks.is_empty() {
            frames.push(d.frame.clone());
        }
        frames.extend(blocks.into_iter().map(|b| block_frame(d, b)));
    }
    frames
}

/// The frame of a block's setting: what the block assumes besides is put to the engines with each
/// of its lines.
pub fn block_frame(derivation: &Derivation, index: usize) -> document::Frame {
    let definitions = derivation.blocks[index].frame.definitions.clone();
    document::Frame { definitions, ..derivation.frame.clone() }
}

/// What the paper's names stand for: the optimum that a definition prints, or that a claim says
/// its name is. A name may mean one thing in one game and another in the next.
pub fn definitions(paper: &Paper, game: Option<&str>) -> BTreeMap<Symbol, Expr> {
    let mut out = BTreeMap::new();
    for claim in paper.claims.iter().filter(|c| is_visible(c, game)) {
        let Some(Formula::Rel(Expr::Sym(name), Relation::Eq, right)) =
            claim.prints.as_ref().map(|p| &p.value)
        else {
            continue;
        };
        let meaning = match (&Meaning::of(claim), right) {
            (Meaning::Definition { .. }, term @ Expr::Optimum { .. }) => term.clone(),
            (Meaning::Optimum { term, unique: true } | Meaning::Term(term), _) => term.clone(),
            _ => continue,
        };
        for (name, meaning) in members(name, &meaning, &paper.symbols) {
            out.entry(name).or_insert(meaning);
        }
    }
    out
}

/// The equations by which the paper defines a name, other than `NAME = argmax …`.
pub fn equations(paper: &Paper, game: Option<&str>) -> BTreeMap<Symbol, Formula> {
    let known = definitions(paper, game);
    let mut out = BTreeMap::new();
    for claim in paper.claims.iter().filter(|c| is_visible(c, game)) {
        if let (Some(name), Some(prints)) = (&claim.defines, &claim.prints)
            && !known.contains_key(&name.value)
        {
            out.entry(name.value.clone()).or_insert_with(|| prints.value.clone());
        }
    }
    out
}

/// Whether a claim speaks of the game, or of none.
fn is_visible(claim: &Claim, game: Option<&str>) -> bool {
    claim.frame.game.is_none() || claim.frame.game.as_deref() == game
}

/// A name with its meaning, at every index letter if it is the member of a family.
fn members(name: &Symbol, meaning: &Expr, scope: &Scope) -> Vec<(Symbol, Expr)> {
    let mut out = vec![(name.clone(), meaning.clone())];
    for range in scope.indices() {
        let Some(from) = range.letter_in(name) else { continue };
        for to in range.all_letters() {
            out.extend(name.reindexed(&from, &to).map(|name| (name, meaning.reindexed(&from, &to))));
        }
    }
    out
}
