//! Equality of two terms wherever both are defined, by cases.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::canon::{Canon, Stop};
use super::exception::{conditions, exception, solved};
use super::oracle::Oracle;
use super::poly::Poly;
use super::print::printed;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::signs::{self, Facts, Line, SignSet, prove, prove_where_defined};

/// How many borders may be looked at one inside the other.
const DEEPEST_CASE: usize = 8;

/// What is known of an equation.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Both sides are defined and equal wherever the facts hold.
    Proved(Certificate),
    /// Both sides are defined and equal wherever the facts hold, except on these sets, on which
    /// one side at least is undefined. A set may be empty where the facts hold.
    ProvedExcept { exceptions: Vec<Formula>, certificate: Certificate },
    /// Nothing is known; the sides as far as they could be brought to a canonical form.
    NotProved { normal_left: Expr, normal_right: Expr, reason: String },
}

/// A proof that two terms are equal wherever both are defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// One for each conjunct of the condition under which both sides are defined.
    pub conditions: Vec<Condition>,
    pub case: Case,
}

/// What became of a condition of definedness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    Proved(signs::Certificate),
    /// Not proved: the equation is claimed except where this holds.
    Excepted(Formula),
}

/// A proof under facts, definedness being among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Case {
    /// The canonical forms, under the signs that the lines give to bases, are equal.
    Canonical { lines: Vec<Line> },
    /// The term is not negative; the cases where it is positive and where it vanishes.
    Split { term: Expr, certificate: signs::Certificate, positive: Box<Case>, zero: Box<Case> },
    /// A fact says that `symbol = value`, which is put in everywhere.
    Substituted { symbol: Symbol, value: Expr, case: Box<Case> },
    /// The negation of the fact with this number follows from the others.
    Vacuous { fact: usize, certificate: signs::Certificate },
    /// Two facts contradict each other outright.
    Contradictory,
}

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecheckError {
    #[error("a sign is not supported: {0}")]
    Sign(#[from] signs::RecheckError),
    #[error("the canonical forms differ")]
    Differ,
    #[error("the certificate is of another shape than its equation")]
    Shape,
}

/// Decides whether `a = b` wherever `facts` hold, as far as canonical forms go. Cost: that of
/// expanding both sides, for each border of a domain at which a base vanishes.
pub fn equal(a: &Expr, b: &Expr, facts: &[Formula]) -> Identity {
    let Some(all) = conditions(&[a, b]) else {
        return unproved(a, b, "a term is not elementary".to_owned());
    };
    let mut known = Facts::new(facts);
    let mut settled = vec![];
    let mut exceptions = vec![];
    for c in &all {
        settled.push(match prove_where_defined(c, &known) {
            Some(certificate) => Condition::Proved(certificate),
            None => {
                let set = exception(c, &known);
                if !exceptions.contains(&set) {
                    exceptions.push(set.clone());
                }
                Condition::Excepted(set)
            }
        });
        known = known.and(std::slice::from_ref(c));
    }
    match prove_case(&Question::Equal(a.clone(), b.clone()), &known, 0) {
        Err(reason) => unproved_under(a, b, &known, reason),
        Ok(case) => {
            let certificate = Certificate { conditions: settled, case };
            if exceptions.is_empty() {
                Identity::Proved(certificate)
            } else {
                Identity::ProvedExcept { exceptions, certificate }
            }
        }
    }
}

fn unproved(a: &Expr, b: &Expr, reason: String) -> Identity {
    Identity::NotProved { normal_left: fold(a), normal_right: fold(b), reason }
}
fn unproved_under(a: &Expr, b: &Expr, facts: &Facts, reason: String) -> Identity {
    let normal_left = interior_normal(a, facts).unwrap_or_else(|| fold(a));
    let normal_right = interior_normal(b, facts).unwrap_or_else(|| fold(b));
    Identity::NotProved { normal_left, normal_right, reason }
}

/// The canonical form printed as a term, with every base that may vanish taken as positive. It
/// need not agree with `e` on a border.
pub(super) fn interior_normal(e: &Expr, facts: &Facts) -> Option<Expr> {
    let mut known = facts.clone();
    for _ in 0..DEEPEST_CASE {
        let mut oracle = Oracle::searching(&known);
        let mut canon = Canon::new(&known, &mut oracle);
        match canon.forms(&[e]) {
            Ok(forms) => return Some(printed(&forms[0], &mut canon)),
            Err(Stop::Border(p)) => {
                known = known.and(&[Formula::Rel(p.to_expr(), Relation::Gt, Expr::int(0))])
            }
            Err(_) => return None,
        }
    }
    None
}

/// What is to be proved in a case.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// The two terms are equal.
    Equal(Expr, Expr),
    /// The first pair being equal, so is the second.
    Follows((Expr, Expr), (Expr, Expr)),
}

impl Question {
    fn put(&self, symbol: &Symbol, value: &Expr) -> Question {
        let put = |e: &Expr| fold(&e.substitute(symbol, value));
        match self {
            Question::Equal(a, b) => Question::Equal(put(a), put(b)),
            Question::Follows(p, c) => Question::Follows((put(&p.0), put(&p.1)), (put(&c.0), put(&c.1))),
        }
    }
    /// Whether canonical forms settle it.
    fn is_settled(&self, known: &Facts, oracle: &mut Oracle) -> Result<bool, Stop> {
        let mut canon = Canon::new(known, oracle);
        match self {
            // A term equals itself wherever it is defined.
            Question::Equal(a, b) if a == b => Ok(true),
            Question::Equal(a, b) => {
                let forms = canon.forms(&[a, b])?;
                Ok(canon.difference(&forms[0], &forms[1]).is_zero())
            }
            Question::Follows(p, c) => is_multiple(&mut canon, [&p.0, &p.1, &c.0, &c.1]),
        }
    }
}

/// Whether the numerator of `c - d` is a multiple of that of `a - b`, the latter's factors that
/// are never zero and repetitions left out.
fn is_multiple(canon: &mut Canon, [a, b, c, d]: [&Expr; 4]) -> Result<bool, Stop> {
    let forms = canon.forms(&[a, b, c, d])?;
    let premise = canon.difference(&forms[0], &forms[1]).numerator;
    let conclusion = canon.difference(&forms[2], &forms[3]).numerator;
    if conclusion.is_zero() {
        return Ok(true);
    }
    let Some((_, parts)) = canon.factored(&premise) else { return Ok(false) };
    let mut essential = Poly::constant(1);
    for f in parts.into_keys() {
        if SignSet::ZERO.within(canon.signs(&f.to_expr())) {
            essential = essential.times(&f);
        }
    }
    // A premise that cannot hold implies anything, but that is for another rule to say.
    Ok(essential.as_constant().is_none() && conclusion.exactly_over(&essential).is_some())
}

/// Proves the question where the facts (which include that its terms are defined) hold.
pub(super) fn prove_case(question: &Question, known: &Facts, depth: usize) -> Result<Case, String> {
    let facts = known.formulas();
    if known.contradictory() {
        return Ok(Case::Contradictory);
    }
    if let Some((symbol, value)) = facts.iter().find_map(solved) {
        let inner = Facts::new(&put_in(facts, &symbol, &value));
        let case = prove_case(&question.put(&symbol, &value), &inner, depth)
            .map_err(|reason| format!("{reason}, where `{symbol}` takes a value that the facts fix"))?;
        return Ok(Case::Substituted { symbol, value, case: Box::new(case) });
    }
    let mut oracle = Oracle::searching(known);
    match question.is_settled(known, &mut oracle) {
        Ok(true) => Ok(Case::Canonical { lines: oracle.into_lines() }),
        Err(Stop::Border(p)) if depth < DEEPEST_CASE => split_case(question, &p.to_expr(), known, depth),
        other => vacuous(facts, depth).ok_or_else(|| match other {
            Ok(_) => "the canonical forms differ".to_owned(),
            Err(Stop::Unsupported(why)) => why,
            Err(_) => "too many borders lie inside one another".to_owned(),
        }),
    }
}

/// The cases where a term vanishes and where it is positive.
fn split_case(question: &Question, term: &Expr, known: &Facts, depth: usize) -> Result<Case, String> {
    // The proof includes that the term is defined: the two cases leave nothing out.
    let goal = Formula::Rel(term.clone(), Relation::Ge, Expr::int(0));
    let Some(certificate) = prove(&goal, known) else {
        return vacuous(known.formulas(), depth)
            .ok_or_else(|| "the base of a power may be negative".to_owned());
    };
    let side = |r| known.and(&[Formula::Rel(term.clone(), r, Expr::int(0))]);
    let zero = Box::new(prove_case(question, &side(Relation::Eq), depth + 1)?);
    let positive = Box::new(prove_case(question, &side(Relation::Gt), depth + 1)?);
    Ok(Case::Split { term: term.clone(), certificate, positive, zero })
}

/// The facts with `value` for `symbol`, those that became true left out.
pub(super) fn put_in(facts: &[Formula], symbol: &Symbol, value: &Expr) -> Vec<Formula> {
    let put = |f: &Formula| fold_formula(&f.unchained().substitute(symbol, value));
    facts.iter().map(put).filter(|f| *f != Formula::True).map(refutable).collect()
}
/// `False` as a relation, which the facts can read.
fn refutable(f: Formula) -> Formula {
    if f == Formula::False { Formula::Rel(Expr::int(0), Relation::Gt, Expr::int(0)) } else { f }
}

/// A fact that the others contradict, looked for on borders only: whether the facts as given can
/// hold together is not this engine's business.
fn vacuous(facts: &[Formula], depth: usize) -> Option<Case> {
    if depth == 0 {
        return None;
    }
    facts.iter().enumerate().find_map(|(fact, f)| {
        if !is_plain(f) {
            return None;
        }
        let others = without(facts, fact);
        // The fact holds only where its terms are defined, so its negation may suppose that.
        let certificate = prove_where_defined(&!f.clone(), &Facts::new(&others))?;
        Some(Case::Vacuous { fact, certificate })
    })
}
/// Whether a statement is built from relations by conjunction and disjunction only, and so holds
/// only by relations between defined terms.
fn is_plain(f: &Formula) -> bool {
    match f.unchained() {
        Formula::Rel(..) => true,
        Formula::And(fs) | Formula::Or(fs) => fs.iter().all(is_plain),
        _ => false,
    }
}
fn without(facts: &[Formula], n: usize) -> Vec<Formula> {
    facts.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, f)| f.clone()).collect()
}

/// Replays a certificate; gives the sets on which the equation is not claimed.
pub fn recheck(
    certificate: &Certificate,
    a: &Expr,
    b: &Expr,
    facts: &[Formula],
) -> Result<Vec<Formula>, RecheckError> {
    let all = conditions(&[a, b]).ok_or(RecheckError::Shape)?;
    if all.len() != certificate.conditions.len() {
        return Err(RecheckError::Shape);
    }
    let (mut known, mut exceptions) = (Facts::new(facts), vec![]);
    for (c, settled) in all.iter().zip(&certificate.conditions) {
        match settled {
            Condition::Proved(certificate) => signs::recheck(certificate, c, &known)?,
            Condition::Excepted(set) if *set == exception(c, &known) => {
                if !exceptions.contains(set) {
                    exceptions.push(set.clone());
                }
            }
            Condition::Excepted(_) => return Err(RecheckError::Shape),
        }
        known = known.and(std::slice::from_ref(c));
    }
    recheck_case(&certificate.case, &Question::Equal(a.clone(), b.clone()), &known)?;
    Ok(exceptions)
}

pub(super) fn recheck_case(case: &Case, question: &Question, known: &Facts) -> Result<(), RecheckError> {
    let facts = known.formulas();
    match case {
        Case::Contradictory if known.contradictory() => Ok(()),
        Case::Contradictory => Err(RecheckError::Shape),
        Case::Canonical { lines } => {
            let mut oracle = Oracle::recorded(lines, known)?;
            match question.is_settled(known, &mut oracle) {
                Ok(true) => Ok(()),
                _ => Err(RecheckError::Differ),
            }
        }
        Case::Split { term, certificate, positive, zero } => {
            let goal = Formula::Rel(term.clone(), Relation::Ge, Expr::int(0));
            signs::recheck_full(certificate, &goal, known)?;
            let side = |r| known.and(&[Formula::Rel(term.clone(), r, Expr::int(0))]);
            recheck_case(zero, question, &side(Relation::Eq))?;
            recheck_case(positive, question, &side(Relation::Gt))
        }
        Case::Substituted { symbol, value, case } => {
            if facts.iter().find_map(solved) != Some((symbol.clone(), value.clone())) {
                return Err(RecheckError::Shape);
            }
            recheck_case(case, &question.put(symbol, value), &Facts::new(&put_in(facts, symbol, value)))
        }
        Case::Vacuous { fact, certificate } => {
            let f = facts.get(*fact).filter(|f| is_plain(f)).ok_or(RecheckError::Shape)?;
            let others = Facts::new(&without(facts, *fact));
            Ok(signs::recheck(certificate, &!f.clone(), &others)?)
        }
    }
}
