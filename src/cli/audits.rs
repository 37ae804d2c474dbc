//! The audits of papers, recalled or made.

use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;
use rayon::prelude::*;

use crate::archive::Archive;
use crate::audit::{Entry, Options, Outcome, Progress, Stage, Stages, Symbolic, run as audit};
use crate::document::Paper;
use crate::prove::Engines;

use super::args::AuditArgs;
use super::output::CommandError;
use super::papers::{globs, ids, load, nearest};

/// The audits of several papers.
pub struct Audits {
    pub of: Vec<(Paper, Outcome)>,
    elapsed_ms: u64,
    /// What took how long besides the audits themselves.
    pub stages: Stages,
}

impl Audits {
    /// All of them as one.
    pub fn together(self, seed: u64) -> Outcome {
        let none = Outcome { stages: self.stages, ..Outcome::empty(seed) };
        let all = self.of.into_iter().fold(none, |all, (_, outcome)| all.and(outcome));
        Outcome { elapsed_ms: self.elapsed_ms, ..all }
    }
}

/// The audit of the entries of the papers at `paths` that match `only`.
pub fn outcome(paths: &[PathBuf], only: &[String], args: &AuditArgs) -> Result<Outcome, CommandError> {
    Ok(audits(paths, only, args)?.together(args.seed))
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
        let help = nearest(&only[0], &known);
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
