//! The summary for a terminal: findings first, then what is open, then the counts.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::audit::{Entry, Outcome, Verdict};

/// The columns before an entry's id.
const BEFORE_ID: usize = 15;
/// The least that is left of a reason on a narrow terminal.
const LEAST_REASON: usize = 30;
/// Lines of a screen that are not for entries: titles, counts, the call.
const OTHER_LINES: usize = 10;
/// The fewest entries that are shown on a low terminal.
const FEWEST: usize = 10;

/// What a terminal has room for.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub columns: usize,
    /// `None`: any number, for everything is to be shown.
    pub lines: Option<usize>,
}

/// The summary, with ANSI styles; the caller strips them where the output is no terminal. On a screen
/// lines are cut with an ellipsis, and where the entries do not fit, the gravest are shown and the others
/// counted.
pub fn summary(outcome: &Outcome, timings: bool, screen: Option<Screen>) -> String {
    let mut out = String::new();
    let page = Page { paper: only_paper(outcome), width: screen.map(|s| s.columns) };
    if let Some(paper) = &page.paper {
        let _ = writeln!(out, "{paper}\n");
    }
    let findings = outcome.findings();
    let is_open = |e: &&Entry| matches!(e.verdict, Verdict::Undecided | Verdict::Supported);
    let mut open: Vec<&Entry> = outcome.entries.iter().filter(is_open).collect();
    open.sort_by_key(|e| e.verdict != Verdict::Undecided);
    let (most_findings, most_open) = room(findings.len(), open.len(), screen.and_then(|s| s.lines));
    section(&mut out, "Findings", &findings, most_findings, &page);
    section(&mut out, "Not settled", &open, most_open, &page);
    for note in &outcome.notes {
        let _ = writeln!(out, "note: {note}");
    }
    if !outcome.notes.is_empty() {
        out.push('\n');
    }
    counts(&mut out, outcome, timings);
    if let Some(first) = findings.first() {
        let _ = writeln!(out, "proofread explain {} tells one of them in full", page.id(first));
    }
    out
}

/// How many findings and how many open entries are shown on so many lines. A quarter of the room is kept for
/// what is open, if there is so much of it.
fn room(findings: usize, open: usize, lines: Option<usize>) -> (usize, usize) {
    let Some(lines) = lines else { return (findings, open) };
    let all = lines.saturating_sub(OTHER_LINES).max(FEWEST);
    let kept = open.min(all / 4);
    let shown = findings.min(all - kept);
    (shown, open.min(all - shown))
}

/// The counts alone, with ANSI styles.
pub fn totals(outcome: &Outcome, timings: bool) -> String {
    let mut out = String::new();
    counts(&mut out, outcome, timings);
    out
}

/// How lines are laid out.
struct Page {
    /// The paper's name, if there is only one; ids are then shown without it.
    paper: Option<String>,
    width: Option<usize>,
}

impl Page {
    fn id<'e>(&self, e: &'e Entry) -> &'e str {
        match &self.paper {
            Some(paper) => {
                e.id.strip_prefix(paper.as_str()).and_then(|id| id.strip_prefix('/')).unwrap_or(&e.id)
            }
            None => &e.id,
        }
    }
}

fn only_paper(outcome: &Outcome) -> Option<String> {
    let paper = |e: &Entry| e.id.split('/').next().map(str::to_owned);
    let first = outcome.entries.first().and_then(paper)?;
    outcome.entries.iter().all(|e| paper(e).as_ref() == Some(&first)).then_some(first)
}

fn section(out: &mut String, title: &str, entries: &[&Entry], most: usize, page: &Page) {
    if entries.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "{bold}{title}{bold:#}");
    let (entries, others) = entries.split_at(most.min(entries.len()));
    let id_width = entries.iter().map(|e| page.id(e).width()).max().unwrap_or(0);
    let room = page.width.map(|w| w.saturating_sub(BEFORE_ID + id_width + 2).max(LEAST_REASON));
    for e in entries {
        let style = style(e.verdict);
        let padding = " ".repeat(id_width - page.id(e).width());
        let reason = room.map_or_else(|| reason(e), |room| cut(&reason(e), room));
        let _ =
            writeln!(out, "  {style}{:<11}{style:#}  {}{padding}  {reason}", e.verdict.name(), page.id(e));
    }
    if !others.is_empty() {
        let _ = writeln!(out, "  … and {} more: --all lists them", others.len());
    }
    out.push('\n');
}

pub(super) fn reason(e: &Entry) -> String {
    let why = match (e.verdict, &e.counterexample) {
        (Verdict::Conditional, _) if !e.exceptions.is_empty() => {
            let sets: Vec<&str> = e.exceptions.iter().map(|s| s.plain.as_str()).collect();
            format!("except where {}", sets.join(" or "))
        }
        (Verdict::Refuted, Some(c)) => format!("at {}: {}", c.place(), c.values()),
        _ => e.story.first().cloned().unwrap_or_default(),
    };
    match &e.reading {
        Some(reading) => {
            // Short, so that the reason is not what a narrow terminal cuts off.
            format!("doubtful (believed reading: {}); {why}", reading.verdict.name())
        }
        None => why,
    }
}

fn counts(out: &mut String, outcome: &Outcome, timings: bool) {
    let counts = outcome.counts();
    let parts: Vec<String> = Verdict::ALL
        .iter()
        .filter(|v| counts[v] > 0)
        .map(|v| {
            let style = style(*v);
            format!("{style}{} {}{style:#}", counts[v], v.name())
        })
        .collect();
    let entries = if outcome.entries.len() == 1 { "entry" } else { "entries" };
    let _ = write!(out, "{} {entries}: {}", outcome.entries.len(), parts.join(", "));
    if timings {
        let _ = write!(out, " · {:.1} s", outcome.elapsed_ms as f64 / 1000.0);
        if outcome.recalled > 0 {
            let _ = write!(
                out,
                " (unchanged since an earlier audit; its certificates were replayed, but not its searches)"
            );
        }
    }
    out.push('\n');
}

fn style(v: Verdict) -> Style {
    let color = match v {
        Verdict::Refuted | Verdict::Conflict => AnsiColor::Red,
        Verdict::Gap | Verdict::Conditional | Verdict::Vacuous => AnsiColor::Yellow,
        Verdict::Proved => AnsiColor::Green,
        Verdict::Supported | Verdict::Undecided => AnsiColor::Cyan,
    };
    Style::new().fg_color(Some(color.into()))
}

/// The text, or its beginning with an ellipsis, in at most `width` columns.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 1 >= width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::EntryKind;

    fn outcome(refuted: usize, undecided: usize) -> Outcome {
        let entry = |verdict: Verdict| {
            move |i: usize| {
                let id = format!("p/{}-{i}", verdict.name());
                Entry { verdict, ..Entry::unjudged(id, EntryKind::Claim) }
            }
        };
        let mut outcome = Outcome::empty(0);
        outcome.entries.extend((0..refuted).map(entry(Verdict::Refuted)));
        outcome.entries.extend((0..undecided).map(entry(Verdict::Undecided)));
        outcome
    }

    #[test]
    fn what_does_not_fit_a_screen_is_counted() {
        let screen = |lines| Some(Screen { columns: 80, lines });
        let low = summary(&outcome(60, 9), false, screen(Some(24)));
        assert!(low.lines().count() <= 24, "{low}");
        assert!(low.contains("refuted-0 ") && low.contains("… and 49 more: --all lists them"), "{low}");
        assert!(low.contains("undecided-2 ") && low.contains("… and 6 more"), "{low}");
        for all in [summary(&outcome(60, 9), false, screen(None)), summary(&outcome(60, 9), false, None)] {
            assert!(all.contains("refuted-59 ") && all.contains("undecided-8 ") && !all.contains("more:"));
        }
        let few = summary(&outcome(9, 4), false, screen(Some(24)));
        assert!(!few.contains("more:"), "{few}");
    }
}
