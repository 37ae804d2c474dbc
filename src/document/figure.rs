//! `[[figure]]`: what is drawn of a game, of terms or of a claim.

use std::collections::{BTreeMap, BTreeSet};

use rug::Rational;

use crate::expr::{Expr, Scope, Symbol};
use crate::prove::evaluate::Point;
use crate::tex;

use super::axis::Axis;
use super::definitions;
use super::diagnostic::{Problem, suggest};
use super::fields::{Fields, list_of};
use super::frame::{self, Frame, Surroundings};
use super::games::PaperGame;
use super::number::number;
use super::source::Located;

pub(super) const KEYS: [&str; 13] = [
    "id", "at", "title", "game", "where", "over", "set", "panels", "draws", "shows", "terms", "claim", "note",
];

/// The most values along an axis, and the most points of a map.
const MOST_VALUES: usize = 2_000;
const MOST_CELLS: usize = 40_000;
/// The most panels side by side, and the most curves that can be told apart.
const MOST_PANELS: usize = 12;
pub const MOST_CURVES: usize = 12;

/// A figure that a file declares.
#[derive(Clone, Debug)]
pub struct Figure {
    pub id: Located<String>,
    /// Which figure of the paper it redraws, by version.
    pub at: BTreeMap<String, String>,
    pub title: Located<String>,
    pub frame: Frame,
    /// Along one symbol, curves; along two, a map.
    pub over: Vec<Axis>,
    /// The values that are the same everywhere.
    pub set: Point,
    /// One drawing for each value of a symbol.
    pub panels: Option<(Symbol, Vec<Rational>)>,
    pub draws: Draws,
    pub note: Option<Located<String>>,
}

impl Figure {
    /// What tells its file from those of other figures, whatever a file system makes of capitals.
    pub(super) fn file_key(&self) -> String {
        self.id.value.replace('/', "-").to_lowercase()
    }
}

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Draws {
    /// Of each bargaining solution of the game, over its parameters.
    Solutions(Shown),
    /// Of each agreement that is possible, over what is bargained.
    Agreements(Vec<Measure>),
    /// Terms by name.
    Terms(Vec<(String, Located<Expr>)>),
    /// The two sides of what a claim prints, and what should be there in its place.
    Claim(Located<String>),
}

/// What is shown of a solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What is agreed on, or a term that the game reports.
    Value(Symbol),
    Payoff(Symbol),
    Performance,
}

/// What is shown of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Payoffs,
    Performance,
    /// Of the gains over the disagreement: their sum, the smallest, their product.
    Sum,
    Smallest,
    Product,
}

impl Measure {
    const ALL: [(&'static str, Measure); 5] = [
        ("payoffs", Measure::Payoffs),
        ("performance", Measure::Performance),
        ("sum", Measure::Sum),
        ("smallest", Measure::Smallest),
        ("product", Measure::Product),
    ];
}

/// Reads one `[[figure]]`. What is wrong is reported, and the figure left out.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Figure> {
    let before = fields.cx.problems.borrow().len();
    let id = frame::id(fields);
    let title = fields.required_prose("title", "say what is drawn: title = 'Payoffs over the share'");
    let at = frame::at(fields, around);
    let frame = frame::read(fields, around);
    let over = axes(fields);
    if let Some(frame) = &frame {
        declared(fields, frame);
    }
    let mut taken: BTreeSet<Symbol> = over.iter().map(|a| a.symbol.clone()).collect();
    let mut set = Point::new();
    for (name, item) in fields.entries("set") {
        let symbol = symbol(fields, &name, &mut taken);
        if let (Some(symbol), Some(value)) = (symbol, value(fields, &name.value, item)) {
            set.insert(symbol, value);
        }
    }
    let panels = panels(fields, &mut taken);
    let frame = frame?;
    let game = frame.game.as_ref().and_then(|name| around.games.get(name));
    let draws = draws(fields, &frame, game, &over, &taken);
    let note = fields.prose("note");
    if fields.cx.problems.borrow().len() > before {
        return None;
    }
    Some(Figure { id: id?, at, title: title?, frame, over, set, panels, draws: draws?, note })
}

/// What is varied along one axis or two.
fn axes(fields: &Fields) -> Vec<Axis> {
    let texts = fields.latex_list("over");
    let help = "write over = 'c_1 = 1/10:10:50' or over = 'c_1 = 1/10:10:50, log'";
    if texts.is_empty() && fields.get("over").is_none() {
        fields.missing("over", help);
    }
    let mut axes: Vec<Axis> = vec![];
    for text in &texts {
        match Axis::read(&text.value) {
            Ok(axis) if axis.values.len() > MOST_VALUES => {
                let problem = Problem::Incomplete(format!("more than {MOST_VALUES} values along an axis"));
                fields.cx.report(text.span.clone(), problem, "take fewer values");
            }
            Ok(axis) if axes.iter().any(|a| a.symbol == axis.symbol) => {
                let problem = Problem::Incomplete(format!("`{}` is varied twice", axis.symbol));
                fields.cx.report(text.span.clone(), problem, "vary two symbols, or one");
            }
            Ok(axis) => axes.push(axis),
            Err(error) => fields.cx.report(text.span.clone(), Problem::Incomplete(error.to_string()), help),
        }
    }
    let cells = axes.iter().map(|a| a.values.len()).product::<usize>();
    if axes.len() > 2 || axes.len() == 2 && cells > MOST_CELLS {
        let message = format!("a map has two axes and at most {MOST_CELLS} points");
        fields.cx.report(fields.key_span("over"), Problem::Incomplete(message), "vary less");
    }
    axes
}

/// Reports what is varied or set and is no symbol: a misspelled one would have no effect on what is drawn.
fn declared(fields: &Fields, frame: &Frame) {
    let varied = fields.latex_list("over").into_iter().filter_map(|text| {
        let name = text.value.split('=').next().unwrap_or_default().trim().to_owned();
        (!name.is_empty()).then(|| text.with(name))
    });
    let set = ["set", "panels"].into_iter().flat_map(|key| fields.entries(key)).map(|(name, _)| name);
    for name in varied.chain(set) {
        let symbol = Symbol::new(&name.value);
        if frame.scope.entry(&symbol).is_none() && !is_member(&symbol, &frame.scope) {
            let names: Vec<&str> = frame.scope.entries().map(|e| e.symbol.latex()).collect();
            let help = suggest(&name.value, "declared symbols", &names);
            fields.cx.report(name.span.clone(), Problem::Undeclared(name.value), help);
        }
    }
}

/// Whether a symbol is a member, with its number, of a declared family: `c_2` where there is `c_i`.
fn is_member(symbol: &Symbol, scope: &Scope) -> bool {
    let digits = symbol.latex().split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty());
    let numbers: Vec<Symbol> = digits.map(Symbol::new).collect();
    scope.indices().iter().any(|range| {
        scope.entries().any(|e| {
            let member = |letter: &Symbol| {
                numbers.iter().any(|k| e.symbol.reindexed(letter, k).as_ref() == Some(symbol))
            };
            range.letter_in(&e.symbol).is_some_and(|letter| member(&letter))
        })
    })
}

/// A name that has no value yet.
fn symbol(fields: &Fields, name: &Located<String>, taken: &mut BTreeSet<Symbol>) -> Option<Symbol> {
    let symbol = Symbol::new(&name.value);
    if taken.insert(symbol.clone()) {
        return Some(symbol);
    }
    let problem = Problem::Incomplete(format!("`{symbol}` has two values"));
    fields.cx.report(name.span.clone(), problem, "let each symbol be set, varied or told apart by panels");
    None
}

fn value(fields: &Fields, key: &str, item: &toml_edit::Item) -> Option<Rational> {
    let text = fields.cx.latex(key, item)?;
    let found = number(text.value.trim());
    if found.is_none() {
        let problem = Problem::Incomplete(format!("`{}` is no number", text.value));
        fields.cx.report(text.span, problem, "write '3/2' or '2.5'");
    }
    found
}

/// `panels = { 'c_1' = ['1/2', '1', '2'] }`.
fn panels(fields: &Fields, taken: &mut BTreeSet<Symbol>) -> Option<(Symbol, Vec<Rational>)> {
    let entries = fields.entries("panels");
    let (name, item) = entries.first()?;
    let symbol = symbol(fields, name, taken)?;
    let values: Vec<Rational> =
        list_of(item).iter().filter_map(|item| value(fields, &name.value, item)).collect();
    if entries.len() > 1 || values.is_empty() || values.len() > MOST_PANELS {
        let message = format!("panels are for one symbol, at most {MOST_PANELS} values of it");
        let help = "write panels = { 'c_1' = ['1/2', '1', '2'] }";
        fields.cx.report(name.span.clone(), Problem::Incomplete(message), help);
        return None;
    }
    Some((symbol, values))
}

fn draws(
    fields: &Fields,
    frame: &Frame,
    game: Option<&PaperGame>,
    over: &[Axis],
    taken: &BTreeSet<Symbol>,
) -> Option<Draws> {
    let help = "write draws = 'solutions', draws = 'agreements', terms = { 'NAME' = 'TERM' } or claim = 'ID'";
    let given: Vec<&str> =
        ["draws", "terms", "claim"].into_iter().filter(|key| fields.get(key).is_some()).collect();
    match given[..] {
        ["terms"] => terms(fields, frame, taken),
        ["claim"] => fields.prose("claim").map(Draws::Claim),
        ["draws"] => {
            let kind = fields.prose("draws")?;
            let Some(game) = game else {
                fields.missing("game", "say of which game: game = 'NAME'");
                return None;
            };
            match kind.value.as_str() {
                "solutions" => solutions(fields, game),
                "agreements" => agreements(fields, game, over),
                _ => {
                    let names = ["solutions", "agreements"];
                    let help = suggest(&kind.value, "what is drawn of a game", &names);
                    let problem = Problem::Incomplete(format!("`{}` cannot be drawn", kind.value));
                    fields.cx.report(kind.span, problem, help);
                    None
                }
            }
        }
        [] => {
            fields.missing("draws", help);
            None
        }
        _ => {
            let message = format!("`{}` and `{}` exclude each other", given[0], given[1]);
            fields.cx.report(fields.key_span(given[1]), Problem::Incomplete(message), help);
            None
        }
    }
}

fn solutions(fields: &Fields, game: &PaperGame) -> Option<Draws> {
    let Some(shows) = fields.latex("shows") else {
        let share = game.game.shares.first();
        if share.is_none() {
            fields.missing("shows", "the game bargains over nothing");
        }
        return share.map(|s| Draws::Solutions(Shown::Value(s.symbol.clone())));
    };
    let symbol = Symbol::new(&shows.value);
    let shares = game.game.shares.iter().map(|s| &s.symbol);
    let values: Vec<&Symbol> = shares.chain(game.reported.iter().map(|(s, _)| s)).collect();
    if values.contains(&&symbol) {
        return Some(Draws::Solutions(Shown::Value(symbol)));
    }
    if game.game.payoffs.iter().any(|p| p.player == symbol || game.game.family(&p.player).is_some()) {
        return Some(Draws::Solutions(Shown::Payoff(symbol)));
    }
    if shows.value == "performance" && game.game.performance.is_some() {
        return Some(Draws::Solutions(Shown::Performance));
    }
    let players = game.game.payoffs.iter().map(|p| p.player.latex());
    let names: Vec<&str> = values.iter().map(|s| s.latex()).chain(players).chain(["performance"]).collect();
    let help = suggest(&shows.value, "what a solution has", &names);
    let problem = Problem::Incomplete(format!("no solution has `{}`", shows.value));
    fields.cx.report(shows.span, problem, help);
    None
}

fn agreements(fields: &Fields, game: &PaperGame, over: &[Axis]) -> Option<Draws> {
    let [share] = game.game.shares.as_slice() else {
        let message = "agreements are drawn over one bargained symbol".to_owned();
        fields.cx.report(fields.key_span("draws"), Problem::Incomplete(message), "write draws = 'solutions'");
        return None;
    };
    if over.first().is_some_and(|first| first.symbol != share.symbol) {
        let message = format!("agreements are drawn over `{}`", share.symbol);
        let help = format!("let `over` begin with it: over = '{} = 0:1:101'", share.symbol);
        fields.cx.report(fields.key_span("over"), Problem::Incomplete(message), help);
        return None;
    }
    let known = |m: Measure| m != Measure::Performance || game.game.performance.is_some();
    if fields.get("shows").is_none() {
        let both = [Measure::Payoffs, Measure::Performance];
        return Some(Draws::Agreements(both.into_iter().filter(|m| known(*m)).collect()));
    }
    let mut measures = vec![];
    for text in fields.latex_list("shows") {
        match Measure::ALL.into_iter().find(|(name, m)| *name == text.value && known(*m)) {
            Some((_, measure)) => measures.push(measure),
            None => {
                let names = Measure::ALL.map(|(name, _)| name);
                let help = suggest(&text.value, "what is shown of agreements", &names);
                let problem = Problem::Incomplete(format!("no agreement has a `{}`", text.value));
                fields.cx.report(text.span, problem, help);
            }
        }
    }
    Some(Draws::Agreements(measures))
}

fn terms(fields: &Fields, frame: &Frame, taken: &BTreeSet<Symbol>) -> Option<Draws> {
    let mut terms = vec![];
    for (name, item) in fields.entries("terms") {
        let text = fields.cx.latex(&name.value, item)?;
        let read = fields.cx.read(&text, |src| tex::parse_expr(src, &frame.scope))?;
        let whole = match definitions::expand(&read.value, &frame.definitions) {
            Ok(whole) => whole,
            Err(message) => {
                fields.cx.report(read.span.clone(), Problem::Definition(message), "draw something else");
                return None;
            }
        };
        if let Some(open) = whole.free().into_iter().find(|s| !taken.contains(s)) {
            let problem = Problem::Incomplete(format!("`{open}` has no value"));
            fields.cx.report(read.span.clone(), problem, format!("set it: set = {{ '{open}' = '1' }}"));
            return None;
        }
        terms.push((name.value, read.with(whole)));
    }
    if terms.is_empty() || terms.len() > MOST_CURVES {
        let message = format!("from one to {MOST_CURVES} terms are drawn");
        let help = "write terms = { 'NAME' = 'TERM' }";
        fields.cx.report(fields.key_span("terms"), Problem::Incomplete(message), help);
        return None;
    }
    Some(Draws::Terms(terms))
}
