//! SMT-LIB in: public problems of real algebra, put to the order engine.
//!
//! * **Takes** the text of a script in the plain QF_NRA fragment of SMT-LIB 2.
//! * **Gives** an [`Answer`] for each `check-sat`, with exact models; or an [`Error`] with the
//!   place of what is not in the fragment.
//! * **May call** `expr` (for relations and names), `exact` and `prove::order`.
//!
//! The language is that of Barrett, Fontaine and Tinelli, *The SMT-LIB Standard, version 2.6*
//! (2021), with its theory of reals. What is supported: `set-logic`; `set-info` and `set-option`,
//! which are ignored; constants of sort `Real`; `define-fun` and `define-const` without recursion;
//! `assert`, `check-sat`, `get-model`, `exit`; terms of `let`, `ite`, `and`, `or`, `not`, `=>`,
//! `xor`, `=`, `distinct`, `<`, `<=`, `>`, `>=`, `+`, `-`, `*`, `/` and `^` with a literal natural
//! exponent. All else is refused with its place.
//!
//! # What the answers mean
//!
//! * `sat`: there is a model, and it was evaluated exactly on the assertions as they were read,
//!   by [`check`], which shares no code with the translation but the arithmetic of quotients.
//! * `unsat`: the order engine found a certificate for the translated assertions, and the
//!   re-check of [`crate::prove::order::recheck`] accepted it.
//! * `unknown`: the time ran out, or the problem is larger than what is taken on. A problem that
//!   was not answered in time is abandoned on its thread, which ends with the program.
//!
//! # Division by zero
//!
//! The standard makes `/` a total function of which nothing is said at divisor zero. So `(/ a b)`
//! is `a/b` where `b` is not zero and `f(a)` elsewhere, `f` being the same unknown function
//! throughout: a variable for each distinct dividend, and for each two of them the condition that
//! equal dividends have equal values. No model says what `f` is beyond the dividends that occur.
//!
//! # Powers
//!
//! `^` is not in the standard's theory of reals. `(^ x n)` is the product of `n` factors `x`, and
//! one for `n = 0`, also where `x` is zero.
//!
//! # Sharing
//!
//! Terms are hash-consed, so that nested `let`s cost what they say and not what they abbreviate;
//! all passes over them are loops. Polynomials are expanded, and the boolean structure becomes a
//! tree: both have a limit of size, and beyond it the answer is `unknown`.

pub mod answer;
pub mod check;
pub mod error;
mod lexer;
mod print;
mod ratio;
mod reader;
mod sexpr;
pub mod term;
mod translate;

pub use answer::{Answer, Doubt, Reply, run};
pub use error::Error;
pub use reader::{Command, Script, read};
