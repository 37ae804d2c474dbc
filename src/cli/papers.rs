//! The papers that a user names, and their entries by their ids.

use std::path::PathBuf;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::document::{self, Paper};

use super::output::CommandError;

/// How many ids a mistyped one is answered with.
const SUGGESTIONS: usize = 3;

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
