//! Whether the derivatives that a statement prints are there.
//!
//! A derivative is worked out by the rules, whose result may be defined where the term is not (`x/x`), and case by
//! case, which says nothing of where two cases meet. A statement about such a derivative is settled only where the
//! term is proved to be defined, on one side at least, and where no case ends.

use crate::claim::Context;
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Function, Relation, Symbol, defined};

use super::Verdict;
use super::finding::Finding;
use super::setting::Setting;

/// The finding, or that it is not settled for want of a derivative.
pub fn checked(
    finding: Finding,
    said: &Formula,
    hypotheses: &[Formula],
    context: &Context,
    setting: &Setting,
) -> Finding {
    if !matches!(finding.verdict, Verdict::Proved | Verdict::Conditional | Verdict::Gap | Verdict::Refuted) {
        return finding;
    }
    let mut printed = vec![];
    said.terms().into_iter().for_each(|e| collect(e, &mut printed));
    // What the rules leave undefined may be there all the same.
    let undefined = finding
        .counterexample
        .as_ref()
        .is_some_and(|c| [&c.printed, &c.actual].iter().any(|side| side.starts_with("undefined")));
    if undefined && finding.verdict == Verdict::Refuted && said.terms().into_iter().any(differentiates) {
        return Finding::bare(Verdict::Undecided, "the rules for derivatives give no value there");
    }
    let missing = printed.into_iter().find_map(|p| p.missing(&finding, hypotheses, context, setting));
    missing.map_or(finding, |why| Finding::bare(Verdict::Undecided, why))
}

/// Whether a term has a derivative in it, of a term or of a function.
fn differentiates(e: &Expr) -> bool {
    matches!(e, Expr::Derivative { .. })
        || matches!(e, Expr::Apply { primes, .. } if *primes > 0)
        || e.children().into_iter().any(differentiates)
}

/// A derivative as it is printed, and where it is evaluated if that is said.
struct Printed<'e> {
    body: &'e Expr,
    variable: &'e Symbol,
    at: Option<&'e Expr>,
}

fn collect<'e>(e: &'e Expr, found: &mut Vec<Printed<'e>>) {
    match e {
        Expr::Derivative { body, variable, .. } => found.push(Printed { body, variable, at: None }),
        Expr::At { body, variable: bound, value } => {
            if let Expr::Derivative { body, variable, .. } = &**body
                && variable == bound
            {
                found.push(Printed { body, variable, at: Some(value) });
                return;
            }
        }
        _ => {}
    }
    e.children().into_iter().for_each(|c| collect(c, found));
}

impl Printed<'_> {
    /// Why it is not known that there is this derivative; nothing where it is known, or where the term has no
    /// meaning, of which the statement's own judgement tells.
    fn missing(
        &self,
        finding: &Finding,
        hypotheses: &[Formula],
        context: &Context,
        setting: &Setting,
    ) -> Option<String> {
        let body = context.holding(self.variable).term(self.body).ok()?;
        // A variable with one value only is that value.
        let own = context.term(&Expr::Sym(self.variable.clone())).ok().filter(|e| e.as_num().is_some());
        let at = self.at.and_then(|at| context.term(at).ok()).or(own);
        let there = |f: Formula| match &at {
            Some(at) => f.substitute(self.variable, at),
            None => f,
        };
        let shown = crate::tex::plain(self.body);
        if finding.verdict != Verdict::Refuted {
            let defined = fold_formula(&there(defined::condition(&body)?));
            if defined != Formula::True && !setting.tools().judge.proves(hypotheses, &defined) {
                return Some(format!("that the derivative of {shown} is there everywhere was not proved"));
            }
        }
        let apart = borders(&body, self.variable).into_iter().map(|(a, b)| Formula::rel(a, Relation::Ne, b));
        let apart = fold_formula(&there(Formula::and(apart.collect())));
        let known = match (&finding.verdict, &finding.witness) {
            (Verdict::Refuted, Some(at)) => {
                let values = at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
                let apart = fold_formula(&apart.substitute_all(&values));
                apart == Formula::True || setting.tools().judge.proves(hypotheses, &apart)
            }
            _ => apart == Formula::True || setting.tools().judge.proves(hypotheses, &apart),
        };
        (!known).then(|| format!("whether {shown} has a derivative where its cases meet was not settled"))
    }
}

/// The pairs of terms at whose equality a case of `e` ends that depends on the variable.
fn borders(e: &Expr, variable: &Symbol) -> Vec<(Expr, Expr)> {
    let mut out: Vec<(Expr, Expr)> = vec![];
    match e {
        // Where the only case ends, so does the term.
        Expr::Cases(cases) if cases.len() > 1 => {
            let conditions = cases.iter().filter_map(|c| c.condition.as_ref());
            conditions.for_each(|f| sides(&f.unchained(), &mut out));
        }
        Expr::Fun(Function::Abs, xs) => out.extend(xs.iter().map(|x| (x.clone(), Expr::int(0)))),
        Expr::Fun(Function::Max | Function::Min, xs) => {
            let pairs = xs.iter().enumerate().flat_map(|(i, x)| xs[i + 1..].iter().map(move |y| (x, y)));
            out.extend(pairs.map(|(x, y)| (x.clone(), y.clone())));
        }
        _ => {}
    }
    out.retain(|(a, b)| a.mentions(variable) || b.mentions(variable));
    out.extend(e.children().into_iter().flat_map(|c| borders(c, variable)));
    out
}

fn sides(f: &Formula, out: &mut Vec<(Expr, Expr)>) {
    match f {
        Formula::Rel(a, _, b) => out.push((a.clone(), b.clone())),
        Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|p| sides(p, out)),
        Formula::Not(p) => sides(p, out),
        Formula::Implies(p, q) | Formula::Iff(p, q) => [p, q].into_iter().for_each(|p| sides(p, out)),
        _ => {}
    }
}
