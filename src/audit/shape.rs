//! The shape of a quantity over an interval: whether it is strictly unimodal.
//!
//! A function is strictly unimodal over an interval if it strictly increases up to some point of it
//! and strictly decreases from there on. For a function that is continuous on the closed interval
//! and, inside, three times differentiable where a rule needs it, each of these suffices:
//!
//! * its slope has one sign inside;
//! * its second derivative is negative inside;
//! * its slope is concave (the third derivative is nowhere positive), and positive at the lower end:
//!   a concave function that starts positive is negative behind its first zero;
//! * the mirror image of that: a convex slope that is negative at the upper end.
//!
//! It is not if it has a valley: three points, the middle one no higher than both others. Of a
//! continuous function that there is no valley is the same as being strictly unimodal (Avriel,
//! Diewert, Schaible and Zang, *Generalized Concavity*, ch. 3). Which rule was used stands in the
//! story; the re-check replays its premises and takes the rule on trust.

use crate::claim::ElaborateError;
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Expr, Formula, Function, Relation, Set, Symbol, defined};
use crate::prove::evaluate::Point;
use crate::prove::{Evidence, Judgement};
use crate::tex::plain_symbol;

use super::claims::Judged;
use super::finding::{Finding, sides};
use super::setting::Setting;
use super::{Holds, Verdict};

/// Judges whether `term` is strictly unimodal in `variable` over a closed interval; without
/// `always`, whether there are parameters for which it is not.
pub fn unimodal(
    (term, always): (&Expr, bool),
    variable: &Symbol,
    over: &Set,
    given: &[Symbol],
    setting: &Setting,
) -> Judged {
    let elaborated = setting.with_context(given, |c| {
        let inner = c.holding(variable);
        Ok::<_, ElaborateError>((inner.term(term)?, inner.range(variable, Some(over))?))
    });
    let finding = match elaborated {
        Err(error) => Finding::bare(Verdict::Undecided, error.to_string()),
        Ok((body, set)) => match Curve::new(body, variable, &set, setting) {
            Some(curve) if always => curve.finding(),
            Some(curve) => curve.exception(),
            None => Finding::bare(Verdict::Undecided, "only over an interval with both its ends"),
        },
    };
    Judged { finding, derived: None, correction: None, quantities: vec![] }
}

/// A term over the closed interval from `lower` to `upper`.
#[derive(Clone)]
struct Curve<'a> {
    body: Expr,
    variable: Symbol,
    lower: Expr,
    upper: Expr,
    /// What holds of the other symbols.
    facts: Vec<Formula>,
    setting: &'a Setting<'a>,
}

/// Statements that together suffice, each with the part of the interval on which it is to hold.
type Premises = Vec<(Vec<Formula>, Formula)>;

impl<'a> Curve<'a> {
    fn new(body: Expr, variable: &Symbol, set: &Set, setting: &'a Setting<'a>) -> Option<Curve<'a>> {
        let Set::Interval { lower: Some(lower), lower_closed: true, upper: Some(upper), upper_closed: true } =
            set
        else {
            return None;
        };
        let facts = setting.facts.iter().filter(|f| !f.free().contains(variable)).cloned().collect();
        let (lower, upper) = (lower.clone(), upper.clone());
        Some(Curve { body, variable: variable.clone(), lower, upper, facts, setting })
    }

    fn finding(&self) -> Finding {
        let (curve, same) = self.in_canonical_form().unwrap_or_else(|| (self.clone(), vec![]));
        match curve.by_a_rule() {
            Some(mut finding) => {
                finding.evidence.splice(0..0, same);
                finding
            }
            None => self.by_points(),
        }
    }

    /// Whether there are parameters with a valley: one is proved at one point of them.
    fn exception(&self) -> Finding {
        let always = self.finding();
        match (always.verdict, &always.witness) {
            (Verdict::Refuted, Some(at)) => self.valley(at),
            (Verdict::Proved, _) => {
                let story = format!("it always is: {}", always.story.join("; "));
                self.at_some_point(Finding { story: vec![story], ..always })
            }
            _ => Finding::bare(Verdict::Undecided, "no parameters with a valley were found"),
        }
    }

    /// The proof that there is a valley at a point.
    fn valley(&self, at: &Point) -> Finding {
        let [x, y, z] = self.three_points();
        let with: Substitution = at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let value = |s: &Symbol| {
            let there = self.body.substitute(&self.variable, &Expr::Sym(s.clone()));
            fold(&there.substitute_all(&with))
        };
        let is_valley = Formula::and(
            [&x, &z].into_iter().map(|end| Formula::Rel(value(&y), Relation::Le, value(end))).collect(),
        );
        match self.setting.tools().judge.judge_plainly(&[], &is_valley) {
            Judgement::Holds(evidence) => {
                let names = [&x, &y, &z].map(plain_symbol);
                let place: Vec<String> =
                    at.iter().map(|(s, v)| format!("{} = {v}", plain_symbol(s))).collect();
                let story =
                    format!("a valley, {} < {} < {}, at {}", names[0], names[1], names[2], place.join(", "));
                let finding = Finding { evidence, ..Finding::bare(Verdict::Proved, story) };
                Finding { holds: Some(Holds::Sometimes), ..finding }
            }
            _ => Finding::bare(Verdict::Undecided, "a valley was found, and not proved"),
        }
    }

    /// The refutation of the claim that it is sometimes not so, by a proof that it always is: at
    /// any admissible point, that is a point without a valley.
    fn at_some_point(&self, always: Finding) -> Finding {
        let at = |quarters: i64| {
            let width = self.upper.clone() - self.lower.clone();
            let place = fold(&(self.lower.clone() + Expr::ratio(quarters, 4) * width));
            fold(&self.body.substitute(&self.variable, &place))
        };
        let ends = Expr::Fun(Function::Min, vec![at(1), at(3)]);
        let is_valley = Formula::Rel(at(2), Relation::Le, ends);
        match self.setting.judge(&self.facts, &is_valley) {
            Judgement::Fails { witness, evidence, .. } => Finding {
                verdict: Verdict::Refuted,
                holds: Some(Holds::Never),
                evidence: [evidence, always.evidence].concat(),
                witness: Some(witness),
                ..always
            },
            _ => Finding::bare(Verdict::Undecided, "it always is, and no point shows it"),
        }
    }

    /// The curve with its term written in the way of which the rules see most, and the proof that
    /// it is the same.
    fn in_canonical_form(&self) -> Option<(Curve<'a>, Vec<Evidence>)> {
        let body = self.setting.readable(&self.body);
        let same = Formula::eq(self.body.clone(), body.clone());
        let evidence = self.proved(&vec![(self.between(Relation::Ge, Relation::Le), same)])?;
        Some((Curve { body, ..self.clone() }, evidence))
    }

    /// Whether the term is one formula, continuous where it is defined.
    fn is_smooth(&self) -> bool {
        self.body.is_elementary() && !has_cases(&self.body)
    }

    fn by_a_rule(&self) -> Option<Finding> {
        if !self.is_smooth() {
            return None;
        }
        let mut evidence = self.proved(&self.defined(&self.body, Relation::Ge, Relation::Le)?)?;
        let rules = [
            (self.monotone(Relation::Gt), "it increases strictly"),
            (self.monotone(Relation::Lt), "it decreases strictly"),
            (self.concave(), "it is strictly concave"),
            (self.bent(&self.lower, false), "its slope is concave, and positive at the lower end"),
            (self.bent(&self.upper, true), "its slope is convex, and negative at the upper end"),
        ];
        for (premises, story) in rules {
            if let Some(more) = premises.and_then(|p| self.proved(&p)) {
                evidence.extend(more);
                let finding = Finding { evidence, ..Finding::bare(Verdict::Proved, story) };
                return Some(Finding { holds: Some(Holds::Always), ..finding });
            }
        }
        None
    }

    /// The evidence for all premises, if there is a proof of each.
    fn proved(&self, premises: &Premises) -> Option<Vec<Evidence>> {
        let mut out = vec![];
        for (place, statement) in premises {
            let known = [&self.facts[..], place].concat();
            match self.setting.tools().judge.judge_plainly(&known, statement) {
                Judgement::Holds(evidence) => out.extend(evidence),
                _ => return None,
            }
        }
        Some(out)
    }

    /// The variable between the ends, each of which belongs to it or not.
    fn between(&self, from: Relation, to: Relation) -> Vec<Formula> {
        let x = || Expr::Sym(self.variable.clone());
        vec![Formula::Rel(x(), from, self.lower.clone()), Formula::Rel(x(), to, self.upper.clone())]
    }

    fn inside(&self) -> Vec<Formula> {
        self.between(Relation::Gt, Relation::Lt)
    }

    fn defined(&self, e: &Expr, from: Relation, to: Relation) -> Option<Premises> {
        Some(match defined::condition(e)? {
            Formula::True => vec![],
            condition => vec![(self.between(from, to), condition)],
        })
    }

    fn derivative(&self, e: &Expr) -> Option<Expr> {
        derivative(e, &self.variable)
    }

    fn monotone(&self, sign: Relation) -> Option<Premises> {
        let slope = self.derivative(&self.body)?;
        Some(vec![(self.inside(), Formula::Rel(slope, sign, Expr::int(0)))])
    }

    fn concave(&self) -> Option<Premises> {
        let slope = self.derivative(&self.body)?;
        let second = self.derivative(&slope)?;
        let mut premises = self.defined(&slope, Relation::Gt, Relation::Lt)?;
        premises.push((self.inside(), Formula::Rel(second, Relation::Lt, Expr::int(0))));
        Some(premises)
    }

    /// A slope that is concave and positive at the lower `end`, or convex and negative at the upper.
    fn bent(&self, end: &Expr, is_upper: bool) -> Option<Premises> {
        let slope = self.derivative(&self.body)?;
        let second = self.derivative(&slope)?;
        let third = self.derivative(&second)?;
        let (from, to, sign, bend) = if is_upper {
            (Relation::Gt, Relation::Le, Relation::Lt, Relation::Ge)
        } else {
            (Relation::Ge, Relation::Lt, Relation::Gt, Relation::Le)
        };
        let at_end = fold(&slope.substitute(&self.variable, end));
        let mut premises = vec![(vec![], Formula::Rel(at_end, sign, Expr::int(0)))];
        premises.extend(self.defined(&slope, from, to)?);
        premises.extend(self.defined(&second, Relation::Gt, Relation::Lt)?);
        premises.push((self.inside(), Formula::Rel(third, bend, Expr::int(0))));
        Some(premises)
    }

    /// Whether the middle one of any three points is higher than one of the others.
    fn by_points(&self) -> Finding {
        let [x, y, z] = self.three_points();
        let at = |s: &Symbol| fold(&self.body.substitute(&self.variable, &Expr::Sym(s.clone())));
        let less = |a: Expr, b: Expr, relation| Formula::Rel(a, relation, b);
        let point = |s: &Symbol| Expr::Sym(s.clone());
        let mut known = self.facts.clone();
        known.extend([
            less(self.lower.clone(), point(&x), Relation::Le),
            less(point(&x), point(&y), Relation::Lt),
            less(point(&y), point(&z), Relation::Lt),
            less(point(&z), self.upper.clone(), Relation::Le),
        ]);
        let lower_one = Expr::Fun(Function::Min, vec![at(&x), at(&z)]);
        let statement = Formula::Rel(at(&y), Relation::Gt, lower_one);
        let judgement = self.setting.judge(&known, &statement);
        let pair = match &judgement {
            Judgement::Fails { witness, .. } => sides(&statement, Some(witness)),
            _ => None,
        };
        match judgement {
            // Without continuity there need not be a highest point.
            Judgement::Holds(_) | Judgement::Except { .. } if !self.is_smooth() => {
                Finding::bare(Verdict::Undecided, "it has no valley, but its continuity is not settled")
            }
            valley @ Judgement::Fails { .. } => {
                let names = [&x, &y, &z].map(plain_symbol);
                let story = vec![format!("a valley: {} < {} < {}", names[0], names[1], names[2])];
                Finding { story, ..Finding::of(valley, pair.as_ref()) }
            }
            other => Finding::of(other, None),
        }
    }

    fn three_points(&self) -> [Symbol; 3] {
        let mut taken = self.body.free();
        taken.extend(self.facts.iter().flat_map(Formula::free));
        taken.insert(self.variable.clone());
        [1, 2, 3].map(|n| {
            let numbered = Symbol::new(&format!("{}_{n}", self.variable.latex()));
            let is_free = !self.variable.latex().contains('_') && !taken.contains(&numbered);
            let symbol = if is_free { numbered } else { fresh(&self.variable, &taken) };
            taken.insert(symbol.clone());
            symbol
        })
    }
}

fn has_cases(e: &Expr) -> bool {
    matches!(e, Expr::Cases(_)) || e.children().into_iter().any(has_cases)
}
