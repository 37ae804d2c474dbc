//! Reports that were written earlier, read back.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::thread;

use serde_json::Value;

use crate::report::json::SCHEMA;
use crate::report::reading;

use super::output::{CommandError, reason, words};

/// Bytes of stack for reading what is nested deep.
pub const STACK: usize = 256 << 20;

/// Bytes of the largest report that is read.
const LARGEST: u64 = 1 << 30;

/// The report in a file, with its claims.
pub fn report(path: &Path) -> Result<Value, CommandError> {
    let unread = |e: io::Error| wrong(path, format!(": {}", reason(&e)));
    let mut bytes = vec![];
    File::open(path).and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(path, format!(" is larger than {} MB", LARGEST >> 20)));
    }
    let read = thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || parsed(path, &bytes));
        let reader =
            reader.map_err(|e| wrong(path, format!(" cannot be read: {}", words(&e.to_string()))))?;
        reader.join().map_err(|_| wrong(path, " cannot be read".to_owned()))
    });
    read?
}

/// The report that some bytes are; needs [`STACK`].
pub fn parsed(path: &Path, bytes: &[u8]) -> Result<Value, CommandError> {
    let report: Value = reading::parse(bytes).map_err(|e| wrong(path, format!(" {e}")))?;
    if !report.get("claims").is_some_and(Value::is_array) {
        return Err(wrong(path, " has no claims".to_owned()));
    }
    if report.get("schema").and_then(Value::as_u64) != Some(u64::from(SCHEMA)) {
        return Err(wrong(path, format!(" is not of schema {SCHEMA}")));
    }
    Ok(report)
}

/// What is wrong with a report.
pub fn wrong(path: &Path, why: String) -> CommandError {
    CommandError::call(format!("`{}`{why}", path.display()), "give a report written by `check --format json`")
}
