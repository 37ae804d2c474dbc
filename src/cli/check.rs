//! `proofread check`: the audit.

use crate::audit::{Outcome, Stage};
use crate::document::Paper;
use crate::figure::Drawing;
use crate::page::{self, Audited};
use crate::report::text::Screen;
use crate::report::{self, baseline};

use super::args::{CheckArgs, CheckFormat};
use super::audits::audits;
use super::folder::Folder;
use super::output::{CommandError, write};
use super::papers::globs;
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
