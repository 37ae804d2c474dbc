//! `proofread solve`: a game at given parameters.

use super::args::SolveArgs;
use super::output::CommandError;

/// Solves and prints.
pub fn run(args: &SolveArgs) -> Result<u8, CommandError> {
    Err(CommandError::call(format!("`{}` cannot be solved yet", args.game), "wait"))
}
