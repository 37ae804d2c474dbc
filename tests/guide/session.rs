//! The examples of a page, run as they are printed.
//!
//! A block `toml paper/claims.toml` (any language, then a path) is a file. A block `console` is a session:
//! a line that begins with `$ ` is a command for the shell, what follows it is what it prints, errors
//! included. A command that fails has `$ echo $?` behind it, so that the page says with which code.
//!
//! Own code rather than `trycmd`: that takes an example's files from a folder beside the page and not from
//! the page, so that what is shown and what is run could come apart.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::markdown::{Block, read};

/// The line that asks for the exit code of the command before it.
const ASKS: &str = "echo $?";

/// How a run says that the symbolic layer had no time for it: there is one for the whole machine.
const STARVED: &str = "note: the symbolic layer left a request unanswered";

/// How often a page is run until the symbolic layer has time.
const ATTEMPTS: usize = 3;

/// Runs a page's examples as [`once`] does, anew where the machine was too busy.
pub fn run(page: &str, program: &Path) -> Result<(String, usize), String> {
    for _ in 0..ATTEMPTS {
        let ran = once(page, program)?;
        if !ran.0.contains(STARVED) {
            return Ok(ran);
        }
    }
    Err(format!("in {ATTEMPTS} runs the symbolic layer had no time"))
}

/// Runs a page's examples in a fresh folder: the page with what was really printed in the place of what it
/// says, and the number of commands. `Err` is what no run can put right.
fn once(page: &str, program: &Path) -> Result<(String, usize), String> {
    let folder = TempDir::new().map_err(|e| e.to_string())?;
    let blocks = read(page)?.blocks;
    for block in &blocks {
        if let Some(path) = file(block)? {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a file in the folder")).map_err(|e| e.to_string())?;
            fs::write(&path, &block.text).map_err(|e| e.to_string())?;
        }
    }
    let (mut real, mut commands, mut done) = (String::new(), 0, 0);
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    for block in blocks.iter().filter(|b| b.info == "console") {
        let (session, n) = replay(block, folder.path(), program)?;
        commands += n;
        real += &lines[done..block.line].concat();
        real += &session;
        done = block.line + block.text.lines().count();
    }
    real += &lines[done..].concat();
    Ok((real, commands))
}

/// The path of the file that a block is; `None` for a session.
fn file(block: &Block) -> Result<Option<&str>, String> {
    match block.info.split_once(' ') {
        None if block.info == "console" => Ok(None),
        Some((_, path)) if !path.starts_with('/') && !path.contains("..") => Ok(Some(path)),
        _ => Err(format!("line {}: a block is a session or has the name of a file", block.line)),
    }
}

/// A session with what its commands print.
fn replay(block: &Block, folder: &Path, program: &Path) -> Result<(String, usize), String> {
    let commands: Vec<&str> = block.text.lines().filter_map(|l| l.strip_prefix("$ ")).collect();
    if !block.text.starts_with("$ ") {
        return Err(format!("line {}: a session begins with a command", block.line));
    }
    let (mut session, mut code) = (String::new(), 0);
    for (i, command) in commands.iter().enumerate() {
        let (out, now) = shell(&format!("(exit {code})\n{command}"), folder, program)?;
        session += &format!("$ {command}\n{out}");
        if now != 0 && commands.get(i + 1) != Some(&ASKS) {
            return Err(format!(
                "line {}: `{command}` exits with {now}, which the page does not say",
                block.line
            ));
        }
        code = now;
    }
    Ok((session, commands.len()))
}

/// What a command prints, and its exit code.
fn shell(command: &str, folder: &Path, program: &Path) -> Result<(String, i32), String> {
    let bin = program.parent().expect("the program lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", bin.display()))
        // No place for an archive: what is shown is an audit, not what is left of an earlier one.
        .env("XDG_CACHE_HOME", "/dev/null/none")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    let text = String::from_utf8(output.stdout).map_err(|e| e.to_string())?;
    // Said where another test has the symbolic layer.
    let said: Vec<&str> =
        text.split_inclusive('\n').filter(|l| !l.starts_with("waiting for another run")).collect();
    Ok((said.concat(), output.status.code().ok_or("the command was killed")?))
}
