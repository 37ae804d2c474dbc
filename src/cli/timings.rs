//! What `check -v` tells of a run: how long its stages took, and which entries took longest.

use std::fmt::Write as _;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::audit::{Entry, Outcome};

/// The stages with their times, the requests to the symbolic layer, and the entries that took longest, at
/// most so many.
pub fn told(outcome: &Outcome, most: Option<usize>) -> String {
    let mut out = stages(outcome);
    let mut slowest: Vec<&Entry> = outcome.entries.iter().collect();
    slowest.sort_by(|a, b| b.elapsed_ms.cmp(&a.elapsed_ms).then_with(|| a.id.cmp(&b.id)));
    slowest.truncate(most.unwrap_or(usize::MAX));
    if slowest.is_empty() {
        return out;
    }
    let width = slowest.iter().map(|e| e.id.width()).max().unwrap_or(0);
    let when = if outcome.recalled > 0 { ", when they were judged" } else { "" };
    let _ = writeln!(out, "\nlongest{when}; the lines of a derivation share its time");
    for e in slowest {
        let padding = " ".repeat(width - e.id.width());
        let _ = writeln!(out, "  {}{padding}  {:>8}", e.id, seconds(Duration::from_millis(e.elapsed_ms)));
    }
    out
}

fn stages(outcome: &Outcome) -> String {
    let rows = outcome.stages.list();
    let asked = outcome.stages.symbolic;
    let waited = (asked.requests > 0).then(|| format!("{} to the symbolic layer", counted(asked.requests)));
    let names = rows.iter().map(|(stage, _)| stage.name());
    let width = names.chain(waited.as_deref()).chain(["together"]).map(str::len).max().unwrap_or(0);
    let mut out = format!("{:<width$}  {:>8}  {:>10}\n", "stage", "clock", "processors");
    for (stage, spent) in &rows {
        let processors = spent.processors.map_or_else(|| "?".to_owned(), seconds);
        let _ = writeln!(out, "{:<width$}  {:>8}  {processors:>10}", stage.name(), seconds(spent.clock));
    }
    let clock: Duration = rows.iter().map(|(_, spent)| spent.clock).sum();
    let processors: Option<Duration> = rows.iter().map(|(_, spent)| spent.processors).sum();
    let processors = processors.map_or_else(|| "?".to_owned(), seconds);
    let _ = writeln!(out, "{:<width$}  {:>8}  {processors:>10}", "together", seconds(clock));
    if let Some(waited) = waited {
        let _ =
            writeln!(out, "{waited:<width$}  {:>8}  waited for, all threads together", seconds(asked.waited));
    }
    out
}

fn counted(requests: u64) -> String {
    if requests == 1 { "1 request".to_owned() } else { format!("{requests} requests") }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
