//! What an entry about any payoffs says beyond its certificates.
//!
//! The replay establishes that a sentence has no finite model against it, or that payoffs make it
//! false. Here the sentences are held against the clause that the entry shows: a proof has to be
//! of the whole clause (of both directions of an equivalence) and of every number of members, what
//! speaks against it has to deny it, and what a certificate supposes has to be stated in the entry.

use std::collections::BTreeSet;

use rug::Rational;
use serde_json::Value;

use crate::audit::supposed;
use crate::expr::Symbol;
use crate::finite::{Certificate, Frame, Sentence, parse};
use crate::tex::plain_symbol;

/// What is said beyond the certificates; they have been replayed.
pub fn beyond(entry: &Value, certificates: &[Certificate]) -> Option<String> {
    let verdict = entry["verdict"].as_str().unwrap_or("?");
    let clause = Clause { shown: entry["parsed"].as_str().unwrap_or("?"), stated: list(entry, "assuming") };
    let exceptions: BTreeSet<&str> = list(entry, "exceptions").into_iter().collect();
    // Searches elsewhere, which a refutation mentions, suppose that it is elsewhere.
    let rests_on = |c: &&Certificate| verdict != "refuted" || is_denial(c);
    let told = certificates.iter().filter(rests_on).find_map(|c| clause.unstated(c, &exceptions));
    let told = told.or_else(|| match verdict {
        "proved" => (!clause.is_proved(certificates)).then(|| "no proof of the whole clause is given".into()),
        "vacuous" => {
            (!clause.is_vacuous(certificates)).then(|| "no contradiction of its assumptions is given".into())
        }
        "refuted" => (!clause.is_denied(certificates)).then(|| "no payoffs are given that deny it".into()),
        "conditional" if !clause.is_denied(certificates) => {
            Some("no payoffs are given that deny it".to_owned())
        }
        "conditional" if !clause.is_proved_elsewhere(certificates) => {
            Some("no proof of the rest is given".to_owned())
        }
        "conditional" | "supported" => None,
        _ => Some("finite models say nothing of that".to_owned()),
    });
    if let Some(told) = told {
        return Some(format!("the verdict is `{verdict}`, and {told}"));
    }
    misplaced(entry, certificates).or_else(|| odd_exception(&exceptions, certificates))
}

/// A clause as its entry shows it.
struct Clause<'e> {
    shown: &'e str,
    stated: Vec<&'e str>,
}

/// What part of a clause a sentence is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// The directions of an equivalence.
    Forward,
    Backward,
}

impl Clause<'_> {
    /// What a certificate supposes that the entry does not state; exceptions are what it leaves out.
    fn unstated(&self, c: &Certificate, exceptions: &BTreeSet<&str>) -> Option<String> {
        let (frame, sentence) = of(c);
        if let Some(line) = supposed(frame).into_iter().find(|l| !self.stated.contains(&l.as_str())) {
            return Some(format!("a certificate supposes that {line}, which the entry does not state"));
        }
        let hypotheses = self.part(frame, sentence).map(|(_, hypotheses)| hypotheses).unwrap_or_default();
        let odd = hypotheses.into_iter().find(|h| {
            let left_out = latex(frame, &h.denied());
            !exceptions.contains(left_out.as_str()) && !self.states(frame, h)
        })?;
        Some(format!("a certificate supposes `{}`, which the entry does not state", latex(frame, &odd)))
    }

    fn states(&self, frame: &Frame, hypothesis: &Sentence) -> bool {
        self.stated.iter().any(|s| parse(s, frame).is_ok_and(|s| s == *hypothesis))
    }

    /// A proof of the whole clause, or an example of what is said to be possible.
    fn is_proved(&self, certificates: &[Certificate]) -> bool {
        match certificates {
            [Certificate::False { frame, sentence, .. }] => self.is_example(frame, sentence),
            all => self.is_proved_elsewhere(all) && all.iter().all(|c| !is_denial(c)),
        }
    }

    /// Whether the proofs among the certificates are together of the whole clause.
    fn is_proved_elsewhere(&self, certificates: &[Certificate]) -> bool {
        let proofs: Vec<&Certificate> = certificates.iter().filter(|c| !is_denial(c)).collect();
        let parts: Option<Vec<Part>> = proofs
            .iter()
            .map(|c| {
                let (frame, sentence) = of(c);
                self.part(frame, sentence).map(|(part, _)| part).filter(|_| c.settles_every_number())
            })
            .collect();
        let has = |p: Part| parts.as_ref().is_some_and(|all| all.contains(&p));
        has(Part::Whole) || has(Part::Forward) && has(Part::Backward)
    }

    fn is_denied(&self, certificates: &[Certificate]) -> bool {
        certificates.iter().any(|c| {
            let (frame, sentence) = of(c);
            is_denial(c) && self.part(frame, sentence).is_some()
        })
    }

    /// Whether the assumptions that the entry states are denied of all payoffs.
    fn is_vacuous(&self, certificates: &[Certificate]) -> bool {
        let [c @ Certificate::Exhausted { frame, sentence: Sentence::Not(all), .. }] = certificates else {
            return false;
        };
        let Sentence::And(all) = all.as_ref() else { return false };
        c.settles_every_number() && all.iter().all(|h| self.states(frame, h))
    }

    /// What part of the clause a sentence is, and under which hypotheses.
    fn part(&self, frame: &Frame, sentence: &Sentence) -> Option<(Part, Vec<Sentence>)> {
        let (mut names, mut body) = (vec![], sentence);
        while let Sentence::All(v, inner) = body {
            names.push(v.clone());
            body = inner;
        }
        let is_shown = |s: &Sentence| {
            let all = |s: Sentence, v: &String| Sentence::All(v.clone(), Box::new(s));
            plain(frame, &names.iter().rev().fold(s.clone(), all)) == self.shown
        };
        let of = |s: &Sentence| {
            if is_shown(s) {
                return Some(Part::Whole);
            }
            let Sentence::Implies(p, q) = s else { return None };
            if is_shown(&Sentence::Iff(p.clone(), q.clone())) {
                return Some(Part::Forward);
            }
            is_shown(&Sentence::Iff(q.clone(), p.clone())).then_some(Part::Backward)
        };
        if let Some(part) = of(body) {
            return Some((part, vec![]));
        }
        let Sentence::Implies(hypotheses, rest) = body else { return None };
        let hypotheses = match hypotheses.as_ref() {
            Sentence::And(all) => all.clone(),
            one => vec![one.clone()],
        };
        of(rest).map(|part| (part, hypotheses))
    }

    /// Whether what is denied is that there is no example of the clause, under stated hypotheses.
    fn is_example(&self, frame: &Frame, sentence: &Sentence) -> bool {
        let (mut names, mut body) = (vec![], sentence);
        while let Sentence::All(v, inner) = body {
            names.push(v.clone());
            body = inner;
        }
        let Sentence::Not(wanted) = body else { return false };
        let Sentence::And(all) = wanted.as_ref() else { return false };
        let Some((clause, hypotheses)) = all.split_last() else { return false };
        let some = |s: Sentence, v: &String| Sentence::Some(v.clone(), Box::new(s));
        plain(frame, &names.iter().rev().fold(clause.clone(), some)) == self.shown
            && hypotheses.iter().all(|h| self.states(frame, h))
    }
}

fn of(c: &Certificate) -> (&Frame, &Sentence) {
    let (Certificate::Exhausted { frame, sentence, .. } | Certificate::False { frame, sentence, .. }) = c;
    (frame, sentence)
}

fn is_denial(c: &Certificate) -> bool {
    matches!(c, Certificate::False { .. })
}

fn plain(frame: &Frame, s: &Sentence) -> String {
    s.plain(frame, &|name| plain_symbol(&Symbol::new(name)))
}

fn latex(frame: &Frame, s: &Sentence) -> String {
    s.plain(frame, &str::to_owned)
}

/// A counterexample at other agreements than those of the certificate.
fn misplaced(entry: &Value, certificates: &[Certificate]) -> Option<String> {
    let point = entry["counterexample"]["at"].as_object();
    let said = |name: &str, x: &Rational| point.is_some_and(|p| p.get(name) == Some(&x.to_string().into()));
    let against = matches!(entry["verdict"].as_str(), Some("refuted" | "conditional"));
    let differs = certificates.iter().filter(|_| against).any(|c| match c {
        Certificate::False { model, .. } => !model.at.iter().all(|(name, x)| said(name, x)),
        Certificate::Exhausted { .. } => false,
    });
    differs.then(|| "the counterexample is not at the agreements of the certificate".into())
}

/// An exception that no certificate leaves out.
fn odd_exception(exceptions: &BTreeSet<&str>, certificates: &[Certificate]) -> Option<String> {
    let excluded: BTreeSet<String> = certificates
        .iter()
        .filter(|c| !is_denial(c))
        .flat_map(|c| c.hypotheses().iter().map(|h| latex(of(c).0, &h.denied())).collect::<Vec<_>>())
        .collect();
    let odd = exceptions.iter().find(|e| !excluded.contains(**e))?;
    Some(format!("no certificate is about the exception `{odd}`"))
}

fn list<'e>(entry: &'e Value, key: &str) -> Vec<&'e str> {
    entry[key].as_array().into_iter().flatten().map(|v| v.as_str().unwrap_or("?")).collect()
}
