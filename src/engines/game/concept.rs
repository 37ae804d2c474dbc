//! Solution concepts of bargaining, in terms of the payoffs of any game.
//!
//! Nash (1950), Kalai and Smorodinsky (1975), Kalai (1977, egalitarian); each player's own best
//! share, that of all together, and that of the best performance.

use crate::expr::{Expr, Function, Symbol};

use super::Game;

/// A solution concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concept {
    /// What one player would choose.
    Powerful(Symbol),
    MaxPerformance,
    VerticalMonopoly,
    Egalitarian,
    Nash,
    KalaiSmorodinsky,
}

impl Concept {
    /// The concept that goes by a name (`nash`, `powerful-G`).
    pub fn named(name: &str) -> Option<Concept> {
        Some(match name {
            "max-performance" => Concept::MaxPerformance,
            "vertical-monopoly" => Concept::VerticalMonopoly,
            "egalitarian" => Concept::Egalitarian,
            "nash" => Concept::Nash,
            "kalai-smorodinsky" => Concept::KalaiSmorodinsky,
            other => Concept::Powerful(Symbol::new(other.strip_prefix("powerful-")?)),
        })
    }

    /// The name by which [`Concept::named`] finds the concept.
    pub fn name(&self) -> String {
        match self {
            Concept::Powerful(player) => format!("powerful-{player}"),
            Concept::MaxPerformance => "max-performance".into(),
            Concept::VerticalMonopoly => "vertical-monopoly".into(),
            Concept::Egalitarian => "egalitarian".into(),
            Concept::Nash => "nash".into(),
            Concept::KalaiSmorodinsky => "kalai-smorodinsky".into(),
        }
    }

    /// What the concept maximises over the bargained share, with payoffs written by their
    /// functions; `None` where it is no maximum, or where the game lacks what it is about.
    pub fn objective(&self, game: &Game) -> Option<Expr> {
        let payoffs = || game.payoffs.iter().map(|p| payoff(&p.function)).collect::<Vec<_>>();
        Some(match self {
            Concept::Powerful(player) => payoff(&game.payoff_of(player)?.function),
            Concept::MaxPerformance => game.performance.clone()?,
            Concept::VerticalMonopoly => Expr::Add(payoffs()),
            Concept::Egalitarian => Expr::Fun(Function::Min, gains(game)),
            Concept::Nash => Expr::Mul(gains(game)),
            Concept::KalaiSmorodinsky => return None,
        })
    }
}

fn payoff(function: &Symbol) -> Expr {
    Expr::Apply { function: function.clone(), primes: 0, args: vec![] }
}

/// What each player gets beyond the disagreement, with payoffs written by their functions.
pub fn gains(game: &Game) -> Vec<Expr> {
    let gain = |p: &super::Payoff| match game.disagreement.get(&p.player) {
        Some(outside) if !outside.is_zero() => payoff(&p.function) - outside.clone(),
        _ => payoff(&p.function),
    };
    game.payoffs.iter().map(gain).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::Payoff;
    use super::*;

    fn game() -> Game {
        let payoff = |player: &str| Payoff {
            player: Symbol::new(player),
            function: Symbol::new(&format!("u_{player}")),
            parameters: vec![],
            body: Expr::sym("x"),
        };
        Game {
            name: "deal".into(),
            players: ["A", "B"].map(Symbol::new).into(),
            shares: vec![],
            disagreement: BTreeMap::from([
                (Symbol::new("A"), Expr::int(2)),
                (Symbol::new("B"), Expr::int(0)),
            ]),
            stages: vec![],
            payoffs: vec![payoff("A"), payoff("B")],
            functions: vec![],
            performance: None,
            indices: vec![],
        }
    }

    #[test]
    fn gains_are_measured_from_the_disagreement_and_payoffs_are_not() {
        let said = |name: &str| {
            let concept = Concept::named(name).expect("a concept");
            concept.objective(&game()).map(|e| crate::tex::plain(&e))
        };
        assert_eq!(said("nash").as_deref(), Some("(u_A − 2) u_B"));
        assert_eq!(said("egalitarian").as_deref(), Some("min(u_A − 2, u_B)"));
        assert_eq!(said("vertical-monopoly").as_deref(), Some("u_A + u_B"));
        assert_eq!(said("powerful-B").as_deref(), Some("u_B"));
        assert_eq!(said("powerful-C"), None);
        assert_eq!(said("max-performance"), None);
        assert_eq!(Concept::named("fair"), None);
        assert_eq!(Concept::named("powerful-B").map(|c| c.name()).as_deref(), Some("powerful-B"));
    }
}
