//! Functions without a formula that are applied to the wrong number of arguments.

use crate::expr::{Expr, Formula, Symbol};
use crate::functions::AnyFunction;
use crate::tex::Body;

use super::claim::Means;
use super::derivation::Premise;
use super::paper::Paper;
use super::source::Located;
use super::{Claim, Derivation, Frame};

/// An application with a wrong number of arguments, and the piece of a file that has it.
pub(super) struct Misapplied {
    pub piece: Located<()>,
    pub function: Symbol,
    /// How many there are.
    pub given: usize,
    /// The declaration as it would be written: `f(x;y)`.
    pub declared: String,
}

/// Every piece of a paper's claims and derivations that applies a function so.
pub(super) fn misapplied(paper: &Paper) -> Vec<Misapplied> {
    let claims = paper.claims.iter().flat_map(|c| in_claim(paper, c));
    claims.chain(paper.derivations.iter().flat_map(|d| in_derivation(paper, d))).collect()
}

fn in_claim(paper: &Paper, claim: &Claim) -> Vec<Misapplied> {
    let frame = &claim.frame;
    let mut found = in_assumptions(paper, frame);
    for formula in claim.prints.iter().chain(&claim.reads) {
        found.extend(in_terms(paper, frame, &formula.value.terms(), &formula.with(())));
    }
    let meant: Vec<&Expr> = match claim.means.as_ref().map(|m| &m.value) {
        Some(Means::Is(e) | Means::IsAmong(e) | Means::Unimodal { term: e, .. }) => vec![e],
        Some(Means::Statement(f)) => f.terms(),
        _ => vec![],
    };
    if let Some(means) = &claim.means {
        found.extend(in_terms(paper, frame, &meant, &means.with(())));
    }
    found
}

fn in_derivation(paper: &Paper, derivation: &Derivation) -> Vec<Misapplied> {
    let mut found = in_assumptions(paper, &derivation.frame);
    for block in &derivation.blocks {
        let frame = &block.frame;
        found.extend(in_assumptions(paper, frame));
        for premise in &block.from {
            if let Premise::Statement(f) = premise {
                found.extend(in_terms(paper, frame, &f.value.terms(), &f.with(())));
            }
        }
        for line in block.steps.iter().flat_map(|s| [Some(&s.line), s.reads.as_ref()]).flatten() {
            let terms = match &line.value.body {
                Body::Statement(f) => f.terms(),
                Body::Continues(_, first, rest) => {
                    std::iter::once(first).chain(rest.iter().map(|(_, e)| e)).collect()
                }
                Body::Term(e) => vec![e],
            };
            found.extend(in_terms(paper, frame, &terms, &line.with(())));
        }
    }
    found
}

fn in_assumptions(paper: &Paper, frame: &Frame) -> Vec<Misapplied> {
    let in_one = |f: &Located<Formula>| in_terms(paper, frame, &f.value.terms(), &f.with(()));
    frame.assuming.iter().flat_map(in_one).collect()
}

fn in_terms(paper: &Paper, frame: &Frame, terms: &[&Expr], piece: &Located<()>) -> Option<Misapplied> {
    let (f, given) = terms.iter().find_map(|e| wrong(e, paper, frame))?;
    let parameters: Vec<&str> = f.parameters.iter().map(Symbol::latex).collect();
    let declared = format!("{}({})", f.name.latex(), parameters.join(", "));
    Some(Misapplied { piece: piece.clone(), function: f.name.clone(), given, declared })
}

/// The first application in a term that has no reading.
fn wrong<'p>(e: &Expr, paper: &'p Paper, frame: &Frame) -> Option<(&'p AnyFunction, usize)> {
    if let Expr::Apply { function, args, .. } = e
        && !has_formula(function, paper, frame)
        && let Some(f) = paper.functions.iter().find(|f| f.name == *function)
        && f.completed(args).is_none()
    {
        return Some((f, args.len()));
    }
    let in_condition = |f: &Formula| f.terms().into_iter().find_map(|t| wrong(t, paper, frame));
    let conditions = match e {
        Expr::Cases(cases) => cases.iter().filter_map(|c| c.condition.as_ref()).find_map(in_condition),
        _ => None,
    };
    conditions.or_else(|| e.children().into_iter().find_map(|c| wrong(c, paper, frame)))
}

/// Whether the frame or its game defines the function.
fn has_formula(function: &Symbol, paper: &Paper, frame: &Frame) -> bool {
    let own = || frame.definitions.iter().map(|d| &d.head.value);
    let games = || paper.game(frame).into_iter().flat_map(|g| g.definitions.iter().map(|d| &d.head.value));
    own().chain(games()).any(|name| name == function)
}
