//! Arguments by contradiction: what is assumed, and what the end is said to contradict.

use crate::expr::Formula;
use crate::tex::Body;

use super::super::finding::{Finding, Sides, point};
use super::super::{Holds, Verdict};
use super::{Chain, Said};

impl Chain<'_, '_> {
    /// An assumption made to be contradicted: it must be impossible.
    pub(super) fn assumption(&self, said: &Said) -> Finding {
        let mut finding = match self.closed(&said.formula) {
            Ok(f) => {
                let possible = match f.unchained() {
                    Formula::Rel(a, r, b) => {
                        Some(Sides { printed: a, actual: b, relation: Some(r.negated()) })
                    }
                    _ => None,
                };
                Finding::of(self.setting.judge(&self.known(), &!f), possible.as_ref())
            }
            Err(e) => Finding::bare(Verdict::Undecided, e.to_string()),
        };
        finding.story.insert(0, "assumed for a contradiction: what is judged is that it cannot hold".into());
        finding
    }

    /// The end of an argument by contradiction: the last line against what is given.
    pub(super) fn contradiction(&self, last: &Said, against: &Formula) -> Finding {
        let both = [&last.formula, against].map(|f| self.open(f));
        let [Ok(last), Ok(against)] = both else {
            return Finding::bare(Verdict::Undecided, "one of the two statements was not understood");
        };
        let mut known = self.hypotheses.clone();
        known.push(against.clone());
        let judged = self.setting.judge(&known, &!last.clone());
        let mut finding = Finding::of(judged, None);
        if matches!(finding.verdict, Verdict::Refuted | Verdict::Conditional) {
            let first = self.block.lines.first().map(|l| &l.body);
            let impossible = match first {
                Some(Body::Statement(f)) => {
                    self.closed(f).is_ok_and(|f| self.judge().proves(&self.known(), &!f))
                }
                _ => false,
            };
            finding.verdict = if impossible { Verdict::Gap } else { Verdict::Refuted };
            finding.holds = impossible.then_some(Holds::Always);
            let both_hold = finding.witness.as_ref().map(point).unwrap_or_default();
            finding.exceptions.clear();
            finding.story = vec![format!("no contradiction: both hold at {both_hold}")];
            if impossible {
                finding.story.push("what was assumed is impossible, but not for this reason".into());
            }
        }
        finding
    }
}
