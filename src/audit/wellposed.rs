//! Definitions: a printed equation that defines a name must leave exactly one value for it, for
//! all parameters.
//!
//! `X = argmax_v F` is well posed where the maximum is attained at one point only. Any other
//! equation in the name is well posed where it has exactly one solution in the name's range.

use crate::claim::{ElaborateError, Reading};
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Relation, Set, Symbol};
use crate::game::extremum::{self, Closed, Implicit, Problem};
use crate::prove::{Evidence, Judgement, identity};

use super::claims::{Judged, equation};
use super::finding::{Finding, shown_formula};
use super::quantity::{Measurable, Quantity, Stated};
use super::setting::Setting;
use super::{Holds, Verdict};

/// A judged definition, with what it was understood to define.
pub struct Defined {
    pub judged: Judged,
    pub name: Expr,
    pub defined: Solution,
    /// The only value, where it is known.
    pub place: Option<Place>,
}

/// What a definition says of its name.
pub enum Solution {
    /// It is the place of an optimum.
    Optimum(Reading),
    /// It makes the term zero.
    Root { term: Expr, unknown: Symbol },
}

/// The place of an optimum.
pub enum Place {
    /// With the conditions under which other places are as good.
    Closed { value: Expr, ties: Vec<Formula> },
    /// Where the slope of an objective changes its sign that has a single stationary point, its
    /// peak, between two ends.
    Peak { slope: Expr, variable: Symbol, ends: [Expr; 2], evidence: Vec<Evidence> },
}

impl Place {
    /// The place of an optimum, as far as it can be found.
    pub fn of(reading: &Reading, setting: &Setting) -> Option<Place> {
        if let Some(closed) = setting.closed(reading) {
            return known(&closed);
        }
        let problem = setting.problem(reading)?;
        let implicit = extremum::implicit_maximiser(&problem, setting.tools())?;
        Some(Place::peak(&implicit, problem))
    }

    fn peak(implicit: &Implicit, problem: Problem) -> Place {
        let ends = [problem.lower, problem.upper];
        Place::Peak {
            slope: implicit.polynomial.clone(),
            variable: problem.variable,
            ends,
            evidence: implicit.evidence.clone(),
        }
    }
}

/// Judges the definition of `name` by the printed equation.
pub fn judge(
    prints: &Formula,
    name: &Symbol,
    given: &[Symbol],
    setting: &Setting,
) -> Result<Defined, ElaborateError> {
    let Formula::Rel(left, Relation::Eq, right) = prints else {
        return Err(ElaborateError::Undefined { name: crate::tex::plain_formula(prints) });
    };
    if let Expr::Optimum { body, which, .. } = right
        && which.is_arg()
        && left.as_sym() == Some(name)
    {
        let reading = setting.with_context(given, |c| c.optimum(right))?.expect("the term is an optimum");
        let (objective, over) = ((**body).clone(), reading.over.clone());
        let measured = Measurable::Place { objective, which: *which, over };
        return Ok(optimum(left, reading, measured, setting));
    }
    solution(left, right, name, given, setting)
}

fn optimum(name: &Expr, reading: Reading, measured: Measurable, setting: &Setting) -> Defined {
    let (judged, place) = if let Some(closed) = setting.closed(&reading) {
        (of_closed(name, &closed, measured), known(&closed))
    } else {
        let found = setting
            .problem(&reading)
            .and_then(|problem| Some((extremum::implicit_maximiser(&problem, setting.tools())?, problem)));
        match found {
            Some((implicit, problem)) => {
                (of_implicit(&implicit, &reading.variable, measured), Some(Place::peak(&implicit, problem)))
            }
            None => (open(), None),
        }
    };
    Defined { judged, name: name.clone(), defined: Solution::Optimum(reading), place }
}

fn known(closed: &Closed) -> Option<Place> {
    let place = || Place::Closed { value: closed.value.clone(), ties: closed.ties.clone() };
    closed.unsettled.is_empty().then(place)
}

fn of_closed(name: &Expr, closed: &Closed, measured: Measurable) -> Judged {
    if !closed.unsettled.is_empty() {
        let derived = Some(equation(name, &closed.value));
        return Judged { derived, ..open() };
    }
    let unique = closed.ties.is_empty();
    let finding = Finding {
        holds: Some(if unique { Holds::Always } else { Holds::Sometimes }),
        evidence: closed.evidence.clone(),
        exceptions: closed.ties.iter().map(shown_formula).collect(),
        story: vec![if unique {
            "there is exactly one such value, for all parameters".into()
        } else {
            "there is such a value for all parameters, but it is not the only one everywhere".into()
        }],
        ..Finding::bare(if unique { Verdict::Proved } else { Verdict::Conditional }, "")
    };
    let quantities = vec![Quantity { stated: Stated::Value(closed.value.clone()), measured }];
    Judged { finding, derived: Some(equation(name, &closed.value)), correction: None, quantities }
}

fn of_implicit(implicit: &Implicit, variable: &Symbol, measured: Measurable) -> Judged {
    let finding = Finding {
        holds: Some(Holds::Always),
        evidence: implicit.evidence.clone(),
        story: vec![
            "there is exactly one such value for all parameters: the only inner root of the derived equation"
                .into(),
        ],
        ..Finding::bare(Verdict::Proved, "")
    };
    let stated = Stated::RootOf(implicit.polynomial.clone(), variable.clone());
    let derived = Some(shown_formula(&implicit.equation()));
    Judged { finding, derived, correction: None, quantities: vec![Quantity { stated, measured }] }
}

fn open() -> Judged {
    Judged {
        finding: Finding::bare(Verdict::Undecided, "existence and uniqueness were not proved"),
        derived: None,
        correction: None,
        quantities: vec![],
    }
}

/// The only number at which a term is zero, found by undoing it, and the proof that there is no other.
fn isolated(term: &Expr, name: &Symbol, setting: &Setting) -> Option<(Expr, Vec<Evidence>)> {
    let equation = Formula::eq(term.clone(), Expr::int(0));
    let value = identity::isolate(&equation, name, &setting.facts)?.value;
    let is_value = Formula::eq(Expr::Sym(name.clone()), value.clone());
    let goal = Formula::Iff(Box::new(equation), Box::new(is_value));
    match setting.judge(&setting.facts, &goal) {
        Judgement::Holds(evidence) => Some((value, evidence)),
        _ => None,
    }
}

/// An equation in the name itself: solved for it, over the range of the bargained share or, where
/// nothing is bargained over, over all numbers.
fn solution(
    left: &Expr,
    right: &Expr,
    name: &Symbol,
    given: &[Symbol],
    setting: &Setting,
) -> Result<Defined, ElaborateError> {
    let share = setting.game.as_ref().and_then(|g| g.shares.first()).map(|s| s.symbol.clone());
    let (difference, range) = setting.without_names(given, |mut c| {
        c.unknowns.insert(name.clone());
        let difference = fold(&(c.term(left)? - c.term(right)?));
        let range = share.as_ref().and_then(|s| c.ranges.get(s).cloned());
        Ok::<_, ElaborateError>((difference, range))
    })?;
    let named = Expr::Sym(name.clone());
    let defined = Solution::Root { term: difference.clone(), unknown: name.clone() };
    let Some(Set::Interval { lower: Some(lower), upper: Some(upper), .. }) = range else {
        let value = if share.is_none() { isolated(&difference, name, setting) } else { None };
        let judged = value.as_ref().map_or_else(open, |(value, evidence)| {
            let story = "there is exactly one such value, for all parameters";
            let evidence = evidence.clone();
            let finding =
                Finding { holds: Some(Holds::Always), evidence, ..Finding::bare(Verdict::Proved, story) };
            let derived = Some(equation(&named, value));
            Judged { finding, derived, correction: None, quantities: vec![] }
        });
        let place = value.map(|(value, _)| Place::Closed { value, ties: vec![] });
        return Ok(Defined { judged, name: named, defined, place });
    };
    let facts: Vec<Formula> = match &share {
        Some(s) => setting.facts.iter().filter(|f| !f.free().contains(s)).cloned().collect(),
        None => setting.facts.clone(),
    };
    let problem = Problem { variable: name.clone(), objective: difference, lower, upper, facts };
    let measured = Measurable::Root { term: left.clone() - right.clone(), unknown: name.clone() };
    let closed = extremum::root(&problem, setting.tools());
    let judged = closed.as_ref().map(|c| of_closed(&named, c, measured));
    let place = closed.as_ref().and_then(known);
    Ok(Defined { judged: judged.unwrap_or_else(open), name: named, defined, place })
}
