//! Questions that are too large to be asked.
//!
//! Terms are walked by recursion, and exponents add up: a term that is nested too deep would
//! overflow a thread's stack, and squares of squares of squares reach degrees that nothing can
//! hold. These, and what is too long to be tried at many points, are turned away before any
//! engine sees them. Measured in the development profile
//! on a stack of 2 MB, evaluation and translation hold some 400 levels; the limit leaves room for
//! callers that have used half of it.

use rug::Rational;

use crate::expr::{Case, Expr, Formula, Set};

/// The deepest nesting that is read; the parser of papers stops there too.
pub const DEEPEST: usize = 200;

/// The largest product of literal exponents, or of their denominators, on a path into a term.
pub const LARGEST_DEGREE: u64 = 4096;

/// The largest number of terms and parts of statements. A search tries a statement at thousands
/// of points, and a printed formula has some hundreds.
pub const LARGEST: usize = 20_000;

enum Node<'a> {
    Term(&'a Expr),
    Statement(&'a Formula),
    Set(&'a Set),
}

/// Why a statement is turned away, if it is. Linear in its size; the stack used does not depend
/// on it.
pub fn excessive(f: &Formula) -> Option<String> {
    let mut open = vec![(Node::Statement(f), 1, Rational::from(1))];
    let mut size = 0;
    while let Some((node, depth, degree)) = open.pop() {
        size += 1;
        if size > LARGEST {
            return Some(format!("the statement has more than {LARGEST} terms"));
        }
        if depth > DEEPEST {
            return Some(format!("the statement is nested more than {DEEPEST} deep"));
        }
        let mut push = |n, d: &Rational| open.push((n, depth + 1, d.clone()));
        match node {
            Node::Statement(f) => parts(f).into_iter().for_each(|n| push(n, &degree)),
            Node::Set(s) => members(s).into_iter().for_each(|n| push(n, &degree)),
            Node::Term(Expr::Cases(cs)) => cs.iter().flat_map(case).for_each(|n| push(n, &degree)),
            Node::Term(Expr::Pow(b, x)) => {
                let inner = x.as_num().filter(|q| **q != 0).map_or(degree.clone(), |q| q.clone() * &degree);
                if *inner.numer().as_abs() > LARGEST_DEGREE || *inner.denom() > LARGEST_DEGREE {
                    return Some(format!("a power has a degree beyond {LARGEST_DEGREE}"));
                }
                push(Node::Term(b), &inner);
                push(Node::Term(x), &degree);
            }
            Node::Term(e) => e.children().into_iter().for_each(|c| push(Node::Term(c), &degree)),
        }
    }
    None
}

fn case(c: &Case) -> Vec<Node<'_>> {
    std::iter::once(Node::Term(&c.value)).chain(c.condition.as_ref().map(Node::Statement)).collect()
}

fn parts(f: &Formula) -> Vec<Node<'_>> {
    match f {
        Formula::In(a, s) => vec![Node::Term(a), Node::Set(s)],
        Formula::Not(p) => vec![Node::Statement(p)],
        Formula::And(ps) | Formula::Or(ps) => ps.iter().map(Node::Statement).collect(),
        Formula::Implies(p, q) | Formula::Iff(p, q) => vec![Node::Statement(p), Node::Statement(q)],
        Formula::True | Formula::False | Formula::Rel(..) | Formula::Chain(..) => {
            f.terms().into_iter().map(Node::Term).collect()
        }
    }
}

fn members(s: &Set) -> Vec<Node<'_>> {
    match s {
        Set::Such(_, p) => vec![Node::Statement(p)],
        Set::Union(ss) | Set::Intersection(ss) => ss.iter().map(Node::Set).collect(),
        Set::Reals | Set::Named(_) | Set::Interval { .. } | Set::Finite(_) => {
            s.terms().into_iter().map(Node::Term).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Relation;

    fn positive(e: Expr) -> Formula {
        Formula::rel(e, Relation::Gt, Expr::int(0))
    }

    #[test]
    fn squares_of_squares_are_turned_away_before_their_degree_overflows() {
        let square = |e, _| Expr::pow(e, Expr::int(2));
        assert!(excessive(&positive((0..12).fold(Expr::sym("x"), square))).is_none());
        assert!(excessive(&positive((0..13).fold(Expr::sym("x"), square))).is_some());
        let root = |e, _| Expr::sqrt(e);
        assert!(excessive(&positive((0..13).fold(Expr::sym("x"), root))).is_some());
    }

    #[test]
    fn a_statement_may_be_nested_as_deep_as_the_parser_allows() {
        let deeper = |e, _| e + Expr::sym("y");
        assert!(excessive(&positive((0..198).fold(Expr::sym("x"), deeper))).is_none());
        assert!(excessive(&positive((0..199).fold(Expr::sym("x"), deeper))).is_some());
    }
}
