//! `proofread figures`: what the papers' files say can be drawn.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::audit::{Entry, Symbolic};
use crate::document::{Draws, Figure, Paper};
use crate::figure::{self, Drawing};
use crate::game::extremum::Tools;
use crate::prove::Engines;

use super::CLEAN;
use super::args::{AuditArgs, FiguresArgs};
use super::audits::{audits, say_that_we_wait};
use super::folder::Folder;
use super::output::{CommandError, say, write};
use super::papers::{globs, load, nearest};

/// Seconds that a request to the symbolic layer may take.
const REQUEST: Duration = Duration::from_secs(20);

/// Draws, writes a file for each figure, and lists the files.
pub fn run(args: &FiguresArgs) -> Result<u8, CommandError> {
    let papers = load(&args.paths)?;
    let only = globs(&args.only)?;
    let id = |paper: &Paper, figure: &Figure| format!("{}/{}", paper.id, figure.id.value);
    let wanted: Vec<(&Paper, &Figure)> = papers
        .iter()
        .flat_map(|p| p.figures.iter().map(move |f| (p, f)))
        .filter(|(p, f)| only.as_ref().is_none_or(|globs| globs.is_match(id(p, f))))
        .collect();
    if wanted.is_empty() && !args.only.is_empty() {
        let known: Vec<String> =
            papers.iter().flat_map(|p| p.figures.iter().map(move |f| id(p, f))).collect();
        let help = nearest(&args.only[0], &known);
        return Err(CommandError::call(format!("no figure matches `{}`", args.only.join("`, `")), help));
    }
    if wanted.is_empty() {
        say("no figure is described in the papers' files: see [[figure]] in the guide\n");
        return Ok(CLEAN);
    }
    let folder = Folder { path: &args.out, what: "figures", option: "--out" };
    folder.prepare()?;
    let judged = judged(&args.paths, &wanted, &args.audit)?;
    let bar = super::output::progress_bar(Some(wanted.len() as u64));
    let mut drawings = vec![];
    for (paper, figure) in wanted {
        bar.set_message(id(paper, figure));
        drawings.push((paper.id.as_str(), drawing(paper, figure, &judged)?));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut listed = String::new();
    for (paper, drawing) in drawings {
        let path = args.out.join(paper);
        let folder = Folder { path: &path, ..folder };
        folder.prepare()?;
        folder.put(&drawing.file_name(), &drawing.svg)?;
        listed += &format!("{}  {}\n", path.join(drawing.file_name()).display(), drawing.title);
    }
    write(&listed)?;
    Ok(CLEAN)
}

/// The entries of the claims that are drawn.
fn judged(
    paths: &[PathBuf],
    figures: &[(&Paper, &Figure)],
    args: &AuditArgs,
) -> Result<Vec<Entry>, CommandError> {
    let ids: BTreeSet<String> = figures
        .iter()
        .filter_map(|(p, f)| match &f.draws {
            Draws::Claim(claim) => Some(format!("{}/{}", p.id, claim.value)),
            _ => None,
        })
        .collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let audits = audits(paths, &ids.into_iter().collect::<Vec<_>>(), args)?;
    Ok(audits.of.into_iter().flat_map(|(_, outcome)| outcome.entries).collect())
}

/// One figure, drawn; `judged` holds the entry of the claim that it draws.
pub fn drawing(paper: &Paper, figure: &Figure, judged: &[Entry]) -> Result<Drawing, CommandError> {
    let algebra = Symbolic::new(super::own_program()?, REQUEST, say_that_we_wait);
    let engines = Engines::default();
    let tools = Tools { judge: &engines, algebra: &algebra };
    let entry = |id: &str| judged.iter().find(|e| e.id == id);
    figure::draw(paper, figure, &entry, tools).map_err(|e| {
        let file = paper.file(figure.id.file).source.path().display();
        CommandError::call(e.to_string(), format!("see line {} of {file}", figure.id.line))
    })
}
