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

use std::collections::BTreeSet;

use crate::claim::{Context, ElaborateError};
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Extremum, Formula, Relation, Symbol};
use crate::prove::identity::isolate;
use crate::prove::{Judge, Judgement};
use crate::tex::{Body, Line, Remark};

use super::finding::{Finding, Sides, counterexample, point, shown_formula, sides};
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
        for (index, line) in self.block.lines.iter().enumerate() {
            match &line.body {
                Body::Term(e) => head = Some((e.clone(), e.clone())),
                Body::Continues(relation, right, rest) => {
                    let Some((start, last)) = head.clone() else {
                        findings.push((
                            index,
                            Finding::bare(Verdict::Undecided, "there is no line for it to continue"),
                        ));
                        continue;
                    };
                    findings.push((index, self.continuation(&start, &last, *relation, right, rest)));
                    head = Some((start, rest.last().map_or(right, |(_, e)| e).clone()));
                }
                Body::Statement(formula) => {
                    let said = Said { formula: with_condition(line, formula) };
                    let finding = if index == 0 && self.block.contradicts {
                        self.assumption(&said)
                    } else {
                        self.statement(&said, previous.as_ref())
                    };
                    let finding = self.remarked(line, finding);
                    findings.push((index, self.unless_contradictory(formula, finding)));
                    head = chain_of(formula);
                    previous = Some(said);
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

    // -- single lines -------------------------------------------------------------------------

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

    /// A line that does not follow: a gap if it is true, otherwise what it is.
    fn true_anyway(&self, failed: Finding, said: &Said) -> Finding {
        let truth = self.truth(&said.formula);
        match (failed.verdict, truth.verdict) {
            (Verdict::Refuted | Verdict::Undecided, Verdict::Proved)
                if failed.verdict == Verdict::Refuted =>
            {
                let mut gap = failed;
                gap.verdict = Verdict::Gap;
                gap.holds = Some(Holds::Always);
                gap.evidence.extend(truth.evidence);
                gap.story.insert(0, "it is true, but it does not follow from the line before it".into());
                gap
            }
            (Verdict::Undecided, _) => truth,
            _ => failed,
        }
    }

    /// Whether `X = argmax …` says what `X` was defined to be.
    fn definition(&self, formula: &Formula) -> Option<Finding> {
        let Formula::Rel(Expr::Sym(name), Relation::Eq, right @ Expr::Optimum { which, .. }) = formula else {
            return None;
        };
        if !which.is_arg() {
            return None;
        }
        if matches!(self.context.term(&Expr::Sym(name.clone())), Err(ElaborateError::Undefined { .. })) {
            let judged = super::wellposed::judge(formula, name, &self.block.given, self.setting);
            return Some(match judged {
                Ok(defined) => defined.judged.finding,
                Err(error) => Finding::bare(Verdict::Undecided, error.to_string()),
            });
        }
        Some(match self.maximises(name, right, *which) {
            Ok((judgement, statement)) => {
                let at = super::claims::witness_of(&judgement);
                let shown = sides(&statement, at.as_ref());
                Finding::of(judgement, shown.as_ref())
            }
            Err(error) => Finding::bare(Verdict::Undecided, error.to_string()),
        })
    }

    /// Whether the quantity called `name` is the optimum `right`, against every other feasible
    /// point, from the definitions of both.
    fn maximises(
        &self,
        name: &Symbol,
        right: &Expr,
        which: Extremum,
    ) -> Result<(Judgement, Formula), ElaborateError> {
        let reading = self.context.optimum(right)?.expect("the term is an optimum");
        let value = self.context.term(&Expr::Sym(name.clone()))?;
        let variable = Expr::Sym(reading.variable.clone());
        let there = reading.body.substitute(&reading.variable, &value);
        let relation = if which.is_max() { Relation::Le } else { Relation::Ge };
        let feasible = |x: &Expr| reading.over.contains(x).map(|f| f.unchained());
        let undefined = || ElaborateError::Undefined { name: "the range of the optimum".into() };
        let mut hypotheses = self.known();
        hypotheses.extend(feasible(&variable));
        let best = Formula::Rel(reading.body.clone(), relation, there);
        if which.is_max()
            && let Some(proof) = self.concave_optimum(&reading, &value)
        {
            return Ok((proof, best));
        }
        let inside = feasible(&value).ok_or_else(undefined)?;
        let statement = Formula::and(vec![inside, best]);
        Ok((self.setting.judge(&hypotheses, &statement), statement))
    }

    /// A best response is the unique maximiser of its mover's payoff in the subgame; that was
    /// proved when the game was solved, and holds for the same objective here.
    fn concave_optimum(&self, reading: &crate::claim::Reading, value: &Expr) -> Option<Judgement> {
        let equilibrium = self.setting.equilibrium()?;
        let game = self.setting.game.as_ref()?;
        let response = equilibrium.responses.iter().find(|r| r.variable == reading.variable)?;
        let mut context = self.context.holding(&reading.variable);
        context.given.extend(game.choices().take_while(|c| **c != reading.variable).cloned());
        context.given.extend(game.shares.iter().map(|s| s.symbol.clone()));
        let payoff = &game.payoff_of(&response.player)?.function;
        let own = context.term(&Expr::Apply { function: payoff.clone(), primes: 0, args: vec![] }).ok()?;
        let known = self.known();
        let same = Formula::and(vec![
            Formula::eq(own, reading.body.clone()),
            Formula::eq(response.value.clone(), value.clone()),
        ]);
        match self.setting.judge(&known, &same) {
            Judgement::Holds(evidence) => {
                Some(Judgement::Holds([evidence, response.evidence.clone()].concat()))
            }
            _ => None,
        }
    }

    /// An assumption made to be contradicted: it must be impossible.
    fn assumption(&self, said: &Said) -> Finding {
        let mut finding = match self.closed(&said.formula) {
            Ok(f) => {
                let possible = match f.unchained() {
                    Formula::Rel(a, r, b) => {
                        Some(Sides { printed: a, actual: b, relation: Some(r.negated()) })
                    }
                    _ => None,
                };
                Finding::of(self.setting.judge(&self.known(), &!f), possible.as_ref())
            }
            Err(e) => Finding::bare(Verdict::Undecided, e.to_string()),
        };
        finding.story.insert(0, "assumed for a contradiction: what is judged is that it cannot hold".into());
        finding
    }

    /// The end of an argument by contradiction: the last line against what is given.
    fn contradiction(&self, last: &Said, against: &Formula) -> Finding {
        let both = [&last.formula, against].map(|f| self.open(f));
        let [Ok(last), Ok(against)] = both else {
            return Finding::bare(Verdict::Undecided, "one of the two statements was not understood");
        };
        let mut known = self.hypotheses.clone();
        known.push(against.clone());
        let judged = self.setting.judge(&known, &!last.clone());
        let mut finding = Finding::of(judged, None);
        if matches!(finding.verdict, Verdict::Refuted | Verdict::Conditional) {
            let first = self.block.lines.first().map(|l| &l.body);
            let impossible = match first {
                Some(Body::Statement(f)) => {
                    self.closed(f).is_ok_and(|f| self.judge().proves(&self.known(), &!f))
                }
                _ => false,
            };
            finding.verdict = if impossible { Verdict::Gap } else { Verdict::Refuted };
            finding.holds = impossible.then_some(Holds::Always);
            let both_hold = finding.witness.as_ref().map(point).unwrap_or_default();
            finding.exceptions.clear();
            finding.story = vec![format!("no contradiction: both hold at {both_hold}")];
            if impossible {
                finding.story.push("what was assumed is impossible, but not for this reason".into());
            }
        }
        finding
    }

    // -- following ----------------------------------------------------------------------------

    /// Whether `said` follows from `previous`; `None` where that cannot be asked.
    fn follows(&self, previous: &Said, said: &Said) -> Option<Finding> {
        if self.definition_name(&previous.formula).is_some() {
            return None;
        }
        let (premise, conclusion) = (self.open(&previous.formula).ok()?, self.open(&said.formula).ok()?);
        let attempt = |hypotheses: &[Formula]| self.implication(hypotheses, &premise, &conclusion);
        let full = self.known();
        if self.judge().satisfiable(&[full.clone(), vec![premise.clone()]].concat()) != Some(false) {
            return Some(attempt(&full));
        }
        // The premise is impossible here. A line that says as much follows; for any other, ask again
        // where the premise is possible.
        if self.judge().satisfiable(std::slice::from_ref(&conclusion)) == Some(false) {
            return Some(attempt(&full));
        }
        let mut failed = None;
        for wider in self.wider_contexts() {
            if self.judge().satisfiable(&[wider.clone(), vec![premise.clone()]].concat()) != Some(true) {
                continue;
            }
            let finding = attempt(&wider);
            if finding.verdict == Verdict::Proved {
                return Some(finding);
            }
            failed = failed.or(Some(finding));
        }
        match failed {
            None => Some(attempt(&full)),
            Some(mut gap) => {
                gap.verdict = Verdict::Gap;
                gap.holds = Some(Holds::Always);
                gap.exceptions.clear();
                gap.story.insert(
                    0,
                    "it follows only because the premise is impossible here; where the premise can hold, it fails"
                        .into(),
                );
                Some(gap)
            }
        }
    }

    fn implication(&self, hypotheses: &[Formula], premise: &Formula, conclusion: &Formula) -> Finding {
        let statement = fold_formula(&Formula::implies(premise.clone(), conclusion.clone()));
        let judgement = self.setting.judge(hypotheses, &statement);
        let at = match &judgement {
            Judgement::Fails { witness, .. } => Some(witness.clone()),
            Judgement::Except { witness, .. } => witness.clone(),
            _ => None,
        };
        let shown = sides(&conclusion.unchained(), at.as_ref());
        let mut finding = Finding::of(judgement, shown.as_ref());
        if finding.verdict == Verdict::Refuted {
            finding.correction = self.solved_for(premise, conclusion);
        }
        finding
    }

    /// Contexts with fewer hypotheses: without the range of the shares; in an argument by
    /// contradiction also without what the block assumes, and without either. The assumptions of
    /// other blocks are the case that they treat, and stay.
    fn wider_contexts(&self) -> Vec<Vec<Formula>> {
        let free: BTreeSet<Symbol> =
            self.setting.game.iter().flat_map(|g| g.shares.iter().map(|s| s.symbol.clone())).collect();
        let without_ranges: Vec<Formula> =
            self.hypotheses.iter().filter(|f| f.free().is_disjoint(&free)).cloned().collect();
        let mut wider = vec![[without_ranges.clone(), self.assumed.clone()].concat()];
        if self.block.contradicts {
            wider.push(self.hypotheses.clone());
            wider.push(without_ranges);
        }
        wider
    }

    /// A line `D[F] = c` after `D[G] = c`, with one operator `D`: it is read as `F = G`, and a
    /// line that holds although `F` and `G` differ holds for another reason.
    fn other_reason(&self, previous: &Formula, said: &Formula, finding: Finding) -> Finding {
        let Some((variable, before, after)) = same_operator(previous, said) else { return finding };
        let context = self.context.holding(variable);
        let (Ok(before), Ok(after)) = (context.term(before), context.term(after)) else { return finding };
        let unspecified = |e: &Expr| !e.free().is_disjoint(&self.block.unspecified);
        if unspecified(&before) || unspecified(&after) {
            return finding;
        }
        let same = Formula::eq(before.clone(), after.clone());
        let Judgement::Fails { witness, evidence, .. } = self.setting.judge(&self.known(), &same) else {
            return finding;
        };
        let mut gap = finding;
        gap.verdict = Verdict::Gap;
        gap.holds = Some(Holds::Always);
        gap.counterexample = counterexample(&witness, Some(&Sides::values(&after, &before)));
        gap.evidence.extend(evidence);
        gap.story = vec![format!(
            "the line is true for another reason: the expressions under the operator differ ({} against {})",
            shown_formula(&Formula::eq(after.clone(), Expr::int(0))).plain.trim_end_matches(" = 0"),
            shown_formula(&Formula::eq(before.clone(), Expr::int(0))).plain.trim_end_matches(" = 0"),
        )];
        gap
    }

    // -- reading ------------------------------------------------------------------------------

    /// Whether the statement is true, with the subject's derived value in it.
    fn truth(&self, formula: &Formula) -> Finding {
        match self.closed(formula) {
            Err(e) => Finding::bare(Verdict::Undecided, e.to_string()),
            Ok(f) => {
                let f = fold_formula(&f);
                let judgement = self.setting.judge(&self.known(), &f);
                let at = match &judgement {
                    Judgement::Fails { witness, .. } => Some(witness.clone()),
                    Judgement::Except { witness, .. } => witness.clone(),
                    _ => None,
                };
                let shown = sides(&f.unchained(), at.as_ref());
                let mut finding = Finding::of(judgement, shown.as_ref());
                finding.correction =
                    self.true_value(formula, &f).filter(|_| finding.verdict == Verdict::Refuted);
                finding
            }
        }
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

    /// For a conclusion `x = printed` that does not follow: what the premise gives for `x`.
    fn solved_for(&self, premise: &Formula, conclusion: &Formula) -> Option<Shown> {
        let Formula::Rel(Expr::Sym(x), Relation::Eq, _) = conclusion else { return None };
        let solution = isolate(premise, x, &self.known())?;
        let value = self.setting.readable(&solution.value);
        Some(shown_formula(&Formula::eq(Expr::Sym(x.clone()), value)))
    }

    /// The statement with the subject as an unknown.
    fn open(&self, formula: &Formula) -> Result<Formula, ElaborateError> {
        let mut context = self.context.clone();
        if let Some(name) = &self.subject.name {
            context.unknowns.insert(name.clone());
        }
        context.formula(formula).map(|f| f.unchained())
    }

    /// The statement with the subject's derived value.
    fn closed(&self, formula: &Formula) -> Result<Formula, ElaborateError> {
        let mut f = self.context.formula(formula)?.unchained();
        let Some(v) = self.subject.variable.as_ref().filter(|v| f.free().contains(*v)) else { return Ok(f) };
        match &self.subject.value {
            Some(value) => f = f.substitute(v, value),
            None => return Err(ElaborateError::NoClosedForm { variable: v.latex().into() }),
        }
        Ok(f)
    }

    fn definition_name(&self, formula: &Formula) -> Option<Symbol> {
        match formula {
            Formula::Rel(Expr::Sym(name), Relation::Eq, Expr::Optimum { which, .. }) if which.is_arg() => {
                Some(name.clone())
            }
            _ => None,
        }
    }
}

/// The statement of a line under the condition that it ends with (`for c_1 < c_0`).
fn with_condition(line: &Line, formula: &Formula) -> Formula {
    match &line.remark {
        Some(Remark::Where(condition)) => Formula::implies(condition.clone(), formula.clone()),
        _ => formula.clone(),
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

/// For two equations with equal right sides whose left sides are one derivative (evaluated at
/// one place or not): its variable and the two terms differentiated.
fn same_operator<'f>(a: &'f Formula, b: &'f Formula) -> Option<(&'f Symbol, &'f Expr, &'f Expr)> {
    let (Formula::Rel(left, r, c), Formula::Rel(right, s, d)) = (a, b) else { return None };
    if r != s || c != d {
        return None;
    }
    match (left, right) {
        (Expr::At { body: p, variable: u, value: v }, Expr::At { body: q, variable: w, value: x })
            if (u, v) == (w, x) =>
        {
            derivatives(p, q)
        }
        _ => derivatives(left, right),
    }
}

fn derivatives<'f>(p: &'f Expr, q: &'f Expr) -> Option<(&'f Symbol, &'f Expr, &'f Expr)> {
    match (p, q) {
        (
            Expr::Derivative { body: f, variable: x, order: m },
            Expr::Derivative { body: g, variable: y, order: n },
        ) if (x, m) == (y, n) => Some((x, f, g)),
        _ => None,
    }
}
