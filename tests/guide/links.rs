//! Links and file names in the documentation lead to what is there.

use std::path::{Path, PathBuf};

use crate::markdown::read;
use crate::{pages_in, root, text};

/// The folders whose files are named in prose, between backticks.
const FOLDERS: [&str; 7] = [".ci", "benches", "docs", "proofs", "src", "tests", "tools"];

/// The README and every page of the documentation.
pub fn pages() -> Vec<PathBuf> {
    [vec![root().join("README.md")], pages_in("docs"), pages_in("docs/guide")].concat()
}

/// What is wrong with the links and file names of a page at `path`.
fn broken(path: &Path, page: &str) -> Vec<String> {
    let parsed = match read(page) {
        Ok(parsed) => parsed,
        Err(e) => return vec![e],
    };
    let is_outside = |link: &str| link.starts_with("https://");
    let links = parsed.links().into_iter().filter(|l| !is_outside(l) && !leads(path, page, l));
    let is_name = |code: &&str| {
        FOLDERS.iter().any(|f| code.strip_prefix(f).is_some_and(|rest| rest.starts_with('/')))
            && !code.contains(|c: char| c.is_whitespace() || "*<>…".contains(c))
    };
    let names = parsed.code().into_iter().filter(is_name).filter(|name| !root().join(name).exists());
    links.chain(names.map(str::to_owned)).collect()
}

/// Whether a link of a page leads to a file and, in Markdown, to a heading.
fn leads(path: &Path, page: &str, link: &str) -> bool {
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = path.parent().expect("a page in a folder").join(file);
    let content = match file {
        "" => page.to_owned(),
        _ if !target.exists() => return false,
        _ if anchor.is_none() => return true,
        _ => text(&target),
    };
    anchor.is_none_or(|anchor| read(&content).is_ok_and(|p| p.has_anchor(anchor)))
}

#[test]
fn every_link_and_every_file_name_leads_somewhere() {
    let mut links = 0;
    for path in pages() {
        let page = text(&path);
        let wrong = broken(&path, &page);
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
        links += read(&page).expect("a page").links().len();
    }
    assert!(links > 30, "{links}");
}

#[test]
fn a_link_to_nowhere_is_seen() {
    let path = root().join("docs/page.md");
    let page =
        "# Here\n\n[a](design.md) [b](design.md#coverage) [c](#here) `src/lib.rs` [d](https://example.org)\n";
    assert_eq!(broken(&path, page), <Vec<String>>::new());
    let page = "[a](no.md) [b](design.md#no) [c](#no)\n`src/no.rs` `[x](no.md)`\n";
    assert_eq!(broken(&path, page), ["no.md", "design.md#no", "#no", "src/no.rs"]);
}
