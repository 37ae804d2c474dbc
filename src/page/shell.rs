//! What all pages have in common: the head with style and script, and how verdicts look.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::audit::Verdict;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The tool's name and version.
pub const TOOL: &str = concat!("proofread ", env!("CARGO_PKG_VERSION"));

/// A whole document around `body`. Nothing is loaded from anywhere, and the document itself says so.
pub fn document(title: &str, body: &Markup) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(TOOL);
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#~main" { "Skip to the audit" }
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    markup.into_string()
}

/// A verdict's sign and word; the colour is the style's and never stands alone.
pub fn chip(verdict: Verdict) -> Markup {
    html! { span class={ "chip " (verdict.name()) } { span.sign aria-hidden="true" { (sign(verdict)) } " " (verdict.name()) } }
}

/// A sign for each verdict that differs from the others in shape.
pub fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "✓",
        Verdict::Conditional => "◐",
        Verdict::Gap => "⋯",
        Verdict::Refuted => "✗",
        Verdict::Supported => "≈",
        Verdict::Undecided => "?",
        Verdict::Vacuous => "∅",
        Verdict::Conflict => "‼",
    }
}

/// What a verdict means, in a sentence.
pub fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "holds for all parameters of the stated domain, with a certificate",
        Verdict::Conditional => "holds except on a set that is stated exactly",
        Verdict::Gap => "true, but it does not follow from what it is said to follow from",
        Verdict::Refuted => "fails at exact parameter values",
        Verdict::Supported => "agrees numerically; no proof",
        Verdict::Undecided => "nothing found either way",
        Verdict::Vacuous => "nothing satisfies its assumptions",
        Verdict::Conflict => "two routes contradict each other: a defect of this program",
    }
}
