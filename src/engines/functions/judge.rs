//! The engines for questions about functions without a formula.

use std::collections::BTreeSet;

use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Symbol, defined};
use crate::prove::{Judge, Judgement};

use super::declared::{AnyFunction, Property};
use super::facts::Symbols;
use super::members::{self, Choice};

/// With more applications than this, a question is not asked.
const MOST_APPLICATIONS: usize = 10;

/// A [`Judge`] that understands applications of the declared functions, by asking one that does not.
pub struct WithFunctions<'a> {
    inner: &'a dyn Judge,
    functions: &'a [AnyFunction],
}

/// A question for the engines.
struct Question<'a> {
    symbols: Symbols<'a>,
    hypotheses: Vec<Formula>,
    statement: Formula,
}

impl<'a> WithFunctions<'a> {
    /// `inner` with applications of `functions`.
    pub fn new(inner: &'a dyn Judge, functions: &'a [AnyFunction]) -> WithFunctions<'a> {
        WithFunctions { inner, functions }
    }

    /// The question with symbols for its applications; `Err` says why it cannot be asked.
    fn question(&self, hypotheses: &[Formula], statement: &Formula) -> Result<Question<'a>, String> {
        if !hypotheses.iter().chain([statement]).all(is_open) {
            return Err("a function without a formula is applied inside a sum or a set".into());
        }
        let mut symbols = Symbols::new(self.functions);
        let mut known: Vec<Formula> = vec![];
        for h in hypotheses {
            let h = h.unchained();
            let said = symbols.formula(&h);
            // A relation that holds has defined sides.
            known.extend(forced(&h).iter().map(|a| symbols.inside_of(a)).filter(|c| *c != Formula::True));
            known.push(said);
        }
        let granted = hypotheses.iter().flat_map(|h| forced(&h.unchained())).collect();
        let statement = self.statement(&mut symbols, &statement.unchained(), granted)?;
        known.extend(symbols.known());
        if symbols.all.len() > MOST_APPLICATIONS {
            return Err(format!("functions are applied at more than {MOST_APPLICATIONS} points"));
        }
        // A fact about an undefined argument would exclude the point instead of saying nothing.
        let plain: Vec<Formula> = known.clone();
        for argument in symbols.all.iter().flat_map(|a| &a.args) {
            let condition = defined::condition(argument).map(|c| fold_formula(&c));
            if !condition.is_some_and(|c| c == Formula::True || self.inner.proves(&plain, &c)) {
                return Err("an argument of a function may be undefined".into());
            }
        }
        let facts = symbols.facts(&known, self.inner);
        known.extend(facts);
        Ok(Question { symbols, hypotheses: known, statement })
    }

    /// The statement with what it loses with its applications: that they are defined. What is
    /// `granted` is defined by what the hypotheses say.
    fn statement(
        &self,
        symbols: &mut Symbols<'a>,
        statement: &Formula,
        mut granted: BTreeSet<Expr>,
    ) -> Result<Formula, String> {
        if let Formula::Implies(p, q) = statement {
            let said = symbols.formula(p);
            let forced = forced(p);
            let mut premise: Vec<Formula> = forced.iter().map(|a| symbols.inside_of(a)).collect();
            premise.push(said);
            granted.extend(forced);
            let conclusion = self.statement(symbols, q, granted)?;
            return Ok(Formula::implies(fold_formula(&Formula::and(premise)), conclusion));
        }
        let said = symbols.formula(statement);
        let mut parts = vec![];
        let mut applied = BTreeSet::new();
        statement.terms().into_iter().for_each(|e| applications(e, &mut applied));
        for a in applied.iter().filter(|a| !granted.contains(*a)) {
            let Expr::Apply { function, primes, .. } = a else { continue };
            let declared = self.functions.iter().find(|f| f.name == *function);
            let exists = match (declared, primes) {
                (Some(_), 0) => true,
                (Some(f), 1) => f.is(Property::Differentiable),
                _ => false,
            };
            if !exists {
                return Err(format!("nothing says that {} exists", crate::tex::plain(a)));
            }
            parts.push(symbols.inside_of(a));
        }
        parts.push(said);
        Ok(fold_formula(&Formula::and(parts)))
    }

    fn is_plain(hypotheses: &[Formula], statement: &Formula) -> bool {
        !hypotheses.iter().chain([statement]).any(Formula::has_applications)
    }

    /// Members for all functions that are applied in the question, out of the first `most` choices;
    /// none where one is not declared.
    fn choices(&self, formulas: &[Formula], most: usize) -> Vec<Choice> {
        let mut applied = BTreeSet::new();
        formulas.iter().flat_map(Formula::terms).for_each(|e| applications(e, &mut applied));
        let mut names: BTreeSet<Symbol> = BTreeSet::new();
        let mut known: Vec<Symbol> = applied.iter().filter_map(function_of).cloned().collect();
        while let Some(name) = known.pop() {
            let Some(f) = self.functions.iter().find(|f| f.name == name) else { return vec![] };
            if names.insert(name) {
                let mut more = BTreeSet::new();
                f.known.iter().flat_map(Formula::terms).for_each(|e| applications(e, &mut more));
                known.extend(more.iter().filter_map(function_of).cloned());
            }
        }
        let functions: Vec<&AnyFunction> =
            self.functions.iter().filter(|f| names.contains(&f.name)).collect();
        members::choices(&functions, self.inner, most)
    }

    /// That every application of the formulas is inside its domain.
    fn domains(&self, formulas: &[Formula]) -> Vec<Formula> {
        let mut applied = BTreeSet::new();
        formulas.iter().flat_map(Formula::terms).for_each(|e| applications(e, &mut applied));
        let of = |a: &Expr| {
            let Expr::Apply { function, args, .. } = a else { return vec![] };
            let f = self.functions.iter().find(|f| f.name == *function);
            f.map_or(vec![], |f| f.domain.iter().map(|d| f.at(&d.unchained(), args)).collect())
        };
        applied.iter().flat_map(of).collect()
    }

    /// Whether functions of the families, and a point, are seen to meet the conditions; the functions
    /// of `about` are among them.
    fn is_met(&self, conditions: &[Formula], about: &Formula) -> bool {
        let all = [conditions, &self.domains(conditions)].concat();
        let question = [conditions, std::slice::from_ref(about)].concat();
        self.choices(&question, members::MOST_TO_MEET).iter().any(|choice| {
            let put = |c: &Formula| members::chosen_formula(&c.unchained(), choice).map(|c| fold_formula(&c));
            let there: Option<Vec<Formula>> = all.iter().map(put).collect();
            there.is_some_and(|there| {
                !there.contains(&Formula::False) && self.inner.satisfiable(&there) == Some(true)
            })
        })
    }

    /// A counterexample with functions of the families.
    fn refutation(&self, hypotheses: &[Formula], statement: &Formula) -> Option<Judgement> {
        let whole = [hypotheses, std::slice::from_ref(statement)].concat();
        let domains = self.domains(&whole);
        let known = [hypotheses, &domains].concat();
        self.choices(&whole, members::MOST_CHOICES).iter().find_map(|choice| {
            let put = |f: &Formula| members::chosen_formula(&f.unchained(), choice).map(|f| fold_formula(&f));
            let there: Vec<Formula> = known.iter().map(put).collect::<Option<_>>()?;
            let judgement = match put(statement)? {
                // What is false by its numbers fails at any point that meets the rest.
                Formula::False => self.inner.judge(&[], &!Formula::and(there)),
                said => self.inner.judge(&there, &said),
            };
            match judgement {
                Judgement::Fails { witness, open, evidence, .. } => {
                    let names = members::names(choice);
                    let evidence = evidence.into_iter().map(|e| e.naming(names.clone())).collect();
                    // Where other functions hold is not known.
                    Some(Judgement::Fails { witness, open, holds_at: None, never: false, evidence })
                }
                _ => None,
            }
        })
    }

    fn proof(&self, hypotheses: &[Formula], statement: &Formula) -> Result<Judgement, String> {
        let question = self.question(hypotheses, statement)?;
        let names = question.symbols.names();
        let named =
            |evidence: Vec<_>| evidence.into_iter().map(|e: crate::prove::Evidence| e.naming(names.clone()));
        match self.inner.judge_plainly(&question.hypotheses, &question.statement) {
            Judgement::Holds(evidence) if self.is_met(hypotheses, statement) => {
                Ok(Judgement::Holds(named(evidence).collect()))
            }
            Judgement::Holds(_) => {
                let families = members::FAMILIES;
                Err(format!("it follows, but no function was found that meets the assumptions ({families})"))
            }
            Judgement::Vacuous(evidence) => Ok(Judgement::Vacuous(named(evidence).collect())),
            _ if self
                .choices(&[hypotheses, std::slice::from_ref(statement)].concat(), members::MOST_CHOICES)
                .is_empty() =>
            {
                let families = members::FAMILIES;
                Err(format!("no proof for all functions, and none of {families} is as declared"))
            }
            _ => {
                let (most, families) = (members::MOST_CHOICES, members::FAMILIES);
                Err(format!("no proof for all functions; at most {most} choices of {families} were tried"))
            }
        }
    }
}

impl Judge for WithFunctions<'_> {
    fn judge(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if Self::is_plain(hypotheses, statement) {
            return self.inner.judge(hypotheses, statement);
        }
        self.proof(hypotheses, statement).unwrap_or_else(|why| {
            self.refutation(hypotheses, statement).unwrap_or_else(|| Judgement::Unknown(vec![why]))
        })
    }

    fn judge_plainly(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if Self::is_plain(hypotheses, statement) {
            return self.inner.judge_plainly(hypotheses, statement);
        }
        self.proof(hypotheses, statement).unwrap_or_else(|why| Judgement::Unknown(vec![why]))
    }

    fn satisfiable(&self, conditions: &[Formula]) -> Option<bool> {
        if Self::is_plain(conditions, &Formula::True) {
            return self.inner.satisfiable(conditions);
        }
        if self.is_met(conditions, &Formula::True) {
            return Some(true);
        }
        let question = self.question(conditions, &Formula::True).ok()?;
        self.inner.satisfiable(&question.hypotheses).filter(|met| !met)
    }
}

impl Symbols<'_> {
    /// That an application lies in its domain, applications among its arguments as symbols.
    fn inside_of(&mut self, whole: &Expr) -> Formula {
        let symbol = self.term(whole);
        let found = self.all.iter().find(|a| Expr::Sym(a.symbol.clone()) == symbol);
        found.cloned().map_or(Formula::True, |a| self.inside(&a))
    }
}

fn function_of(e: &Expr) -> Option<&Symbol> {
    match e {
        Expr::Apply { function, .. } => Some(function),
        _ => None,
    }
}

/// All applications in a term, those among arguments included.
fn applications(e: &Expr, out: &mut BTreeSet<Expr>) {
    if matches!(e, Expr::Apply { .. }) {
        out.insert(e.clone());
    }
    if let Expr::Cases(cs) = e {
        let conditions = cs.iter().filter_map(|c| c.condition.as_ref());
        conditions.flat_map(Formula::terms).for_each(|t| applications(t, out));
    }
    e.children().into_iter().for_each(|c| applications(c, out));
}

/// The applications that are defined wherever a statement holds: those in its relations that
/// always have to hold, outside case distinctions.
fn forced(f: &Formula) -> BTreeSet<Expr> {
    let mut out = BTreeSet::new();
    match f {
        Formula::And(ps) => ps.iter().for_each(|p| out.extend(forced(p))),
        Formula::Rel(a, _, b) => {
            for e in [a, b].into_iter().filter(|e| !has_cases(e)) {
                applications(e, &mut out);
            }
        }
        _ => {}
    }
    out
}

fn has_cases(e: &Expr) -> bool {
    matches!(e, Expr::Cases(_)) || e.children().into_iter().any(has_cases)
}

/// Whether no application stands under something that binds.
fn is_open(f: &Formula) -> bool {
    match f {
        Formula::In(a, s) => !a.has_applications() && !s.terms().into_iter().any(Expr::has_applications),
        Formula::Not(p) => is_open(p),
        Formula::And(ps) | Formula::Or(ps) => ps.iter().all(is_open),
        Formula::Implies(p, q) | Formula::Iff(p, q) => is_open(p) && is_open(q),
        _ => f.terms().into_iter().all(is_free_of_sums),
    }
}

fn is_free_of_sums(e: &Expr) -> bool {
    !e.has_applications()
        || (e.is_elementary()
            && !matches!(e, Expr::Over { .. })
            && e.children().into_iter().all(is_free_of_sums))
}
