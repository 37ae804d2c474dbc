//! JUnit XML, as build servers read it: one suite a file of the papers, one case an entry.
//!
//! A finding is a failure, a `conflict` an error, what is undecided is skipped, and the rest passes.
//! Characters that XML has no way to write are left out.

use std::collections::BTreeSet;
use std::io;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::BytesText;

use crate::audit::{Entry, Outcome, Verdict};

use super::card::{Detail, card};

/// What becomes of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Passed,
    Failed,
    Broken,
    Skipped,
}

/// The report of an audit. Of the findings whose ids are not in `failing` only that they are no news
/// is told; without it, every finding fails.
pub fn report(outcome: &Outcome, timings: bool, failing: Option<&BTreeSet<String>>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let suites = suites(outcome);
    let cases: Vec<&Entry> = outcome.entries.iter().collect();
    let state = |e: &Entry| state(e, failing);
    let written = (|| -> io::Result<()> {
        let root = writer.create_element("testsuites").with_attribute(("name", "proofread"));
        let root = counted(root, &cases, &state, timings);
        root.write_inner_content(|w| {
            for (file, entries) in &suites {
                let suite = w.create_element("testsuite").with_attribute(("name", text(file).as_ref()));
                counted(suite, entries, &state, timings).write_inner_content(|w| {
                    entries.iter().try_for_each(|e| case(w, e, state(e), timings))
                })?;
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

fn state(e: &Entry, failing: Option<&BTreeSet<String>>) -> State {
    match e.verdict {
        _ if failing.is_some_and(|ids| ids.contains(&e.id)) => State::Failed,
        Verdict::Conflict => State::Broken,
        v if v.is_finding() && failing.is_none() => State::Failed,
        Verdict::Undecided => State::Skipped,
        _ => State::Passed,
    }
}

type Element<'a> = quick_xml::writer::ElementWriter<'a, Vec<u8>>;

fn counted<'a>(
    element: Element<'a>,
    entries: &[&Entry],
    state: &dyn Fn(&Entry) -> State,
    timings: bool,
) -> Element<'a> {
    let count = |s: State| entries.iter().filter(|e| state(e) == s).count().to_string();
    let element = element
        .with_attribute(("tests", entries.len().to_string().as_str()))
        .with_attribute(("failures", count(State::Failed).as_str()))
        .with_attribute(("errors", count(State::Broken).as_str()))
        .with_attribute(("skipped", count(State::Skipped).as_str()));
    let total: u64 = entries.iter().map(|e| e.elapsed_ms).sum();
    if timings { element.with_attribute(("time", seconds(total).as_str())) } else { element }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn case(w: &mut Writer<Vec<u8>>, e: &Entry, state: State, timings: bool) -> io::Result<()> {
    let (paper, name) = e.id.split_once('/').unwrap_or(("", &e.id));
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
    let message = message(e);
    let told = |w: &mut Writer<Vec<u8>>, tag: &str| -> io::Result<()> {
        w.create_element(tag)
            .with_attribute(("type", e.verdict.name()))
            .with_attribute(("message", text(&message).as_ref()))
            .write_text_content(BytesText::from_escaped(escape(text(&card(e, Detail::Pinned)))))?;
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
            let remark = format!("{}: {message}", e.verdict.name());
            w.create_element("system-out")
                .write_text_content(BytesText::from_escaped(escape(text(&remark))))?;
            Ok(())
        })?,
    };
    Ok(())
}

/// The verdict's reason on one line.
fn message(e: &Entry) -> String {
    format!("{}: {}", e.verdict.name(), super::text::reason(e))
}

/// The text without characters that XML 1.0 does not have.
fn text(s: &str) -> String {
    let is_written =
        |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && *c != '\u{fffe}' && *c != '\u{ffff}');
    s.chars().filter(is_written).collect()
}
