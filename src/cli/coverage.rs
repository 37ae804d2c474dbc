//! `proofread coverage`: which displayed formulas of a text the papers cover.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::coverage::{Coverage, Form, Options, cover};
use crate::document::{Paper, read_text};
use crate::report::coverage::{Shown, json, text};

use super::args::{CoverageArgs, Format};
use super::output::{CommandError, width, write};
use super::papers::load;
use super::{CLEAN, FINDINGS};

/// Compares and prints; the exit code says whether something is not covered.
pub fn run(args: &CoverageArgs) -> Result<u8, CommandError> {
    let source = read_text(&args.text).map_err(|d| CommandError::Input(vec![d]))?;
    let is_tex = args.text.extension().is_some_and(|e| e.eq_ignore_ascii_case("tex"));
    let form = if is_tex { Form::Tex } else { Form::Markdown };
    let papers = load(&args.paths)?;
    let options = Options { inline: args.inline, edition: edition(&papers, args.edition.as_deref())? };
    let coverage = cover(&source, form, &papers, &options).map_err(CommandError::Input)?;
    let shown = Shown::of(&coverage, &selected(&coverage, &args.section)?);
    let text = match args.format {
        Format::Text => text(&shown, width()),
        Format::Json => format!("{}\n", json(&shown)),
    };
    write(&text)?;
    Ok(if shown.is_complete() { CLEAN } else { FINDINGS })
}

/// The version that is named, which one of the papers has.
fn edition(papers: &[Paper], name: Option<&str>) -> Result<Option<String>, CommandError> {
    let known: Vec<&str> = papers.iter().flat_map(|p| p.versions.keys()).map(String::as_str).collect();
    match name {
        Some(name) if !known.contains(&name) => {
            let help = match known.as_slice() {
                [] => "the papers have no versions: leave --as out".to_owned(),
                known => format!("the versions are `{}`", known.join("`, `")),
            };
            Err(CommandError::call(format!("there is no version `{name}`"), help))
        }
        name => Ok(name.map(str::to_owned)),
    }
}

/// Which sections are spoken of: all of them without a pattern. What stands before the first heading
/// belongs to none, and is spoken of only without a pattern.
fn selected(coverage: &Coverage, patterns: &[String]) -> Result<Option<Vec<bool>>, CommandError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let globs = globs(patterns)?;
    let matches = |s: &crate::coverage::Section| {
        s.numbers().iter().any(|n| globs.is_match(n)) || globs.is_match(&s.title) || globs.is_match(s.name())
    };
    let chosen: Vec<bool> = coverage.sections.iter().map(matches).collect();
    if chosen.contains(&true) {
        return Ok(Some(chosen));
    }
    let names: Vec<String> = coverage.sections.iter().map(|s| format!("`{}`", s.name())).take(8).collect();
    let help = match names.as_slice() {
        [] => "no heading was found in the text: leave --section out".to_owned(),
        names => format!("the sections are {}, …", names.join(", ")),
    };
    Err(CommandError::call(format!("no section matches `{}`", patterns.join("`, `")), help))
}

fn globs(patterns: &[String]) -> Result<GlobSet, CommandError> {
    let mut set = GlobSetBuilder::new();
    for p in patterns {
        let glob = GlobBuilder::new(p).case_insensitive(true).build().map_err(|e| {
            let message = format!("`{p}` is not a pattern: {}", e.kind());
            CommandError::call(message, "use `*`, `?` and `[…]` as a shell does")
        })?;
        set.add(glob);
    }
    set.build().map_err(|e| CommandError::call(e.to_string(), "give fewer patterns"))
}
