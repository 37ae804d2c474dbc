//! Every command and every option of the program is spoken of, where its command is.

use std::path::Path;

use crate::links::pages;
use crate::markdown::read;
use crate::{PROGRAM, text};

fn help(arguments: &[&str]) -> String {
    let output = std::process::Command::new(PROGRAM).args(arguments).arg("--help").output();
    String::from_utf8(output.expect("the program starts").stdout).expect("UTF-8")
}

/// The commands that the program lists.
fn commands() -> Vec<String> {
    let help = help(&[]);
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let name = |line: &str| Some(line.strip_prefix("  ")?.split(' ').next()?.to_owned());
    list.lines().filter_map(name).filter(|name| !name.is_empty() && name != "help").collect()
}

/// The long options of a command.
fn options(arguments: &[&str]) -> Vec<String> {
    let help = help(arguments);
    let lines = help.split("Options:\n").nth(1).expect("options").lines().map(str::trim_start);
    let name = |line: &str| {
        let rest = &line[line.find("--")?..];
        // What may be given several times has dots behind it.
        rest.split([' ', ',', '.']).next().map(str::to_owned)
    };
    lines.filter(|l| l.starts_with('-') && !l.starts_with("- ")).filter_map(name).collect()
}

/// Paragraphs, and the commands of examples.
fn passages(path: &Path) -> Vec<String> {
    let page = read(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let blocks = page.blocks.iter().flat_map(|b| b.text.lines());
    let calls: Vec<String> = blocks.filter(|l| l.starts_with("$ ")).map(str::to_owned).collect();
    [page.paragraphs, calls].concat()
}

/// Whether a passage names an option beside its command.
fn tells(passage: &str, command: &str, option: &str) -> bool {
    let names = |start: &str| has_word(passage, &format!("{start}{command}"));
    (names("`") || names("proofread ")) && has_word(passage, option)
}

/// Whether a text has a word with nothing that would make it a longer one behind it.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[at + word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

#[test]
fn every_command_and_every_option_is_told_of() {
    let passages: Vec<String> = pages().iter().flat_map(|p| passages(p)).collect();
    let is_told = |command: &str, option: &str| passages.iter().any(|p| tells(p, command, option));
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    let mut untold = vec![];
    for command in &commands {
        let options = options(&[command]);
        assert!(options.contains(&"--help".to_owned()), "{command}: {options:?}");
        untold.extend(
            options
                .iter()
                .filter(|o| *o != "--help" && !is_told(command, o))
                .map(|o| format!("{command} {o}")),
        );
        untold.extend((!is_told(command, command)).then(|| command.clone()));
    }
    let globally = |option: &String| !passages.iter().any(|p| has_word(p, option));
    untold.extend(options(&[]).into_iter().filter(globally));
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn an_option_counts_only_beside_its_command_and_in_full() {
    assert!(tells("`proofread check --only GLOB` judges a part", "check", "--only"));
    assert!(tells("`check` takes `--only`", "check", "--only"));
    assert!(!tells("`proofread solve --only GLOB`", "check", "--only"));
    assert!(!tells("`proofread check --only-this`", "check", "--only"));
    assert!(!tells("`proofread recheck --only`", "check", "--only"));
}
