//! The page that lists the papers.

use maud::html;

use crate::audit::Verdict;

use super::Audited;
use super::paper::counted;
use super::shell::{TOOL, chip, document};

/// The index of the papers' pages, in the order of the audit.
pub fn page(audits: &[Audited<'_>], names: &[String], date: Option<&str>) -> String {
    let body = html! {
        header.top {
            p.kicker { "Audits of the mathematics of papers" }
            h1 { (counted(audits.len(), "paper", "papers")) }
            p.meta { (TOOL) @if let Some(date) = date { " · " (date) } }
        }
        main id="~main" tabindex="-1" {
            ul.papers {
                @for (audited, name) in audits.iter().zip(names) {
                    @let counts = audited.outcome.counts();
                    li {
                        h2 { a href=(name) { bdi { (audited.paper.title) } } }
                        @if !audited.paper.authors.is_empty() { p.authors { bdi { (audited.paper.authors.join(", ")) } } }
                        p.counts {
                            @for verdict in Verdict::ALL.iter().rev().filter(|v| counts[v] > 0) {
                                span.count { (chip(*verdict)) " " b { (counts[verdict]) } } " "
                            }
                        }
                    }
                }
            }
        }
    };
    document("Audits", &body)
}
