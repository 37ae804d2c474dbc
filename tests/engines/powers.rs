//! Random statements with symbolic exponents: identities by the power rules, some of them broken,
//! and inequalities by signs.

use proofread::expr::{Expr, Formula, Relation};
use rand::Rng as _;

use crate::random::{Draw, Question};

/// Symbols that stand in exponents.
pub const EXPONENTS: [&str; 2] = ["k", "m"];

impl Draw<'_> {
    /// An exponent: a literal, `k`, or one of the shapes that derivatives and inverses make.
    fn exponent(&mut self) -> Expr {
        let k = Expr::sym(EXPONENTS[self.rng.random_range(0..2)]);
        match self.rng.random_range(0..7) {
            0 => Expr::int(self.rng.random_range(-1..=3)),
            1 => k - Expr::int(1),
            2 => Expr::recip(k),
            3 => Expr::ratio(1, 2),
            4 => k - Expr::int(2),
            _ => k,
        }
    }

    fn base(&mut self) -> Expr {
        match self.rng.random_range(0..6) {
            0 => self.symbol() * self.symbol(),
            1 => self.symbol() / self.symbol(),
            2 => self.symbol() + self.symbol(),
            3 => self.symbol() - self.symbol(),
            _ => self.symbol(),
        }
    }

    fn power(&mut self) -> Expr {
        Expr::pow(self.base(), self.exponent())
    }

    /// Two terms that are equal where the power rules apply.
    fn equal_terms(&mut self) -> (Expr, Expr) {
        let (a, b, p, q) = (self.base(), self.base(), self.exponent(), self.exponent());
        let pow = Expr::pow;
        match self.rng.random_range(0..7) {
            0 => (pow(a.clone(), p.clone()) * pow(a.clone(), q.clone()), pow(a, p + q)),
            1 => (pow(a.clone() * b.clone(), p.clone()), pow(a, p.clone()) * pow(b, p)),
            2 => (pow(pow(a.clone(), p.clone()), q.clone()), pow(a, p * q)),
            3 => (pow(a.clone(), p.clone()) / a.clone(), pow(a, p - Expr::int(1))),
            4 => (pow(a.clone() / b.clone(), p.clone()), pow(a, p.clone()) / pow(b, p)),
            5 => (pow(pow(a.clone(), p.clone()), Expr::recip(p)), a),
            _ => {
                let (s, t) = (self.power(), self.power());
                (s.clone() * (t.clone() + a.clone()), s.clone() * t + s * a)
            }
        }
    }

    fn power_hypotheses(&mut self) -> Vec<Formula> {
        let mut out = vec![];
        for name in &crate::random::NAMES[..self.variables] {
            let x = Expr::sym(name);
            let relation = [Relation::Ge, Relation::Gt][self.rng.random_range(0..2)];
            if !self.one_of(8) {
                out.push(Formula::rel(x.clone(), relation, Expr::int(0)));
            }
            if self.one_of(3) {
                out.push(Formula::rel(x, Relation::Le, Expr::int(1)));
            }
        }
        for name in EXPONENTS {
            let relation = [Relation::Ge, Relation::Gt][self.rng.random_range(0..2)];
            out.push(Formula::rel(Expr::sym(name), relation, Expr::int(self.rng.random_range(0..=2))));
        }
        if self.one_of(3) {
            out.push(Formula::rel(self.symbol(), self.relation(), self.symbol()));
        }
        out
    }

    /// Hypotheses and a statement with symbolic exponents.
    pub fn power_question(&mut self) -> Question {
        let hypotheses = self.power_hypotheses();
        let relation = self.relation();
        let statement = match self.rng.random_range(0..8) {
            0..=3 => {
                let (a, b) = self.equal_terms();
                let b = if self.one_of(4) { b * Expr::int(2) } else { b };
                let relation = if self.one_of(3) { relation } else { Relation::Eq };
                Formula::rel(a, relation, b)
            }
            4 => Formula::rel(self.power(), relation, self.power()),
            5 => Formula::rel(self.power() + self.power(), relation, Expr::int(0)),
            6 => Formula::rel(self.power(), relation, Expr::int(self.rng.random_range(0..=1))),
            _ => Formula::rel(self.power() * self.literal(), relation, self.literal()),
        };
        let statement = match self.rng.random_range(0..8) {
            0 => Formula::and(vec![statement, Formula::rel(self.power(), Relation::Ge, Expr::int(0))]),
            1 => Formula::implies(Formula::rel(self.power(), Relation::Gt, self.literal()), statement),
            _ => statement,
        };
        Question { hypotheses, statement }
    }
}
