//! The starter paper.

use std::fs;

use tempfile::TempDir;

use crate::program::run;

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
