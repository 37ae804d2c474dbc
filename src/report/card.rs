//! One claim as readable text: what snapshots pin, what does not change unless a formula or a verdict does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::audit::Entry;

/// The card of one entry: a heading, then one labelled block a fact.
pub fn card(e: &Entry) -> String {
    let mut out = String::new();
    heading(&mut out, e);
    block(&mut out, "printed", &e.prints);
    block(&mut out, "read as", &e.parsed);
    if let Some(means) = &e.means {
        block(&mut out, "said to be", &means.plain);
    }
    if !e.assuming.is_empty() {
        let lines: Vec<&str> = e.assuming.iter().map(|f| f.plain.as_str()).collect();
        block(&mut out, "assuming", &lines.join("\n"));
    }
    if !e.some.is_empty() {
        let names: Vec<String> = e.some.iter().map(crate::tex::plain_symbol).collect();
        block(&mut out, "for some", &names.join(", "));
    }
    block(&mut out, "verdict", &verdict_line(e));
    for sentence in &e.story {
        block(&mut out, "because", sentence);
    }
    if !e.exceptions.is_empty() {
        let lines: Vec<String> = e.exceptions.iter().map(|s| s.plain.clone()).collect();
        block(&mut out, "except", &lines.join("\n"));
    }
    if let Some(c) = &e.counterexample {
        block(&mut out, "fails at", &c.place());
        block(&mut out, "there", &c.values());
        if c.payoffs.is_some() {
            block(&mut out, "and so", &c.actual);
        }
    }
    for (label, formula) in [("derived", &e.derived), ("should be", &e.correction)] {
        if let Some(f) = formula {
            block(&mut out, label, &f.plain);
        }
    }
    // For the paper: what it should print.
    if let Some(f) = e.correction.as_ref().or(e.derived.as_ref()) {
        block(&mut out, "in LaTeX", &f.latex);
    }
    if let Some(m) = &e.measured {
        let agreement = format!(
            "{} of {} draws agree, the worst to {} digits of {}",
            m.draws - m.disagreements,
            m.draws,
            m.worst_digits,
            m.digits
        );
        block(&mut out, "measured", &agreement);
    }
    // What was asked in several cells in the same words is told once.
    let mut told = BTreeSet::new();
    for evidence in &e.evidence {
        let line = format!("{}: {}", evidence.engine, evidence.statement);
        if told.insert(line.clone()) {
            block(&mut out, "evidence", &line);
        }
    }
    if let Some(reading) = &e.reading {
        out.push_str("\nthe transcription is doubtful; with the reading believed in:\n\n");
        for line in card(reading).lines().skip(2) {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

fn heading(out: &mut String, e: &Entry) {
    let places: Vec<String> = e.at.iter().map(|(version, place)| format!("{place} ({version})")).collect();
    let place = if places.is_empty() { String::new() } else { format!(" · {}", places.join(", ")) };
    let _ = writeln!(out, "{}{place}\n", e.id);
}

fn verdict_line(e: &Entry) -> String {
    let mut line = e.verdict.name().to_owned();
    if let Some(h) = e.holds.filter(|_| e.verdict.is_finding()) {
        let _ = write!(line, ", holds {}", format!("{h:?}").to_lowercase());
    }
    if let Some(s) = e.severity {
        let _ = write!(line, " ({})", format!("{s:?}").to_lowercase());
    }
    line
}

/// The column at which a block's text starts.
pub(super) const COLUMN: usize = 15;

/// A label with a text beside it, if there is one.
pub(super) fn block(out: &mut String, label: &str, text: &str) {
    let mut first = true;
    for line in text.trim().lines() {
        let shown = if first { label } else { "" };
        let _ = writeln!(out, "{shown:<COLUMN$}{}", line.trim_end());
        first = false;
    }
}

/// A card with its lines broken at spaces so that they fit `width` columns; see [`wrap_line`].
pub fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        wrap_line(&mut out, line, width, COLUMN);
    }
    out
}

/// Breaks a line at spaces so that it fits `width` columns; what goes over stands under the text
/// that comes after a label of `label` columns. A word that does not fit is left whole: a formula
/// torn apart cannot be copied.
pub fn wrap_line(out: &mut String, line: &str, width: usize, label: usize) {
    // Lines that go on have no label.
    let lead = line.len() - line.trim_start_matches(' ').len();
    let hanging = if lead >= label { lead } else { lead + label };
    let mut column = 0;
    for word in line.split_inclusive(' ') {
        let ends = column + word.trim_end().width();
        if column > hanging && ends > width {
            out.truncate(out.trim_end_matches(' ').len());
            let _ = write!(out, "\n{:hanging$}", "");
            column = hanging;
        }
        out.push_str(word);
        column += word.width();
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_goes_on_under_the_text_of_its_block() {
        let mut text = String::new();
        block(&mut text, "because", "α and β and γ and δ and ε");
        assert_eq!(wrapped(&text, 100), text);
        let space = " ".repeat(COLUMN);
        assert_eq!(wrapped(&text, 27), format!("because        α and β and\n{space}γ and δ and\n{space}ε\n"));
    }

    #[test]
    fn an_indented_block_keeps_its_indent() {
        let space = " ".repeat(COLUMN + 2);
        assert_eq!(wrapped("  label          one two\n", 22), format!("  label          one\n{space}two\n"));
        assert_eq!(wrapped(&format!("{space}one two\n"), 22), format!("{space}one\n{space}two\n"));
    }

    #[test]
    fn a_word_that_does_not_fit_stays_whole() {
        let text = "printed        \\frac{1}{2}+\\frac{1}{3} b\n";
        let space = " ".repeat(COLUMN);
        assert_eq!(
            wrapped(text, 20),
            format!("printed        \\frac{{1}}{{2}}+\\frac{{1}}{{3}}\n{space}b\n")
        );
    }
}
