//! Differentiation of elementary terms.

use super::family::primed;
use super::fold::{fold, is_polynomial};
use super::{Case, Expr, Function, Gather, Symbol};

/// The derivative of an elementary term by `x`, folded.
///
/// It equals the derivative at every interior point of the term's domain at which the returned
/// term is defined; for a case distinction, at interior points of each case. `None` for
/// absolute values, maxima and minima that depend on `x`, for sums inside sums over a family of
/// which `x` is one member, and for operators that elaboration has not removed. By a member of a
/// family, the other members are held fixed.
pub fn derivative(e: &Expr, x: &Symbol) -> Option<Expr> {
    raw(e, x).map(|d| fold(&d))
}

/// Whether the value may change with `x`, be it through a gathering over the family of `x`.
fn depends(e: &Expr, x: &Symbol) -> bool {
    e.mentions(x) || e.gathers(x)
}

fn raw(e: &Expr, x: &Symbol) -> Option<Expr> {
    if !depends(e, x) {
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
        Expr::Apply { function, primes, args } => chain_rule(function, *primes, args, x)?,
        Expr::Over { gather: Gather::Sum, index, lower, upper, body } => {
            let (index, body) = apart(index, body, x);
            let mut parts = own_terms(&index, &body, x)?;
            if depends(&body, x) {
                parts.push(Expr::Over {
                    gather: Gather::Sum,
                    lower: lower.clone(),
                    upper: upper.clone(),
                    body: Box::new(raw(&body, x)?),
                    index,
                });
            }
            Expr::Add(parts)
        }
        _ => return None,
    })
}

/// The derivatives of those summands of a sum over the whole range in which the member `x` is the
/// one at the index; what the others have of `x` is not among them.
fn own_terms(index: &Symbol, body: &Expr, x: &Symbol) -> Option<Vec<Expr>> {
    let mut out = vec![];
    for letter in x.subscripts() {
        let Some(member) = x.reindexed(&letter, index).filter(|m| depends(body, m)) else { continue };
        if body.gathers(&member) {
            return None;
        }
        out.push(raw(body, &member)?.reindexed(index, &letter));
    }
    Some(out)
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
        if !depends(factor, x) {
            continue;
        }
        let mut factors: Vec<Expr> = xs.to_vec();
        factors[i] = raw(factor, x)?;
        terms.push(Expr::Mul(factors));
    }
    Some(Expr::Add(terms))
}

/// Of a function without a formula there is a term for the derivative by its first argument only.
fn chain_rule(function: &Symbol, primes: u32, args: &[Expr], x: &Symbol) -> Option<Expr> {
    let (first, rest) = args.split_first()?;
    if rest.iter().any(|a| depends(a, x)) {
        return None;
    }
    let outer = Expr::Apply { function: function.clone(), primes: primes + 1, args: args.to_vec() };
    Some(Expr::Mul(vec![outer, raw(first, x)?]))
}

fn power_rule(b: &Expr, p: &Expr, x: &Symbol) -> Option<Expr> {
    let lowered = Expr::pow(b.clone(), p.clone() - Expr::int(1));
    let by_base = Expr::Mul(vec![p.clone(), lowered, raw(b, x)?]);
    if !depends(p, x) {
        return Some(by_base);
    }
    let power = Expr::pow(b.clone(), p.clone());
    let by_exponent = Expr::Mul(vec![power, Expr::Fun(Function::Ln, vec![b.clone()]), raw(p, x)?]);
    Some(if depends(b, x) { Expr::Add(vec![by_base, by_exponent]) } else { by_exponent })
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

    /// The sum over `i'` of a body.
    fn sum(body: Expr) -> Expr {
        let (lower, upper) = (Box::new(Expr::int(1)), Box::new(Expr::sym("n")));
        Expr::Over { gather: Gather::Sum, index: Symbol::new("i'"), lower, upper, body: Box::new(body) }
    }

    #[test]
    fn a_member_of_a_family_stands_in_one_summand() {
        let (own, other, bound) = (Symbol::new("x_i"), Symbol::new("x_j"), Symbol::new("x_{i'}"));
        let square = |s: &Symbol| Expr::pow(Expr::Sym(s.clone()), Expr::int(2));
        let twice = |s: &Symbol| Expr::Mul(vec![Expr::int(2), Expr::Sym(s.clone())]);
        assert_eq!(derivative(&sum(square(&bound)), &own), Some(twice(&own)));
        assert_eq!(derivative(&sum(square(&bound)), &other), Some(twice(&other)));
        // The member at the index, and the free member in every summand.
        let mixed = sum(Expr::Mul(vec![Expr::Sym(bound.clone()), Expr::Sym(own.clone())]));
        let d = derivative(&mixed, &own).expect("elementary");
        assert_eq!(d, fold(&Expr::Add(vec![Expr::Sym(own.clone()), sum(Expr::Sym(bound.clone()))])));
        // Under a power, by the chain rule.
        let d = derivative(&Expr::pow(sum(Expr::Sym(bound)), Expr::int(2)), &own).expect("elementary");
        assert!(d.gathers(&own), "{d:?}");
    }

    #[test]
    fn a_maximum_that_depends_on_the_variable_has_no_derivative_term() {
        let x = Symbol::new("x");
        let e = Expr::Fun(Function::Max, vec![Expr::Sym(x.clone()), Expr::int(0)]);
        assert_eq!(derivative(&e, &x), None);
    }
}
