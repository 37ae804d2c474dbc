//! A paper's files: loading, schema, and diagnostics that point at what is wrong.
//!
//! * **Takes** paths: a folder of papers, a paper's folder, or one `.toml` file in a paper's folder.
//! * **Gives** [`Paper`]s: symbols, games, claims, derivations and equations, their LaTeX read, every
//!   piece [`Located`] in its file; or [`Diagnostic`]s, as many as can be found in one go.
//! * **May call** `tex`, `expr`, the model of `game`, the sentences of `finite`, the programs of `algorithm`,
//!   and `prove` to evaluate the numbers of their runs.
//!
//! The format is TOML 1.0. A paper is a folder with a `paper.toml` (`title`, `authors`, and under
//! `versions` what each version is) and further `.toml` files, read after it in the order of their names.
//! Each may hold (`?` marks what may be left out; a list of one may be written without its brackets):
//!
//! * `section?`: a heading.
//! * `shares?`, in `paper.toml` only: files of other papers, as paths from the paper's folder
//!   (`'../other-paper/model.toml'`). What they declare (symbols, indices, functions, sets and games) is
//!   declared here; what they claim is not.
//! * `[symbols]`: `'c_0' = '> 0'`, `'n' = 'integer, \ge 1'`, `'x' = 'real'`, `'f' = 'function'`,
//!   `'x^*' = 'name'`, `'G' = 'player'`. A length or a gradient is declared as a whole,
//!   `'\|x - y\|' = '\ge 0'`, `'\nabla f^T(x - y)' = 'real'`: a number of which nothing else is known.
//! * `[functions]`: functions without a formula: `'f(x)' = { on = 'x \ge 0', is = ['concave'] }`; `on` is
//!   an interval of the first parameter, `is?` words for properties, `with?` further formulas, for all
//!   parameters, `omits?` the last parameters, where the paper leaves them out. `f'` is the derivative
//!   by the first parameter; `f` alone is `f(x)`.
//! * `[indices]`: `i = '1, \ldots, n'`: every symbol with the letter in its subscripts is a family with
//!   `n` members, its declaration that of every member.
//! * `[game.NAME]`: `stages`, a list of moves `{ player, chooses, from }` in the order of play, a list of
//!   moves in the place of one being made at the same time, each with a player, a choice and a range of
//!   its own that does not depend on the others' choices; `payoffs`, `G = 'U_G := …'` for each player, or
//!   `G = 'U_G(a, x) := …'`, choices and symbols, where the paper writes it with arguments;
//!   `where?`, the definitions that payoffs use; `bargain?`, symbols; `disagreement?`, `G = '0'`;
//!   `players?`, those who do not move; `subject-to?`, relations that every agreement meets; `report?`,
//!   `{ 'r' = 'TERM' }`, what else is told of a solution. With `bargain` and `players`, `stages` may be left out.
//! * `[[claim]]`: `id`, `prints` and `means` (one of them may be left out) or, in the place of both,
//!   `says` (as a formula, what a sentence claims), with it `for-some?` (symbols: that there are values of
//!   them for which it holds; what is assumed is assumed for all), `at?` (a place for each
//!   version), `game?`, `for?` (`{ P = ['G', 'D'] }`: a claim for each value, with the id `id/G`),
//!   `where?`, `given?`, `assuming?`, `kind?`, `unique?`, `transcription? = 'doubtful'` with `reads`,
//!   `note?`, `reason?`. `means` is `equilibrium`, `pareto-set` (of a printed `NAME \in SET`), a term, `\in` and a term, a
//!   solution concept:
//!   `powerful-G` (a player or an index letter), `max-performance`, `vertical-monopoly`, `egalitarian`,
//!   `nash`, `kalai-smorodinsky`, or, without `prints`, the shape of a term:
//!   `f(x) strictly unimodal over x \in [0, 1]`, or `f(x) sometimes not strictly unimodal over …`.
//! * `[[theorem]]`: what is said of payoffs that are any functions of an agreement in `[0, 1]`: `id`, `at?`,
//!   `players` (`{ G = 'U_G', D_i = 'U_{D_i}' }`), `family?` (the index letter), `payoffs` (`strictly
//!   unimodal`, `strictly increasing`, `strictly decreasing`, `strictly concave`, or a list of those that
//!   each may be), `continuous?`, `abstain?` (`apart`, or `costing G`), `assuming?` (sentences), and a list of
//!   `[[theorem.clause]]`: `id`, `says` (the paper's words), `clause` (a sentence), `possible?` (that there
//!   are such payoffs is all that is said), `at?`, `assuming?`, `note?`.
//! * `[algorithm.NAME]`: what is done again and again: `state`, the variables with their initial values
//!   (`{ 'x' = 'x_0' }`; a value may use the variables before it); `rounds`, an integer or a term; `steps`, a list of
//!   `{ set = 'x', to = '…' }` (with lists for both, all at once), `{ if = '…', do = […], else = […] }` and
//!   `{ while = '…', do = […], at-most = 50 }`, a loop that is given up after so many passes; `parameters?`, which
//!   each run gives values; `before?`, names for the values at the start of a round (`{ 'x^{old}' = 'x' }`);
//!   `counter?`, the number of the round, from 1; `where?`, functions and names for terms, and `losses?`, functions
//!   that have derivatives by all their arguments: `\frac{\partial f(x, y)}{\partial x}` is taken by the program and
//!   is the derivative where `x` and `y` are; `data?`, numbers for the members of a family (`'z_i' = ['1', '-2']`).
//!   Its names are its own, whatever else the paper calls so, and there are no others: of the paper's symbols only
//!   index letters are known in it.
//! * `[[claim]]` with `algorithm`: `id`, `at?`, `invariant` (what holds after each round) or `finally` (after the
//!   last one), `runs`, a list of tables that give each parameter a number or several (then for every combination),
//!   `draws?`, `{ seed = 1, number = 20, over = 64, from = { 'a' = ['0', '1'], 'b' = '2' } }` (numbers between two
//!   ends, in parts of so much), `assuming?` (of parameters and initial values; other runs are left out), `note?`.
//! * `[[derivation]]`: `id`, `at?`, `of?` (a claim), `game?`, and either `steps` or a list of
//!   `[[derivation.block]]`; in the derivation or in a block `where?`, `given?`, `assuming?`, `from?`
//!   (numbers of earlier lines, and formulas), `contradicts?`, `doubtful?` (`{ 3 = '…' }`), `note?`.
//! * `[[equation]]`: `id`, `prints`, `reason`, `at?`, `game?`, `where?`, `note?`.
//! * `[[displayed]]`: a formula of the text that is no claim, for coverage: `prints` (it need not be
//!   readable) or `at` (everything displayed there), `is` (`definition`, `notation`, `assumption`,
//!   `example`, `figure`, `general theory`, `restatement` or `misprint`) and `because`.
//!   With `reads?` it is no reason: the row that is printed so is taken to read otherwise.
//! * `[[figure]]`: what `proofread figures` draws: `id`, `title`, `at?`, `over` (`'c_1 = 1/10:10:60, log'`; two of
//!   them for a map), `set?` (`{ 'c_0' = '1' }`), `panels?` (`{ 'k_0' = ['2', '3'] }`: a drawing for each value),
//!   `where?`, `note?`, and one of: `draws = 'solutions'` of a `game` (of each, `shows?`: a bargained or reported
//!   symbol, a player for its payoff, `performance`), `draws = 'agreements'` of a `game` with one bargained symbol,
//!   which `over` begins with (`shows?`: `payoffs`, `performance`, and of gains the `sum`, `smallest`, `product`),
//!   `terms = { 'NAME' = 'TERM' }`, or `claim`, whose two sides are drawn, with what should be there where it fails.
//!
//! Symbols and games are visible in their own file and in those read after it. What a game brings along
//! (players, choices, payoffs, the functions under `where`) is declared for what speaks of that game.
//!
//! LaTeX stands in single quotes, so that a byte of it is a byte of the file: nothing is unescaped.
//! Nothing is skipped either: an unknown key, like everything that cannot be read, is an error.

mod algorithm;
mod applied;
mod axis;
mod claim;
mod definitions;
mod derivation;
mod diagnostic;
mod displayed;
mod equation;
mod fields;
mod figure;
mod find;
mod frame;
mod functions;
mod games;
mod indices;
mod number;
mod paper;
mod shared;
mod source;
mod symbols;
mod theorem;

#[cfg(test)]
mod document_tests;
#[cfg(all(test, unix))]
mod find_tests;

use std::cell::RefCell;
use std::path::PathBuf;

pub use algorithm::{Algorithm, Invariant};
pub use axis::{Axis, AxisError};
pub use claim::{Claim, Means};
pub use definitions::{Definition, expand};
pub use derivation::{Block, Derivation, Premise, Step};
pub use diagnostic::{Diagnostic, Place, Problem, render};
pub use displayed::Displayed;
pub use equation::Equation;
pub use figure::{Draws, Figure, Measure, Shown};
pub use frame::Frame;
pub use games::PaperGame;
pub use number::number;
pub use paper::{File, Paper};
pub use source::{FileId, Located, Source};
pub use theorem::{Clause, Theorem};

/// The file that makes a folder a paper.
pub const PAPER_FILE: &str = "paper.toml";

/// Reads the text of a paper: a regular file of at most 5 MiB, in UTF-8.
pub fn read_text(path: &std::path::Path) -> Result<Source, Diagnostic> {
    let help = "give the paper's text: Markdown, or LaTeX in a file that ends with `.tex`";
    find::read_file(path).map_err(|mut d| {
        match (&d.problem, &d.help) {
            (Problem::Missing(_), Some(near)) if near.starts_with("did you mean") => {}
            (Problem::Missing(_) | Problem::Folder(_), _) => d.help = Some(help.to_owned()),
            _ => {}
        }
        d
    })
}

/// Loads the papers under `paths`.
///
/// Of a single file only its claims, derivations and equations are kept; the whole paper is read all
/// the same, for they may use its symbols and games. `Err` holds everything that was found wrong, in the
/// order of the files; nothing of a paper with an error is returned. Reads each file once, linear in its
/// length.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Paper>, Vec<Diagnostic>> {
    let mut problems = vec![];
    let found = find::papers(paths, &mut problems);
    let problems = RefCell::new(problems);
    let papers: Vec<Option<Paper>> = found.iter().map(|f| paper::read(f, &problems)).collect();
    let problems = problems.into_inner();
    match papers.into_iter().collect() {
        Some(papers) if problems.is_empty() => Ok(papers),
        _ => Err(problems),
    }
}
