//! Finding papers from the paths a user gives, and reading files with care.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::PAPER_FILE;
use super::diagnostic::{Diagnostic, Problem, nearest};
use super::source::Source;

/// The largest file that is read, in bytes. A paper's longest section has some 100 kB.
const LARGEST_FILE: u64 = 5 * 1024 * 1024;

/// A paper's folder, before its files are read.
#[derive(Debug)]
pub(super) struct Found {
    pub id: String,
    pub folder: PathBuf,
    /// `paper.toml`, then the other files by name.
    pub files: Vec<PathBuf>,
    /// The files whose claims are wanted; all if none.
    pub selected: Option<BTreeSet<PathBuf>>,
}

/// The papers under the paths, in the order of the paths and, inside a folder of papers, of their names.
/// A paper that is found twice is listed once.
pub(super) fn papers(paths: &[PathBuf], problems: &mut Vec<Diagnostic>) -> Vec<Found> {
    let mut found: Vec<Found> = vec![];
    for path in paths {
        match under(path) {
            Ok(papers) => papers.into_iter().for_each(|p| merge(&mut found, p, problems)),
            Err(mut ds) => problems.append(&mut ds),
        }
    }
    found
}

fn merge(found: &mut Vec<Found>, new: Found, problems: &mut Vec<Diagnostic>) {
    let real = |f: &Found| fs::canonicalize(&f.folder).unwrap_or_else(|_| f.folder.clone());
    let Some(old) = found.iter_mut().find(|f| f.id == new.id) else {
        found.push(new);
        return;
    };
    if real(old) != real(&new) {
        let help =
            format!("`{}` and `{}`: rename one of the folders", old.folder.display(), new.folder.display());
        problems.push(Diagnostic::general(Problem::DuplicatePaper(new.id), help));
        return;
    }
    // The same folder may be spelled in two ways: files are told apart by their names.
    let names = new.selected.map(|s| s.iter().filter_map(|p| p.file_name().map(ToOwned::to_owned)).collect());
    old.selected = match (old.selected.take(), names) {
        (Some(mut all), Some(names)) => {
            let names: BTreeSet<_> = names;
            let more = old.files.iter().filter(|p| p.file_name().is_some_and(|n| names.contains(n)));
            all.extend(more.cloned());
            Some(all)
        }
        _ => None,
    };
}

fn under(path: &Path) -> Result<Vec<Found>, Vec<Diagnostic>> {
    let metadata = fs::metadata(path).map_err(|e| vec![unreadable(path, &e)])?;
    if !metadata.is_dir() {
        return one_file(path).map(|f| vec![f]).map_err(|d| vec![d]);
    }
    if path.join(PAPER_FILE).symlink_metadata().is_ok() {
        return paper(path).map(|f| vec![f]).map_err(|d| vec![d]);
    }
    let entries = list(path).map_err(|d| vec![d])?;
    if entries.iter().any(|p| is_toml(p)) {
        return Err(vec![no_paper_file(path)]);
    }
    let folders: Vec<&PathBuf> = entries.iter().filter(|p| p.is_dir() || is_broken_link(p)).collect();
    if folders.is_empty() {
        let help = format!("a paper is a folder with a `{PAPER_FILE}` in it");
        return Err(vec![Diagnostic::general(Problem::EmptyFolder(shown(path)), help)]);
    }
    let (mut found, mut problems) = (vec![], vec![]);
    for folder in folders {
        match fs::metadata(folder) {
            Err(e) => problems.push(unreadable(folder, &e)),
            Ok(_) if folder.join(PAPER_FILE).symlink_metadata().is_err() => {
                problems.push(no_paper_file(folder))
            }
            Ok(_) => match paper(folder) {
                Ok(p) => found.push(p),
                Err(d) => problems.push(d),
            },
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The paper in a folder that has a `paper.toml`.
fn paper(folder: &Path) -> Result<Found, Diagnostic> {
    let named = folder.file_name().map(ToOwned::to_owned);
    // `.` and `..` have no name of their own.
    let real = || fs::canonicalize(folder).ok().and_then(|p| p.file_name().map(ToOwned::to_owned));
    let name = named.or_else(real).unwrap_or_else(|| "paper".into());
    let first = folder.join(PAPER_FILE);
    let others = list(folder)?.into_iter().filter(|p| is_toml(p) && *p != first);
    let files = std::iter::once(first.clone()).chain(others).collect();
    Ok(Found { id: name.to_string_lossy().into_owned(), folder: folder.to_owned(), files, selected: None })
}

/// The paper of which a file is part, with that file selected.
fn one_file(path: &Path) -> Result<Found, Diagnostic> {
    if !is_toml(path) {
        let help =
            format!("give a folder of papers, a paper's folder, or a `.toml` file beside its `{PAPER_FILE}`");
        return Err(Diagnostic::general(Problem::NotToml(shown(path)), help));
    }
    let folder = match path.parent() {
        Some(p) if p != Path::new("") => p,
        _ => Path::new("."),
    };
    if folder.join(PAPER_FILE).symlink_metadata().is_err() {
        return Err(no_paper_file(folder));
    }
    let mut found = paper(folder)?;
    let name = path.file_name();
    found.selected = Some(found.files.iter().filter(|p| p.file_name() == name).cloned().collect());
    Ok(found)
}

/// What is in a folder, by name; hidden files are not.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let entry = entry.map_err(|e| unreadable(folder, &e))?;
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with('.') {
            out.insert(name.clone(), folder.join(name));
        }
    }
    Ok(out.into_values().collect())
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "toml")
}

fn is_broken_link(path: &Path) -> bool {
    fs::metadata(path).is_err()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn no_paper_file(folder: &Path) -> Diagnostic {
    let help = format!("every paper's folder has a `{PAPER_FILE}` with at least a title");
    Diagnostic::general(Problem::NoPaperFile(shown(folder)), help)
}

fn unreadable(path: &Path, e: &io::Error) -> Diagnostic {
    if e.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() {
        return missing(path);
    }
    let help = match e.kind() {
        io::ErrorKind::PermissionDenied => "its permissions do not let you read it",
        io::ErrorKind::NotFound => "it is a link to something that is not there",
        // The kind of a loop of links is not stable yet; reading the link itself still works there.
        _ if path.symlink_metadata().is_ok_and(|m| m.is_symlink()) => "it is a link: see where it leads",
        _ => "see whether it can be opened at all",
    };
    Diagnostic::general(Problem::Unreadable { path: shown(path), reason: reason(e) }, help)
}

/// The system's words, without the number behind them.
fn reason(e: &io::Error) -> String {
    let text = e.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map(|c| c.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn missing(path: &Path) -> Diagnostic {
    let folder = path.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
    let names: Vec<String> = list(folder)
        .unwrap_or_default()
        .iter()
        .filter_map(|p| p.file_name().map(|n| n.to_string_lossy().into_owned()))
        .collect();
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let help = match nearest(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", path.with_file_name(near).display()),
        None => "give a folder of papers, a paper's folder, or one of its `.toml` files".to_owned(),
    };
    Diagnostic::general(Problem::Missing(shown(path)), help)
}

/// Reads a file: a regular one, of at most 5 MiB, in UTF-8.
pub(super) fn read_file(path: &Path) -> Result<Source, Diagnostic> {
    let metadata = fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    if metadata.is_dir() {
        let help = "a name that ends with `.toml` is kept for files";
        return Err(Diagnostic::general(Problem::Folder(shown(path)), help));
    }
    // Opening a pipe would wait for somebody to write to it.
    if !metadata.is_file() {
        return Err(Diagnostic::general(Problem::NotRegular(shown(path)), "replace it by a file"));
    }
    let mut bytes = vec![];
    let file = fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    if bytes.len() as u64 > LARGEST_FILE {
        let problem = Problem::TooLarge { path: shown(path), size: metadata.len(), limit: LARGEST_FILE };
        return Err(Diagnostic::general(problem, "split it: a paper may have any number of files"));
    }
    String::from_utf8(bytes).map(|text| Source::new(path, text)).map_err(|e| not_utf8(path, &e))
}

fn not_utf8(path: &Path, e: &std::string::FromUtf8Error) -> Diagnostic {
    let at = e.utf8_error().valid_up_to();
    let bytes = e.as_bytes();
    let line = 1 + bytes[..at].iter().filter(|b| **b == b'\n').count();
    let problem = Problem::NotUtf8 { path: shown(path), line, byte: bytes[at] };
    Diagnostic::general(problem, "save the file as UTF-8")
}
