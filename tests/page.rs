//! The pages of `check --report`: their structure, their bytes, what they let through, and, in a browser,
//! that they are seen as they are meant.

#[path = "support/program.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod program;

#[path = "page/browser.rs"]
mod browser;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use program::{SYMBOLS, add, game, one_claim, paper, run};
use tempfile::TempDir;

/// The page of the paper `p` in a folder, audited.
fn page(dir: &TempDir) -> String {
    let ran = run(dir.path(), ["check", "p", "--report", "out", "--no-timings", "--date", "a day in May"]);
    assert!(ran.code.is_some_and(|code| code < 2), "{ran:?}");
    fs::read_to_string(dir.path().join("out/p.html")).expect("a page")
}

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let before = format!(" {attribute}=\"");
    html.split(before.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// A page without its own style and script, which hold what a paper must not bring along.
fn content(html: &str) -> String {
    let without = |html: &str, tag: &str| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let (before, rest) = html.split_once(open.as_str()).expect("it opens");
        let (_, after) = rest.split_once(close.as_str()).expect("it closes");
        format!("{before}{after}")
    };
    without(&without(html, "style"), "script")
}

#[test]
fn every_entry_has_an_anchor_of_its_own_and_findings_come_before_the_rest() {
    let dir = game();
    let html = page(&dir);
    for anchor in ["best", "worst", "choice"] {
        assert_eq!(html.matches(&format!(" id=\"{anchor}\"")).count(), 1, "{anchor}");
    }
    let ids = values(&html, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    let place = |verdict: &str| {
        html.match_indices(&format!("data-verdict=\"{verdict}\"")).map(|(i, _)| i).collect::<Vec<_>>()
    };
    let (refuted, proved) = (place("refuted"), place("proved"));
    assert!(!refuted.is_empty() && !proved.is_empty());
    assert!(refuted.iter().max() < proved.iter().min());
    for link in values(&html, "href").iter().filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.contains(&link), "{link}");
    }
}

#[test]
fn a_page_names_nothing_outside_of_its_folder() {
    let dir = game();
    page(&dir);
    for name in ["p.html", "index.html"] {
        let html = fs::read_to_string(dir.path().join("out").join(name)).expect("a page");
        for outside in ["http:", "https:", "//www", "@import", "url(", " src="] {
            assert!(!html.contains(outside), "{outside} in {name}");
        }
        let allowed =
            |href: &&str| href.starts_with('#') || ["index.html", "p.html", "data:,"].contains(href);
        assert!(values(&html, "href").iter().all(allowed), "{:?}", values(&html, "href"));
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_the_date_is_the_callers() {
    let (one, two) = (game(), game());
    let html = page(&one);
    assert_eq!(html, page(&two));
    assert_eq!(html, page(&one), "a second report over the first");
    assert!(html.contains("a day in May"));
    let left: BTreeSet<String> = fs::read_dir(one.path().join("out"))
        .expect("a folder")
        .map(|f| f.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, BTreeSet::from(["index.html".to_owned(), "p.html".to_owned()]));
    run(one.path(), ["check", "p", "--report", "undated", "--no-timings"]);
    let undated = fs::read_to_string(one.path().join("undated/p.html")).expect("a page");
    assert!(!undated.contains(">Date<"));
}

#[test]
fn the_report_changes_neither_the_text_nor_the_exit_code() {
    let dir = game();
    let with = run(dir.path(), ["check", "p", "--report", "out", "--no-timings"]);
    let without = run(dir.path(), ["check", "p", "--no-timings"]);
    assert_eq!((with.code, with.out), (without.code, without.out));
}

#[test]
fn what_a_paper_brings_along_is_text() {
    let dir = paper(&format!(
        "{SYMBOLS}[[claim]]\nid = 'one'\nnote = '''<img src=x onerror=alert(1)> \" ' ]]> \u{202e}gnp'''\nprints = 'a = a'\n"
    ));
    let title = "title = \"\"\"<script>alert('x')</script> \\\"&]]> \u{202e}\"\"\"\nauthors = ['<b>A</b>']\nversions = { long = '</title><script>' }\n";
    add(&dir, "p/paper.toml", title);
    let html = page(&dir);
    let content = content(&html);
    for tag in ["<script", "<img", "<b>A"] {
        assert!(!content.contains(tag), "{tag}");
    }
    assert_eq!(html.matches("<script>").count(), 1);
    // What turns the direction of writing is kept to its own words.
    for (at, _) in content.match_indices('\u{202e}') {
        let before = &content[..at];
        let isolated = before.rfind("<bdi>").max(before.rfind("<title>"));
        assert!(
            isolated > before.rfind("</bdi>").max(before.rfind("</title>")),
            "{}",
            &content[at.saturating_sub(80)..at]
        );
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_the_audit() {
    let dir = one_claim("one", "a = a");
    add(&dir, "file", "mine");
    for to in ["file", "file/below"] {
        let ran = run(dir.path(), ["check", "p", "--report", to]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains("the report cannot be written") && ran.err.contains("help:"), "{ran:?}");
    }
    assert_eq!(fs::read_to_string(dir.path().join("file")).expect("a file"), "mine");
    let dated = run(dir.path(), ["check", "p", "--date", "today"]);
    assert_eq!(dated.code, Some(2), "a date without a report: {dated:?}");
}

#[test]
fn two_papers_have_two_pages_and_an_index_whatever_they_are_called() {
    let dir = one_claim("one", "a = b");
    for name in ["index", "P"] {
        add(&dir, &format!("{name}/paper.toml"), "title = 'Another'\n");
        add(&dir, &format!("{name}/a.toml"), format!("{SYMBOLS}[[claim]]\nid = 'one'\nprints = 'a = a'\n"));
    }
    let ran = run(dir.path(), ["check", "p", "P", "index", "--report", "out"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let index = fs::read_to_string(dir.path().join("out/index.html")).expect("an index");
    let pages: BTreeSet<&str> = values(&index, "href").into_iter().filter(|h| h.ends_with(".html")).collect();
    assert_eq!(pages.len(), 3, "{pages:?}");
    for page in pages {
        assert!(Path::new(&dir.path().join("out").join(page)).is_file(), "{page}");
    }
}

#[test]
fn a_finding_is_told_in_a_line_marked_and_plotted() {
    let html = page(&one_claim("sum", "a = 2a"));
    assert!(html.contains("refuted at "), "{html}");
    assert!(html.contains("<figure class=\"plot\""), "{html}");
    assert!(html.contains("proofread explain p/sum"));
}

#[test]
fn an_assumption_in_words_is_set_in_words() {
    let dir = paper(
        "[[theorem]]\nid = 'two'\nplayers = { A = 'U_A', B = 'U_B' }\npayoffs = 'strictly unimodal'\n\
         [[theorem.clause]]\nid = 'wrong'\nsays = 'w'\nclause = 'for all x: optimal(x) implies U_A(x) > 0'\n",
    );
    let html = page(&dir);
    assert!(html.contains("<li><bdi>each payoff is strictly unimodal</bdi></li>"), "{html}");
}
