//! `proofread recheck`: every certificate of a report, replayed.
//!
//! What is replayed, and what is taken on trust, is said in [`crate::report::replayed`].

use std::fs;

use serde_json::Value;

use crate::report::json::SCHEMA;
use crate::report::reading;
use crate::report::replayed::replayed;

use super::args::RecheckArgs;
use super::output::{CommandError, reason, words, write};
use super::{CLEAN, FINDINGS};

/// Bytes of stack of a thread for reading, replaying and dropping what is nested deep.
const STACK: usize = 256 << 20;

/// Replays the certificates and names the entries that do not bear out.
pub fn run(args: &RecheckArgs) -> Result<u8, CommandError> {
    let bytes = fs::read(&args.report).map_err(|e| wrong(args, format!(": {}", reason(&e))))?;
    let threads = rayon::current_num_threads();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = pool.map_err(|e| wrong(args, format!(" cannot be replayed: {}", words(&e.to_string()))))?;
    let (text, failed) = pool.install(|| -> Result<_, CommandError> { Ok(told(&read(args, &bytes)?)) })?;
    write(&text)?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
}

fn wrong(args: &RecheckArgs, why: String) -> CommandError {
    let shown = args.report.display();
    CommandError::call(format!("`{shown}`{why}"), "give a report written by `check --format json`")
}

/// The report, which has claims.
fn read(args: &RecheckArgs, bytes: &[u8]) -> Result<Value, CommandError> {
    let report: Value = reading::parse(bytes).map_err(|e| wrong(args, format!(" {e}")))?;
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
