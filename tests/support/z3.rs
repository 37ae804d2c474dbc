//! The solver Z3, asked by scripts on its standard input.
//!
//! `PROOFREAD_Z3` names the executable (`pip install z3-solver` brings one); without it `z3` is
//! looked for on the path.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// The lines that Z3 prints for the script, with so many milliseconds for each `check-sat`; `None`
/// where the executable is absent.
pub fn answers(script: String, milliseconds: u32) -> Option<Vec<String>> {
    let program = std::env::var("PROOFREAD_Z3").unwrap_or_else(|_| "z3".to_owned());
    let mut child = Command::new(program)
        .args(["-in", "-smt2", &format!("-t:{milliseconds}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
    let lines: Vec<String> = BufReader::new(child.stdout.take()?).lines().map_while(Result::ok).collect();
    writer.join().ok()?.ok()?;
    child.wait().ok()?;
    Some(lines)
}
