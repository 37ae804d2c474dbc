//! The numeric oracle: how long it takes to solve a game at one draw of its parameters.

use std::collections::BTreeMap;

use proofread::expr::{Expr, Formula, Function, Relation, Set, Symbol};
use proofread::game::{Game, Move, Payoff, Share, Stage};
use proofread::optimum::{Objective, Oracle, Which};
use rand::SeedableRng as _;
use rug::{Float, Rational};

fn main() {
    divan::main();
}

fn sym(x: &str) -> Expr {
    Expr::sym(x)
}

fn payoff(player: &str, body: Expr) -> Payoff {
    Payoff { player: player.into(), function: Symbol::new(&format!("U_{player}")), parameters: vec![], body }
}

fn utility(player: &str) -> Expr {
    Expr::Apply { function: Symbol::new(&format!("U_{player}")), primes: 0, args: vec![] }
}

fn stage(player: &str, variable: &str, above: Expr) -> Stage {
    let from = vec![Formula::rel(sym(variable), Relation::Ge, above)];
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

/// `A` chooses `x >= 0` at cost `a x^p`, then `B` chooses `y >= x` at cost `b (y-x)^q`; of `y`,
/// `A` gets the part `s`.
fn two_stages() -> Game {
    let cost_a = sym("a") * Expr::pow(sym("x"), sym("p"));
    let cost_b = sym("b") * Expr::pow(sym("y") - sym("x"), sym("q"));
    let unit = Set::closed(Expr::int(0), Expr::int(1));
    Game {
        functions: vec![],
        performance: None,
        indices: vec![],
        name: "two stages".into(),
        players: vec!["A".into(), "B".into()],
        shares: vec![Share { symbol: "s".into(), domain: vec![Formula::In(sym("s"), unit)] }],
        disagreement: BTreeMap::new(),
        stages: vec![stage("A", "x", Expr::int(0)), stage("B", "y", sym("x"))],
        payoffs: vec![
            payoff("A", sym("s") * sym("y") - cost_a),
            payoff("B", (Expr::int(1) - sym("s")) * sym("y") - cost_b),
        ],
    }
}

/// Costs at random, exponents that give no closed form to the optima.
fn draw(rng: &mut impl rand::Rng) -> BTreeMap<Symbol, Rational> {
    let mut cost = || Rational::from((rng.random_range(1..1000), rng.random_range(1..1000)));
    let drawn = [("a", cost()), ("b", cost()), ("p", Rational::from(2)), ("q", Rational::from((7, 3)))];
    drawn.into_iter().map(|(x, v)| (x.into(), v)).collect()
}

/// The maximum over the share of each of six objectives, and a root, to forty digits.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn a_draw(bencher: divan::Bencher) {
    let game = two_stages();
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(6);
    let (a, b) = (utility("A"), utility("B"));
    let maxima = [
        sym("y"),
        a.clone(),
        b.clone(),
        a.clone() + b.clone(),
        a.clone() * b.clone(),
        Expr::Fun(Function::Min, vec![a.clone(), b.clone()]),
    ]
    .map(Objective::new);
    let root = Objective::new(a - sym("r") * b).with("r".into(), Float::with_val(400, 1.5));
    bencher.with_inputs(|| draw(&mut rng)).bench_local_values(|parameters| {
        let oracle = Oracle::new(&game, &parameters, 40).expect("a game that is handled");
        for objective in &maxima {
            oracle.optimum(objective, Which::Max).expect("a maximum");
        }
        oracle.roots(&root).expect("roots")
    });
}
