//! Files of other papers whose declarations a paper shares.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::diagnostic::{Diagnostic, Problem};
use super::find::{self, Found};
use super::source::{Located, Source};

/// The files that `shares` names in a paper's first file, in its order. What is wrong with one is
/// reported where it is named.
pub(super) fn read(
    shares: &[Located<String>],
    found: &Found,
    first: Option<&Source>,
    problems: &RefCell<Vec<Diagnostic>>,
) -> Vec<Source> {
    let Some(first) = first else { return vec![] };
    let mut taken = BTreeSet::new();
    let mut out = vec![];
    for share in shares {
        match one(&share.value, found, &mut taken) {
            Ok(source) => out.push(source),
            Err(d) => {
                let at = Diagnostic::at(first, share.span.clone(), d.problem, d.help);
                problems.borrow_mut().push(at);
            }
        }
    }
    out
}

/// Reads one of them. Errors have no place.
fn one(share: &str, found: &Found, taken: &mut BTreeSet<PathBuf>) -> Result<Source, Diagnostic> {
    let refused = |help: &str| Err(Diagnostic::general(Problem::BadShare(share.to_owned()), help));
    let relative = Path::new(share);
    if !relative
        .components()
        .all(|c| matches!(c, Component::ParentDir | Component::CurDir | Component::Normal(_)))
    {
        return refused("give a path from this paper's folder: '../other-paper/model.toml'");
    }
    if relative.extension().is_none_or(|e| e != "toml") || relative.ends_with(super::PAPER_FILE) {
        return refused("name the file with the declarations, one beside the other paper's `paper.toml`");
    }
    let path = found.folder.join(relative);
    let source = find::read_file(&path)?;
    let real = |p: &Path| fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
    if found.files.iter().any(|own| real(own) == real(&path)) {
        return refused("a paper's own files are read without being named");
    }
    if !taken.insert(real(&path)) {
        return refused("it is named twice");
    }
    Ok(source)
}
