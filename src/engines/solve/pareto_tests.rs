//! The Pareto set against every share of a grid: feasible shares that no other share dominates.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

use super::tests::meter;
use super::{Enclosure, Profile, SolveError, solve};
use crate::expr::{Expr, Symbol};

const SEED: u64 = 23;
const DRAWS: usize = 200;
/// Steps of the grid.
const GRID: i64 = 120;

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

/// A polynomial in the share, the constant coefficient first.
#[derive(Clone, Debug)]
struct Polynomial(Vec<Rational>);

impl Polynomial {
    fn at(&self, s: &Rational) -> Rational {
        self.0.iter().rev().fold(Rational::new(), |sum, c| sum * s + c)
    }

    fn term(&self) -> Expr {
        let power = |(k, c): (usize, &Rational)| {
            Expr::Num(c.clone()) * Expr::pow(Expr::sym("s"), Expr::int(k as i64))
        };
        Expr::Add(self.0.iter().enumerate().map(power).collect())
    }

    /// `scale * product of (s - root)`
    fn with_roots(scale: &Rational, roots: &[Rational]) -> Polynomial {
        roots.iter().fold(Polynomial(vec![scale.clone()]), |p, root| {
            let mut out = vec![Rational::new(); p.0.len() + 1];
            for (k, c) in p.0.iter().enumerate() {
                out[k + 1] += c;
                out[k] -= Rational::from(c * root);
            }
            Polynomial(out)
        })
    }

    /// `top - (s - peak)^2`
    fn hill(top: &Rational, peak: &Rational) -> Polynomial {
        let square = Rational::from(peak * peak);
        Polynomial(vec![top.clone() - square, Rational::from(peak * 2u32), q(-1, 1)])
    }
}

type Intervals = Result<Vec<(Enclosure, Enclosure)>, SolveError>;

/// The Pareto set of gains over `[0, 1]`.
fn pareto(gains: &[Polynomial]) -> Intervals {
    let player = |i: usize| Symbol::new(&format!("A_{i}"));
    let profile = Profile {
        share: Symbol::new("s"),
        lower: q(0, 1),
        upper: q(1, 1),
        payoffs: gains.iter().enumerate().map(|(i, g)| (player(i), g.term())).collect(),
        disagreement: vec![q(0, 1); gains.len()],
        performance: None,
        reported: vec![],
    };
    solve(&profile, 20, &meter()).expect("polynomials are handled").pareto
}

fn decimals(intervals: &Intervals) -> Vec<(&str, &str)> {
    let intervals = intervals.as_ref().expect("a certified set");
    intervals.iter().map(|(a, b)| (a.decimals(), b.decimals())).collect()
}

/// `1 - s` and `s`: every share is Pareto-optimal, and what others demand cuts the set.
fn opposed() -> Vec<Polynomial> {
    vec![Polynomial(vec![q(1, 1), q(-1, 1)]), Polynomial(vec![q(0, 1), q(1, 1)])]
}

#[test]
fn a_player_who_gains_at_both_ends_only_leaves_two_intervals() {
    let mut gains = opposed();
    gains.push(Polynomial::with_roots(&q(1, 1), &[q(1, 5), q(3, 5)]));
    assert_eq!(decimals(&pareto(&gains)), [("0", "0.20000000000000000000"), ("0.60000000000000000000", "1")]);
}

#[test]
fn ends_of_inner_intervals_may_be_irrational() {
    let mut gains = opposed();
    // (s - 2/5)^2 - 1/50
    gains.push(Polynomial(vec![q(4, 25) - q(1, 50), q(-4, 5), q(1, 1)]));
    let found = pareto(&gains);
    assert_eq!(decimals(&found), [("0", "0.25857864376269049511"), ("0.54142135623730950488", "1")]);
}

#[test]
fn the_demands_of_two_players_are_cut_with_each_other() {
    let mut gains = opposed();
    // Gains up to 1/6, from 1/3 to 2/3 and from 5/6 on; and up to 1/2 and from 3/4 on.
    let rising = Polynomial::with_roots(&q(1, 1), &[q(1, 6), q(1, 3), q(2, 3), q(5, 6), q(-1, 1)]);
    gains.push(rising);
    gains.push(Polynomial::with_roots(&q(1, 1), &[q(1, 2), q(3, 4)]));
    let found = pareto(&gains);
    assert_eq!(
        decimals(&found),
        [("0", "0.16666666666666666666"), ("0.33333333333333333333", "0.5"), ("0.83333333333333333333", "1")]
    );
}

/// What one draw's comparison with the grid says.
struct Compared {
    intervals: usize,
}

/// `None` if the set was not certified.
fn compare(gains: &[Polynomial], told: &str) -> Option<Compared> {
    let found = pareto(gains);
    let grid: Vec<Rational> = (0..=GRID).map(|k| q(k, GRID)).collect();
    let values = |s: &Rational| gains.iter().map(|g| g.at(s)).collect::<Vec<_>>();
    let feasible = |v: &[Rational]| v.iter().all(|x| *x >= 0);
    let intervals = match found {
        Ok(intervals) => intervals,
        Err(SolveError::NoAgreement) => {
            assert!(!grid.iter().any(|s| feasible(&values(s))), "{told}: there is an agreement");
            return Some(Compared { intervals: 0 });
        }
        Err(_) => return None,
    };
    let middle = |e: &Enclosure| {
        let known = e.exact().cloned();
        known.unwrap_or_else(|| e.ball().midpoint().expect("bounded"))
    };
    let ends: Vec<(Rational, Rational)> = intervals.iter().map(|(a, b)| (middle(a), middle(b))).collect();
    assert!(ends.windows(2).all(|w| w[0].1 < w[1].0), "{told}: the intervals are not apart");
    let rivals: Vec<Vec<Rational>> =
        grid.iter().chain(ends.iter().flat_map(|(a, b)| [a, b])).map(values).collect();
    // What rounding of an end takes away, which proves no domination.
    let slack = q(1, 1 << 40);
    for s in &grid {
        let here = values(s);
        let close = |e: &Rational| Rational::from(e - s).abs() < q(1, GRID);
        let inside = ends.iter().any(|(a, b)| a <= s && s <= b);
        let near_end = ends.iter().any(|(a, b)| close(a) || close(b));
        if inside && !near_end {
            assert!(feasible(&here), "{told}: somebody loses at {s}");
            let beaten = rivals.iter().any(|r| {
                r.iter().zip(&here).all(|(r, h)| r >= h)
                    && r.iter().zip(&here).any(|(r, h)| Rational::from(r - h) > slack)
            });
            assert!(!beaten, "{told}: {s} is dominated");
        }
        if !inside && !near_end && feasible(&here) {
            let reached = |r: &Vec<Rational>| {
                r.iter().zip(&here).all(|(r, h)| Rational::from(r + &slack) >= *h) && *r != here
            };
            assert!(rivals.iter().any(reached), "{told}: {s} is not dominated but left out");
        }
    }
    Some(Compared { intervals: ends.len() })
}

/// Two players with one peak each and up to two with several, at random.
fn draw(rng: &mut ChaCha8Rng) -> Vec<Polynomial> {
    let mut part = |from: i64, to: i64| q(rng.random_range(from..=to), 60);
    // Every other time the two want the ends and are content everywhere: only the others cut the set.
    let (left, right, least) =
        if part(0, 1) == 0 { (part(0, 20), part(40, 60), 15) } else { (q(0, 1), q(1, 1), 60) };
    let mut hill = |peak: &Rational| Polynomial::hill(&part(least, 90), peak);
    let mut gains = vec![hill(&left), hill(&right)];
    for _ in 0..rng.random_range(0..=2) {
        let mut part = |from: i64, to: i64| q(rng.random_range(from..=to), 60);
        let roots: Vec<Rational> = (0..3).map(|_| part(6, 54)).collect();
        let scale = if part(0, 1) == 0 { q(1, 1) } else { q(-1, 1) };
        let degree = if part(0, 1) == 0 { 2 } else { 3 };
        gains.push(Polynomial::with_roots(&scale, &roots[..degree]));
    }
    gains
}

#[test]
fn the_pareto_set_is_what_a_grid_leaves_of_random_payoffs() {
    println!("seed {SEED}, {DRAWS} draws");
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let (mut certified, mut several, mut none) = (0, 0, 0);
    for number in 0..DRAWS {
        let gains = draw(&mut rng);
        let told = format!("seed {SEED}, draw {number}: {gains:?}");
        let Some(found) = compare(&gains, &told) else { continue };
        certified += 1;
        several += usize::from(found.intervals > 1);
        none += usize::from(found.intervals == 0);
    }
    println!("{certified} certified, {several} of several intervals, {none} without an agreement");
    assert!(certified >= DRAWS / 3, "{certified} certified");
    assert!(several >= 20, "{several} of several intervals");
    assert!(none >= 1, "{none} without an agreement");
}
