//! The pages in headless Chromium, which a script among them asks what it sees.
//!
//! `PROOFREAD_CHROMIUM` names the executable, which then has to be there; without it `chromium` is looked for
//! on the path, and where there is none the test says so and is passed over.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{SYMBOLS, game, paper, run};

/// What is asked of a page: it leaves its answers in the document, as JSON.
const ASKS: &str = include_str!("asks.js");

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("PROOFREAD_CHROMIUM").map(PathBuf::from);
    let is_named = named.is_some();
    let program = named.unwrap_or_else(|| PathBuf::from("chromium"));
    let found = Command::new(&program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Some(program);
    }
    assert!(!is_named, "`{}`, which PROOFREAD_CHROMIUM names, does not run", program.display());
    eprintln!("passed over: there is no `chromium` on the path");
    None
}

/// The answers of a page in a window of so many pixels; the window is a frame, for a browser may refuse
/// to be as narrow as a telephone.
fn answers(chromium: &Path, page: &Path, width: u32) -> Value {
    let html = fs::read_to_string(page).expect("a page");
    let folder = TempDir::new().expect("a temporary folder");
    // The listener for errors comes first, the questions last.
    let first = "<head><script>window.errors = []; addEventListener('error', (e) => errors.push(String(e.message))); \
                 addEventListener('securitypolicyviolation', (e) => errors.push(e.violatedDirective));</script>";
    let asked =
        html.replacen("<head>", first, 1).replace("</body>", &format!("<script>{ASKS}</script></body>"));
    fs::write(folder.path().join("asked.html"), asked).expect("a copy");
    let frame = format!(
        "<!DOCTYPE html><body><iframe id=f src=asked.html style='width:{width}px;height:800px;border:0'></iframe>\
         <pre id=answers></pre><script>addEventListener('message', (e) => answers.textContent = e.data)</script>"
    );
    fs::write(folder.path().join("frame.html"), frame).expect("a frame");
    // Into a file: what Chromium starts besides would keep a pipe open.
    let seen = fs::File::create(folder.path().join("seen.html")).expect("a file");
    let status = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,900"])
        .args(["--virtual-time-budget=20000", "--dump-dom", "--no-first-run", "--disable-sync"])
        .args(["--disable-quic", "--disable-background-networking", "--disable-component-update"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", folder.path().join("frame.html").display()))
        .stdin(Stdio::null())
        .stdout(seen)
        .stderr(Stdio::null())
        .status()
        .expect("Chromium starts");
    assert!(status.success(), "{status}");
    let dom = fs::read_to_string(folder.path().join("seen.html")).expect("what Chromium wrote");
    let json = dom
        .split_once("<pre id=\"answers\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(json, _)| json);
    let json = json.unwrap_or_default().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}: {json}"))
}

/// What must be true of any page at any width.
fn is_sound(chromium: &Path, page: &Path) {
    for width in [360, 1280] {
        let seen = answers(chromium, page, width);
        assert_eq!(seen["errors"], serde_json::json!([]), "at {width}: {seen}");
        assert_eq!(seen["empty_formulas"], 0, "at {width}: {seen}");
        assert_eq!(seen["lost_links"], serde_json::json!([]), "at {width}: {seen}");
        assert_eq!(seen["too_wide"], serde_json::json!([]), "at {width}: {seen}");
        assert!(seen["scroll_width"].as_u64().is_some_and(|w| w <= u64::from(width)), "at {width}: {seen}");
        assert_eq!(seen["tools_shown"], true, "at {width}: {seen}");
        for (verdict, left) in seen["filtered"].as_object().expect("filters") {
            assert_eq!(left["hidden"], left["of_it"], "`{verdict}` unchecked at {width}: {seen}");
            assert_eq!(left["others_hidden"], 0, "`{verdict}` unchecked at {width}: {seen}");
        }
        assert_eq!(seen["found_by_nonsense"], 0, "at {width}: {seen}");
        assert_eq!(seen["opened_by_link"], true, "at {width}: {seen}");
    }
}

#[test]
fn a_page_is_seen_as_it_is_meant() {
    let Some(chromium) = chromium() else { return };
    let dir = game();
    run(dir.path(), ["check", "p", "--report", "out"]);
    is_sound(&chromium, &dir.path().join("out/p.html"));
}

#[test]
fn a_long_formula_and_a_long_name_stay_on_a_narrow_screen() {
    let Some(chromium) = chromium() else { return };
    let sum = (0..40).map(|n| format!("\\frac{{a + {n}}}{{b + {n}}}")).collect::<Vec<_>>().join(" + ");
    let name = "long-".repeat(40);
    let dir = paper(&format!(
        "{SYMBOLS}[[claim]]\nid = '{name}'\nprints = '{sum} = {sum}'\n[[claim]]\nid = 'no'\nprints = '{sum} = 0'\n"
    ));
    run(dir.path(), ["check", "p", "--report", "out"]);
    is_sound(&chromium, &dir.path().join("out/p.html"));
}
