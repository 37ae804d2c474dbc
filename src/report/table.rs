//! Solved games as comma-separated values (RFC 4180): one line for each solution at each point.
//!
//! The columns are the parameters that vary, the solution's name, the share, each player's payoff, the
//! performance, whether the solution is the only one, and a note, or the reason why there is none. What
//! there is not is empty.

use crate::audit::solution::GameSolution;
use crate::expr::Symbol;

/// The line of names above the lines of all points that are solved as `game` was.
pub fn header(game: &GameSolution, vary: &[Symbol]) -> String {
    let players = game.players.iter().map(|p| format!("utility {}", p.typed()));
    let fixed = |name: &str| name.to_owned();
    let names = vary.iter().map(Symbol::typed).chain([fixed("solution"), game.share.typed()]);
    let rest = ["performance", "unique", "note"].map(fixed);
    line(names.chain(players).chain(rest))
}

/// The lines of one point.
pub fn rows(game: &GameSolution, vary: &[Symbol]) -> String {
    let at: Vec<String> = vary.iter().map(|s| game.parameters[s].to_string()).collect();
    let solved = game.solved.solutions.iter().map(|s| {
        let utilities = s.utilities.iter().map(|(_, u)| u.decimals().to_owned());
        let performance = s.performance.as_ref().map_or(String::new(), |p| p.decimals().to_owned());
        let end = [performance, (!s.ties).to_string(), s.note.clone().unwrap_or_default()];
        let start = [s.name.clone(), s.share.decimals().to_owned()];
        line(at.iter().cloned().chain(start).chain(utilities).chain(end))
    });
    let missing = game.solved.failures.iter().map(|(name, why)| {
        let empty = vec![String::new(); game.players.len() + 3];
        line(at.iter().cloned().chain([name.clone()]).chain(empty).chain([why.to_string()]))
    });
    solved.chain(missing).collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut out = csv::Writer::from_writer(vec![]);
    out.write_record(cells).expect("a record is written to memory");
    let bytes = out.into_inner().expect("nothing is left to flush in memory");
    String::from_utf8(bytes).expect("the cells are text")
}
