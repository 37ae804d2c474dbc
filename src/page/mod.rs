//! The report as pages: what a browser shows of an audit, from the file system alone.
//!
//! * **Takes** papers, an [`Outcome`] and figures for each, and a date as the caller gives it.
//! * **Gives** [`Page`]s: one for each paper and `index.html`, each one self-contained file of HTML with
//!   MathML, style and script inside. The same input gives the same bytes.
//! * **May call** `document`, `audit`'s results, `expr`; `tex` to read a correction back and to print;
//!   `prove`'s evaluation and `figure`'s axes for plots; math-core for MathML and maud for HTML.
//!
//! Everything that comes from a paper is text: maud escapes it, and what math-core makes of LaTeX is let
//! through only if it holds nothing but MathML ([`math`]).

mod anchor;
mod difference;
mod drawn;
mod entry;
mod index;
mod math;
mod paper;
mod plot;
mod printed;
mod shell;

use std::collections::BTreeSet;

use crate::audit::Outcome;
use crate::document::Paper;
use crate::figure::Drawing;

/// The name of the page that lists the others.
const INDEX: &str = "index.html";

/// A file of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name, without a folder.
    pub name: String,
    pub html: String,
    /// Formulas that are shown as their LaTeX, since they could not be typeset.
    pub not_typeset: usize,
}

/// A paper with what an audit found of it.
#[derive(Clone, Copy, Debug)]
pub struct Audited<'a> {
    pub paper: &'a Paper,
    pub outcome: &'a Outcome,
    /// What is drawn of it.
    pub figures: &'a [Drawing],
}

/// The pages of the audits of some papers; the index comes last, so that it never names a page that is
/// not written yet. Linear in the size of the audits, but for the plots: some hundred evaluations each.
pub fn pages(audits: &[Audited<'_>], date: Option<&str>) -> Vec<Page> {
    let names = names(audits);
    let mut pages: Vec<Page> =
        audits.iter().zip(&names).map(|(audited, name)| paper::page(*audited, name, date)).collect();
    pages.push(Page { name: INDEX.to_owned(), html: index::page(audits, &names, date), not_typeset: 0 });
    pages
}

/// A file name for each paper: its folder's name, numbered where two papers share it, whatever the file
/// system makes of capitals.
fn names(audits: &[Audited<'_>]) -> Vec<String> {
    let mut taken = BTreeSet::from([INDEX.to_owned()]);
    let mut names = vec![];
    for audited in audits {
        let stem = anchor::file_stem(&audited.paper.id);
        let numbered =
            (1_u32..).map(|n| if n == 1 { format!("{stem}.html") } else { format!("{stem}-{n}.html") });
        let free = numbered.into_iter().find(|name| !taken.contains(&name.to_lowercase()));
        let name = free.expect("numbers do not run out");
        taken.insert(name.to_lowercase());
        names.push(name);
    }
    names
}
