//! Claims: printed formulas, each against what it is said to be.

use crate::claim::{ElaborateError, Reading};
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Judgement;
use crate::prove::evaluate::Point;

use super::finding::{Finding, Sides, counterexample, shown_formula, sides};
use super::meaning::Meaning;
use super::quantity::{Measurable, Quantity, Stated};
use super::region::{self, Region};
use super::setting::{Setting, at_each_case};
use super::{Shown, Verdict};

/// What the audit of a claim found.
pub struct Judged {
    pub finding: Finding,
    pub derived: Option<Shown>,
    pub correction: Option<Shown>,
    /// What is printed and what it is said to be, for the numeric route.
    pub quantities: Vec<Quantity>,
}

/// Judges a printed formula in its setting.
pub fn judge(prints: &Formula, meaning: &Meaning, given: &[Symbol], setting: &Setting) -> Judged {
    let outcome = match meaning {
        Meaning::Statement => statement(prints, given, setting),
        Meaning::ParetoSet => super::frontier::judge(prints, given, setting),
        Meaning::Term(term) => equals(prints, term, given, setting),
        Meaning::Optimum { term, unique } => optimum(prints, term, *unique, given, setting),
        Meaning::Solution(concept) => match super::meant::optimum(concept, setting) {
            Some(term) => optimum(prints, &term, true, given, setting)
                .map(|judged| super::meant::with_gains(judged, concept, prints, given, setting)),
            None => Err(ElaborateError::Undefined { name: "the solution concept".into() }),
        },
        Meaning::Definition { name, concept } => {
            super::wellposed::judge(prints, name, given, setting).map(|defined| match concept {
                Some(concept) => super::meant::judge(defined, concept, given, setting),
                None => defined.judged,
            })
        }
    };
    let judged = outcome.unwrap_or_else(|error| Judged {
        finding: Finding::bare(Verdict::Undecided, error.to_string()),
        derived: None,
        correction: None,
        quantities: measurable(prints, meaning, given, setting).into_iter().collect(),
    });
    if judged.finding.verdict == Verdict::Refuted {
        return judged;
    }
    // What gives two values at once is not settled by the first of them.
    match setting.with_context(given, |c| super::overlap::finding(prints, &setting.facts, &c, setting)) {
        Some(finding) => Judged { finding, correction: judged.derived.clone(), ..judged },
        None => judged,
    }
}

/// What the numeric route can compare where the symbolic one has no answer: a printed term that
/// is understood, against a quantity of the game.
fn measurable(prints: &Formula, meaning: &Meaning, given: &[Symbol], setting: &Setting) -> Option<Quantity> {
    let (name, printed) = named(prints).ok()?;
    let printed = setting.with_context(given, |c| c.term(&printed)).ok()?;
    let measured = match meaning {
        Meaning::Statement => Measurable::Value(name),
        Meaning::Term(term) => Measurable::Value(term.clone()),
        Meaning::Optimum { term: Expr::Optimum { body, which, variable, over }, .. } => {
            // The body may be what has no closed form.
            let over = setting.with_context(given, |c| c.range(variable, over.as_deref())).ok()?;
            Measurable::Place { objective: (**body).clone(), which: *which, over }
        }
        _ => return None,
    };
    Some(Quantity { stated: Stated::Value(printed), measured })
}

type Outcome = Result<Judged, ElaborateError>;

/// A statement all of whose names have a meaning: each equation against its elaborated left side.
fn statement(prints: &Formula, given: &[Symbol], setting: &Setting) -> Outcome {
    let fixed = held_fixed(prints, given, setting);
    let is_narrower = fixed.len() > given.len() || has_choices_put_in(prints, setting);
    let given = fixed.as_slice();
    let parts = match prints {
        Formula::And(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    let elaborated: Vec<Formula> = setting.with_peaks(given, |c| {
        parts.iter().map(|p| c.formula(p).map(|f| f.unchained())).collect::<Result<_, _>>()
    })?;
    let whole = fold_formula(&Formula::and(elaborated.clone()));
    let peaks = setting.peaks_among(&whole.free());
    let known = [setting.facts.clone(), setting.ranges_of_choices(given), peaks.facts].concat();
    let judgement = setting.judge(&known, &whole);
    let failing = witness_of(&judgement);
    // What is false whatever the parameters has lost its sides in folding.
    let unfolded = Formula::and(elaborated.clone());
    let shown = if whole == Formula::False { &unfolded } else { &whole };
    let pair = sides(&setting.as_it_fails(shown, &judgement), failing.as_ref());
    let mut finding = Finding::of(judgement, pair.as_ref());
    finding.evidence.extend(peaks.evidence);
    finding = setting.with_context(given, |c| super::slopes::checked(finding, prints, &known, &c, setting));
    super::limit::explain(&mut finding, prints, given, setting);
    // What the game itself gives for the left sides.
    let truths: Vec<Formula> = parts
        .iter()
        .zip(&elaborated)
        .filter_map(|(p, e)| match (p, e) {
            (Formula::Rel(name, Relation::Eq, _), Formula::Rel(value, Relation::Eq, _)) => {
                // That a symbol is itself tells nobody anything.
                Some(setting.readable(value)).filter(|v| v != name).map(|v| Formula::eq(name.clone(), v))
            }
            _ => None,
        })
        .collect();
    let derived = (!truths.is_empty()).then(|| shown_formula(&Formula::and(truths)));
    let mut correction = correction(derived.as_ref(), &finding, prints);
    if let (Verdict::Refuted, Some(region)) = (finding.verdict, window(prints, given, setting)) {
        finding.story.extend(region.story);
        finding.evidence.extend(region.evidence);
        correction = Some(region.statement);
    }
    let quantities: Option<Vec<Quantity>> = parts
        .iter()
        .zip(&elaborated)
        .map(|(p, e)| match (p, e) {
            // The numeric route has no choice held fixed but by name.
            _ if is_narrower => None,
            (Formula::Rel(left, Relation::Eq, _), Formula::Rel(_, Relation::Eq, printed)) => Some(Quantity {
                stated: Stated::Value(printed.clone()),
                measured: Measurable::Value(left.clone()),
            }),
            _ => None,
        })
        .collect();
    Ok(Judged { finding, derived, correction, quantities: quantities.unwrap_or_default() })
}

/// The choices that a statement holds fixed: those that are given, those that it differentiates by, and those that
/// are arguments of a payoff. What is free in one place of a formula is free in every other.
fn held_fixed(prints: &Formula, given: &[Symbol], setting: &Setting) -> Vec<Symbol> {
    let Some(game) = &setting.game else { return given.to_vec() };
    let mut fixed = given.to_vec();
    let mut add = |s: &Symbol| {
        if game.choices().any(|c| c == s) && !fixed.contains(s) {
            fixed.push(s.clone());
        }
    };
    let mut open: Vec<&Expr> = prints.terms();
    while let Some(e) = open.pop() {
        match e {
            // A derivative that is evaluated somewhere leaves nothing free.
            Expr::At { .. } | Expr::Optimum { .. } => continue,
            Expr::Derivative { variable, .. } => add(variable),
            Expr::Apply { function, args, .. } if game.payoff_named(function).is_some() => {
                args.iter().filter_map(Expr::as_sym).for_each(&mut add);
            }
            _ => {}
        }
        open.extend(e.children());
    }
    fixed
}

/// Whether a payoff is taken at other choices than symbols, `u_A(0)`.
fn has_choices_put_in(prints: &Formula, setting: &Setting) -> bool {
    let Some(game) = &setting.game else { return false };
    let mut open: Vec<&Expr> = prints.terms();
    while let Some(e) = open.pop() {
        if let Expr::Apply { function, args, .. } = e
            && game.payoff_named(function).is_some_and(|p| p.parameters.is_empty())
            && args.len() > game.shares.len()
            && args.iter().any(|a| a.as_sym().is_none())
        {
            return true;
        }
        open.extend(e.children());
    }
    false
}

/// What should have been printed, where something is wrong. What was printed is no correction of itself: a
/// formula with exceptions is derived as it stands, for a form that is easy to read may lose them.
fn correction(derived: Option<&Shown>, finding: &Finding, prints: &Formula) -> Option<Shown> {
    let printed = shown_formula(prints);
    derived.filter(|d| finding.verdict.is_finding() && d.plain != printed.plain).cloned()
}

/// Exactly where the left side of an equivalence holds whose right side bounds a quantity.
fn window(prints: &Formula, given: &[Symbol], setting: &Setting) -> Option<Region> {
    let Formula::Iff(left, right) = prints else { return None };
    let shown = region::bounded(right)?;
    let (relation, quantity) =
        setting.with_context(given, |c| Ok::<_, ElaborateError>((c.formula(left)?, c.term(&shown)?))).ok()?;
    region::exactly((left, &shown), &fold_formula(&relation.unchained()), &quantity, setting)
}

/// `NAME = printed`, where the name is said to be `term`.
fn equals(prints: &Formula, term: &Expr, given: &[Symbol], setting: &Setting) -> Outcome {
    let (name, printed) = named(prints)?;
    let (value, printed) = setting.with_context(given, |c| Ok((c.term(term)?, c.term(&printed)?)))?;
    let judgement = setting.judge(&setting.facts, &Formula::eq(value.clone(), printed.clone()));
    let finding = Finding::of(judgement, Some(&Sides::values(&printed, &value)));
    let tidy = setting.readable(&value);
    let derived = Some(shown_formula(&Formula::eq(name, tidy)));
    let correction = correction(derived.as_ref(), &finding, prints);
    let quantity = Quantity { stated: Stated::Value(printed), measured: Measurable::Value(term.clone()) };
    Ok(Judged { finding, derived, correction, quantities: vec![quantity] })
}

/// `NAME = printed`, where the name is said to be the optimum of an objective over an interval:
/// the printed value must be feasible, at least as good as every other point and, if it is said
/// to be *the* optimum, better than every other point, for all parameters.
fn optimum(prints: &Formula, term: &Expr, unique: bool, given: &[Symbol], setting: &Setting) -> Outcome {
    let (name, printed) = named(prints)?;
    let (reading, printed) = setting.with_context(given, |c| {
        let reading = c.optimum(term)?;
        Ok::<_, ElaborateError>((reading, c.term(&printed)?))
    })?;
    let reading = reading.ok_or_else(|| ElaborateError::Undefined { name: crate::tex::plain(term) })?;
    setting.has_optimum_of_reals(&reading)?;
    let (hypotheses, statement, other) = optimality(&printed, &reading, unique, setting)?;
    let judgement = setting.judge(&hypotheses, &statement);
    let closed = setting.closed(&reading);
    let at = witness_of(&judgement);
    let holds_at = |p: &Point| holds_at(p, &hypotheses, &statement, setting);
    let judgement = without(judgement, &other, &holds_at);
    let truth = closed.as_ref().map(|c| &c.value);
    let mut finding = Finding::of(judgement, truth.map(|t| Sides::values(&printed, t)).as_ref());
    if let (None, Some(at)) = (&finding.counterexample, &at) {
        finding.counterexample = better_point(&printed, &reading, at, setting)
            .or_else(|| counterexample(at, sides(&statement, Some(at)).as_ref()));
        if let (Some(c), Some(value)) = (&mut finding.counterexample, at.get(&other)) {
            c.at.remove(&other);
            let variable = crate::tex::plain_symbol(&reading.variable);
            finding.story.push(format!("another point of the range is {variable} = {value}"));
        }
    }
    let shown_truth = |t: &Expr| shown_formula(&Formula::eq(name.clone(), t.clone()));
    let derived = truth.map(shown_truth);
    if let Some(c) = &closed {
        finding.evidence.extend(c.evidence.iter().filter(|_| finding.verdict.is_finding()).cloned());
        for tie in &c.ties {
            let where_ = crate::tex::plain_formula(tie);
            finding.story.push(format!("other points are as good where {where_}"));
        }
    }
    let correction = correction(derived.as_ref(), &finding, prints);
    let objective = match term {
        Expr::Optimum { body, .. } => (**body).clone(),
        _ => reading.body.clone(),
    };
    let measured = Measurable::Place { objective, which: reading.which, over: reading.over };
    let quantity = Quantity { stated: Stated::Value(printed), measured };
    Ok(Judged { finding, derived, correction, quantities: vec![quantity] })
}

/// The question whether `value` is the optimum: hypotheses, statement, and the symbol that stands
/// for every other point.
pub(super) fn optimality(
    value: &Expr,
    reading: &Reading,
    unique: bool,
    setting: &Setting,
) -> Result<(Vec<Formula>, Formula, Symbol), ElaborateError> {
    let mut taken = reading.body.free();
    taken.extend(value.free());
    taken.extend(setting.facts.iter().flat_map(Formula::free));
    let other = fresh(&reading.variable, &taken);
    let point = Expr::Sym(other.clone());
    let at = |x: &Expr| fold(&reading.body.substitute(&reading.variable, x));
    let undefined = || ElaborateError::Undefined { name: "the range of the optimum".into() };
    let feasible = |x: &Expr| reading.over.contains(x).map(|f| f.unchained()).ok_or_else(undefined);
    let mut hypotheses: Vec<Formula> =
        setting.facts.iter().filter(|f| !f.free().contains(&reading.variable)).cloned().collect();
    hypotheses.push(feasible(&point)?);
    let (weak, strict) =
        if reading.which.is_max() { (Relation::Le, Relation::Lt) } else { (Relation::Ge, Relation::Gt) };
    // Case by case: with cases in every place of the variable, their combinations would multiply.
    let printed = fold(&at_each_case(value, &at));
    let best = if unique {
        Formula::or(vec![
            Formula::eq(point.clone(), value.clone()),
            Formula::Rel(at(&point), strict, printed),
        ])
    } else {
        Formula::Rel(at(&point), weak, printed)
    };
    Ok((hypotheses, Formula::and(vec![feasible(value)?, best]), other))
}

/// Whether the statement holds at a point, whatever the symbols are that have no value there.
pub(super) fn holds_at(at: &Point, hypotheses: &[Formula], statement: &Formula, setting: &Setting) -> bool {
    let values: Substitution = at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
    let there = |f: &Formula| fold_formula(&f.substitute_all(&values));
    let known: Vec<Formula> = hypotheses.iter().map(there).collect();
    setting.tools().judge.proves(&known, &there(statement))
}

/// The judgement with an auxiliary symbol taken out of its points. That the statement holds for
/// one value of that symbol does not say that it holds at the point: `holds` is asked.
pub(super) fn without(judgement: Judgement, other: &Symbol, holds: &dyn Fn(&Point) -> bool) -> Judgement {
    let strip = |mut p: Point| {
        p.remove(other);
        p
    };
    match judgement {
        Judgement::Fails { witness, open, holds_at, never, evidence } => {
            let holds_at = holds_at.map(strip).filter(holds);
            Judgement::Fails { witness: strip(witness), open, holds_at, never, evidence }
        }
        // An exception that is a place of the other point says nothing of the parameters.
        Judgement::Except { exceptions, .. } if exceptions.iter().any(|e| e.free().contains(other)) => {
            let where_ = exceptions.iter().map(crate::tex::plain_formula).collect::<Vec<_>>().join(" or ");
            Judgement::Unknown(vec![format!("it was not settled where another point has {where_}")])
        }
        Judgement::Except { exceptions, witness, evidence } => {
            Judgement::Except { exceptions, witness: witness.map(strip), evidence }
        }
        other => other,
    }
}

/// Without a closed form of the optimum: the printed value against a feasible one that is better.
fn better_point(
    printed: &Expr,
    reading: &Reading,
    at: &Point,
    setting: &Setting,
) -> Option<super::Counterexample> {
    let problem = setting.problem(reading)?;
    let implicit = crate::game::extremum::implicit_maximiser(&problem, setting.tools())?;
    let mut c = counterexample(at, Some(&Sides::values(printed, printed)))?;
    c.actual = format!("the root of {}", crate::tex::plain_formula(&implicit.equation()));
    Some(c)
}

/// The name and the term of a printed equation `NAME = term`.
fn named(prints: &Formula) -> Result<(Expr, Expr), ElaborateError> {
    match prints {
        Formula::Rel(name, Relation::Eq, printed) => Ok((name.clone(), printed.clone())),
        other => Err(ElaborateError::Undefined { name: crate::tex::plain_formula(other) }),
    }
}

pub(super) fn witness_of(judgement: &Judgement) -> Option<Point> {
    match judgement {
        Judgement::Fails { witness, .. } => Some(witness.clone()),
        Judgement::Except { witness, .. } => witness.clone(),
        _ => None,
    }
}

/// A formula shown as `name = value`.
pub(super) fn equation(name: &Expr, value: &Expr) -> Shown {
    shown_formula(&Formula::eq(name.clone(), value.clone()))
}
