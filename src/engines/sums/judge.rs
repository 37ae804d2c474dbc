//! The engines for questions with sums over families.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, IndexRange, Relation, Symbol, defined};
use crate::prove::evaluate::Point;
use crate::prove::evidence::{Certified, Proof};
use crate::prove::{Evidence, Judge, Judgement, recheck};

use super::atoms::Atoms;
use super::instance::Instance;

/// The sizes of a family that are written out in search of a counterexample.
const SIZES: std::ops::RangeInclusive<usize> = 1..=3;
/// The largest size of a family of a given size that is written out.
const LARGEST: usize = 6;
/// With more free letters than this, a family is not written out.
const MOST_LETTERS: usize = 2;

/// A [`Judge`] that understands gatherings over the ranges, by asking one that does not.
pub struct WithSums<'a> {
    inner: &'a dyn Judge,
    ranges: &'a [IndexRange],
}

impl<'a> WithSums<'a> {
    /// `inner` with gatherings over `ranges`.
    pub fn new(inner: &'a dyn Judge, ranges: &'a [IndexRange]) -> WithSums<'a> {
        WithSums { inner, ranges }
    }

    /// Whether the question can be asked as it is.
    fn is_plain(&self, hypotheses: &[Formula], statement: &Formula) -> bool {
        self.ranges.is_empty()
            || (hypotheses.iter().chain([statement]).all(plain) && self.letters(statement).is_empty())
    }

    /// Judges a statement about no member: what is known of the members matters only if it leaves
    /// no room for them at the point that is found.
    fn without_members(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        let (members, rest): (Vec<Formula>, Vec<Formula>) =
            hypotheses.iter().cloned().partition(|h| !self.letters(h).is_empty());
        let there_are_members = |at: &Point| {
            let values = at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
            let there: Vec<Formula> = members.iter().map(|h| h.substitute_all(&values)).collect();
            self.inner.satisfiable(&there) == Some(true)
        };
        if members.is_empty() {
            return self.inner.judge(hypotheses, statement);
        }
        match self.inner.judge(&rest, statement) {
            Judgement::Fails { witness, open, holds_at, never, evidence } if there_are_members(&witness) => {
                let holds_at = holds_at.filter(there_are_members);
                Judgement::Fails { witness, open, holds_at, never, evidence }
            }
            // A contradiction of some hypotheses is one of all of them.
            vacuous @ Judgement::Vacuous(_) => vacuous,
            proved @ Judgement::Holds(_) if self.inner.satisfiable(hypotheses) == Some(true) => proved,
            _ => self.inner.judge(hypotheses, statement),
        }
    }

    /// The sizes that are written out: that of a range with a number at its end, and none where two of them differ,
    /// for an instance has one size.
    fn sizes(&self) -> Vec<usize> {
        let numbers: BTreeSet<i64> = self.ranges.iter().filter_map(|r| r.upper.as_int()).collect();
        match numbers.iter().collect::<Vec<_>>().as_slice() {
            [] => SIZES.collect(),
            [one] => usize::try_from(**one).ok().filter(|n| *n <= LARGEST).into_iter().collect(),
            _ => vec![],
        }
    }

    /// Whether a letter stands for a number by itself, `\sum_i i`: here it only says which member is meant.
    fn counts(&self, f: &Formula) -> bool {
        let letters: Vec<Symbol> = self.ranges.iter().flat_map(IndexRange::all_letters).collect();
        f.terms().into_iter().any(|e| is_among(e, &letters))
    }

    /// The index letters that are free in a statement.
    fn letters(&self, f: &Formula) -> BTreeSet<Symbol> {
        let letters = self.ranges.iter().flat_map(IndexRange::all_letters);
        letters.filter(|l| f.has_index(l)).collect()
    }
}

impl Judge for WithSums<'_> {
    fn judge(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if self.is_plain(hypotheses, statement) {
            return self.without_members(hypotheses, statement);
        }
        if hypotheses.iter().chain([statement]).any(|f| self.counts(f)) {
            return unsettled();
        }
        let abstracted = self.abstracted(hypotheses, statement);
        self.proof(hypotheses, &abstracted)
            .or_else(|| self.exceptions(hypotheses, statement, &abstracted))
            .or_else(|| self.counterexample(hypotheses, statement, &abstracted))
            .unwrap_or_else(unsettled)
    }

    fn judge_plainly(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if self.is_plain(hypotheses, statement) {
            return self.inner.judge_plainly(hypotheses, statement);
        }
        if hypotheses.iter().chain([statement]).any(|f| self.counts(f)) {
            return unsettled();
        }
        self.proof(hypotheses, &self.abstracted(hypotheses, statement)).unwrap_or_else(unsettled)
    }

    fn satisfiable(&self, conditions: &[Formula]) -> Option<bool> {
        let all = Formula::and(conditions.to_vec());
        if self.is_plain(conditions, &all) {
            return self.inner.satisfiable(conditions);
        }
        if self.counts(&all) {
            return None;
        }
        if self.is_met(conditions) {
            return Some(true);
        }
        let abstracted = self.abstracted(conditions, &Formula::True);
        let question = abstracted.question(true)?;
        self.inner.satisfiable(&question.hypotheses).filter(|met| !met)
    }
}

/// Whether one of some symbols is a value in a term.
fn is_among(e: &Expr, symbols: &[Symbol]) -> bool {
    e.as_sym().is_some_and(|s| symbols.contains(s)) || e.children().into_iter().any(|c| is_among(c, symbols))
}

/// A question with symbols for its gatherings.
struct Abstracted<'a> {
    atoms: Atoms<'a>,
    letters: BTreeSet<Symbol>,
    hypotheses: Option<Vec<Formula>>,
    statement: Option<Formula>,
}

/// A question for the engines.
struct Question {
    hypotheses: Vec<Formula>,
    statement: Formula,
}

impl Abstracted<'_> {
    fn question(&self, single: bool) -> Option<Question> {
        let mut hypotheses = self.hypotheses.clone()?;
        hypotheses.extend(self.atoms.facts(&self.letters, single));
        Some(Question { hypotheses, statement: self.statement.clone()? })
    }
}

impl<'a> WithSums<'a> {
    fn abstracted(&self, hypotheses: &[Formula], statement: &Formula) -> Abstracted<'a> {
        let known: Vec<Formula> = hypotheses.iter().filter(|h| plain(h)).cloned().collect();
        let mut letters = self.letters(statement);
        letters.extend(hypotheses.iter().filter(|h| !plain(h)).flat_map(|h| self.letters(h)));
        let mut atoms = Atoms::new(self.ranges, known.clone(), self.inner);
        let hypotheses = hypotheses.iter().map(|h| atoms.formula(&h.unchained())).collect();
        let statement = self.without_gatherings(&mut atoms, &known, &statement.unchained());
        Abstracted { atoms, letters, hypotheses, statement }
    }

    /// The statement with symbols for its gatherings, with what it loses by that: that the members
    /// are defined. Of an implication the conclusion has to be, where the premise holds.
    fn without_gatherings(
        &self,
        atoms: &mut Atoms<'a>,
        known: &[Formula],
        statement: &Formula,
    ) -> Option<Formula> {
        if let Formula::Implies(p, q) = statement {
            let premise = atoms.formula(p)?;
            return Some(Formula::implies(premise, self.without_gatherings(atoms, known, q)?));
        }
        let lost = if plain(statement) {
            Formula::True
        } else {
            let condition = defined::formula_condition(statement)?;
            Formula::and(parts(fold_formula(&condition)).filter(|c| !self.settled(known, c)).collect())
        };
        atoms.formula(&Formula::and(vec![lost, statement.clone()]))
    }

    /// Whether a condition without gatherings is proved from what is known of every member.
    fn settled(&self, known: &[Formula], condition: &Formula) -> bool {
        plain(condition) && self.inner.proves(known, condition)
    }
}

impl WithSums<'_> {
    /// A proof for families of every size, or that the hypotheses contradict each other.
    fn proof(&self, hypotheses: &[Formula], abstracted: &Abstracted) -> Option<Judgement> {
        for single in [false, true] {
            let question = abstracted.question(single)?;
            match self.inner.judge_plainly(&question.hypotheses, &question.statement) {
                // That the facts can be met does not say that a family meets them.
                Judgement::Holds(evidence) => {
                    return Some(if self.is_met(hypotheses) {
                        Judgement::Holds(evidence)
                    } else {
                        Judgement::Unknown(vec!["no family was found that satisfies the assumptions".into()])
                    });
                }
                vacuous @ Judgement::Vacuous(_) => return Some(vacuous),
                _ => {}
            }
        }
        None
    }

    /// A proof outside exceptions, each of which some family is seen to meet and to fail in.
    fn exceptions(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        abstracted: &Abstracted,
    ) -> Option<Judgement> {
        let question = abstracted.question(true)?;
        let found = self.inner.judge(&question.hypotheses, &question.statement);
        let Judgement::Except { exceptions, evidence, .. } = found else { return None };
        if self.about_single_members(hypotheses, statement) {
            return Some(Judgement::Except { exceptions, witness: None, evidence });
        }
        let exceptions: Vec<Formula> = exceptions.iter().map(|e| abstracted.atoms.back_formula(e)).collect();
        let evidence = evidence.into_iter().map(|e| e.naming(abstracted.atoms.names())).collect();
        let mut witness = None;
        for e in &exceptions {
            let there = [hypotheses, std::slice::from_ref(e)].concat();
            let at = self
                .instances(&there, statement)
                .iter()
                .find_map(|i| self.failing_point(i, &there, statement))?;
            witness = witness.or(Some(at));
        }
        Some(Judgement::Except { exceptions, witness, evidence })
    }

    /// Whether what is found of a question without gatherings is found in a family: it speaks of
    /// members one by one, knows of each what is known of every member, and not how many there are.
    fn about_single_members(&self, hypotheses: &[Formula], statement: &Formula) -> bool {
        let sizes: Vec<&Symbol> = self.ranges.iter().filter_map(|r| r.upper.as_sym()).collect();
        let sized = |f: &Formula| sizes.iter().any(|n| f.free().contains(n));
        let working: BTreeSet<Symbol> = self.ranges.iter().flat_map(IndexRange::working).collect();
        let letters = |f: &Formula| self.letters(f).difference(&working).cloned().collect::<Vec<_>>();
        let known_here = |letter: &Symbol| {
            let of_every = hypotheses.iter().flat_map(|h| {
                self.letters(h).intersection(&working).map(|w| h.reindexed(w, letter)).collect::<Vec<_>>()
            });
            of_every.into_iter().all(|h| hypotheses.contains(&h))
        };
        sizes.len() == self.ranges.len()
            && !sized(statement)
            && hypotheses.iter().chain([statement]).all(plain)
            && hypotheses.iter().all(|h| (!sized(h) || is_lower_bound(h)) && letters(h).len() <= 1)
            && letters(statement).len() <= 1
            && letters(statement).iter().all(known_here)
    }

    /// A family of a small size in which the statement fails.
    fn counterexample(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        abstracted: &Abstracted,
    ) -> Option<Judgement> {
        let mut on_border = None;
        for instance in self.instances(hypotheses, statement) {
            let (Some(known), Some(question)) =
                (instance.hypotheses(hypotheses), instance.formula(statement))
            else {
                continue;
            };
            match self.inner.judge(&known, &question) {
                Judgement::Fails { witness, open, holds_at, never, evidence } => {
                    let never = never && self.never(abstracted);
                    let evidence = borne_out(&instance, known, statement, &witness).unwrap_or(evidence);
                    let witness = instance.point(&witness);
                    let holds_at = holds_at.map(|p| instance.point(&p));
                    let failure = Judgement::Fails { witness, open, holds_at, never, evidence };
                    if open {
                        return Some(failure);
                    }
                    on_border = on_border.or(Some(failure));
                }
                Judgement::Except { witness: Some(witness), evidence, .. } => {
                    let evidence = borne_out(&instance, known, statement, &witness).unwrap_or(evidence);
                    let witness = instance.point(&witness);
                    let failure =
                        Judgement::Fails { witness, open: false, holds_at: None, never: false, evidence };
                    on_border = on_border.or(Some(failure));
                }
                _ => {}
            }
        }
        on_border
    }

    /// Whether the statement is proved to fail for every family.
    fn never(&self, abstracted: &Abstracted) -> bool {
        abstracted.question(true).is_some_and(|q| {
            matches!(self.inner.judge_plainly(&q.hypotheses, &!q.statement), Judgement::Holds(_))
        })
    }

    /// A point of an instance at which the statement fails, as a point of the family.
    fn failing_point(
        &self,
        instance: &Instance,
        hypotheses: &[Formula],
        statement: &Formula,
    ) -> Option<Point> {
        let known = instance.hypotheses(hypotheses)?;
        let failing = |statement: &Formula| match self.inner.judge(&known, statement) {
            Judgement::Fails { witness, .. } => Some(witness),
            Judgement::Except { witness, .. } => witness,
            _ => None,
        };
        let written = instance.formula(statement)?;
        // What has no value at any of the points is no question for the engines.
        let at = failing(&written).or_else(|| failing(&defined_where_it_is_asked(&written)?))?;
        Some(instance.point(&at))
    }

    /// Whether some small family is seen to meet the conditions.
    fn is_met(&self, conditions: &[Formula]) -> bool {
        let met = |instance: &Instance| {
            let written = instance.hypotheses(conditions)?;
            self.inner.satisfiable(&written).filter(|met| *met)
        };
        self.instances(conditions, &Formula::True).iter().find_map(met).is_some()
    }

    /// The letters of a hypothesis about some member, unless it is known of every member.
    fn special_letters(&self, h: &Formula, hypotheses: &[Formula]) -> BTreeSet<Symbol> {
        let of_every = |range: &IndexRange, l: &Symbol| hypotheses.contains(&h.reindexed(l, &range.every()));
        let special = |l: &Symbol| {
            !self.ranges.iter().any(|range| range.all_letters().contains(l) && of_every(range, l))
        };
        self.letters(h).into_iter().filter(special).collect()
    }

    /// The families that are written out, with every choice of members for the free letters.
    fn instances(&self, hypotheses: &[Formula], statement: &Formula) -> Vec<Instance<'_>> {
        let working: Vec<Symbol> = self.ranges.iter().flat_map(IndexRange::working).collect();
        let mut letters = self.letters(statement);
        letters.extend(hypotheses.iter().flat_map(|h| self.special_letters(h, hypotheses)));
        letters.retain(|l| !working.contains(l));
        if letters.len() > MOST_LETTERS {
            return vec![];
        }
        let mut out = vec![];
        for size in self.sizes() {
            let mut choices: Vec<BTreeMap<Symbol, usize>> = vec![BTreeMap::new()];
            for letter in &letters {
                let with = |c: &BTreeMap<Symbol, usize>, k| {
                    let mut c = c.clone();
                    c.insert(letter.clone(), k);
                    c
                };
                choices = choices.iter().flat_map(|c| (1..=size).map(move |k| with(c, k))).collect();
            }
            out.extend(choices.into_iter().map(|letters| Instance { ranges: self.ranges, size, letters }));
        }
        out
    }
}

/// The evidence that a statement about a family fails, at a point of the family itself: how many
/// members there are, and which of them the free letters mean, stands among the hypotheses.
/// `None` where evaluation does not bear it out in this form.
fn borne_out(
    instance: &Instance,
    mut known: Vec<Formula>,
    statement: &Formula,
    witness: &Point,
) -> Option<Vec<Evidence>> {
    let at = instance.point(witness);
    // What shares no symbol with the statement has no value at the witness.
    known.retain(|h| h.free().iter().all(|s| witness.contains_key(s)));
    known.extend(instance.described(witness));
    let certified = Certified {
        hypotheses: known,
        statement: statement.clone(),
        proof: Proof::Witness { at },
        stands_for: vec![],
    };
    recheck::check(&certified).ok()?;
    Some(vec![certified.into_evidence()])
}

/// That a statement has a value, of an implication its conclusion where the premise holds.
fn defined_where_it_is_asked(statement: &Formula) -> Option<Formula> {
    Some(match statement {
        Formula::Implies(p, q) => Formula::implies((**p).clone(), defined_where_it_is_asked(q)?),
        other => fold_formula(&defined::formula_condition(other)?),
    })
}

/// The parts of a conjunction.
fn parts(f: Formula) -> impl Iterator<Item = Formula> {
    match f {
        Formula::And(parts) => parts,
        other => vec![other],
    }
    .into_iter()
}

/// Whether a statement bounds a symbol from below by a number, and says no more.
fn is_lower_bound(f: &Formula) -> bool {
    matches!(f, Formula::Rel(Expr::Sym(_), Relation::Ge | Relation::Gt, b) if b.as_num().is_some())
}

/// Whether a statement has no gatherings.
fn plain(f: &Formula) -> bool {
    f.terms().into_iter().all(|e| e.gatherings().is_empty())
}

fn unsettled() -> Judgement {
    Judgement::Unknown(vec!["neither proved for families of every size nor refuted for a small one".into()])
}
