//! Paths, folders and files that are not what they should be.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::document_tests::{complaints, folder};
use super::load;

const PAPER: &str = "title = 'A paper'\n[symbols]\n'c' = '> 0'\n[[claim]]\nid = 'one'\nprints = 'c > 0'\n";
const MORE: &str = "[[claim]]\nid = 'two'\nprints = 'c > 1'\n";

fn ids(paths: &[PathBuf]) -> Vec<String> {
    let papers = load(paths).expect("good papers");
    papers.iter().flat_map(|p| p.claims.iter().map(|c| format!("{}/{}", p.id, c.id))).collect()
}

#[test]
fn a_path_may_be_a_folder_of_papers_a_paper_or_a_file_of_one() {
    let dir = folder(&[("all/q/paper.toml", PAPER), ("all/p/paper.toml", PAPER), ("all/p/b.toml", MORE)]);
    let path = |p: &str| dir.path().join(p);
    assert_eq!(ids(&[path("all")]), ["p/one", "p/two", "q/one"]);
    assert_eq!(ids(&[path("all/q")]), ["q/one"]);
    assert_eq!(ids(&[path("all/p/b.toml")]), ["p/two"]);
    assert_eq!(ids(&[path("all/p/b.toml"), path("all/p/paper.toml")]), ["p/one", "p/two"]);
    assert_eq!(ids(&[path("all/p/b.toml"), path("all/p")]), ["p/one", "p/two"]);
    assert_eq!(ids(&[path("all/p/../p/b.toml"), path("all/p/b.toml")]), ["p/two"]);
}

/// Each case: the files, the path that is given, and what is said of it.
#[test]
fn each_wrong_path_is_said() {
    for (files, path, expected) in [
        (
            vec![("papers/p/paper.toml", PAPER)],
            "paprs",
            "missing: there is no file or folder `paprs` (did you mean `papers`?)\n",
        ),
        (
            vec![("p/paper.toml", PAPER)],
            "p/b.toml",
            "missing: there is no file or folder `p/b.toml` (give a folder of papers, a paper's folder, or one of its `.toml` files)\n",
        ),
        (
            vec![("all/.hidden", "")],
            "all",
            "empty-folder: the folder `all` holds no paper (a paper is a folder with a `paper.toml` in it)\n",
        ),
        (
            vec![("p/a.toml", MORE)],
            "p",
            "no-paper-file: the folder `p` has no `paper.toml` (every paper's folder has a `paper.toml` with at least a title)\n",
        ),
        (
            vec![("p/a.toml", MORE)],
            "p/a.toml",
            "no-paper-file: the folder `p` has no `paper.toml` (every paper's folder has a `paper.toml` with at least a title)\n",
        ),
        (
            vec![("all/p/notes.txt", ""), ("all/q/paper.toml", PAPER)],
            "all",
            "no-paper-file: the folder `all/p` has no `paper.toml` (every paper's folder has a `paper.toml` with at least a title)\n",
        ),
        (
            vec![("p/paper.toml", PAPER), ("p/notes.md", "")],
            "p/notes.md",
            "not-toml: `p/notes.md` is not a `.toml` file (give a folder of papers, a paper's folder, or a `.toml` file beside its `paper.toml`)\n",
        ),
        (
            vec![("p/paper.toml", PAPER), ("p/b.toml/x", "")],
            "p",
            "folder: `p/b.toml` is a folder, and a file was expected (a name that ends with `.toml` is kept for files)\n",
        ),
        (
            vec![("p/paper.toml", "title = 'A paper'\n")],
            "p",
            "nothing-to-check: nothing to check (`p` has neither a [[claim]] nor a [[derivation]])\n",
        ),
        (
            vec![("p/paper.toml", "[[claim\n")],
            "p",
            "p/paper.toml:1: syntax: not valid TOML: unclosed array table, expected `]]` [] (see https://toml.io for the format; LaTeX goes into single quotes)\n",
        ),
        (
            vec![("p/paper.toml", &PAPER.replace("title = 'A paper'", ""))],
            "p",
            "p/paper.toml:1: missing-key: paper.toml has no `title` [] (give the paper's title: title = '…')\n",
        ),
    ] {
        assert_eq!(complaints(&folder(&files), &[path]), expected, "{files:?}");
    }
}

#[test]
fn a_file_that_is_not_utf_8_is_told_by_line_and_byte() {
    let dir = folder(&[("p/paper.toml", PAPER)]);
    fs::write(dir.path().join("p/b.toml"), b"section = 'a'\n# caf\xe9\n").expect("a file");
    assert_eq!(
        complaints(&dir, &["p"]),
        "not-utf-8: `p/b.toml` is not UTF-8 text: line 2 holds the byte 0xe9 (save the file as UTF-8)\n"
    );
}

#[test]
fn a_huge_file_is_not_read() {
    let dir = folder(&[("p/paper.toml", PAPER)]);
    let file = fs::File::create(dir.path().join("p/b.toml")).expect("a file");
    file.set_len(5 * 1024 * 1024 + 1).expect("a sparse file");
    assert_eq!(
        complaints(&dir, &["p"]),
        "too-large: `p/b.toml` has 5242881 bytes, and at most 5242880 are read (split it: a paper may have any number of files)\n"
    );
}

#[test]
fn a_loop_of_links_ends_with_a_message() {
    let dir = folder(&[("all/p/paper.toml", PAPER)]);
    symlink(dir.path().join("all/b"), dir.path().join("all/a")).expect("a link");
    symlink(dir.path().join("all/a"), dir.path().join("all/b")).expect("a link");
    let problems = complaints(&dir, &["all"]);
    for name in ["a", "b"] {
        let expected = format!("unreadable: `all/{name}` cannot be read: too many levels of symbolic links");
        assert!(problems.contains(&expected), "{problems}");
    }
    assert!(problems.contains("it is a link: see where it leads"), "{problems}");
}

#[test]
fn a_folder_that_holds_itself_is_not_followed() {
    let dir = folder(&[("all/p/paper.toml", PAPER)]);
    symlink(dir.path().join("all/p"), dir.path().join("all/p/self")).expect("a link");
    assert_eq!(ids(&[dir.path().join("all")]), ["p/one"]);
}

#[test]
fn two_papers_with_one_name_are_refused_and_one_paper_given_twice_is_not() {
    let dir = folder(&[("a/p/paper.toml", PAPER), ("b/p/paper.toml", PAPER)]);
    assert_eq!(
        complaints(&dir, &["a/p", "b/p"]),
        "duplicate-paper: two papers are called `p` (`a/p` and `b/p`: rename one of the folders)\n"
    );
    assert_eq!(ids(&[dir.path().join("a/p"), dir.path().join("a")]), ["p/one"]);
}

#[test]
fn problems_of_several_papers_are_said_together() {
    let bad = PAPER.replace("'> 0'", "1");
    let dir = folder(&[("all/p/paper.toml", &bad), ("all/q/paper.toml", &bad)]);
    let problems = complaints(&dir, &["all", "nowhere"]);
    for path in ["all/p/paper.toml:3: wrong-type", "all/q/paper.toml:3: wrong-type", "`nowhere`"] {
        assert!(problems.contains(path), "{problems}");
    }
}

#[test]
fn windows_line_ends_move_no_place() {
    let dir = folder(&[("p/paper.toml", &PAPER.replace('\n', "\r\n"))]);
    let papers = load(&[dir.path().join("p")]).expect("a good paper");
    let prints = papers[0].claims[0].prints.as_ref().expect("printed");
    assert_eq!((prints.text.as_str(), prints.line), ("c > 0", 6));
}
