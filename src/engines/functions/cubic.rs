//! Squares and cubes, for counterexamples whose derivative vanishes at an end of the domain.
//!
//! A cube subtracted from a square is flat at zero, rises, turns, and falls for good. As in
//! [`super::members`], each declared property is proved of each function, and nothing is concluded
//! beyond what they show.

use crate::expr::Expr;
use crate::prove::Judge;

use super::declared::AnyFunction;
use super::members::{Choice, has_properties};

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
