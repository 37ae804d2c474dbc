//! Closed forms, cell by cell, each proved.

use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Case, Expr, Formula, Relation, Symbol, defined};
use crate::prove::{Evidence, Judge, Judgement, identity};

use super::candidates::{Candidate, of_maximum, of_root};
use super::cells::{Cells, by_cases};
use super::{Closed, Problem, Tools};

/// What a candidate has to be proved to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    Maximum,
    Root,
}

/// The place of the maximum of the objective over the interval.
pub fn maximiser(problem: &Problem, tools: Tools) -> Option<Closed> {
    search(problem, Goal::Maximum, tools)
}

/// The root of the objective in the interval.
pub fn root(problem: &Problem, tools: Tools) -> Option<Closed> {
    search(problem, Goal::Root, tools)
}

/// One cell's answer.
struct Answer {
    conditions: Vec<Formula>,
    value: Expr,
    unique: Uniqueness,
    evidence: Vec<Evidence>,
}

/// Whether a cell's answer is the only one there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Uniqueness {
    Proved,
    /// Everywhere in the cell another point is as good.
    Tied,
    /// Somewhere in the cell another point is as good.
    PartlyTied,
    Unsettled,
}

fn search(problem: &Problem, goal: Goal, tools: Tools) -> Option<Closed> {
    let mut branching = condition_terms(&problem.objective);
    branching.extend(condition_terms(&problem.lower));
    branching.extend(condition_terms(&problem.upper));
    let outer = Cells::cut(&branching, &problem.facts, tools)?;
    let mut parts: Vec<(Expr, Formula)> = vec![];
    let (mut ties, mut tied, mut unsettled) = (vec![], vec![], vec![]);
    let mut evidence = vec![];
    for cell in &outer.cells {
        let conditions = outer.conditions(cell);
        let mut resolved = problem.clone();
        resolved.facts.extend(conditions.iter().cloned());
        let resolve = |e: &Expr| resolve_cases(e, &resolved.facts, tools.judge);
        (resolved.objective, resolved.lower, resolved.upper) =
            (resolve(&problem.objective), resolve(&problem.lower), resolve(&problem.upper));
        let (inner, answers) = within(&resolved, goal, tools)?;
        for (value, chosen) in grouped(&answers) {
            let mut all = conditions.clone();
            match inner.describe(&chosen) {
                Formula::True => {}
                f => all.push(f),
            }
            parts.push((value, Formula::and(all)));
        }
        let in_state = |states: &[Uniqueness]| -> Option<Formula> {
            let cells: Vec<usize> =
                (0..answers.len()).filter(|i| states.contains(&answers[*i].unique)).collect();
            let described = || Formula::and([conditions.clone(), vec![inner.describe(&cells)]].concat());
            (!cells.is_empty()).then(described)
        };
        ties.extend(in_state(&[Uniqueness::Tied, Uniqueness::PartlyTied]));
        tied.extend(in_state(&[Uniqueness::Tied]));
        unsettled.extend(in_state(&[Uniqueness::Unsettled]));
        evidence.extend(answers.into_iter().flat_map(|a| a.evidence));
    }
    for (value, condition) in &mut parts {
        let facts = [&problem.facts[..], std::slice::from_ref(condition)].concat();
        *value = readable(value, &facts, tools.judge);
    }
    absorb_borders(&mut parts, &problem.facts, tools.judge);
    Some(Closed { value: by_cases(merged(parts, &outer)), ties, tied, unsettled, evidence })
}

/// The canonical form of a value, where it is proved to be defined and equal under the facts.
pub fn readable(value: &Expr, facts: &[Formula], judge: &dyn Judge) -> Expr {
    let Some(form) = identity::normal(value, facts) else { return value.clone() };
    let Some(condition) = defined::condition(&form) else { return value.clone() };
    let same = Formula::and(vec![condition, Formula::eq(form.clone(), value.clone())]);
    if judge.proves(facts, &same) { form } else { value.clone() }
}

/// Gives a border between two parts the value of one of them, where that is proved to be right
/// there as well.
fn absorb_borders(parts: &mut [(Expr, Formula)], facts: &[Formula], judge: &dyn Judge) {
    for i in 0..parts.len() {
        if !mentions_equation(&parts[i].1) {
            continue;
        }
        let known = [facts, std::slice::from_ref(&parts[i].1)].concat();
        let fits = |other: &Expr| {
            let condition = defined::condition(other);
            let equal = Formula::eq(other.clone(), parts[i].0.clone());
            condition.is_some_and(|c| judge.proves(&known, &Formula::and(vec![c, equal])))
        };
        let others = (0..parts.len()).filter(|j| *j != i && !mentions_equation(&parts[*j].1));
        if let Some(j) = others.into_iter().find(|j| fits(&parts[*j].0)) {
            parts[i].0 = parts[j].0.clone();
        }
    }
}

fn mentions_equation(f: &Formula) -> bool {
    match f {
        Formula::Rel(_, r, _) => *r == Relation::Eq,
        Formula::And(ps) => ps.iter().any(mentions_equation),
        _ => false,
    }
}

/// Joins the parts of neighbouring outer cells that have the same value.
fn merged(parts: Vec<(Expr, Formula)>, outer: &Cells) -> Vec<(Expr, Formula)> {
    let mut out: Vec<(Expr, Vec<Formula>)> = vec![];
    for (value, f) in parts {
        match out.iter_mut().find(|(v, _)| *v == value) {
            Some((_, fs)) => fs.push(f),
            None => out.push((value, vec![f])),
        }
    }
    if out.len() == 1 {
        return vec![(out.remove(0).0, Formula::True)];
    }
    out.into_iter()
        .map(|(value, fs)| {
            let chosen: Option<Vec<usize>> = fs
                .iter()
                .map(|f| outer.cells.iter().position(|c| Formula::and(outer.conditions(c)) == *f))
                .collect();
            (value, chosen.map_or_else(|| Formula::or(fs), |c| outer.describe(&c)))
        })
        .collect()
}

/// For each cell of the candidates' own walls, a candidate proved there.
fn within(problem: &Problem, goal: Goal, tools: Tools) -> Option<(Cells, Vec<Answer>)> {
    let candidates = match goal {
        Goal::Maximum => of_maximum(problem, tools.algebra),
        Goal::Root => of_root(&problem.objective, problem, tools.algebra),
    };
    let breaks: Vec<Expr> = candidates.iter().flat_map(|c| c.breaks.clone()).collect();
    let cells = Cells::cut(&breaks, &problem.facts, tools)?;
    // For each cell, which candidates are proved there; the first cell without one ends the search.
    let mut proofs: Vec<Vec<Option<Vec<Evidence>>>> = vec![];
    for cell in &cells.cells {
        let mut facts = problem.facts.clone();
        facts.extend(cells.conditions(cell));
        let row: Vec<_> = candidates.iter().map(|c| proved(c, problem, &facts, goal, tools.judge)).collect();
        if row.iter().all(Option::is_none) {
            return None;
        }
        proofs.push(row);
    }
    let order = by_reach(&proofs, candidates.len());
    let mut answers = vec![];
    for (cell, row) in cells.cells.iter().zip(proofs) {
        let chosen = *order.iter().find(|c| row[**c].is_some())?;
        let conditions = cells.conditions(cell);
        let mut facts = problem.facts.clone();
        facts.extend(conditions.iter().cloned());
        let value = candidates[chosen].value.clone();
        let unique = is_unique(&value, problem, &facts, goal, tools.judge);
        let evidence = row.into_iter().nth(chosen).flatten().unwrap_or_default();
        answers.push(Answer { conditions, value, unique, evidence });
    }
    debug_assert!(answers.iter().all(|a| a.conditions.len() == cells.walls.len()));
    Some((cells, answers))
}

/// The candidates, those proved in most cells first; among equals, in the order found.
fn by_reach(proofs: &[Vec<Option<Vec<Evidence>>>], candidates: usize) -> Vec<usize> {
    let reach = |c: usize| proofs.iter().filter(|row| row[c].is_some()).count();
    let mut order: Vec<usize> = (0..candidates).collect();
    order.sort_by_key(|c| std::cmp::Reverse(reach(*c)));
    order
}

fn grouped(answers: &[Answer]) -> Vec<(Expr, Vec<usize>)> {
    let mut groups: Vec<(Expr, Vec<usize>)> = vec![];
    for (i, a) in answers.iter().enumerate() {
        match groups.iter_mut().find(|(v, _)| *v == a.value) {
            Some((_, members)) => members.push(i),
            None => groups.push((a.value.clone(), vec![i])),
        }
    }
    groups
}

fn proved(
    candidate: &Candidate,
    problem: &Problem,
    facts: &[Formula],
    goal: Goal,
    judge: &dyn Judge,
) -> Option<Vec<Evidence>> {
    let value = &candidate.value;
    let mut admissible = vec![defined::condition(value)?];
    admissible.extend(problem.feasible(value));
    let mut evidence = holds(judge, facts, &Formula::and(admissible))?;
    let there = fold(&problem.objective.substitute(&problem.variable, value));
    let statement = match goal {
        Goal::Root => Formula::eq(there, Expr::int(0)),
        Goal::Maximum => Formula::Rel(problem.objective.clone(), Relation::Le, there),
    };
    let mut known = facts.to_vec();
    if goal == Goal::Maximum {
        known.extend(problem.feasible(&Expr::Sym(problem.variable.clone())));
    }
    evidence.extend(holds(judge, &known, &statement)?);
    Some(evidence)
}

fn is_unique(
    value: &Expr,
    problem: &Problem,
    facts: &[Formula],
    goal: Goal,
    judge: &dyn Judge,
) -> Uniqueness {
    let x = Expr::Sym(problem.variable.clone());
    let mut known = facts.to_vec();
    known.extend(problem.feasible(&x));
    known.push(Formula::Rel(x, Relation::Ne, value.clone()));
    let there = fold(&problem.objective.substitute(&problem.variable, value));
    let as_good = match goal {
        Goal::Root => Formula::Rel(problem.objective.clone(), Relation::Eq, Expr::int(0)),
        Goal::Maximum => Formula::Rel(problem.objective.clone(), Relation::Ge, there),
    };
    known.push(as_good.clone());
    match judge.satisfiable(&known) {
        Some(false) => Uniqueness::Proved,
        Some(true) if is_tied_at_an_end(value, problem, facts, &as_good, judge) => Uniqueness::Tied,
        Some(true) => Uniqueness::PartlyTied,
        None => Uniqueness::Unsettled,
    }
}

/// Whether one of the ends of the range is another point as good, everywhere in the cell.
fn is_tied_at_an_end(
    value: &Expr,
    problem: &Problem,
    facts: &[Formula],
    as_good: &Formula,
    judge: &dyn Judge,
) -> bool {
    [&problem.lower, &problem.upper].into_iter().any(|end| {
        let other = Formula::Rel(end.clone(), Relation::Ne, value.clone());
        let as_good = fold_formula(&as_good.substitute(&problem.variable, end));
        judge.proves(facts, &Formula::and(vec![other, as_good]))
    })
}

fn holds(judge: &dyn Judge, facts: &[Formula], statement: &Formula) -> Option<Vec<Evidence>> {
    match judge.judge_plainly(facts, &fold_formula(statement)) {
        Judgement::Holds(evidence) => Some(evidence),
        _ => None,
    }
}

/// The differences of the two sides of every relation in a condition of the term.
fn condition_terms(e: &Expr) -> Vec<Expr> {
    let mut out: Vec<Expr> = e.children().into_iter().flat_map(condition_terms).collect();
    if let Expr::Cases(cs) = e {
        for f in cs.iter().filter_map(|c| c.condition.as_ref()) {
            out.extend(differences(&f.unchained()));
        }
    }
    out
}

fn differences(f: &Formula) -> Vec<Expr> {
    match f {
        Formula::Rel(a, _, b) => vec![fold(&(a.clone() - b.clone()))],
        Formula::Not(p) => differences(p),
        Formula::And(ps) | Formula::Or(ps) => ps.iter().flat_map(differences).collect(),
        Formula::Implies(p, q) | Formula::Iff(p, q) => [differences(p), differences(q)].concat(),
        _ => vec![],
    }
}

/// The term with each case distinction replaced by the one case that applies, where the facts
/// prove which.
pub(super) fn resolve_cases(e: &Expr, facts: &[Formula], judge: &dyn Judge) -> Expr {
    let inner = e.map(&mut |c| resolve_cases(c, facts, judge), &mut Formula::clone);
    let Expr::Cases(cs) = &inner else { return inner };
    for Case { value, condition } in cs {
        match condition {
            None => return value.clone(),
            Some(f) if judge.proves(facts, f) => return value.clone(),
            Some(f) if judge.proves(facts, &!f.clone()) => {}
            Some(_) => return inner,
        }
    }
    inner
}

/// A symbol of its own for a second point of the interval.
pub(super) fn other_point(problem: &Problem) -> Symbol {
    let mut taken = problem.objective.free();
    taken.extend(problem.facts.iter().flat_map(Formula::free));
    crate::expr::substitute::fresh(&problem.variable, &taken)
}
