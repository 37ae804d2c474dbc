//! `proofread explain`: one entry in full.

use crate::report::card::wrapped;
use crate::report::story::story;

use super::args::ExplainArgs;
use super::check::{ids, load, outcome};
use super::output::{CommandError, say, width, write};
use super::{CLEAN, FINDINGS};

/// How many ids a mistyped one is answered with.
const SUGGESTIONS: usize = 3;

/// Judges the entry and tells its story.
pub fn run(args: &ExplainArgs) -> Result<u8, CommandError> {
    let known = ids(&load(&args.paths)?);
    let matching: Vec<&String> =
        known.iter().filter(|id| **id == args.id || id.ends_with(&format!("/{}", args.id))).collect();
    let id = match matching.as_slice() {
        [one] => (*one).clone(),
        [] => {
            let message = format!("there is no entry `{}`", args.id);
            return Err(CommandError::call(message, nearest(&args.id, &known)));
        }
        several => {
            let names: Vec<&str> = several.iter().map(|s| s.as_str()).collect();
            let message = format!("`{}` is the id of several entries", args.id);
            return Err(CommandError::call(message, format!("say which: {}", names.join(", "))));
        }
    };
    let outcome = outcome(&args.paths, &[globset_escaped(&id)], &args.audit)?;
    let mut code = CLEAN;
    for entry in outcome.entries.iter().filter(|e| e.id == id) {
        let text = story(entry);
        write(&width().map_or_else(|| text.clone(), |columns| wrapped(&text, columns)))?;
        if entry.verdict.is_finding() {
            code = FINDINGS;
        }
    }
    for note in &outcome.notes {
        say(&format!("note: {note}\n"));
    }
    Ok(code)
}

/// A help line with the ids most like `id`.
pub fn nearest(id: &str, known: &[String]) -> String {
    let short = |full: &str| full.split_once('/').map_or(full.to_owned(), |(_, rest)| rest.to_owned());
    // It may have been typed with the paper's name in front.
    let likeness = |k: &str| strsim::jaro_winkler(id, k).max(strsim::jaro_winkler(id, &short(k)));
    let mut ranked: Vec<(f64, String)> = known.iter().map(|k| (likeness(k), short(k))).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let names: Vec<String> = ranked.into_iter().take(SUGGESTIONS).map(|(_, k)| format!("`{k}`")).collect();
    if names.is_empty() {
        "the papers have no entries".into()
    } else {
        format!("did you mean {}?", names.join(", "))
    }
}

fn globset_escaped(id: &str) -> String {
    id.chars().flat_map(|c| if "*?[]{}\\".contains(c) { vec!['[', c, ']'] } else { vec![c] }).collect()
}
