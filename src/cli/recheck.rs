//! `proofread recheck`: every certificate of a report, replayed.
//!
//! What is replayed, and what is taken on trust, is said in [`crate::report::replayed`].

use std::fs;

use serde_json::Value;

use crate::report::replayed::replayed;

use super::args::RecheckArgs;
use super::output::{CommandError, reason, words, write};
use super::written::{STACK, parsed, wrong};
use super::{CLEAN, FINDINGS};

/// Replays the certificates and names the entries that do not bear out.
pub fn run(args: &RecheckArgs) -> Result<u8, CommandError> {
    let path = args.report.as_path();
    let bytes = fs::read(path).map_err(|e| wrong(path, format!(": {}", reason(&e))))?;
    let threads = rayon::current_num_threads();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = pool.map_err(|e| wrong(path, format!(" cannot be replayed: {}", words(&e.to_string()))))?;
    let (text, failed) = pool.install(|| -> Result<_, CommandError> { Ok(told(&parsed(path, &bytes)?)) })?;
    write(&text)?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
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
