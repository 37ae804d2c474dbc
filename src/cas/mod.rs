//! The symbolic layer: derivatives, normal forms, factors, linear systems.
//!
//! * **Takes** elementary terms without case distinctions, absolute values, maxima and minima;
//!   their symbols stand for any real numbers.
//! * **Gives** terms again, or [`CasError`]. What is returned equals what was asked for at every
//!   point at which **both are defined**: a common factor is cancelled (`x/x` is 1), a square
//!   root may be moved out of a denominator. Whoever needs the points where a term is undefined
//!   asks [`crate::expr::defined`] about the term that was there before.
//! * **May call** `expr`, and Symbolica, which no other room names.
//!
//! Symbolica runs in a child process of our own program ([`worker`]): it cannot be interrupted,
//! it aborts where a second copy of it runs on the machine, and it overflows its stack on deep
//! terms. The child can be killed and started again; a machine-wide [`queue`] sees to it that
//! one runs at a time. [`Cas`] is the client. Symbolica's answers are what the identity engine
//! starts from; it confirms them by exact evaluation of its own.
//!
//! | file | what |
//! | --- | --- |
//! | `client`, `child` | requests with deadlines; the child process as its parent sees it |
//! | `protocol`, `wire` | what travels between the two; terms as lines of text |
//! | `worker`, `operations` | the child's loop; what it answers |
//! | `encode`, `decode` | our terms as Symbolica's and back |
//! | `normal`, `base` | normal forms with roots and symbolic exponents |
//! | `degree` | refusing what would overflow |
//! | `queue` | the machine-wide lock |
//!
//! Method: Geddes, Czapor, Labahn, *Algorithms for Computer Algebra*, 1992, chapter 3.

mod base;
mod child;
pub mod client;
mod decode;
mod degree;
mod encode;
mod error;
mod normal;
mod operations;
mod protocol;
pub mod queue;
mod wire;
pub mod worker;

pub use client::Cas;
pub use error::CasError;
