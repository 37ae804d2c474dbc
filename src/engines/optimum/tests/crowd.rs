//! Many movers who do not meet, after one whom they answer.

use super::*;

/// `A` chooses `x >= 0` at cost `a x^2`, then each `B_k` a `y_k >= x` at cost `b_k (y_k - x)^2`; of
/// every `y_k`, `A` gets the part `s`.
fn team(n: usize) -> Game {
    let rest = || Expr::int(1) - sym("s");
    let name = |letter: &str, k: usize| format!("{letter}_{{{k}}}");
    let square = |e: Expr| Expr::pow(e, Expr::int(2));
    let all = (1..=n).map(|k| sym("s") * sym(&name("y", k)));
    let mut payoffs = vec![payoff("A", Expr::Add(all.collect()) - sym("a") * square(sym("x")))];
    payoffs.extend((1..=n).map(|k| {
        let cost = sym(&name("b", k)) * square(sym(&name("y", k)) - sym("x"));
        payoff(&name("B", k), rest() * sym(&name("y", k)) - cost)
    }));
    let answers = (1..=n).map(|k| moves(&name("B", k), &name("y", k), at_least(&name("y", k), sym("x"))));
    Game {
        functions: vec![],
        performance: None,
        indices: vec![],
        name: "team".into(),
        players: payoffs.iter().map(|p| p.player.clone()).collect(),
        shares: vec![unit_share("s")],
        disagreement: BTreeMap::new(),
        stages: vec![
            Stage { moves: vec![moves("A", "x", at_least("x", Expr::int(0)))] },
            Stage { moves: answers.collect() },
        ],
        payoffs,
    }
}

fn drawn(n: usize, rng: &mut impl rand::Rng) -> Parameters {
    let mut out = Parameters::from([("a".into(), cost(rng, 3))]);
    out.extend((1..=n).map(|k| (Symbol::new(&format!("b_{{{k}}}")), cost(rng, 3))));
    out
}

fn inverses(parameters: &Parameters) -> Rational {
    let others = parameters.iter().filter(|(s, _)| **s != Symbol::new("a"));
    others.map(|(_, b)| Rational::from(b.recip_ref())).sum()
}

#[test]
fn sixty_movers_play_as_each_of_them_would_alone() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(31);
    let n = 60;
    for _ in 0..4 {
        let parameters = drawn(n, &mut rng);
        let s = rational(rng.random_range(1..1000), 1000);
        let oracle = Oracle::new(&team(n), &parameters, 40).expect("a game that is handled");
        let play = oracle.play(&BTreeMap::from([("s".into(), float(&s))])).expect("play");
        let x = n as u32 * s.clone() / (2 * parameters[&Symbol::new("a")].clone());
        close(&play.choices[&"x".into()], &float(&x), 40, "x");
        for k in 1..=n {
            let b = &parameters[&Symbol::new(&format!("b_{{{k}}}"))];
            let y = Rational::from(1 - &s) / (2 * b.clone()) + &x;
            close(&play.choices[&Symbol::new(&format!("y_{{{k}}}"))], &float(&y), 40, "y");
        }
    }
}

#[test]
fn the_optima_of_many_are_those_of_the_closed_form() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(32);
    for n in [2, 7, 30] {
        let parameters = drawn(n, &mut rng);
        let (a, k) = (parameters[&Symbol::new("a")].clone(), inverses(&parameters));
        let oracle = Oracle::new(&team(n), &parameters, 40).expect("a game that is handled");
        // The sum of all payoffs: n^2 s/(2a) (2 - s) + (1 - s^2) k/4 - n^2 s^2/(4a) + …
        let everybody = (1..=n).fold(utility("A"), |sum, j| sum + utility(&format!("B_{{{j}}}")));
        let square = rational((n * n) as i64, 1);
        let expected = square.clone() / (square.clone() + a.clone() * &k);
        close(&best(&oracle, everybody).share, &float(&expected), 40, "everybody");
        let first = best(&oracle, utility("A"));
        let own = k.clone() / (2 * k.clone() - square.clone() / &a);
        let expected = if a * &k > square { own } else { rational(1, 1) };
        close(&first.share, &float(&expected), 40, "A");
    }
}

#[test]
fn a_best_response_at_a_sampled_point_is_found_there() {
    // Best responses at 100 = 10^2, where the slope is sampled, and at 110.
    let mut parameters = drawn(2, &mut rand_chacha::ChaCha8Rng::seed_from_u64(34));
    parameters.insert("b_{1}".into(), rational(2, 1000));
    let oracle = Oracle::new(&team(2), &parameters, 40).expect("a game that is handled");
    for (s, t) in [(rational(6, 10), 100), (rational(56, 100), 110)] {
        let play = oracle.play(&BTreeMap::from([("s".into(), float(&s))])).expect("play");
        let own = Float::with_val(BITS, &play.choices[&"y_1".into()] - &play.choices[&"x".into()]);
        close(&own, &Float::with_val(BITS, t), 40, "y_1 - x");
    }
}

#[test]
fn movers_who_do_meet_are_no_crowd_and_too_many_of_them_an_error() {
    let mut game = team(50);
    let own = game.payoffs[1].body.clone();
    game.payoffs[1].body = own + sym("y_{2}") * sym("y_{1}");
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(33);
    let refused = Oracle::new(&game, &drawn(50, &mut rng), 40).err();
    assert!(matches!(refused, Some(OptimumError::Unsupported(_))), "{refused:?}");
}
