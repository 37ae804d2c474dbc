//! The primitives of a game.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Formula, IndexRange, Symbol};

/// An extensive game of perfect information between stages, as a paper's file describes it.
#[derive(Clone, Debug)]
pub struct Game {
    /// The name under which claims refer to it.
    pub name: String,
    pub players: Vec<Symbol>,
    /// What is bargained over before play begins, and in which domain (`\delta \in [0,1]`).
    pub shares: Vec<Share>,
    /// What each player gets without an agreement; players not listed get zero.
    pub disagreement: BTreeMap<Symbol, Expr>,
    /// In the order of play.
    pub stages: Vec<Stage>,
    /// One payoff a player, in the order of `players`.
    pub payoffs: Vec<Payoff>,
    /// The functions that the payoffs are written with (`r`, `\phi_0`).
    pub functions: Vec<Definition>,
    /// What counts as the performance of an outcome, over choices, shares and parameters.
    pub performance: Option<Expr>,
    /// The index letters of families: a player, choice or payoff with one of them in its name
    /// stands for as many as its range has members.
    pub indices: Vec<IndexRange>,
}

/// A function given by a formula: `\phi_0(\alpha_0) := c_0 \alpha_0^{k_0}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Definition {
    pub name: Symbol,
    pub parameters: Vec<Symbol>,
    pub body: Expr,
}

/// A bargained quantity.
#[derive(Clone, Debug)]
pub struct Share {
    pub symbol: Symbol,
    /// Statements about `symbol` that bound its domain.
    pub domain: Vec<Formula>,
}

/// A stage: its moves are made at the same time.
#[derive(Clone, Debug)]
pub struct Stage {
    pub moves: Vec<Move>,
}

/// One player's choice at a stage.
#[derive(Clone, Debug)]
pub struct Move {
    pub player: Symbol,
    pub variable: Symbol,
    /// Statements that bound the choice, in terms of `variable`, earlier choices, shares and
    /// parameters (`\alpha_1 \ge \alpha_0`).
    pub from: Vec<Formula>,
    /// The name the paper gives the optimal choice (`\alpha_1^*`), if it has one.
    pub optimal: Option<Symbol>,
    /// What is supposed of the mover's payoff where it has no formula.
    pub supposed: BTreeSet<Shape>,
}

/// What may be supposed of a payoff as a function of the mover's own choice, on its whole range,
/// with what was chosen before and shared held fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// It strictly increases up to some point, which may be an end of the range or lie beyond it,
    /// and strictly decreases from there on.
    StrictlyUnimodal,
    /// It has a maximum.
    Attained,
}

impl Shape {
    /// Both of them.
    pub const ALL: [Shape; 2] = [Shape::StrictlyUnimodal, Shape::Attained];

    /// The words for it.
    pub fn word(self) -> &'static str {
        match self {
            Shape::StrictlyUnimodal => "strictly unimodal",
            Shape::Attained => "attained",
        }
    }
}

/// What a player is paid.
#[derive(Clone, Debug)]
pub struct Payoff {
    pub player: Symbol,
    /// The name of the payoff in formulas (`U_G`).
    pub function: Symbol,
    /// What it is written as a function of, in this order (`U_G(a, x)`); empty if that is not said.
    pub parameters: Vec<Symbol>,
    /// The payoff in terms of choices, shares and parameters, `where`-definitions expanded.
    pub body: Expr,
}

impl Game {
    /// Every move in the order of play; moves of one stage in the order written.
    pub fn moves(&self) -> impl Iterator<Item = &Move> {
        self.stages.iter().flat_map(|s| &s.moves)
    }
    /// The function written `name` in formulas.
    pub fn function_named(&self, name: &Symbol) -> Option<&Definition> {
        self.functions.iter().find(|f| f.name == *name)
    }
    /// The choice variables in the order of play.
    pub fn choices(&self) -> impl Iterator<Item = &Symbol> {
        self.moves().map(|m| &m.variable)
    }
    /// The payoff that is written `function` in formulas.
    pub fn payoff_named(&self, function: &Symbol) -> Option<&Payoff> {
        self.payoffs.iter().find(|p| p.function == *function)
    }
    /// How a name of the game stands to one in a formula: the letters of the two, if they are
    /// members of one family, none if they are the same; `None` if they have nothing in common.
    pub fn letters(&self, name: &Symbol, written: &Symbol) -> Option<Option<(Symbol, Symbol)>> {
        if name == written {
            return Some(None);
        }
        self.indices.iter().find_map(|range| {
            let from = range.letter_in(name)?;
            Some(Some((from.clone(), range.letter_against(written, name, &from)?)))
        })
    }
    /// The choice of which a symbol is a member: a choice itself, or one of its family.
    pub fn choice_of(&self, symbol: &Symbol) -> Option<&Symbol> {
        self.choices().find(|c| self.letters(c, symbol).is_some())
    }
    /// The range and the letter of a name that stands for a family.
    pub fn family(&self, name: &Symbol) -> Option<(&IndexRange, Symbol)> {
        self.indices.iter().find_map(|range| Some((range, range.letter_in(name)?)))
    }
    /// What others choose at the stage of a choice.
    pub fn chosen_beside<'g>(&'g self, variable: &'g Symbol) -> impl Iterator<Item = &'g Symbol> {
        let stage = self.stages.iter().find(|s| s.moves.iter().any(|m| m.variable == *variable));
        stage.into_iter().flat_map(|s| &s.moves).map(|m| &m.variable).filter(move |x| *x != variable)
    }
    /// The payoff of a player.
    pub fn payoff_of(&self, player: &Symbol) -> Option<&Payoff> {
        self.payoffs.iter().find(|p| p.player == *player)
    }
}
