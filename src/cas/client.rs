//! The client: questions to the symbolic layer, with deadlines.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::CasError;
use super::child::{Child, Silence, how};
use super::protocol::{Reply, Request};
use super::wire::Table;
use crate::expr::{Expr, Symbol};

/// How long a request may take unless something else is said.
const USUAL_LIMIT: Duration = Duration::from_secs(10);

/// How long a child that aborts at its start, as Symbolica does where another program is using
/// it, is started anew.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause before starting anew.
const PAUSE: Duration = Duration::from_millis(100);

/// The symbolic layer. Clones share one child process, which is started by the first request,
/// ends by itself after two idle seconds or when another run waits for its turn, and is started
/// again when needed. Requests from several threads are answered one after the other.
///
/// All operations take a few milliseconds on terms of ordinary size, and one start (some 30
/// milliseconds) after a pause. Terms are elementary without [`Expr::Cases`], absolute values,
/// maxima and minima; anything else is [`CasError::Unsupported`] with the offending subterm.
/// Results equal the exact answer wherever both are defined.
#[derive(Clone)]
pub struct Cas {
    shared: Arc<Shared>,
    limit: Limit,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    Each(Duration),
    All(Instant),
}

struct Shared {
    program: PathBuf,
    on_wait: Box<dyn Fn() + Send + Sync>,
    seat: Mutex<Seat>,
    freed: Condvar,
}

/// The one place from which the child is spoken to.
#[derive(Default)]
struct Seat {
    taken: bool,
    child: Option<Child>,
}

impl fmt::Debug for Cas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cas").field("program", &self.shared.program).field("limit", &self.limit).finish()
    }
}

impl Cas {
    /// The symbolic layer run by `program`, which is our own program: it must answer to the
    /// hidden subcommand `__cas` with [`super::worker::run`]. Nothing is started yet.
    pub fn new(program: PathBuf) -> Cas {
        Cas::with_notice(program, || ())
    }

    /// The same; `on_wait` is called whenever a request has to wait because another run on this
    /// machine is using the symbolic layer.
    pub fn with_notice(program: PathBuf, on_wait: impl Fn() + Send + Sync + 'static) -> Cas {
        let shared =
            Shared { program, on_wait: Box::new(on_wait), seat: Mutex::default(), freed: Condvar::new() };
        Cas { shared: Arc::new(shared), limit: Limit::Each(USUAL_LIMIT) }
    }

    /// The same symbolic layer, each request limited to `limit`.
    pub fn within(&self, limit: Duration) -> Cas {
        Cas { shared: self.shared.clone(), limit: Limit::Each(limit) }
    }

    /// The same symbolic layer, all requests to be answered by `deadline`.
    pub fn until(&self, deadline: Instant) -> Cas {
        Cas { shared: self.shared.clone(), limit: Limit::All(deadline) }
    }

    /// The derivative of `e` by `x`, at the interior points of its domain.
    pub fn derivative(&self, e: &Expr, x: &Symbol) -> Result<Expr, CasError> {
        let table = Table::of(&[e], std::slice::from_ref(x))?;
        self.one(&table, Request::Derivative { of: line(&table, e)?, by: place(&table, x)? })
    }

    /// The quotient of two expanded polynomials without a common factor that `e` equals; roots,
    /// powers with symbolic exponents, logarithms and exponentials count as unknowns, related by
    /// `b^p b^q = b^{p+q}` and `(b^{1/n})^n = b`. [`CasError::Undefined`] if the denominator is 0.
    pub fn normal(&self, e: &Expr) -> Result<Expr, CasError> {
        self.normal_for_positive(e, &[])
    }

    /// [`Cas::normal`] for positive values of the symbols in `positive`: powers and logarithms
    /// of products are taken apart at positive factors.
    pub fn normal_for_positive(&self, e: &Expr, positive: &[Symbol]) -> Result<Expr, CasError> {
        let table = Table::of(&[e], positive)?;
        let request = Request::Normal { of: line(&table, e)?, positive: places(&table, positive)? };
        self.one(&table, request)
    }

    /// Numerator and denominator of [`Cas::normal`].
    pub fn fraction(&self, e: &Expr) -> Result<(Expr, Expr), CasError> {
        self.fraction_for_positive(e, &[])
    }

    /// Numerator and denominator of [`Cas::normal_for_positive`].
    pub fn fraction_for_positive(&self, e: &Expr, positive: &[Symbol]) -> Result<(Expr, Expr), CasError> {
        let table = Table::of(&[e], positive)?;
        let request = Request::Fraction { of: line(&table, e)?, positive: places(&table, positive)? };
        match <[Expr; 2]>::try_from(self.terms(&table, request)?) {
            Ok([n, d]) => Ok((n, d)),
            Err(_) => Err(CasError::Protocol("not two terms".into())),
        }
    }

    /// Whether `e` is zero wherever it is defined. `Some(true)`: yes. `Some(false)`: no, and `e`
    /// is a rational function, so that it vanishes at most on a set without interior points.
    /// `None`: not known.
    pub fn is_zero(&self, e: &Expr) -> Result<Option<bool>, CasError> {
        self.is_zero_for_positive(e, &[])
    }

    /// [`Cas::is_zero`] for positive values of the symbols in `positive`.
    pub fn is_zero_for_positive(&self, e: &Expr, positive: &[Symbol]) -> Result<Option<bool>, CasError> {
        let table = Table::of(&[e], positive)?;
        let request = Request::IsZero { of: line(&table, e)?, positive: places(&table, positive)? };
        match self.ask(&request)? {
            Reply::Zero(zero) => Ok(zero),
            other => Err(refusal(other, &Symbol::new(""))),
        }
    }

    /// `e` with products and natural powers of sums multiplied out.
    pub fn expand(&self, e: &Expr) -> Result<Expr, CasError> {
        let table = Table::of(&[e], &[])?;
        self.one(&table, Request::Expand { of: line(&table, e)? })
    }

    /// [`Cas::normal`] with numerator and denominator factored over the rationals.
    pub fn factor(&self, e: &Expr) -> Result<Expr, CasError> {
        let table = Table::of(&[e], &[])?;
        self.one(&table, Request::Factor { of: line(&table, e)? })
    }

    /// `e` multiplied out and collected by the powers of `x`.
    pub fn collect(&self, e: &Expr, x: &Symbol) -> Result<Expr, CasError> {
        let table = Table::of(&[e], std::slice::from_ref(x))?;
        self.one(&table, Request::Collect { of: line(&table, e)?, by: place(&table, x)? })
    }

    /// The coefficients of `e` as a polynomial in `x`, the constant one first, each in normal
    /// form; `[0]` for zero.
    /// [`CasError::NotPolynomial`] where `x` stands under a root, in an exponent or, after
    /// cancelling, in a denominator.
    pub fn coefficients(&self, e: &Expr, x: &Symbol) -> Result<Vec<Expr>, CasError> {
        let table = Table::of(&[e], std::slice::from_ref(x))?;
        let request = Request::Coefficients { of: line(&table, e)?, by: place(&table, x)? };
        match self.ask(&request)? {
            Reply::Terms(lines) => lines.iter().map(|l| table.read(l)).collect(),
            other => Err(refusal(other, x)),
        }
    }

    /// The values of the unknowns at which all `equations` (terms that shall be zero) hold, in
    /// the order of the unknowns, for the parameters in general: where a determinant vanishes
    /// the solution is undefined, and there may be others or none. The solution has been put
    /// back into the equations.
    pub fn solve_linear(&self, equations: &[Expr], unknowns: &[Symbol]) -> Result<Vec<Expr>, CasError> {
        let table = Table::of(&equations.iter().collect::<Vec<_>>(), unknowns)?;
        let equations = equations.iter().map(|e| line(&table, e)).collect::<Result<_, _>>()?;
        self.terms(&table, Request::SolveLinear { equations, unknowns: places(&table, unknowns)? })
    }

    fn one(&self, table: &Table, request: Request) -> Result<Expr, CasError> {
        match self.terms(table, request)?.pop() {
            Some(term) => Ok(term),
            None => Err(CasError::Protocol("no term".into())),
        }
    }

    fn terms(&self, table: &Table, request: Request) -> Result<Vec<Expr>, CasError> {
        match self.ask(&request)? {
            Reply::Terms(lines) => lines.iter().map(|l| table.read(l)).collect(),
            other => Err(refusal(other, &Symbol::new(""))),
        }
    }

    /// Sends a request to the child, starting one if need be, and waits for the reply. A child
    /// that a signal ends in the middle of a request may have met another program's Symbolica,
    /// which ends either of the two: the request goes once more, to a new child.
    fn ask(&self, request: &Request) -> Result<Reply, CasError> {
        let deadline = match self.limit {
            Limit::Each(limit) => Instant::now() + limit,
            Limit::All(deadline) => deadline,
        };
        let mut held = self.shared.sit(deadline)?;
        let mut lost = false;
        loop {
            let mut child = match held.child.take() {
                Some(child) => child,
                None => self.shared.start(deadline)?,
            };
            match child.say(request, deadline).and_then(|()| child.hear(deadline)) {
                Ok(Reply::Failed(how)) => return Err(CasError::Died { how }),
                Ok(reply) => {
                    held.child = Some(child);
                    return Ok(reply);
                }
                // It left between two requests, to make room.
                Err(Silence::Ended(status)) if status.success() => {}
                Err(Silence::Ended(status)) if !lost && status.code().is_none() => lost = true,
                Err(Silence::Ended(status)) => return Err(CasError::Died { how: how(status) }),
                Err(Silence::Late) => return Err(CasError::Timeout),
                Err(Silence::Garbled(e)) => return Err(CasError::Protocol(e.to_string())),
            }
        }
    }
}

/// The seat, taken; given back when dropped.
struct Held<'a> {
    shared: &'a Shared,
    child: Option<Child>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut seat = self.shared.lock();
        seat.taken = false;
        seat.child = self.child.take();
        self.shared.freed.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seat> {
        // A panic elsewhere cannot leave the seat half-written.
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sit(&self, deadline: Instant) -> Result<Held<'_>, CasError> {
        let mut seat = self.lock();
        while seat.taken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(CasError::Busy);
            }
            seat = self.freed.wait_timeout(seat, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        seat.taken = true;
        Ok(Held { shared: self, child: seat.child.take() })
    }

    /// Starts a child and waits until it takes requests.
    fn start(&self, deadline: Instant) -> Result<Child, CasError> {
        let patience = deadline.min(Instant::now() + PATIENCE);
        let mut waiting = false;
        loop {
            let mut child = Child::start(&self.program).map_err(|e| CasError::Start {
                reason: format!("`{}` cannot be run: {e}", self.program.display()),
            })?;
            let status = match self.greet(&mut child, deadline, &mut waiting)? {
                None => return Ok(child),
                Some(status) => status,
            };
            // It ended before it was ready, as it does where a program of someone else is using
            // Symbolica.
            if !waiting {
                (self.on_wait)();
                waiting = true;
            }
            if Instant::now() + PAUSE >= patience {
                return Err(CasError::Start { reason: format!("its process ended with {status}") });
            }
            thread::sleep(PAUSE);
        }
    }

    /// Waits for the child's greeting; how it ended, if it ended instead.
    fn greet(
        &self,
        child: &mut Child,
        deadline: Instant,
        waiting: &mut bool,
    ) -> Result<Option<String>, CasError> {
        loop {
            match child.hear(deadline) {
                Ok(Reply::Ready) => return Ok(None),
                Ok(Reply::Waiting) => {
                    if !*waiting {
                        (self.on_wait)();
                    }
                    *waiting = true;
                }
                Ok(Reply::QueueFailed { path, reason }) => return Err(CasError::Queue { path, reason }),
                Ok(_) => return Err(CasError::Protocol("an answer before a question".into())),
                Err(Silence::Late) if *waiting => return Err(CasError::Busy),
                Err(Silence::Late) => return Err(CasError::Timeout),
                Err(Silence::Ended(status)) => return Ok(Some(how(status))),
                Err(Silence::Garbled(e)) => return Err(CasError::Protocol(e.to_string())),
            }
        }
    }
}

fn line(table: &Table, e: &Expr) -> Result<String, CasError> {
    table.write(e).ok_or_else(|| CasError::Unsupported { term: Box::new(e.clone()) })
}

fn place(table: &Table, x: &Symbol) -> Result<usize, CasError> {
    table.place(x).ok_or_else(|| CasError::Protocol(format!("no place for `{x}`")))
}

fn places(table: &Table, symbols: &[Symbol]) -> Result<Vec<usize>, CasError> {
    symbols.iter().map(|s| place(table, s)).collect()
}

fn refusal(reply: Reply, x: &Symbol) -> CasError {
    match reply {
        Reply::Undefined => CasError::Undefined,
        Reply::NotPolynomial => CasError::NotPolynomial { in_symbol: x.clone() },
        Reply::NotLinear => CasError::NotLinear,
        Reply::NoUniqueSolution => CasError::NoUniqueSolution,
        Reply::OutsideTerms(what) => CasError::Outside { what },
        other => CasError::Protocol(format!("unexpected reply {other:?}")),
    }
}
