//! Random statements of real algebra: plain, touching, with roots and quotients, true by
//! construction, and true but for single points.

use proofread::expr::{Expr, Formula, Function, Relation};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

/// A question: does the statement hold wherever the hypotheses do?
#[derive(Clone, Debug)]
pub struct Question {
    pub hypotheses: Vec<Formula>,
    pub statement: Formula,
}

/// The names of the variables, in the order in which they are used.
pub const NAMES: [&str; 4] = ["x", "y", "z", "w"];

const RELATIONS: [Relation; 6] =
    [Relation::Eq, Relation::Ne, Relation::Lt, Relation::Le, Relation::Gt, Relation::Ge];

/// Draws terms over the first `variables` names.
pub struct Draw<'a> {
    pub rng: &'a mut ChaCha8Rng,
    pub variables: usize,
}

impl Draw<'_> {
    pub fn one_of(&mut self, n: u32) -> bool {
        self.rng.random_range(0..n) == 0
    }

    pub fn symbol(&mut self) -> Expr {
        Expr::sym(NAMES[self.rng.random_range(0..self.variables)])
    }

    pub fn relation(&mut self) -> Relation {
        *RELATIONS.choose(self.rng).expect("six relations")
    }

    pub fn literal(&mut self) -> Expr {
        let (n, d) = (self.rng.random_range(-3..=3), *[1, 1, 1, 2].choose(self.rng).expect("four"));
        Expr::ratio(n, d)
    }

    /// A sparse polynomial of at most the given degree.
    pub fn polynomial(&mut self, degree: u32) -> Expr {
        let mut terms = vec![self.literal()];
        for _ in 0..self.rng.random_range(1..=3) {
            let mut factors = vec![self.literal()];
            for _ in 0..self.rng.random_range(1..=degree) {
                factors.push(self.symbol());
            }
            terms.push(Expr::Mul(factors));
        }
        Expr::Add(terms)
    }

    /// A term: a polynomial, a quotient, a root, an absolute value or a maximum.
    pub fn term(&mut self, degree: u32) -> Expr {
        let p = self.polynomial(degree);
        match self.rng.random_range(0..12) {
            0 => p / self.polynomial(1),
            1 => Expr::sqrt(self.polynomial(2)),
            2 => Expr::sqrt(Expr::pow(self.polynomial(1), Expr::int(2))) - self.polynomial(1),
            3 => Expr::Fun(Function::Abs, vec![self.polynomial(1)]),
            4 => Expr::Fun(Function::Max, vec![self.polynomial(1), self.polynomial(1)]),
            _ => p,
        }
    }

    pub fn atom(&mut self, degree: u32) -> Formula {
        let relation = self.relation();
        let zero = Expr::int(0);
        match self.rng.random_range(0..8) {
            // A square: holds, or fails, on a set without interior.
            0 => Formula::Rel(Expr::pow(self.polynomial(2), Expr::int(2)), relation, zero),
            // A product that vanishes on lines.
            1 => Formula::Rel(Expr::Mul(vec![self.polynomial(2), self.polynomial(1)]), relation, zero),
            // Two squares that vanish at points.
            2 => {
                let squares = (0..2).map(|_| Expr::pow(self.polynomial(1), Expr::int(2))).collect();
                Formula::Rel(Expr::Add(squares), relation, zero)
            }
            _ => Formula::Rel(self.term(degree), relation, if self.one_of(3) { self.term(1) } else { zero }),
        }
    }

    pub fn hypothesis(&mut self) -> Formula {
        let x = self.symbol();
        match self.rng.random_range(0..6) {
            0 => self.atom(2),
            1 => Formula::and(vec![
                Formula::rel(x.clone(), Relation::Ge, Expr::int(0)),
                Formula::rel(x, Relation::Le, Expr::int(1)),
            ]),
            2 => Formula::rel(x, Relation::Ge, self.symbol()),
            3 => Formula::rel(x, Relation::Ge, Expr::int(0)),
            _ => Formula::rel(x, Relation::Gt, Expr::int(0)),
        }
    }

    /// A statement that holds where the hypotheses added hold, or fails at single points.
    fn planted(&mut self, hypotheses: &mut Vec<Formula>) -> Formula {
        let square = |e: Expr| Expr::pow(e, Expr::int(2));
        let weak = if self.one_of(2) { Relation::Ge } else { Relation::Gt };
        let (p, q) = (self.polynomial(2), self.polynomial(1));
        match self.rng.random_range(0..6) {
            // A sum of a product of positive terms and a square.
            0 => {
                hypotheses.push(Formula::rel(p.clone(), Relation::Gt, Expr::int(0)));
                hypotheses.push(Formula::rel(q.clone(), weak, Expr::int(0)));
                Formula::rel(Expr::Add(vec![p * q, square(self.polynomial(1))]), weak, Expr::int(0))
            }
            // The means of two numbers: touching where they are equal.
            1 => {
                let (a, b) = (self.symbol(), self.symbol());
                hypotheses.push(Formula::rel(a.clone(), Relation::Ge, Expr::int(0)));
                hypotheses.push(Formula::rel(b.clone(), Relation::Ge, Expr::int(0)));
                Formula::rel((a.clone() + b.clone()) / Expr::int(2), weak, Expr::sqrt(a * b))
            }
            // A square written out.
            2 => {
                let (a, b) = (self.polynomial(1), self.polynomial(1));
                let mixed = Expr::Mul(vec![Expr::int(-2), a.clone(), b.clone()]);
                Formula::rel(Expr::Add(vec![square(a), mixed, square(b)]), weak, Expr::int(0))
            }
            // The triangle inequality.
            3 => {
                let abs = |e: Expr| Expr::Fun(Function::Abs, vec![e]);
                Formula::rel(abs(q.clone()) + abs(p.clone()), weak, abs(p + q))
            }
            // A quotient that cancels, undefined where its denominator vanishes.
            4 => {
                let relation = if self.one_of(2) { Relation::Eq } else { weak };
                Formula::rel(p.clone() * q.clone() / q, relation, p)
            }
            // What follows from a bound.
            _ => {
                hypotheses.push(Formula::rel(p.clone(), Relation::Ge, q.clone()));
                let c = Expr::int(self.rng.random_range(0..=1));
                Formula::rel(p, weak, q - c)
            }
        }
    }

    /// Hypotheses and a statement.
    pub fn question(&mut self) -> Question {
        let degree = [0, 4, 4, 3, 2][self.variables];
        let mut hypotheses: Vec<Formula> =
            (0..self.rng.random_range(0..=2)).map(|_| self.hypothesis()).collect();
        let statement = match self.rng.random_range(0..6) {
            0 | 1 => self.planted(&mut hypotheses),
            2 => Formula::or(vec![self.atom(degree), self.atom(2)]),
            3 => Formula::and(vec![self.atom(degree), self.atom(2)]),
            _ => self.atom(degree),
        };
        Question { hypotheses, statement }
    }
}
