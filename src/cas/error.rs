//! Why the symbolic layer gave no answer.

use crate::expr::{Expr, Symbol};

/// Why the symbolic layer gave no answer. None of these says anything about the mathematics.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CasError {
    /// The term has a part that is no elementary operation known to the symbolic layer.
    #[error("the symbolic layer takes sums, products, powers, `ln` and `exp` only")]
    Unsupported { term: Box<Expr> },
    #[error("the term nests deeper than {limit} levels")]
    TooDeep { limit: usize },
    #[error("the term mentions {found} symbols, more than {limit}")]
    TooManySymbols { found: usize, limit: usize },
    /// The term is undefined wherever it is evaluated.
    #[error("the term is undefined everywhere, as 1/0 is")]
    Undefined,
    #[error("the term is no polynomial in `{in_symbol}`")]
    NotPolynomial { in_symbol: Symbol },
    #[error("the equations are not linear in the unknowns")]
    NotLinear,
    #[error("the equations do not determine the unknowns")]
    NoUniqueSolution,
    /// The answer is no term of ours, or beyond this room's limits.
    #[error("the answer is not a term: {what}")]
    Outside { what: String },
    /// The deadline passed while the child was computing; it was killed.
    #[error("the symbolic computation did not end in time")]
    Timeout,
    /// The deadline passed while another computation had the symbolic layer.
    #[error("the symbolic layer was in use by another computation until the deadline")]
    Busy,
    /// The child ended in the middle of the computation.
    #[error("the symbolic computation broke off ({how})")]
    Died { how: String },
    /// The child could not be started, or ended before it took requests.
    #[error("the symbolic layer does not start: {reason}")]
    Start { reason: String },
    /// The queue's lock file could not be used.
    #[error("the queue for the symbolic layer needs the file `{path}`: {reason}")]
    Queue { path: String, reason: String },
    /// The child said something unexpected.
    #[error("the symbolic layer gave an unreadable answer: {0}")]
    Protocol(String),
}

impl CasError {
    /// What the user can do about it, if anything.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            CasError::Timeout => Some("allow more time with `--timeout`"),
            CasError::Busy => Some("wait for the other run to end, or allow more time with `--timeout`"),
            CasError::Start { .. } => Some(
                "without a licence key in SYMBOLICA_LICENSE only one program on a machine can use Symbolica; see whether another one does",
            ),
            CasError::Queue { .. } => Some("point TMPDIR at a directory that can be written to"),
            _ => None,
        }
    }
}
