//! Folding of constants and neutral elements.
//!
//! Only rewritings that hold at every point where the original term is defined, and that keep
//! it undefined nowhere it was defined, are made: `0 * a` is kept unless `a` is defined
//! everywhere (a polynomial), for `0 * (1/x)` is not zero at `x = 0`.

use rug::Rational;
use rug::ops::Pow as _;

use super::{Case, Expr, Formula, Function};

/// The largest exponent to which a literal is raised outright.
const LARGEST_LITERAL_POWER: i64 = 4096;

/// The term with literals combined, sums and products flattened, and neutral elements dropped.
/// Not a canonical form: two equal terms may fold differently.
pub fn fold(e: &Expr) -> Expr {
    match e.map(&mut fold, &mut fold_formula) {
        Expr::Add(xs) => fold_sum(xs),
        Expr::Mul(xs) => fold_product(xs),
        Expr::Pow(b, x) => fold_power(*b, *x),
        Expr::Fun(f, xs) => fold_function(f, xs),
        Expr::Cases(cs) => fold_cases(cs),
        other => other,
    }
}

/// The formula with its terms folded and its literal relations decided.
pub fn fold_formula(f: &Formula) -> Formula {
    match f {
        Formula::Rel(a, r, b) => match (fold(a), fold(b)) {
            (Expr::Num(x), Expr::Num(y)) => {
                if r.holds(x.cmp(&y)) {
                    Formula::True
                } else {
                    Formula::False
                }
            }
            (a, b) => Formula::Rel(a, *r, b),
        },
        Formula::Not(p) => !fold_formula(p),
        Formula::And(ps) => Formula::and(ps.iter().map(fold_formula).collect()),
        Formula::Or(ps) => Formula::or(ps.iter().map(fold_formula).collect()),
        Formula::Implies(p, q) => match (fold_formula(p), fold_formula(q)) {
            (Formula::False, _) | (_, Formula::True) => Formula::True,
            (Formula::True, q) => q,
            (p, Formula::False) => !p,
            (p, q) => Formula::implies(p, q),
        },
        other => other.map(&mut fold),
    }
}

/// Whether the term is built from literals and symbols by sums, products and powers with natural
/// exponents only, and so is defined everywhere.
pub fn is_polynomial(e: &Expr) -> bool {
    match e {
        Expr::Num(_) | Expr::Sym(_) => true,
        Expr::Add(xs) | Expr::Mul(xs) => xs.iter().all(is_polynomial),
        Expr::Pow(b, x) => x.as_int().is_some_and(|n| n >= 0) && is_polynomial(b),
        _ => false,
    }
}

fn fold_sum(xs: Vec<Expr>) -> Expr {
    let mut constant = Rational::new();
    let mut rest = vec![];
    for x in xs {
        match x {
            Expr::Num(n) => constant += n,
            Expr::Add(inner) => {
                for y in inner {
                    match y {
                        Expr::Num(n) => constant += n,
                        y => rest.push(y),
                    }
                }
            }
            x => rest.push(x),
        }
    }
    if constant != 0 {
        rest.push(Expr::Num(constant));
    }
    match rest.len() {
        0 => Expr::int(0),
        1 => rest.remove(0),
        _ => Expr::Add(rest),
    }
}

fn fold_product(xs: Vec<Expr>) -> Expr {
    let mut constant = Rational::from(1);
    let mut rest = vec![];
    for x in xs {
        match x {
            Expr::Num(n) => constant *= n,
            Expr::Mul(inner) => {
                for y in inner {
                    match y {
                        Expr::Num(n) => constant *= n,
                        y => rest.push(y),
                    }
                }
            }
            x => rest.push(x),
        }
    }
    if constant == 0 && rest.iter().all(is_polynomial) {
        return Expr::int(0);
    }
    if constant != 1 || rest.is_empty() {
        rest.insert(0, Expr::Num(constant));
    }
    if rest.len() == 1 { rest.remove(0) } else { Expr::Mul(rest) }
}

fn fold_power(base: Expr, exponent: Expr) -> Expr {
    if exponent.is_one() {
        return base;
    }
    if let Some(n) = exponent.as_int() {
        if n == 0 && is_polynomial(&base) {
            return Expr::int(1);
        }
        if let Expr::Num(b) = &base
            && n.abs() <= LARGEST_LITERAL_POWER
            && (*b != 0 || n > 0)
        {
            let n = i32::try_from(n).expect("bounded by the largest literal power");
            return Expr::Num(b.clone().pow(n));
        }
        // (b^m)^n = b^(mn) for literal integers m, n >= 1, wherever either side is defined.
        if let Expr::Pow(inner, m) = &base
            && let (Some(m), true) = (m.as_int(), n >= 1)
            && let Some(k) = m.checked_mul(n).filter(|_| m >= 1)
        {
            return Expr::pow((**inner).clone(), Expr::int(k));
        }
    }
    if base.is_one() && is_polynomial(&exponent) {
        return Expr::int(1);
    }
    Expr::pow(base, exponent)
}

fn fold_function(f: Function, xs: Vec<Expr>) -> Expr {
    let literals: Option<Vec<&Rational>> = xs.iter().map(Expr::as_num).collect();
    match (f, literals) {
        (Function::Ln, Some(v)) if *v[0] == 1 => Expr::int(0),
        (Function::Exp, Some(v)) if *v[0] == 0 => Expr::int(1),
        (Function::Abs, Some(v)) => Expr::Num(v[0].clone().abs()),
        (Function::Max, Some(v)) => Expr::Num((*v.iter().max().expect("max has an argument")).clone()),
        (Function::Min, Some(v)) => Expr::Num((*v.iter().min().expect("min has an argument")).clone()),
        _ => Expr::Fun(f, xs),
    }
}

fn fold_cases(cs: Vec<Case>) -> Expr {
    let mut kept = vec![];
    for c in cs {
        match c.condition {
            Some(Formula::False) => {}
            Some(Formula::True) | None => {
                kept.push(Case { value: c.value, condition: None });
                break;
            }
            _ => kept.push(c),
        }
    }
    if kept.len() == 1 && kept[0].condition.is_none() { kept.remove(0).value } else { Expr::Cases(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_times_something_that_may_be_undefined_is_kept() {
        let x = Expr::sym("x");
        assert_eq!(fold(&Expr::Mul(vec![Expr::int(0), x.clone()])), Expr::int(0));
        let kept = Expr::Mul(vec![Expr::int(0), Expr::recip(x)]);
        assert_eq!(fold(&kept), kept);
    }

    #[test]
    fn literals_are_combined() {
        let e = Expr::Add(vec![Expr::int(1), -Expr::ratio(1, 2), Expr::sym("x"), Expr::ratio(1, 2)]);
        assert_eq!(fold(&e), Expr::Add(vec![Expr::sym("x"), Expr::int(1)]));
    }
}
