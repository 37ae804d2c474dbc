//! The symbolic layer as the algebra that closed forms are looked for with.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::cas::{Cas, CasError};
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::{Expr, Symbol};
use crate::game::extremum::Algebra;
use crate::prove::memory::Memory;

use super::stages::Asked;

/// Symbolica behind the [`Algebra`] interface. Where it gives no answer, neither does this,
/// except for derivatives, which need no computer algebra.
///
/// When its process cannot be started, or another run keeps it for longer than a request may
/// take, it is not asked again: an audit goes on without it, and [`Symbolic::trouble`] says so.
pub struct Symbolic {
    cas: Cas,
    /// Set while another run has the symbolic layer and nothing was answered since.
    waiting: Arc<AtomicBool>,
    /// Why it is not asked any more.
    gone: OnceLock<String>,
    /// The first request that it left unanswered for a reason of its own.
    unanswered: Mutex<Option<String>>,
    asked: Mutex<Asked>,
    answers: Answers,
}

/// What was answered so far. It has one process for all threads, and most questions come again.
#[derive(Default)]
struct Answers {
    derivatives: Memory<(Expr, Symbol), Option<Expr>>,
    fractions: Memory<Expr, Option<(Expr, Expr)>>,
    factors: Memory<Expr, Option<Expr>>,
    normal: Memory<Expr, Option<Expr>>,
}

impl Symbolic {
    /// The algebra of a child process of `program`, which is this program, with a limit for each
    /// request; `on_wait` is called when another run has the symbolic layer and this one waits.
    pub fn new(program: PathBuf, limit: Duration, on_wait: impl Fn() + Send + Sync + 'static) -> Symbolic {
        let waiting = Arc::new(AtomicBool::new(false));
        let flag = waiting.clone();
        let notice = move || {
            flag.store(true, Ordering::Relaxed);
            on_wait();
        };
        let cas = Cas::with_notice(program, notice).within(limit);
        Symbolic {
            cas,
            waiting,
            gone: OnceLock::new(),
            unanswered: Mutex::default(),
            asked: Mutex::default(),
            answers: Answers::default(),
        }
    }

    /// Why answers may be missing that a run with a working symbolic layer would have had.
    pub fn trouble(&self) -> Option<String> {
        let unanswered = self.unanswered.lock().unwrap_or_else(PoisonError::into_inner);
        match (self.gone.get(), unanswered.as_ref()) {
            (Some(why), _) => Some(format!(
                "judged without the symbolic layer ({why}): closed forms and verdicts may be missing"
            )),
            (None, Some(why)) => Some(format!(
                "the symbolic layer left a request unanswered ({why}): closed forms and verdicts may be missing"
            )),
            (None, None) => None,
        }
    }

    /// What was asked until now.
    pub fn asked(&self) -> Asked {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, unless the symbolic layer is known to be out of reach.
    fn ask<T>(&self, request: impl FnOnce(&Cas) -> Result<T, CasError>) -> Option<T> {
        if self.gone.get().is_some() {
            return None;
        }
        let began = Instant::now();
        let answer = request(&self.cas);
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.requests += 1;
            asked.waited += began.elapsed();
        }
        let waited = match &answer {
            Err(CasError::Busy) => self.waiting.load(Ordering::Relaxed),
            _ => {
                self.waiting.store(false, Ordering::Relaxed);
                false
            }
        };
        match &answer {
            Err(e @ (CasError::Start { .. } | CasError::Queue { .. })) => {
                self.gone.get_or_init(|| e.to_string());
            }
            Err(e @ CasError::Busy) if waited => {
                self.gone.get_or_init(|| e.to_string());
            }
            Err(e @ (CasError::Busy | CasError::Timeout | CasError::Died { .. } | CasError::Protocol(_))) => {
                let mut unanswered = self.unanswered.lock().unwrap_or_else(PoisonError::into_inner);
                unanswered.get_or_insert_with(|| e.to_string());
            }
            _ => {}
        }
        answer.ok()
    }
}

impl Algebra for Symbolic {
    fn derivative(&self, e: &Expr, x: &Symbol) -> Option<Expr> {
        let question = (e.clone(), x.clone());
        let ask = || self.ask(|cas| cas.derivative(e, x));
        match self.answers.derivatives.recall(question, ask, Option::is_some) {
            Some(d) => Some(fold(&d)),
            None => derivative(e, x),
        }
    }

    fn fraction(&self, e: &Expr) -> Option<(Expr, Expr)> {
        let ask = || self.ask(|cas| cas.fraction(e));
        self.answers.fractions.recall(e.clone(), ask, Option::is_some)
    }

    fn factors(&self, e: &Expr) -> Option<Vec<Expr>> {
        let factors = match self.factored(e)? {
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
        let ask = || self.ask(|cas| cas.normal(e));
        let normal = self.answers.normal.recall(e.clone(), ask, Option::is_some);
        fold(&normal.unwrap_or_else(|| e.clone()))
    }

    fn factored(&self, e: &Expr) -> Option<Expr> {
        let ask = || self.ask(|cas| cas.factor(e));
        self.answers.factors.recall(e.clone(), ask, Option::is_some).map(|f| fold(&f))
    }
}
