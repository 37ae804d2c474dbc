//! Changing a term at one place.

use proofread::expr::{Case, Expr, Formula};

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

/// The term with `f` applied wherever it gives something, from the leaves up.
pub fn everywhere(e: &Expr, f: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    let inner = e.map(&mut |c| everywhere(c, f), &mut Formula::clone);
    f(&inner).unwrap_or(inner)
}

/// The term with its child number `i` replaced.
fn with_child(e: &Expr, i: usize, by: &Expr) -> Expr {
    let mut n = 0;
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
