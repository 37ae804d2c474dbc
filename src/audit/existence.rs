//! Claims that something holds for some value of a symbol.
//!
//! What is assumed is assumed for all of its values. The claim is *proved* where the statement is
//! proved at a value that does not depend on the parameters; small rational numbers are tried. It is
//! *refuted* where, for some values of the parameters (and some functions of the families, in place
//! of those without a formula), the assumptions are proved for all values of the symbol and the
//! statement for none. A best response without a formula is then an unknown that is no worse for its
//! mover than the ends of the range; that there is none makes the statement no truer.

use std::collections::BTreeSet;

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Scope, Symbol};
use crate::functions::members::MOST_CHOICES;
use crate::prove::{Differentiate, Evidence, Judge, Judgement};

use super::finding::Finding;
use super::response::Choices;
use super::setting::Setting;
use super::{Holds, Verdict, instances};

/// The numbers that are tried for a symbol and for a parameter, as numerator and denominator.
const VALUES: [(i64, i64); 9] = [(1, 2), (1, 4), (3, 4), (1, 3), (2, 3), (1, 1), (2, 1), (0, 1), (3, 1)];
/// How many choices of them are tried.
const MOST: usize = 81;

/// Judges whether `statement` holds for some value of the symbols `some`; `judge` judges it as it
/// stands.
pub fn judge(
    statement: &Formula,
    some: &[Symbol],
    given: &[Symbol],
    setting: &Setting,
    differentiate: &Differentiate,
    judge: impl Fn(&Setting) -> Finding,
) -> Finding {
    if let Some(found) = witness(some, setting, differentiate, judge) {
        return found;
    }
    let open = setting.left_open(differentiate);
    if let Some(found) = refuted(statement, some, given, &open) {
        return found;
    }
    for (choice, there) in instances::all(&open, differentiate, MOST_CHOICES) {
        if let Some(mut found) = refuted(statement, some, given, &there) {
            // What holds for these functions says nothing of the others.
            found.holds = None;
            found.story.insert(0, format!("it fails for {}", instances::named(&choice)));
            return found;
        }
    }
    Finding::bare(Verdict::Undecided, "no value was found, and no proof that there is none")
}

/// A value at which the statement is proved.
fn witness(
    some: &[Symbol],
    setting: &Setting,
    differentiate: &Differentiate,
    judge: impl Fn(&Setting) -> Finding,
) -> Option<Finding> {
    choices(some).into_iter().filter(|values| are_whole(values, &setting.scope)).find_map(|values| {
        let there = setting.at(&values, differentiate);
        if there.obscure.is_some() || there.facts.contains(&Formula::False) {
            return None;
        }
        let found = judge(&there);
        (found.verdict == Verdict::Proved)
            .then(|| Finding { story: vec![format!("it holds at {}", shown(&values))], ..found })
    })
}

/// That the statement holds for no value of the symbols, where what is assumed holds for all of them
/// at some values of the parameters.
fn refuted(statement: &Formula, some: &[Symbol], given: &[Symbol], setting: &Setting) -> Option<Finding> {
    let said = setting.with_context(given, |c| c.formula(statement)).ok()?;
    let said = fold_formula(&said.unchained());
    let responses = Choices::against_the_ends(setting, setting.facts.iter().chain([&said]));
    let question = Question {
        never: fold_formula(&!responses.named(&said)),
        assumed: setting.facts.iter().map(|f| responses.named(f)).collect(),
        bound: some.iter().cloned().chain(responses.names().into_iter().map(|(s, _)| s)).collect(),
        quantified: [setting.domain_of(some), responses.facts.clone()].concat(),
        scope: &setting.scope,
        judge: setting.tools().judge,
    };
    let (parameters, evidence) = question.answer()?;
    let named = |e: Evidence| {
        let all = [e.stands_for(), responses.names()].concat();
        e.naming(all)
    };
    let solved = setting.equilibrium().into_iter().flat_map(|e| &e.responses);
    let solved = solved.flat_map(|r| r.evidence.iter().cloned());
    let names: Vec<String> = some.iter().map(crate::tex::plain_symbol).collect();
    let place = if parameters.is_empty() { String::new() } else { format!(", where {}", shown(&parameters)) };
    Some(Finding {
        holds: Some(Holds::Never),
        evidence: evidence.into_iter().map(named).chain(solved).collect(),
        ..Finding::bare(Verdict::Refuted, format!("it holds for no {}{place}", names.join(", ")))
    })
}

/// Whether a statement fails for all values of some symbols.
struct Question<'a> {
    never: Formula,
    assumed: Vec<Formula>,
    /// The symbols, and the unknowns that depend on them.
    bound: BTreeSet<Symbol>,
    /// What holds of these: their ranges, and what binds the unknowns.
    quantified: Vec<Formula>,
    scope: &'a Scope,
    judge: &'a dyn Judge,
}

impl Question<'_> {
    /// Values of parameters at which it fails for all, proved there or for all parameters.
    fn answer(&self) -> Option<(Substitution, Vec<Evidence>)> {
        let known = [&self.assumed[..], &self.quantified].concat();
        if let Judgement::Holds(evidence) = self.judge.judge_plainly(&known, &self.never) {
            return Some((self.possible(&Substitution::new())?, evidence));
        }
        let parameters: Vec<Symbol> =
            self.never.free().into_iter().filter(|s| !self.bound.contains(s)).collect();
        let tried = |values: &Substitution| !values.is_empty() && are_whole(values, self.scope);
        choices(&parameters).into_iter().filter(tried).find_map(|values| {
            let there = |f: &Formula| fold_formula(&f.substitute_all(&values));
            let known: Vec<Formula> = known.iter().map(there).collect();
            let found = self.possible(&values)?;
            match self.judge.judge_plainly(&known, &there(&self.never)) {
                Judgement::Holds(evidence) => Some((found, evidence)),
                _ => None,
            }
        })
    }

    /// Values of the parameters, some of them fixed, at which what is assumed holds for all values of
    /// the symbols: those of the parameters that are assumed to stand in some relation to the
    /// symbols. That there are values of the others is shown.
    fn possible(&self, fixed: &Substitution) -> Option<Substitution> {
        let put = |f: &Formula, values: &Substitution| fold_formula(&f.substitute_all(values));
        let assumed = self.assumed.iter().filter(|f| !self.quantified.contains(f)).map(|f| put(f, fixed));
        let (of_all, others): (Vec<Formula>, Vec<Formula>) =
            assumed.partition(|f| !f.free().is_disjoint(&self.bound));
        let parameters: BTreeSet<Symbol> = of_all.iter().flat_map(Formula::free).collect();
        let parameters: Vec<Symbol> = parameters.difference(&self.bound).cloned().collect();
        let holds = |values: &Substitution| {
            let there = |f: &Formula| put(f, values);
            let quantified: Vec<Formula> =
                self.quantified.iter().map(|f| put(f, fixed)).map(|f| there(&f)).collect();
            let others: Vec<Formula> = others.iter().map(there).collect();
            of_all.iter().map(there).all(|f| f == Formula::True || self.judge.proves(&quantified, &f))
                && self.judge.satisfiable(&others) == Some(true)
        };
        let values = choices(&parameters).into_iter().filter(|v| are_whole(v, self.scope)).find(holds)?;
        Some(values.into_iter().chain(fixed.clone()).collect())
    }
}

/// Choices of small numbers for symbols, the same number for all of them first.
fn choices(symbols: &[Symbol]) -> Vec<Substitution> {
    let numbers = || VALUES.iter().map(|(p, q)| Expr::ratio(*p, *q));
    let mut out: Vec<Substitution> = vec![Substitution::new()];
    for s in symbols {
        let longer = |c: &Substitution| {
            let c = c.clone();
            numbers().map(move |v| {
                let mut c = c.clone();
                c.insert(s.clone(), v);
                c
            })
        };
        out = out.iter().flat_map(longer).take(MOST).collect();
    }
    if symbols.len() > 1 {
        let equal = numbers().map(|v| symbols.iter().map(|s| (s.clone(), v.clone())).collect());
        out = equal.chain(out).collect();
    }
    out
}

/// Whether every integer has an integer in its place.
fn are_whole(values: &Substitution, scope: &Scope) -> bool {
    scope.integers().all(|s| values.get(s).is_none_or(|v| v.as_int().is_some()))
}

/// `x = 1/2, y = 2`.
fn shown(values: &Substitution) -> String {
    let one =
        |(s, v): (&Symbol, &Expr)| format!("{} = {}", crate::tex::plain_symbol(s), crate::tex::plain(v));
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}
