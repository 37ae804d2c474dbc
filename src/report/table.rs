//! Solved games as comma-separated values (RFC 4180): one line for each solution at each point.
//!
//! The columns are the parameters that vary, the solution's name, each bargained symbol, each player's
//! payoff, the performance, whether the solution is the only one, a note, or the reason why there is none,
//! and what the game reports besides. What there is not is empty.

use crate::audit::solution::GameSolution;
use crate::expr::Symbol;
use crate::solve::Enclosure;

use super::solution::unique;

/// The line of names above the lines of all points that are solved as `game` was.
pub fn header(game: &GameSolution, vary: &[Symbol]) -> String {
    let players = game.players.iter().map(|p| format!("utility {}", p.typed()));
    let fixed = |name: &str| name.to_owned();
    let names = vary.iter().map(Symbol::typed).chain([fixed("solution")]);
    let names = names.chain(game.shares.iter().map(Symbol::typed));
    let rest = ["performance", "unique", "note"].map(fixed);
    let reported = game.reported.iter().map(Symbol::typed);
    line(names.chain(players).chain(rest).chain(reported))
}

/// The lines of one point.
pub fn rows(game: &GameSolution, vary: &[Symbol]) -> String {
    let at: Vec<String> = vary.iter().map(|s| game.parameters[s].to_string()).collect();
    let solved = game.solved.solutions.iter().map(|s| {
        let utilities = s.utilities.iter().map(|(_, u)| u.decimals().to_owned());
        let performance = s.performance.as_ref().map_or(String::new(), |p| p.decimals().to_owned());
        let unique = unique(game, s).map_or(String::new(), |u| u.to_string());
        let end = [performance, unique, s.note.clone().unwrap_or_default()];
        let decimals = |(_, e): &(Symbol, Enclosure)| e.decimals().to_owned();
        let start = [s.name.clone()].into_iter().chain(s.agreement.iter().map(decimals));
        let known = |e: &Option<Enclosure>| e.as_ref().map_or(String::new(), |e| e.decimals().to_owned());
        let reported = s.reported.iter().map(|(_, e)| known(e));
        line(at.iter().cloned().chain(start).chain(utilities).chain(end).chain(reported))
    });
    let missing = game.solved.failures.iter().map(|(name, why)| {
        let empty = vec![String::new(); game.shares.len() + game.players.len() + 2];
        let reported = vec![String::new(); game.reported.len()];
        line(at.iter().cloned().chain([name.clone()]).chain(empty).chain([why.to_string()]).chain(reported))
    });
    solved.chain(missing).collect()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut out = csv::Writer::from_writer(vec![]);
    out.write_record(cells).expect("a record is written to memory");
    let bytes = out.into_inner().expect("nothing is left to flush in memory");
    String::from_utf8(bytes).expect("the cells are text")
}
