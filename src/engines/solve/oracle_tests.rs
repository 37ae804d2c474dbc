//! Certified solutions against the numeric oracle, which starts from the game's primitives.

use std::collections::BTreeMap;

use rand::{Rng as _, SeedableRng as _};
use rug::ops::Pow as _;
use rug::{Float, Rational};

use super::tests::{joint, meter};
use super::{Enclosure, solve};
use crate::expr::{Expr, Formula, Function, Relation, Set, Symbol};
use crate::game::{Game, Move, Payoff, Share, Stage};
use crate::optimum::{Objective, Oracle, Which};

/// `A` chooses `x >= 0` at cost `a x^p`, then `B` chooses `y >= x` at cost `b (y-x)^r`; of `y`,
/// `A` gets the part `s`. The payoffs of [`joint`], from their primitives.
fn two_stage() -> Game {
    let sym = Expr::sym;
    let cost_a = sym("a") * Expr::pow(sym("x"), sym("p"));
    let cost_b = sym("b") * Expr::pow(sym("y") - sym("x"), sym("r"));
    let at_least = |x: &str, bound| vec![Formula::rel(sym(x), Relation::Ge, bound)];
    let stage = |player: &str, x: &str, bound| Stage {
        moves: vec![Move {
            player: player.into(),
            variable: x.into(),
            from: at_least(x, bound),
            optimal: None,
            supposed: [].into(),
        }],
    };
    let payoff = |player: &str, body| Payoff {
        player: player.into(),
        function: Symbol::new(&format!("U_{player}")),
        parameters: vec![],
        body,
    };
    Game {
        name: "two stages".into(),
        players: vec!["A".into(), "B".into()],
        shares: vec![Share {
            symbol: "s".into(),
            domain: vec![Formula::In(sym("s"), Set::closed(Expr::int(0), Expr::int(1)))],
        }],
        disagreement: BTreeMap::new(),
        stages: vec![stage("A", "x", Expr::int(0)), stage("B", "y", sym("x"))],
        payoffs: vec![
            payoff("A", sym("s") * sym("y") - cost_a),
            payoff("B", (Expr::int(1) - sym("s")) * sym("y") - cost_b),
        ],
        functions: vec![],
        performance: None,
        indices: vec![],
    }
}

fn utility(player: &str) -> Expr {
    Expr::Apply { function: Symbol::new(&format!("U_{player}")), primes: 0, args: vec![] }
}

fn objectives() -> Vec<(&'static str, Expr)> {
    vec![
        ("powerful-A", utility("A")),
        ("powerful-B", utility("B")),
        ("max-performance", Expr::sym("y")),
        ("vertical-monopoly", utility("A") + utility("B")),
        ("egalitarian", Expr::Fun(Function::Min, vec![utility("A"), utility("B")])),
        ("nash", utility("A") * utility("B")),
    ]
}

/// The measured number lies in the enclosure, give or take a relative error of 10^-25 and what
/// the oracle takes for an end of the range.
fn agree(measured: &Float, certified: &Enclosure, what: &str) {
    let ten = || Float::with_val(400, 10);
    let slack = ten().pow(-25) * measured.clone().abs() + ten().pow(-60);
    let low = Float::with_val(600, certified.ball().lo() - &slack);
    let high = Float::with_val(600, certified.ball().hi() + &slack);
    assert!(low <= *measured && *measured <= high, "{what}: {measured:.45} is not {certified}");
}

fn compare(a: &Rational, b: &Rational, p: &Rational, r: &Rational) -> usize {
    let here = format!("a={a} b={b} p={p} r={r}");
    let found = solve(&joint(a, b, p, r), 40, &meter()).unwrap_or_else(|e| panic!("{here}: {e}"));
    let parameters: BTreeMap<Symbol, Rational> =
        [("a", a), ("b", b), ("p", p), ("r", r)].into_iter().map(|(x, v)| (x.into(), v.clone())).collect();
    let oracle = Oracle::new(&two_stage(), &parameters, 50).unwrap_or_else(|e| panic!("{here}: {e}"));
    let mut compared = 0;
    let mut best = BTreeMap::new();
    for (name, e) in objectives() {
        let what = format!("{here} {name}");
        let solution = found.solutions.iter().find(|s| s.name == name);
        let solution = solution.unwrap_or_else(|| panic!("{what}: {:?}", found.failures));
        // The oracle picks one of several optima, and gives up on some steep ones.
        let Ok(measured) = oracle.optimum(&Objective::new(e), Which::Max) else { continue };
        if solution.ties {
            continue;
        }
        agree(&measured.share, solution.share(), &what);
        // What the oracle takes for an end need not be one: only the share is close then.
        let same = !measured.at_border || solution.share().exact().is_some();
        for (player, utility) in solution.utilities.iter().filter(|_| same) {
            agree(&measured.play.payoffs[player], utility, &what);
        }
        best.insert(name, measured.value);
        compared += 1;
    }
    if let (Some(a), Some(b)) = (best.get("powerful-A"), best.get("powerful-B"))
        && let Some(solution) = found.solutions.iter().find(|s| s.name == "kalai-smorodinsky")
    {
        let parts = utility("A") * Expr::sym("v") - utility("B") * Expr::sym("u");
        let objective = Objective::new(parts).with("u".into(), a.clone()).with("v".into(), b.clone());
        // Where the costs are equal and `p = r = 3/2` the root is threefold.
        let Ok(roots) = oracle.roots(&objective) else { return compared };
        let [root] = roots.as_slice() else { return compared };
        agree(&root.share, solution.share(), &format!("{here} kalai-smorodinsky"));
        compared += 1;
    }
    compared
}

#[test]
fn certified_and_measured_solutions_agree_on_random_draws() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(11);
    let exponents = [(6, 5), (3, 2), (2, 1), (7, 3), (3, 1), (6, 1)].map(Rational::from);
    let draws = 24;
    let mut compared = 0;
    for k in 0..draws {
        let mut draw = || exponents[rng.random_range(0..exponents.len())].clone();
        let (p, r) = (draw(), draw());
        let a = Rational::from((rng.random_range(1..1000), 100));
        let ratio = match k % 6 {
            0 => Rational::from(1),
            1 => Rational::from(1000),
            2 => Rational::from((1, 1000)),
            3 => Rational::from(1_000_000),
            4 => Rational::from((1, 1_000_000)),
            _ => Rational::from((rng.random_range(1..1000), rng.random_range(1..1000))),
        };
        compared += compare(&a, &Rational::from(&a * &ratio), &p, &r);
    }
    assert!(compared >= 5 * draws, "only {compared} solutions were compared");
}
