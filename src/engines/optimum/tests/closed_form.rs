//! The two-stage game against its closed form, at drawn parameters.

use super::*;

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
