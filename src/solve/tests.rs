//! Solved profiles against closed forms and against the numeric oracle.

use rug::Rational;

use super::{Profile, Solution, Solved, solve};
use crate::exact::Meter;
use crate::expr::{Expr, Symbol};

const DIGITS: u32 = 40;

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn num(x: &Rational) -> Expr {
    Expr::Num(x.clone())
}

/// The share is split between `A`, who pays `a x^p`, and `B`, who pays `b y^q`, for `x + y`.
pub(super) fn joint(a: &Rational, b: &Rational, p: &Rational, r: &Rational) -> Profile {
    let s = || Expr::sym("s");
    let t = || Expr::int(1) - s();
    let scale = |c: &Rational, k: &Rational| {
        let base = Expr::recip(num(k) * num(c));
        Expr::pow(base, num(&(k.clone() - 1u32).recip()))
    };
    let (x, y) = (scale(a, p), scale(b, r));
    let rise = |k: &Rational| num(&(k.clone() - 1u32).recip());
    let full = |k: &Rational| num(&(k.clone() / (k.clone() - 1u32)));
    let performance =
        x.clone() * Expr::pow(s(), rise(p)) + y.clone() * Expr::pow(t(), rise(r));
    let cost = |c: &Rational, x: &Expr, k: &Rational, s: Expr| {
        Expr::product(vec![num(c), Expr::pow(x.clone(), num(k)), Expr::pow(s, full(k))])
    };
    Profile {
        share: Symbol::new("s"),
        lower: q(0, 1),
        upper: q(1, 1),
        payoffs: vec![
            ("A".into(), s() * performance.clone() - cost(a, &x, p, s())),
            ("B".into(), t() * performance.clone() - cost(b, &y, r, t())),
        ],
        disagreement: vec![q(0, 1), q(0, 1)],
        performance: Some(performance),
    }
}

pub(super) fn meter() -> Meter {
    Meter::new(100_000, None)
}

fn solved(profile: &Profile) -> Solved {
    solve(profile, DIGITS, &meter()).unwrap()
}

fn named<'a>(solved: &'a Solved, name: &str) -> &'a Solution {
    let found = solved.solutions.iter().find(|s| s.name == name);
    found.unwrap_or_else(|| panic!("{name} is missing: {:?}", solved.failures))
}

fn exact(solved: &Solved, name: &str) -> Rational {
    named(solved, name).share.exact().unwrap_or_else(|| panic!("{name} is not exact")).clone()
}

#[test]
fn quadratic_costs_give_the_closed_forms_exactly() {
    for (a, b) in [(q(1, 1), q(3, 1)), (q(3, 1), q(2, 1)), (q(1, 1_000_000), q(7, 3)), (q(5, 7), q(4, 9))] {
        let found = solved(&joint(&a, &b, &q(2, 1), &q(2, 1)));
        assert_eq!(found.failures, []);
        let powerful = if b < a { a.clone() / (a.clone() * 2u32 - &b) } else { q(1, 1) };
        assert_eq!(exact(&found, "powerful-A"), powerful);
        let powerful = if b < a { q(0, 1) } else { (b.clone() - &a) / (b.clone() * 2u32 - &a) };
        assert_eq!(exact(&found, "powerful-B"), powerful);
        assert_eq!(exact(&found, "vertical-monopoly"), b.clone() / (a.clone() + &b));
        let total: Vec<&str> = found.solutions.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(
            total,
            [
                "powerful-A",
                "powerful-B",
                "max-performance",
                "vertical-monopoly",
                "egalitarian",
                "nash",
                "kalai-smorodinsky"
            ]
        );
    }
}

#[test]
fn print_a_few() {
    for (a, b, p, r) in [
        (q(1, 1), q(1, 1), q(2, 1), q(2, 1)),
        (q(1, 1), q(1, 1), q(3, 1), q(3, 1)),
        (q(1, 1), q(3, 2), q(7, 3), q(6, 5)),
        (q(1, 1_000_000), q(1_000_000, 1), q(6, 5), q(6, 1)),
        (q(1_000_000, 1), q(1, 1_000_000), q(6, 5), q(6, 1)),
        (q(1, 1), q(1, 1), q(6, 5), q(6, 5)),
    ] {
        let start = std::time::Instant::now();
        let meter = meter();
        let found = solve(&joint(&a, &b, &p, &r), DIGITS, &meter).unwrap();
        println!("== {a} {b} {p} {r}: {:?}, {} steps", start.elapsed(), meter.spent());
        for s in &found.solutions {
            println!("{} {} {} {} {:?}", s.name, s.share, s.utilities[0].1, s.utilities[1].1, s.note);
        }
        println!("{:?} {:?}", found.failures, found.pareto.map(|p| format!("{} {}", p[0].0, p[0].1)));
    }
}
