//! One claim or line: as a finding, open, or as one of the others, folded.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::audit::{Counterexample, Entry, EntryKind, Holds, Shown, Verdict};
use crate::prove::Evidence;
use crate::tex;

use super::anchor;
use super::difference::{self, Difference};
use super::math::Typesetter;
use super::paper::{Known, counted, link};
use super::plot;
use super::printed::Printed;
use super::shell::chip;

/// How many statements of evidence are told; `explain` tells them all.
const TOLD: usize = 6;
/// The longest statement of evidence that is told in full, in characters.
const LONG: usize = 240;

/// What all entries of a page are made with.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    pub typesetter: &'a Typesetter,
    pub printed: &'a Known<'a>,
}

impl<'a> Shelf<'a> {
    /// The heading under which an entry's file stands.
    pub fn heading(&self, e: &'a Entry) -> &'a str {
        self.printed.get(&e.id).map_or(e.file.as_str(), |p| p.section)
    }
}

/// An entry in full.
pub fn finding(shelf: &Shelf, e: &Entry) -> Markup {
    html! {
        article.entry.(e.verdict.name()) id=(anchor::of(&e.id)) data-verdict=(e.verdict.name()) tabindex="-1" {
            header {
                (chip(e.verdict))
                h4 { bdi { (title(e)) } }
                a.anchor href=(link(&e.id)) aria-label={ "Permanent link to " (short(&e.id)) } { code { (short(&e.id)) } }
            }
            p.summary { bdi { (summary(e)) } }
            (body(shelf, e))
        }
    }
}

/// An entry that opens when it is asked for.
pub fn folded(shelf: &Shelf, e: &Entry) -> Markup {
    html! {
        details.entry.(e.verdict.name()) id=(anchor::of(&e.id)) data-verdict=(e.verdict.name()) {
            summary {
                (chip(e.verdict))
                code.id { (short(&e.id)) }
                span.place { bdi { (places(e)) } }
                span.glance aria-hidden="true" { (glance(e)) }
            }
            (body(shelf, e))
            p.anchor { a href=(link(&e.id)) { "Link to " (short(&e.id)) } }
        }
    }
}

fn body(shelf: &Shelf, e: &Entry) -> Markup {
    let set = shelf.typesetter;
    let stands = shelf.printed.get(&e.id);
    let differs = stands.filter(|_| e.verdict == Verdict::Refuted).and_then(|p| differing(e, p));
    let notes: &[&str] = stands.map_or(&[], |p| &p.notes);
    html! {
        dl.facts {
            @if !e.prints.is_empty() { (row("Printed", &set.display(&e.prints, "Formula as printed"))) }
            @if let Some(d) = &differs { (row("What differs", &difference(set, d))) }
            @if let Some(means) = &e.means { (row("Said to be", &meant(set, means))) }
            @if !e.assuming.is_empty() {
                (row("Assuming", &html! { ul.inline { @for a in &e.assuming { li { (assumption(set, a)) } } } }))
            }
            (right(set, e))
            @if !e.exceptions.is_empty() {
                (row("Except where", &html! { @for x in &e.exceptions { (set.display(&x.latex, "Exception")) } }))
            }
            @if let Some(c) = &e.counterexample { (row(if e.verdict == Verdict::Refuted { "Fails at" } else { "At" }, &counterexample(set, c))) }
            @if let Some(plot) = stands.and_then(|p| plot::of(e, p)) { (row("Plotted", &plot)) }
            @if !e.story.is_empty() {
                (row("Because", &html! { @for sentence in &e.story { p { bdi { (sentence) } } } }))
            }
            @if let Some(m) = &e.measured {
                (row("Measured", &html! { p { (m.draws - m.disagreements) " of " (counted(m.draws, "draw agrees", "draws agree"))
                    ", the worst to " (m.worst_digits) " digits of " (m.digits) } }))
            }
            @if !e.evidence.is_empty() { (row("Evidence", &evidence(e))) }
            @if !notes.is_empty() {
                (row("The file notes", &html! { @for note in notes { p { bdi { (note) } } } }))
            }
            @if !e.parsed.is_empty() { (row("Read as", &html! { p.plain { bdi { (e.parsed) } } })) }
            @if let Some(reading) = &e.reading {
                (row("As believed", &html! {
                    p { "The transcription is doubtful. Read as it is believed to stand in the original:" }
                    div.reading.(reading.verdict.name()) { p { (chip(reading.verdict)) } p.summary { bdi { (summary(reading)) } } (body(shelf, reading)) }
                }))
            }
            (row("Redo", &html! { p { code { "proofread explain " (e.id) } } p.where { code { (e.file) ":" (e.line) } } }))
        }
    }
}

/// The printed formula and the correction with what differs in them; the correction is read back as it
/// is shown.
fn differing(e: &Entry, printed: &Printed) -> Option<Difference> {
    // A reading that is believed in has a statement of its own, which is not at hand.
    let statement = printed
        .statement
        .filter(|f| tex::plain_formula(f) == e.parsed.trim_start_matches(['⇒', '⇔', ' ']))?;
    let right = tex::parse_formula(&e.correction.as_ref()?.latex, &printed.scope).ok()?;
    difference::between(statement, &right)
}

fn difference(set: &Typesetter, d: &Difference) -> Markup {
    html! {
        p.legend { "printed" }
        (set.display(&d.printed, "Printed formula as read, with what differs marked"))
        p.legend { "right" }
        (set.display(&d.right, "Right formula, with what differs marked"))
    }
}

fn row(label: &str, content: &Markup) -> Markup {
    html! { div { dt { (label) } dd { (content) } } }
}

/// What is right: the correction, or else what was derived.
fn right(set: &Typesetter, e: &Entry) -> Markup {
    let differs =
        e.correction.as_ref().is_some_and(|c| e.derived.as_ref().is_none_or(|d| d.latex != c.latex));
    html! {
        @if let Some(c) = &e.correction { (row("Should be", &with_source(set, c, "Correction"))) }
        @if let Some(d) = e.derived.as_ref().filter(|_| differs || e.correction.is_none()) {
            (row("Derived", &with_source(set, d, "Derived from the game")))
        }
    }
}

/// A formula with its LaTeX to copy.
fn with_source(set: &Typesetter, shown: &Shown, label: &str) -> Markup {
    html! {
        (set.display(&shown.latex, label))
        details.source { summary { "LaTeX" } pre tabindex="0" { code { (shown.latex) } } }
    }
}

/// What is assumed: a formula or, of theorems about any payoffs, a sentence.
fn assumption(set: &Typesetter, assumed: &Shown) -> Markup {
    let is_word = |word: &str| word.len() > 2 && word.chars().all(|c| c.is_ascii_alphabetic());
    let mut words = assumed.plain.split(' ');
    let begins_in_words = words.next().is_some_and(is_word) && words.next().is_some_and(is_word);
    if begins_in_words && assumed.plain == assumed.latex {
        return html! { bdi { (assumed.plain) } };
    }
    set.listed(&assumed.latex, "Assumption")
}

/// What a name is said to be: LaTeX, or the name of a concept.
fn meant(set: &Typesetter, means: &Shown) -> Markup {
    if means.latex.contains('\\') {
        return set.display(&means.latex, "What it is said to be");
    }
    html! { p { bdi { (means.plain) } } }
}

fn counterexample(set: &Typesetter, c: &Counterexample) -> Markup {
    html! {
        ul.inline.point {
            @if c.at.is_empty() { li { "every point" } }
            @for (symbol, value) in &c.at { li { (set.listed(&format!("{} = {}", symbol.latex(), value_latex(&value.to_string())), "Value")) } }
        }
        @if c.relation.is_some() {
            p.values { bdi { (c.values()) } }
        } @else {
            dl.values {
                div { dt { "printed" } dd { (c.printed) } }
                div { dt { "true" } dd { (c.actual) } }
            }
        }
    }
}

fn value_latex(value: &str) -> String {
    match value.split_once('/') {
        Some((n, d)) => match n.strip_prefix('-') {
            Some(n) => format!("-\\tfrac{{{n}}}{{{d}}}"),
            None => format!("\\tfrac{{{n}}}{{{d}}}"),
        },
        None => value.to_owned(),
    }
}

fn evidence(e: &Entry) -> Markup {
    let mut told = BTreeSet::new();
    let distinct: Vec<&Evidence> = e
        .evidence
        .iter()
        .filter(|x| x.statement != "true" && told.insert((&x.engine, &x.statement)))
        .collect();
    html! {
        ul.evidence {
            @for x in distinct.iter().take(TOLD) {
                li { span.engine title=(engine(&x.engine)) { (x.engine) } " " bdi { (shortened(&x.statement, LONG)) } }
            }
        }
        @if distinct.len() > TOLD { p.more { "and " (counted(distinct.len() - TOLD, "further question", "further questions")) ", each with its certificate" } }
    }
}

/// What an engine does, in words.
fn engine(name: &str) -> &'static str {
    match name {
        "order" => "exact real algebra",
        "identity" => "canonical forms of both sides",
        "signs" => "rules for signs",
        "certified" => "enclosures on boxes",
        "witness" => "exact values put in",
        _ => "an engine of this program",
    }
}

/// A text in so many characters, at the end of a word, with an ellipsis if it was longer.
fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some((end, _)) => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            format!("{} …", &text[..end])
        }
    }
}

fn short(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, rest)| rest)
}

/// The places of an entry in the versions of the paper.
fn places(e: &Entry) -> String {
    let places: Vec<String> = e.at.iter().map(|(version, place)| format!("{place} ({version})")).collect();
    places.join(", ")
}

/// Where an entry stands, or its id if the file does not say.
fn title(e: &Entry) -> String {
    let place = places(e);
    match (place.is_empty(), e.kind) {
        (true, _) => short(&e.id).to_owned(),
        (false, EntryKind::Claim) => place,
        (false, EntryKind::Step) => format!("{place}, line {}", e.id.rsplit('/').next().unwrap_or_default()),
    }
}

/// The formula at a glance, for a folded entry.
fn glance(e: &Entry) -> String {
    let text = if e.parsed.is_empty() {
        e.means.as_ref().map_or("", |m| m.plain.as_str())
    } else {
        e.parsed.as_str()
    };
    shortened(text, 120)
}

/// A line that can be cited.
fn summary(e: &Entry) -> String {
    let line = told(e);
    if line.ends_with('…') { line } else { line + "." }
}

fn told(e: &Entry) -> String {
    let what = format!("{}: {}", title(e), e.verdict.name());
    let how = match e.holds {
        Some(Holds::Never) => "; it never holds",
        _ => "",
    };
    let sets: Vec<&str> = e.exceptions.iter().map(|s| s.plain.as_str()).collect();
    match (&e.counterexample, e.verdict) {
        (_, Verdict::Conditional) if !sets.is_empty() => {
            format!("{what}, except where {}", sets.join(" or "))
        }
        (Some(c), Verdict::Refuted) => format!("{what} at {}: {}{how}", c.place(), c.values()),
        (Some(c), Verdict::Gap) => format!("{what}; it does not follow, as {} shows", c.place()),
        (None, Verdict::Gap) => match e.story.first() {
            Some(why) => format!("{what}; {why}"),
            None => what,
        },
        (Some(c), _) if e.verdict.is_finding() => format!("{what}, as {} shows: {}", c.place(), c.values()),
        _ => format!("{what}{how}"),
    }
}
