//! What of a text is covered: for people what is not comes first; as JSON, schema 1.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::coverage::{Coverage, Entry, Equation, Kind, Row, Standing, State};

use super::text::cut;

/// The columns before a formula.
const BEFORE_FORMULA: usize = 30;
/// The columns of a section's number.
const SECTION: usize = 8;
/// The columns to which a section's name is cut in the table.
const NAME: usize = 44;
/// The columns to which formulas are cut where there is no terminal.
const PIPE: usize = 160;
/// The least that is left of a formula on a narrow terminal.
const LEAST_FORMULA: usize = 30;
/// How many entries of other sections are named.
const MOST_ELSEWHERE: usize = 3;

/// The part of a coverage that is spoken of.
pub struct Shown<'a> {
    coverage: &'a Coverage,
    equations: Vec<&'a Equation>,
}

/// How many rows are covered by what.
#[derive(Clone, Copy, Default)]
struct Counts {
    claims: usize,
    steps: usize,
    definitions: usize,
    reasons: usize,
    in_part: usize,
    nothing: usize,
}

impl Counts {
    fn add(&mut self, row: &Row) {
        *match row.state {
            State::Covered(Kind::Claim) => &mut self.claims,
            State::Covered(Kind::Step) => &mut self.steps,
            State::Covered(Kind::Definition) => &mut self.definitions,
            State::Covered(Kind::Reason) => &mut self.reasons,
            State::InPart => &mut self.in_part,
            State::Nothing => &mut self.nothing,
        } += 1;
    }
    fn rows(&self) -> usize {
        self.claims + self.steps + self.definitions + self.reasons + self.in_part + self.nothing
    }
    fn json(&self) -> Value {
        json!({
            "rows": self.rows(),
            "claims": self.claims,
            "steps": self.steps,
            "definitions": self.definitions,
            "reasons": self.reasons,
            "in_part": self.in_part,
            "nothing": self.nothing,
        })
    }
    fn words(&self) -> String {
        let parts = [
            (self.claims, "by claims"),
            (self.steps, "by steps"),
            (self.definitions, "by definitions"),
            (self.reasons, "by reasons"),
            (self.in_part, "in part"),
            (self.nothing, "by nothing"),
        ];
        let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl<'a> Shown<'a> {
    /// All of a coverage, or what stands in the chosen sections.
    pub fn of(coverage: &'a Coverage, sections: &Option<Vec<bool>>) -> Shown<'a> {
        let chosen = |e: &&Equation| match sections {
            Some(chosen) => e.section.is_some_and(|s| chosen[s]),
            None => true,
        };
        Shown { coverage, equations: coverage.equations.iter().filter(chosen).collect() }
    }
    /// Whether every row is covered.
    pub fn is_complete(&self) -> bool {
        self.counts(|_| true).in_part + self.counts(|_| true).nothing == 0
    }
    fn counts(&self, of: impl Fn(&Equation) -> bool) -> Counts {
        let mut counts = Counts::default();
        self.equations.iter().filter(|e| of(e)).flat_map(|e| &e.rows).for_each(|r| counts.add(r));
        counts
    }
    fn entry(&self, at: usize) -> &'a Entry {
        &self.coverage.entries[at]
    }
}

/// For people: what is not covered, stale reasons, and the counts. Formulas are cut at `width` columns,
/// if one is given.
pub fn text(shown: &Shown, width: Option<usize>) -> String {
    let mut out = String::new();
    let room = width.map_or(PIPE, |w| w.saturating_sub(BEFORE_FORMULA).max(LEAST_FORMULA));
    open(&mut out, shown, room);
    stale(&mut out, shown, room);
    table(&mut out, shown);
    out
}

fn title(out: &mut String, title: &str) {
    let bold = Style::new().bold();
    let _ = writeln!(out, "{bold}{title}{bold:#}");
}

fn open(out: &mut String, shown: &Shown, room: usize) {
    let rows: Vec<(&Equation, &Row)> = shown
        .equations
        .iter()
        .flat_map(|e| e.rows.iter().map(move |r| (*e, r)))
        .filter(|(_, r)| !matches!(r.state, State::Covered(_)))
        .collect();
    if rows.is_empty() {
        return;
    }
    title(out, "Not covered");
    for (equation, row) in rows {
        let (state, color) = match row.state {
            State::InPart => ("in part", AnsiColor::Yellow),
            _ => ("nothing", AnsiColor::Red),
        };
        let style = Style::new().fg_color(Some(color.into()));
        let section = equation.section.map(|s| &shown.coverage.sections[s]);
        let place = section.map(|s| s.number.as_ref().unwrap_or(&s.title)).cloned().unwrap_or_default();
        let latex = cut(&row.latex, room);
        let line = row.lines.0;
        let _ = writeln!(
            out,
            "  {style}{state:<7}{style:#}  line {line:<5}  {:<SECTION$}  {latex}",
            cut(&place, SECTION)
        );
        details(out, shown, row, room);
    }
    out.push('\n');
}

fn details(out: &mut String, shown: &Shown, row: &Row, room: usize) {
    let indent = " ".repeat(BEFORE_FORMULA - 2);
    let mut say = |text: &str| {
        let _ = writeln!(out, "{indent}{}", cut(text, room + 2));
    };
    if row.state == State::InPart {
        row.left.iter().for_each(|l| say(&format!("not covered: {}", one_line(l))));
    }
    if let Some(why) = &row.unreadable {
        say(&format!("cannot be taken apart: {why}"));
    }
    for entry in row.elsewhere.iter().take(MOST_ELSEWHERE).map(|e| shown.entry(*e)) {
        say(&format!("the same stands elsewhere: {} ({})", entry.id, entry.at.as_deref().unwrap_or("")));
    }
}

fn one_line(latex: &str) -> String {
    latex.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stale(out: &mut String, shown: &Shown, room: usize) {
    if shown.coverage.stale.is_empty() {
        return;
    }
    title(out, "Stale reasons: the text displays no such formula");
    for entry in shown.coverage.stale.iter().map(|e| shown.entry(*e)) {
        let because = entry.because.as_deref().unwrap_or_default();
        let place = format!("{}:{}", entry.file.display(), entry.line);
        let _ = writeln!(out, "  {place}  {}: {}", entry.id, cut(because, room));
    }
    out.push('\n');
}

fn table(out: &mut String, shown: &Shown) {
    title(out, "Rows of displayed formulas by section");
    let sections = &shown.coverage.sections;
    for section in std::iter::once(None).chain((0..sections.len()).map(Some)) {
        let counts = shown.counts(|e| e.section == section);
        if counts.rows() > 0 {
            let name = section.map_or("before the first heading".to_owned(), |s| sections[s].name());
            let _ = writeln!(out, "  {:<NAME$}  {:>3}: {}", cut(&name, NAME), counts.rows(), counts.words());
        }
    }
    let counts = shown.counts(|_| true);
    let (formulas, rows) = (shown.equations.len(), counts.rows());
    let formulas = format!("{formulas} formula{}", if formulas == 1 { "" } else { "s" });
    let rows = format!("{rows} row{}", if rows == 1 { "" } else { "s" });
    let _ = writeln!(out, "{formulas}, {rows}: {}", counts.words());
}

/// The coverage as one JSON object.
pub fn json(shown: &Shown) -> Value {
    let sections = &shown.coverage.sections;
    let counted = (0..sections.len()).map(|i| {
        let section = &sections[i];
        json!({
            "number": section.number,
            "title": section.title,
            "line": section.line,
            "counts": shown.counts(|e| e.section == Some(i)).json(),
        })
    });
    json!({
        "schema": 1,
        "text": shown.coverage.path,
        "complete": shown.is_complete(),
        "counts": shown.counts(|_| true).json(),
        "sections": counted.collect::<Vec<_>>(),
        "equations": shown.equations.iter().map(|e| equation(shown, e)).collect::<Vec<_>>(),
        "stale": shown.coverage.stale.iter().map(|e| entry(shown.entry(*e))).collect::<Vec<_>>(),
    })
}

fn equation(shown: &Shown, e: &Equation) -> Value {
    let section = e.section.map(|s| &shown.coverage.sections[s]);
    json!({
        "standing": if e.standing == Standing::Displayed { "displayed" } else { "inline" },
        "line": e.lines.0,
        "last_line": e.lines.1,
        "section": section.map(|s| s.name()),
        "rows": e.rows.iter().map(|r| row(shown, r)).collect::<Vec<_>>(),
    })
}

fn row(shown: &Shown, row: &Row) -> Value {
    let state = match row.state {
        State::Covered(_) => "covered",
        State::InPart => "in part",
        State::Nothing => "nothing",
    };
    json!({
        "line": row.lines.0,
        "last_line": row.lines.1,
        "latex": row.latex,
        "state": state,
        "by": row.by.iter().map(|e| entry(shown.entry(*e))).collect::<Vec<_>>(),
        "left": row.left.iter().map(|l| one_line(l)).collect::<Vec<_>>(),
        "elsewhere": row.elsewhere.iter().map(|e| entry(shown.entry(*e))).collect::<Vec<_>>(),
        "unreadable": row.unreadable,
    })
}

fn entry(e: &Entry) -> Value {
    let kind = match e.kind {
        Kind::Claim => "claim",
        Kind::Step => "step",
        Kind::Definition => "definition",
        Kind::Reason => "reason",
    };
    json!({
        "kind": kind,
        "id": e.id,
        "file": e.file.display().to_string(),
        "line": e.line,
        "because": e.because,
    })
}
