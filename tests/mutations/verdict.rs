//! Whether an entry says what is really the case with a version of a formula.

use proofread::audit::{Entry, Holds, Shown, Verdict};
use proofread::expr::{Expr, Formula};
use proofread::prove::evaluate::{Point, Truth as Value, truth};
use proofread::tex;

use crate::oracle::{At, Class, Points, Truth};
use crate::{Version, equations};

/// Precision at which exceptions are evaluated.
const BITS: u32 = 256;

/// What is known of a claim without the engines.
pub struct Known<'a> {
    pub truths: &'a [Truth],
    pub points: &'a Points,
}

impl Known<'_> {
    /// What is wrong with the entry; nothing if it is as it should be.
    pub fn complaint(&self, entry: &Entry, version: &Version) -> Option<String> {
        let prints = &version.claim.prints.as_ref().expect("a version prints").text;
        self.defect(entry, version).map(|defect| {
            format!(
                "{} ({}, really {:?}): {defect}: {} [{}] {:?} {:?}\n    {prints}",
                entry.id,
                version.kind,
                version.class,
                entry.verdict.name(),
                entry.story.join("; "),
                entry.counterexample,
                entry.exceptions.iter().map(|e| &e.plain).collect::<Vec<_>>(),
            )
        })
    }

    fn defect(&self, entry: &Entry, version: &Version) -> Option<&'static str> {
        let derived = entry.derived.as_ref().map(|d| self.is_true(d, version));
        if derived == Some(false) {
            return Some("what is said to be true is not");
        }
        match (entry.verdict, version.class) {
            (Verdict::Proved, Class::Same) => None,
            (Verdict::Refuted, Class::Wrong | Class::OnBorder | Class::Undefined) => {
                self.refutation(entry, version)
            }
            (Verdict::Conditional, Class::OnBorder | Class::Undefined) => self.condition(entry, version),
            _ => Some("not the verdict that it deserves"),
        }
    }

    /// How each part of a version compares at a point, the first that is not the same in front.
    fn at(&self, parts: &[Expr], point: &Point) -> At {
        let mut all = parts.iter().zip(self.truths).map(|(e, t)| t.at(e, point));
        all.find(|a| *a != At::Same).unwrap_or(At::Same)
    }

    /// What a refutation says besides its verdict: a point at which the values differ, and for how
    /// much of the domain the formula holds.
    fn refutation(&self, entry: &Entry, version: &Version) -> Option<&'static str> {
        let Some(counterexample) = &entry.counterexample else { return Some("no counterexample") };
        let undefined = version.class == Class::Undefined;
        match self.at(&version.parts, &counterexample.at) {
            At::Differs => {}
            At::Undefined if undefined => {}
            _ => return Some("the counterexample does not bear out"),
        }
        if counterexample.printed == counterexample.actual {
            return Some("the counterexample shows twice the same value");
        }
        if entry.correction.is_none() {
            return Some("no correction");
        }
        let holds = |p: &&Point| version.parts.iter().zip(self.truths).all(|(e, t)| t.certainly_same(e, p));
        match entry.holds {
            Some(Holds::Always) => Some("it is refuted and holds always"),
            Some(Holds::Never) if self.points.all().any(|p| holds(&p)) => Some("it does hold somewhere"),
            _ => None,
        }
    }

    /// Whether the exceptions are the points at which the version fails.
    fn condition(&self, entry: &Entry, version: &Version) -> Option<&'static str> {
        let scope = &version.claim.frame.scope;
        let exceptions: Result<Vec<Formula>, _> =
            entry.exceptions.iter().map(|e| tex::parse_formula(&e.latex, scope)).collect();
        let Ok(exceptions) = exceptions else { return Some("an exception cannot be read") };
        if exceptions.is_empty() || exceptions.contains(&Formula::True) {
            return Some("conditional without an exception, or with nothing else");
        }
        for point in self.points.all() {
            let fails = self.at(&version.parts, point) != At::Same;
            let excepted = Formula::or(exceptions.clone());
            match truth(&excepted, point, BITS) {
                Value::False if fails => return Some("it fails outside the exceptions"),
                Value::True if !fails => return Some("it does hold in an exception"),
                Value::Undefined | Value::Unknown => return Some("an exception is not true or false"),
                _ => {}
            }
        }
        None
    }

    /// Whether a formula that the audit gives is the truth wherever it is defined.
    fn is_true(&self, shown: &Shown, version: &Version) -> bool {
        let Ok(formula) = tex::parse_formula(&shown.latex, &version.claim.frame.scope) else { return false };
        let parts: Vec<Expr> = equations(&formula).into_iter().map(|(_, b)| b).collect();
        parts.len() == self.truths.len() && self.points.all().all(|p| self.at(&parts, p) == At::Same)
    }
}
