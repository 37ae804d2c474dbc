//! `proofread recheck`: every certificate of a report, replayed.
//!
//! What is replayed, and what is taken on trust, is said in [`crate::report::replayed`].

use std::fs;
use std::thread;

use serde::Deserialize as _;
use serde_json::Value;

use crate::report::json::SCHEMA;
use crate::report::replayed::replayed;

use super::args::RecheckArgs;
use super::output::{CommandError, reason, write};
use super::{CLEAN, FINDINGS};

/// The deepest nesting of JSON that is read. A term of the depth at which statements are turned
/// away takes some six hundred levels.
const DEEPEST: usize = 2_000;

/// Bytes of stack for reading, replaying and dropping what is nested so deep.
const STACK: usize = 256 << 20;

/// Replays the certificates and names the entries that do not bear out.
pub fn run(args: &RecheckArgs) -> Result<u8, CommandError> {
    let bytes = fs::read(&args.report).map_err(|e| wrong(args, format!(": {}", reason(&e))))?;
    if let Some(depth) = depth(&bytes).filter(|d| *d > DEEPEST) {
        return Err(wrong(args, format!(" nests {depth} levels deep, and {DEEPEST} are read")));
    }
    let (text, failed) = thread::scope(|scope| {
        let work = || -> Result<(String, usize), CommandError> { Ok(told(&read(args, &bytes)?)) };
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|e| wrong(args, format!(" cannot be replayed: {}", reason(&e))))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    write(&text)?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
}

fn wrong(args: &RecheckArgs, why: String) -> CommandError {
    let shown = args.report.display();
    CommandError::call(format!("`{shown}`{why}"), "give a report written by `check --format json`")
}

/// How deep brackets are nested outside of strings; what is no JSON is for the reader to find out.
fn depth(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for b in bytes {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    Some(deepest)
}

/// The report, which has claims.
fn read(args: &RecheckArgs, bytes: &[u8]) -> Result<Value, CommandError> {
    let not_json = |e| wrong(args, format!(" is not JSON that can be read here: {e}"));
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    reader.disable_recursion_limit();
    let report = Value::deserialize(&mut reader).map_err(not_json)?;
    reader.end().map_err(not_json)?;
    if !report.get("claims").is_some_and(Value::is_array) {
        return Err(wrong(args, " has no claims".to_owned()));
    }
    if report.get("schema").and_then(Value::as_u64) != Some(u64::from(SCHEMA)) {
        return Err(wrong(args, format!(" is not of schema {SCHEMA}")));
    }
    Ok(report)
}

/// What became of the certificates, and how many entries failed.
fn told(report: &Value) -> (String, usize) {
    let replayed = replayed(report);
    let mut out = String::new();
    for (id, why) in &replayed.failures {
        out.push_str(&format!("failed  {id}  {why}\n"));
    }
    let (accepted, failed) = (replayed.accepted, replayed.failures.len());
    let certificates = if accepted == 1 { "certificate" } else { "certificates" };
    out.push_str(&format!("{accepted} {certificates} accepted, {failed} failed\n"));
    (out, failed)
}
