//! From judgements to verdicts.

use crate::expr::fraction::fractions_in;
use crate::expr::{Expr, Formula, Relation};
use crate::prove::evaluate::{Point, Value, refined};
use crate::prove::{Evidence, Judgement};

use super::{Counterexample, Entry, EntryKind, Holds, Severity, Shown, Verdict};

/// Digits shown of the two values of a counterexample.
const SHOWN_DIGITS: usize = 12;
/// Precision up to which those digits are pursued.
const SHOWN_BITS: u32 = 4096;

/// The part of an entry that a judgement decides.
#[derive(Clone, Debug)]
pub struct Finding {
    pub verdict: Verdict,
    pub holds: Option<Holds>,
    pub evidence: Vec<Evidence>,
    pub exceptions: Vec<Shown>,
    pub counterexample: Option<Counterexample>,
    pub story: Vec<String>,
    /// What should have been printed, where that is known.
    pub correction: Option<Shown>,
    /// The point behind the counterexample, all symbols included.
    pub witness: Option<Point>,
}

impl Finding {
    /// A verdict with nothing but a sentence behind it.
    pub fn bare(verdict: Verdict, story: impl Into<String>) -> Finding {
        Finding {
            verdict,
            holds: None,
            evidence: vec![],
            exceptions: vec![],
            counterexample: None,
            story: vec![story.into()],
            correction: None,
            witness: None,
        }
    }

    /// The finding that a judgement of a whole statement makes; `sides` are the printed and the
    /// true term whose values a counterexample shows.
    pub fn of(judgement: Judgement, sides: Option<&Sides>) -> Finding {
        match judgement {
            Judgement::Holds(evidence) => Finding {
                holds: Some(Holds::Always),
                evidence,
                story: vec![],
                ..Finding::bare(Verdict::Proved, "")
            },
            Judgement::Except { exceptions, witness, evidence } => Finding {
                holds: Some(Holds::Sometimes),
                evidence,
                exceptions: exceptions.iter().map(shown_formula).collect(),
                counterexample: witness.as_ref().and_then(|at| counterexample(at, sides)),
                witness,
                story: vec!["it holds everywhere else".into()],
                ..Finding::bare(Verdict::Conditional, "")
            },
            Judgement::Fails { witness, open, holds_at, never, evidence } => Finding {
                story: with_functions(&evidence, failure_story(open, never, holds_at.as_ref())),
                holds: match (never, &holds_at) {
                    (true, _) => Some(Holds::Never),
                    (false, Some(_)) => Some(Holds::Sometimes),
                    (false, None) => None,
                },
                evidence,
                counterexample: counterexample(&witness, sides),
                witness: Some(witness),
                ..Finding::bare(Verdict::Refuted, "")
            },
            Judgement::Vacuous(evidence) => {
                Finding { evidence, ..Finding::bare(Verdict::Vacuous, "nothing satisfies the assumptions") }
            }
            Judgement::Unknown(tried) => Finding { story: tried, ..Finding::bare(Verdict::Undecided, "") },
        }
    }

    /// Puts the finding into an entry; what is no finding has no severity.
    pub fn into_entry(self, entry: &mut Entry) {
        entry.verdict = self.verdict;
        entry.holds = self.holds;
        entry.severity = self.verdict.is_finding().then_some(match entry.kind {
            EntryKind::Claim => Severity::Result,
            EntryKind::Step => Severity::Slip,
        });
        entry.evidence = self.evidence;
        entry.exceptions = self.exceptions;
        entry.counterexample = self.counterexample;
        entry.story = self.story;
        entry.correction = self.correction;
    }
}

/// The story of a failure, with the functions that it was found for.
fn with_functions(evidence: &[Evidence], mut story: Vec<String>) -> Vec<String> {
    let names = evidence.iter().flat_map(Evidence::stands_for);
    let parts: Vec<String> = names
        .map(|(name, term)| {
            let name = crate::tex::plain_symbol(&name);
            format!("{} = {}", name.trim_start_matches('[').trim_end_matches(']'), crate::tex::plain(&term))
        })
        .collect();
    if !parts.is_empty() {
        story.insert(0, format!("it fails for {}", parts.join(", ")));
    }
    story
}

fn failure_story(open: bool, never: bool, holds_at: Option<&Point>) -> Vec<String> {
    let mut story = vec![];
    if never {
        story.push("it holds nowhere in the stated domain".to_owned());
    } else if let Some(at) = holds_at {
        story.push(format!("it does hold at {}", point(at)));
    }
    if !open {
        story.push("it fails on a set without interior that was not described exactly".to_owned());
    }
    story
}

/// A point as text: `c_0 = 1, c_1 = 2`.
pub fn point(at: &Point) -> String {
    let parts: Vec<String> =
        at.iter().map(|(s, v)| format!("{} = {v}", crate::tex::plain_symbol(s))).collect();
    parts.join(", ")
}

/// The counterexample at a point, with the values of both sides.
pub fn counterexample(at: &Point, sides: Option<&Sides>) -> Option<Counterexample> {
    let sides = sides?;
    Some(Counterexample {
        at: at.clone(),
        relation: sides.relation,
        printed: digits(&sides.printed, at),
        actual: digits(&sides.actual, at),
        payoffs: None,
    })
}

/// The two terms whose values a counterexample shows.
#[derive(Clone, Debug)]
pub struct Sides {
    pub printed: Expr,
    pub actual: Expr,
    /// For a statement that is no equation.
    pub relation: Option<Relation>,
}

impl Sides {
    /// A printed term and the one that it should equal.
    pub fn values(printed: &Expr, actual: &Expr) -> Sides {
        Sides { printed: printed.clone(), actual: actual.clone(), relation: None }
    }
}

/// The value of a term at a point, with certain digits only; or why there is none.
pub fn digits(e: &Expr, at: &Point) -> String {
    match refined(e, at, SHOWN_DIGITS, SHOWN_BITS) {
        Value::Undefined(reason) => format!("undefined ({})", reason.why),
        value => value.decimals(SHOWN_DIGITS).unwrap_or_else(|| "not evaluated".to_owned()),
    }
}

/// A formula as LaTeX and as text.
pub fn shown_formula(f: &Formula) -> Shown {
    let f = fractions_in(f);
    Shown { latex: crate::tex::latex_formula(&f), plain: crate::tex::plain_formula(&f) }
}

/// The two sides of an elementary statement whose values a counterexample shows: right as
/// printed, left as true. For a conjunction or an equivalence, those of the part that fails at the
/// witness.
pub fn sides(statement: &Formula, at: Option<&Point>) -> Option<Sides> {
    use crate::prove::evaluate::{Truth, truth};
    match statement {
        Formula::Rel(a, Relation::Eq, b) => Some(Sides::values(b, a)),
        Formula::Rel(a, r, b) => Some(Sides { printed: a.clone(), actual: b.clone(), relation: Some(*r) }),
        Formula::Implies(_, q) => sides(q, at),
        Formula::Iff(p, q) => {
            let fails = |f: &Formula| at.is_some_and(|at| truth(f, at, SHOWN_BITS) == Truth::False);
            sides(if fails(q) { q } else { p }, at)
        }
        Formula::And(ps) => {
            // An equation that holds between irrational values is not seen to hold: what is certain
            // to fail comes first.
            let is = |t: Truth| move |at| ps.iter().find(|p| truth(p, at, SHOWN_BITS) == t);
            let failing = at.and_then(is(Truth::False)).or_else(|| at.and_then(is(Truth::Undefined)));
            sides(failing.or(ps.first())?, at)
        }
        Formula::Or(ps) => sides(ps.first()?, at),
        Formula::Not(p) => sides(p, at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Symbol;

    #[test]
    fn a_conjunction_shows_the_part_that_fails_rather_than_one_with_equal_irrational_sides() {
        let x = Expr::sym("x");
        let product = |e: &Expr| Expr::sqrt(e.clone()) * Expr::sqrt(Expr::int(3));
        let equal = Formula::eq(product(&x), Expr::sqrt(Expr::int(3) * x.clone()));
        let failing = Formula::eq(x.clone(), Expr::int(1));
        let at = Point::from([(Symbol::new("x"), 2.into())]);
        let shown = sides(&Formula::And(vec![equal, failing]), Some(&at));
        let shown = shown.map(|s| (s.printed, s.actual, s.relation));
        assert_eq!(shown, Some((Expr::int(1), x, None)));
    }
}
