//! The page of one paper: what was audited, the findings, then everything else.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::audit::{Entry, Outcome, Severity, Verdict};

use super::entry::{self, Shelf};
use super::math::Typesetter;
use super::printed::{self, Printed};
use super::shell::{TOOL, chip, document, meaning};
use super::{Audited, INDEX, Page, anchor, drawn};

/// The page of an audited paper under a file name.
pub fn page(audited: Audited<'_>, name: &str, date: Option<&str>) -> Page {
    let Audited { paper, outcome, figures } = audited;
    let typesetter = Typesetter::new();
    let printed = printed::all(paper);
    let shelf = Shelf { typesetter: &typesetter, printed: &printed };
    let findings = outcome.findings();
    let body = html! {
        header.top {
            nav aria-label="Papers" { a href=(INDEX) { "All papers" } }
            p.kicker { "Audit of the mathematics of" }
            h1 { bdi { (paper.title) } }
            @if !paper.authors.is_empty() { p.authors { bdi { (paper.authors.join(", ")) } } }
            (about(audited, date))
        }
        (tools(outcome))
        main id="~main" tabindex="-1" {
            (found(&shelf, &findings))
            (others(&shelf, outcome))
            (drawn::section(&paper.figures, figures))
        }
        footer {
            p { "Everything here can be redone: " code { "proofread explain ID" }
                " tells one entry in full, and " code { "proofread recheck" } " replays every certificate." }
            p.meta { (TOOL) ", seed " (outcome.seed) @if let Some(date) = date { ", " (date) } }
        }
    };
    Page {
        name: name.to_owned(),
        html: document(&format!("Audit: {}", paper.title), &body),
        not_typeset: typesetter.failures(),
    }
}

/// What was audited, by what, and the counts.
fn about(audited: Audited<'_>, date: Option<&str>) -> Markup {
    let Audited { paper, outcome, .. } = audited;
    let assumptions: BTreeSet<&str> =
        outcome.entries.iter().flat_map(|e| &e.assuming).map(|a| a.latex.as_str()).collect();
    let counts = outcome.counts();
    let sum = outcome.entries.len();
    html! {
        dl.about {
            div { dt { "Entries" } dd { (counted(sum, "claim or line", "claims and lines")) ", "
                (counted(assumptions.len(), "distinct assumption", "distinct assumptions")) } }
            @if !paper.versions.is_empty() {
                div { dt { "Versions" } dd { @for (n, (name, what)) in paper.versions.iter().enumerate() {
                    @if n > 0 { "; " } bdi { (name) ": " (what) } } } }
            }
            div { dt { "Files" } dd { @for (n, file) in paper.files.iter().enumerate() {
                @if n > 0 { ", " } code { (file.source.path().display()) } } } }
            div { dt { "Tool" } dd { (TOOL) ", seed " (outcome.seed) } }
            @if let Some(date) = date { div { dt { "Date" } dd { bdi { (date) } } } }
        }
        ul.tally aria-label="Counts by verdict" {
            @for verdict in Verdict::ALL.iter().filter(|v| counts[v] > 0) {
                li class=(verdict.name()) title=(meaning(*verdict)) { b { (counts[verdict]) } " " (chip(*verdict)) }
            }
        }
        @if sum > 0 {
            div.bar aria-hidden="true" {
                @for verdict in Verdict::ALL.iter().filter(|v| counts[v] > 0) {
                    span class=(verdict.name()) style={ "flex-grow:" (counts[verdict]) } {}
                }
            }
        }
        @for note in &outcome.notes { p.note { "Note: " bdi { (note) } } }
    }
}

/// Search and filters; the script shows them.
fn tools(outcome: &Outcome) -> Markup {
    let counts = outcome.counts();
    html! {
        search.tools id="~tools" hidden {
            label.search { span { "Search" } input id="~search" type="search" autocomplete="off" spellcheck="false" placeholder="id, place, symbol, engine"; }
            fieldset {
                legend { "Verdicts" }
                @for verdict in Verdict::ALL.iter().filter(|v| counts[v] > 0) {
                    label class={ "filter " (verdict.name()) } { input type="checkbox" checked value=(verdict.name()); (chip(*verdict)) }
                }
            }
            p id="~shown" role="status" {}
        }
    }
}

fn found(shelf: &Shelf, findings: &[&Entry]) -> Markup {
    html! {
        section aria-labelledby="~findings" {
            h2 id="~findings" { "Findings" }
            @if findings.is_empty() { p { "Nothing was found." } }
            @for (severity, title, what) in [
                (Some(Severity::Result), "Results", "A numbered result of the paper changes."),
                (Some(Severity::Slip), "Slips", "Only a line does; the result that it belongs to is judged by itself."),
                (None, "Others", "Neither is said to be a result nor a line."),
            ] {
                @let group: Vec<&Entry> = findings.iter().copied().filter(|e| e.severity == severity).collect();
                @if !group.is_empty() {
                    section.group {
                        h3 { (title) " " span.number { (group.len()) } }
                        p.what { (what) }
                        @for e in group { (entry::finding(shelf, e)) }
                    }
                }
            }
        }
    }
}

/// Everything that is no finding, by the headings of the files, in their order.
fn others(shelf: &Shelf, outcome: &Outcome) -> Markup {
    let mut sections: Vec<(&str, Vec<&Entry>)> = vec![];
    for e in outcome.entries.iter().filter(|e| !e.verdict.is_finding()) {
        let heading = shelf.heading(e);
        match sections.last_mut().filter(|(last, _)| *last == heading) {
            Some((_, entries)) => entries.push(e),
            None => sections.push((heading, vec![e])),
        }
    }
    html! {
        section aria-labelledby="~others" {
            h2 id="~others" { "Every other claim and line" }
            @if sections.is_empty() { p { "There is nothing else." } }
            @for (heading, entries) in &sections {
                section.group {
                    h3 { bdi { (heading) } " " span.number { (entries.len()) } }
                    @for e in entries { (entry::folded(shelf, e)) }
                }
            }
        }
    }
}

/// `1 paper`, `2 papers`.
pub fn counted(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// The anchors of a page by entry, for links between entries.
pub type Known<'a> = BTreeMap<String, Printed<'a>>;

/// The address of an entry within its page.
pub fn link(id: &str) -> String {
    format!("#{}", anchor::of(id))
}
