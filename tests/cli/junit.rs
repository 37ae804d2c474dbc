//! JUnit XML, read back by an XML reader.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::program::{SYMBOLS, one_claim, paper, run};

const JUNIT: [&str; 5] = ["check", "p", "--format", "junit", "--no-timings"];

type Attributes = BTreeMap<String, String>;

fn attributes(e: &BytesStart<'_>) -> Attributes {
    let one = |a: quick_xml::events::attributes::Attribute<'_>| {
        let key = a.key.as_ref().to_owned();
        let value = a.value.to_string();
        (key, quick_xml::escape::unescape(&value).expect("escaped").into_owned())
    };
    e.attributes().map(|a| one(a.expect("an attribute"))).collect()
}

/// Every element with its attributes, in order; the file is well-formed.
fn elements(xml: &str) -> Vec<(String, Attributes)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut out, mut depth) = (vec![], 0);
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e}: {xml}")) {
            Event::Start(e) => {
                depth += 1;
                out.push((e.name().as_ref().to_owned(), attributes(&e)));
            }
            Event::Empty(e) => {
                out.push((e.name().as_ref().to_owned(), attributes(&e)));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    out
}

fn of<'a>(elements: &'a [(String, Attributes)], tag: &str) -> Vec<&'a Attributes> {
    elements.iter().filter(|(name, _)| name == tag).map(|(_, a)| a).collect()
}

#[test]
fn every_entry_is_a_case_and_findings_are_failures() {
    let text = format!(
        "{SYMBOLS}'f' = 'function'\n[[claim]]\nid = 'right'\nprints = 'a = a'\n\
         [[claim]]\nid = 'wrong'\nprints = 'a = b'\n\
         [[claim]]\nid = 'border'\nprints = 'a \\frac{{a - b}}{{a - b}} = a'\n\
         [[claim]]\nid = 'open'\nprints = 'f(a) = b'\n"
    );
    let papers = paper(&text);
    let ran = run(papers.path(), JUNIT);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let all = elements(&ran.out);
    let [root] = of(&all, "testsuites")[..] else { panic!("{ran:?}") };
    let [suite] = of(&all, "testsuite")[..] else { panic!("{ran:?}") };
    for counted in [root, suite] {
        let counts = ["tests", "failures", "errors", "skipped"].map(|k| counted[k].as_str());
        assert_eq!(counts, ["4", "2", "0", "1"], "{ran:?}");
        assert!(!counted.contains_key("time"));
    }
    let names: Vec<&str> = of(&all, "testcase").iter().map(|a| a["name"].as_str()).collect();
    assert_eq!(names, ["right", "wrong", "border", "open"]);
    let kinds: Vec<&str> = of(&all, "failure").iter().map(|a| a["type"].as_str()).collect();
    assert_eq!(kinds, ["refuted", "conditional"]);
    assert!(of(&all, "failure")[0]["message"].contains("at a = 1, b = 2"), "{ran:?}");
    assert_eq!(of(&all, "skipped").len(), 1);
    let timed = run(papers.path(), ["check", "p", "--format", "junit"]);
    assert!(of(&elements(&timed.out), "testcase").iter().all(|a| a["time"].parse::<f64>().is_ok()));
    assert_eq!(run(papers.path(), JUNIT).out, ran.out);
}

#[test]
fn what_xml_gives_a_meaning_is_escaped() {
    let papers = one_claim("x", r"a < b \Rightarrow a > b");
    let ran = run(papers.path(), JUNIT);
    let all = elements(&ran.out);
    assert!(of(&all, "failure")[0]["message"].contains("a > b") || ran.out.contains("&gt;"), "{ran:?}");
    assert!(!ran.out.contains("a < b"), "{ran:?}");
}
