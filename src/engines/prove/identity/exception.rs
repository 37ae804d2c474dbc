//! Where an equation is not claimed: the sets on which a side is undefined.

use crate::expr::defined;
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::identity::frac::{Frac, factors};
use crate::prove::identity::poly::Poly;
use crate::prove::signs::{Facts, SignSet, prove_where_defined, sign};

/// The conjuncts under which all the terms are defined, each defined where those before it hold.
pub fn conditions(terms: &[&Expr]) -> Option<Vec<Formula>> {
    let mut out = vec![];
    for t in terms {
        let parts = match defined::condition(t)? {
            Formula::And(fs) => fs,
            f => vec![f],
        };
        for f in parts {
            let f = fold_formula(&f);
            if f != Formula::True && !out.contains(&f) {
                out.push(f);
            }
        }
    }
    Some(out)
}

/// The set on which a condition of definedness fails, read off under the facts: `c_0 = c_1` for
/// `c_0 - c_1 \ne 0`, `d = 0` for `d > 0` where `d` is not negative.
pub fn exception(condition: &Formula, facts: &Facts) -> Formula {
    match condition {
        Formula::Rel(b, r, zero) if zero.is_zero() => failing(b, *r, facts),
        Formula::Or(fs) => {
            // Every alternative fails; those before are facts for those after.
            let (mut sets, mut now) = (vec![], facts.clone());
            for f in fs {
                sets.push(exception(f, &now));
                now = now.and(&[!f.clone(), sets[sets.len() - 1].clone()]);
            }
            Formula::and(sets)
        }
        Formula::And(fs) => {
            // What the facts prove does not fail.
            let open = fs.iter().filter(|f| prove_where_defined(f, facts).is_none());
            Formula::or(open.map(|f| exception(f, facts)).collect())
        }
        f => fold_formula(&!f.clone()),
    }
}

/// Where `b r 0` fails.
fn failing(b: &Expr, r: Relation, facts: &Facts) -> Formula {
    let signs = sign(b, facts).signs;
    let left = signs.meet(SignSet::of_relation(r.negated()));
    if left == signs {
        return Formula::True;
    }
    if left == SignSet::ZERO {
        return zero_set(b, facts);
    }
    Formula::Rel(b.clone(), r.negated(), Expr::int(0))
}

/// The set on which a term vanishes, as equations solved for a symbol where that is simple.
pub fn zero_set(e: &Expr, facts: &Facts) -> Formula {
    let plain = Formula::eq(e.clone(), Expr::int(0));
    let Some(value) = Frac::of(e) else { return plain };
    let Some((_, parts)) = factors(&value.numerator, &facts.sums()) else { return plain };
    let vanishing = parts.into_keys().filter(|f| SignSet::ZERO.within(sign(&f.to_expr(), facts).signs));
    Formula::or(vanishing.map(|f| zero_of(&f, facts)).collect())
}

fn zero_of(p: &Poly, facts: &Facts) -> Formula {
    // A power vanishes only where its base does.
    if let Some(Expr::Pow(b, _)) = p.as_generator().map(|g| &**g) {
        return zero_set(b, facts);
    }
    match solution(p) {
        Some((x, value)) => Formula::eq(Expr::Sym(x), value),
        None => Formula::eq(p.to_expr(), Expr::int(0)),
    }
}

/// `p = 0` solved for a symbol in which it is linear with a constant coefficient; one that gets
/// integer coefficients is preferred.
fn solution(p: &Poly) -> Option<(Symbol, Expr)> {
    let mut best: Option<(bool, Symbol, Expr)> = None;
    for g in p.generators() {
        let Expr::Sym(x) = &*g else { continue };
        // A symbol inside another generator is not solved for.
        if p.generators().iter().any(|h| **h != *g && h.mentions(x)) {
            continue;
        }
        let [rest, c] = &p.coefficients(&g)[..] else { continue };
        let Some(c) = c.as_constant() else { continue };
        let value = rest.scaled(&(-c).recip());
        let neat = value.terms().all(|(_, c)| *c.denom() == 1);
        if best.as_ref().is_none_or(|(n, ..)| neat && !n) {
            best = Some((neat, x.clone(), value.to_expr()));
        }
    }
    best.map(|(_, x, value)| (x, value))
}

/// The symbol and its value, for a fact that fixes a symbol by a term without it.
pub fn solved(f: &Formula) -> Option<(Symbol, Expr)> {
    match f {
        Formula::Rel(a, Relation::Eq, b) => {
            let difference = Frac::of(a)?.minus(&Frac::of(b)?);
            if !difference.denominator.is_empty() {
                return None;
            }
            solution(&difference.numerator)
        }
        Formula::And(fs) => fs.iter().find_map(solved),
        _ => None,
    }
}
