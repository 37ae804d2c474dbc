//! Firms that supply one market, one after another and at the same time.

use super::*;

/// Firms that sell at the price `1 - x - y - z`, in the given stages.
fn firms(stages: Vec<Vec<&str>>, costs: [Rational; 3]) -> Game {
    let names = ["x", "y", "z"];
    let supply: Vec<&str> = stages.iter().flatten().copied().collect();
    let sold = supply.iter().fold(Expr::int(1), |rest, x| rest - sym(x));
    let costs: BTreeMap<&str, Rational> = names.into_iter().zip(costs).collect();
    let firm = |x: &str| format!("F_{x}");
    Game {
        functions: vec![],
        performance: None,
        indices: vec![],
        name: "firms".into(),
        players: supply.iter().map(|x| firm(x).as_str().into()).collect(),
        shares: vec![],
        disagreement: BTreeMap::new(),
        stages: stages
            .iter()
            .map(|s| Stage {
                moves: s.iter().map(|x| moves(&firm(x), x, at_least(x, Expr::int(0)))).collect(),
            })
            .collect(),
        payoffs: supply
            .iter()
            .map(|x| payoff(&firm(x), sym(x) * (sold.clone() - Expr::Num(costs[x].clone()))))
            .collect(),
    }
}

#[test]
fn three_firms_one_after_another_supply_a_half_a_quarter_and_an_eighth() {
    let free = [rational(0, 1), rational(0, 1), rational(0, 1)];
    let expected = [("x", rational(1, 2)), ("y", rational(1, 4)), ("z", rational(1, 8))];
    supplied(&firms(vec![vec!["x"], vec!["y"], vec!["z"]], free), &expected);
}

#[test]
fn firms_that_move_at_the_same_time_play_the_nash_equilibrium() {
    let costs = [rational(1, 10), rational(1, 5), rational(1, 7)];
    // (1 - 2c_x + c_y)/3 and (1 - 2c_y + c_x)/3
    let expected = [("x", rational(1, 3)), ("y", rational(7, 30))];
    supplied(&firms(vec![vec!["x", "y"]], costs), &expected);
}

#[test]
fn three_firms_at_the_same_time_supply_a_quarter_each() {
    let free = [rational(0, 1), rational(0, 1), rational(0, 1)];
    let quarter = rational(1, 4);
    let expected = [("x", quarter.clone()), ("y", quarter.clone()), ("z", quarter)];
    supplied(&firms(vec![vec!["x", "y", "z"]], free), &expected);
}

#[test]
fn a_leader_foresees_the_equilibrium_of_those_who_follow_together() {
    let free = [rational(0, 1), rational(0, 1), rational(0, 1)];
    let expected = [("x", rational(1, 2)), ("y", rational(1, 6)), ("z", rational(1, 6))];
    supplied(&firms(vec![vec!["x"], vec!["y", "z"]], free), &expected);
}

#[test]
fn a_firm_whose_costs_are_too_high_stays_at_the_border() {
    let costs = [rational(1, 10), rational(9, 10), rational(0, 1)];
    let expected = [("x", rational(9, 20)), ("y", rational(0, 1))];
    supplied(&firms(vec![vec!["x", "y"]], costs), &expected);
}
