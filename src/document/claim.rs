//! `[[claim]]`: a formula that the paper prints, and what it is said to be.

use std::collections::BTreeMap;

use crate::expr::{Expr, Formula, Kind, Relation, Scope, Set, Symbol};
use crate::game::Concept;
use crate::tex;

use super::diagnostic::{Problem, suggest};
use super::fields::{Context, Fields, list_of};
use super::frame::{self, Alias, Frame, Surroundings};
use super::source::Located;

pub(super) const KEYS: [&str; 18] = [
    "defines",
    "id",
    "at",
    "game",
    "for",
    "for-some",
    "where",
    "given",
    "assuming",
    "prints",
    "says",
    "means",
    "kind",
    "unique",
    "transcription",
    "reads",
    "note",
    "reason",
];

/// The number of instances beyond which a `for` is refused.
const MOST_INSTANCES: usize = 100;

/// One claim; a `for` table gives one claim for each choice of values.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The id as it is reported: the written id, followed by `/` and the values of an instance.
    pub id: String,
    /// The id as it is written.
    pub written_id: Located<String>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    /// The index letters and what they stand for in this instance. `means` is to be read with them.
    pub alias: Vec<(String, String)>,
    pub frame: Frame,
    /// The printed formula.
    pub prints: Option<Located<Formula>>,
    /// What the formula is said to be.
    pub means: Option<Located<Means>>,
    /// The name that the formula defines, for a claim of the kind `definition`.
    pub defines: Option<Located<Symbol>>,
    pub kind: Option<Located<String>>,
    /// The symbols for some value of which it is said to hold.
    pub some: Vec<Located<Symbol>>,
    /// Whether the paper speaks of *the* solution.
    pub unique: bool,
    /// What the formula may read in the original, where the transcription is doubtful.
    pub reads: Option<Located<Formula>>,
    pub note: Option<Located<String>>,
    pub reason: Option<Located<String>>,
}

/// What a printed formula `NAME = …` is said to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Means {
    /// `equilibrium`: every name in it is one of the game's own; the formula speaks for itself.
    Equilibrium,
    /// `pareto-set`: the set is that of the agreements that no other one dominates.
    ParetoSet,
    /// The name is this term; of an argmax or argmin, the only one.
    Is(Expr),
    /// `nash`, `powerful-G`: the name is the game's solution by this concept.
    Solution(Concept),
    /// `… strictly unimodal over x \in [a, b]`: nothing is printed but the shape of a term.
    /// `always` is false for `… sometimes not strictly unimodal over …`: for some parameters it is not.
    Unimodal { term: Expr, variable: Symbol, over: Set, always: bool },
    /// `says = …`: nothing is printed but a sentence that says this.
    Statement(Formula),
    /// `\in …`: the name is one of the places at which the optimum is attained.
    IsAmong(Expr),
}

impl Means {
    /// For people, on one line.
    pub fn plain(&self) -> String {
        match self {
            Means::Equilibrium => "equilibrium".into(),
            Means::ParetoSet => PARETO_SET.into(),
            Means::Is(e) => tex::plain(e),
            Means::IsAmong(e) => format!("∈ {}", tex::plain(e)),
            Means::Solution(concept) => concept.name(),
            Means::Statement(f) => tex::plain_formula(f),
            Means::Unimodal { term, variable, over, always } => {
                let range = Formula::In(Expr::Sym(variable.clone()), over.clone());
                let sometimes = if *always { "" } else { SOMETIMES_NOT };
                format!("{}{sometimes}{UNIMODAL}{}", tex::plain(term), tex::plain_formula(&range))
            }
        }
    }
}

const PARETO_SET: &str = "pareto-set";

/// What stands between a term and the range over which it is claimed to be strictly unimodal.
const UNIMODAL: &str = " strictly unimodal over ";

/// What stands before that where it is claimed of no more than some parameters that it is not so.
const SOMETIMES_NOT: &str = " sometimes not";

/// Reads `means`: the words `equilibrium` or `pareto-set`, a solution concept, a term, `\in` and a term, or a term
/// that is said to be strictly unimodal.
fn meaning(cx: Context, text: &Located<String>, scope: &Scope, alias: &Alias) -> Option<Located<Means>> {
    let trimmed = text.value.trim();
    if trimmed == "equilibrium" {
        return Some(text.with(Means::Equilibrium));
    }
    if trimmed == PARETO_SET {
        return Some(text.with(Means::ParetoSet));
    }
    if let Some(concept) = concept(trimmed, alias) {
        if let Concept::Powerful(player) = &concept
            && scope.entry(player).is_none_or(|e| e.kind != Kind::Player)
        {
            let names = scope.entries().filter(|e| e.kind == Kind::Player).map(|e| e.symbol.latex());
            let help = suggest(player.latex(), "declared players", &names.collect::<Vec<_>>());
            cx.report(text.span.clone(), Problem::Undeclared(player.latex().to_owned()), help);
            return None;
        }
        return Some(text.with(Means::Solution(concept)));
    }
    if let Some(at) = text.value.find(UNIMODAL) {
        return unimodal(cx, text, at, scope, alias);
    }
    let among = trimmed.strip_prefix("\\in");
    let start = text.value.len() - among.unwrap_or(text.value.trim_start()).len();
    let piece = cx.locate(text.value[start..].to_owned(), text.part(start..text.text.len()));
    let alias: Vec<(&str, &str)> = alias.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let term = cx.read(&piece, |src| tex::parse_expr_with(src, scope, &alias))?;
    Some(text.with(if among.is_some() { Means::IsAmong(term.value) } else { Means::Is(term.value) }))
}

/// Reads a term, and behind the words at a place the range of its variable.
fn unimodal(
    cx: Context,
    text: &Located<String>,
    at: usize,
    scope: &Scope,
    alias: &Alias,
) -> Option<Located<Means>> {
    let piece =
        |part: std::ops::Range<usize>| cx.locate(text.value[part.clone()].to_owned(), text.part(part));
    let letters: Vec<(&str, &str)> = alias.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let sometimes_not = text.value[..at].strip_suffix(SOMETIMES_NOT).map(str::len);
    let head = piece(0..sometimes_not.unwrap_or(at));
    let term = cx.read(&head, |src| tex::parse_expr_with(src, scope, &letters))?;
    let range = piece(at + UNIMODAL.len()..text.value.len());
    let range = frame::formula(cx, &range, scope, alias)?;
    let Formula::In(Expr::Sym(variable), over) = range.value else {
        let message = format!("`{}` is not a variable in a range", range.text.trim());
        cx.report(range.span, Problem::Incomplete(message), r"write it as `x \in [0, 1]`");
        return None;
    };
    let always = sometimes_not.is_none();
    Some(text.with(Means::Unimodal { term: term.value, variable, over, always }))
}

/// The solution concept that a word names; a player may be an index letter.
fn concept(word: &str, alias: &Alias) -> Option<Concept> {
    let instance = |letter: &str| alias.iter().find(|(a, _)| a == letter).map(|(_, value)| value.clone());
    match word.strip_prefix("powerful-").and_then(instance) {
        Some(player) => Concept::named(&format!("powerful-{player}")),
        None => Concept::named(word),
    }
}

/// The name that a claim of the kind `definition` defines: the one given, or the formula's left side.
fn defines(fields: &Fields, prints: Option<&Located<Formula>>) -> Option<Located<Symbol>> {
    if let Some(name) = fields.latex("defines") {
        return Some(name.with(Symbol::new(&name.value)));
    }
    let kind = fields.prose("kind").filter(|k| k.value == "definition")?;
    match prints.map(|p| &p.value) {
        Some(Formula::Rel(Expr::Sym(name), Relation::Eq, _)) => Some(kind.with(name.clone())),
        Some(_) => {
            fields.missing("defines", "say which name the formula defines: defines = '…'");
            None
        }
        None => None,
    }
}

/// Reads one `[[claim]]`. What is wrong is reported, and the claim left out.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Vec<Claim> {
    let Some(outer) = frame::read(fields, around) else { return vec![] };
    let at = frame::at(fields, around);
    let (prints, says, means) = (fields.latex("prints"), fields.latex("says"), fields.latex("means"));
    sources(fields, says.as_ref());
    let reads = transcription(fields);
    let (Some(written_id), Some(instances)) = (frame::id(fields), instances(fields)) else { return vec![] };
    let mut out = vec![];
    for alias in instances {
        let before = fields.cx.problems.borrow().len();
        let formula = |text: &Option<Located<String>>| {
            text.as_ref().and_then(|t| frame::formula(fields.cx, t, &outer.scope, &alias))
        };
        let claim = Claim {
            id: instance_id(&written_id.value, &alias),
            written_id: written_id.clone(),
            at: at.clone(),
            frame: Frame { assuming: frame::assumptions(fields, &outer.scope, &alias), ..outer.clone() },
            prints: formula(&prints),
            means: match &says {
                Some(_) => formula(&says).map(|f| f.with(Means::Statement(f.value.clone()))),
                None => means.as_ref().and_then(|m| meaning(fields.cx, m, &outer.scope, &alias)),
            },
            defines: defines(fields, formula(&prints).as_ref()),
            kind: fields.prose("kind"),
            some: frame::names(fields, "for-some", &outer.scope),
            unique: fields.flag("unique"),
            reads: formula(&reads),
            note: fields.prose("note"),
            reason: fields.prose("reason"),
            alias,
        };
        if let (Some(prints), Some(Means::Unimodal { .. })) =
            (&claim.prints, claim.means.as_ref().map(|m| &m.value))
        {
            let problem = Problem::Incomplete("a shape has no printed formula beside it".into());
            fields.cx.report(prints.span.clone(), problem, "make two claims of it");
        }
        if fields.cx.problems.borrow().len() > before {
            // The other instances would only repeat it.
            return vec![];
        }
        out.push(claim);
    }
    out
}

/// A claim is what is printed, what a sentence says, or a shape under `means`.
fn sources(fields: &Fields, says: Option<&Located<String>>) {
    let beside = ["prints", "means", "reads", "defines"].into_iter().find(|key| fields.get(key).is_some());
    if says.is_none() && fields.get("for-some").is_some() {
        fields.missing("says", "`for-some` goes with a sentence: says = '…'");
    }
    match (says, beside) {
        (Some(says), Some(key)) => {
            let problem = Problem::Incomplete(format!("`says` and `{key}` in one claim"));
            let help = "a claim is what is printed, or what a sentence says; make two claims of it";
            fields.cx.report(says.span.clone(), problem, help);
        }
        (None, _) if ["prints", "means", "says"].iter().all(|key| fields.get(key).is_none()) => {
            fields.missing(
                "prints",
                "give the formula as the paper prints it, or what its sentence says under `says`",
            );
        }
        _ => {}
    }
}

/// The text of `reads`, which goes with `transcription = 'doubtful'`.
fn transcription(fields: &Fields) -> Option<Located<String>> {
    let transcription = fields.prose("transcription");
    if let Some(t) = &transcription
        && t.value != "doubtful"
    {
        let problem = Problem::WrongType {
            key: "transcription".to_owned(),
            found: format!("`{}`", t.value),
            expected: "`doubtful`".to_owned(),
        };
        fields.cx.report(t.span.clone(), problem, "leave the key out where the transcription is certain");
    }
    match (transcription, fields.get("reads")) {
        (Some(_), Some(_)) => fields.latex("reads"),
        (Some(_), None) => {
            fields.missing("reads", "say what the original may read: reads = '…'");
            None
        }
        (None, Some(_)) => {
            fields.missing("transcription", "`reads` goes with transcription = 'doubtful'");
            None
        }
        (None, None) => None,
    }
}

/// Every choice of values for the letters of `for`; one without letters if there is no such table.
fn instances(fields: &Fields) -> Option<Vec<Vec<(String, String)>>> {
    let mut all: Vec<Vec<(String, String)>> = vec![vec![]];
    for (letter, item) in fields.entries("for") {
        let row = list_of(item);
        let values: Vec<Located<String>> =
            row.iter().filter_map(|v| fields.cx.latex(&letter.value, v)).collect();
        if values.is_empty() || all.len() * values.len() > MOST_INSTANCES {
            let message = format!("`{}` has {} values", letter.value, values.len());
            let help =
                format!("list the values, P = ['G', 'D'], at most {MOST_INSTANCES} instances together");
            fields.cx.report(letter.span, Problem::Incomplete(message), help);
            return None;
        }
        let extend = |earlier: &Vec<(String, String)>| -> Vec<Vec<(String, String)>> {
            let with = |v: &Located<String>| {
                [earlier.clone(), vec![(letter.value.clone(), v.value.clone())]].concat()
            };
            values.iter().map(with).collect()
        };
        all = all.iter().flat_map(extend).collect();
    }
    Some(all)
}

fn instance_id(id: &str, alias: &Alias) -> String {
    let plain = |latex: &str| Symbol::new(latex).key().replace(['\\', ' '], "");
    let values: Vec<String> = alias.iter().map(|(_, value)| plain(value)).collect();
    if values.is_empty() { id.to_owned() } else { format!("{id}/{}", values.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_is_that_of_the_instance() {
        let alias = [("P".to_owned(), "A".to_owned())];
        assert_eq!(concept("powerful-P", &alias), Some(Concept::Powerful(Symbol::new("A"))));
        assert_eq!(concept("powerful-B", &alias), Some(Concept::Powerful(Symbol::new("B"))));
        assert_eq!(concept("nash", &alias), Some(Concept::Nash));
        assert_eq!(concept(r"\alpha", &alias), None);
    }
}
