//! The guide and the rest of the documentation: every example runs as it is printed, every link leads
//! somewhere, every option is spoken of, and every file has its line in `docs/architecture.md`.
//!
//! `PROOFREAD_GUIDE=write cargo test --test guide` writes what the program prints into the pages; read the
//! difference before it is committed.

#![cfg(unix)]

#[path = "guide/architecture.rs"]
mod architecture;
#[path = "guide/links.rs"]
mod links;
#[path = "guide/markdown.rs"]
mod markdown;
#[path = "guide/options.rs"]
mod options;
#[path = "guide/session.rs"]
mod session;

use std::fs;
use std::path::{Path, PathBuf};

const PROGRAM: &str = env!("CARGO_BIN_EXE_proofread");

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown files of a folder, by name.
fn pages_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let mut pages: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "md"));
    pages.sort();
    pages
}

/// The pages of the guide but for its index.
fn guide() -> Vec<PathBuf> {
    let mut pages = pages_in("docs/guide");
    pages.retain(|p| !p.ends_with("README.md"));
    assert!(pages.len() >= 10, "{pages:?}");
    pages
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_example_of_the_guide_prints_what_the_page_says() {
    let write = std::env::var("PROOFREAD_GUIDE").is_ok_and(|v| v == "write");
    let mut wrong = vec![];
    for page in guide() {
        let (name, said) = (page.file_name().expect("a name").display().to_string(), text(&page));
        match session::run(&said, Path::new(PROGRAM)) {
            Err(e) => wrong.push(format!("{name}: {e}")),
            Ok((_, 0)) => wrong.push(format!("{name}: there is no example")),
            Ok((real, _)) if real == said => {}
            Ok((real, _)) if write => fs::write(&page, real).expect("written"),
            Ok((real, _)) => wrong.push(format!("{name}: {}", first_difference(&said, &real))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn first_difference(said: &str, real: &str) -> String {
    let ended = |text: &str| text.lines().chain(["(the end)"]).map(str::to_owned).collect::<Vec<_>>();
    let mut pairs = ended(said).into_iter().zip(ended(real)).enumerate();
    match pairs.find(|(_, (s, r))| s != r) {
        Some((at, (s, r))) => format!("line {}\n  the page says  {s}\n  the run prints {r}", at + 1),
        None => "the ends of lines differ".to_owned(),
    }
}

#[test]
fn every_page_is_a_question_and_begins_with_its_answer() {
    for page in guide() {
        let read = markdown::read(&text(&page)).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        assert!(read.headings[0].ends_with('?'), "{}: {}", page.display(), read.headings[0]);
        let answer = &read.paragraphs[0];
        let sentences = answer.matches(". ").count() + usize::from(answer.ends_with('.'));
        assert_eq!(sentences, 2, "{}: {answer}", page.display());
    }
}

#[test]
fn the_index_names_every_page_by_its_question() {
    let index = text(&root().join("docs/guide/README.md"));
    let pages = guide();
    for page in &pages {
        let name = page.file_name().expect("a name").display().to_string();
        let question = markdown::read(&text(page)).expect("a page").headings[0].clone();
        assert!(index.contains(&format!("[{question}]({name})")), "{name} is not there: {question}");
    }
    let links = markdown::read(&index).expect("a page").links();
    let inside = links.iter().filter(|l| !l.starts_with("../")).count();
    assert_eq!(inside, pages.len(), "{links:?}");
}

#[test]
fn a_page_that_says_something_else_is_told_from_what_runs() {
    let page = |out: &str| {
        format!("```toml p/paper.toml\ntitle = 'P'\n```\n```console\n$ cat p/paper.toml\n{out}```\n")
    };
    let run = |page: &str| session::run(page, Path::new(PROGRAM));
    let right = page("title = 'P'\n");
    assert_eq!(run(&page("title = 'Q'\n")), Ok((right.clone(), 1)));
    assert_eq!(run(&right), Ok((right.clone(), 1)));
    let code = |shown: &str| format!("```console\n$ proofread check nowhere > out 2>&1\n{shown}```\n");
    assert!(run(&code("")).is_err_and(|e| e.contains("exits with 2, which the page does not say")));
    assert_eq!(run(&code("$ echo $?\n1\n")), Ok((code("$ echo $?\n2\n"), 2)));
    assert!(run("```toml\na = 1\n```\n").is_err_and(|e| e.contains("the name of a file")));
    assert!(run("```toml ../x\na = 1\n```\n").is_err());
    assert!(run("```console\nno command\n```\n").is_err_and(|e| e.contains("begins with a command")));
}

#[test]
fn a_page_is_run_anew_where_the_symbolic_layer_had_no_time_but_not_for_ever() {
    use std::os::unix::fs::PermissionsExt as _;
    let run = |starved: usize| {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let program = folder.path().join("proofread");
        let script = format!(
            "#!/bin/sh\necho >> \"$0.runs\"\nif [ \"$(wc -l < \"$0.runs\")\" -le {starved} ]\n\
             then echo 'note: the symbolic layer left a request unanswered (busy)'\nelse echo fine\nfi\n"
        );
        fs::write(&program, script).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
        session::run("```console\n$ proofread check\n```\n", &program)
    };
    let fine = Ok(("```console\n$ proofread check\nfine\n```\n".to_owned(), 1));
    assert_eq!((run(0), run(2)), (fine.clone(), fine));
    assert!(run(3).is_err_and(|e| e.contains("no time")));
}
