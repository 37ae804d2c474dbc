//! One claim's story as `explain` tells it: what is printed and how it was read, what was derived and measured,
//! what was found and why, what is right, and the evidence.

use std::fmt::Write as _;

use crate::audit::{Entry, Holds, Severity, Verdict};

use super::card::{COLUMN, block};

/// The longest formula of the evidence that is told in full, in characters.
const LONG: usize = 200;
/// Of how many cases of a question the conditions are told, before the others are counted.
const CASES: usize = 3;

/// The story of one entry: a heading, then paragraphs of labelled blocks. Linear in what it tells.
pub fn story(e: &Entry) -> String {
    let mut out = e.id.clone();
    let places: Vec<String> = e.at.iter().map(|(version, place)| format!("{place} ({version})")).collect();
    if !places.is_empty() {
        let _ = write!(out, " · {}", places.join(", "));
    }
    let _ = writeln!(out, "\n{}:{}\n", e.file, e.line);
    out.push_str(&body(e));
    if let Some(reading) = &e.reading {
        out.push_str("\nthe transcription is doubtful; with the reading believed in:\n\n");
        for line in body(reading).lines() {
            let _ = writeln!(out, "{}{line}", if line.is_empty() { "" } else { "  " });
        }
    }
    out
}

fn body(e: &Entry) -> String {
    let parts = [printed(e), worked_out(e), found(e), right(e), evidence(e)];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.join("\n")
}

/// What the paper says, and how it was understood.
fn printed(e: &Entry) -> String {
    let mut out = String::new();
    block(&mut out, "printed", &e.prints);
    block(&mut out, "read as", &e.parsed);
    if let Some(means) = &e.means {
        block(&mut out, "said to be", &means.plain);
    }
    let assuming: Vec<&str> = e.assuming.iter().map(|f| f.plain.as_str()).collect();
    block(&mut out, "assuming", &assuming.join("\n"));
    let some: Vec<String> = e.some.iter().map(crate::tex::plain_symbol).collect();
    block(&mut out, "for some", &some.join(", "));
    out
}

/// What the game itself gives, by algebra and in numbers; what is told as the correction is not told twice.
fn worked_out(e: &Entry) -> String {
    let mut out = String::new();
    if let Some(derived) = e.derived.as_ref().filter(|d| Some(*d) != e.correction.as_ref()) {
        block(&mut out, "derived", &derived.plain);
        if e.correction.is_none() {
            block(&mut out, "in LaTeX", &derived.latex);
        }
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
    out
}

/// The verdict with its exceptions or its counterexample, and the reasons in words.
fn found(e: &Entry) -> String {
    let mut out = String::new();
    block(&mut out, "verdict", &verdict(e));
    let exceptions: Vec<&str> = e.exceptions.iter().map(|s| s.plain.as_str()).collect();
    block(&mut out, "except", &exceptions.join("\n"));
    if let Some(c) = &e.counterexample {
        block(&mut out, "fails at", &c.place());
        block(&mut out, "there", &c.values());
        if c.payoffs.is_some() {
            block(&mut out, "and so", &c.actual);
        }
    }
    let is_shown = e.counterexample.is_some() || !exceptions.is_empty();
    block(&mut out, if is_shown { "besides" } else { "because" }, &e.story.join("\n"));
    out
}

/// The verdict's name and, of a finding, how much of the statement holds and what it touches.
fn verdict(e: &Entry) -> String {
    let mut line = e.verdict.name().to_owned();
    if !e.verdict.is_finding() {
        return line;
    }
    let holds = match (e.holds, e.verdict) {
        (Some(Holds::Never), _) => Some("it holds nowhere"),
        (Some(Holds::Sometimes), Verdict::Refuted) => Some("it holds at some values only"),
        _ => None,
    };
    let touches = match e.severity {
        Some(Severity::Result) => Some("a result"),
        Some(Severity::Slip) => Some("a line, not a result"),
        None => None,
    };
    let said: Vec<&str> = [touches, holds].into_iter().flatten().collect();
    if !said.is_empty() {
        let _ = write!(line, " ({})", said.join("; "));
    }
    line
}

/// What should be printed.
fn right(e: &Entry) -> String {
    let mut out = String::new();
    if let Some(correction) = &e.correction {
        block(&mut out, "should be", &correction.plain);
        block(&mut out, "in LaTeX", &correction.latex);
    }
    out
}

/// A question that an engine answered, with the conditions of each case in which it was asked.
struct Question<'a> {
    engine: &'a str,
    said: String,
    cases: Vec<&'a str>,
}

/// The evidence, one block a question; what is no news in the words of the story is left out.
fn evidence(e: &Entry) -> String {
    let mut questions: Vec<Question> = vec![];
    for evidence in &e.evidence {
        // Conditions come last, and no formula has these words inside.
        let (said, case) = match evidence.statement.rsplit_once(", for ") {
            Some((said, case)) => (said, Some(case)),
            None => (evidence.statement.as_str(), None),
        };
        let said = in_words(said);
        let known = questions.iter_mut().find(|q| q.engine == evidence.engine && q.said == said);
        match known {
            Some(question) => question.cases.extend(case.filter(|c| !question.cases.contains(c))),
            None => {
                let cases = case.into_iter().collect();
                questions.push(Question { engine: &evidence.engine, said, cases });
            }
        }
    }
    let is_trivial = |q: &Question| [TRUE, FALSE].contains(&q.said.as_str()) && q.cases.is_empty();
    if questions.iter().any(|q| !is_trivial(q)) {
        questions.retain(|q| !is_trivial(q));
    }
    let mut out = String::new();
    let is_cut = |text: &str| text.chars().count() > LONG;
    for question in &questions {
        told(&mut out, question);
    }
    if questions.iter().any(|q| is_cut(&q.said) || q.cases.len() > CASES || q.cases.iter().any(|c| is_cut(c)))
    {
        block(&mut out, "in full", "`proofread check --format json` has all of it, with certificates");
    }
    out
}

/// What is left of a statement that is decided as soon as it is put in the game's terms.
const TRUE: &str = "true as soon as each name has its meaning";
const FALSE: &str = "false as soon as each name has its meaning";

fn in_words(said: &str) -> String {
    match said {
        "true" => TRUE.to_owned(),
        "fails at : false" => FALSE.to_owned(),
        _ => said.to_owned(),
    }
}

fn told(out: &mut String, question: &Question) {
    let Question { engine, cases, .. } = question;
    let said = shortened(&question.said);
    match cases.as_slice() {
        [] => block(out, "evidence", &format!("{engine}: {said}")),
        [case] => block(out, "evidence", &format!("{engine}: {said}, for {}", shortened(case))),
        several => {
            block(out, "evidence", &format!("{engine}: {said}"));
            for case in several.iter().take(CASES) {
                let _ = writeln!(out, "{:COLUMN$}  for {}", "", shortened(case));
            }
            if several.len() > CASES {
                let more = several.len() - CASES;
                let _ = writeln!(
                    out,
                    "{:COLUMN$}  and in {more} more {}",
                    "",
                    if more == 1 { "case" } else { "cases" }
                );
            }
        }
    }
}

/// A text that is not too long, cut at the end of a word.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        None => text.to_owned(),
        Some((end, _)) => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            format!("{} …", &text[..end])
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::audit::{Counterexample, EntryKind, Shown};
    use crate::prove::Evidence;

    fn asked(engine: &str, statement: &str) -> Evidence {
        let (engine, statement) = (engine.to_owned(), statement.to_owned());
        Evidence { engine, statement, certificate: serde_json::Value::Null }
    }

    fn entry(evidence: Vec<Evidence>) -> Entry {
        let entry = Entry::unjudged("p/one".into(), EntryKind::Claim);
        Entry { evidence, verdict: Verdict::Proved, ..entry }
    }

    /// The labels of a story, with an empty one between paragraphs.
    fn labels(text: &str) -> Vec<&str> {
        text.lines().skip(2).map(|line| line.get(..COLUMN).unwrap_or(line).trim()).collect()
    }

    #[test]
    fn a_story_goes_from_what_is_printed_to_what_is_right() {
        let shown = |text: &str| Some(Shown { latex: text.into(), plain: text.into() });
        let counterexample = Counterexample {
            at: BTreeMap::new(),
            relation: None,
            printed: "1".into(),
            actual: "2".into(),
            payoffs: None,
        };
        let refuted = Entry {
            prints: "a = 1".into(),
            parsed: "a = 1".into(),
            derived: shown("a = 1 + 1"),
            correction: shown("a = 2"),
            counterexample: Some(counterexample),
            story: vec!["it is larger".into()],
            verdict: Verdict::Refuted,
            holds: Some(Holds::Never),
            severity: Some(Severity::Result),
            ..entry(vec![asked("order", "a = 2")])
        };
        let text = story(&refuted);
        let order = ["", "printed", "read as", "", "derived", "", "verdict", "fails at", "there", "besides"];
        assert_eq!(labels(&text), [&order[..], &["", "should be", "in LaTeX", "", "evidence"]].concat());
        assert!(text.contains("refuted (a result; it holds nowhere)"), "{text}");
        let same = Entry { derived: refuted.correction.clone(), ..refuted.clone() };
        assert!(!story(&same).contains("derived"), "what is derived is the correction");
        let doubtful = Entry { reading: Some(Box::new(entry(vec![]))), ..refuted };
        assert!(story(&doubtful).contains("\n  verdict        proved\n"));
    }

    #[test]
    fn a_question_asked_in_several_cases_is_told_once() {
        let cases = ["b < 1", "b = 1", "b > 1", "b > 2", "b > 2"];
        let text = evidence(&entry(cases.map(|c| asked("order", &format!("a > 0, for {c}"))).into()));
        let space = " ".repeat(COLUMN);
        assert!(
            text.starts_with(&format!(
                "evidence       order: a > 0\n{space}  for b < 1\n{space}  for b = 1\n{space}  for b > 1\n\
                 {space}  and in 1 more case\n"
            )),
            "{text}"
        );
        assert!(text.contains("--format json"), "{text}");
        let one =
            evidence(&entry(vec![asked("order", "a > 0, for b < 1"), asked("signs", "a > 0, for b < 1")]));
        assert_eq!(one, "evidence       order: a > 0, for b < 1\nevidence       signs: a > 0, for b < 1\n");
    }

    #[test]
    fn what_is_true_by_itself_is_said_in_words_where_there_is_nothing_else_to_say() {
        let alone = evidence(&entry(vec![asked("order", "true")]));
        assert_eq!(alone, "evidence       order: true as soon as each name has its meaning\n");
        let beside = evidence(&entry(vec![asked("order", "true"), asked("order", "a > 0")]));
        assert_eq!(beside, "evidence       order: a > 0\n");
    }

    #[test]
    fn an_overlong_formula_is_cut_at_a_word_and_it_is_said_where_the_rest_is() {
        let long = format!("{} = 1", vec!["αβγ"; 100].join(" + "));
        let text = evidence(&entry(vec![asked("order", &long)]));
        let first = text.lines().next().unwrap_or_default();
        assert!(first.ends_with(" …") && first.chars().count() < LONG + COLUMN + 12, "{first}");
        assert!(text.lines().any(|line| line.starts_with("in full")), "{text}");
        let two = entry(vec![asked("order", &long), asked("order", &format!("{long}0"))]);
        assert_eq!(evidence(&two).matches("evidence ").count(), 2, "what begins alike is not the same");
    }
}
