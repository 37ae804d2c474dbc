//! More than a million random evaluations: the result at four times the precision lies in the
//! ball. Rounding to nearest is monotone and the ends of the ball are numbers of the higher
//! precision too, so that the rounded result of an operation on members may not leave the ball.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::ops::Pow as _;
use rug::{Float, Integer, Rational};

use super::{Ball, BallError};

const BITS: u32 = 64;
const REFERENCE: u32 = 4 * BITS;

/// Numbers at which mistakes gather, and random ones over many orders of magnitude.
fn number(rng: &mut ChaCha8Rng) -> Float {
    const SPECIAL: [f64; 12] =
        [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, f64::MIN_POSITIVE, f64::EPSILON, 1e300, -1e-300, 3.0];
    match rng.random_range(0..4) {
        0 => Float::with_val(BITS, SPECIAL[rng.random_range(0..SPECIAL.len())]),
        1 => Float::with_val(BITS, rng.random_range(-20..20)),
        _ => {
            let mantissa = Float::with_val(BITS, rng.random_range(i64::MIN..i64::MAX));
            mantissa >> rng.random_range(40..90)
        }
    }
}

fn ball(rng: &mut ChaCha8Rng) -> Ball {
    let x = number(rng);
    let y = match rng.random_range(0..3) {
        0 => x.clone(),
        1 => number(rng),
        _ => Float::with_val(BITS, &x * 1.000_001_f64),
    };
    let (lo, hi) = if x <= y { (x, y) } else { (y, x) };
    Ball::checked(lo, hi).expect("the ends are finite")
}

fn positive(rng: &mut ChaCha8Rng) -> Ball {
    ball(rng).abs()
}

fn member(b: &Ball, rng: &mut ChaCha8Rng) -> Float {
    match rng.random_range(0..4) {
        0 => b.lo().clone(),
        1 => b.hi().clone(),
        _ => {
            let inside = Float::with_val(BITS, b.hi() - b.lo()) * rng.random::<f64>() + b.lo();
            inside.clamp(b.lo(), b.hi())
        }
    }
}

type Unary = (fn(&Ball) -> Result<Ball, BallError>, fn(&Float) -> Float);
type Binary = (fn(&Ball, &Ball) -> Result<Ball, BallError>, fn(&Float, &Float) -> Float);

fn assert_inside(result: &Ball, value: &Float, what: &dyn std::fmt::Debug) {
    assert!(result.lo().is_finite() && result.hi().is_finite() && result.lo() <= result.hi(), "{what:?}");
    assert!(!value.is_nan(), "{what:?} is undefined at a member, yet {result} is its ball");
    assert!(result.lo() <= value && value <= result.hi(), "{what:?}: {value} is outside {result}");
}

/// Counts how many evaluations gave a ball.
fn unary(op: Unary, source: fn(&mut ChaCha8Rng) -> Ball, count: usize, seed: u64) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut done = 0;
    for _ in 0..count {
        let a = source(&mut rng);
        let x = member(&a, &mut rng);
        if let Ok(result) = op.0(&a) {
            assert_inside(&result, &op.1(&x), &(&a, &x));
            done += 1;
        }
    }
    done
}

fn binary(op: Binary, source: fn(&mut ChaCha8Rng) -> Ball, count: usize, seed: u64) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut done = 0;
    for _ in 0..count {
        let (a, b) = (source(&mut rng), ball(&mut rng));
        let (x, y) = (member(&a, &mut rng), member(&b, &mut rng));
        if let Ok(result) = op.0(&a, &b) {
            assert_inside(&result, &op.1(&x, &y), &(&a, &b, &x, &y));
            done += 1;
        }
    }
    done
}

#[test]
fn sums_and_differences_contain_their_values() {
    let sum: Binary = (Ball::add, |x, y| Float::with_val(REFERENCE, x + y));
    let difference: Binary = (Ball::sub, |x, y| Float::with_val(REFERENCE, x - y));
    assert_eq!(binary(sum, ball, 180_000, 1) + binary(difference, ball, 180_000, 2), 360_000);
}

#[test]
fn products_contain_their_values() {
    let product: Binary = (Ball::mul, |x, y| Float::with_val(REFERENCE, x * y));
    assert_eq!(binary(product, ball, 300_000, 3), 300_000);
}

#[test]
fn quotients_contain_their_values() {
    let quotient: Binary = (Ball::div, |x, y| Float::with_val(REFERENCE, x / y));
    assert!(binary(quotient, ball, 200_000, 4) > 80_000);
}

#[test]
fn integer_powers_contain_their_values() {
    macro_rules! power {
        ($n:literal) => {
            (|a| a.powi($n), |x| Float::with_val(REFERENCE, x.pow(&Integer::from($n))))
        };
    }
    let powers: [Unary; 8] =
        [power!(2), power!(3), power!(7), power!(12), power!(-1), power!(-2), power!(-3), power!(0)];
    let done: usize = powers.into_iter().map(|p| unary(p, ball, 20_000, 5)).sum();
    assert!(done > 120_000, "{done}");
}

#[test]
fn roots_contain_their_values() {
    // x^(2/3) is compared as the square of a root taken at a much higher precision.
    let roots: [Unary; 4] = [
        (|a| a.pow_rational(&Rational::from((1, 2))), |x| Float::with_val(REFERENCE, x.root_ref(2))),
        (|a| a.pow_rational(&Rational::from((1, 5))), |x| Float::with_val(REFERENCE, x.root_ref(5))),
        (
            |a| a.pow_rational(&Rational::from((2, 3))),
            |x| Float::with_val(REFERENCE, Float::with_val(4 * REFERENCE, x.root_ref(3)).square()),
        ),
        (
            |a| a.pow_rational(&Rational::from((-1, 2))),
            |x| Float::with_val(REFERENCE, Float::with_val(4 * REFERENCE, x.root_ref(2)).recip()),
        ),
    ];
    let done: usize = roots.into_iter().map(|r| unary(r, positive, 15_000, 6)).sum();
    assert!(done > 50_000, "{done}");
}

#[test]
fn real_powers_contain_their_values() {
    let power: Binary = (Ball::pow, |x, y| Float::with_val(REFERENCE, x.pow(y)));
    let done = binary(power, positive, 20_000, 7);
    assert!(done > 8_000, "{done}");
}

#[test]
fn exponentials_and_logarithms_contain_their_values() {
    let exp: Unary = (Ball::exp, |x| Float::with_val(REFERENCE, x.exp_ref()));
    let ln: Unary = (Ball::ln, |x| Float::with_val(REFERENCE, x.ln_ref()));
    let done = unary(exp, ball, 40_000, 8) + unary(ln, positive, 40_000, 9);
    assert!(done > 50_000, "{done}");
}

#[test]
fn extremes_and_absolute_values_contain_their_values() {
    let max: Binary = (|a, b| Ok(a.max(b)), |x, y| Float::with_val(REFERENCE, if x > y { x } else { y }));
    let min: Binary = (|a, b| Ok(a.min(b)), |x, y| Float::with_val(REFERENCE, if x < y { x } else { y }));
    let abs: Unary = (|a| Ok(a.abs()), |x| Float::with_val(REFERENCE, x.abs_ref()));
    let done = binary(max, ball, 50_000, 10) + binary(min, ball, 50_000, 11) + unary(abs, ball, 50_000, 12);
    assert_eq!(done, 150_000);
}
