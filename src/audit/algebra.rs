//! The symbolic layer as the algebra that closed forms are looked for with.

use std::path::PathBuf;
use std::time::Duration;

use crate::cas::Cas;
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::{Expr, Symbol};
use crate::game::extremum::Algebra;

/// Symbolica behind the [`Algebra`] interface. Where it gives no answer, neither does this,
/// except for derivatives, which need no computer algebra.
pub struct Symbolic {
    cas: Cas,
}

impl Symbolic {
    /// The algebra of a child process of `program`, which is this program, with a limit for each
    /// request; `on_wait` is called when another run has the symbolic layer and this one waits.
    pub fn new(program: PathBuf, limit: Duration, on_wait: impl Fn() + Send + Sync + 'static) -> Symbolic {
        Symbolic { cas: Cas::with_notice(program, on_wait).within(limit) }
    }
}

impl Algebra for Symbolic {
    fn derivative(&self, e: &Expr, x: &Symbol) -> Option<Expr> {
        match self.cas.derivative(e, x) {
            Ok(d) => Some(fold(&d)),
            Err(_) => derivative(e, x),
        }
    }

    fn fraction(&self, e: &Expr) -> Option<(Expr, Expr)> {
        self.cas.fraction(e).ok()
    }

    fn factors(&self, e: &Expr) -> Option<Vec<Expr>> {
        let factored = fold(&self.cas.factor(e).ok()?);
        let factors = match factored {
            Expr::Mul(xs) => xs,
            other => vec![other],
        };
        let bases = factors.into_iter().map(|f| match f {
            Expr::Pow(b, p) if p.as_int().is_some_and(|n| n > 0) => *b,
            other => other,
        });
        Some(bases.filter(|f| f.as_num().is_none()).collect())
    }

    fn tidy(&self, e: &Expr) -> Expr {
        fold(&self.cas.normal(e).unwrap_or_else(|_| e.clone()))
    }
}
