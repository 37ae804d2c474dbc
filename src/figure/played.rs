//! Figures of games: bargaining solutions over parameters, agreements over what is bargained.

use crate::audit::solution::{GameSolution, Offers, SolvedGame};
use crate::document::{Axis, Measure, Shown};
use crate::expr::{Expr, Function, Symbol};
use crate::prove::evaluate::Point;
use crate::solve::{Enclosure, Solution};
use crate::tex;

use super::pareto::Shade;
use super::terms::{drawn, number};
use super::{DIGITS, Field, Trouble, cells, parallel};

/// A quantity of each bargaining solution at each point.
pub fn solutions(game: &SolvedGame, shown: &Shown, at: &Point, axes: &[Axis]) -> Result<Field, Trouble> {
    let solved = parallel(&cells(at, axes), |point| Ok(game.at(point, DIGITS)?))?;
    let mut names: Vec<&str> = vec![];
    for s in solved.iter().flat_map(|g| &g.solved.solutions) {
        if !names.contains(&s.name.as_str()) {
            names.push(&s.name);
        }
    }
    let of = |g: &GameSolution, name: &str| {
        let s = g.solved.solutions.iter().find(|s| s.name == name)?;
        quantity(s, shown).and_then(|e| drawn(e.ball()))
    };
    let layers = names.iter().map(|name| ((*name).to_owned(), solved.iter().map(|g| of(g, name)).collect()));
    Ok(Field { layers: layers.collect(), shaded: vec![] })
}

fn quantity<'s>(s: &'s Solution, shown: &Shown) -> Option<&'s Enclosure> {
    let among = |all: &'s [(Symbol, Enclosure)], x: &Symbol| all.iter().find(|(y, _)| y == x).map(|(_, e)| e);
    match shown {
        Shown::Value(x) => among(&s.agreement, x)
            .or_else(|| s.reported.iter().find(|(y, _)| y == x).and_then(|(_, e)| e.as_ref())),
        Shown::Payoff(player) => among(&s.utilities, player),
        Shown::Performance => s.performance.as_ref(),
    }
}

/// Quantities of each agreement, with those greyed that are not Pareto-optimal; `axes` begin with what is
/// bargained.
pub fn agreements(
    game: &SolvedGame,
    measures: &[Measure],
    at: &Point,
    axes: &[Axis],
) -> Result<Field, Trouble> {
    let (share, others) = axes.split_first().ok_or_else(|| Trouble::Nothing("nothing varies".into()))?;
    let columns = parallel(&cells(at, others), |point| {
        let offers = game.offers(point)?;
        let layers: Vec<(String, Vec<Option<f64>>)> = measures
            .iter()
            .flat_map(|m| terms(*m, &offers))
            .map(|(name, e)| {
                (
                    name,
                    cells(&Point::new(), std::slice::from_ref(share)).iter().map(|p| number(&e, p)).collect(),
                )
            })
            .collect();
        Ok((layers, Shade::of(game.at(point, DIGITS).ok().as_ref(), &offers, share)))
    })?;
    let mut layers: Vec<(String, Vec<Option<f64>>)> = vec![];
    let mut shaded = vec![];
    for (column, grey) in columns {
        shaded.push(grey);
        for (name, values) in column {
            match layers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, all)) => all.extend(values),
                None => layers.push((name, values)),
            }
        }
    }
    Ok(Field { layers, shaded })
}

/// What a measure draws, by name, as terms over what is bargained.
fn terms(measure: Measure, offers: &Offers) -> Vec<(String, Expr)> {
    let gains = || -> Vec<Expr> {
        let outside = offers.disagreement.iter().map(|d| Expr::Num(d.clone()));
        offers.payoffs.iter().zip(outside).map(|((_, u), d)| u.clone() - d).collect()
    };
    let payoff =
        |(player, u): &(Symbol, Expr)| (format!("payoff of {}", tex::plain_symbol(player)), u.clone());
    match measure {
        Measure::Payoffs => offers.payoffs.iter().map(payoff).collect(),
        Measure::Performance => {
            offers.performance.iter().map(|e| ("performance".to_owned(), e.clone())).collect()
        }
        Measure::Sum => vec![("sum of gains".to_owned(), Expr::Add(gains()))],
        Measure::Smallest => vec![("smallest gain".to_owned(), Expr::Fun(Function::Min, gains()))],
        Measure::Product => vec![("product of gains".to_owned(), Expr::Mul(gains()))],
    }
}
