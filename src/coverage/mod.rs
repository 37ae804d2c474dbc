//! Which displayed formulas of a text are claimed, derived or defined in a paper's files, and which are not.
//!
//! * **Takes** a text ([`Source`], Markdown or LaTeX) and the loaded papers.
//! * **Gives** every displayed formula with its lines, and for each of its rows what covers it: a claim,
//!   a line of a derivation, a primitive or a definition, a stated reason; or what is left uncovered.
//! * **May call** `document`, `tex`, `expr`.
//!
//! The method is comparison. A formula is brought to a normal form of tokens that keeps all that a reader
//! sees ([`printed`]); it is taken apart into the statements of its rows, and these into the links
//! `a = b`, `b < c` of their chains ([`statement`]). A row is covered if an entry prints it, or if every
//! one of its links is one of an entry's. What is not found so is read with the entry's own names, and is
//! the same if the terms are. Nothing is derived: `a = b` and `b = c` do not cover `a = c`.
//!
//! The same letters may mean something else in another section. An entry whose `at` is found in the text
//! covers formulas of that section only; a claim and its derivation may each stand at the other's place.

mod cover;
mod entries;
mod outline;
mod printed;
mod rows;
mod scan;
mod statement;

#[cfg(test)]
mod scan_tests;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::document::{Diagnostic, Paper, Problem, Source};

use cover::Answer;
use entries::Entries;
pub use entries::{Entry, Kind};
use outline::Outline;
pub use outline::Section;
use rows::Unit;
pub use scan::{Form, Standing};

/// A row of a displayed formula.
#[derive(Clone, Debug)]
pub struct Row {
    /// The bytes of the text.
    pub span: Range<usize>,
    /// The first line and the last one, from 1.
    pub lines: (usize, usize),
    /// As printed, on one line.
    pub latex: String,
    pub state: State,
    /// What covers it or a part of it, by its place among the entries.
    pub by: Vec<usize>,
    /// What is not covered; the whole row may be one of several that make one statement.
    pub left: Vec<String>,
    /// What would cover it in another section.
    pub elsewhere: Vec<usize>,
    /// Why it could not be taken apart.
    pub unreadable: Option<String>,
}

/// Whether a row is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Covered(Kind),
    /// Some of its relations are.
    InPart,
    Nothing,
}

/// A formula of the text.
#[derive(Clone, Debug)]
pub struct Equation {
    pub standing: Standing,
    pub lines: (usize, usize),
    /// The section, by its place in the list; none before the first heading.
    pub section: Option<usize>,
    pub rows: Vec<Row>,
}

/// The formulas of a text and what covers them.
#[derive(Debug)]
pub struct Coverage {
    pub path: String,
    pub sections: Vec<Section>,
    pub equations: Vec<Equation>,
    pub entries: Vec<Entry>,
    /// Reasons for formulas that the text does not display.
    pub stale: Vec<usize>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Formulas inside of lines as well, if they relate something.
    pub inline: bool,
    /// Which version of the papers the text is; what only other versions print then covers nothing.
    pub edition: Option<String>,
}

/// Compares a text with papers.
///
/// Linear in the text but for what is not found as printed, which is read once for every set of names.
/// Errors: a formula that is never closed, and a text that displays none.
pub fn cover(
    source: &Source,
    form: Form,
    papers: &[Paper],
    options: &Options,
) -> Result<Coverage, Vec<Diagnostic>> {
    let inline = options.inline;
    let found = scan::scan(source, form)?;
    if !inline && found.iter().all(|f| f.standing == Standing::Inline) {
        let problem = Problem::Display(format!("`{}` displays no formula", source.path().display()));
        let help =
            "displayed are `$$…$$`, `\\[…\\]`, `equation`, `align` and their like; --inline adds `$…$`";
        return Err(vec![Diagnostic::general(problem, help)]);
    }
    let mut outline = Outline::of(source, form);
    let mut text = Text { source, equations: vec![], units: vec![] };
    for f in &found {
        if f.standing == Standing::Displayed || inline {
            text.formula(f, &mut outline);
        }
    }
    let entries = Entries::of(papers, &outline, options.edition.as_deref());
    text.correct(&entries);
    text.connect();
    let used = text.answer(&entries);
    let stale = entries.displayed.iter().copied().filter(|e| !used.contains(e)).collect();
    Ok(Coverage {
        path: source.path().display().to_string(),
        sections: outline.sections,
        equations: text.equations,
        entries: entries.all,
        stale,
    })
}

struct Text<'a> {
    source: &'a Source,
    equations: Vec<Equation>,
    units: Vec<Unit>,
}

impl Text<'_> {
    fn formula(&mut self, found: &scan::Found, outline: &mut Outline) {
        let at = self.equations.len();
        let section = outline.section_of(found.span.start);
        let (mut rows, mut units) = (vec![], vec![]);
        match printed::read(&found.latex) {
            Ok(printed) => {
                if found.standing == Standing::Inline && !printed.rows.iter().any(|r| statement::relates(r)) {
                    return;
                }
                printed.tags.iter().for_each(|tag| outline.tag(tag, found.span.start));
                for (i, row) in printed.rows.iter().enumerate() {
                    let (first, last) = (&row[0].span, &row[row.len() - 1].span);
                    let span = found.span.start + first.start..found.span.start + last.end;
                    rows.push(self.row(span, None));
                    units.push(Unit::new((at, i), &found.latex, row));
                }
            }
            Err(_) if found.standing == Standing::Inline => return,
            Err(e) => rows.push(self.row(found.span.clone(), Some(e.to_string()))),
        }
        let lines = self.lines(&found.span);
        self.equations.push(Equation { standing: found.standing, lines, section, rows });
        self.units.extend(units);
    }

    fn lines(&self, span: &Range<usize>) -> (usize, usize) {
        (self.source.line_of(span.start), self.source.line_of(span.end.saturating_sub(1).max(span.start)))
    }

    fn row(&self, span: Range<usize>, unreadable: Option<String>) -> Row {
        let latex = self.source.text()[span.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        Row {
            lines: self.lines(&span),
            span,
            latex,
            state: State::Nothing,
            by: vec![],
            left: vec![],
            elsewhere: vec![],
            unreadable,
        }
    }

    /// Puts readings in the place of rows that are misprinted.
    fn correct(&mut self, entries: &Entries) {
        for unit in &mut self.units {
            let (equation, row) = unit.rows[0];
            let offset = self.equations[equation].rows[row].span.start;
            let reading = unit.keys().first().and_then(|key| entries.reading(key, offset));
            if let Some(read) = reading.and_then(|(entry, latex)| unit.reading(*entry, latex)) {
                *unit = read;
            }
        }
    }

    /// Joins the rows that go on with one another, within a section.
    fn connect(&mut self) {
        let section = |unit: &Unit, equations: &[Equation]| equations[unit.rows[0].0].section;
        let inline =
            |unit: &Unit, equations: &[Equation]| equations[unit.rows[0].0].standing == Standing::Inline;
        let mut out: Vec<Unit> = vec![];
        // The last statement that is displayed: what stands in a line between interrupts nothing.
        let mut last: Option<usize> = None;
        for mut unit in std::mem::take(&mut self.units) {
            if inline(&unit, &self.equations) {
                out.push(unit);
                continue;
            }
            let here = section(&unit, &self.equations);
            let before = last.filter(|l| section(&out[*l], &self.equations) == here);
            match before {
                Some(before) if unit.is_rest_of_a_sum() => {
                    out[before].join(unit);
                    continue;
                }
                Some(before) if unit.continues() => unit.follow(&out[before]),
                _ => {}
            }
            last = Some(out.len());
            out.push(unit);
        }
        self.units = out;
    }

    /// Looks everything up, and gives the entries that cover something.
    fn answer(&mut self, entries: &Entries) -> std::collections::BTreeSet<usize> {
        let mut used = std::collections::BTreeSet::new();
        for unit in &self.units {
            let (equation, row) = unit.rows[0];
            let offset = self.equations[equation].rows[row].span.start;
            let mut answer = cover::look_up(unit, offset, entries);
            used.extend(answer.by.iter().chain(&unit.read_by));
            if answer.kind.is_some() {
                answer.by.extend(&unit.read_by);
            }
            for (equation, row) in &unit.rows {
                record(&mut self.equations[*equation].rows[*row], &answer, entries);
            }
        }
        for row in self.equations.iter_mut().flat_map(|e| &mut e.rows) {
            let here = |e: &usize| {
                let places = entries.all[*e].places.as_ref();
                places.is_some_and(|p| p.iter().any(|p| p.contains(&row.span.start)))
            };
            let by_place: Vec<usize> = entries.by_place.iter().copied().filter(here).collect();
            if row.unreadable.is_some() && !by_place.is_empty() {
                row.state = State::Covered(Kind::Reason);
                row.by.clone_from(&by_place);
            }
            used.extend(by_place);
        }
        used
    }
}

fn record(row: &mut Row, answer: &Answer, entries: &Entries) {
    row.by = answer.by.iter().copied().collect();
    row.by.sort_by_key(|e| (entries.all[*e].kind, *e));
    row.left.clone_from(&answer.left);
    row.elsewhere = answer.elsewhere.iter().copied().collect();
    row.state = match answer.kind {
        Some(kind) => State::Covered(kind),
        None if row.by.is_empty() => State::Nothing,
        None => State::InPart,
    };
}
