//! The oracle against closed forms: what the tests share.

mod borders;
mod choices;
mod closed_form;
mod crowd;
mod firms;

use std::collections::BTreeMap;

use rand::{Rng as _, SeedableRng as _};
use rug::ops::Pow as _;
use rug::{Float, Rational};

use super::{Objective, Optimum, OptimumError, Oracle, Which};
use crate::expr::{Expr, Formula, Function, Relation, Set, Symbol};
use crate::game::{Game, Move, Payoff, Share, Stage};

const BITS: u32 = 400;

fn sym(x: &str) -> Expr {
    Expr::sym(x)
}

fn at_least(x: &str, bound: Expr) -> Vec<Formula> {
    vec![Formula::rel(sym(x), Relation::Ge, bound)]
}

fn moves(player: &str, variable: &str, from: Vec<Formula>) -> Move {
    Move { player: player.into(), variable: variable.into(), from, optimal: None, supposed: [].into() }
}

fn payoff(player: &str, body: Expr) -> Payoff {
    Payoff { player: player.into(), function: Symbol::new(&format!("U_{player}")), parameters: vec![], body }
}

fn unit_share(s: &str) -> Share {
    let unit = Set::closed(Expr::int(0), Expr::int(1));
    Share { symbol: s.into(), domain: vec![Formula::In(sym(s), unit)] }
}

/// `A` chooses `x >= 0` at cost `a x^p`, then `B` chooses `y >= x` at cost `b (y-x)^q`; of `y`,
/// `A` gets the part `s`.
fn two_stage() -> Game {
    let rest = Expr::int(1) - sym("s");
    let cost_a = sym("a") * Expr::pow(sym("x"), sym("p"));
    let cost_b = sym("b") * Expr::pow(sym("y") - sym("x"), sym("q"));
    Game {
        functions: vec![],
        performance: None,
        indices: vec![],
        name: "two stages".into(),
        players: vec!["A".into(), "B".into()],
        shares: vec![unit_share("s")],
        disagreement: BTreeMap::new(),
        stages: vec![
            Stage { moves: vec![moves("A", "x", at_least("x", Expr::int(0)))] },
            Stage { moves: vec![moves("B", "y", at_least("y", sym("x")))] },
        ],
        payoffs: vec![payoff("A", sym("s") * sym("y") - cost_a), payoff("B", rest * sym("y") - cost_b)],
    }
}

type Parameters = BTreeMap<Symbol, Rational>;

fn parameters(a: Rational, b: Rational, p: Rational, q: Rational) -> Parameters {
    [("a", a), ("b", b), ("p", p), ("q", q)].into_iter().map(|(x, v)| (x.into(), v)).collect()
}

fn rational(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn float(v: &Rational) -> Float {
    Float::with_val(BITS, v)
}

/// A cost between `10^-lo` and `10^hi`, even in the logarithm.
fn cost(rng: &mut impl rand::Rng, decades: i32) -> Rational {
    let exponent = rng.random_range(-decades..=decades);
    let power = Rational::from(10).pow(exponent);
    power * rational(rng.random_range(100..1000), 100)
}

fn close(measured: &Float, expected: &Float, digits: i32, what: &str) {
    let error = Float::with_val(BITS, measured - expected).abs();
    let scale = expected.clone().abs();
    let allowed = Float::with_val(BITS, Float::with_val(BITS, 10).pow(-digits)) * scale;
    assert!(error <= allowed, "{what}: {measured:.45} is not {expected:.45} to {digits} digits");
}

fn utility(player: &str) -> Expr {
    Expr::Apply { function: Symbol::new(&format!("U_{player}")), primes: 0, args: vec![] }
}

fn best(oracle: &Oracle, e: Expr) -> Optimum {
    oracle.optimum(&Objective::new(e.clone()), Which::Max).unwrap_or_else(|err| panic!("{e:?}: {err}"))
}

fn supplies(game: &Game) -> Result<BTreeMap<String, Float>, OptimumError> {
    let play = Oracle::new(game, &Parameters::new(), 40)?.play(&BTreeMap::new())?;
    Ok(play.choices.into_iter().map(|(x, v)| (x.latex().to_owned(), v)).collect())
}

fn supplied(game: &Game, expected: &[(&str, Rational)]) {
    let found = supplies(game).expect("an equilibrium");
    for (x, v) in expected {
        close(&found[*x], &float(v), 40, x);
    }
}

/// One player who chooses `x` in the given domain.
fn alone(body: Expr, from: Vec<Formula>) -> Game {
    Game {
        functions: vec![],
        performance: None,
        indices: vec![],
        name: "alone".into(),
        players: vec!["A".into()],
        shares: vec![],
        disagreement: BTreeMap::new(),
        stages: vec![Stage { moves: vec![moves("A", "x", from)] }],
        payoffs: vec![payoff("A", body)],
    }
}

/// Choices and payoffs of the two-stage game at a share, by the closed form of its best
/// responses, at high precision: `(y, U_A, U_B)`.
fn closed_form(with: &Parameters, s: &Float) -> [Float; 3] {
    let get = |x: &str| Float::with_val(WIDE, &with[&x.into()]);
    let (a, b, p, q) = (get("a"), get("b"), get("p"), get("q"));
    let response = |part: &Float, cost: &Float, power: &Float| {
        let base = Float::with_val(WIDE, part / Float::with_val(WIDE, power * cost));
        base.pow(Float::with_val(WIDE, power - 1u32).recip())
    };
    let rest = Float::with_val(WIDE, 1 - s);
    let (x, t) = (response(s, &a, &p), response(&rest, &b, &q));
    let y = Float::with_val(WIDE, &x + &t);
    let first = Float::with_val(WIDE, s * &y) - a * x.pow(&p);
    let second = Float::with_val(WIDE, &rest * &y) - b * t.pow(&q);
    [y, first, second]
}

/// Bits for central differences with steps of some 70 digits.
const WIDE: u32 = 1200;
