//! The schema: a good paper is read whole, and each thing that can be wrong is said at its place.

mod complaints;
mod entries;
mod reading;
mod sharing;

use std::fs;
use std::path::PathBuf;

use miette::{GraphicalReportHandler, GraphicalTheme};
use tempfile::TempDir;

use super::*;
use crate::expr::{Expr, Formula, Kind, Relation, Symbol};

/// A folder with the files given, by name and content.
pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a name in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    dir
}

/// What is wrong, a line each: `file:line: code: message [piece] (help)`, with paths inside the folder.
pub(super) fn complaints(dir: &TempDir, paths: &[&str]) -> String {
    let paths: Vec<PathBuf> = paths.iter().map(|p| dir.path().join(p)).collect();
    let problems = load(&paths).expect_err("something is wrong");
    let prefix = format!("{}/", dir.path().display());
    let line = |d: &Diagnostic| {
        let place = d.place.as_ref().map_or(String::new(), |p| {
            let path = p.source.path().display();
            format!("{path}:{}: ", d.line().expect("a place has a line"))
        });
        let piece = d.piece().map_or(String::new(), |p| format!(" [{p}]"));
        let help = d.help.as_ref().expect("every problem says what to do");
        format!("{place}{}: {d}{piece} ({help})\n", d.problem.code()).replace(&prefix, "")
    };
    problems.iter().map(line).collect()
}

const PAPER: &str = "title = 'A paper'\nversions = { long = 'The long one', short = 'The short one' }\n";

const GAME: &str = r"
[symbols]
'c' = '> 0'
'\delta' = '\in [0,1]'

[game.duel]
bargain = '\delta'
disagreement = { G = '0' }
stages = [
  { player = 'G', chooses = 'x', from = 'x \ge 0' },
  { player = 'D', chooses = 'y', from = 'y \ge x' },
]
[game.duel.payoffs]
G = 'U_G := \delta r(y) - f(x)'
D = 'U_D := (1-\delta) r(y)'
[game.duel.where]
'r(y)' = 'y'
'f(z)' = 'c z^2'
";

const CLAIM: &str = "[[claim]]\nid = 'one'\nprints = 'c > 0'\n";

/// What is wrong with a paper of one file beside its `paper.toml`.
fn wrong(text: &str) -> String {
    complaints(&folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]), &["p"])
}

fn good(text: &str) -> Paper {
    let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]);
    match load(&[dir.path().join("p")]) {
        Ok(mut papers) => papers.remove(0),
        Err(problems) => panic!("{problems:#?}"),
    }
}
