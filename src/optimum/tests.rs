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
    Move { player: player.into(), variable: variable.into(), from, optimal: None }
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

#[test]
fn play_agrees_with_the_closed_form_to_forty_digits() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let exponents = [(2, 1), (3, 1), (7, 3), (6, 1), (6, 5), (3, 2), (11, 10)];
    for _ in 0..64 {
        let mut draw = || exponents[rng.random_range(0..exponents.len())];
        let ((p, pd), (q, qd)) = (draw(), draw());
        let (p, q) = (rational(p, pd), rational(q, qd));
        let (a, b) = (cost(&mut rng, 9), cost(&mut rng, 9));
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

/// Newton's step for a maximum of `f` at `s`, by central differences: how far `s` is from it.
fn distance_from_stationary(s: &Float, f: impl Fn(&Float) -> Float) -> Float {
    let s = Float::with_val(WIDE, s);
    let rest = Float::with_val(WIDE, 1 - &s);
    let h = s.clone().min(&rest) >> 240;
    let (low, high) = (f(&Float::with_val(WIDE, &s - &h)), f(&Float::with_val(WIDE, &s + &h)));
    let second = Float::with_val(WIDE, &low + &high) - f(&s) * 2u32;
    assert!(second < 0, "not a maximum");
    (high - low) / second * h / 2u32
}

type Measure = fn(&[Float; 3]) -> Float;

/// Objectives over `(y, U_A, U_B)` as terms and as functions of the closed form.
fn objectives() -> Vec<(&'static str, Expr, Measure)> {
    let (a, b) = (utility("A"), utility("B"));
    vec![
        ("y", sym("y"), |v| v[0].clone()),
        ("A", a.clone(), |v| v[1].clone()),
        ("B", b.clone(), |v| v[2].clone()),
        ("sum", a.clone() + b.clone(), |v| Float::with_val(WIDE, &v[1] + &v[2])),
        ("product", a.clone() * b.clone(), |v| Float::with_val(WIDE, &v[1] * &v[2])),
        ("min", Expr::Fun(Function::Min, vec![a, b]), |v| v[1].clone().min(&v[2])),
    ]
}

/// Shares all over the unit interval, some of them very close to its ends.
fn elsewhere() -> Vec<Float> {
    let close = [3u32, 6, 9, 12, 20, 30, 45].map(|k| Float::with_val(WIDE, Float::u_pow_u(10, k)).recip());
    let far = close.clone().map(|s| 1 - s);
    let even = (1..50).map(|k| Float::with_val(WIDE, &rational(k, 50)));
    even.chain(close).chain(far).collect()
}

#[test]
fn optima_for_other_exponents_are_stationary_points_of_the_closed_form() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(4);
    let exponents = [(2, 1), (3, 1), (7, 3), (6, 1), (6, 5), (3, 2), (11, 10)].map(|(n, d)| rational(n, d));
    let others = elsewhere();
    let (mut interior, mut kinks) = (0, 0);
    for _ in 0..64 {
        let mut draw = || exponents[rng.random_range(0..exponents.len())].clone();
        let (p, q) = (draw(), draw());
        let with = parameters(cost(&mut rng, 6), cost(&mut rng, 6), p, q);
        let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
        let closed: Vec<[Float; 3]> = others.iter().map(|s| closed_form(&with, s)).collect();
        for (name, e, measure) in objectives() {
            let found = best(&oracle, e);
            let here = format!("{name} at {with:?}");
            close(&found.value, &measure(&closed_form(&with, &found.share)), 38, &here);
            for (s, values) in others.iter().zip(&closed) {
                let margin = Float::with_val(WIDE, &found.value) - measure(values);
                // The measured value has 40 digits.
                assert!(margin >= -1e-39 * found.value.clone().abs(), "{here}: better at {s:.10}");
            }
            match (found.at_border, name == "min" && is_kink(&with, &found.share)) {
                (true, _) => {}
                (_, true) => kinks += 1,
                _ => {
                    interior += 1;
                    let f = |s: &Float| measure(&closed_form(&with, s));
                    let off = distance_from_stationary(&found.share, f).abs();
                    assert!(off < 1e-40 * found.share.clone(), "{here}: off by {off:.5}");
                }
            }
        }
    }
    assert!(interior > 150 && kinks > 20, "{interior} interior, {kinks} kinks");
}

/// Whether the payoffs are equal at a share, but for its last digits.
fn is_kink(with: &Parameters, s: &Float) -> bool {
    let [_, a, b] = closed_form(with, s);
    Float::with_val(WIDE, &a - b).abs() < 1e-38 * a
}

#[test]
fn the_share_that_equalises_gains_relative_to_the_best_is_found_as_a_root() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    for _ in 0..16 {
        let with = parameters(cost(&mut rng, 3), cost(&mut rng, 3), rational(2, 1), rational(7, 3));
        let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
        let (a, b) = (best(&oracle, utility("A")).value, best(&oracle, utility("B")).value);
        let difference = utility("A") / sym("M_A") - utility("B") / sym("M_B");
        let objective =
            Objective::new(difference).with("M_A".into(), a.clone()).with("M_B".into(), b.clone());
        let roots = oracle.roots(&objective).expect("a root");
        assert_eq!(roots.len(), 1, "{with:?}");
        let [_, first, second] = closed_form(&with, &roots[0].share);
        close(&(first / a), &(second / b), 40, &format!("{with:?}"));
    }
}

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

#[test]
fn the_higher_of_two_peaks_is_chosen() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let peaks = -Expr::pow(square, Expr::int(2));
    for (tilt, positive) in [(1, true), (-1, false)] {
        let body = peaks.clone() + Expr::ratio(tilt, 10) * sym("x");
        let x = &supplies(&alone(body, vec![])).expect("a maximum")["x"];
        assert_eq!(*x > 0, positive, "{x:.20}");
        // The slope -4x(x^2-1) + tilt/10 vanishes.
        let slope = Float::with_val(BITS, x * x) - 1u32;
        let slope = slope * x * -4i32 + float(&rational(tilt, 10));
        assert!(slope.abs() < 1e-40);
    }
}

#[test]
fn a_bounded_choice_may_lie_at_its_upper_border() {
    let unit = vec![Formula::In(sym("x"), Set::closed(Expr::int(0), Expr::ratio(1, 3)))];
    let body = sym("x") - Expr::pow(sym("x"), Expr::int(2));
    supplied(&alone(body.clone(), unit), &[("x", rational(1, 3))]);
    let open = vec![
        Formula::rel(sym("x"), Relation::Lt, Expr::ratio(1, 3)),
        Formula::rel(sym("x"), Relation::Ge, Expr::int(0)),
    ];
    assert_eq!(supplies(&alone(body.clone(), open)).err(), Some(OptimumError::OpenBorder("x".into())));
    let below = vec![Formula::rel(sym("x"), Relation::Le, Expr::ratio(1, 3))];
    supplied(&alone(body, below), &[("x", rational(1, 3))]);
}

#[test]
fn saturating_and_logarithmic_payoffs_are_solved() {
    let free = at_least("x", Expr::int(0));
    let log = Expr::Fun(Function::Ln, vec![Expr::int(1) + sym("x")]);
    supplied(&alone(log - Expr::ratio(1, 4) * sym("x"), free.clone()), &[("x", rational(3, 1))]);
    let saturating = Expr::int(1) - Expr::Fun(Function::Exp, vec![-sym("x")]);
    let x = &supplies(&alone(saturating - Expr::ratio(1, 4) * sym("x"), free)).expect("a maximum")["x"];
    close(x, &Float::with_val(BITS, 4).ln(), 40, "ln 4");
}

#[test]
fn what_has_no_best_response_is_an_error_that_names_the_choice() {
    let free = at_least("x", Expr::int(0));
    let flat = alone(Expr::int(3), free.clone());
    assert_eq!(supplies(&flat).err(), Some(OptimumError::Indifferent("x".into())));
    let unbound = alone(sym("x") * sym("w"), free.clone());
    assert_eq!(supplies(&unbound).err(), Some(OptimumError::Unbound("w".into())));
    let growing = alone(Expr::Fun(Function::Ln, vec![Expr::int(1) + sym("x")]), free);
    assert_eq!(supplies(&growing).err(), Some(OptimumError::Unbounded("x".into())));
    let empty = vec![
        Formula::rel(sym("x"), Relation::Ge, Expr::int(1)),
        Formula::rel(sym("x"), Relation::Le, Expr::int(0)),
    ];
    assert_eq!(supplies(&alone(-sym("x"), empty)).err(), Some(OptimumError::EmptyDomain("x".into())));
}

#[test]
fn a_kink_that_is_the_maximum_of_a_players_own_payoff_is_not_guessed() {
    let tent = -Expr::Fun(Function::Abs, vec![sym("x") - Expr::ratio(1, 3)]);
    let found = supplies(&alone(tent, at_least("x", Expr::int(0))));
    assert!(found.is_err(), "{found:?}");
}

#[test]
fn a_share_outside_its_domain_is_an_error() {
    let one = rational(1, 1);
    let with = parameters(one.clone(), one.clone(), rational(2, 1), rational(2, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = |s: f64| oracle.play(&BTreeMap::from([("s".into(), Float::with_val(64, s))]));
    assert_eq!(play(1.5).err(), Some(OptimumError::Share("s".into())));
    assert_eq!(oracle.play(&BTreeMap::new()).err(), Some(OptimumError::Share("s".into())));
    let nothing = play(0.0).expect("an equilibrium at the border");
    assert_eq!(nothing.choices[&"x".into()], 0);
    assert_eq!(play(1.0).expect("an equilibrium at the border").choices[&"x".into()], 0.5);
}

#[test]
fn a_share_among_the_parameters_is_fixed() {
    let mut with = parameters(rational(1, 1), rational(1, 1), rational(2, 1), rational(2, 1));
    with.insert("s".into(), rational(1, 2));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = oracle.play(&BTreeMap::new()).expect("an equilibrium");
    assert_eq!(play.choices[&"y".into()], 0.5);
    let none = oracle.optimum(&Objective::new(utility("A")), Which::Max);
    assert!(matches!(none, Err(OptimumError::Unsupported(_))), "{none:?}");
}

#[test]
fn a_minimum_is_the_maximum_of_the_negative() {
    let with = parameters(rational(1, 1), rational(3, 1), rational(2, 1), rational(2, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let spread = utility("A") - utility("B");
    let square = Expr::pow(spread, Expr::int(2));
    let least = oracle.optimum(&Objective::new(square), Which::Min).expect("a minimum");
    let [_, a, b] = closed_form(&with, &least.share);
    assert!(least.value < 1e-60 && ((a.clone() - b) / a).abs() < 1e-30);
    let worst = oracle.optimum(&Objective::new(utility("B")), Which::Min).expect("a minimum");
    assert!(worst.at_border && worst.share == 1 && worst.candidates.len() == 2, "{worst:?}");
}

#[test]
fn an_objective_without_a_share_in_it_is_flat() {
    let one = rational(1, 1);
    let with = parameters(one.clone(), one.clone(), rational(2, 1), rational(2, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let flat = oracle.optimum(&Objective::new(Expr::int(5)), Which::Max);
    assert_eq!(flat.err(), Some(OptimumError::Indifferent("s".into())));
    // With equal quadratic costs, the choice `y` is 1/2 whatever the share.
    let level = oracle.optimum(&Objective::new(sym("y")), Which::Max);
    assert_eq!(level.err(), Some(OptimumError::Indifferent("s".into())));
}

/// The two-stage game in which `B` also pays `e` for each unit that it adds.
fn with_entry_cost() -> Game {
    let mut game = two_stage();
    let entry = sym("e") * (sym("y") - sym("x"));
    game.payoffs[1].body = game.payoffs[1].body.clone() - entry;
    game
}

#[test]
fn a_minimum_at_which_a_player_starts_to_contribute_is_found() {
    let mut with = parameters(rational(2, 1), rational(1, 1), rational(2, 1), rational(2, 1));
    with.insert("e".into(), rational(1, 3));
    let oracle = Oracle::new(&with_entry_cost(), &with, 40).expect("a game that is handled");
    let least = oracle.optimum(&Objective::new(sym("y")), Which::Min).expect("a minimum");
    close(&least.share, &float(&rational(2, 3)), 40, "share");
    close(&least.value, &float(&rational(1, 6)), 40, "value");
    assert!(!least.at_border && least.digits >= 40, "{least:?}");
}

#[test]
fn an_objective_that_jumps_with_a_best_response_is_an_error() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let tilt = (sym("s") - Expr::ratio(1, 2)) * sym("x");
    let mut game = alone(tilt - Expr::pow(square, Expr::int(2)), vec![]);
    game.shares = vec![unit_share("s")];
    let oracle = Oracle::new(&game, &Parameters::new(), 40).expect("a game that is handled");
    let jumping = Objective::new(sym("x") - Expr::int(10) * sym("s"));
    assert_eq!(oracle.optimum(&jumping, Which::Max).err(), Some(OptimumError::Jump("s".into())));
}

#[test]
fn a_change_of_sign_by_a_jump_is_no_root() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let tilt = (sym("s") - Expr::ratio(1, 2)) * sym("x");
    let mut game = alone(tilt - Expr::pow(square, Expr::int(2)), vec![]);
    game.shares = vec![unit_share("s")];
    let oracle = Oracle::new(&game, &Parameters::new(), 40).expect("a game that is handled");
    let roots = oracle.roots(&Objective::new(sym("x")));
    assert_eq!(roots.err(), Some(OptimumError::NotConverged { variable: "s".into(), digits: 0 }));
}

#[test]
fn parameters_that_make_no_sense_give_errors_and_nothing_worse() {
    let costs = [rational(-1, 1), rational(0, 1), rational(1, 1)];
    let exponents = [rational(-1, 1), rational(0, 1), rational(1, 2), rational(1, 1), rational(3, 2)];
    for (a, b) in costs.iter().flat_map(|a| costs.iter().map(move |b| (a, b))) {
        for (p, q) in exponents.iter().flat_map(|p| exponents.iter().map(move |q| (p, q))) {
            let with = parameters(a.clone(), b.clone(), p.clone(), q.clone());
            let oracle = Oracle::new(&two_stage(), &with, 20).expect("a game that is handled");
            let found = oracle.optimum(&Objective::new(utility("A")), Which::Max);
            let sensible = *a > 0 && *b > 0 && *p > 1 && *q > 1;
            assert_eq!(found.is_ok(), sensible, "{with:?}: {found:?}");
        }
    }
}

#[test]
fn a_player_with_linear_costs_above_the_gain_stays_at_the_border() {
    let with = parameters(rational(1, 1), rational(1, 1), rational(2, 1), rational(1, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = |s| oracle.play(&BTreeMap::from([("s".into(), Float::with_val(64, s))]));
    let choices = play(0.5).expect("an equilibrium").choices;
    assert_eq!((choices[&"x".into()].to_f64(), choices[&"y".into()].to_f64()), (0.25, 0.25));
    // At a share of nothing, each unit costs `B` what it gains.
    assert_eq!(play(0.0).err(), Some(OptimumError::Indifferent("y".into())));
}

#[test]
#[ignore = "a measurement"]
fn time_a_draw() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(6);
    let start = std::time::Instant::now();
    for _ in 0..64 {
        let with = parameters(cost(&mut rng, 3), cost(&mut rng, 3), rational(2, 1), rational(7, 3));
        let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
        for (_, e, _) in objectives() {
            best(&oracle, e);
        }
        let ratio =
            Objective::new(utility("A") - sym("r") * utility("B")).with("r".into(), float(&rational(3, 2)));
        oracle.roots(&ratio).expect("roots");
    }
    eprintln!("{:?} a draw of seven objectives", start.elapsed() / 64);
}
