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
    search.found(whole);
    let by_whole = search.answer.clone();
    if by_whole.kind(entries).is_none_or(|kind| kind == Kind::Reason) {
        for part in statement.stated() {
            search.part(part);
        }
    }
    match search.answer.left.is_empty() {
        // There is a reason for the whole, and parts of it say nothing beside it.
        false if !by_whole.by.is_empty() => by_whole,
        false => search.shown(),
        true => search.answer,
    }
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

    /// Whether one of the entries may stand here.
    fn found(&mut self, entries: &[usize]) -> bool {
        let (here, elsewhere): (Vec<usize>, Vec<usize>) = entries.iter().partition(|e| self.is_here(**e));
        if here.is_empty() {
            self.answer.elsewhere.extend(elsewhere);
        }
        self.answer.by.extend(&here);
        !here.is_empty()
    }

    /// The reasons for what the rows look like and for where they stand come last.
    fn shown(mut self) -> Answer {
        let here = |entries: &[usize]| -> Vec<usize> {
            entries.iter().copied().filter(|e| self.is_here(*e)).collect()
        };
        let rows: Vec<Vec<usize>> = self.unit.keys().iter().map(|k| here(self.entries.row(k))).collect();
        let by_row = rows.iter().all(|r| !r.is_empty()).then(|| rows.concat()).unwrap_or_default();
        let reasons = [by_row, here(&self.entries.by_place)].concat();
        if !reasons.is_empty() {
            self.answer = Answer { by: reasons.into_iter().collect(), ..Answer::default() };
        }
        self.answer
    }

    fn part(&mut self, part: &Part) {
        let known = part.chain.as_ref().is_none_or(|c| c.first.is_some());
        let text = self.unit.latex(&part.pieces).to_owned();
        let whole =
            known && (self.found(self.entries.whole(&key(&part.pieces))) || self.read_whole(&text, part));
        let is_reason = self.answer.kind(self.entries) == Some(Kind::Reason);
        if whole && !is_reason {
            return;
        }
        let chain = part.chain.as_ref().filter(|c| known && !c.links.is_empty());
        if whole {
            // A reason for the whole gives way to what states every link of it.
            let by = self.answer.by.clone();
            if !chain.is_some_and(|c| c.pairs().map(|(left, link)| self.link(left, link)).all(|found| found))
            {
                self.answer.by = by;
            }
            return;
        }
        let Some(chain) = chain else {
            self.answer.left.push(text);
            return;
        };
        for (left, link) in chain.pairs() {
            if !self.link(left, link) {
                let shown = [left, &link.relation, &link.term].map(|p| self.unit.latex(p).to_owned());
                self.answer.left.push(shown.join(" "));
            }
        }
    }

    fn link(&mut self, left: &[Piece], link: &Link) -> bool {
        let printed = self.entries.link(left, &link.relation, &link.term);
        if self.found(&printed) {
            return true;
        }
        let shown = [left, &link.relation, &link.term].map(|p| self.unit.latex(p).to_owned());
        let text = shown.join(" ");
        let mut read: BTreeSet<usize> = BTreeSet::new();
        for frame in &self.entries.frames {
            // The whole text is one relation, or it was read as something else.
            if let Some(one) = as_read(&text, frame).map(|f| links_of(&f)).filter(|l| l.len() == 1) {
                read.extend(frame.link(&one[0]));
            }
        }
        self.found(&read.into_iter().collect::<Vec<_>>())
    }

    fn read_whole(&mut self, text: &str, part: &Part) -> bool {
        if !part.states() {
            return false;
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

impl Answer {
    /// The strongest kind of what covers it.
    pub fn kind(&self, entries: &Entries) -> Option<Kind> {
        self.by.iter().map(|e| entries.all[*e].kind).min()
    }
}
