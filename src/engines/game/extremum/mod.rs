//! Closed forms of optima over an interval, for symbolic parameters, by candidates and cells.
//!
//! The maximisers of a continuous objective over `[a, b]` are among the ends, the stationary
//! points of its smooth pieces and, where it is the least (or greatest) of several pieces, the
//! points at which two pieces meet. Candidates with a closed form are collected; the parameter
//! space is cut into cells by the signs of the polynomials at which feasibility or the order of
//! candidates can change; and in each cell a candidate is kept only if the engines *prove* that
//! it is feasible and at least as good as every other point. Nothing rests on the collection of
//! candidates being complete: a cell without a proved candidate makes the answer `None`.
//!
//! * **Takes** an objective with elementary terms, a closed interval, facts about parameters.
//! * **Gives** a closed form by cases, with the proofs and the cells in which the optimum is not
//!   unique; or, where there is no closed form, the equation whose only root it is.
//! * **May call** `expr`, the engines of `prove`, and `cas` through [`Algebra`].

mod candidates;
mod cells;
mod closed;
mod implicit;

use crate::expr::{Expr, Formula, Symbol};
use crate::prove::{Evidence, Judge};

pub use closed::{maximiser, readable, root};
pub use implicit::{Implicit, implicit_maximiser};

/// The algebra that the search for candidates needs; only suggestions come from it, never
/// verdicts.
pub trait Algebra: Sync {
    /// The derivative, if it has a term.
    fn derivative(&self, e: &Expr, x: &Symbol) -> Option<Expr>;
    /// One fraction in lowest terms: numerator and denominator.
    fn fraction(&self, e: &Expr) -> Option<(Expr, Expr)>;
    /// The irreducible polynomial factors of a polynomial, constants left out.
    fn factors(&self, e: &Expr) -> Option<Vec<Expr>>;
    /// An equal term that reads better.
    fn tidy(&self, e: &Expr) -> Expr;
    /// An equal quotient of products of irreducible factors, if it has one.
    fn factored(&self, e: &Expr) -> Option<Expr>;
}

/// What is to be optimised, or solved, over `lower <= variable <= upper`.
#[derive(Clone, Debug)]
pub struct Problem {
    pub variable: Symbol,
    pub objective: Expr,
    pub lower: Expr,
    pub upper: Expr,
    /// What is known of the parameters.
    pub facts: Vec<Formula>,
}

impl Problem {
    /// The facts with the variable in its interval.
    pub fn inside(&self) -> Vec<Formula> {
        let mut facts = self.facts.clone();
        facts.extend(self.feasible(&Expr::Sym(self.variable.clone())));
        facts
    }

    /// The statements that `x` lies in the interval.
    pub fn feasible(&self, x: &Expr) -> Vec<Formula> {
        use crate::expr::Relation::{Ge, Le};
        vec![Formula::Rel(x.clone(), Ge, self.lower.clone()), Formula::Rel(x.clone(), Le, self.upper.clone())]
    }
}

/// A closed form found and proved.
#[derive(Clone, Debug)]
pub struct Closed {
    /// By cases over the parameters, if there is more than one.
    pub value: Expr,
    /// Sets of parameters at which other points are as good.
    pub ties: Vec<Formula>,
    /// Those of the ties at every point of which another point was proved to be as good.
    pub tied: Vec<Formula>,
    /// Sets of parameters at which it is not known whether other points are as good.
    pub unsettled: Vec<Formula>,
    pub evidence: Vec<Evidence>,
}

/// The engines and the algebra together.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    pub judge: &'a dyn Judge,
    pub algebra: &'a dyn Algebra,
}
