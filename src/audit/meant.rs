//! Definitions of bargaining solutions: whether what is defined is the solution that the paper
//! says it is, by the concept's own meaning in the game.

use crate::claim::{ElaborateError, Reading};
use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Extremum, Formula, Relation, Symbol};
use crate::game::{Concept, concept::gains};
use crate::prove::Judgement;
use crate::prove::evaluate::Point;

use super::claims::{self, Judged};
use super::finding::{Finding, Sides, shown_formula, sides};
use super::setting::{Setting, at_each_case};
use super::solution::kalai_smorodinsky;
use super::wellposed::{Defined, Place, Solution};
use super::{Shown, Verdict};

/// The optimum over the bargained share that a concept is.
pub fn optimum(concept: &Concept, setting: &Setting) -> Option<Expr> {
    let game = setting.game.as_ref()?;
    let [share] = game.shares.as_slice() else { return None };
    let body = Box::new(concept.objective(game)?);
    Some(Expr::Optimum { which: Extremum::ArgMax, variable: share.symbol.clone(), over: None, body })
}

/// Whether it is proved that no agreement leaves a player with less than the disagreement does.
fn nobody_can_lose(given: &[Symbol], setting: &Setting) -> bool {
    let Some((game, share)) = setting.game.as_ref().and_then(|g| Some((g, g.shares.first()?))) else {
        return false;
    };
    let known = [&setting.facts[..], &share.domain].concat();
    gains(game).iter().all(|gain| {
        let gain = setting.with_context(given, |c| c.holding(&share.symbol).term(gain));
        let at_least = |value: Expr| fold_formula(&Formula::rel(value, Relation::Ge, Expr::int(0)));
        gain.is_ok_and(|gain| setting.tools().judge.proves(&known, &at_least(gain)))
    })
}

/// The judgement on a Nash solution, which is one only where nobody loses by it: the product of two losses is a gain.
pub fn with_gains(
    judged: Judged,
    concept: &Concept,
    prints: &Formula,
    given: &[Symbol],
    setting: &Setting,
) -> Judged {
    let settled = matches!(judged.finding.verdict, Verdict::Proved | Verdict::Conditional);
    if *concept != Concept::Nash || nobody_can_lose(given, setting) {
        return judged;
    }
    let (Some(game), Formula::Rel(_, Relation::Eq, printed), true) = (&setting.game, prints, settled) else {
        return unsettled(
            judged,
            "an agreement that somebody loses by is none, and may have the larger product",
        );
    };
    let Some(share) = game.shares.first().map(|s| s.symbol.clone()) else { return judged };
    let gained = |gain: &Expr| {
        let at = setting.with_context(given, |c| {
            Ok::<_, ElaborateError>(c.holding(&share).term(gain)?.substitute(&share, &c.term(printed)?))
        });
        let at_least = |value: Expr| fold_formula(&Formula::rel(value, Relation::Ge, Expr::int(0)));
        at.is_ok_and(|value| setting.tools().judge.proves(&setting.facts, &at_least(value)))
    };
    if gains(game).iter().all(gained) {
        return judged;
    }
    unsettled(
        judged,
        "it is where the product of the gains is largest; that nobody loses by it was not proved",
    )
}

/// The judgement on a definition that is said to be that of a concept's solution. One that has
/// several values, or none that was found, is compared as far as that goes.
pub fn judge(defined: Defined, concept: &Concept, given: &[Symbol], setting: &Setting) -> Judged {
    if matches!(concept, Concept::Nash) && !nobody_can_lose(given, setting) {
        return unsettled(defined.judged, "that no agreement leaves somebody with a loss was not proved");
    }
    let Some(meant) = solution(concept, given, setting) else {
        return unsettled(defined.judged, "the solution that it is said to be was not found");
    };
    let Some((judgement, shown)) = comparison(&defined, &meant, setting) else {
        return unsettled(defined.judged, "whether it is the solution that it is said to be was not settled");
    };
    let mut judged = defined.judged;
    match judgement {
        Judgement::Holds(evidence) if judged.finding.verdict != Verdict::Undecided => {
            judged.finding.evidence.extend(evidence);
            judged.finding.story.push("it is the solution that it is said to be".into());
            judged
        }
        Judgement::Holds(evidence) if matches!(defined.defined, Solution::Optimum(_)) => {
            let story = "the solution that it is said to be is the only such value";
            let finding = Finding { evidence, ..Finding::bare(Verdict::Proved, story) };
            Judged { finding: Finding { holds: Some(super::Holds::Always), ..finding }, ..judged }
        }
        failing @ (Judgement::Fails { .. } | Judgement::Except { .. }) => {
            let mut finding = Finding::of(failing, shown.as_ref());
            finding.story.insert(0, "it is not the solution that it is said to be".into());
            finding.exceptions.extend(judged.finding.exceptions);
            Judged { finding, correction: Some(correction(&defined.name, &meant)), ..judged }
        }
        _ => unsettled(judged, "whether it is the solution that it is said to be was not settled"),
    }
}

fn unsettled(judged: Judged, why: &str) -> Judged {
    Judged { finding: Finding::bare(Verdict::Undecided, why), ..judged }
}

/// A concept's solution: its place and, where it is an optimum, of what.
fn solution(concept: &Concept, given: &[Symbol], setting: &Setting) -> Option<Place> {
    if *concept == Concept::KalaiSmorodinsky {
        let game = setting.game.as_ref()?;
        // Parts of the best gains are parts of the best payoffs only where nothing is got outside.
        if !game.disagreement.values().all(Expr::is_zero) {
            return None;
        }
        let [share] = game.shares.as_slice() else { return None };
        let function = |f: &Symbol| Expr::Apply { function: f.clone(), primes: 0, args: vec![] };
        let payoffs: Vec<Expr> = game
            .payoffs
            .iter()
            .map(|p| setting.with_context(given, |c| c.term(&function(&p.function))).ok())
            .collect::<Option<_>>()?;
        let best: Vec<Option<Expr>> = payoffs
            .iter()
            .map(|body| {
                let over = setting.range(&share.symbol)?;
                let (which, variable) = (Extremum::ArgMax, share.symbol.clone());
                let at = setting.closed(&Reading { which, variable, over, body: body.clone() })?.value;
                Some(body.substitute(&share.symbol, &at))
            })
            .collect();
        return kalai_smorodinsky(setting, &payoffs, &best, &share.symbol)
            .map(|value| Place::Closed { value, ties: vec![] });
    }
    let term = optimum(concept, setting)?;
    let reading = setting.with_context(given, |c| c.optimum(&term)).ok()??;
    Place::of(&reading, setting)
}

/// Whether the definition and the concept have the same place, for all parameters.
fn comparison(defined: &Defined, meant: &Place, setting: &Setting) -> Option<(Judgement, Option<Sides>)> {
    let share = setting.game.as_ref()?.shares.first()?.symbol.clone();
    let facts: Vec<Formula> = setting.facts.iter().filter(|f| !f.free().contains(&share)).cloned().collect();
    let asked = |statement: Formula, hypotheses: &[Formula]| {
        let judgement = setting.judge(hypotheses, &statement);
        let shown = sides(&statement, claims::witness_of(&judgement).as_ref());
        (judgement, shown)
    };
    Some(match (&defined.place, meant) {
        (Some(Place::Closed { value: printed, ties: own }), Place::Closed { value: actual, ties }) => {
            // Where one of the two is tied, its closed form is but one of its values.
            let untied = ties.iter().chain(own).map(|tie| !tie.clone());
            let hypotheses: Vec<Formula> = facts.into_iter().chain(untied).collect();
            let judgement = setting.judge(&hypotheses, &Formula::eq(actual.clone(), printed.clone()));
            if matches!(judgement, Judgement::Holds(_)) && own != ties {
                return None;
            }
            (judgement, Some(Sides::values(printed, actual)))
        }
        // At an end the slope may be zero as well, and that is no peak.
        (Some(Place::Closed { value: place, .. }), Place::Peak { slope, variable, ends, .. })
        | (Some(Place::Peak { slope, variable, ends, .. }), Place::Closed { value: place, .. }) => {
            let parts = [between(place, ends), vec![vanishes(slope, variable, place)]].concat();
            asked(Formula::and(parts), &facts)
        }
        (
            Some(Place::Peak { slope: p, variable, ends, .. }),
            Place::Peak { slope: q, variable: other, ends: others, .. },
        ) => {
            // Both objectives rise up to their only peak: the peaks are one if the slopes agree.
            let x = Expr::Sym(variable.clone());
            let q = q.substitute(other, &x);
            let agree = |r: Relation| {
                let says = |e: &Expr| Formula::Rel(e.clone(), r, Expr::int(0));
                Formula::implies(says(p), says(&q))
            };
            let hypotheses = [facts, between(&x, ends), between(&x, others)].concat();
            asked(Formula::and(vec![agree(Relation::Gt), agree(Relation::Lt)]), &hypotheses)
        }
        (None, Place::Closed { value: actual, ties }) => match &defined.defined {
            Solution::Optimum(reading) => {
                let best = |unique: bool| {
                    let (hypotheses, statement, other) =
                        claims::optimality(actual, reading, unique, setting).ok()?;
                    let holds = |p: &Point| claims::holds_at(p, &hypotheses, &statement, setting);
                    let (judgement, shown) = asked(statement.clone(), &hypotheses);
                    Some((claims::without(judgement, &other, &holds), shown))
                };
                match best(false)? {
                    // That it is one of the values does not make it the only one.
                    (Judgement::Holds(_), _) => {
                        best(true).filter(|(unique, _)| matches!(unique, Judgement::Holds(_)))?
                    }
                    failing => failing,
                }
            }
            Solution::Root { term, unknown } => {
                let untied = ties.iter().map(|tie| !tie.clone());
                let hypotheses: Vec<Formula> = facts.into_iter().chain(untied).collect();
                let (judgement, shown) = asked(vanishes(term, unknown, actual), &hypotheses);
                (Some(judgement).filter(|j| !matches!(j, Judgement::Holds(_)))?, shown)
            }
        },
        (None, Place::Peak { .. }) => return None,
    })
}

/// That a term is zero where its variable is at a place.
fn vanishes(term: &Expr, variable: &Symbol, place: &Expr) -> Formula {
    let at = at_each_case(place, &|x| fold(&term.substitute(variable, x)));
    Formula::eq(at, Expr::int(0))
}

fn between(place: &Expr, [lower, upper]: &[Expr; 2]) -> Vec<Formula> {
    vec![
        Formula::Rel(place.clone(), Relation::Gt, lower.clone()),
        Formula::Rel(place.clone(), Relation::Lt, upper.clone()),
    ]
}

fn correction(name: &Expr, meant: &Place) -> Shown {
    match meant {
        Place::Closed { value, .. } => shown_formula(&Formula::eq(name.clone(), value.clone())),
        Place::Peak { slope, .. } => shown_formula(&Formula::eq(slope.clone(), Expr::int(0))),
    }
}
