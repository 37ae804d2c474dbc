//! The algebra of the symbolic layer, through the child process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use proofread::cas::{Cas, CasError};
use proofread::expr::{Expr, Function, Symbol, derive};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::{Float, Rational, ops::Pow as _};

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_proofread"))
}

/// One client for the tests of the algebra, as an audit has one.
fn cas() -> Cas {
    static CAS: LazyLock<Cas> = LazyLock::new(|| Cas::new(program()));
    CAS.within(Duration::from_secs(60))
}

fn x(name: &str) -> Expr {
    Expr::sym(name)
}

fn n(value: i64) -> Expr {
    Expr::int(value)
}

fn pow(b: Expr, e: Expr) -> Expr {
    Expr::pow(b, e)
}

fn ln(e: Expr) -> Expr {
    Expr::Fun(Function::Ln, vec![e])
}

fn sqrt(e: Expr) -> Expr {
    Expr::sqrt(e)
}

fn exp(e: Expr) -> Expr {
    Expr::Fun(Function::Exp, vec![e])
}

/// `e` is reported zero.
fn assert_zero(e: Expr) {
    assert_eq!(cas().is_zero(&e), Ok(Some(true)), "{e:?}");
}

/// `e` is not reported zero.
fn assert_not_zero(e: Expr) {
    assert_ne!(cas().is_zero(&e), Ok(Some(true)), "{e:?}");
}

#[test]
fn the_derivative_of_a_cost_with_a_symbolic_exponent() {
    let cost = x("c_0") * pow(x(r"\alpha"), x("k"));
    let d = cas().derivative(&cost, &Symbol::new(r"\alpha")).expect("derivative");
    let lowered = pow(x(r"\alpha"), Expr::Add(vec![x("k"), n(-1)]));
    assert_eq!(d, Expr::Mul(vec![x("c_0"), x("k"), lowered]));
}

#[test]
fn the_derivative_of_logarithm_and_exponential() {
    let d = cas().derivative(&(ln(x("a")) * exp(pow(x("a"), n(2)))), &Symbol::new("a")).expect("derivative");
    let e = exp(pow(x("a"), n(2)));
    assert_zero(d - (e.clone() / x("a") + n(2) * x("a") * ln(x("a")) * e));
}

#[test]
fn a_normal_form_has_no_common_factor() {
    let e = (pow(x("a"), n(2)) - pow(x("b"), n(2))) / (x("a") - x("b"));
    assert_eq!(cas().normal(&e), Ok(Expr::Add(vec![x("a"), x("b")])));
}

#[test]
fn a_quotient_has_one_normal_form_whatever_the_signs() {
    let (a, b, c) = (x("a"), x("b"), x("c"));
    let e = (a.clone() - b.clone()) / (b.clone() - c.clone());
    let f = (b.clone() - a) / (c - b);
    assert_eq!(cas().normal(&e), cas().normal(&f));
}

#[test]
fn equal_terms_with_roots_and_symbolic_exponents_are_recognised() {
    let (a, b, k) = (x("a"), x("b"), x("k"));
    let over = |m: i64| n(m) / (k.clone() - n(1));
    assert_zero(pow(a.clone(), k.clone() * over(1)) - a.clone() * pow(a.clone(), over(1)));
    assert_zero(pow(pow(a.clone(), k.clone()), b.clone()) - pow(a.clone(), k.clone() * b.clone()));
    let half = pow(a.clone(), n(1) / (n(2) * k.clone() - n(2)));
    assert_zero(pow(half, n(2)) - pow(a.clone(), over(1)));
    assert_zero(sqrt(n(8)) - n(2) * sqrt(n(2)));
    assert_zero(sqrt(n(2)) * sqrt(n(3)) - sqrt(n(6)));
    assert_zero(sqrt(n(4) * a.clone()) - n(2) * sqrt(a.clone()));
    assert_zero(pow(n(4), k.clone()) - pow(n(2), n(2) * k.clone()));
    assert_zero(pow(a.clone(), Expr::ratio(5, 6)) - sqrt(a.clone()) * pow(a.clone(), Expr::ratio(1, 3)));
    let s = sqrt(a.clone() + b.clone());
    assert_zero(n(1) / (s.clone() - n(1)) - (s.clone() + n(1)) / (a.clone() + b.clone() - n(1)));
    let nested = sqrt(n(1) + sqrt(a.clone()));
    assert_zero(pow(nested, n(4)) - (n(1) + n(2) * sqrt(a.clone()) + a.clone()));
    assert_zero(ln(exp(a.clone())) - a.clone());
    assert_zero(ln(n(12)) - n(2) * ln(n(2)) - ln(n(3)));
}

#[test]
fn what_holds_for_positive_values_only_is_not_taken_to_hold_for_all() {
    let (a, b, k) = (x("a"), x("b"), x("k"));
    let pairs = [
        (sqrt(pow(a.clone(), n(2))), a.clone()),
        (pow(a.clone() * b.clone(), k.clone()), pow(a.clone(), k.clone()) * pow(b.clone(), k.clone())),
        (pow(pow(a.clone(), n(2)), k.clone()), pow(a.clone(), n(2) * k.clone())),
        (ln(a.clone() * b.clone()), ln(a.clone()) + ln(b.clone())),
        (ln(pow(a.clone(), n(2))), n(2) * ln(a.clone())),
    ];
    let positive = [Symbol::new("a"), Symbol::new("b")];
    for (left, right) in pairs {
        let difference = left - right;
        assert_not_zero(difference.clone());
        assert_eq!(cas().is_zero_for_positive(&difference, &positive), Ok(Some(true)), "{difference:?}");
    }
    let only_b = cas().is_zero_for_positive(&(sqrt(pow(a.clone(), n(2))) - a), &positive[1..]);
    assert_ne!(only_b, Ok(Some(true)));
}

#[test]
fn a_best_response_with_symbolic_exponent_satisfies_its_first_order_condition() {
    let (a, c, k, d) = (x("a"), x("c"), x("k"), x("d"));
    let payoff = d.clone() * a.clone() - c.clone() * pow(a.clone(), k.clone());
    let slope = cas().derivative(&payoff, &Symbol::new("a")).expect("derivative");
    let best = pow(d / (c * k.clone()), n(1) / (k - n(1)));
    let at_best = slope.substitute(&Symbol::new("a"), &best);
    let positive: Vec<Symbol> = ["c", "d", "k"].into_iter().map(Symbol::new).collect();
    assert_eq!(cas().is_zero_for_positive(&at_best, &positive), Ok(Some(true)));
}

#[test]
fn a_rational_function_that_is_not_zero_is_known_not_to_be() {
    assert_eq!(cas().is_zero(&(x("a") * x("b") - x("a"))), Ok(Some(false)));
    assert_eq!(cas().is_zero(&(sqrt(x("a")) - x("b"))), Ok(None));
}

#[test]
fn a_term_that_is_undefined_everywhere_is_an_error() {
    let zero = pow(x("a") + n(1), n(2)) - pow(x("a"), n(2)) - n(2) * x("a") - n(1);
    let plain_zero = x("a") - x("a");
    for e in [
        n(1) / zero.clone(),
        n(1) / plain_zero.clone(),
        pow(plain_zero.clone(), x("b") - x("b")),
        pow(zero.clone(), n(-2)) * x("b"),
        n(1) / (n(1) / plain_zero.clone()),
        pow(zero, Expr::ratio(-1, 2)),
        ln(plain_zero),
        pow(n(-8), Expr::ratio(1, 3)),
        ln(n(-1)),
        n(1) / (sqrt(x("a")) * sqrt(x("a")) - x("a")),
    ] {
        assert_eq!(cas().normal(&e), Err(CasError::Undefined), "{e:?}");
        assert_eq!(cas().is_zero(&e), Err(CasError::Undefined), "{e:?}");
    }
}

#[test]
fn no_exponent_is_large_enough_to_wrap_around() {
    for exponent in [1i64 << 15, 1 << 16, 1 << 31, 1 << 32, i64::MAX] {
        let e = pow(x("a"), n(exponent)) * x("a") - x("a");
        assert!(matches!(cas().is_zero(&e), Err(CasError::Outside { .. }) | Ok(Some(false))), "{exponent}");
        let e = pow(n(2), n(exponent));
        assert!(matches!(cas().expand(&e), Err(CasError::Outside { .. })), "{exponent}");
    }
    let mut tower = x("a");
    for _ in 0..8 {
        tower = pow(tower.clone(), n(256)) * tower;
    }
    assert!(matches!(cas().normal(&tower), Err(CasError::Outside { .. })));
}

#[test]
fn a_polynomial_gives_its_coefficients_from_the_constant_up() {
    let (a, b, y) = (x("a"), x("b"), Symbol::new("y"));
    let e = (Expr::Sym(y.clone()) + a.clone()) * (Expr::Sym(y.clone()) - a.clone()) / b.clone();
    let inverse = pow(b.clone(), n(-1));
    let constant = Expr::Mul(vec![n(-1), pow(a.clone(), n(2)), inverse.clone()]);
    assert_eq!(cas().coefficients(&e, &y), Ok(vec![constant, n(0), inverse]));
    assert_eq!(cas().coefficients(&n(0), &y), Ok(vec![n(0)]));
    let under_root = sqrt(Expr::Sym(y.clone()));
    let no = Err(CasError::NotPolynomial { in_symbol: y.clone() });
    assert_eq!(cas().coefficients(&under_root, &y), no);
    assert_eq!(cas().coefficients(&pow(a, Expr::Sym(y.clone())), &y), no);
    assert_eq!(cas().coefficients(&(b / Expr::Sym(y.clone())), &y), no);
}

#[test]
fn a_linear_system_is_solved_for_general_parameters() {
    let (u, v) = (Symbol::new("u"), Symbol::new("v"));
    let (su, sv) = (Expr::Sym(u.clone()), Expr::Sym(v.clone()));
    let equations = [x("a") * su.clone() + sv.clone() - n(1), su.clone() - sv.clone()];
    let solved = cas().solve_linear(&equations, &[u.clone(), v.clone()]).expect("solved");
    let expected = pow(Expr::Add(vec![x("a"), n(1)]), n(-1));
    assert_eq!(solved, vec![expected.clone(), expected]);
    let one = std::slice::from_ref(&u);
    assert_eq!(cas().solve_linear(&[su.clone() * su.clone() - n(1)], one), Err(CasError::NotLinear));
    assert_eq!(
        cas().solve_linear(&[su.clone() * sv.clone()], &[u.clone(), v.clone()]),
        Err(CasError::NotLinear)
    );
    assert_eq!(cas().solve_linear(&[su.clone() - sv], &[u.clone(), v]), Err(CasError::NoUniqueSolution));
    assert_eq!(cas().solve_linear(&[sqrt(su.clone())], one), Err(CasError::NotLinear));
    let with_root = [sqrt(x("a")) * su.clone() - x("a")];
    assert_eq!(cas().solve_linear(&with_root, one), Ok(vec![sqrt(x("a"))]));
    let contradictory = [su.clone() - n(1), su - n(2)];
    for none in [&contradictory[..], &[n(1)]] {
        let outcome = cas().solve_linear(none, one);
        assert!(matches!(outcome, Err(CasError::NoUniqueSolution | CasError::Outside { .. })), "{outcome:?}");
    }
}

#[test]
fn a_polynomial_is_factored_and_collected() {
    let (a, b) = (x("a"), x("b"));
    let factored = cas().factor(&(pow(a.clone(), n(2)) - pow(b.clone(), n(2)))).expect("factored");
    assert!(matches!(&factored, Expr::Mul(fs) if fs.len() == 2), "{factored:?}");
    let collected = cas().collect(&((a.clone() + b.clone()) * (a + n(1)) * b), &Symbol::new("a")).expect("c");
    assert!(matches!(&collected, Expr::Add(ts) if ts.len() == 3), "{collected:?}");
}

#[test]
fn an_answer_does_not_depend_on_what_was_asked_before() {
    let ask =
        |cas: &Cas| cas.normal(&((x("z") + x("a")) / (x("m") - x("b")) + sqrt(x("z")))).expect("normal");
    let fresh = ask(&Cas::new(program()).within(Duration::from_secs(60)));
    for name in ["m", "z", "q"] {
        cas().expand(&pow(x(name) + x("w"), n(3))).expect("expanded");
    }
    assert_eq!(ask(&cas()), fresh);
}

/// The exact value of a rational function; `None` where it is undefined.
fn value(e: &Expr, at: &BTreeMap<Symbol, Rational>) -> Option<Rational> {
    Some(match e {
        Expr::Num(v) => v.clone(),
        Expr::Sym(s) => at.get(s)?.clone(),
        Expr::Add(xs) => xs.iter().map(|e| value(e, at)).sum::<Option<Rational>>()?,
        Expr::Mul(xs) => xs.iter().map(|e| value(e, at)).product::<Option<Rational>>()?,
        Expr::Pow(b, p) => {
            let (b, p) = (value(b, at)?, i32::try_from(p.as_int()?).ok()?);
            if b == 0 && p < 0 {
                return None;
            }
            b.pow(p)
        }
        _ => return None,
    })
}

fn random_term(rng: &mut ChaCha8Rng, depth: u32) -> Expr {
    let leaf = depth == 0 || rng.random_bool(0.15);
    let sub = |rng: &mut ChaCha8Rng| random_term(rng, depth.saturating_sub(1));
    match rng.random_range(0..if leaf { 2 } else { 7 }) {
        0 => Expr::ratio(rng.random_range(-9..=9), rng.random_range(1..=4)),
        1 => x(["a", r"\beta", "z_1"][rng.random_range(0..3)]),
        2 => sub(rng) + sub(rng),
        3 => sub(rng) - sub(rng),
        4 => sub(rng) * sub(rng),
        5 => sub(rng) / sub(rng),
        _ => pow(sub(rng), n(rng.random_range(-2..=3))),
    }
}

/// How many of 20 points both terms are defined at; they must agree there.
fn agreements(left: &Expr, right: &Expr, rng: &mut ChaCha8Rng) -> usize {
    let mut draw =
        |name| (Symbol::new(name), Rational::from((rng.random_range(-40..=40), rng.random_range(1..=7))));
    let points = (0..20).map(|_| ["a", r"\beta", "z_1"].into_iter().map(&mut draw).collect());
    points
        .filter(|at: &BTreeMap<Symbol, Rational>| match (value(left, at), value(right, at)) {
            (Some(l), Some(r)) => {
                assert_eq!(l, r, "{left:?}\n{right:?}\n{at:?}");
                true
            }
            _ => false,
        })
        .count()
}

#[test]
fn every_operation_keeps_the_exact_values_of_random_rational_functions() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (cas, a) = (cas(), Symbol::new("a"));
    let mut compared = 0;
    for _ in 0..60 {
        let e = random_term(&mut rng, 4);
        let normal = match cas.normal(&e) {
            Err(CasError::Undefined) => continue,
            normal => normal.expect("normal"),
        };
        compared += agreements(&e, &normal, &mut rng);
        assert_eq!(cas.normal(&normal), Ok(normal.clone()), "the normal form of a normal form");
        let (top, bottom) = cas.fraction(&e).expect("fraction");
        compared += agreements(&e, &(top / bottom), &mut rng);
        compared += agreements(&e, &cas.expand(&e).expect("expanded"), &mut rng);
        compared += agreements(&e, &cas.factor(&e).expect("factored"), &mut rng);
        compared += agreements(&e, &cas.collect(&e, &a).expect("collected"), &mut rng);
        let ours = derive::derivative(&e, &a).expect("elementary");
        compared += agreements(&ours, &cas.derivative(&e, &a).expect("derivative"), &mut rng);
        assert_eq!(cas.is_zero(&(e - normal)), Ok(Some(true)));
    }
    assert!(compared > 3000, "only {compared} points were compared");
}

/// The value of a term in long floating-point arithmetic; `None` where it is undefined, or so
/// close to it, or so large, that the digits would not mean anything.
fn approximation(e: &Expr, at: &BTreeMap<Symbol, Rational>) -> Option<Float> {
    let list = |xs: &[Expr]| xs.iter().map(|x| approximation(x, at)).collect::<Option<Vec<_>>>();
    let positive = |v: Float| (v > TINY).then_some(v);
    let value = match e {
        Expr::Num(v) => Float::with_val(BITS, v),
        Expr::Sym(s) => Float::with_val(BITS, at.get(s)?),
        Expr::Add(xs) => list(xs)?.into_iter().fold(Float::new(BITS), |a, b| a + b),
        Expr::Mul(xs) => list(xs)?.into_iter().fold(Float::with_val(BITS, 1), |a, b| a * b),
        Expr::Pow(b, p) => {
            let (b, v) = (approximation(b, at)?, approximation(p, at)?);
            match p.as_int() {
                Some(p) if p >= 0 || b.clone().abs() > TINY => b.pow(i32::try_from(p).ok()?),
                Some(_) => return None,
                None => (positive(b)?.ln() * v).exp(),
            }
        }
        Expr::Fun(Function::Ln, xs) => positive(approximation(&xs[0], at)?)?.ln(),
        Expr::Fun(Function::Exp, xs) => approximation(&xs[0], at)?.exp(),
        _ => return None,
    };
    (value.is_finite() && value.clone().abs() < 1e30).then_some(value)
}

const BITS: u32 = 1024;
/// Far above the rounding errors of 1024 bits, far below what random small rationals give.
const TINY: f64 = 1e-100;

fn random_power(rng: &mut ChaCha8Rng, depth: u32) -> Expr {
    let sub = |rng: &mut ChaCha8Rng| random_power(rng, depth.saturating_sub(1));
    match rng.random_range(0..if depth == 0 { 3 } else { 11 }) {
        0 => Expr::ratio(rng.random_range(-3..=9), rng.random_range(1..=4)),
        1 | 2 => x(["a", "b", "k"][rng.random_range(0..3)]),
        3 => sub(rng) + sub(rng),
        4 | 5 => sub(rng) * sub(rng),
        6 => sub(rng) / sub(rng),
        7 => sqrt(sub(rng)),
        8 => pow(sub(rng), Expr::ratio(rng.random_range(-4..=4), rng.random_range(1..=3))),
        9 if rng.random_bool(0.2) => ln(sub(rng)),
        9 => exp(sub(rng)),
        _ => {
            let k = x("k");
            let exponents =
                [k.clone(), k.clone() / n(2), k.clone() - n(1), n(1) / (k.clone() - n(1)), n(-2) * k];
            pow(sub(rng), exponents[rng.random_range(0..exponents.len())].clone())
        }
    }
}

/// At how many random points, positive ones only if `positive`, the terms were compared.
fn similarities(left: &Expr, right: &Expr, positive: bool, rng: &mut ChaCha8Rng) -> usize {
    let lowest = if positive { 1 } else { -30 };
    let mut compared = 0;
    for _ in 0..12 {
        let mut draw = |name| {
            (Symbol::new(name), Rational::from((rng.random_range(lowest..=40), rng.random_range(3..=9))))
        };
        let at: BTreeMap<Symbol, Rational> = ["a", "b", "k"].into_iter().map(&mut draw).collect();
        if let (Some(l), Some(r)) = (approximation(left, &at), approximation(right, &at)) {
            let size = l.clone().abs().max(&r.clone().abs()).max(&Float::with_val(BITS, 1));
            let gap = (l - r).abs() / size;
            // Cancellation behind a value of 1e-100 may cost 200 of the 300 digits.
            assert!(gap < 1e-60, "{left:?}\n{right:?}\n{at:?}\n{gap}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn normal_forms_keep_the_values_of_random_terms_with_roots_and_symbolic_exponents() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let cas = cas().within(Duration::from_millis(500));
    let positive = ["a", "b", "k"].map(Symbol::new);
    let (mut everywhere, mut at_positive, mut refused) = (0, 0, 0);
    for _ in 0..150 {
        let e = random_power(&mut rng, 3);
        match cas.normal(&e) {
            Ok(normal) => everywhere += similarities(&e, &normal, false, &mut rng),
            Err(_) => refused += 1,
        }
        match cas.normal_for_positive(&e, &positive) {
            Ok(normal) => {
                at_positive += similarities(&e, &normal, true, &mut rng);
                if let Ok(zero) = cas.is_zero_for_positive(&(e - normal), &positive) {
                    assert_ne!(zero, Some(false));
                }
            }
            Err(_) => refused += 1,
        }
    }
    println!("{everywhere} {at_positive} {refused}");
    assert!(everywhere > 400 && at_positive > 800 && refused < 60, "{everywhere} {at_positive} {refused}");
}
