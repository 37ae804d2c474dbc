//! The summary for a terminal: findings first, then what is open, then the counts.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::audit::{Entry, Outcome, Verdict};

/// The widest that an entry's one-line reason gets before it is cut with an ellipsis.
const REASON_WIDTH: usize = 100;

/// The summary, with ANSI styles; the caller strips them where the output is no terminal.
pub fn summary(outcome: &Outcome, timings: bool) -> String {
    let mut out = String::new();
    let findings = outcome.findings();
    section(&mut out, "Findings", &findings);
    let open: Vec<&Entry> = outcome
        .entries
        .iter()
        .filter(|e| matches!(e.verdict, Verdict::Undecided | Verdict::Supported))
        .collect();
    section(&mut out, "Not settled", &open);
    for note in &outcome.notes {
        let _ = writeln!(out, "note: {note}");
    }
    if !outcome.notes.is_empty() {
        out.push('\n');
    }
    counts(&mut out, outcome, timings);
    if let Some(first) = findings.first() {
        let _ = writeln!(out, "proofread explain {} tells one of them in full", first.id);
    }
    out
}

fn section(out: &mut String, title: &str, entries: &[&Entry]) {
    if entries.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "{bold}{title}{bold:#}");
    let id_width = entries.iter().map(|e| e.id.width()).max().unwrap_or(0);
    for e in entries {
        let style = style(e.verdict);
        let padding = " ".repeat(id_width - e.id.width());
        let _ = writeln!(
            out,
            "  {style}{:<11}{style:#}  {}{padding}  {}",
            e.verdict.name(),
            e.id,
            cut(&reason(e), REASON_WIDTH)
        );
    }
    out.push('\n');
}

fn reason(e: &Entry) -> String {
    if let Some(c) = &e.counterexample {
        let at: Vec<String> =
            c.at.iter().map(|(s, v)| format!("{} = {v}", crate::tex::plain_symbol(s))).collect();
        return format!("at {}: printed {}, true {}", at.join(", "), c.printed, c.actual);
    }
    if !e.exceptions.is_empty() {
        let sets: Vec<&str> = e.exceptions.iter().map(|s| s.plain.as_str()).collect();
        return format!("except where {}", sets.join(" or "));
    }
    e.story.first().cloned().unwrap_or_default()
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
    let _ = write!(out, "{} entries: {}", outcome.entries.len(), parts.join(", "));
    if timings {
        let _ = write!(out, " · {:.1} s", outcome.elapsed_ms as f64 / 1000.0);
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

fn cut(text: &str, width: usize) -> String {
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
