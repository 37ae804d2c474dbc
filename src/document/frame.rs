//! What claims, derivations and their blocks have in common: where they stand in the paper, the names
//! they may use, and what they assume.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::expr::{Formula, Kind, Scope, Symbol};
use crate::tex;

use super::definitions::{self, Definition};
use super::diagnostic::{Problem, suggest};
use super::fields::{Context, Fields};
use super::games::PaperGame;
use super::source::Located;
use super::symbols::imply;

/// The circumstances under which a statement is made.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The name of the game it speaks of.
    pub game: Option<String>,
    /// Every name it may use: the paper's symbols up to this file, the game's, and its own.
    pub scope: Arc<Scope>,
    /// Local definitions, outer ones first. The game's own are in [`PaperGame::definitions`].
    pub definitions: Vec<Definition>,
    /// Statements that narrow the domains, outer ones first.
    pub assuming: Vec<Located<Formula>>,
    /// What is held fixed.
    pub given: Vec<Located<Symbol>>,
}

/// What is visible at a place of a paper.
pub(super) struct Surroundings<'a> {
    pub scope: &'a Scope,
    pub games: &'a BTreeMap<String, PaperGame>,
    /// The games that could not be read.
    pub broken_games: &'a BTreeSet<String>,
    /// The paper's versions; `None` if they could not be read.
    pub versions: Option<&'a BTreeMap<String, String>>,
}

/// Instances of an index letter: `P` stands for `G`.
pub(super) type Alias = [(String, String)];

/// Reads a frame from the keys `game`, `where` and `given` of a table; [`assumptions`] are read apart, for
/// they may use index letters. `None` if there is no such game, without which nothing can be read.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Frame> {
    let mut scope = around.scope.clone();
    let mut game = None;
    if fields.get("game").is_some() {
        let name = fields.prose("game")?;
        if around.broken_games.contains(&name.value) {
            return None;
        }
        let Some(found) = around.games.get(&name.value) else {
            let names: Vec<&str> = around.games.keys().map(String::as_str).collect();
            let help = suggest(&name.value, "games up to here", &names);
            fields.cx.report(name.span, Problem::UnknownGame(name.value), help);
            return None;
        };
        for entry in &found.declares {
            imply(fields.cx, &mut scope, entry.clone(), &name);
        }
        game = Some(name.value);
    }
    let outer = Frame { game, scope: Arc::new(scope), definitions: vec![], assuming: vec![], given: vec![] };
    Some(within(fields, &outer))
}

/// Reads the frame of something inside `outer` from the keys `where` and `given` of its table.
pub(super) fn within(fields: &Fields, outer: &Frame) -> Frame {
    let mut frame = outer.clone();
    let mut scope = (*outer.scope).clone();
    frame.definitions.extend(definitions::read(fields, "where", &mut scope));
    frame.scope = Arc::new(scope);
    frame.given.extend(names(fields, "given", &frame.scope));
    frame
}

/// The declared symbols that a key lists; players are none.
pub(super) fn names(fields: &Fields, key: &str, scope: &Scope) -> Vec<Located<Symbol>> {
    let mut found = vec![];
    for name in fields.latex_list(key) {
        match scope.entry(&Symbol::new(&name.value)) {
            Some(entry) if entry.kind != Kind::Player => found.push(name.with(entry.symbol.clone())),
            _ => {
                let names: Vec<&str> = scope.entries().map(|e| e.symbol.latex()).collect();
                let help = suggest(&name.value, "declared symbols", &names);
                fields.cx.report(name.span, Problem::Undeclared(name.value), help);
            }
        }
    }
    found
}

/// The formulas under `assuming`.
pub(super) fn assumptions(fields: &Fields, scope: &Scope, alias: &Alias) -> Vec<Located<Formula>> {
    let texts = fields.latex_list("assuming");
    texts.iter().filter_map(|text| formula(fields.cx, text, scope, alias)).collect()
}

/// A formula with its index letters instantiated.
pub(super) fn formula(
    cx: Context,
    text: &Located<String>,
    scope: &Scope,
    alias: &Alias,
) -> Option<Located<Formula>> {
    let alias: Vec<(&str, &str)> =
        alias.iter().map(|(letter, value)| (letter.as_str(), value.as_str())).collect();
    cx.read(text, |src| tex::parse_formula_with(src, scope, &alias))
}

/// The `id`: letters, digits and `-`, `_`, `.`, `/`, so that it can be typed and used in a file's name.
pub(super) fn id(fields: &Fields) -> Option<Located<String>> {
    let id = fields.required_prose("id", "give it an id such as 'eq-12'")?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let pieces = || id.value.split('/');
    if !id.value.chars().all(allowed) || pieces().any(|p| p.is_empty() || p.starts_with('.')) {
        let help = "use letters, digits, `-`, `_`, `.` and, between two names, `/`";
        fields.cx.report(id.span, Problem::BadId(id.value), help);
        return None;
    }
    Some(id)
}

/// Where the paper prints it, by version.
pub(super) fn at(fields: &Fields, around: &Surroundings) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (version, item) in fields.entries("at") {
        let Some(place) = fields.cx.prose(&version.value, item) else { continue };
        if let Some(versions) = around.versions
            && !versions.contains_key(&version.value)
        {
            let names: Vec<&str> = versions.keys().map(String::as_str).collect();
            let help = suggest(&version.value, "versions in paper.toml", &names);
            fields.cx.report(version.span, Problem::UnknownVersion(version.value), help);
            continue;
        }
        out.insert(version.value, place.value);
    }
    out
}
