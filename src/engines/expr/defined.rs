//! Where a term is defined.

use super::{Expr, Formula, Function, Relation};

/// The condition under which an elementary term is defined, as a statement whose own terms are
/// defined wherever the parts before them in the conjunction hold. `None` for terms that
/// elaboration has not removed.
///
/// A power `b^p` is defined: for a literal natural `p`, always; for a literal negative integer,
/// where `b != 0`; otherwise where `b > 0`, or `b = 0` and `p > 0`. A case distinction is defined
/// where the first case that applies is.
pub fn condition(e: &Expr) -> Option<Formula> {
    let mut parts = vec![];
    collect(e, &mut parts)?;
    Some(Formula::and(parts))
}

/// The condition under which every term of a quantifier-free formula is defined.
pub fn formula_condition(f: &Formula) -> Option<Formula> {
    let parts: Option<Vec<_>> = f.unchained().terms().into_iter().map(condition).collect();
    Some(Formula::and(parts?))
}

fn collect(e: &Expr, out: &mut Vec<Formula>) -> Option<()> {
    match e {
        Expr::Cases(cs) => {
            let mut earlier = vec![];
            let mut branches = vec![];
            for c in cs {
                let here = c.condition.clone().unwrap_or(Formula::True);
                let mut parts = earlier.clone();
                parts.push(formula_condition(&here)?);
                parts.push(here.clone());
                parts.push(condition(&c.value)?);
                branches.push(Formula::and(parts));
                earlier.push(!here);
            }
            out.push(Formula::or(branches));
            return Some(());
        }
        // Every value has to be defined. The letter is left free in the condition: what is to be
        // shown for an arbitrary index is shown for all.
        Expr::Over { body, lower, upper, .. } => {
            for c in [lower, upper, body] {
                collect(c, out)?;
            }
        }
        Expr::Num(_) | Expr::Sym(_) | Expr::Add(_) | Expr::Mul(_) | Expr::Pow(..) | Expr::Fun(..) => {
            for c in e.children() {
                collect(c, out)?;
            }
        }
        _ => return None,
    }
    match e {
        Expr::Pow(b, p) => push(out, power_condition(b, p)),
        Expr::Fun(Function::Ln, a) => push(out, Formula::Rel(a[0].clone(), Relation::Gt, Expr::int(0))),
        _ => {}
    }
    Some(())
}

fn push(out: &mut Vec<Formula>, f: Formula) {
    if f != Formula::True && !out.contains(&f) {
        out.push(f);
    }
}

fn power_condition(b: &Expr, p: &Expr) -> Formula {
    let zero = Expr::int(0);
    if let Some(n) = p.as_int() {
        if n >= 0 {
            return Formula::True;
        }
        return match b.as_num() {
            Some(v) if *v != 0 => Formula::True,
            _ => Formula::Rel(b.clone(), Relation::Ne, zero),
        };
    }
    let positive_base = Formula::Rel(b.clone(), Relation::Gt, zero.clone());
    match (b.as_num(), p.as_num()) {
        (Some(v), _) if *v > 0 => Formula::True,
        (_, Some(q)) if *q > 0 => Formula::Rel(b.clone(), Relation::Ge, zero),
        (_, Some(_)) => positive_base,
        _ => Formula::or(vec![
            positive_base,
            Formula::and(vec![
                Formula::eq(b.clone(), zero.clone()),
                Formula::Rel(p.clone(), Relation::Gt, zero),
            ]),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_root_needs_its_radicand_to_be_non_negative() {
        let x = Expr::sym("x");
        let expected = Formula::Rel(x.clone(), Relation::Ge, Expr::int(0));
        assert_eq!(condition(&Expr::sqrt(x)), Some(expected));
    }

    #[test]
    fn a_reciprocal_root_needs_its_radicand_to_be_positive() {
        let x = Expr::sym("x");
        let expected = Formula::Rel(x.clone(), Relation::Gt, Expr::int(0));
        assert_eq!(condition(&Expr::pow(x, Expr::ratio(-1, 2))), Some(expected));
    }
}
