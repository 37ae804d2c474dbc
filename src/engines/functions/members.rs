//! Families of functions with small rational parameters, for counterexamples.
//!
//! In a fixed order: linear, power, rational and logarithmic functions of the first parameter,
//! and of its distance from the second. Nothing is concluded from the families beyond what a
//! member shows.

use std::collections::BTreeSet;

use crate::expr::derive::derivative;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Function, Relation, Symbol, defined};
use crate::prove::Judge;

use super::declared::{AnyFunction, Property};

/// How many choices of members are tried for one question.
pub const MOST_CHOICES: usize = 48;
/// How many are looked through for one that meets what is assumed, most of which plainly do not.
pub const MOST_TO_MEET: usize = 600;
/// What the families are, for people.
pub const FAMILIES: &str = "linear, power, rational and logarithmic functions";

/// A function with a member of a family in its place.
pub type Choice = Vec<(AnyFunction, Expr)>;

/// The members with the declared properties, each property proved.
pub fn of(f: &AnyFunction, judge: &dyn Judge) -> Vec<Expr> {
    candidates(f).into_iter().filter(|body| has_properties(f, body, judge)).collect()
}

fn candidates(f: &AnyFunction) -> Vec<Expr> {
    let Some(first) = f.parameters.first() else { return vec![] };
    let x = Expr::Sym(first.clone());
    let mut out = vec![];
    let mut from = None;
    if let Some(y) = f.parameters.get(1).cloned().map(Expr::Sym) {
        // Quadratic in the distance, with a slope that saturates in the second parameter.
        let t = x.clone() - y.clone();
        let slope = Expr::Mul(vec![Expr::ratio(1, 2), y.clone(), Expr::recip(y + Expr::int(1))]);
        let square = Expr::pow(t.clone(), Expr::int(2));
        out.extend([t.clone(), Expr::ratio(1, 4) * square + slope * t.clone()]);
        from = Some(t);
    }
    for t in from.into_iter().chain([x]) {
        let square = Expr::pow(t.clone(), Expr::int(2));
        let above = t.clone() + Expr::int(1);
        out.extend([
            t.clone(),
            square.clone(),
            // With a part that does not depend on the choice: a fixed cost, a first income.
            square.clone() + Expr::int(1),
            Expr::ratio(1, 4) * t.clone(),
            Expr::int(4) * t.clone(),
            t.clone() / above.clone(),
            Expr::Fun(Function::Ln, vec![above.clone()]),
            t + square,
            above,
            Expr::int(0),
        ]);
    }
    let mut seen = BTreeSet::new();
    out.retain(|body| seen.insert(body.clone()));
    out
}

/// Whether the properties are proved of a function with a formula.
pub(super) fn has_properties(f: &AnyFunction, body: &Expr, judge: &dyn Judge) -> bool {
    let Some(slope) = derivative(body, &f.parameters[0]) else { return false };
    let Some(bend) = derivative(&slope, &f.parameters[0]) else { return false };
    let domain: Vec<Formula> = f.domain.iter().map(Formula::unchained).collect();
    let holds = |s: &Formula| {
        let s = fold_formula(s);
        s == Formula::True || judge.proves(&domain, &s)
    };
    let sign = |e: &Expr, relation| holds(&Formula::rel(e.clone(), relation, Expr::int(0)));
    // Defined with two derivatives everywhere, so that their signs decide.
    let smooth = [body, &slope, &bend].into_iter().all(|e| defined::condition(e).is_some_and(|c| holds(&c)));
    smooth
        && f.properties.iter().all(|p| match p {
            Property::Differentiable => true,
            Property::NonDecreasing => sign(&slope, Relation::Ge),
            Property::Increasing => sign(&slope, Relation::Gt),
            Property::NonIncreasing => sign(&slope, Relation::Le),
            Property::Decreasing => sign(&slope, Relation::Lt),
            Property::Concave => sign(&bend, Relation::Le),
            Property::Convex => sign(&bend, Relation::Ge),
            Property::NonNegative => sign(body, Relation::Ge),
            Property::Positive => sign(body, Relation::Gt),
        })
}

/// The choices of one member for each function, early members first, in which what else is known of
/// the functions is proved: out of the first `most`.
pub fn choices(functions: &[&AnyFunction], judge: &dyn Judge, most: usize) -> Vec<Choice> {
    let members: Vec<Vec<Expr>> = functions.iter().map(|f| of(f, judge)).collect();
    let mut places: Vec<Vec<usize>> = vec![vec![]];
    for of_one in &members {
        let longer = |p: &Vec<usize>| {
            let p = p.clone();
            (0..of_one.len()).map(move |i| p.iter().copied().chain([i]).collect::<Vec<usize>>())
        };
        places = places.iter().flat_map(longer).collect();
        // The early members first, of all functions alike.
        places.sort_by_key(|p| (p.iter().sum::<usize>(), p.clone()));
        places.truncate(most);
    }
    let choice = |places: &Vec<usize>| -> Choice {
        let each = functions.iter().zip(places.iter().zip(&members));
        each.map(|(f, (i, of_one))| ((*f).clone(), of_one[*i].clone())).collect()
    };
    let mut out: Vec<Choice> = places.iter().map(choice).collect();
    out.retain(|choice| {
        choice.iter().all(|(f, _)| {
            let domain: Vec<Formula> = f.domain.iter().map(Formula::unchained).collect();
            f.known.iter().all(|k| {
                let said = chosen_formula(&k.unchained(), choice).map(|s| fold_formula(&s));
                said.is_some_and(|s| s == Formula::True || judge.proves(&domain, &s))
            })
        })
    });
    out
}

/// The statement with the chosen functions in it; `None` if another function is applied.
pub fn chosen_formula(f: &Formula, choice: &Choice) -> Option<Formula> {
    let mut whole = true;
    let out = f.map(&mut |e| {
        chosen(e, choice).unwrap_or_else(|| {
            whole = false;
            e.clone()
        })
    });
    whole.then_some(out)
}

/// The term with the chosen functions in it; `None` if another function is applied.
pub fn chosen(e: &Expr, choice: &Choice) -> Option<Expr> {
    let mut whole = true;
    let inner = e.map(
        &mut |c| {
            chosen(c, choice).unwrap_or_else(|| {
                whole = false;
                c.clone()
            })
        },
        &mut Formula::clone,
    );
    if !whole {
        return None;
    }
    let Expr::Apply { function, primes, args } = inner else {
        return (!inner.has_applications()).then_some(inner);
    };
    let (f, body) = choice.iter().find(|(f, _)| f.name == function)?;
    let mut value = body.clone();
    for _ in 0..primes {
        value = derivative(&value, &f.parameters[0])?;
    }
    let with: Substitution = f.parameters.iter().cloned().zip(args).collect();
    Some(fold(&value.substitute_all(&with)))
}

/// That every application in a term lies in the domain of its function.
pub fn domain(e: &Expr, choice: &Choice) -> Vec<Formula> {
    let mut out: Vec<Formula> = e.children().into_iter().flat_map(|c| domain(c, choice)).collect();
    if let Expr::Apply { function, args, .. } = e
        && let Some((f, _)) = choice.iter().find(|(f, _)| f.name == *function)
    {
        out.extend(f.domain.iter().map(|d| f.at(&d.unchained(), args)));
    }
    out
}

/// The functions of a choice by their terms: `[f(x)]` for `x^2`.
pub fn names(choice: &Choice) -> Vec<(Symbol, Expr)> {
    choice.iter().map(|(f, body)| (name_of(f), fold(body))).collect()
}

/// The name of a function's value: `[f(x)]`.
fn name_of(f: &AnyFunction) -> Symbol {
    let args = f.parameters.iter().cloned().map(Expr::Sym).collect();
    crate::prove::evidence::quotation(&Expr::Apply { function: f.name.clone(), primes: 0, args })
}

/// The choice that these names are of, as far as functions are declared.
pub fn named(functions: &[AnyFunction], names: &[(Symbol, Expr)]) -> Choice {
    let body = |f: &AnyFunction| {
        let head = name_of(f);
        names.iter().find(|(name, _)| *name == head).map(|(_, body)| (f.clone(), body.clone()))
    };
    functions.iter().filter_map(body).collect()
}
