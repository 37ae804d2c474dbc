//! Definitions: a printed equation that defines a name must leave exactly one value for it, for
//! all parameters.
//!
//! `X = argmax_v F` is well posed where the maximum is attained at one point only. Any other
//! equation in the name is well posed where it has exactly one solution in the name's range.

use crate::claim::{ElaborateError, Reading};
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Relation, Set, Symbol};
use crate::game::extremum::{self, Closed, Implicit, Problem};

use super::claims::{Judged, Measurable, Quantity, equation};
use super::finding::{Finding, shown_formula};
use super::setting::Setting;
use super::{Holds, Verdict};

/// Judges the definition of `name` by the printed equation.
pub fn judge(
    prints: &Formula,
    name: &Symbol,
    given: &[Symbol],
    setting: &Setting,
) -> Result<Judged, ElaborateError> {
    let Formula::Rel(left, Relation::Eq, right) = prints else {
        return Err(ElaborateError::Undefined { name: crate::tex::plain_formula(prints) });
    };
    if let Expr::Optimum { body, which, .. } = right
        && which.is_arg()
    {
        let reading = setting.with_context(given, |c| c.optimum(right))?.expect("the term is an optimum");
        let measured = Measurable::Place { objective: (**body).clone(), which: *which };
        return Ok(optimum(left, &reading, measured, setting));
    }
    solution(left, right, name, given, setting)
}

fn optimum(name: &Expr, reading: &Reading, measured: Measurable, setting: &Setting) -> Judged {
    if let Some(closed) = setting.closed(reading) {
        let quantity = Some(Quantity { printed: closed.value.clone(), measured });
        return of_closed(name, &closed, quantity);
    }
    let problem = setting.problem(reading);
    match problem.and_then(|p| extremum::implicit_maximiser(&p, setting.tools())) {
        Some(implicit) => of_implicit(&implicit),
        None => open(),
    }
}

fn of_closed(name: &Expr, closed: &Closed, quantity: Option<Quantity>) -> Judged {
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
    Judged { finding, derived: Some(equation(name, &closed.value)), correction: None, quantity }
}

fn of_implicit(implicit: &Implicit) -> Judged {
    let finding = Finding {
        holds: Some(Holds::Always),
        evidence: implicit.evidence.clone(),
        story: vec![
            "there is exactly one such value for all parameters: the only inner root of the derived equation"
                .into(),
        ],
        ..Finding::bare(Verdict::Proved, "")
    };
    Judged { finding, derived: Some(shown_formula(&implicit.equation)), correction: None, quantity: None }
}

fn open() -> Judged {
    Judged {
        finding: Finding::bare(Verdict::Undecided, "existence and uniqueness were not proved"),
        derived: None,
        correction: None,
        quantity: None,
    }
}

/// An equation in the name itself: solved for it, over the range of the bargained share.
fn solution(
    left: &Expr,
    right: &Expr,
    name: &Symbol,
    given: &[Symbol],
    setting: &Setting,
) -> Result<Judged, ElaborateError> {
    let share = setting.game.as_ref().and_then(|g| g.shares.first()).map(|s| s.symbol.clone());
    let (difference, range) = setting.with_context(given, |mut c| {
        c.unknowns.insert(name.clone());
        let difference = fold(&(c.term(left)? - c.term(right)?));
        let range = share.as_ref().and_then(|s| c.ranges.get(s).cloned());
        Ok::<_, ElaborateError>((difference, range))
    })?;
    let Some(Set::Interval { lower: Some(lower), upper: Some(upper), .. }) = range else { return Ok(open()) };
    let facts: Vec<Formula> = match &share {
        Some(s) => setting.facts.iter().filter(|f| !f.free().contains(s)).cloned().collect(),
        None => setting.facts.clone(),
    };
    let problem = Problem { variable: name.clone(), objective: difference, lower, upper, facts };
    Ok(match extremum::root(&problem, setting.tools()) {
        Some(closed) => of_closed(&Expr::Sym(name.clone()), &closed, None),
        None => open(),
    })
}
