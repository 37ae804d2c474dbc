//! The pages in headless Chromium, which a script among them asks what it sees.
//!
//! `PROOFREAD_CHROMIUM` names the executable, which then has to be there; without it `chromium` is looked for
//! on the path, and where there is none the test says so and is passed over. So it is with axe-core, which
//! looks for what shuts readers out: `PROOFREAD_AXE` names its file, or `npm ci --prefix tests/page` fetches
//! the version whose digest stands in `package-lock.json`.

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

/// The text of axe-core, once it was fetched.
fn axe() -> Option<String> {
    let named = std::env::var_os("PROOFREAD_AXE").map(PathBuf::from);
    let fetched = "tests/page/node_modules/axe-core/axe.min.js";
    let path = named.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(fetched));
    match fs::read_to_string(&path) {
        // It stands in a page's script, which nothing in it may end.
        Ok(text) if text.contains("axe.run") && !text.contains("</script") => Some(text),
        Ok(_) => panic!("`{}` is not axe-core", path.display()),
        Err(e) => {
            assert!(named.is_none(), "`{}`, which PROOFREAD_AXE names, cannot be read: {e}", path.display());
            eprintln!("passed over: axe-core is not there; `npm ci --prefix tests/page` fetches it");
            None
        }
    }
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
struct Look {
    width: u32,
    is_dark: bool,
}

const LOOKS: [Look; 4] = [
    Look { width: 360, is_dark: false },
    Look { width: 360, is_dark: true },
    Look { width: 1280, is_dark: false },
    Look { width: 1280, is_dark: true },
];

/// The answers of a page in a window of so many pixels; the window is a frame, for a browser may refuse
/// to be as narrow as a telephone.
fn answers(chromium: &Path, page: &Path, look: Look, axe: Option<&str>) -> Value {
    let Look { width, is_dark } = look;
    let html = fs::read_to_string(page).expect("a page");
    let folder = TempDir::new().expect("a temporary folder");
    // The listener for errors comes first, the questions last.
    let first = "<head><script>window.errors = []; addEventListener('error', (e) => errors.push(String(e.message))); \
                 addEventListener('securitypolicyviolation', (e) => errors.push(e.violatedDirective));</script>";
    let asks = format!("<script>{}</script><script>{ASKS}</script></body>", axe.unwrap_or_default());
    let asked = html.replacen("<head>", first, 1).replace("</body>", &asks);
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
        .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!is_dark)))
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

/// What must be true of any page at any width, in light and dark.
fn is_sound(chromium: &Path, page: &Path) {
    let axe = axe();
    for look in LOOKS {
        let seen = answers(chromium, page, look, axe.as_deref());
        let Look { width, is_dark } = look;
        assert_eq!(seen["errors"], serde_json::json!([]), "{look:?}: {seen}");
        assert_eq!(seen["dark"], is_dark, "{look:?}: {seen}");
        assert_eq!(seen["empty_formulas"], 0, "{look:?}: {seen}");
        assert_eq!(seen["lost_links"], serde_json::json!([]), "{look:?}: {seen}");
        assert_eq!(seen["too_wide"], serde_json::json!([]), "{look:?}: {seen}");
        assert!(seen["scroll_width"].as_u64().is_some_and(|w| w <= u64::from(width)), "{look:?}: {seen}");
        assert_eq!(seen["tools_shown"], true, "{look:?}: {seen}");
        for (verdict, left) in seen["filtered"].as_object().expect("filters") {
            assert_eq!(left["hidden"], left["of_it"], "`{verdict}` unchecked, {look:?}: {seen}");
            assert_eq!(left["others_hidden"], 0, "`{verdict}` unchecked, {look:?}: {seen}");
        }
        assert_eq!(seen["found_by_nonsense"], 0, "{look:?}: {seen}");
        assert_eq!(seen["opened_by_link"], true, "{look:?}: {seen}");
        is_accessible(&seen, look, axe.is_some());
    }
}

/// That axe-core, if it came along, looked at a page and found nothing.
fn is_accessible(seen: &Value, look: Look, is_there: bool) {
    let rules = seen["axe"]["rules"].as_u64();
    assert_eq!(rules.is_some_and(|n| n > 10), is_there, "{look:?}: {rules:?} rules were looked at");
    let violations = seen["axe"]["violations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told: Vec<&str> = violations.iter().filter_map(Value::as_str).collect();
    assert!(told.is_empty(), "{look:?}:\n{}", told.join("\n"));
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
        "{SYMBOLS}[[claim]]\nid = '{name}'\nprints = '{sum} = {sum}'\nassuming = ['{sum} > 1']\n[[claim]]\nid = 'no'\nprints = '{sum} = 0'\n"
    ));
    run(dir.path(), ["check", "p", "--report", "out"]);
    is_sound(&chromium, &dir.path().join("out/p.html"));
}

#[test]
fn the_page_that_lists_the_papers_is_accessible() {
    let (Some(chromium), Some(axe)) = (chromium(), axe()) else { return };
    let dir = game();
    run(dir.path(), ["check", "p", "--report", "out"]);
    for look in LOOKS {
        let seen = answers(&chromium, &dir.path().join("out/index.html"), look, Some(&axe));
        assert_eq!(seen["errors"], serde_json::json!([]), "{look:?}: {seen}");
        is_accessible(&seen, look, true);
    }
}
