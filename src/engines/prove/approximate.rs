//! Fast approximate evaluation: for searching, never for a verdict.

use std::collections::BTreeMap;

use crate::expr::{Case, Expr, Formula, Function, Set, Symbol};

/// The value of an elementary term in double precision, with nothing known about its error;
/// `None` where it is undefined, not finite, not elementary, or a symbol has no value.
pub fn approximate(e: &Expr, at: &BTreeMap<Symbol, f64>) -> Option<f64> {
    let v = match e {
        Expr::Num(q) => q.to_f64(),
        Expr::Sym(s) => *at.get(s)?,
        Expr::Add(xs) => xs.iter().map(|x| approximate(x, at)).sum::<Option<f64>>()?,
        Expr::Mul(xs) => xs.iter().map(|x| approximate(x, at)).product::<Option<f64>>()?,
        Expr::Pow(b, p) => power(b, p, at)?,
        Expr::Fun(f, xs) => function(*f, xs, at)?,
        Expr::Cases(cs) => cases(cs, at)?,
        _ => return None,
    };
    v.is_finite().then_some(v)
}

/// Whether a formula seems to hold in double precision; `None` where a term of it that matters
/// has no value.
pub fn seems(f: &Formula, at: &BTreeMap<Symbol, f64>) -> Option<bool> {
    Some(match f {
        Formula::True => true,
        Formula::False => false,
        Formula::Rel(a, r, b) => r.holds(approximate(a, at)?.partial_cmp(&approximate(b, at)?)?),
        Formula::Chain(..) => seems(&f.unchained(), at)?,
        Formula::In(a, s) => {
            approximate(a, at)?;
            belongs(a, s, at)?
        }
        Formula::Not(p) => !seems(p, at)?,
        Formula::And(ps) => all(ps.iter().map(|p| seems(p, at)))?,
        Formula::Or(ps) => !all(ps.iter().map(|p| seems(p, at).map(|b| !b)))?,
        Formula::Implies(p, q) => !all([seems(p, at), seems(q, at).map(|b| !b)].into_iter())?,
        Formula::Iff(p, q) => seems(p, at)? == seems(q, at)?,
    })
}

fn belongs(a: &Expr, s: &Set, at: &BTreeMap<Symbol, f64>) -> Option<bool> {
    seems(&s.contains(a)?, at)
}

/// A false part decides, whatever the rest.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut lost = false;
    for p in parts {
        match p {
            Some(false) => return Some(false),
            Some(true) => {}
            None => lost = true,
        }
    }
    (!lost).then_some(true)
}

fn power(b: &Expr, p: &Expr, at: &BTreeMap<Symbol, f64>) -> Option<f64> {
    let base = approximate(b, at)?;
    if let Some(n) = p.as_int() {
        return match i32::try_from(n) {
            Ok(n) => Some(base.powi(n)),
            Err(_) => None,
        };
    }
    let exponent = approximate(p, at)?;
    let defined = base > 0.0 || (base == 0.0 && exponent > 0.0);
    defined.then(|| base.powf(exponent))
}

fn function(f: Function, xs: &[Expr], at: &BTreeMap<Symbol, f64>) -> Option<f64> {
    let values: Vec<f64> = xs.iter().map(|x| approximate(x, at)).collect::<Option<_>>()?;
    match (f, values.as_slice()) {
        (Function::Ln, [a]) => (*a > 0.0).then(|| a.ln()),
        (Function::Exp, [a]) => Some(a.exp()),
        (Function::Abs, [a]) => Some(a.abs()),
        (Function::Max, vs) => vs.iter().copied().reduce(f64::max),
        (Function::Min, vs) => vs.iter().copied().reduce(f64::min),
        _ => None,
    }
}

fn cases(cs: &[Case], at: &BTreeMap<Symbol, f64>) -> Option<f64> {
    for c in cs {
        if c.condition.as_ref().map_or(Some(true), |f| seems(f, at))? {
            return approximate(&c.value, at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Relation;

    #[test]
    fn undefined_terms_have_no_approximation() {
        let at = BTreeMap::from([(Symbol::new("x"), 0.0), (Symbol::new("y"), -1.0)]);
        let (x, y) = (Expr::sym("x"), Expr::sym("y"));
        assert_eq!(approximate(&Expr::recip(x.clone()), &at), None);
        assert_eq!(approximate(&Expr::sqrt(y.clone()), &at), None);
        assert_eq!(approximate(&Expr::pow(y.clone(), Expr::int(3)), &at), Some(-1.0));
        assert_eq!(approximate(&Expr::Fun(Function::Ln, vec![x.clone()]), &at), None);
        assert_eq!(approximate(&Expr::sym("z"), &at), None);
        let below = Case { value: y.clone(), condition: Some(Formula::Rel(x, Relation::Lt, y)) };
        assert_eq!(approximate(&Expr::Cases(vec![below]), &at), None);
    }

    #[test]
    fn a_part_without_a_value_does_not_spoil_what_is_decided_without_it() {
        let at = BTreeMap::from([(Symbol::new("x"), 0.0)]);
        let zero = Formula::eq(Expr::sym("x"), Expr::int(0));
        let lost = Formula::eq(Expr::recip(Expr::sym("x")), Expr::int(1));
        assert_eq!(seems(&Formula::Or(vec![lost.clone(), zero.clone()]), &at), Some(true));
        assert_eq!(seems(&Formula::And(vec![lost.clone(), !zero]), &at), Some(false));
        assert_eq!(seems(&!lost, &at), None);
    }
}
