//! `[[theorem]]`: what a paper says about payoffs that are any functions of an agreement, clause by
//! clause.

use std::collections::BTreeMap;

use crate::finite::{Abstaining, Frame, Group, MOST_PLAYERS, Misread, Sentence, Shape, parse};

use super::diagnostic::{Problem, suggest};
use super::fields::Fields;
use super::frame::{self, Surroundings};
use super::source::Located;

pub(super) const KEYS: [&str; 9] =
    ["id", "at", "players", "family", "payoffs", "continuous", "abstain", "assuming", "clause"];
const CLAUSE_KEYS: [&str; 7] = ["id", "at", "says", "clause", "possible", "assuming", "note"];

/// A theorem about any payoffs.
#[derive(Clone, Debug)]
pub struct Theorem {
    pub id: Located<String>,
    pub frame: Frame,
    pub clauses: Vec<Clause>,
}

/// A clause of a theorem, a claim of its own.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The theorem's id, `/` and its own.
    pub id: String,
    pub written_id: Located<String>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    /// The paper's words.
    pub says: Located<String>,
    pub clause: Located<Sentence>,
    /// The theorem's hypotheses and its own.
    pub assuming: Vec<Located<Sentence>>,
    /// Whether it only says that there are such payoffs.
    pub possible: bool,
    pub note: Option<Located<String>>,
}

/// Reads one `[[theorem]]`. What is wrong is reported, and the theorem left out.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Theorem> {
    let before = fields.cx.problems.borrow().len();
    let at = frame::at(fields, around);
    let frame = about(fields);
    let id = frame::id(fields);
    let tables = fields.tables("clause");
    if tables.is_empty() && fields.get("clause").is_none() {
        fields.missing("clause", "give each clause a table [[theorem.clause]]");
    }
    let (frame, id) = (frame?, id?);
    let assuming = sentences(fields, "assuming", &frame);
    let mut clauses = vec![];
    for (table, place) in tables {
        let inner = Fields::new(fields.cx, table, place, "a clause", &CLAUSE_KEYS);
        clauses.extend(clause(&inner, around, &frame, &id.value, &at, &assuming));
    }
    (fields.cx.problems.borrow().len() == before).then_some(Theorem { id, frame, clauses })
}

fn clause(
    fields: &Fields,
    around: &Surroundings,
    frame: &Frame,
    theorem: &str,
    at: &BTreeMap<String, String>,
    assuming: &[Located<Sentence>],
) -> Option<Clause> {
    let written_id = frame::id(fields);
    let says = fields.required_prose("says", "quote what the paper says: says = '…'");
    let text = fields.required_latex("clause", "say it as a sentence: clause = 'for all x: …'");
    let own = frame::at(fields, around);
    let clause = sentence(fields, &text?, frame);
    let assuming = [assuming, &sentences(fields, "assuming", frame)].concat();
    let written_id = written_id?;
    Some(Clause {
        id: format!("{theorem}/{}", written_id.value),
        written_id,
        at: if own.is_empty() { at.clone() } else { own },
        says: says?,
        clause: clause?,
        assuming,
        possible: fields.flag("possible"),
        note: fields.prose("note"),
    })
}

/// Players, shapes, and who may abstain.
fn about(fields: &Fields) -> Option<Frame> {
    let mut groups = vec![];
    let family = fields.latex("family");
    if fields.get("players").is_none() {
        fields.missing("players", "name each player's payoff: players = { G = 'U_G', D = 'U_D' }");
    }
    for (name, item) in fields.entries("players") {
        let payoff = fields.cx.latex(&name.value, item)?;
        let is_member =
            |f: &Located<String>| name.value.rsplit_once('_').is_some_and(|(_, s)| s.contains(&f.value));
        let letter = family.as_ref().filter(|f| is_member(f)).map(|f| f.value.clone());
        groups.push((name.span.clone(), Group { name: name.value, payoff: payoff.value, letter }));
    }
    let named = groups.iter().filter(|(_, g)| g.letter.is_none()).count();
    let last = groups.last().cloned()?;
    if named > MOST_PLAYERS {
        let message = format!("{named} players, and at most {MOST_PLAYERS} and a family are looked at");
        let help = "what holds of a player alone can be claimed of fewer players";
        fields.cx.report(last.0, Problem::Incomplete(message), help);
        return None;
    }
    if let Some(letter) = &family
        && (last.1.letter.is_none() || groups.iter().filter(|(_, g)| g.letter.is_some()).count() != 1)
    {
        let message =
            format!("`{}` is not in the subscript of the last player, or not there alone", letter.value);
        let help = "the family stands last: players = { G = 'U_G', D_i = 'U_{D_i}' }, family = 'i'";
        fields.cx.report(letter.span.clone(), Problem::Incomplete(message), help);
        return None;
    }
    let groups: Vec<Group> = groups.into_iter().map(|(_, g)| g).collect();
    let shapes = shapes(fields)?;
    let abstaining = abstaining(fields, &groups)?;
    Some(Frame { groups, shapes, continuous: fields.flag("continuous"), abstaining })
}

/// The shapes that a payoff may have.
fn shapes(fields: &Fields) -> Option<Vec<Shape>> {
    if fields.get("payoffs").is_none() {
        fields.missing("payoffs", "say what is supposed of payoffs: payoffs = 'strictly unimodal'");
        return None;
    }
    let names = Shape::ALL.map(Shape::name);
    let mut out = vec![];
    for item in fields.list("payoffs") {
        let word = fields.cx.prose("payoffs", &item)?;
        let Some(shape) = Shape::ALL.into_iter().find(|s| s.name() == word.value) else {
            fields.cx.report(word.span, unknown(&word.value), suggest(&word.value, "shapes", &names));
            return None;
        };
        out.push(shape);
    }
    Some(out)
}

/// `abstain = 'apart'`, or `abstain = 'costing G'`.
fn abstaining(fields: &Fields, groups: &[Group]) -> Option<Abstaining> {
    if fields.get("abstain").is_none() {
        return Some(Abstaining::Nobody);
    }
    let word = fields.latex("abstain")?;
    let leaders: Vec<String> =
        groups.iter().filter(|g| g.letter.is_none()).map(|g| format!("costing {}", g.name)).collect();
    if groups.last().is_none_or(|g| g.letter.is_none()) {
        let problem = Problem::Incomplete("nobody may abstain: there is no family".to_owned());
        fields.cx.report(word.span, problem, "say which letter numbers the members: family = 'i'");
        return None;
    }
    if word.value == "apart" {
        return Some(Abstaining::Apart);
    }
    if let Some(leader) = leaders.iter().position(|l| *l == word.value) {
        return Some(Abstaining::Costing { leader });
    }
    let known: Vec<&str> = std::iter::once("apart").chain(leaders.iter().map(String::as_str)).collect();
    fields.cx.report(word.span, unknown(&word.value), suggest(&word.value, "ways to abstain", &known));
    None
}

fn unknown(word: &str) -> Problem {
    Problem::Incomplete(format!("`{word}` is not known here"))
}

fn sentences(fields: &Fields, key: &str, frame: &Frame) -> Vec<Located<Sentence>> {
    fields.latex_list(key).iter().filter_map(|text| sentence(fields, text, frame)).collect()
}

fn sentence(fields: &Fields, text: &Located<String>, frame: &Frame) -> Option<Located<Sentence>> {
    match parse(&text.value, frame) {
        Ok(s) => Some(text.with(s)),
        Err(Misread { span, message, unknown }) => {
            let help = match &unknown {
                Some((word, known)) => {
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    suggest(word, "what is known", &known)
                }
                None => "see `docs/any-payoffs.md` for the language of clauses".to_owned(),
            };
            fields.cx.report(text.part(span), Problem::Incomplete(message), help);
            None
        }
    }
}
