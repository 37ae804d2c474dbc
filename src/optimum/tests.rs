//! The oracle against closed forms.

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
    Move { player: player.into(), variable: variable.into(), from }
}

fn payoff(player: &str, body: Expr) -> Payoff {
    Payoff { player: player.into(), function: Symbol::new(&format!("U_{player}")), body }
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

#[test]
fn play_agrees_with_the_closed_form_to_forty_digits() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let exponents = [(2, 1), (3, 1), (7, 3), (6, 1), (6, 5), (3, 2)];
    for _ in 0..64 {
        let mut draw = || exponents[rng.random_range(0..exponents.len())];
        let ((p, pd), (q, qd)) = (draw(), draw());
        let (p, q) = (rational(p, pd), rational(q, qd));
        let (a, b) = (cost(&mut rng, 6), cost(&mut rng, 6));
        let s = rational(rng.random_range(1..1000), 1000);
        let oracle = Oracle::new(&two_stage(), &parameters(a.clone(), b.clone(), p.clone(), q.clone()), 40)
            .expect("a game that is handled");
        let shares = BTreeMap::from([("s".into(), float(&s))]);
        let play = oracle.play(&shares).unwrap_or_else(|e| panic!("a={a} b={b} p={p} q={q} s={s}: {e}"));
        let response = |part: &Rational, cost: &Rational, power: &Rational| {
            let base = float(part) / float(&Rational::from(power * cost));
            base.pow(float(&Rational::from(power - 1u32)).recip())
        };
        let x = response(&s, &a, &p);
        let y = response(&Rational::from(1 - &s), &b, &q) + &x;
        close(&play.choices[&"x".into()], &x, 40, "x");
        close(&play.choices[&"y".into()], &y, 40, "y");
    }
}

#[test]
fn quadratic_costs_give_the_known_optima_to_forty_digits() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(2);
    let start = std::time::Instant::now();
    for k in 0..64 {
        let a = cost(&mut rng, 6);
        let b = if k % 8 == 0 { a.clone() } else { cost(&mut rng, 6) };
        let two = rational(2, 1);
        let oracle = Oracle::new(&two_stage(), &parameters(a.clone(), b.clone(), two.clone(), two), 40)
            .expect("a game that is handled");
        let here = format!("a={a} b={b}");
        let sum = best(&oracle, utility("A") + utility("B"));
        close(&sum.share, &float(&(b.clone() / (a.clone() + &b))), 40, &format!("{here}: sum"));
        let first = best(&oracle, utility("A"));
        let expected = if b < a { a.clone() / (2 * a.clone() - &b) } else { rational(1, 1) };
        close(&first.share, &float(&expected), 40, &format!("{here}: A"));
        assert_eq!(first.at_border, b >= a, "{here}");
        let fair = best(&oracle, Expr::Fun(Function::Min, vec![utility("A"), utility("B")]));
        close(&fair.share, &max_min(&a, &b), 40, &format!("{here}: max-min"));
    }
    eprintln!("{:?}", start.elapsed());
}

/// `(2a - b - sqrt(a^2 - ab + b^2)) / (3(a-b))`, which tends to 1/2 where the costs are equal.
fn max_min(a: &Rational, b: &Rational) -> Float {
    if a == b {
        return Float::with_val(BITS, 0.5);
    }
    let square = Rational::from(a * a) - Rational::from(a * b) + Rational::from(b * b);
    let numerator = float(&(2 * a.clone() - b)) - float(&square).sqrt();
    numerator / float(&(3 * Rational::from(a - b)))
}

#[test]
fn a_payoff_that_grows_without_end_is_an_error() {
    let one = rational(1, 1);
    let half = rational(1, 2);
    let oracle = Oracle::new(&two_stage(), &parameters(one.clone(), one.clone(), half, one + 1u32), 40)
        .expect("a game that is handled");
    let shares = BTreeMap::from([("s".into(), Float::with_val(200, 0.5))]);
    assert_eq!(oracle.play(&shares).err(), Some(OptimumError::Unbounded("x".into())));
}

#[test]
fn temporary_timing() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
    let mut total = [std::time::Duration::ZERO; 4];
    for _ in 0..32 {
        let t0 = std::time::Instant::now();
        let oracle = Oracle::new(&two_stage(), &parameters(cost(&mut rng, 3), cost(&mut rng, 3), rational(7, 3), rational(3, 1)), 40).unwrap();
        total[0] += t0.elapsed();
        let t0 = std::time::Instant::now();
        let _ = oracle.samples();
        total[1] += t0.elapsed();
        let t0 = std::time::Instant::now();
        best(&oracle, utility("A") + utility("B"));
        total[2] += t0.elapsed();
        let t0 = std::time::Instant::now();
        best(&oracle, Expr::Fun(Function::Min, vec![utility("A"), utility("B")]));
        total[3] += t0.elapsed();
    }
    eprintln!("new, samples, sum, min: {:?}", total.map(|t| t / 32));
}
