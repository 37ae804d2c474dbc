//! `proofread explain`: one entry in full.

use crate::report::card::wrapped;
use crate::report::story::story;

use super::args::ExplainArgs;
use super::audits::outcome;
use super::output::{CommandError, say, width, write};
use super::papers::{ids, load, nearest};
use super::{CLEAN, FINDINGS};

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

fn globset_escaped(id: &str) -> String {
    id.chars().flat_map(|c| if "*?[]{}\\".contains(c) { vec!['[', c, ']'] } else { vec![c] }).collect()
}
