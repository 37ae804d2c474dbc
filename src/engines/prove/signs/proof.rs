//! Proofs of statements from signs.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::rules::{Line, apply};
use super::search::Search;
use super::{Facts, SignSet};
use crate::expr::defined;
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula};

/// A statement is split into at most this many clauses.
const LARGEST_NORMAL_FORM: usize = 64;

/// The signs of a term wherever it is defined, and whether it is certainly defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    pub signs: SignSet,
    pub defined: bool,
}

/// A proof that a statement holds wherever the facts do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub lines: Vec<Line>,
    /// For each clause of the condition under which the goal's terms are defined, the line that
    /// settles it; `None` where the goal is claimed only where its terms are defined.
    pub defined: Option<Vec<usize>>,
    /// For each clause of the goal, the line that settles it.
    pub holds: Vec<usize>,
}

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecheckError {
    #[error("line {0} does not follow from its premises by its rule")]
    Line(usize),
    #[error("the certificate does not settle clause {0} of the goal")]
    Clause(usize),
    #[error("the certificate is of another shape than its goal")]
    Shape,
}

/// The signs that `e` can take under the facts. Cost: mostly that of expanding `e` into a
/// fraction of polynomials.
pub fn sign(e: &Expr, facts: &Facts) -> Sign {
    let mut search = Search::new(facts);
    let line = search.term(e);
    let signs = search.signs(line);
    let defined = defined::condition(e).is_some_and(|c| prove_where_defined(&c, facts).is_some());
    Sign { signs, defined }
}

/// Proves that `goal` holds, its terms being defined, wherever the facts hold. `None` means
/// nothing was found: the goal may still be true.
pub fn prove(goal: &Formula, facts: &Facts) -> Option<Certificate> {
    let condition = defined::formula_condition(goal)?;
    let mut search = Search::new(facts);
    let defined = settle(&condition, &mut search)?;
    let holds = settle(goal, &mut search)?;
    Some(Certificate { lines: search.into_lines(), defined: Some(defined), holds }.without_idle_lines())
}

/// Proves that `goal` holds wherever the facts hold and its terms are defined.
pub fn prove_where_defined(goal: &Formula, facts: &Facts) -> Option<Certificate> {
    let mut search = Search::new(facts);
    let holds = settle(goal, &mut search)?;
    Some(Certificate { lines: search.into_lines(), defined: None, holds }.without_idle_lines())
}

impl Certificate {
    /// The certificate without the lines that the search made and nothing rests on.
    fn without_idle_lines(self) -> Certificate {
        let Certificate { lines, defined, holds } = self;
        let mut needed = vec![false; lines.len()];
        defined.iter().flatten().chain(&holds).for_each(|n| needed[*n] = true);
        // Premises come before what follows from them.
        for n in (0..lines.len()).rev() {
            if needed[n] {
                lines[n].premises.iter().for_each(|p| needed[*p] = true);
            }
        }
        let place = |n: usize| needed[..n].iter().filter(|kept| **kept).count();
        let moved = |ns: Vec<usize>| ns.into_iter().map(place).collect();
        let kept = lines.into_iter().zip(&needed).filter(|(_, kept)| **kept);
        let lines =
            kept.map(|(l, _)| Line { premises: l.premises.into_iter().map(place).collect(), ..l }).collect();
        Certificate { lines, defined: defined.map(moved), holds: moved(holds) }
    }
}

/// Replays a certificate of [`prove`] or [`prove_where_defined`].
pub fn recheck(certificate: &Certificate, goal: &Formula, facts: &Facts) -> Result<(), RecheckError> {
    recheck_lines(&certificate.lines, facts)?;
    if let Some(defined) = &certificate.defined {
        let condition = defined::formula_condition(goal).ok_or(RecheckError::Shape)?;
        settled(&condition, defined, &certificate.lines)?;
    }
    settled(goal, &certificate.holds, &certificate.lines)
}

/// Replays a certificate of [`prove`]; one that leaves definedness open is not accepted.
pub fn recheck_full(certificate: &Certificate, goal: &Formula, facts: &Facts) -> Result<(), RecheckError> {
    if certificate.defined.is_none() {
        return Err(RecheckError::Shape);
    }
    recheck(certificate, goal, facts)
}

/// Replays the lines of a derivation.
pub fn recheck_lines(lines: &[Line], facts: &Facts) -> Result<(), RecheckError> {
    for (n, line) in lines.iter().enumerate() {
        if line.premises.iter().any(|p| *p >= n) {
            return Err(RecheckError::Line(n));
        }
        let about: Vec<(&Expr, SignSet)> =
            line.premises.iter().map(|p| (&lines[*p].term, lines[*p].signs)).collect();
        if apply(&line.rule, &line.term, &about, facts) != Some(line.signs) {
            return Err(RecheckError::Line(n));
        }
    }
    Ok(())
}

/// A clause holds where one of these terms has one of these signs.
type Clause = Vec<(Expr, SignSet)>;

fn settle(goal: &Formula, search: &mut Search) -> Option<Vec<usize>> {
    let mut out = vec![];
    for clause in clauses(goal)? {
        let settled = clause.iter().find_map(|(t, allowed)| {
            let n = search.term(t);
            search.signs(n).within(*allowed).then_some(n)
        });
        out.push(settled?);
    }
    Some(out)
}

fn settled(goal: &Formula, by: &[usize], lines: &[Line]) -> Result<(), RecheckError> {
    let clauses = clauses(goal).ok_or(RecheckError::Shape)?;
    if clauses.len() != by.len() {
        return Err(RecheckError::Shape);
    }
    for (n, (clause, line)) in clauses.iter().zip(by).enumerate() {
        let line = lines.get(*line).ok_or(RecheckError::Clause(n))?;
        if !clause.iter().any(|(t, allowed)| *t == line.term && line.signs.within(*allowed)) {
            return Err(RecheckError::Clause(n));
        }
    }
    Ok(())
}

/// The conjunctive normal form, with the literals of a clause about one term joined. `None` for
/// named sets and for forms that grow too large.
fn clauses(f: &Formula) -> Option<Vec<Clause>> {
    let mut out = vec![];
    for clause in normal(&f.unchained(), true)? {
        let mut joined: Clause = vec![];
        for (t, s) in clause {
            match joined.iter_mut().find(|(u, _)| *u == t) {
                Some(entry) => entry.1 = entry.1.join(s),
                None => joined.push((t, s)),
            }
        }
        // A clause that allows a defined term every sign needs no proof.
        if !joined.iter().any(|(_, s)| *s == SignSet::ANY) {
            out.push(joined);
        }
    }
    Some(out)
}

fn normal(f: &Formula, positive: bool) -> Option<Vec<Clause>> {
    match (f, positive) {
        (Formula::True, true) | (Formula::False, false) => Some(vec![]),
        (Formula::True, false) | (Formula::False, true) => Some(vec![vec![]]),
        (Formula::Rel(a, r, b), _) => {
            let r = if positive { *r } else { r.negated() };
            Some(vec![vec![(difference(a, b), SignSet::of_relation(r))]])
        }
        (Formula::Not(g), _) => normal(g, !positive),
        (Formula::And(fs), true) | (Formula::Or(fs), false) => {
            let mut out = vec![];
            for g in fs {
                out.extend(normal(g, positive)?);
            }
            (out.len() <= LARGEST_NORMAL_FORM).then_some(out)
        }
        (Formula::Or(fs), true) | (Formula::And(fs), false) => {
            let parts: Option<Vec<_>> = fs.iter().map(|g| normal(g, positive)).collect();
            distribute(parts?)
        }
        (Formula::Implies(p, q), true) => distribute(vec![normal(p, false)?, normal(q, true)?]),
        _ => None,
    }
}

fn distribute(parts: Vec<Vec<Clause>>) -> Option<Vec<Clause>> {
    let mut out: Vec<Clause> = vec![vec![]];
    for part in parts {
        out = out.iter().flat_map(|c| part.iter().map(move |d| [&c[..], &d[..]].concat())).collect();
        if out.len() > LARGEST_NORMAL_FORM {
            return None;
        }
    }
    Some(out)
}

/// `a - b`, folded.
fn difference(a: &Expr, b: &Expr) -> Expr {
    if b.is_zero() { a.clone() } else { fold(&(a.clone() - b.clone())) }
}
