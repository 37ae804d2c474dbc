//! From a clause to a verdict, with what the re-check replays.
//!
//! A clause `p iff q` is judged in both directions. First models without ties are looked for (no
//! payoff is 0 or the same at two named agreements, no agreement of the clause is a peak or an end,
//! no two peaks inside coincide): one that bears out on the whole interval refutes. Then all models;
//! if only such with ties fail, hypotheses that exclude the ties are tried until none does, and those
//! that turn out not to be needed are taken away again.

use std::ops::ControlFlow;

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::border;
use super::continuum::Continuum;
use super::core::{Core, Writer, members_needed, name_witnesses, names, normal};
use super::curve::Curves;
use super::pareto::Interval;
use super::search::{End, Game, Hunt, Model, Steps};
use super::sentence::{Frame, Sentence};
use super::{MOST_MEMBERS, Shape};

/// Evaluations that one search may take.
const STEPS: u64 = 3_000_000;
/// Finite models that are held against the whole interval in one search.
const CERTIFIED: usize = 400;
/// The members of a family with which a clause is tried whose bound on them is not known.
const TRIED_MEMBERS: usize = 2;
/// The hypotheses that are joined before it is given up.
const JOINED: usize = 3;

/// A clause and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub frame: Frame,
    pub hypotheses: Vec<Sentence>,
    pub clause: Sentence,
    /// Whether it is only said that there are payoffs for which the clause holds.
    pub possible: bool,
}

/// Payoffs that bear something out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countermodel {
    pub members: usize,
    pub curves: Curves,
    /// The agreements that the sentence speaks of, by their names.
    pub at: Vec<(String, Rational)>,
}

impl Countermodel {
    /// The names of players and payoffs.
    pub fn names(&self, frame: &Frame) -> Vec<(String, String)> {
        names(frame, self.members)
    }

    /// What dominates an agreement: another one, or disagreement (`None`); nothing if it is optimal.
    pub fn dominating(&self, frame: &Frame, x: &Rational) -> Option<Option<Rational>> {
        Continuum::new(&self.curves, frame).dominating(x)
    }
}

/// What can be replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// No finite model on so many points, for each of these numbers of members, denies the sentence.
    Exhausted { frame: Frame, sentence: Sentence, members: Vec<usize> },
    /// The sentence is false of these payoffs.
    False { frame: Frame, sentence: Sentence, model: Countermodel },
}

/// The verdict on a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// No payoffs satisfy the hypotheses.
    Vacuous(Vec<Certificate>),
    Proved(Vec<Certificate>),
    /// There are such payoffs.
    Possible {
        model: Box<Countermodel>,
        certificate: Box<Certificate>,
    },
    /// No payoffs were found that deny it; `bound` says how far was looked.
    Supported {
        bound: String,
        certificates: Vec<Certificate>,
    },
    /// It fails.
    Fails {
        model: Box<Countermodel>,
        pareto: Vec<Interval>,
        /// Whether payoffs without ties deny it; if so, nothing is said of further hypotheses.
        openly: bool,
        /// Hypotheses under which it does not fail.
        unless: Vec<Sentence>,
        /// With `unless` it is proved, and not only up to a bound.
        proved: bool,
        /// With `unless` no finite model is left, at least for the numbers of members that were tried.
        clean: bool,
        bound: String,
        certificates: Vec<Certificate>,
    },
}

/// Judges a clause.
pub fn judge(q: &Question) -> Judgement {
    if let Some(found) = contradiction(q) {
        return found;
    }
    if q.possible {
        return possible(q);
    }
    let (variables, parts) = parts(q);
    let frame = &q.frame;
    let try_all = |extra: &[Sentence], generic: bool| -> Tried {
        let mut all = Tried::default();
        for part in &parts {
            let sentence = closed(&variables, &[&q.hypotheses[..], extra].concat(), part);
            all.add(tried(frame, &sentence, variables.len(), generic), sentence, frame);
            if all.found.is_some() {
                break;
            }
        }
        all
    };
    let open = try_all(&[], true);
    if let Some((model, certificate)) = open.found {
        return fails(frame, model, certificate, true, &[], Tried::default());
    }
    let plain = try_all(&[], false);
    let Some((model, certificate)) = plain.found else {
        if plain.proved {
            return Judgement::Proved(plain.certificates);
        }
        return Judgement::Supported { bound: plain.bound(), certificates: plain.certificates };
    };
    let candidates: Vec<Sentence> = border::hypotheses(frame, &variables);
    let denied = |c: &Sentence, m: &Countermodel| is_false(frame, &closed(&variables, &[], c), m);
    let mut unless: Vec<Sentence> = vec![];
    let mut latest = model.clone();
    let mut settled = None;
    // Hypotheses under which nothing was found that bears out, though finite models are left.
    let mut fallback: Option<(Vec<Sentence>, Tried)> = None;
    while unless.len() < JOINED && settled.is_none() {
        let mut next = None;
        for c in candidates.iter().filter(|c| denied(c, &latest)) {
            let with = [&unless[..], std::slice::from_ref(c)].concat();
            let result = try_all(&with, false);
            match &result.found {
                None if result.clean => {
                    unless = with;
                    settled = Some(result);
                    break;
                }
                None if fallback.is_none() => fallback = Some((with, result)),
                Some((m, _)) if next.is_none() => next = Some((c.clone(), m.clone())),
                _ => {}
            }
        }
        match (settled.is_some(), next) {
            (false, Some((c, m))) => {
                unless.push(c);
                latest = m;
            }
            _ => break,
        }
    }
    // Concave payoffs are not among the counterexamples that can be shown: their absence says nothing.
    if settled.is_none()
        && let Some((with, result)) = fallback.filter(|_| !frame.shapes.contains(&Shape::Concave))
    {
        (unless, settled) = (with, Some(result));
    }
    let Some(mut settled) = settled else {
        return fails(frame, model, certificate, false, &[], Tried::default());
    };
    let mut k = 0;
    while k < unless.len() && unless.len() > 1 {
        let fewer: Vec<Sentence> =
            unless.iter().enumerate().filter(|(n, _)| *n != k).map(|(_, s)| s.clone()).collect();
        let result = try_all(&fewer, false);
        if result.found.is_none() && result.clean >= settled.clean {
            (unless, settled) = (fewer, result);
        } else {
            k += 1;
        }
    }
    fails(frame, model, certificate, false, &unless, settled)
}

fn fails(
    frame: &Frame,
    model: Countermodel,
    certificate: Certificate,
    openly: bool,
    unless: &[Sentence],
    settled: Tried,
) -> Judgement {
    let pareto = super::pareto::pareto_set(&model.curves, frame);
    let some = !unless.is_empty();
    let (proved, clean, bound) = (settled.proved && some, settled.clean && some, settled.bound());
    let certificates = [vec![certificate], settled.certificates].concat();
    let unless = unless.to_vec();
    Judgement::Fails { model: Box::new(model), pareto, openly, unless, proved, clean, bound, certificates }
}

/// What a search of all parts of a clause gave.
#[derive(Default)]
struct Tried {
    found: Option<(Countermodel, Certificate)>,
    proved: bool,
    /// No part has a finite model with the numbers of members that were tried.
    clean: bool,
    certificates: Vec<Certificate>,
    parts: usize,
    /// The points and members of the largest models.
    points: usize,
    members: usize,
    exhausted: bool,
    spurious: usize,
}

impl Tried {
    fn add(&mut self, part: Part, sentence: Sentence, frame: &Frame) {
        let first = self.parts == 0;
        self.parts += 1;
        self.proved = (first || self.proved) && part.proved;
        self.exhausted = (first || self.exhausted) && part.exhausted;
        self.clean = (first || self.clean) && part.clean.len() == part.members.len();
        self.points = self.points.max(part.points);
        self.members = self.members.max(part.members.len());
        self.spurious += part.spurious;
        if !part.clean.is_empty() {
            let frame = frame.clone();
            self.certificates.push(Certificate::Exhausted { frame, sentence, members: part.clean });
        }
        self.found = part.found;
    }

    fn bound(&self) -> String {
        let models = if self.exhausted { "all order types" } else { "part of the order types" };
        let mut out = format!("{models} on up to {} points", self.points);
        if self.members > 1 {
            out += &format!(", 1 to {} members", self.members);
        }
        if self.spurious > 0 {
            out += &format!("; {} of them that are no payoffs on the whole interval", self.spurious);
        }
        out
    }
}

/// What a search for a sentence's countermodels gave.
struct Part {
    found: Option<(Countermodel, Certificate)>,
    proved: bool,
    exhausted: bool,
    points: usize,
    members: Vec<usize>,
    /// The numbers of members for which there is no finite model.
    clean: Vec<usize>,
    spurious: usize,
}

/// Looks for payoffs that deny a sentence.
fn tried(frame: &Frame, sentence: &Sentence, spoken_of: usize, generic: bool) -> Part {
    let needed = members_needed(sentence, false, false);
    let is_family = frame.family().is_some();
    let most = match needed {
        _ if !is_family => 1,
        Some(n) => n.clamp(1, MOST_MEMBERS),
        None => TRIED_MEMBERS,
    };
    let every_number = !is_family || needed.is_some_and(|n| n <= MOST_MEMBERS);
    let all: Vec<usize> = (1..=most).collect();
    let mut part = Part {
        found: None,
        proved: false,
        exhausted: true,
        points: 0,
        members: all.clone(),
        clean: vec![],
        spurious: 0,
    };
    let mut in_class = true;
    for members in all {
        let hunt = Prepared::new(frame, sentence, members);
        in_class &= hunt.in_class;
        part.points = part.points.max(2 + hunt.game.players + hunt.named.len());
        let (mut models, mut found) = (0, None);
        let mut steps = Steps(STEPS);
        let end = hunt.run(spoken_of, generic, &mut steps, &mut |m| {
            models += 1;
            found = hunt.certified(m, sentence);
            if found.is_some() || models >= CERTIFIED {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if found.is_some() {
            part.found = found;
            return part;
        }
        part.spurious += models;
        part.exhausted &= end == End::Exhausted;
        if end == End::Exhausted && models == 0 && hunt.in_class {
            part.clean.push(members);
        }
    }
    if generic {
        part.clean.clear();
    }
    part.proved = in_class && every_number && part.clean.len() == most && peaks_exist(frame) && !costs(frame);
    if costs(frame) || !peaks_exist(frame) {
        part.clean.clear();
    }
    part
}

/// Whether every payoff of the frame has a peak.
fn peaks_exist(frame: &Frame) -> bool {
    frame.continuous || !frame.shapes.contains(&Shape::Concave)
}

/// What members add to the leader's payoff is tried in whole numbers only.
fn costs(frame: &Frame) -> bool {
    matches!(frame.abstaining, super::Abstaining::Costing { .. })
}

/// A sentence that is to be denied.
struct Prepared<'a> {
    game: Game<'a>,
    variables: Vec<String>,
    negation: Core,
    named: Vec<usize>,
    in_class: bool,
}

impl<'a> Prepared<'a> {
    fn new(frame: &'a Frame, sentence: &Sentence, members: usize) -> Prepared<'a> {
        let mut writer = Writer::new(frame, members);
        let written = writer.write(sentence);
        let unfolded = writer.unfold(&written);
        let mut named = vec![];
        let (negation, in_class) = name_witnesses(normal(&unfolded, false), &mut named);
        let variables = writer.variables;
        Prepared { game: Game::new(frame, members), variables, negation, named, in_class }
    }

    fn run(
        &self,
        spoken_of: usize,
        generic: bool,
        steps: &mut Steps,
        visit: &mut dyn FnMut(&Model) -> ControlFlow<()>,
    ) -> End {
        let hunt = Hunt {
            game: self.game.clone(),
            sentence: &self.negation,
            named: &self.named,
            spoken_of,
            variables: self.variables.len(),
            generic,
        };
        hunt.run(steps, visit)
    }

    /// The model as payoffs on the whole interval, if the sentence is false of them.
    fn certified(&self, model: &Model, sentence: &Sentence) -> Option<(Countermodel, Certificate)> {
        let last = i64::try_from(model.places).ok()? - 1;
        let place = |p: usize| Rational::from((i64::try_from(p).unwrap_or(0), last));
        let whole = |v: &Vec<i32>| v.iter().map(|x| Rational::from(*x)).collect::<Vec<_>>();
        let curves = Curves {
            knots: (0..model.places).map(place).collect(),
            values: model.values.iter().map(whole).collect(),
            adds: model
                .adds
                .iter()
                .map(|(from, step)| {
                    let to = i64::from(*from) + i64::from(*step) * last;
                    (Rational::from(*from), Rational::from(to))
                })
                .collect(),
        };
        let leading = leading(sentence);
        let at = model.variables.iter().filter(|(v, _)| *v < leading);
        let at: Vec<(String, Rational)> = at.map(|(v, p)| (self.variables[*v].clone(), place(*p))).collect();
        let model = Countermodel { members: self.game.members, curves, at };
        if !is_false(self.game.frame, sentence, &model) {
            return None;
        }
        let certificate = Certificate::False {
            frame: self.game.frame.clone(),
            sentence: sentence.clone(),
            model: model.clone(),
        };
        Some((model, certificate))
    }
}

/// How many universal quantifiers over agreements lead a sentence.
fn leading(s: &Sentence) -> usize {
    match s {
        Sentence::All(_, p) => 1 + leading(p),
        _ => 0,
    }
}

/// Whether payoffs of the frame's shapes make a sentence false, its leading variables being as given.
pub(super) fn is_false(frame: &Frame, sentence: &Sentence, model: &Countermodel) -> bool {
    let mut writer = Writer::new(frame, model.members);
    let mut body = &writer.write(sentence);
    let mut env: Vec<Option<Rational>> = vec![None; writer.variables.len()];
    for (name, x) in &model.at {
        let Core::All(v, inner) = body else { return false };
        if writer.variables[*v] != *name || *x < 0 || *x > 1 {
            return false;
        }
        env[*v] = Some(x.clone());
        body = inner;
    }
    let curves = &model.curves;
    let players = super::core::players(frame, model.members);
    if !curves.are_unimodal(players) || !shaped(frame, curves) {
        return false;
    }
    Continuum::new(curves, frame).truth(body, &mut env) == Ok(false)
}

/// Whether each payoff has one of the frame's shapes. A piecewise linear payoff is not strictly concave.
fn shaped(frame: &Frame, curves: &Curves) -> bool {
    let has = |s: Shape| frame.shapes.contains(&s);
    (0..curves.values.len()).all(|p| {
        let peak = curves.peak(p);
        has(Shape::Unimodal) || has(Shape::Increasing) && peak == 1 || has(Shape::Decreasing) && peak == 0
    })
}

/// The leading variables of a clause, and its directions without them.
fn parts(q: &Question) -> (Vec<String>, Vec<Sentence>) {
    let mut variables = vec![];
    let mut body = &q.clause;
    while let Sentence::All(v, inner) = body {
        variables.push(v.clone());
        body = inner;
    }
    let parts = match body {
        Sentence::Iff(a, b) => {
            vec![Sentence::Implies(a.clone(), b.clone()), Sentence::Implies(b.clone(), a.clone())]
        }
        other => vec![other.clone()],
    };
    (variables, parts)
}

/// The sentence that for all agreements the hypotheses imply the statement.
fn closed(variables: &[String], hypotheses: &[Sentence], statement: &Sentence) -> Sentence {
    let supposed = match hypotheses {
        [] => statement.clone(),
        [one] => Sentence::Implies(Box::new(one.clone()), Box::new(statement.clone())),
        more => Sentence::Implies(Box::new(Sentence::And(more.to_vec())), Box::new(statement.clone())),
    };
    variables.iter().rev().fold(supposed, |s, v| Sentence::All(v.clone(), Box::new(s)))
}

/// Whether the hypotheses contradict each other.
fn contradiction(q: &Question) -> Option<Judgement> {
    if q.hypotheses.is_empty() {
        return None;
    }
    let denied = Sentence::Not(Box::new(Sentence::And(q.hypotheses.clone())));
    let part = tried(&q.frame, &denied, 0, false);
    part.proved.then(|| {
        let frame = q.frame.clone();
        Judgement::Vacuous(vec![Certificate::Exhausted { frame, sentence: denied, members: part.clean }])
    })
}

/// Looks for payoffs for which the clause holds.
fn possible(q: &Question) -> Judgement {
    let (mut variables, mut body) = (vec![], &q.clause);
    while let Sentence::Some(v, inner) = body {
        variables.push(v.clone());
        body = inner;
    }
    let wanted = Sentence::And([&q.hypotheses[..], std::slice::from_ref(body)].concat());
    let denied = closed(&variables, &[], &Sentence::Not(Box::new(wanted)));
    let spoken_of = variables.len();
    let openly = tried(&q.frame, &denied, spoken_of, true);
    let part = if openly.found.is_some() { openly } else { tried(&q.frame, &denied, spoken_of, false) };
    match part.found {
        Some((model, certificate)) => {
            Judgement::Possible { model: Box::new(model), certificate: Box::new(certificate) }
        }
        None => {
            let mut all = Tried::default();
            all.add(part, Sentence::And(vec![]), &q.frame);
            Judgement::Supported { bound: format!("no example in {}", all.bound()), certificates: vec![] }
        }
    }
}
