//! Bargaining solutions at exact parameters, to certified digits.
//!
//! * **Takes** a [`Profile`]: each player's payoff as a term over the bargained share alone; or
//!   [`Several`]: as a term over several symbols with ranges and conditions.
//! * **Gives** [`Solved`]: the share, the payoffs and the performance of every bargaining
//!   solution, and the Pareto set, as [`Enclosure`]s.
//! * **May call** `expr`, `ball` and `exact`.
//!
//! Method. Payoffs are sums of products of powers of linear factors, with constants that are
//! sums of roots of rationals; all of it is kept exactly, so that derivatives, leading terms at
//! the ends of the range and constant objectives are exact. The signs of derivatives and of
//! differences over the whole range are certified with outward-rounded arithmetic (Moore,
//! *Interval Analysis*, 1966; Tucker, *Validated Numerics*, 2011, chapter 5); zeros are isolated
//! by the sign of the next derivative and refined by Newton's interval operator. No
//! floating-point result that is not an enclosure has a part in any answer.
//!
//! Over several symbols, what maximises a product of terms is found by branch and bound on boxes and
//! certified by strict concavity; the sources are in [`region`] and [`several`].
//!
//! The solutions are those of Nash (1950), Kalai and Smorodinsky (1975) and Kalai (1977,
//! egalitarian), of each player alone, of all together, and of the performance.

mod bargain;
mod curve;
mod egalitarian;
mod enclosure;
mod ends;
mod error;
mod jet;
mod maximise;
#[cfg(test)]
mod oracle_tests;
mod pareto;
#[cfg(test)]
mod pareto_tests;
mod partition;
mod place;
mod powersum;
mod product;
mod radical;
mod read;
mod region;
mod several;
#[cfg(test)]
mod several_tests;
mod site;
#[cfg(test)]
mod tests;

pub use bargain::{Profile, Solution, Solved, solve};
pub use enclosure::Enclosure;
pub use error::SolveError;
pub use several::{Several, solve_several};
