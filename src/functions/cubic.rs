//! Squares and cubes, for counterexamples whose derivative vanishes at an end of the domain.
//!
//! A cube subtracted from a square is flat at zero, rises, turns, and falls for good. As in
//! [`super::members`], each declared property is proved of each function, and nothing is concluded
//! beyond what they show.

use crate::expr::derive::derivative;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Relation};
use crate::prove::Judge;

use super::declared::{AnyFunction, Property};
use super::members::Choice;

/// What they are, for people.
pub const FAMILY: &str = "squares and cubes";

/// All choices of them for some functions; none where more is known of a function than properties.
pub fn choices(functions: &[&AnyFunction], judge: &dyn Judge) -> Vec<Choice> {
    if functions.len() > 2 || functions.iter().any(|f| !f.known.is_empty()) {
        return vec![];
    }
    functions.iter().fold(vec![vec![]], |choices: Vec<Choice>, f| {
        let of_one = of(f, judge);
        let longer = |c: &Choice| {
            let c = c.clone();
            of_one.iter().map(move |body| [c.clone(), vec![((*f).clone(), body.clone())]].concat())
        };
        choices.iter().flat_map(longer).collect::<Vec<_>>()
    })
}

fn of(f: &AnyFunction, judge: &dyn Judge) -> Vec<Expr> {
    let x = Expr::Sym(f.parameters[0].clone());
    let power = |n: i64| Expr::pow(x.clone(), Expr::int(n));
    let all = [power(2), power(2) + Expr::int(1), power(3), power(3) + Expr::int(1)];
    all.into_iter().filter(|body| has_properties(f, body, judge)).collect()
}

/// Whether the properties are proved of a polynomial.
fn has_properties(f: &AnyFunction, body: &Expr, judge: &dyn Judge) -> bool {
    let slope = |e: &Expr| derivative(e, &f.parameters[0]).map(|d| fold(&d));
    let (Some(first), domain) = (slope(body), f.domain.iter().map(Formula::unchained).collect::<Vec<_>>())
    else {
        return false;
    };
    let Some(second) = slope(&first) else { return false };
    let sign = |e: &Expr, relation| {
        let said = fold_formula(&Formula::rel(e.clone(), relation, Expr::int(0)));
        said == Formula::True || judge.proves(&domain, &said)
    };
    f.properties.iter().all(|p| match p {
        Property::Differentiable => true,
        Property::NonDecreasing => sign(&first, Relation::Ge),
        Property::Increasing => sign(&first, Relation::Gt),
        Property::NonIncreasing => sign(&first, Relation::Le),
        Property::Decreasing => sign(&first, Relation::Lt),
        Property::Concave => sign(&second, Relation::Le),
        Property::Convex => sign(&second, Relation::Ge),
        Property::NonNegative => sign(body, Relation::Ge),
        Property::Positive => sign(body, Relation::Gt),
    })
}
