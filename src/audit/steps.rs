//! Derivations, line by line.
//!
//! A line is judged twice. *Does it follow* from the line before it (or from what its block says
//! it follows from)? And, if it does not, *is it true* all the same? A line that follows is
//! `proved`, whatever its premise is worth, for the premise has its own entry; one that is true
//! without following is a `gap`; one that is neither is `refuted`.
//!
//! Unknowns. In a chain that starts with `X = argmax_v F`, the lines after it speak of the
//! maximiser: `v` where it occurs free, and `X` itself, stand for it. Whether a line follows is
//! asked with them as unknowns; whether it is true, with their derived value.
//!
//! Arguments by contradiction assume what the domain forbids, so that anything at all follows.
//! Where premise and context contradict each other, an implication is asked for again under
//! fewer hypotheses (without the unknown's range, without the block's own assumptions); only if
//! it holds in such a wider context, in which its premise can be met, does the line follow.

mod contradiction;
mod following;
mod maximiser;

use std::collections::BTreeSet;

use crate::claim::{Context, ElaborateError};
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Judge;
use crate::tex::{Body, Connective, Line, Remark};

use super::claims::witness_of;
use super::finding::{Finding, shown_formula, sides};
use super::meaning::Meaning;
use super::setting::Setting;
use super::{Holds, Shown, Verdict};

/// A block of a derivation, in typed form.
pub struct Block<'a> {
    pub lines: Vec<&'a Line>,
    pub given: Vec<Symbol>,
    /// Assumptions of this block alone.
    pub assuming: Vec<Formula>,
    /// What the first line is said to follow from.
    pub premise: Option<Formula>,
    /// An equation `v = X` that says what the lines are about.
    pub supposing: Option<Formula>,
    pub contradicts: bool,
    /// What the last line is said to contradict.
    pub against: Option<Formula>,
    /// Symbols that stand for unspecified quantities (`[const]`).
    pub unspecified: BTreeSet<Symbol>,
}

/// A statement as a line makes it: in the paper's language, with what it is about.
#[derive(Clone)]
struct Said {
    formula: Formula,
}

/// What a chain is about: the name of a maximiser and the variable that stands for it.
#[derive(Clone, Default)]
struct Subject {
    name: Option<Symbol>,
    variable: Option<Symbol>,
    value: Option<Expr>,
}

/// Judges the lines of a block: a finding for each line that makes a statement, by its position,
/// and one past the last line for what the end is said to contradict.
pub fn judge(block: &Block, setting: &Setting) -> Vec<(usize, Finding)> {
    setting.with_context(&block.given, |context| Chain::new(block, setting, context).run())
}

struct Chain<'a, 'c> {
    block: &'a Block<'a>,
    setting: &'a Setting<'a>,
    context: Context<'c>,
    hypotheses: Vec<Formula>,
    assumed: Vec<Formula>,
    subject: Subject,
}

impl<'a, 'c> Chain<'a, 'c> {
    fn new(block: &'a Block<'a>, setting: &'a Setting<'a>, context: Context<'c>) -> Self {
        let assumed = block.assuming.iter().filter_map(|f| context.formula(f).ok()).collect();
        let mut chain = Chain {
            block,
            setting,
            context,
            hypotheses: setting.facts.clone(),
            assumed,
            subject: Subject::default(),
        };
        chain.find_subject();
        chain
    }

    fn judge(&self) -> &dyn Judge {
        self.setting.tools().judge
    }

    /// All hypotheses: domains, the setting's assumptions, the block's.
    fn known(&self) -> Vec<Formula> {
        [self.hypotheses.clone(), self.assumed.clone()].concat()
    }

    fn find_subject(&mut self) {
        let first = self.block.lines.first().map(|l| &l.body);
        let said = match (&self.block.supposing, first) {
            (Some(Formula::Rel(Expr::Sym(v), Relation::Eq, Expr::Sym(x))), _) => {
                Some((x.clone(), Some(v.clone())))
            }
            (None, Some(Body::Statement(Formula::Rel(Expr::Sym(x), Relation::Eq, right)))) => match right {
                Expr::Optimum { which, variable, .. } if which.is_arg() => {
                    Some((x.clone(), Some(variable.clone())))
                }
                _ => None,
            },
            _ => None,
        };
        let Some((name, variable)) = said else { return };
        let value = self.context.term(&Expr::Sym(name.clone())).ok();
        self.subject = Subject { name: Some(name), variable, value };
    }

    fn run(&self) -> Vec<(usize, Finding)> {
        let mut findings = vec![];
        let mut previous = self.block.premise.clone().map(|formula| Said { formula });
        let mut head: Option<(Expr, Expr)> = None;
        // What the chain that is being continued was itself said to follow from.
        let mut before: Option<Said> = None;
        for (index, line) in self.block.lines.iter().enumerate() {
            match &line.body {
                Body::Term(e) => {
                    head = Some((e.clone(), e.clone()));
                    before = previous.clone();
                    let next = self.block.lines.get(index + 1).map(|l| &l.body);
                    if !opens_a_chain(&line.body, next) {
                        let story = "a term without a relation: nothing is stated";
                        findings.push((index, Finding::bare(Verdict::Undecided, story)));
                    }
                }
                Body::Continues(relation, right, rest) => {
                    let Some((start, last)) = head.clone() else {
                        findings.push((
                            index,
                            Finding::bare(Verdict::Undecided, "there is no line for it to continue"),
                        ));
                        continue;
                    };
                    let finding = self.continuation(&start, &last, *relation, right, rest);
                    let links = [vec![(*relation, right.clone())], rest.clone()].concat();
                    let added = link(last.clone(), &links);
                    findings.push((index, self.unless_it_follows(finding, before.as_ref(), added)));
                    previous = Some(Said { formula: continued(previous, last, links) });
                    head = Some((start, rest.last().map_or(right, |(_, e)| e).clone()));
                }
                Body::Statement(formula) => {
                    let said = Said { formula: with_condition(line, formula) };
                    let finding = if index == 0 && self.block.contradicts {
                        self.assumption(&said)
                    } else {
                        let finding = self.statement(&said, previous.as_ref());
                        self.both_ways(line, previous.as_ref(), formula, finding)
                    };
                    let finding = self.remarked(line, finding);
                    findings.push((index, self.unless_contradictory(formula, finding)));
                    head = chain_of(formula);
                    before = previous.replace(said);
                }
            }
        }
        if let (Some(against), Some(last)) = (&self.block.against, &previous) {
            findings.push((self.block.lines.len(), self.contradiction(last, against)));
        }
        findings
    }

    /// A line with cases that contradict each other gives two values at once.
    fn unless_contradictory(&self, formula: &Formula, finding: Finding) -> Finding {
        let finding = super::slopes::checked(finding, formula, &self.known(), &self.context, self.setting);
        if finding.verdict == Verdict::Refuted {
            return finding;
        }
        super::overlap::finding(formula, &self.known(), &self.context, self.setting).unwrap_or(finding)
    }

    /// A reason given with a line has to be true as well.
    fn remarked(&self, line: &Line, finding: Finding) -> Finding {
        let Some(Remark::Because(reason)) = &line.remark else { return finding };
        let reason = self.truth(reason);
        if reason.verdict == Verdict::Proved || finding.verdict != Verdict::Proved {
            return finding;
        }
        let mut gap = reason;
        gap.verdict = Verdict::Gap;
        gap.holds = Some(Holds::Always);
        gap.story.insert(0, "the line holds, but the reason given for it does not".into());
        gap
    }

    /// `a = b` continued by `= c`: does `b = c`, and if not, is `a = c`?
    fn continuation(
        &self,
        start: &Expr,
        last: &Expr,
        relation: Relation,
        right: &Expr,
        rest: &[(Relation, Expr)],
    ) -> Finding {
        let chain = |left: &Expr| {
            let mut links = vec![(relation, right.clone())];
            links.extend(rest.iter().cloned());
            Formula::Chain(left.clone(), links)
        };
        let follows = self.truth(&chain(last));
        if start == last || !matches!(follows.verdict, Verdict::Refuted | Verdict::Undecided) {
            return follows;
        }
        let mut whole = self.truth(&chain(start));
        if follows.verdict == Verdict::Undecided {
            whole
                .story
                .insert(0, "compared with the start of the chain: the line before it was not settled".into());
            return whole;
        }
        if whole.verdict != Verdict::Proved {
            return follows;
        }
        let mut gap = follows;
        gap.verdict = Verdict::Gap;
        gap.holds = Some(Holds::Always);
        gap.evidence.extend(whole.evidence);
        gap.story.insert(0, "it equals the start of the chain, but not the line before it".into());
        gap
    }

    /// The links of a chain that are not true by themselves may follow from what the chain began under.
    fn unless_it_follows(&self, finding: Finding, before: Option<&Said>, added: Formula) -> Finding {
        if !matches!(finding.verdict, Verdict::Refuted | Verdict::Undecided | Verdict::Conditional) {
            return finding;
        }
        let follows = before.and_then(|b| self.follows(b, &Said { formula: added }));
        follows.filter(|f| f.verdict == Verdict::Proved).unwrap_or(finding)
    }

    fn statement(&self, said: &Said, previous: Option<&Said>) -> Finding {
        if let Some(finding) = self.definition(&said.formula) {
            return finding;
        }
        let Some(previous) = previous else { return self.truth(&said.formula) };
        match self.follows(previous, said) {
            Some(finding) if finding.verdict == Verdict::Proved => {
                self.other_reason(&previous.formula, &said.formula, finding)
            }
            Some(failed) => self.true_anyway(failed, said),
            None => self.truth(&said.formula),
        }
    }

    /// A line that is said to be equivalent to the line before it, and follows from it: whether that follows as well.
    fn both_ways(
        &self,
        line: &Line,
        previous: Option<&Said>,
        formula: &Formula,
        finding: Finding,
    ) -> Finding {
        let Some(previous) = previous.filter(|_| line.connective == Some(Connective::Iff)) else {
            return finding;
        };
        if finding.verdict != Verdict::Proved || self.definition_name(&previous.formula).is_some() {
            return finding;
        }
        let said = match &line.remark {
            Some(Remark::Where(condition)) => Formula::and(vec![condition.clone(), formula.clone()]),
            _ => formula.clone(),
        };
        let back = match self.follows(&Said { formula: said }, previous) {
            Some(back) if back.verdict != Verdict::Proved => self.true_anyway(back, previous),
            Some(back) => back,
            None => self.truth(&previous.formula),
        };
        if back.verdict == Verdict::Proved {
            return Finding { evidence: [finding.evidence, back.evidence].concat(), ..finding };
        }
        let mut back = back;
        back.correction = None;
        back.story.insert(0, "it follows from the line before it, but that does not follow from it".into());
        back
    }

    /// A line that does not follow: a gap if it is true, otherwise what it is.
    fn true_anyway(&self, failed: Finding, said: &Said) -> Finding {
        let truth = self.truth(&said.formula);
        match (failed.verdict, truth.verdict) {
            (Verdict::Refuted | Verdict::Conditional, Verdict::Proved) => {
                let mut gap = failed;
                gap.verdict = Verdict::Gap;
                gap.holds = Some(Holds::Always);
                gap.evidence.extend(truth.evidence);
                gap.story = vec!["it is true, but it does not follow from the line before it".into()];
                if let Some(set) = exceptions(&gap) {
                    gap.story.push(format!("it does not follow where {set}"));
                }
                gap.exceptions.clear();
                gap
            }
            // What may follow from the line before it is not refuted by being false.
            (Verdict::Undecided, Verdict::Refuted | Verdict::Conditional) => Finding::bare(
                Verdict::Undecided,
                "by itself it is not true, and whether it follows was not settled",
            ),
            (Verdict::Undecided, _) => truth,
            _ => failed,
        }
    }

    /// Whether the statement is true, with the subject's derived value in it.
    fn truth(&self, formula: &Formula) -> Finding {
        match self.closed(formula) {
            Err(e @ ElaborateError::NoClosedForm { .. }) => {
                self.optimum(formula).unwrap_or_else(|| Finding::bare(Verdict::Undecided, e.to_string()))
            }
            Err(e) => Finding::bare(Verdict::Undecided, e.to_string()),
            Ok(whole) => {
                let f = fold_formula(&whole);
                let judgement = self.setting.judge(&self.known(), &f);
                let at = witness_of(&judgement);
                // What is false by its numbers alone is folded away.
                let there = |f: &Formula| {
                    let f = self.setting.as_it_fails(&f.unchained(), &judgement);
                    sides(&f, at.as_ref())
                };
                let shown = there(&f).or_else(|| there(&whole));
                let mut finding = Finding::of(judgement, shown.as_ref());
                finding.correction =
                    self.true_value(formula, &f).filter(|_| finding.verdict == Verdict::Refuted);
                finding
            }
        }
    }

    /// For an equation `X = printed`, where `X` is defined as an optimum without a closed form:
    /// whether the printed value is that optimum.
    fn optimum(&self, formula: &Formula) -> Option<Finding> {
        let Formula::Rel(Expr::Sym(name), Relation::Eq, _) = formula else { return None };
        let term = self.context.definitions.get(name)?;
        let is_place = matches!(term, Expr::Optimum { which, .. } if which.is_arg());
        if !is_place || !self.assumed.is_empty() {
            return None;
        }
        let meaning = Meaning::Optimum { term: term.clone(), unique: true };
        Some(super::claims::judge(formula, &meaning, &self.block.given, self.setting).finding)
    }

    /// For an equation `X = printed`: `X` with its own value.
    fn true_value(&self, formula: &Formula, elaborated: &Formula) -> Option<Shown> {
        let (Formula::Rel(name, Relation::Eq, _), Formula::Rel(value, Relation::Eq, _)) =
            (formula, elaborated)
        else {
            return None;
        };
        // Of an equation about the unknown, the value at the unknown's own value says little.
        if self.subject.variable.as_ref().is_some_and(|v| name.mentions(v)) || self.stands_for_subject(name) {
            return None;
        }
        let value = self.setting.readable(value);
        (value != *name).then(|| shown_formula(&Formula::eq(name.clone(), value)))
    }

    /// Whether a term is about the unknown without naming it: a payoff without arguments.
    fn stands_for_subject(&self, name: &Expr) -> bool {
        let open = self.context.term(name).map(|e| e.free()).unwrap_or_default();
        self.subject.variable.as_ref().is_some_and(|v| open.contains(v))
    }

    /// The statement with the subject as an unknown, whichever of its two names is used.
    fn open(&self, formula: &Formula) -> Result<Formula, ElaborateError> {
        let mut context = self.context.clone();
        context.unknowns.extend(self.subject.name.iter().chain(&self.subject.variable).cloned());
        let open = context.formula(formula)?.unchained();
        Ok(match (&self.subject.name, &self.subject.variable) {
            (Some(name), Some(variable)) => open.substitute(name, &Expr::Sym(variable.clone())),
            _ => open,
        })
    }

    /// The statement with the subject's derived value.
    fn closed(&self, formula: &Formula) -> Result<Formula, ElaborateError> {
        let mut f = self.context.formula(formula)?.unchained();
        let Some(v) = self.subject.variable.as_ref().filter(|v| f.free().contains(*v)) else { return Ok(f) };
        match &self.subject.value {
            Some(value) => f = f.substitute(v, value),
            None => return Err(ElaborateError::NoClosedForm { variable: crate::tex::plain_symbol(v) }),
        }
        Ok(f)
    }
}

/// Whether a line is a term that the next line continues, and so no statement of its own.
pub fn opens_a_chain(line: &Body, next: Option<&Body>) -> bool {
    matches!((line, next), (Body::Term(_), Some(Body::Continues(..))))
}

/// The set of points that a finding excepts, in words.
fn exceptions(finding: &Finding) -> Option<String> {
    let sets: Vec<&str> = finding.exceptions.iter().map(|s| s.plain.as_str()).collect();
    (!sets.is_empty()).then(|| sets.join(" or "))
}

/// The statement of a line under the condition that it ends with (`for c_1 < c_0`).
fn with_condition(line: &Line, formula: &Formula) -> Formula {
    match &line.remark {
        Some(Remark::Where(condition)) => Formula::implies(condition.clone(), formula.clone()),
        _ => formula.clone(),
    }
}

/// What is stated once a chain goes on: the chain so far, which may have begun with a term alone after another
/// statement, and the links that are added to its end.
fn continued(so_far: Option<Said>, last: Expr, links: Vec<(Relation, Expr)>) -> Formula {
    match so_far.map(|said| said.formula) {
        None => link(last, &links),
        Some(Formula::Rel(a, r, b)) if b == last => Formula::Chain(a, [vec![(r, b)], links].concat()),
        Some(Formula::Chain(a, before)) if before.last().is_some_and(|(_, b)| *b == last) => {
            Formula::Chain(a, [before, links].concat())
        }
        Some(before) => Formula::and(vec![before, link(last, &links)]),
    }
}

/// The links of a chain from a term on, as a statement of their own.
fn link(from: Expr, links: &[(Relation, Expr)]) -> Formula {
    match links {
        [(relation, right)] => Formula::rel(from, *relation, right.clone()),
        _ => Formula::Chain(from, links.to_vec()),
    }
}

/// The two ends of an equation or chain that a next line may continue.
fn chain_of(formula: &Formula) -> Option<(Expr, Expr)> {
    match formula {
        Formula::Rel(a, _, b) => Some((a.clone(), b.clone())),
        Formula::Chain(a, rest) => Some((a.clone(), rest.last()?.1.clone())),
        _ => None,
    }
}
