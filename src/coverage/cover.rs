//! Looking the statements of a text up among the entries of papers.

use std::collections::BTreeSet;

use crate::tex::{self, Body, Remark};

use super::entries::{Entries, Frame, Kind, links_of};
use super::printed::{Piece, key};
use super::rows::Unit;
use super::statement::{Link, Part};

/// What became of a statement.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What covers it, if it is covered: the weakest that some piece of it needs.
    pub kind: Option<Kind>,
    /// What covers it, or a part of it.
    pub by: BTreeSet<usize>,
    /// What is not covered, as printed; empty if everything is.
    pub left: Vec<String>,
    /// What would cover it at another place of the text.
    pub elsewhere: BTreeSet<usize>,
}

/// Looks a statement up that stands at `offset`. First as it is printed; what is not found is read
/// with the names of every frame, and looked up as read.
pub fn look_up(unit: &Unit, offset: usize, entries: &Entries) -> Answer {
    let mut search = Search { unit, offset, entries, answer: Answer::default() };
    let statement = unit.statement();
    // A row whose left side is not known says nothing that could be compared.
    let whole = if statement.continues() { &[] } else { entries.whole(&statement.key()) };
    search.answer.kind = search.found(whole);
    if search.answer.kind.is_some_and(|kind| kind < Kind::Reason) {
        return search.answer;
    }
    let by_whole = search.answer.clone();
    let parts: Vec<Option<Kind>> = statement.stated().map(|part| search.part(part)).collect();
    search.answer.kind = weakest(parts);
    match (search.answer.kind, by_whole.kind) {
        // There is a reason for the whole, and what is said of its parts adds nothing.
        (None | Some(Kind::Reason), Some(_)) => by_whole,
        (None, None) => search.shown(),
        (Some(_), _) => search.answer,
    }
}

/// The weakest kind, if every piece has one and there are pieces.
fn weakest(kinds: Vec<Option<Kind>>) -> Option<Kind> {
    kinds.into_iter().collect::<Option<Vec<Kind>>>()?.into_iter().max()
}

struct Search<'a> {
    unit: &'a Unit,
    offset: usize,
    entries: &'a Entries,
    answer: Answer,
}

impl Search<'_> {
    fn is_here(&self, entry: usize) -> bool {
        self.entries.may_stand(entry, self.offset)
    }

    /// Notes the entries that may stand here, and gives the strongest kind of them.
    fn found(&mut self, entries: &[usize]) -> Option<Kind> {
        let (here, elsewhere): (Vec<usize>, Vec<usize>) = entries.iter().partition(|e| self.is_here(**e));
        if here.is_empty() {
            self.answer.elsewhere.extend(elsewhere);
        }
        self.answer.by.extend(&here);
        here.iter().map(|e| self.entries.all[*e].kind).min()
    }

    /// The reasons for what the rows look like and for where they stand come last.
    fn shown(mut self) -> Answer {
        let here = |entries: &[usize]| -> Vec<usize> {
            entries.iter().copied().filter(|e| self.is_here(*e)).collect()
        };
        let rows: Vec<Vec<usize>> = self.unit.keys().iter().map(|k| here(self.entries.row(k))).collect();
        let by_row = if rows.iter().all(|r| !r.is_empty()) { rows.concat() } else { vec![] };
        let reasons = [by_row, here(&self.entries.by_place)].concat();
        if !reasons.is_empty() {
            let by = reasons.into_iter().collect();
            self.answer = Answer { kind: Some(Kind::Reason), by, ..Answer::default() };
        }
        self.answer
    }

    /// What covers a part: the whole of it, or each of its links.
    fn part(&mut self, part: &Part) -> Option<Kind> {
        let known = part.chain.as_ref().is_none_or(|c| c.first.is_some());
        let text = self.unit.latex(&part.pieces).to_owned();
        let mut whole = None;
        if known {
            whole =
                self.found(self.entries.whole(&key(&part.pieces))).or_else(|| self.read_whole(&text, part));
        }
        if whole.is_some_and(|kind| kind < Kind::Reason) {
            return whole;
        }
        let Some(chain) = part.chain.as_ref().filter(|c| known && !c.links.is_empty()) else {
            if whole.is_none() {
                self.answer.left.push(text);
            }
            return whole;
        };
        let by_whole = self.answer.by.clone();
        let links: Vec<Option<Kind>> = chain.pairs().map(|(left, link)| self.link(left, link)).collect();
        match (weakest(links.clone()), whole) {
            // A reason for the whole gives way only to what states every link of it.
            (None | Some(Kind::Reason), Some(_)) => self.answer.by = by_whole,
            (Some(kind), _) => return Some(kind),
            (None, None) => {
                let missing = chain.pairs().zip(links).filter(|(_, found)| found.is_none());
                let missing = missing.map(|((left, link), _)| self.shown_link(left, link));
                let missing: Vec<String> = missing.collect();
                self.answer.left.extend(missing);
            }
        }
        whole
    }

    /// A link as it is printed.
    fn shown_link(&self, left: &[Piece], link: &Link) -> String {
        [left, &link.relation, &link.term].map(|p| self.unit.latex(p)).join(" ")
    }

    fn link(&mut self, left: &[Piece], link: &Link) -> Option<Kind> {
        let printed = self.entries.link(left, &link.relation, &link.term);
        if let Some(kind) = self.found(&printed) {
            return Some(kind);
        }
        let text = self.shown_link(left, link);
        let mut read: BTreeSet<usize> = BTreeSet::new();
        for frame in &self.entries.frames {
            // The whole text is one relation, or it was read as something else.
            if let Some(one) = as_read(&text, frame).map(|f| links_of(&f)).filter(|l| l.len() == 1) {
                read.extend(frame.link(&one[0]));
            }
        }
        self.found(&read.into_iter().collect::<Vec<_>>())
    }

    fn read_whole(&mut self, text: &str, part: &Part) -> Option<Kind> {
        if !part.states() {
            return None;
        }
        let mut read: BTreeSet<usize> = BTreeSet::new();
        for frame in &self.entries.frames {
            if let Some(f) = as_read(text, frame) {
                read.extend(frame.whole(&f));
            }
        }
        self.found(&read.into_iter().collect::<Vec<_>>())
    }
}

/// What a text says with the names of a frame; none where it cannot be read, or holds only somewhere.
fn as_read(text: &str, frame: &Frame) -> Option<crate::expr::Formula> {
    let alias: Vec<(&str, &str)> = frame.alias.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let lines = tex::parse_lines_with(text, &frame.scope, &alias).ok()?;
    match lines.as_slice() {
        [line] if !matches!(line.remark, Some(Remark::Where(_))) => match &line.body {
            Body::Statement(f) => Some(f.clone()),
            _ => None,
        },
        _ => None,
    }
}
