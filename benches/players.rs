//! The numeric oracle: how its cost grows with the number of players in a family.
//!
//! Measured on one of four shared cores, our code at opt-level 2 (medians as printed; the second column of
//! each is the time for one member of the family):
//!
//! | members | `play`   | each     | `everybody_together` | each     |
//! | ------- | -------- | -------- | -------------------- | -------- |
//! | 1       | 537.8 µs | 0.54 ms  | 4.134 ms             | 4.1 ms   |
//! | 10      | 3.95 ms  | 0.40 ms  | 27.45 ms             | 2.7 ms   |
//! | 100     | 26.33 ms | 0.26 ms  | 251.1 ms             | 2.5 ms   |
//! | 1,000   | 252.9 ms | 0.25 ms  | 3.007 s              | 3.0 ms   |
//! | 10,000  | 3.524 s  | 0.35 ms  | 35.48 s              | 3.5 ms   |
//!
//! From 100 to 10,000 members what one of them costs rises by some 40 %; nothing in the work itself is
//! known to grow faster than the members.

use std::collections::BTreeMap;

use proofread::expr::{Expr, Formula, Gather, IndexRange, Relation, Set, Symbol};
use proofread::game::{Game, Move, Payoff, Share, Stage};
use proofread::optimum::{Objective, Oracle, Which};
use rug::ops::Pow as _;
use rug::{Float, Rational};

fn main() {
    divan::main();
}

fn sym(x: &str) -> Expr {
    Expr::sym(x)
}

fn sum(body: Expr) -> Expr {
    Expr::Over {
        gather: Gather::Sum,
        index: "i".into(),
        lower: Box::new(Expr::int(1)),
        upper: Box::new(sym("n")),
        body: Box::new(body),
    }
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

/// `A` chooses `x >= 0` at cost `a x^2`, then each `B_i` chooses `y_i >= x` at cost
/// `b_i (y_i - x)^{q_i}`; of every `y_i`, `A` gets the part `s`.
fn team() -> Game {
    let cost_a = sym("a") * Expr::pow(sym("x"), Expr::int(2));
    let cost_b = sym("b_i") * Expr::pow(sym("y_i") - sym("x"), sym("q_i"));
    let unit = Set::closed(Expr::int(0), Expr::int(1));
    let payoff = |player: &str, body| Payoff {
        player: player.into(),
        function: Symbol::new(&format!("U_{{{player}}}")),
        parameters: vec![],
        body,
    };
    Game {
        functions: vec![],
        performance: Some(sum(sym("y_i"))),
        indices: vec![IndexRange { letters: vec!["i".into()], upper: sym("n") }],
        name: "team".into(),
        players: vec!["A".into(), "B_i".into()],
        shares: vec![Share { symbol: "s".into(), domain: vec![Formula::In(sym("s"), unit)] }],
        disagreement: BTreeMap::new(),
        stages: vec![stage("A", "x", Expr::int(0)), stage("B_i", "y_i", sym("x"))],
        payoffs: vec![
            payoff("A", sum(sym("s") * sym("y_i")) - cost_a),
            payoff("B_i", (Expr::int(1) - sym("s")) * sym("y_i") - cost_b),
        ],
    }
}

/// Costs over six orders of magnitude, exponents from 2 to 6; the first mover's cost is such that
/// the optimum lies inside the range whatever the number of the others.
fn parameters(n: usize) -> BTreeMap<Symbol, Rational> {
    let mut out = BTreeMap::from([("a".into(), Rational::from(n))]);
    for k in 1..=n {
        let power = Rational::from(10).pow((k % 7) as i32 - 3);
        out.insert(Symbol::new(&format!("b_{{{k}}}")), power * Rational::from(1 + k % 9));
        out.insert(Symbol::new(&format!("q_{{{k}}}")), Rational::from((6 + k % 13, 3)));
    }
    out
}

/// Play at one share, to forty digits.
#[divan::bench(args = [1, 10, 100, 1000, 10_000], sample_count = 3, sample_size = 1)]
fn play(bencher: divan::Bencher, n: usize) {
    let (game, parameters) = (team().instance(n).expect("an instance"), parameters(n));
    let shares = BTreeMap::from([("s".into(), Float::with_val(300, 0.3))]);
    bencher.bench_local(|| {
        let oracle = Oracle::new(&game, &parameters, 40).expect("a game that is handled");
        oracle.play(&shares).expect("play")
    });
}

/// The share at which everybody together gets most, to forty digits.
#[divan::bench(args = [1, 10, 100, 1000, 10_000], sample_count = 1, sample_size = 1)]
fn everybody_together(bencher: divan::Bencher, n: usize) {
    let (game, parameters) = (team().instance(n).expect("an instance"), parameters(n));
    let utility = |p: &Payoff| Expr::Apply { function: p.function.clone(), primes: 0, args: vec![] };
    let total = Objective::new(Expr::Add(game.payoffs.iter().map(utility).collect()));
    bencher.bench_local(|| {
        let oracle = Oracle::new(&game, &parameters, 40).expect("a game that is handled");
        oracle.optimum(&total, Which::Max).expect("an optimum")
    });
}
