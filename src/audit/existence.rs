//! Claims that something holds for some value of a symbol.
//!
//! What is assumed is assumed for all of its values. The claim is *proved* where the statement is
//! proved at a value that does not depend on the parameters; small rational numbers are tried. It is
//! *refuted* where, for some values of the parameters (and some functions of the families, in place
//! of those without a formula), the assumptions are proved for all values of the symbol and the
//! statement for none. A best response without a formula is then an unknown that is no worse for its
//! mover than the ends of the range; that there is none makes the statement no truer.

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol};
use crate::prove::{Differentiate, Evidence, Judgement};

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
    if let Some(found) = refuted(statement, some, given, setting) {
        return found;
    }
    for (choice, there) in instances::all(setting, differentiate) {
        if let Some(mut found) = refuted(statement, some, given, &there) {
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
    choices(some).into_iter().find_map(|values| {
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
    let responses = Choices::against_the_ends(setting, &fold_formula(&said.unchained()));
    let never = fold_formula(&!responses.named(&said));
    let known = [&setting.facts[..], &responses.facts].concat();
    let Judgement::Holds(evidence) = setting.tools().judge.judge_plainly(&known, &never) else { return None };
    let parameters = possible(some, setting, &responses)?;
    let evidence = evidence.into_iter().map(|e| {
        let all = [e.stands_for(), responses.names()].concat();
        e.naming(all)
    });
    let names: Vec<String> = some.iter().map(crate::tex::plain_symbol).collect();
    let place = if parameters.is_empty() { String::new() } else { format!(", where {}", shown(&parameters)) };
    Some(Finding {
        holds: Some(Holds::Never),
        evidence: evidence.collect::<Vec<Evidence>>(),
        ..Finding::bare(Verdict::Refuted, format!("it holds for no {}{place}", names.join(", ")))
    })
}

/// Values of the parameters at which what is assumed holds for all values of the symbols.
fn possible(some: &[Symbol], setting: &Setting, responses: &Choices) -> Option<Substitution> {
    let assumed: Vec<Formula> = setting.facts.iter().map(|f| responses.named(f)).collect();
    let judge = setting.tools().judge;
    let is_domain = |f: &Formula| setting.domain_of(some).contains(f);
    let (domain, rest): (Vec<Formula>, Vec<Formula>) = assumed.into_iter().partition(|f| is_domain(f));
    let quantified = [domain, responses.facts.clone()].concat();
    let bound: Vec<Symbol> = some.iter().cloned().chain(responses.names().into_iter().map(|(s, _)| s)).collect();
    let mut parameters: Vec<Symbol> = rest.iter().flat_map(Formula::free).collect();
    parameters.sort();
    parameters.dedup();
    parameters.retain(|s| !bound.contains(s));
    choices(&parameters).into_iter().find(|values| {
        let there = |f: &Formula| fold_formula(&f.substitute_all(values));
        let quantified: Vec<Formula> = quantified.iter().map(there).collect();
        rest.iter().map(there).all(|f| f == Formula::True || judge.proves(&quantified, &f))
    })
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

/// `x = 1/2, y = 2`.
fn shown(values: &Substitution) -> String {
    let one = |(s, v): (&Symbol, &Expr)| format!("{} = {}", crate::tex::plain_symbol(s), crate::tex::plain(v));
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}
