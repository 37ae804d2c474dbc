//! Random terms against evaluation in floating point: nothing that is proved may be seen to fail.

use std::collections::BTreeMap;

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::expr::{Expr, Formula, Function, Relation, Symbol};
use crate::prove::signs::{Facts, SignSet, sign};

type Point = BTreeMap<Symbol, f64>;

/// The value in floating point; `None` where the term is undefined.
fn value(e: &Expr, at: &Point) -> Option<f64> {
    Some(match e {
        Expr::Num(n) => n.to_f64(),
        Expr::Sym(s) => at[s],
        Expr::Add(xs) => xs.iter().map(|x| value(x, at)).sum::<Option<f64>>()?,
        Expr::Mul(xs) => xs.iter().map(|x| value(x, at)).product::<Option<f64>>()?,
        Expr::Pow(b, x) => {
            let (base, exponent) = (value(b, at)?, value(x, at)?);
            match x.as_int() {
                Some(n) if n >= 0 => base.powf(exponent),
                Some(_) if base == 0.0 => return None,
                Some(_) => base.powf(exponent),
                None if base > 0.0 || base == 0.0 && exponent > 0.0 => base.powf(exponent),
                None => return None,
            }
        }
        Expr::Fun(f, args) => {
            let v: Option<Vec<f64>> = args.iter().map(|a| value(a, at)).collect();
            let v = v?;
            match f {
                Function::Exp => v[0].exp(),
                Function::Ln if v[0] > 0.0 => v[0].ln(),
                Function::Ln => return None,
                Function::Abs => v[0].abs(),
                Function::Max => v.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                Function::Min => v.iter().copied().fold(f64::INFINITY, f64::min),
            }
        }
        _ => return None,
    })
}

fn holds(f: &Formula, at: &Point) -> bool {
    match f {
        Formula::True => true,
        Formula::False => false,
        Formula::Rel(a, r, b) => {
            let (Some(a), Some(b)) = (value(a, at), value(b, at)) else { return false };
            // Rounding may part two numbers that are equal.
            if *r == Relation::Ne && close(a, b) {
                return false;
            }
            a.partial_cmp(&b).is_some_and(|o| r.holds(o))
        }
        Formula::And(fs) => fs.iter().all(|f| holds(f, at)),
        Formula::Or(fs) => fs.iter().any(|f| holds(f, at)),
        Formula::Not(f) => !holds(f, at),
        other => panic!("{other:?}"),
    }
}

const NAMES: [&str; 6] = ["d", "c", "k", "x", "y", "z"];

/// `0 <= d <= 1`, `c > 0`, `k > 1`, `x >= y`, `z` free, `y >= -1`.
fn facts() -> Vec<Formula> {
    let s = Expr::sym;
    use Relation::*;
    vec![
        Formula::rel(s("d"), Ge, Expr::int(0)),
        Formula::rel(s("d"), Le, Expr::int(1)),
        Formula::rel(s("c"), Gt, Expr::int(0)),
        Formula::rel(s("k"), Gt, Expr::int(1)),
        Formula::rel(s("x"), Ge, s("y")),
        Formula::rel(s("y"), Ge, Expr::int(-1)),
    ]
}

/// Points of the domain, its borders among them.
fn points(rng: &mut ChaCha8Rng) -> Vec<Point> {
    let mut out = vec![];
    for _ in 0..40 {
        let eighths = |rng: &mut ChaCha8Rng, lo: i32, hi: i32| f64::from(rng.random_range(lo..=hi)) / 8.0;
        let d = [0.0, 1.0, 0.5, eighths(rng, 0, 8)][rng.random_range(0..4)];
        let y = [-1.0, 0.0, eighths(rng, -8, 24)][rng.random_range(0..3)];
        let x = y + [0.0, 1.0, eighths(rng, 0, 24)][rng.random_range(0..3)];
        let (c, k, z) = (eighths(rng, 1, 32), 1.0 + eighths(rng, 1, 24), eighths(rng, -24, 24));
        let values = [d, c, k, x, y, z];
        out.push(NAMES.iter().map(|n| Symbol::new(n)).zip(values).collect());
    }
    out
}

fn exponent(rng: &mut ChaCha8Rng) -> Expr {
    let k = || Expr::sym("k");
    let over = || Expr::recip(k() - Expr::int(1));
    match rng.random_range(0..9) {
        0 => Expr::int(2),
        1 => Expr::int(-1),
        2 => Expr::ratio(1, 2),
        3 => Expr::ratio(-1, 2),
        4 => k(),
        5 => k() - Expr::int(1),
        6 => over(),
        7 => k() * over(),
        _ => over() - Expr::int(1),
    }
}

fn term(rng: &mut ChaCha8Rng, depth: u32) -> Expr {
    if depth == 0 || rng.random_bool(0.15) {
        return match rng.random_range(0..8) {
            0 => Expr::int(rng.random_range(-2..=3)),
            1 => Expr::int(1) - Expr::sym("d"),
            2 => Expr::sym("x") - Expr::sym("y"),
            _ => Expr::sym(NAMES[rng.random_range(0..NAMES.len())]),
        };
    }
    match rng.random_range(0..6) {
        0 => term(rng, depth - 1) + term(rng, depth - 1),
        1 => term(rng, depth - 1) - term(rng, depth - 1),
        2 | 3 => term(rng, depth - 1) * term(rng, depth - 1),
        _ => Expr::pow(term(rng, depth - 1), exponent(rng)),
    }
}

/// The term written differently; equal to it wherever both are defined and the rewriting is
/// right, which it is not always (that is the point).
fn rewritten(e: &Expr, rng: &mut ChaCha8Rng) -> Expr {
    let e = e.map(&mut |c| rewritten(c, rng), &mut Clone::clone);
    if rng.random_bool(0.4) {
        return e;
    }
    match e {
        Expr::Add(mut xs) => {
            xs.reverse();
            Expr::Add(xs)
        }
        Expr::Mul(xs) if xs.len() == 2 => match &xs[1] {
            Expr::Add(ys) => Expr::Add(ys.iter().map(|y| y.clone() * xs[0].clone()).collect()),
            _ => Expr::Mul(vec![xs[1].clone(), xs[0].clone()]),
        },
        Expr::Pow(b, x) => match *b {
            Expr::Mul(xs) => Expr::Mul(xs.into_iter().map(|y| Expr::pow(y, (*x).clone())).collect()),
            Expr::Pow(c, y) => Expr::pow(*c, *y * *x),
            b => b.clone() * Expr::pow(b, *x - Expr::int(1)),
        },
        other => other,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs())) || !a.is_finite() || !b.is_finite()
}

/// Whether a rounding error in `x` makes a visible error in the term.
fn is_steep(e: &Expr, x: &Symbol, at: &Point) -> bool {
    let near = |by: f64| {
        let mut p = at.clone();
        let v = p[x];
        p.insert(x.clone(), v + by * (1.0 + v.abs()));
        value(e, &p)
    };
    match (near(1e-12), near(-1e-12)) {
        (Some(u), Some(w)) => (u - w).abs() > 1e-8 * (1.0 + u.abs()),
        _ => true,
    }
}

#[test]
fn no_proved_identity_is_seen_to_fail() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let facts = facts();
    let (mut proved, mut checked) = (0, 0);
    for _ in 0..RUNS {
        let a = term(&mut rng, 3);
        let b = rewritten(&a, &mut rng);
        let (exceptions, certificate) = match equal(&a, &b, &facts) {
            Identity::Proved(c) => (vec![], c),
            Identity::ProvedExcept { exceptions, certificate } => (exceptions, certificate),
            Identity::NotProved { .. } => continue,
        };
        assert_eq!(recheck(&certificate, &a, &b, &facts), Ok(exceptions.clone()), "{a:?} = {b:?}");
        proved += 1;
        for p in points(&mut rng) {
            match (value(&a, &p), value(&b, &p)) {
                (Some(u), Some(v)) => {
                    checked += 1;
                    assert!(close(u, v), "{a:?}\n{b:?}\n{p:?}: {u} {v}");
                }
                _ => assert!(exceptions.iter().any(|f| holds(f, &p)), "{a:?}\n{b:?}\n{p:?}\n{exceptions:?}"),
            }
        }
    }
    println!("{proved} proved, {checked} points compared");
    assert!(proved > RUNS / 4 && checked > RUNS);
}

#[test]
fn no_sign_is_seen_that_was_excluded() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let known = Facts::new(&facts());
    let mut decided = 0;
    for _ in 0..RUNS {
        let e = term(&mut rng, 3);
        let found = sign(&e, &known);
        decided += usize::from(found.signs != SignSet::ANY);
        for p in points(&mut rng) {
            match value(&e, &p) {
                Some(v) if v.abs() > 1e-9 => {
                    let seen = if v > 0.0 { SignSet::POSITIVE } else { SignSet::NEGATIVE };
                    assert!(seen.within(found.signs), "{e:?}\n{p:?}: {v}, {found:?}");
                }
                // Rounding may make a small number of a zero, not an exact zero of literals.
                Some(_) => {}
                None => assert!(!found.defined, "{e:?}\n{p:?}"),
            }
        }
    }
    println!("{decided} of {RUNS} signs decided");
    assert!(decided > RUNS / 4);
}

#[test]
fn no_claimed_solution_is_seen_to_fail() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let (facts, z) = (facts(), Symbol::new("z"));
    let (mut solved, mut checked) = (0, 0);
    for _ in 0..RUNS {
        let equation = Formula::eq(term(&mut rng, 3), term(&mut rng, 2));
        for x in [&z, &Symbol::new("d"), &Symbol::new("x")] {
            let Some(solution) = isolate(&equation, x, &facts) else { continue };
            solved += 1;
            for mut p in points(&mut rng) {
                if !solution.conditions.iter().all(|c| holds(c, &p)) {
                    continue;
                }
                let Some(v) = value(&solution.value, &p) else { panic!("{equation:?}\n{solution:?}\n{p:?}") };
                p.insert(x.clone(), v);
                let Formula::Rel(a, _, b) = &equation else { unreachable!() };
                if is_steep(a, x, &p) || is_steep(b, x, &p) {
                    continue;
                }
                // Rounding may carry the value over the border of the domain.
                if let (Some(u), Some(w)) = (value(a, &p), value(b, &p)) {
                    checked += 1;
                    assert!(close(u, w), "{equation:?}\n{solution:?}\n{p:?}: {u} {w}");
                }
            }
        }
    }
    println!("{solved} solved, {checked} points compared");
    assert!(solved > RUNS / 20 && checked > RUNS / 20);
}

#[test]
fn no_implied_equation_is_seen_to_fail() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let facts = facts();
    let (mut followed, mut checked) = (0, 0);
    for _ in 0..RUNS {
        // With f a polynomial that has the root z = g, the premise can be met exactly.
        let g = term(&mut rng, 1);
        let z = Symbol::new("z");
        if g.mentions(&z) {
            continue;
        }
        let premise = Formula::eq((Expr::sym("z") - g.clone()) * term(&mut rng, 2), Expr::int(0));
        let conclusion = Formula::eq(
            rewritten(&Expr::sym("z"), &mut rng) * term(&mut rng, 1),
            g.clone() * term(&mut rng, 1),
        );
        let straight = Formula::eq(Expr::sym("z"), rewritten(&g, &mut rng));
        for c in [conclusion, straight] {
            let Some(proof) = implies(&premise, &c, &facts) else { continue };
            followed += 1;
            assert_eq!(recheck_implication(&proof, &premise, &c, &facts), Ok(()));
            let Formula::Rel(a, _, b) = &c else { unreachable!() };
            for mut p in points(&mut rng) {
                let Some(v) = value(&g, &p) else { continue };
                p.insert(z.clone(), v);
                if !holds(&premise, &p) {
                    continue;
                }
                checked += 1;
                let (Some(u), Some(w)) = (value(a, &p), value(b, &p)) else {
                    panic!("{premise:?}\n{c:?}\n{p:?}")
                };
                assert!(close(u, w), "{premise:?}\n{c:?}\n{p:?}: {u} {w}");
            }
        }
    }
    println!("{followed} followed, {checked} points compared");
    assert!(followed > RUNS / 40 && checked > RUNS / 40);
}

const RUNS: usize = 250;
