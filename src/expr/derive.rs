//! Differentiation of elementary terms.

use super::family::primed;
use super::fold::{fold, is_polynomial};
use super::{Case, Expr, Function, Gather, Symbol};

/// The derivative of an elementary term by `x`, folded.
///
/// It equals the derivative at every interior point of the term's domain at which the returned
/// term is defined; for a case distinction, at interior points of each case. `None` for
/// absolute values, maxima and minima that depend on `x`, for sums over a family of which `x` is
/// one member, and for operators that elaboration has not removed.
pub fn derivative(e: &Expr, x: &Symbol) -> Option<Expr> {
    if e.gathers(x) {
        return None;
    }
    raw(e, x).map(|d| fold(&d))
}

fn raw(e: &Expr, x: &Symbol) -> Option<Expr> {
    if !e.mentions(x) {
        return e.is_elementary().then(|| Expr::int(0));
    }
    Some(match e {
        Expr::Num(_) => Expr::int(0),
        Expr::Sym(_) => Expr::int(1),
        Expr::Add(xs) => Expr::Add(xs.iter().map(|a| raw(a, x)).collect::<Option<_>>()?),
        Expr::Mul(xs) => product_rule(xs, x)?,
        Expr::Pow(b, p) => power_rule(b, p, x)?,
        Expr::Fun(Function::Ln, a) => raw(&a[0], x)? / a[0].clone(),
        Expr::Fun(Function::Exp, a) => Expr::Mul(vec![raw(&a[0], x)?, e.clone()]),
        Expr::Cases(cs) => Expr::Cases(
            cs.iter()
                .map(|c| Some(Case { value: raw(&c.value, x)?, condition: c.condition.clone() }))
                .collect::<Option<_>>()?,
        ),
        // A finite sum is differentiated term by term; the letter is no variable.
        Expr::Over { gather: Gather::Sum, index, lower, upper, body } => {
            let (index, body) = apart(index, body, x);
            Expr::Over {
                gather: Gather::Sum,
                lower: lower.clone(),
                upper: upper.clone(),
                body: Box::new(raw(&body, x)?),
                index,
            }
        }
        _ => return None,
    })
}

/// A gathering's letter and body, with another letter where `x` has it as its index.
fn apart(index: &Symbol, body: &Expr, x: &Symbol) -> (Symbol, Expr) {
    let mut letter = index.clone();
    while x.has_index(&letter) || (letter != *index && body.has_index(&letter)) {
        letter = primed(&letter);
    }
    (letter.clone(), body.reindexed(index, &letter))
}

fn product_rule(xs: &[Expr], x: &Symbol) -> Option<Expr> {
    let mut terms = vec![];
    for (i, factor) in xs.iter().enumerate() {
        if !factor.mentions(x) {
            continue;
        }
        let mut factors: Vec<Expr> = xs.to_vec();
        factors[i] = raw(factor, x)?;
        terms.push(Expr::Mul(factors));
    }
    Some(Expr::Add(terms))
}

fn power_rule(b: &Expr, p: &Expr, x: &Symbol) -> Option<Expr> {
    let lowered = Expr::pow(b.clone(), p.clone() - Expr::int(1));
    let by_base = Expr::Mul(vec![p.clone(), lowered, raw(b, x)?]);
    if !p.mentions(x) {
        return Some(by_base);
    }
    let power = Expr::pow(b.clone(), p.clone());
    let by_exponent = Expr::Mul(vec![power, Expr::Fun(Function::Ln, vec![b.clone()]), raw(p, x)?]);
    Some(if b.mentions(x) { Expr::Add(vec![by_base, by_exponent]) } else { by_exponent })
}

/// Whether the derivative by `x` exists at every point of the term's domain, by its shape: a
/// polynomial in everything.
pub fn is_smooth_everywhere(e: &Expr) -> bool {
    is_polynomial(e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_with_a_symbolic_exponent_is_lowered_by_one() {
        let (x, k) = (Symbol::new("x"), Expr::sym("k"));
        let d = derivative(&Expr::pow(Expr::Sym(x.clone()), k.clone()), &x).expect("elementary");
        let lowered = Expr::pow(Expr::Sym(x), Expr::Add(vec![k.clone(), Expr::int(-1)]));
        assert_eq!(d, Expr::Mul(vec![k, lowered]));
    }

    #[test]
    fn a_maximum_that_depends_on_the_variable_has_no_derivative_term() {
        let x = Symbol::new("x");
        let e = Expr::Fun(Function::Max, vec![Expr::Sym(x.clone()), Expr::int(0)]);
        assert_eq!(derivative(&e, &x), None);
    }
}
