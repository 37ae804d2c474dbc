//! `docs/architecture.md` has one sentence on every file under `src/`, and none on any other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::markdown::read;
use crate::{root, text};

/// Every file under a folder, as paths from `src`.
fn files(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            let from = path.strip_prefix(root().join("src")).expect("a file under src");
            found.insert(from.display().to_string());
        }
    }
}

/// The room of a file: the folder under `src`, or under the crate of its own that is one of these.
fn home(file: &str) -> &str {
    let below = if file.starts_with("engines/") { "engines/".len() } else { 0 };
    match (file[below..].find('/'), below) {
        (Some(end), _) => &file[..below + end],
        (None, 0) => "src",
        (None, below) => &file[..below - 1],
    }
}

/// What is wrong with a page that is to name `files`, a room's under the room's heading.
fn wrong(page: &str, files: &BTreeSet<String>) -> Vec<String> {
    let (mut wrong, mut named) = (vec![], BTreeSet::new());
    for section in page.split("\n## ").skip(1) {
        let room = section.lines().next().unwrap_or_default().trim_matches('`');
        let items = read(section).expect("Markdown").paragraphs;
        for item in items.iter().filter_map(|p| p.strip_prefix("* `")) {
            let (file, sentence) = item.split_once("`: ").unwrap_or((item, ""));
            let is_sentence = sentence.ends_with('.') && !sentence.contains(". ") && sentence.contains(' ');
            wrong.extend((!is_sentence).then(|| format!("not one sentence: {file}")));
            wrong.extend((!named.insert(file.to_owned())).then(|| format!("twice: {file}")));
            wrong.extend((home(file) != room).then(|| format!("in {room}: {file}")));
        }
    }
    wrong.extend(files.difference(&named).map(|f| format!("without a line: {f}")));
    wrong.extend(named.difference(files).map(|f| format!("no file: {f}")));
    wrong
}

#[test]
fn every_file_has_its_sentence_and_every_sentence_its_file() {
    let mut found = BTreeSet::new();
    files(&root().join("src"), &mut found);
    assert!(found.len() > 300, "{}", found.len());
    let wrong = wrong(&text(&root().join("docs/architecture.md")), &found);
    assert!(wrong.is_empty(), "docs/architecture.md:\n{}", wrong.join("\n"));
}

#[test]
fn a_missing_line_a_missing_file_and_a_line_at_the_wrong_place_are_seen() {
    let files = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    let page =
        "# Files\n\n## `src`\n\n* `lib.rs`: The library.\n\n## `a`\n\n* `a/b.rs`: One noun\n  in a file.\n";
    assert_eq!(wrong(page, &files(&["lib.rs", "a/b.rs"])), <Vec<String>>::new());
    assert_eq!(wrong(page, &files(&["lib.rs", "a/b.rs", "a/c.rs"])), ["without a line: a/c.rs"]);
    assert_eq!(wrong(page, &files(&["lib.rs"])), ["no file: a/b.rs"]);
    let page = "\n## `a`\n\n* `lib.rs`: The library.\n* `a/b.rs`: One. Two.\n* `a/b.rs`: Once more.\n";
    let said = ["in a: lib.rs", "not one sentence: a/b.rs", "twice: a/b.rs"];
    assert_eq!(wrong(page, &files(&["lib.rs", "a/b.rs"])), said);
}
