//! The summary for a terminal: findings first, then what is open, then the counts.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::audit::{Entry, Outcome, Verdict};

/// The columns before an entry's id.
const BEFORE_ID: usize = 15;
/// The least that is left of a reason on a narrow terminal.
const LEAST_REASON: usize = 30;

/// The summary, with ANSI styles; the caller strips them where the output is no terminal. Lines
/// are cut with an ellipsis at `width` columns, if one is given.
pub fn summary(outcome: &Outcome, timings: bool, width: Option<usize>) -> String {
    let mut out = String::new();
    let page = Page { paper: only_paper(outcome), width };
    if let Some(paper) = &page.paper {
        let _ = writeln!(out, "{paper}\n");
    }
    let findings = outcome.findings();
    section(&mut out, "Findings", &findings, &page);
    let open: Vec<&Entry> = outcome
        .entries
        .iter()
        .filter(|e| matches!(e.verdict, Verdict::Undecided | Verdict::Supported))
        .collect();
    section(&mut out, "Not settled", &open, &page);
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

fn section(out: &mut String, title: &str, entries: &[&Entry], page: &Page) {
    if entries.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "{bold}{title}{bold:#}");
    let id_width = entries.iter().map(|e| page.id(e).width()).max().unwrap_or(0);
    let room = page.width.map(|w| w.saturating_sub(BEFORE_ID + id_width + 2).max(LEAST_REASON));
    for e in entries {
        let style = style(e.verdict);
        let padding = " ".repeat(id_width - page.id(e).width());
        let reason = room.map_or_else(|| reason(e), |room| cut(&reason(e), room));
        let _ =
            writeln!(out, "  {style}{:<11}{style:#}  {}{padding}  {reason}", e.verdict.name(), page.id(e));
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
