//! The engines as variables, degrees and precision grow: `cargo bench`. `docs/engines.md` has the
//! numbers of one run.

use std::collections::BTreeSet;

use proofread::expr::{Expr, Formula, Function, Relation, Symbol};
use proofread::prove::calculus;
use proofread::prove::certified::{Budget as Parts, Outcome, Region, prove_on_box};
use proofread::prove::identity::{self, Identity};
use proofread::prove::order::{self, Budget, Claim, Decision};
use proofread::prove::witness;
use rug::Rational;

fn main() {
    divan::main();
}

fn variables(n: usize) -> Vec<Expr> {
    (1..=n).map(|i| Expr::sym(&format!("x_{i}"))).collect()
}

fn positive(e: &Expr) -> Formula {
    Formula::rel(e.clone(), Relation::Gt, Expr::int(0))
}

/// Products of powers with symbolic exponents, merged factor by factor.
#[divan::bench_group(sample_count = 20)]
mod identity_of_power_products {
    use super::*;

    #[divan::bench(args = [1, 2, 4, 8])]
    fn factors(bencher: divan::Bencher, n: usize) {
        let k = Expr::sym("k");
        let xs = variables(n);
        let facts: Vec<Formula> = xs.iter().map(positive).collect();
        let pow = Expr::pow;
        let left = xs.iter().map(|x| pow(x.clone(), k.clone()) * x.clone()).collect();
        let right = pow(Expr::Mul(xs), k + Expr::int(1));
        let left = Expr::Mul(left);
        bencher.bench(|| {
            let found = identity::equal(&left, &right, &facts);
            assert!(matches!(found, Identity::Proved(_)));
        });
    }

    #[divan::bench(args = [2, 4, 8, 16])]
    fn expanded_degree(bencher: divan::Bencher, d: i64) {
        let (x, y) = (Expr::sym("x"), Expr::sym("y"));
        let half = |n| Expr::pow(x.clone() + y.clone(), Expr::int(n));
        let (left, right) = (half(d), half(d / 2) * half(d / 2));
        bencher.bench(|| {
            assert!(matches!(identity::equal(&left, &right, &[]), Identity::Proved(_)));
        });
    }
}

fn always(hypotheses: &[Formula], statement: &Formula) -> order::Certificate {
    match order::decide(hypotheses, statement, &Budget::default()) {
        Decision::Always(certificate) => certificate,
        other => panic!("{other:?}"),
    }
}

/// `1 + x_1^2 + ... + x_n^2 >= x_1 + sum of x_i x_j / n`: no root, no product to split.
fn quadratic(n: usize) -> Formula {
    let xs = variables(n);
    let squares = xs.iter().map(|x| Expr::pow(x.clone(), Expr::int(2)));
    let mut right = vec![xs[0].clone()];
    for (i, x) in xs.iter().enumerate() {
        right.extend(
            xs[i + 1..].iter().map(|y| Expr::Mul(vec![Expr::ratio(1, n as i64), x.clone(), y.clone()])),
        );
    }
    Formula::rel(Expr::Add(squares.chain([Expr::int(1)]).collect()), Relation::Ge, Expr::Add(right))
}

/// `x^d + y^d + 1 >= x y`: two variables, not homogeneous.
fn of_degree(d: i64) -> Formula {
    let (x, y) = (Expr::sym("x"), Expr::sym("y"));
    let power = |e: &Expr| Expr::pow(e.clone(), Expr::int(d));
    Formula::rel(power(&x) + power(&y) + Expr::int(1), Relation::Ge, x * y)
}

#[divan::bench_group(sample_count = 10)]
mod order_by_variables {
    use super::*;

    #[divan::bench(args = [1, 2, 3, 4])]
    fn quadratic_form(n: usize) {
        always(&[], &quadratic(n));
    }

    #[divan::bench(args = [1, 2, 3, 4])]
    fn recheck_of_quadratic_form(bencher: divan::Bencher, n: usize) {
        let statement = quadratic(n);
        let certificate = always(&[], &statement);
        bencher.bench(|| order::recheck(Claim::Always, &certificate, &[], &statement, &Budget::default()));
    }
}

#[divan::bench_group(sample_count = 10)]
mod order_by_degree {
    use super::*;

    /// `x^d + d - 1 >= d x` for `x > 0`: it touches at 1.
    #[divan::bench(args = [2, 4, 8, 16])]
    fn one_variable(d: i64) {
        let x = Expr::sym("x");
        let left = Expr::pow(x.clone(), Expr::int(d)) + Expr::int(d - 1);
        always(&[positive(&x)], &Formula::rel(left, Relation::Ge, Expr::int(d) * x));
    }

    #[divan::bench(args = [2, 4, 6, 8])]
    fn two_variables(d: i64) {
        always(&[], &of_degree(d));
    }

    /// `x^d + y^d + z^d >= x^(d-1) y + y^(d-1) z + z^(d-1) x` for positive numbers.
    #[divan::bench(args = [2, 3, 4])]
    fn three_variables_homogeneous(d: i64) {
        let xs = variables(3);
        let power = |e: &Expr, n| Expr::pow(e.clone(), Expr::int(n));
        let left = Expr::Add(xs.iter().map(|x| power(x, d)).collect());
        let right = Expr::Add((0..3).map(|i| power(&xs[i], d - 1) * xs[(i + 1) % 3].clone()).collect());
        let facts: Vec<Formula> = xs.iter().map(positive).collect();
        always(&facts, &Formula::rel(left, Relation::Ge, right));
    }
}

#[divan::bench_group(sample_count = 10)]
mod certified {
    use super::*;

    fn ln(e: Expr) -> Expr {
        Expr::Fun(Function::Ln, vec![e])
    }

    fn on_box(statement: &Formula, n: usize) {
        let region: Region = (1..=n)
            .map(|i| (Symbol::new(&format!("x_{i}")), (Rational::from((1, 4)), Rational::from(3))))
            .collect();
        let outcome = prove_on_box(statement, &region, Parts::default());
        assert!(matches!(outcome, Outcome::Proved(_)), "{outcome:?}");
    }

    /// `x ln x - x + 1 > -1/m`, which has its minimum 0 at 1.
    #[divan::bench(args = [10, 100, 1000, 10000])]
    fn margin(m: i64) {
        let x = Expr::sym("x_1");
        let left = Expr::Add(vec![x.clone() * ln(x.clone()), -x, Expr::int(1)]);
        on_box(&Formula::rel(left, Relation::Gt, Expr::ratio(-1, m)), 1);
    }

    /// The sum of `x_i ln x_i - x_i + 1` is above -1/2.
    #[divan::bench(args = [1, 2, 3])]
    fn dimensions(n: usize) {
        let terms = variables(n).into_iter().map(|x| x.clone() * ln(x.clone()) - x + Expr::int(1)).collect();
        on_box(&Formula::rel(Expr::Add(terms), Relation::Gt, Expr::ratio(-1, 2)), n);
    }
}

#[divan::bench_group(sample_count = 10)]
mod certified_by_monotonicity {
    use super::*;

    /// `e^x >= 1 + x + ... + x^d/d!` for `x >= 0`: it touches at 0, with `d` derivatives.
    fn taylor(d: i64) -> ([Formula; 1], Formula) {
        let x = Expr::sym("x");
        let mut below = 1;
        let terms = (0..=d).map(|i| {
            below *= i.max(1);
            Expr::ratio(1, below) * Expr::pow(x.clone(), Expr::int(i))
        });
        let sum = Expr::Add(terms.collect());
        let exp = Expr::Fun(Function::Exp, vec![x.clone()]);
        let facts = [Formula::rel(x, Relation::Ge, Expr::int(0))];
        (facts, Formula::rel(exp, Relation::Ge, sum))
    }

    #[divan::bench(args = [1, 2, 3, 4])]
    fn derivatives(d: i64) {
        let (facts, statement) = taylor(d);
        assert!(calculus::prove(&facts, &statement, &calculus::Budget::default()).is_some());
    }

    #[divan::bench(args = [1, 2, 3, 4])]
    fn recheck_of_derivatives(bencher: divan::Bencher, d: i64) {
        let (facts, statement) = taylor(d);
        let proof = calculus::prove(&facts, &statement, &calculus::Budget::default()).expect("a proof");
        bencher.bench(|| calculus::recheck(&proof, &facts, &statement).expect("it is one"));
    }

    /// The sum of `ln x_i` is at most that of `x_i - 1`: it touches at one point.
    #[divan::bench(args = [1, 2, 3])]
    fn symbols(n: usize) {
        let xs = variables(n);
        let facts: Vec<Formula> = xs.iter().map(positive).collect();
        let sum = |f: fn(Expr) -> Expr| Expr::Add(xs.iter().cloned().map(f).collect());
        let logs = sum(|x| Expr::Fun(Function::Ln, vec![x]));
        let statement = Formula::rel(logs, Relation::Le, sum(|x| x - Expr::int(1)));
        assert!(calculus::prove(&facts, &statement, &calculus::Budget::default()).is_some());
    }

    /// A minimum at no rational point: `e^x > 2x`.
    #[divan::bench]
    fn split_around_a_minimum() {
        let x = Expr::sym("x");
        let exp = Expr::Fun(Function::Exp, vec![x.clone()]);
        let statement = Formula::rel(exp, Relation::Gt, Expr::int(2) * x);
        assert!(calculus::prove(&[], &statement, &calculus::Budget::default()).is_some());
    }
}

#[divan::bench_group(sample_count = 10)]
mod witness_search {
    use super::*;

    fn found(goal: &Formula, facts: &[Formula]) -> BTreeSet<Symbol> {
        let search = witness::search(goal, facts, &witness::Options::default()).expect("a plain goal");
        search.witness.expect("there is one").into_keys().collect()
    }

    /// The product of powers is above 100 on a chain of ordered positive symbols.
    #[divan::bench(args = [1, 2, 3, 4])]
    fn ordered_symbols(n: usize) {
        let (xs, k) = (variables(n), Expr::sym("k"));
        let mut facts = vec![positive(&xs[0]), Formula::rel(k.clone(), Relation::Gt, Expr::int(1))];
        facts.extend(xs.windows(2).map(|w| Formula::rel(w[0].clone(), Relation::Lt, w[1].clone())));
        let product = Expr::Mul(xs.iter().map(|x| Expr::pow(x.clone(), k.clone())).collect());
        found(&Formula::rel(product, Relation::Gt, Expr::int(100)), &facts);
    }

    /// Nothing to be found: every draw is tried.
    #[divan::bench(args = [100, 400, 1600])]
    fn in_vain(tries: usize) {
        let x = Expr::sym("x");
        let goal = Formula::rel(Expr::pow(x, Expr::int(2)), Relation::Lt, Expr::int(0));
        let options = witness::Options { tries, ..witness::Options::default() };
        assert!(witness::search(&goal, &[], &options).expect("a plain goal").witness.is_none());
    }
}
