//! `[game.NAME]`: players, what they bargain over, the order of play and the payoffs.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, TableLike, Value};

use crate::expr::{Entry, Expr, Formula, Kind, Scope, Symbol};
use crate::game::model::Shape;
use crate::game::{Game, Move, Payoff, Share, Stage};
use crate::tex;

use super::definitions::{self, Definition};
use super::diagnostic::{Problem, suggest};
use super::fields::{Context, Fields};
use super::source::Located;
use super::symbols::{imply, symbol};

const GAME_KEYS: [&str; 9] = [
    "players",
    "bargain",
    "subject-to",
    "disagreement",
    "stages",
    "payoffs",
    "where",
    "performance",
    "report",
];
const MOVE_KEYS: [&str; 5] = ["player", "chooses", "from", "optimal", "payoff"];

/// A game with what its file says about it beyond its primitives.
#[derive(Clone, Debug)]
pub struct PaperGame {
    pub game: Game,
    /// The name as it stands in the file.
    pub name: Located<String>,
    /// The functions and constants that the payoffs are written with.
    pub definitions: Vec<Definition>,
    /// The payoffs as they are printed, definitions not expanded, in the order of `game.payoffs`.
    pub printed: Vec<Located<Expr>>,
    /// What holds of every agreement that can be made, besides the domain of each bargained symbol.
    pub agreements: Vec<Formula>,
    /// What is asked of a solution besides: names, and terms over what is bargained and parameters.
    pub reported: Vec<(Symbol, Expr)>,
    /// What the game declares beyond the paper's symbols: players, choices (bounded as the game
    /// bounds them), payoffs and defined functions.
    pub declares: Vec<Entry>,
}

impl PaperGame {
    /// `symbols` with what the game declares: the names that may be used of the game.
    pub fn scope(&self, symbols: &Scope) -> Scope {
        let mut scope = symbols.clone();
        for entry in self.declares.iter().filter(|e| symbols.entry(&e.symbol).is_none()) {
            scope.redeclare(entry.clone());
        }
        scope
    }
}

/// Reads the game `name`, whose file has declared `scope`. `None` if something essential is wrong;
/// everything that is wrong is reported.
pub(super) fn read(
    cx: Context,
    name: &Located<String>,
    table: &dyn TableLike,
    scope: &Scope,
) -> Option<PaperGame> {
    let fields = Fields::new(cx, table, name.span.clone(), &format!("the game `{}`", name.value), &GAME_KEYS);
    let mut reader = Reader { cx, scope: scope.clone(), players: vec![], known: vec![], implied: vec![] };
    reader.players(&fields);
    let shares = reader.shares(&fields);
    let moves = reader.moves(&fields);
    let definitions = definitions::read(&fields, "where", &mut reader.scope);
    let Some(moves) = moves else {
        // Who plays is not known, so the payoffs cannot be judged; that there are none can.
        reader.require_payoffs(&fields);
        return None;
    };
    let supposed: Vec<_> = moves.iter().flatten().flat_map(|m| m.supposed.clone()).collect();
    let stages = reader.stages(moves, &shares);
    reader.scope.spread();
    let texts = reader.payoff_texts(&fields);
    reader.scope.spread();
    let disagreement = reader.disagreement(&fields);
    let (stages, (payoffs, printed)) = (stages?, reader.payoffs(texts?, &definitions)?);
    reader.suppositions(&supposed, &stages, &payoffs);
    for player in stages.iter().flat_map(|s| &s.moves).map(|m| &m.player) {
        if !payoffs.iter().any(|p| p.player == *player) {
            let place = fields.key_span("payoffs");
            cx.report(place, Problem::Unpaid(player.to_string()), "give every player who moves a payoff");
            return None;
        }
    }
    let players = payoffs.iter().map(|p| p.player.clone()).collect();
    let performance = reader.performance(&fields);
    let agreements = reader.agreements(&fields);
    let reported = reader.reported(&fields);
    reader.scope.spread();
    let declares = reader.scope.entries().filter(|e| scope.entry(&e.symbol).is_none()).cloned().collect();
    let functions = definitions.iter().map(Definition::function).collect();
    let game = Game {
        name: name.value.clone(),
        players,
        shares,
        disagreement,
        stages,
        payoffs,
        functions,
        performance,
        indices: scope.indices().to_vec(),
    };
    Some(PaperGame { game, name: name.clone(), definitions, printed, agreements, reported, declares })
}

/// A move whose bounds are not read yet.
struct RawMove {
    player: Symbol,
    variable: Located<Symbol>,
    from: Vec<Located<String>>,
    optimal: Option<Symbol>,
    supposed: Vec<Located<Shape>>,
}

/// Whether a payoff is written with itself, perhaps by way of others.
fn needs_itself(payoff: &Payoff, payoffs: &[Payoff]) -> bool {
    let (mut open, mut seen) = (vec![payoff], BTreeSet::new());
    while let Some(p) = open.pop() {
        let applied = applications(&p.body);
        if applied.contains(&payoff.function) {
            return true;
        }
        open.extend(payoffs.iter().filter(|q| applied.contains(&q.function) && seen.insert(&q.function)));
    }
    false
}

/// The functions that a term applies.
fn applications(e: &Expr) -> BTreeSet<Symbol> {
    let own = match e {
        Expr::Apply { function, .. } => Some(function.clone()),
        _ => None,
    };
    own.into_iter().chain(e.children().into_iter().flat_map(applications)).collect()
}

/// A payoff whose body is not read yet.
struct RawPayoff {
    player: Symbol,
    head: Located<tex::Head>,
    body: Located<String>,
}

struct Reader<'a> {
    cx: Context<'a>,
    scope: Scope,
    players: Vec<Symbol>,
    known: Vec<String>,
    /// The choices that the paper did not declare.
    implied: Vec<Symbol>,
}

impl Reader<'_> {
    /// Players that are listed; those who move are players without being listed.
    fn players(&mut self, fields: &Fields) {
        for name in fields.latex_list("players") {
            self.player(&name);
        }
    }

    fn player(&mut self, name: &Located<String>) -> Option<Symbol> {
        let player = symbol(self.cx, name)?;
        let entry = Entry { symbol: player.clone(), kind: Kind::Player, domain: vec![] };
        imply(self.cx, &mut self.scope, entry, name);
        if !self.players.contains(&player) {
            self.players.push(player.clone());
            self.known.push(name.value.clone());
        }
        Some(player)
    }

    fn known_player(&self, name: &Located<String>) -> Option<Symbol> {
        let player = Symbol::new(&name.value);
        if self.players.contains(&player) {
            return Some(player);
        }
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let help = suggest(&name.value, "players of this game", &known);
        self.cx.report(name.span.clone(), Problem::UnknownPlayer(name.value.clone()), help);
        None
    }

    fn shares(&self, fields: &Fields) -> Vec<Share> {
        let mut shares = vec![];
        for name in fields.latex_list("bargain") {
            let symbol = Symbol::new(&name.value);
            match self.scope.entry(&symbol) {
                Some(Entry { kind: Kind::Variable, domain, .. }) => {
                    shares.push(Share { symbol, domain: domain.clone() });
                }
                _ => {
                    let help = format!(
                        "declare it with its domain under [symbols]: '{}' = '\\in [0,1]'",
                        name.value
                    );
                    self.cx.report(name.span, Problem::Undeclared(name.value), help);
                }
            }
        }
        shares
    }

    /// The moves, by stage. A stage is a table (one move) or a list of tables (moves at the same time).
    fn moves(&mut self, fields: &Fields) -> Option<Vec<Vec<RawMove>>> {
        let Some(item) = fields.get("stages") else {
            // What is agreed on may be all there is, if it is said between whom.
            if fields.get("bargain").is_some() && fields.get("players").is_some() {
                return Some(vec![]);
            }
            fields.missing(
                "stages",
                "say who moves when: stages = [{ player = 'G', chooses = 'x', from = 'x \\ge 0' }]",
            );
            return None;
        };
        let Item::Value(Value::Array(stages)) = item else {
            self.cx.wrong_type("stages", item, "a list of moves");
            return None;
        };
        if stages.is_empty() {
            let problem = Problem::Incomplete("a game without stages".to_owned());
            self.cx.report(fields.key_span("stages"), problem, "a game has at least one move");
            return None;
        }
        // Every wrong move is reported before the game is given up.
        let read: Vec<Option<Vec<RawMove>>> = stages.iter().map(|stage| self.stage(stage)).collect();
        read.into_iter().collect()
    }

    fn stage(&mut self, stage: &Value) -> Option<Vec<RawMove>> {
        match stage {
            Value::Array(moves) if !moves.is_empty() => {
                let read: Vec<Option<RawMove>> = moves.iter().map(|m| self.raw_move(m)).collect();
                read.into_iter().collect()
            }
            single => Some(vec![self.raw_move(single)?]),
        }
    }

    fn raw_move(&mut self, value: &Value) -> Option<RawMove> {
        let Value::InlineTable(table) = value else {
            let item = Item::Value(value.clone());
            self.cx.wrong_type("stages", &item, "a move, `{ player = …, chooses = …, from = … }`,");
            return None;
        };
        let place = table.span().unwrap_or_default();
        let fields = Fields::new(self.cx, table, place, "a move", &MOVE_KEYS);
        let player = fields.required_latex("player", "name the player who moves");
        let variable = fields.required_latex("chooses", "name what the player chooses");
        let from = fields.latex_list("from");
        if fields.get("from").is_none() {
            fields.missing("from", "bound the choice: 'x \\ge 0', or 'x \\in \\mathbb{R}' for any number");
        }
        let (player, variable) = (self.player(&player?)?, variable?);
        let symbol = symbol(self.cx, &variable)?;
        if self.scope.entry(&symbol).is_none() {
            self.implied.push(symbol.clone());
        }
        let entry = Entry { symbol: symbol.clone(), kind: Kind::Variable, domain: vec![] };
        imply(self.cx, &mut self.scope, entry, &variable);
        let optimal = fields.latex("optimal").and_then(|name| {
            let optimal = self::symbol(self.cx, &name)?;
            let entry = Entry { symbol: optimal.clone(), kind: Kind::Name, domain: vec![] };
            imply(self.cx, &mut self.scope, entry, &name);
            Some(optimal)
        });
        let supposed = self.supposed(&fields)?;
        let variable = variable.with(symbol);
        (!from.is_empty()).then_some(RawMove { player, variable, from, optimal, supposed })
    }

    /// What a move supposes of the mover's payoff: `payoff = ['strictly unimodal', 'attained']`.
    fn supposed(&self, fields: &Fields) -> Option<Vec<Located<Shape>>> {
        let read = |item: &Item| {
            let word = self.cx.prose("payoff", item)?;
            let shape = Shape::ALL.into_iter().find(|s| s.word() == word.value);
            if shape.is_none() {
                let message = format!("`{}` is nothing that can be supposed of a payoff", word.value);
                let help =
                    format!("the words are {}", Shape::ALL.map(|s| format!("`{}`", s.word())).join(", "));
                self.cx.report(word.span.clone(), Problem::Incomplete(message), help);
            }
            shape.map(|s| word.with(s))
        };
        fields.list("payoff").iter().map(read).collect()
    }

    /// Refuses suppositions that nothing would be made of.
    fn suppositions(&self, moves: &[Located<Shape>], stages: &[Stage], payoffs: &[Payoff]) {
        let last = stages.last().map_or(&[][..], |s| &s.moves);
        let of_last = |p: &Payoff| last.iter().any(|m| m.player == p.player && !m.supposed.is_empty());
        let open = payoffs.iter().filter(|p| p.body.has_applications()).any(of_last);
        for s in moves {
            let help = if !open {
                "leave it out: it is used of the last mover, where the payoff has functions without a formula"
            } else if last.len() > 1 {
                "leave it out: it is used where the last mover is one player alone"
            } else {
                continue;
            };
            let message = format!("`{}` is supposed of a payoff for nothing", s.value.word());
            self.cx.report(s.span.clone(), Problem::Incomplete(message), help);
        }
    }

    /// The stages, with the bounds of the choices read; a choice that the paper did not declare gets its
    /// bounds as its domain.
    fn stages(&mut self, moves: Vec<Vec<RawMove>>, shares: &[Share]) -> Option<Vec<Stage>> {
        let all: Vec<&Located<Symbol>> = moves.iter().flatten().map(|m| &m.variable).collect();
        let mut chosen: BTreeSet<Symbol> = BTreeSet::new();
        let mut stages = vec![];
        for stage in &moves {
            for m in stage {
                let twice = shares.iter().any(|s| s.symbol == m.variable.value);
                if twice || !chosen.insert(m.variable.value.clone()) {
                    let problem = Problem::ChosenTwice(m.variable.text.clone());
                    self.cx.report(m.variable.span.clone(), problem, "every choice needs a name of its own");
                    return None;
                }
            }
            let later: Vec<&Symbol> = all.iter().map(|v| &v.value).filter(|v| !chosen.contains(v)).collect();
            let mut read = vec![];
            for m in stage {
                let from = self.bounds(m, &later)?;
                read.push(Move {
                    player: m.player.clone(),
                    variable: m.variable.value.clone(),
                    from,
                    optimal: m.optimal.clone(),
                    supposed: m.supposed.iter().map(|s| s.value).collect(),
                });
            }
            stages.push(Stage { moves: read });
        }
        for m in stages.iter().flat_map(|s: &Stage| &s.moves) {
            if self.implied.contains(&m.variable) {
                self.scope.variable(m.variable.clone(), m.from.clone());
            }
        }
        Some(stages)
    }

    fn bounds(&self, m: &RawMove, later: &[&Symbol]) -> Option<Vec<Formula>> {
        let mut out = vec![];
        for text in &m.from {
            let read = self.cx.read(text, |src| tex::parse_formula(src, &self.scope))?;
            if let Some(symbol) = later.iter().find(|s| read.value.free().contains(s)) {
                let problem =
                    Problem::ChosenLater { variable: m.variable.text.clone(), later: symbol.to_string() };
                self.cx.report(text.span.clone(), problem, "bound it by what is chosen before it");
                return None;
            }
            match read.value {
                Formula::And(parts) => out.extend(parts),
                f => out.push(f),
            }
        }
        Some(out)
    }

    /// The payoffs, split at `:=`; what they name is declared.
    fn payoff_texts(&mut self, fields: &Fields) -> Option<Vec<RawPayoff>> {
        self.require_payoffs(fields)?;
        let mut out: Vec<RawPayoff> = vec![];
        let mut whole = true;
        for (name, item) in fields.entries("payoffs") {
            let read = self.known_player(&name).and_then(|player| self.payoff_text(player, &name, item));
            let Some(read) = read else {
                whole = false;
                continue;
            };
            if out.iter().any(|p| p.player == read.player || p.head.value.name == read.head.value.name) {
                let message =
                    format!("`{}` is the second payoff of its player or of its name", read.head.text.trim());
                self.cx.report(
                    read.head.span,
                    Problem::Definition(message),
                    "one payoff a player, each with a name",
                );
                whole = false;
                continue;
            }
            out.push(read);
        }
        whole.then_some(out)
    }

    fn require_payoffs(&self, fields: &Fields) -> Option<()> {
        if fields.get("payoffs").is_none() {
            fields.missing("payoffs", "say what each player is paid: payoffs = { G = 'U_G := x - x^2' }");
            return None;
        }
        Some(())
    }

    fn payoff_text(&mut self, player: Symbol, name: &Located<String>, item: &Item) -> Option<RawPayoff> {
        let text = self.cx.latex(&name.value, item)?;
        let Some(at) = text.value.find(":=") else {
            let problem = Problem::Incomplete(format!("the payoff of `{}` has no name", name.value));
            self.cx.report(text.span, problem, format!("write 'U_{} := …'", name.value));
            return None;
        };
        let part = |range: std::ops::Range<usize>| {
            self.cx.locate(text.value[range.clone()].to_owned(), text.part(range))
        };
        let head = self.cx.read(&part(0..at), tex::parse_head)?;
        let body = part(at + 2..text.value.len());
        let entry = Entry { symbol: head.value.name.clone(), kind: Kind::Function, domain: vec![] };
        imply(self.cx, &mut self.scope, entry, &head.with(String::new()));
        Some(RawPayoff { player, head, body })
    }

    fn payoffs(
        &self,
        texts: Vec<RawPayoff>,
        definitions: &[Definition],
    ) -> Option<(Vec<Payoff>, Vec<Located<Expr>>)> {
        let (mut payoffs, mut printed) = (vec![], vec![]);
        let mut whole = true;
        for RawPayoff { player, head, body } in texts {
            let read = self.cx.read(&body, |src| tex::parse_expr(src, &self.scope));
            let Some(read) = read else {
                whole = false;
                continue;
            };
            match definitions::expand(&read.value, definitions) {
                Ok(term) => {
                    let parameters = head.value.parameters.clone();
                    if !self.are_quantities(&parameters, &head) {
                        whole = false;
                        continue;
                    }
                    payoffs.push(Payoff { player, function: head.value.name, parameters, body: term });
                    printed.push(read);
                }
                Err(message) => {
                    let help = "the payoff is written with the definitions under `where`";
                    self.cx.report(body.span, Problem::Definition(message), help);
                    whole = false;
                }
            }
        }
        for (payoff, read) in payoffs.iter().zip(&printed) {
            if needs_itself(payoff, &payoffs) {
                let message = format!("the payoff of `{}` needs itself", payoff.player);
                self.cx.report(read.span.clone(), Problem::Definition(message), "define it without itself");
                whole = false;
            }
        }
        whole.then_some((payoffs, printed))
    }

    /// Whether a payoff is declared as a function of quantities that there are, each once.
    fn are_quantities(&self, parameters: &[Symbol], head: &Located<tex::Head>) -> bool {
        let is_variable = |p: &Symbol| self.scope.entry(p).is_some_and(|e| e.kind == Kind::Variable);
        let strange =
            parameters.iter().enumerate().find(|(i, p)| !is_variable(p) || parameters[..*i].contains(p));
        let Some((_, p)) = strange else { return true };
        let message = format!("`{p}` is no quantity that the payoff could be a function of, or is so twice");
        let help = "write the payoff's name, or its name with choices and declared symbols";
        self.cx.report(head.span.clone(), Problem::Definition(message), help);
        false
    }

    /// What counts as the performance of an outcome, over choices and parameters.
    fn performance(&self, fields: &Fields) -> Option<Expr> {
        let text = fields.latex("performance")?;
        self.cx.read(&text, |src| tex::parse_expr(src, &self.scope)).map(|e| e.value)
    }

    /// Which agreements can be made.
    fn agreements(&self, fields: &Fields) -> Vec<Formula> {
        let mut out = vec![];
        for text in fields.latex_list("subject-to") {
            if let Some(read) = self.cx.read(&text, |src| tex::parse_formula(src, &self.scope)) {
                match read.value.unchained() {
                    Formula::And(parts) => out.extend(parts),
                    one => out.push(one),
                }
            }
        }
        out
    }

    /// What is asked of a solution besides, by the name that it is shown under.
    fn reported(&self, fields: &Fields) -> Vec<(Symbol, Expr)> {
        let mut out = vec![];
        for (name, item) in fields.entries("report") {
            let Some(text) = self.cx.latex(&name.value, item) else { continue };
            if let Some(term) = self.cx.read(&text, |src| tex::parse_expr(src, &self.scope)) {
                out.push((Symbol::new(&name.value), term.value));
            }
        }
        out
    }

    fn disagreement(&self, fields: &Fields) -> BTreeMap<Symbol, Expr> {
        let mut out = BTreeMap::new();
        for (name, item) in fields.entries("disagreement") {
            let (Some(player), Some(text)) = (self.known_player(&name), self.cx.latex(&name.value, item))
            else {
                continue;
            };
            if let Some(value) = self.cx.read(&text, |src| tex::parse_expr(src, &self.scope)) {
                out.insert(player, value.value);
            }
        }
        out
    }
}
