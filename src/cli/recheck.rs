//! `proofread recheck`: every certificate of a report, replayed.

use std::fs;

use crate::prove::recheck::{Recheck, replay};

use super::args::RecheckArgs;
use super::output::{CommandError, write};
use super::{CLEAN, FINDINGS};

/// Replays the certificates and names those that fail.
pub fn run(args: &RecheckArgs) -> Result<u8, CommandError> {
    let text = fs::read_to_string(&args.report).map_err(|e| {
        CommandError::call(
            format!("`{}`: {e}", args.report.display()),
            "give a report written by `check --format json`",
        )
    })?;
    let report: serde_json::Value = serde_json::from_str(&text).map_err(|e| {
        CommandError::call(
            format!("`{}` is not JSON: {e}", args.report.display()),
            "give a report written by `check --format json`",
        )
    })?;
    let claims = report.get("claims").and_then(|c| c.as_array()).ok_or_else(|| {
        CommandError::call(
            format!("`{}` has no claims", args.report.display()),
            "give a report written by `check --format json`",
        )
    })?;
    let mut out = String::new();
    let (mut accepted, mut failed) = (0, 0);
    for claim in claims {
        let id = claim.get("id").and_then(|i| i.as_str()).unwrap_or("?");
        for item in claim.get("evidence").and_then(|e| e.as_array()).into_iter().flatten() {
            match replay(item) {
                Recheck::Accepted => accepted += 1,
                Recheck::Failed(why) => {
                    failed += 1;
                    out.push_str(&format!("failed  {id}  {why}\n"));
                }
            }
        }
    }
    out.push_str(&format!("{accepted} certificates accepted, {failed} failed\n"));
    write(&out)?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
}
