//! `proofread check`: the audit.

use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;
use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;

use crate::archive::Archive;
use crate::audit::{Entry, Options, Outcome, Progress, Stage, Stages, Symbolic, run as audit};
use crate::document::{self, Paper};
use crate::figure::Drawing;
use crate::page::{self, Audited};
use crate::prove::Engines;
use crate::report::text::Screen;
use crate::report::{self, baseline};

use super::args::{AuditArgs, CheckArgs, CheckFormat};
use super::folder::Folder;
use super::output::{CommandError, write};
use super::{CLEAN, FINDINGS, timings, written};

/// How many of the entries that took longest are named under `-v`.
const SLOWEST: usize = 10;

/// Audits and prints; the exit code says whether there are findings, or changes if there is a
/// baseline.
pub fn run(args: &CheckArgs) -> Result<u8, CommandError> {
    let earlier = args.baseline.as_deref().map(written::report).transpose()?;
    let folder = args.report.as_deref().map(|path| Folder { path, what: "report", option: "--report" });
    if let Some(folder) = &folder {
        folder.prepare()?;
    }
    let mut audits = audits(&args.paths, &args.only, &args.audit)?;
    if let Some(folder) = &folder {
        let written = || report(folder, &audits.of, args.date.as_deref());
        audits.stages.timed(Stage::Writing, written)?;
    }
    let outcome = audits.together(args.audit.seed);
    let wanted = globs(&args.only)?;
    let is_wanted = |id: &str| wanted.as_ref().is_none_or(|globs| globs.is_match(id));
    let changes = earlier.map(|earlier| baseline::changes(&outcome, &earlier, &is_wanted));
    let timed = !args.no_timings;
    let screen = super::output::screen();
    let screen = screen.map(|s| Screen { lines: s.lines.filter(|_| !args.all), ..s });
    let text = match (args.format, &changes) {
        (CheckFormat::Text, None) => report::text::summary(&outcome, timed, screen),
        (CheckFormat::Text, Some(changes)) => {
            format!("{}{}", changes.text(), report::text::totals(&outcome, timed))
        }
        (CheckFormat::Json, _) => {
            let mut json = report::json::report(&outcome, timed);
            if let Some(changes) = &changes {
                json["baseline"] = changes.json();
            }
            format!("{}\n", serde_json::to_string(&json).expect("a report is plain data"))
        }
        (CheckFormat::Junit, _) => report::junit::report(&outcome, timed, changes.as_ref()),
    };
    write(&text)?;
    if args.verbose > 0 {
        // Apart from the summary, if both are on a screen.
        if screen.is_some() {
            super::output::say("\n");
        }
        super::output::say(&timings::told(&outcome, (args.verbose == 1).then_some(SLOWEST)));
    }
    let is_clean = changes.map_or_else(|| outcome.findings().is_empty(), |c| c.list.is_empty());
    Ok(if is_clean { CLEAN } else { FINDINGS })
}

/// The audit of the entries of the papers at `paths` that match `only`.
pub fn outcome(paths: &[PathBuf], only: &[String], args: &AuditArgs) -> Result<Outcome, CommandError> {
    Ok(audits(paths, only, args)?.together(args.seed))
}

/// Writes the pages of the audits with their figures; a figure that cannot be drawn is said and left out.
fn report(folder: &Folder, audits: &[(Paper, Outcome)], date: Option<&str>) -> Result<(), CommandError> {
    let drawn = |(paper, outcome): &(Paper, Outcome)| -> Vec<Drawing> {
        let all = paper.figures.iter().map(|f| super::figures::drawing(paper, f, &outcome.entries));
        let said = |e: CommandError| super::output::say(&format!("note: {e}\n"));
        all.filter_map(|drawing| drawing.map_err(said).ok()).collect()
    };
    let figures: Vec<Vec<Drawing>> = audits.iter().map(drawn).collect();
    let audited: Vec<Audited> = audits
        .iter()
        .zip(&figures)
        .map(|((paper, outcome), figures)| Audited { paper, outcome, figures })
        .collect();
    // The index comes last.
    page::pages(&audited, date).iter().try_for_each(|page| folder.put(&page.name, &page.html))
}

/// The audits of several papers.
pub struct Audits {
    pub of: Vec<(Paper, Outcome)>,
    elapsed_ms: u64,
    /// What took how long besides the audits themselves.
    stages: Stages,
}

impl Audits {
    /// All of them as one.
    fn together(self, seed: u64) -> Outcome {
        let none = Outcome { stages: self.stages, ..Outcome::empty(seed) };
        let all = self.of.into_iter().fold(none, |all, (_, outcome)| all.and(outcome));
        Outcome { elapsed_ms: self.elapsed_ms, ..all }
    }
}

/// The audit of each paper at `paths`, of its entries that match `only`.
pub fn audits(paths: &[PathBuf], only: &[String], args: &AuditArgs) -> Result<Audits, CommandError> {
    let began = Instant::now();
    let mut stages = Stages::default();
    // The program is a hundred megabytes to read, which takes about as long as the papers.
    let read = || rayon::join(|| load(paths), || if args.fresh { None } else { archive() });
    let (papers, archive) = stages.timed(Stage::Reading, read);
    let papers = papers?;
    let options = options(only, args)?;
    let bar = super::output::progress_bar(None);
    let progress = |id: &str| bar.set_message(id.to_owned());
    progress("replaying the last audits");
    let recalled = || papers.par_iter().map(|paper| recalled(paper, &options, archive.as_ref()?)).collect();
    let recalled: Vec<Option<Outcome>> = stages.timed(Stage::Recalling, recalled);
    let made = |(paper, recalled): (&Paper, Option<Outcome>)| match recalled {
        Some(outcome) => Ok(outcome),
        None => judged(paper, &options, archive.as_ref(), &progress),
    };
    let outcomes = papers.iter().zip(recalled).map(made).collect::<Result<Vec<Outcome>, CommandError>>()?;
    bar.finish_and_clear();
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if outcomes.iter().all(|o| o.entries.is_empty()) && !only.is_empty() {
        let known = ids(&papers);
        let help = super::explain::nearest(&only[0], &known);
        return Err(CommandError::call(format!("no entry matches `{}`", only.join("`, `")), help));
    }
    Ok(Audits { of: papers.into_iter().zip(outcomes).collect(), elapsed_ms, stages })
}

/// The audit of one paper as it was made before, of its entries that are wanted.
fn recalled(paper: &Paper, options: &Options, archive: &Archive) -> Option<Outcome> {
    let mut outcome = archive.recall(&archive.key(paper, options), options.seed)?;
    outcome.entries.retain(|e: &Entry| options.only.as_ref().is_none_or(|globs| globs.is_match(&e.id)));
    Some(outcome)
}

/// The audit of one paper, put into the archive if it is of the whole paper.
fn judged(
    paper: &Paper,
    options: &Options,
    archive: Option<&Archive>,
    progress: Progress,
) -> Result<Outcome, CommandError> {
    let limit = options.engines.limit;
    let algebra = Symbolic::new(super::own_program()?, limit, say_that_we_wait);
    let mut outcome = audit(std::slice::from_ref(paper), options, &algebra, progress);
    let trouble = algebra.trouble();
    if let (Some(archive), true, None) = (archive, trouble.is_none(), &options.only) {
        // A cache that cannot be written costs time and nothing else.
        let _ = archive.keep(&archive.key(paper, options), &outcome, options);
    }
    outcome.notes.extend(trouble);
    outcome.stages.symbolic = algebra.asked();
    Ok(outcome)
}

fn options(only: &[String], args: &AuditArgs) -> Result<Options, CommandError> {
    let engines = Engines { seed: args.seed, limit: Duration::from_secs(args.timeout), ..Engines::default() };
    let draws = crate::audit::DRAWS;
    Ok(Options { seed: args.seed, digits: args.digits, draws, only: globs(only)?, engines })
}

/// The archive in the user's cache folder; none where there is no such folder, or where the program
/// cannot be told from others.
fn archive() -> Option<Archive> {
    let cache = etcetera::choose_base_strategy().ok()?.cache_dir();
    Archive::new(&cache.join(env!("CARGO_PKG_NAME")), &super::own_program().ok()?).ok()
}

/// Called whenever another run has the symbolic layer; it is said once.
pub fn say_that_we_wait() {
    static SAID: Once = Once::new();
    SAID.call_once(|| super::output::say("waiting for another run to finish with the symbolic layer\n"));
}

/// Loads the papers, or says everything that is wrong with them.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Paper>, CommandError> {
    document::load(paths).map_err(CommandError::Input)
}

/// The ids of all entries that the papers would give.
pub fn ids(papers: &[Paper]) -> Vec<String> {
    papers.iter().flat_map(crate::audit::ids).collect()
}

/// Patterns match an id with or without the paper's name in front, and a derivation's id its lines.
pub fn globs(patterns: &[String]) -> Result<Option<GlobSet>, CommandError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for p in patterns {
        for form in [p.clone(), format!("*/{p}"), format!("{p}/*"), format!("*/{p}/*")] {
            let glob = Glob::new(&form).map_err(|e| {
                CommandError::call(
                    format!("`{p}` is not a pattern: {}", e.kind()),
                    "use `*`, `?` and `[…]` as a shell does",
                )
            })?;
            set.add(glob);
        }
    }
    let set = set.build().map_err(|e| CommandError::call(e.to_string(), "give fewer patterns"))?;
    Ok(Some(set))
}
