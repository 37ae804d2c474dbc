//! Sets that are said to be the Pareto set of a game: the agreements that no other one dominates.
//!
//! An agreement is dominated by another if nobody gets less from that and somebody more. Only
//! agreements are compared, not their absence. A printed set is the Pareto set if
//!
//! * no member of it is dominated, by any agreement: a statement about two agreements;
//! * whatever is outside is dominated. It suffices that one of finitely many agreements does it, and
//!   those tried are the players' best ones: of strictly unimodal payoffs on an interval, what lies
//!   on one side of all peaks is dominated by the nearest of them. Where none of them does, the point
//!   found counts only if it is proved of it that no agreement dominates it.
//!
//! Source: Mas-Colell, Whinston and Green, *Microeconomic Theory*, § 16.E and 22.B.

use crate::claim::{ElaborateError, Reading};
use crate::expr::fold::fold_formula;
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Expr, Extremum, Formula, Function, Relation, Set, Symbol};
use crate::prove::evaluate::Point;
use crate::prove::{Evidence, Judgement};

use super::Verdict;
use super::claims::Judged;
use super::finding::{Finding, shown_formula, sides};
use super::setting::Setting;

/// Judges `NAME \in S` as the statement that `S` is the Pareto set. For games of single players
/// that bargain over one share with closed payoffs; others are an error.
pub fn judge(prints: &Formula, given: &[Symbol], setting: &Setting) -> Result<Judged, ElaborateError> {
    let Formula::In(name, set) = prints else {
        return Err(no("a set: `NAME \\in …`"));
    };
    let frontier = Frontier::new(given, setting)?;
    let share = Expr::Sym(frontier.share.clone());
    let set = setting.with_context(given, |c| c.set(set))?;
    let inside = set.contains(&share).ok_or_else(|| no("a set whose members are told from others"))?;
    let mut finding = frontier.finding(&inside);
    if finding.verdict != Verdict::Undecided {
        finding.evidence.splice(0..0, frontier.same.clone());
    }
    let between = frontier.between_peaks();
    let known = between.filter(|_| finding.verdict.is_finding());
    let correction = known.filter(|f| frontier.finding(f).verdict == Verdict::Proved).map(|between| {
        let such = Set::Such(frontier.share.clone(), Box::new(between));
        shown_formula(&Formula::In(name.clone(), such))
    });
    finding.correction.clone_from(&correction);
    Ok(Judged { finding, derived: None, correction, quantities: vec![] })
}

fn no(what: &str) -> ElaborateError {
    ElaborateError::Undefined { name: what.to_owned() }
}

/// The payoffs over the share, and what is known of the other symbols.
struct Frontier<'a> {
    share: Symbol,
    payoffs: Vec<Expr>,
    /// Where each payoff is largest, as far as that is known in closed form.
    peaks: Vec<Expr>,
    /// Bounds of the share are among them.
    facts: Vec<Formula>,
    /// That the payoffs are those of the game.
    same: Vec<Evidence>,
    setting: &'a Setting<'a>,
}

impl<'a> Frontier<'a> {
    fn new(given: &[Symbol], setting: &'a Setting<'a>) -> Result<Frontier<'a>, ElaborateError> {
        let game = setting.game.as_ref().ok_or_else(|| no("the game"))?;
        let [share] = game.shares.as_slice() else { return Err(no("the one share")) };
        if game.has_families() {
            return Err(no("the Pareto set of a game with families of players"));
        }
        let function = |f: &Symbol| Expr::Apply { function: f.clone(), primes: 0, args: vec![] };
        let payoffs: Vec<Expr> = setting.with_context(given, |c| {
            game.payoffs.iter().map(|p| c.term(&function(&p.function))).collect::<Result<_, _>>()
        })?;
        let (payoffs, same): (Vec<Expr>, Vec<Vec<Evidence>>) =
            payoffs.into_iter().map(|u| short(u, setting)).unzip();
        let over = setting.range(&share.symbol).ok_or_else(|| no("the range of the share"))?;
        let peak = |body: &Expr| {
            let (which, variable) = (Extremum::ArgMax, share.symbol.clone());
            let reading = Reading { which, variable, over: over.clone(), body: body.clone() };
            setting.closed(&reading).map(|closed| closed.value)
        };
        let peaks = payoffs.iter().filter_map(peak).collect();
        let facts = setting.facts.iter().cloned().chain(over.contains(&Expr::Sym(share.symbol.clone())));
        let (share, facts) = (share.symbol.clone(), facts.collect());
        Ok(Frontier { share, payoffs, peaks, facts, same: same.concat(), setting })
    }

    /// Whether what satisfies `inside` is what no agreement dominates.
    fn finding(&self, inside: &Formula) -> Finding {
        let other = self.other(inside);
        let within = self.about(&other, &self.facts);
        let kept = Formula::implies(inside.clone(), negated(&self.dominates(&Expr::Sym(other))));
        let first = self.setting.judge(&[&self.facts[..], &within].concat(), &kept);
        let Judgement::Holds(mut evidence) = first else {
            return told(first, &kept, "a member of the printed set is dominated");
        };
        let beaten = Formula::or(self.peaks.iter().map(|at| self.dominates(at)).collect());
        let outside = Formula::implies(negated(inside), beaten);
        let open = || Finding::bare(Verdict::Undecided, "whether everything outside is dominated");
        match self.setting.judge(&self.facts, &outside) {
            Judgement::Holds(more) => {
                evidence.extend(more);
                let story = "no member is dominated, and whatever is outside is";
                let finding = Finding { evidence, ..Finding::bare(Verdict::Proved, story) };
                Finding { holds: Some(super::Holds::Always), ..finding }
            }
            Judgement::Fails { witness, .. } => self.missed(inside, &witness).unwrap_or_else(open),
            Judgement::Except { exceptions, witness: Some(witness), evidence: more } => {
                // Elsewhere it is proved; at the witness an agreement is missing.
                let Some(missed) = self.missed(inside, &witness) else { return open() };
                evidence.extend(more);
                evidence.extend(missed.evidence);
                let exceptions = exceptions.iter().map(shown_formula).collect();
                let (verdict, holds) = (Verdict::Conditional, Some(super::Holds::Sometimes));
                Finding { verdict, holds, evidence, exceptions, ..missed }
            }
            _ => open(),
        }
    }

    /// The refutation by an agreement outside of the printed set that no agreement dominates.
    fn missed(&self, inside: &Formula, at: &Point) -> Option<Finding> {
        let with: Substitution = at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let there = |f: &Formula| fold_formula(&f.substitute_all(&with));
        let other = self.other(inside);
        let within: Vec<Formula> = self.about(&other, &self.facts).iter().map(there).collect();
        let optimal = there(&negated(&self.dominates(&Expr::Sym(other))));
        let plainly = self.setting.tools().judge;
        let Judgement::Holds(mut evidence) = plainly.judge_plainly(&within, &optimal) else { return None };
        // The point itself, as a statement that fails there.
        let fixed = at.iter().map(|(s, v)| Formula::eq(Expr::Sym(s.clone()), Expr::Num(v.clone())));
        let hypotheses: Vec<Formula> = self.facts.iter().cloned().chain(fixed).collect();
        let failing = self.setting.judge(&hypotheses, inside);
        if !matches!(failing, Judgement::Fails { .. }) {
            return None;
        }
        let mut finding = told(failing, inside, "an agreement outside of the printed set is not dominated");
        finding.holds = None;
        evidence.append(&mut finding.evidence);
        Some(Finding { evidence, ..finding })
    }

    /// That what everybody gets at `at` is no less than at the share, and somebody gets more.
    fn dominates(&self, at: &Expr) -> Formula {
        let than = |r: Relation| {
            let pair = move |u: &Expr| Formula::rel(u.substitute(&self.share, at), r, u.clone());
            self.payoffs.iter().map(pair).collect::<Vec<_>>()
        };
        Formula::and(vec![Formula::and(than(Relation::Ge)), Formula::or(than(Relation::Gt))])
    }

    /// The share lies between the smallest and the largest peak.
    fn between_peaks(&self) -> Option<Formula> {
        if self.peaks.len() < self.payoffs.len() {
            return None;
        }
        let share = Expr::Sym(self.share.clone());
        let end = |f: Function| Expr::Fun(f, self.peaks.clone());
        Some(Formula::and(vec![
            Formula::rel(end(Function::Min), Relation::Le, share.clone()),
            Formula::rel(share, Relation::Le, end(Function::Max)),
        ]))
    }

    /// A name for another agreement.
    fn other(&self, inside: &Formula) -> Symbol {
        let mut taken = inside.free();
        taken.extend(self.facts.iter().flat_map(Formula::free));
        taken.extend(self.payoffs.iter().flat_map(|u| u.free()));
        fresh(&self.share, &taken)
    }

    /// What is known of the share, of another agreement.
    fn about(&self, other: &Symbol, facts: &[Formula]) -> Vec<Formula> {
        let of = facts.iter().filter(|f| f.free().contains(&self.share));
        of.map(|f| f.substitute(&self.share, &Expr::Sym(other.clone()))).collect()
    }
}

/// A payoff in a shorter form, with the proof that it is the same; as it is where there is none.
fn short(payoff: Expr, setting: &Setting) -> (Expr, Vec<Evidence>) {
    let form = setting.readable(&payoff);
    let same = Formula::eq(payoff.clone(), form.clone());
    match setting.tools().judge.judge_plainly(&setting.facts, &same) {
        Judgement::Holds(evidence) if form != payoff => (form, evidence),
        _ => (payoff, vec![]),
    }
}

fn negated(f: &Formula) -> Formula {
    Formula::Not(Box::new(f.clone()))
}

/// The finding of a judgement that is no proof.
fn told(judgement: Judgement, statement: &Formula, story: &str) -> Finding {
    let at = super::claims::witness_of(&judgement);
    let pair = sides(statement, at.as_ref());
    let mut finding = Finding::of(judgement, pair.as_ref());
    if finding.verdict.is_finding() {
        finding.story.insert(0, story.to_owned());
    }
    finding
}
