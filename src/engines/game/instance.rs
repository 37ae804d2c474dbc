//! A game written out for one number of members of its families.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::expr::{Expr, Formula, Symbol};
use crate::sums::instance::{Instance, number};

use super::model::Definition;
use super::{Game, Move, Payoff, Stage};

/// Why a game has no instance of a size.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InstanceError {
    /// No member at all.
    #[error("a family has at least one member")]
    Empty,
    /// A range whose size is fixed and another one.
    #[error("the indices of the game run to {0}, which cannot be chosen")]
    Size(String),
    /// Ranges that could have different sizes.
    #[error("the families of the game are counted by different symbols")]
    Ranges,
    /// A sum, maximum or minimum over a part of a range.
    #[error("a sum in `{0}` is not over a whole range of indices")]
    Partial(Symbol),
}

impl Game {
    /// Whether a player, and with it a choice and a payoff, stands for a family.
    pub fn has_families(&self) -> bool {
        self.players.iter().chain(self.choices()).any(|s| self.family(s).is_some())
            || self.payoffs.iter().any(|p| !p.body.gatherings().is_empty())
    }

    /// The symbol that counts the members of the families, if it is a symbol.
    pub fn size_symbol(&self) -> Option<&Symbol> {
        self.indices.iter().find_map(|range| range.upper.as_sym())
    }

    /// The game with `size` members in every family: a player, a choice and a payoff for each,
    /// the number of each in place of the index, sums written out. The movers of a family move in
    /// one stage.
    ///
    /// Cost: linear in the size of what is written out. `Err`: no members, ranges that do not all
    /// have this size, sums over parts of them.
    pub fn instance(&self, size: usize) -> Result<Game, InstanceError> {
        let out = self.sized(size)?;
        let mut stages = vec![];
        for stage in &self.stages {
            let mut moves = vec![];
            for m in &stage.moves {
                for k in self.members(&m.variable, size) {
                    moves.push(out.moved(m, k)?);
                }
            }
            stages.push(Stage { moves });
        }
        let mut payoffs = vec![];
        for p in &self.payoffs {
            for k in self.members(&p.player, size) {
                let here = out.at(k);
                payoffs.push(Payoff {
                    player: here.symbol(&p.player),
                    function: here.symbol(&p.function),
                    parameters: p.parameters.iter().map(|s| here.symbol(s)).collect(),
                    body: here.term(&p.body, &p.function)?,
                });
            }
        }
        let mut functions = vec![];
        for f in &self.functions {
            for k in self.members(&f.name, size) {
                let here = out.at(k);
                functions.push(Definition {
                    name: here.symbol(&f.name),
                    parameters: f.parameters.iter().map(|p| here.symbol(p)).collect(),
                    body: here.term(&f.body, &f.name)?,
                });
            }
        }
        let mut disagreement = BTreeMap::new();
        for (player, outside) in &self.disagreement {
            for k in self.members(player, size) {
                let here = out.at(k);
                disagreement.insert(here.symbol(player), here.term(outside, player)?);
            }
        }
        let performance =
            self.performance.as_ref().map(|e| out.at(None).term(e, &Symbol::new(&self.name))).transpose()?;
        Ok(Game {
            name: self.name.clone(),
            players: payoffs.iter().map(|p| p.player.clone()).collect(),
            shares: self.shares.clone(),
            disagreement,
            stages,
            payoffs,
            functions,
            performance,
            indices: vec![],
        })
    }

    fn sized(&self, size: usize) -> Result<Sized<'_>, InstanceError> {
        if size == 0 {
            return Err(InstanceError::Empty);
        }
        let mut symbols: Vec<&Symbol> = self.indices.iter().filter_map(|r| r.upper.as_sym()).collect();
        symbols.dedup();
        if symbols.len() > 1 {
            return Err(InstanceError::Ranges);
        }
        let other = self
            .indices
            .iter()
            .map(|r| &r.upper)
            .find(|u| u.as_sym().is_none() && u.as_int() != i64::try_from(size).ok());
        match other {
            Some(upper) => Err(InstanceError::Size(crate::tex::plain(upper))),
            None => Ok(Sized { game: self, size }),
        }
    }

    /// The members that a name stands for; one without a number if it is no family.
    fn members(&self, name: &Symbol, size: usize) -> Vec<Option<(Symbol, usize)>> {
        match self.family(name) {
            Some((_, letter)) => (1..=size).map(|k| Some((letter.clone(), k))).collect(),
            None => vec![None],
        }
    }
}

/// A game with a number of members.
struct Sized<'a> {
    game: &'a Game,
    size: usize,
}

impl<'a> Sized<'a> {
    fn at(&self, member: Option<(Symbol, usize)>) -> AtMember<'a> {
        let letters = member.iter().cloned().collect();
        AtMember { instance: Instance { ranges: &self.game.indices, size: self.size, letters }, member }
    }

    fn moved(&self, m: &Move, member: Option<(Symbol, usize)>) -> Result<Move, InstanceError> {
        let here = self.at(member);
        let bound =
            |f: &Formula| here.instance.formula(f).ok_or_else(|| InstanceError::Partial(m.variable.clone()));
        Ok(Move {
            player: here.symbol(&m.player),
            variable: here.symbol(&m.variable),
            from: m.from.iter().map(bound).collect::<Result<_, _>>()?,
            optimal: m.optimal.as_ref().map(|o| here.symbol(o)),
            supposed: m.supposed.clone(),
        })
    }
}

/// What is said of a family, said of one member.
struct AtMember<'a> {
    instance: Instance<'a>,
    member: Option<(Symbol, usize)>,
}

impl AtMember<'_> {
    fn symbol(&self, s: &Symbol) -> Symbol {
        let found = self.member.as_ref().and_then(|(letter, k)| s.reindexed(letter, &number(*k)));
        found.unwrap_or_else(|| s.clone())
    }

    fn term(&self, e: &Expr, of: &Symbol) -> Result<Expr, InstanceError> {
        self.instance.term(e).ok_or_else(|| InstanceError::Partial(of.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Gather, IndexRange, Relation};

    fn sum(body: Expr) -> Expr {
        Expr::Over {
            gather: Gather::Sum,
            index: "j".into(),
            lower: Box::new(Expr::int(1)),
            upper: Box::new(Expr::sym("n")),
            body: Box::new(body),
        }
    }

    fn one_move(player: &str, variable: &str, above: Expr) -> Stage {
        let from = vec![Formula::rel(Expr::sym(variable), Relation::Ge, above)];
        Stage {
            moves: vec![Move {
                player: player.into(),
                variable: variable.into(),
                from,
                optimal: None,
                supposed: [].into(),
            }],
        }
    }

    /// `A` chooses `x`, then every `B_i` a `y_i` at least as large.
    fn team() -> Game {
        let payoff = |player: &str, body| Payoff {
            player: player.into(),
            function: Symbol::new(&format!("U_{{{player}}}")),
            parameters: vec![],
            body,
        };
        Game {
            name: "team".into(),
            players: vec!["A".into(), "B_i".into()],
            shares: vec![],
            disagreement: BTreeMap::from([("B_i".into(), Expr::sym("d_i"))]),
            stages: vec![one_move("A", "x", Expr::int(0)), one_move("B_i", "y_i", Expr::sym("x"))],
            payoffs: vec![
                payoff("A", sum(Expr::sym("y_j")) - Expr::sym("x")),
                payoff("B_i", Expr::sym("y_i") - Expr::sym("c_i") * Expr::sym("n")),
            ],
            functions: vec![],
            performance: Some(sum(Expr::sym("y_j"))),
            indices: vec![IndexRange { letters: vec!["i".into(), "j".into()], upper: Expr::sym("n") }],
        }
    }

    #[test]
    fn a_family_becomes_one_player_a_member_all_moving_in_one_stage() {
        let game = team().instance(3).expect("an instance");
        let symbols = |names: &[&str]| names.iter().map(|n| Symbol::new(n)).collect::<Vec<_>>();
        assert_eq!(game.players, symbols(&["A", "B_1", "B_2", "B_3"]));
        assert_eq!(game.choices().cloned().collect::<Vec<_>>(), symbols(&["x", "y_1", "y_2", "y_3"]));
        assert_eq!(game.stages.iter().map(|s| s.moves.len()).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(game.stages[1].moves[1].from[0].free(), symbols(&["y_2", "x"]).into_iter().collect());
        let whole: Vec<Symbol> = game.payoffs[0].body.free().into_iter().collect();
        assert_eq!(whole, symbols(&["x", "y_1", "y_2", "y_3"]));
        assert!(game.payoffs[3].body.mentions(&"c_3".into()) && !game.payoffs[3].body.mentions(&"n".into()));
        assert_eq!(game.payoffs[3].function, Symbol::new("U_{B_3}"));
        assert_eq!(game.disagreement[&Symbol::new("B_2")], Expr::sym("d_2"));
        assert!(!game.has_families() && team().has_families());
    }

    #[test]
    fn a_family_without_members_and_a_sum_over_a_part_of_it_are_refused() {
        assert_eq!(team().instance(0).err(), Some(InstanceError::Empty));
        let mut game = team();
        let Some(Expr::Over { lower, .. }) = &mut game.performance else { panic!("a sum") };
        **lower = Expr::int(2);
        assert_eq!(game.instance(2).err(), Some(InstanceError::Partial("team".into())));
        let mut game = team();
        game.indices[0].upper = Expr::int(4);
        assert!(matches!(game.instance(2), Err(InstanceError::Size(_))));
    }
}
