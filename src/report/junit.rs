//! JUnit XML, as build servers read it: one suite a file of the papers, one case an entry.
//!
//! A finding is a failure, a `conflict` an error, what is undecided is skipped, and the rest passes. With a
//! baseline, what changed is a failure, for the better as well: a baseline that still has a mistake would let
//! it pass when it comes back. The message says which it is, and what accepts it.
//! Characters that XML has no way to write are left out.

use std::io;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::BytesText;

use crate::audit::{Entry, Outcome, Verdict};

use super::baseline::{Change, Changes};
use super::card::card;

/// What becomes of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Passed,
    Failed,
    Broken,
    Skipped,
}

/// What is to be done about a change that is meant.
const ACCEPT: &str = "write the baseline anew to accept it";

/// The suite of the entries that a baseline has and the papers have no more.
const GONE: &str = "gone since the baseline";

/// The report of an audit. With the changes since a baseline they fail, and of other findings only that they
/// are no news is told; without them, every finding fails.
pub fn report(outcome: &Outcome, timings: bool, changes: Option<&Changes>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let suites = suites(outcome);
    let cases: Vec<&Entry> = outcome.entries.iter().collect();
    let state = |e: &Entry| state(e, changes);
    let gone: Vec<&Change> =
        changes.iter().flat_map(|c| &c.list).filter(|change| change.now.is_none()).collect();
    let written = (|| -> io::Result<()> {
        let root = writer.create_element("testsuites").with_attribute(("name", "proofread"));
        let root = counted(root, &cases, gone.len(), &state, timings);
        root.write_inner_content(|w| {
            for (file, entries) in &suites {
                let suite = w.create_element("testsuite").with_attribute(("name", text(file).as_ref()));
                counted(suite, entries, 0, &state, timings).write_inner_content(|w| {
                    let change = |e: &Entry| changes.and_then(|c| c.of(&e.id));
                    entries.iter().try_for_each(|e| case(w, e, state(e), change(e), timings))
                })?;
            }
            if !gone.is_empty() {
                let suite = w.create_element("testsuite").with_attribute(("name", GONE));
                counted(suite, &[], gone.len(), &state, timings)
                    .write_inner_content(|w| gone.iter().try_for_each(|change| gone_case(w, change)))?;
            }
            Ok(())
        })?;
        Ok(())
    })();
    written.expect("memory can be written");
    let body = String::from_utf8(writer.into_inner()).expect("only text was written");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n")
}

/// The entries by file, in the order of the report.
fn suites(outcome: &Outcome) -> Vec<(String, Vec<&Entry>)> {
    let mut suites: Vec<(String, Vec<&Entry>)> = vec![];
    for e in &outcome.entries {
        match suites.iter_mut().find(|(file, _)| *file == e.file) {
            Some((_, entries)) => entries.push(e),
            None => suites.push((e.file.clone(), vec![e])),
        }
    }
    suites
}

fn state(e: &Entry, changes: Option<&Changes>) -> State {
    match e.verdict {
        Verdict::Conflict => State::Broken,
        _ if changes.is_some_and(|c| c.of(&e.id).is_some()) => State::Failed,
        v if v.is_finding() && changes.is_none() => State::Failed,
        Verdict::Undecided => State::Skipped,
        _ => State::Passed,
    }
}

type Element<'a> = quick_xml::writer::ElementWriter<'a, Vec<u8>>;

fn counted<'a>(
    element: Element<'a>,
    entries: &[&Entry],
    gone: usize,
    state: &dyn Fn(&Entry) -> State,
    timings: bool,
) -> Element<'a> {
    let count = |s: State| entries.iter().filter(|e| state(e) == s).count();
    let element = element
        .with_attribute(("tests", (entries.len() + gone).to_string().as_str()))
        .with_attribute(("failures", (count(State::Failed) + gone).to_string().as_str()))
        .with_attribute(("errors", count(State::Broken).to_string().as_str()))
        .with_attribute(("skipped", count(State::Skipped).to_string().as_str()));
    let total: u64 = entries.iter().map(|e| e.elapsed_ms).sum();
    if timings { element.with_attribute(("time", seconds(total).as_str())) } else { element }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// What became of an entry that is no more.
fn gone_case(w: &mut Writer<Vec<u8>>, change: &Change) -> io::Result<()> {
    let (paper, name) = names(&change.id);
    let message = format!("{}; {ACCEPT}", change.words());
    let element = w.create_element("testcase").with_attribute(("classname", text(paper).as_ref()));
    element.with_attribute(("name", text(name).as_ref())).write_inner_content(|w| {
        let failure = w.create_element("failure").with_attribute(("type", "gone"));
        failure.with_attribute(("message", text(&message).as_ref())).write_empty()?;
        Ok(())
    })?;
    Ok(())
}

/// The paper's name and what comes after it.
fn names(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("", id))
}

fn case(
    w: &mut Writer<Vec<u8>>,
    e: &Entry,
    state: State,
    change: Option<&Change>,
    timings: bool,
) -> io::Result<()> {
    let (paper, name) = names(&e.id);
    let line = e.line.to_string();
    let mut element = w
        .create_element("testcase")
        .with_attribute(("classname", text(paper).as_ref()))
        .with_attribute(("name", text(name).as_ref()))
        .with_attribute(("file", text(&e.file).as_ref()))
        .with_attribute(("line", line.as_str()));
    if timings {
        element = element.with_attribute(("time", seconds(e.elapsed_ms).as_str()));
    }
    let message = message(e, change);
    let told = |w: &mut Writer<Vec<u8>>, tag: &str| -> io::Result<()> {
        w.create_element(tag)
            .with_attribute(("type", e.verdict.name()))
            .with_attribute(("message", text(&message).as_ref()))
            .write_text_content(BytesText::from_escaped(escape(text(&card(e)))))?;
        Ok(())
    };
    match state {
        State::Failed => element.write_inner_content(|w| told(w, "failure"))?,
        State::Broken => element.write_inner_content(|w| told(w, "error"))?,
        State::Skipped => element.write_inner_content(|w| {
            w.create_element("skipped").with_attribute(("message", text(&message).as_ref())).write_empty()?;
            Ok(())
        })?,
        State::Passed if e.verdict == Verdict::Proved => element.write_empty()?,
        State::Passed => element.write_inner_content(|w| {
            let remark = if e.verdict.is_finding() { format!("as before: {message}") } else { message };
            w.create_element("system-out")
                .write_text_content(BytesText::from_escaped(escape(text(&remark))))?;
            Ok(())
        })?,
    };
    Ok(())
}

/// What happened and the verdict's reason, on one line.
fn message(e: &Entry, change: Option<&Change>) -> String {
    let what = change.map_or_else(|| e.verdict.name().to_owned(), Change::words);
    let why = super::text::reason(e);
    let why = if why.is_empty() { what } else { format!("{what}: {why}") };
    if change.is_some_and(Change::is_better) { format!("{why}; {ACCEPT}") } else { why }
}

/// The text without characters that XML 1.0 does not have.
fn text(s: &str) -> String {
    let is_written =
        |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && *c != '\u{fffe}' && *c != '\u{ffff}');
    s.chars().filter(is_written).collect()
}
