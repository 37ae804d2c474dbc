//! Changing a term at one place.

use proofread::expr::{Case, Expr, Formula, Relation};

/// A changed term, with the kind of change.
pub type Changed<T> = (&'static str, T);

/// Every term that `f` makes of `e` by a change at one place, conditions of cases left alone.
pub fn at_each_site(e: &Expr, f: &dyn Fn(&Expr) -> Vec<Changed<Expr>>) -> Vec<Changed<Expr>> {
    let mut out = f(e);
    for (i, child) in e.children().into_iter().enumerate() {
        for (kind, changed) in at_each_site(child, f) {
            out.push((kind, with_child(e, i, &changed)));
        }
    }
    out
}

/// Every statement that `f` makes of `p` by a change at one place of one of its terms.
pub fn at_each_term(p: &Formula, f: &dyn Fn(&Expr) -> Vec<Changed<Expr>>) -> Vec<Changed<Formula>> {
    let with_term = |i: usize, by: &Expr| {
        let mut n = 0;
        p.map(&mut |e| {
            n += 1;
            if n == i + 1 { by.clone() } else { e.clone() }
        })
    };
    let terms = p.terms().into_iter().enumerate();
    terms
        .flat_map(|(i, e)| f(e).into_iter().map(move |(kind, e)| (i, kind, e)))
        .map(|(i, kind, e)| (kind, with_term(i, &e)))
        .collect()
}

/// Every statement that a change of one relation makes of `p`.
pub fn at_each_relation(p: &Formula, f: &dyn Fn(Relation) -> Vec<Relation>) -> Vec<Formula> {
    let within = |ps: &[Formula], join: fn(Vec<Formula>) -> Formula| -> Vec<Formula> {
        let changed = |i: usize| at_each_relation(&ps[i], f).into_iter().map(move |q| (i, q));
        (0..ps.len()).flat_map(changed).map(|(i, q)| join(with(ps, i, q))).collect()
    };
    match p {
        Formula::Rel(a, r, b) => f(*r).into_iter().map(|r| Formula::Rel(a.clone(), r, b.clone())).collect(),
        Formula::Chain(a, rest) => {
            let changed = |i: usize| f(rest[i].0).into_iter().map(move |r| (i, r));
            let link = |(i, r): (usize, Relation)| with(rest, i, (r, rest[i].1.clone()));
            (0..rest.len()).flat_map(changed).map(|c| Formula::Chain(a.clone(), link(c))).collect()
        }
        Formula::Not(q) => at_each_relation(q, f).into_iter().map(|q| Formula::Not(Box::new(q))).collect(),
        Formula::And(ps) => within(ps, Formula::And),
        Formula::Or(ps) => within(ps, Formula::Or),
        Formula::Implies(a, b) => within(&[(**a).clone(), (**b).clone()], |mut ab| {
            let b = ab.pop().expect("two parts");
            Formula::implies(ab.remove(0), b)
        }),
        _ => vec![],
    }
}

/// The term with `f` applied wherever it gives something, from the leaves up.
pub fn everywhere(e: &Expr, f: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    let inner = e.map(&mut |c| everywhere(c, f), &mut Formula::clone);
    f(&inner).unwrap_or(inner)
}

/// The term with its child number `i` replaced.
fn with_child(e: &Expr, i: usize, by: &Expr) -> Expr {
    // The ends of an optimum's range come first where it is rebuilt, and are no children.
    let before = match e {
        Expr::Optimum { over: Some(s), .. } => s.terms().len(),
        _ => 0,
    };
    let (i, mut n) = (i + before, 0);
    e.map(
        &mut |c| {
            n += 1;
            if n == i + 1 { by.clone() } else { c.clone() }
        },
        &mut Formula::clone,
    )
}

/// The term with the case distinction in it changed as a whole.
pub fn at_cases(e: &Expr, f: fn(&[Case]) -> Vec<Changed<Vec<Case>>>) -> Vec<Changed<Expr>> {
    at_each_site(e, &|e| match e {
        Expr::Cases(cs) => f(cs).into_iter().map(|(kind, cs)| (kind, Expr::Cases(cs))).collect(),
        _ => vec![],
    })
}

/// The list without its element number `i`.
pub fn without<T: Clone>(xs: &[T], i: usize) -> Vec<T> {
    xs.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| x.clone()).collect()
}

/// The list with its element number `i` replaced.
pub fn with<T: Clone>(xs: &[T], i: usize, by: T) -> Vec<T> {
    let mut xs = xs.to_vec();
    xs[i] = by;
    xs
}

/// A sum or product of the terms, bare where there is one only.
pub fn joined(mut xs: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if xs.len() == 1 { xs.remove(0) } else { join(xs) }
}
