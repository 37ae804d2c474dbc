//! The starter paper.

use std::fs;

use tempfile::TempDir;

use crate::program::{finish, program, run};

#[test]
fn the_starter_paper_is_found_right_in_everything() {
    let dir = TempDir::new().expect("a folder");
    let made = run(dir.path(), ["new", "inside/paper"]);
    assert_eq!((made.code, made.err.as_str()), (Some(0), ""), "{made:?}");
    let checked = run(dir.path(), ["check", "inside/paper", "--format", "json"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let summary = checked.json()["summary"].clone();
    assert_eq!(summary["proved"], 6, "{summary}");
    let all: u64 = summary.as_object().expect("counts").values().filter_map(|v| v.as_u64()).sum();
    assert_eq!(all, 6, "{summary}");
}

#[test]
fn nothing_is_written_over() {
    let dir = TempDir::new().expect("a folder");
    fs::create_dir(dir.path().join("empty")).expect("a folder");
    assert_eq!(run(dir.path(), ["new", "empty"]).code, Some(0));
    fs::write(dir.path().join("file"), "mine").expect("a file");
    for taken in ["empty", "file", "file/inside"] {
        let ran = run(dir.path(), ["new", taken]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(&format!("`{taken}`")) && ran.err.contains("help: "), "{ran:?}");
    }
    assert_eq!(fs::read_to_string(dir.path().join("file")).expect("still there"), "mine");
}

/// Every command of the page, one after the other in one folder; what is redirected is written.
#[test]
fn the_commands_of_the_page_on_build_servers_find_nothing_in_the_starter_paper() {
    let page = include_str!("../../docs/ci.md");
    let dir = TempDir::new().expect("a folder");
    let blocks = page.split("```").skip(1).step_by(2).filter_map(|b| b.strip_prefix("sh\n"));
    let commands: Vec<&str> = blocks.flat_map(str::lines).collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    for line in commands {
        let (call, file) = line.split_once(" > ").map_or((line, None), |(call, file)| (call, Some(file)));
        let arguments = call.strip_prefix("proofread ").expect("a call of the program").split(' ');
        let ran = finish(&mut program(dir.path(), arguments));
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        if let Some(file) = file {
            fs::write(dir.path().join(file), ran.out).expect("written");
        }
    }
}
