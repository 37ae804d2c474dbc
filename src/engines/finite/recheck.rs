//! The replay of certificates.
//!
//! That payoffs make a sentence false is computed once more on the whole interval. That no finite model
//! denies a sentence is enumerated afresh by code that shares nothing with the search: the places of
//! peaks and agreements are all maps, payoffs are grown value by value, and the sentence is evaluated as
//! it is written, optimality by its definition. Taken on trust are the argument that so many points
//! suffice (the module's doc) and that the sentence says what the paper does.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::core::members_needed;
use super::judge::{Certificate, is_false};
use super::sentence::{Abstaining, Frame, Sentence, Shape, Spot, Worth};
use super::{MOST_MEMBERS, MOST_PLAYERS};

/// The evaluations after which a replay is given up.
const MOST_STEPS: u64 = 40_000_000;
/// The points of the largest models that are replayed.
const MOST_POINTS: usize = 8;
/// The name of the engine in evidence.
pub const ENGINE: &str = "models";

impl Certificate {
    /// What is established, for people.
    pub fn said(&self) -> String {
        match self {
            Certificate::Exhausted { frame, sentence, members } => {
                let said = sentence.plain(frame, &str::to_owned);
                let whom = match (frame.family(), members.len()) {
                    (None, _) => String::new(),
                    _ if self.settles_every_number() => ", for every number of members".into(),
                    (Some(_), 1) => ", for one member".into(),
                    (Some(_), n) => format!(", for 1 to {n} members"),
                };
                format!("no payoffs deny it: {said}{whom}")
            }
            Certificate::False { frame, sentence, .. } => {
                format!("payoffs deny it: {}", sentence.plain(frame, &str::to_owned))
            }
        }
    }

    /// Whether what is established is so for every number of members.
    pub fn settles_every_number(&self) -> bool {
        match self {
            Certificate::Exhausted { frame, sentence, members } => {
                let needed = || members_needed(sentence, false, false);
                frame.family().is_none() || needed().is_some_and(|k| k.max(1) <= members.len())
            }
            Certificate::False { .. } => true,
        }
    }

    /// The hypotheses of the sentence, for who holds them against what a report sets apart.
    pub fn hypotheses(&self) -> Vec<Sentence> {
        let (Certificate::Exhausted { sentence, .. } | Certificate::False { sentence, .. }) = self;
        match leading(sentence).1 {
            Sentence::Implies(p, _) => match p.as_ref() {
                Sentence::And(ps) => ps.clone(),
                one => vec![one.clone()],
            },
            _ => vec![],
        }
    }

    /// Replays it.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Certificate::False { frame, sentence, model } => {
                well_formed(frame, model.members, sentence)?;
                let many = model.curves.knots.len() > 100;
                let adds = matches!(frame.abstaining, Abstaining::Costing { .. });
                let short = adds && model.curves.adds.len() != model.members;
                if many || short || model.curves.adds.iter().any(|(a, b)| *a < 0 || *b < 0) {
                    return Err("the payoffs are not complete".into());
                }
                let false_there = is_false(frame, sentence, model);
                if false_there { Ok(()) } else { Err("the payoffs do not deny the sentence".into()) }
            }
            Certificate::Exhausted { frame, sentence, members } => {
                if matches!(frame.abstaining, Abstaining::Costing { .. })
                    || frame.shapes.contains(&Shape::Concave) && !frame.continuous
                {
                    return Err("finite models do not settle it".into());
                }
                if !members.iter().copied().eq(1..=members.len()) || members.is_empty() {
                    return Err("the numbers of members are not 1, 2, …".into());
                }
                let mut steps = MOST_STEPS;
                for n in members {
                    well_formed(frame, *n, sentence)?;
                    exhausted(frame, *n, sentence, &mut steps)?;
                }
                Ok(())
            }
        }
    }
}

/// Replays a piece of evidence as it stands in a report.
pub fn accepted(evidence: &Value) -> Result<Certificate, String> {
    let certificate = read(evidence)?;
    let said = evidence.get("statement").and_then(Value::as_str).unwrap_or("?");
    certificate.check().map_err(|why| format!("`{said}`: {why}"))?;
    Ok(certificate)
}

/// The certificate of a piece of evidence, which is in the words of that, not replayed.
pub fn read(evidence: &Value) -> Result<Certificate, String> {
    let said = evidence.get("statement").and_then(Value::as_str).unwrap_or("?");
    let failed = |why: String| format!("`{said}`: {why}");
    let certificate = evidence.get("certificate").cloned().unwrap_or_default();
    let certificate: Certificate = serde_json::from_value(certificate)
        .map_err(|e| failed(format!("the certificate was not understood: {e}")))?;
    if certificate.said() != said {
        return Err(failed(format!("the certificate is of `{}`", certificate.said())));
    }
    Ok(certificate)
}

/// What a reader of sentences would have made sure of.
fn well_formed(frame: &Frame, members: usize, sentence: &Sentence) -> Result<(), String> {
    let groups = &frame.groups;
    let families = groups.iter().filter(|g| g.letter.is_some()).count();
    let named = groups.len() - families;
    let leader = match frame.abstaining {
        Abstaining::Costing { leader } => leader < named,
        _ => true,
    };
    let fits = !groups.is_empty()
        && families == usize::from(frame.family().is_some())
        && named <= MOST_PLAYERS
        && (1..=MOST_MEMBERS).contains(&members)
        && (families == 1 || members == 1)
        && leader;
    let mut open = vec![];
    if fits && closed(frame, sentence, &mut open, false, 0) {
        Ok(())
    } else {
        Err("the sentence and its players do not fit".into())
    }
}

/// Whether every name in a sentence is bound and every group there is.
fn closed(frame: &Frame, s: &Sentence, bound: &mut Vec<String>, member: bool, depth: usize) -> bool {
    let group = |g: usize| frame.groups.get(g).is_some_and(|g| g.letter.is_none() || member);
    let spot = |s: &Spot, bound: &[String]| match s {
        Spot::Variable(v) => bound.contains(v),
        Spot::Peak(g) => group(*g),
        Spot::Zero | Spot::One => true,
    };
    if depth > 200 {
        return false;
    }
    match s {
        Sentence::Place(a, _, b) => spot(a, bound) && spot(b, bound),
        Sentence::Payoff(g, a, _, worth) => {
            group(*g) && spot(a, bound) && matches!(worth, Worth::Disagreement)
                || matches!(worth, Worth::At(b) if group(*g) && spot(a, bound) && spot(b, bound))
        }
        Sentence::Optimal(x) => x.as_ref().is_none_or(|x| spot(x, bound)),
        Sentence::Not(p) => closed(frame, p, bound, member, depth + 1),
        Sentence::And(ps) | Sentence::Or(ps) => ps.iter().all(|p| closed(frame, p, bound, member, depth + 1)),
        Sentence::Implies(p, q) | Sentence::Iff(p, q) => {
            closed(frame, p, bound, member, depth + 1) && closed(frame, q, bound, member, depth + 1)
        }
        Sentence::All(v, p) | Sentence::Some(v, p) => {
            bound.push(v.clone());
            let fine = closed(frame, p, bound, member, depth + 1);
            bound.pop();
            fine
        }
        Sentence::Every(p) | Sentence::Any(p) => {
            frame.family().is_some() && closed(frame, p, bound, true, depth + 1)
        }
    }
}

/// The leading universal variables, and what they bind.
fn leading(s: &Sentence) -> (Vec<String>, &Sentence) {
    let (mut names, mut body) = (vec![], s);
    while let Sentence::All(v, inner) = body {
        names.push(v.clone());
        body = inner;
    }
    (names, body)
}

/// How many agreements a structure has to have a witness for, in which the sentence has this truth;
/// nothing if a witness depends on other agreements.
fn witnesses(s: &Sentence, truth: bool, under: bool, members: usize) -> Option<usize> {
    let part = |p: &Sentence, truth| witnesses(p, truth, under, members);
    let sum = |a: Option<usize>, b: Option<usize>| Some(a? + b?);
    let most = |a: Option<usize>, b: Option<usize>| Some(a?.max(b?));
    match s {
        Sentence::Place(..) | Sentence::Payoff(..) => Some(0),
        Sentence::Optimal(_) if truth => Some(0),
        Sentence::Optimal(_) => (!under).then_some(1),
        Sentence::Not(p) => part(p, !truth),
        Sentence::And(ps) | Sentence::Or(ps) => {
            let join = if matches!(s, Sentence::And(_)) == truth { sum } else { most };
            ps.iter().try_fold(0, |n, p| join(Some(n), part(p, truth)))
        }
        Sentence::Implies(p, q) => {
            let join = if truth { most } else { sum };
            join(part(p, !truth), part(q, truth))
        }
        Sentence::Iff(p, q) if truth => {
            sum(most(part(p, false), part(q, true)), most(part(q, false), part(p, true)))
        }
        Sentence::Iff(p, q) => most(sum(part(p, true), part(q, false)), sum(part(q, true), part(p, false))),
        Sentence::All(_, p) | Sentence::Some(_, p) if matches!(s, Sentence::All(..)) == truth => {
            witnesses(p, truth, true, members)
        }
        Sentence::All(_, p) | Sentence::Some(_, p) => {
            if under {
                None
            } else {
                Some(1 + part(p, truth)?)
            }
        }
        Sentence::Every(p) | Sentence::Any(p) => {
            let one = part(p, truth)?;
            Some(if matches!(s, Sentence::Every(_)) == truth { members * one } else { one })
        }
    }
}

/// Whether no structure denies the sentence.
fn exhausted(frame: &Frame, members: usize, sentence: &Sentence, steps: &mut u64) -> Result<(), String> {
    let players = frame.groups.len() + if frame.family().is_some() { members - 1 } else { 0 };
    let (names, body) = leading(sentence);
    let needed = witnesses(sentence, false, false, members)
        .ok_or("finite models do not settle it: a witness depends on other agreements")?;
    let items = players + needed.max(names.len());
    if items + 2 > MOST_POINTS {
        return Err(format!("more than {MOST_POINTS} points"));
    }
    let mut known = Known::new();
    for places in 2..=items + 2 {
        let mut map = vec![0; items];
        loop {
            if (1..places - 1).all(|p| map.contains(&p)) {
                structures(frame, members, &map, places, players, &names, body, &mut known, steps)?;
            }
            let Some(next) = map.iter().rposition(|p| *p + 1 < places) else { break };
            map[next] += 1;
            map[next + 1..].fill(0);
        }
    }
    Ok(())
}

/// Payoffs by the number of places, the peak and the places that are looked at.
type Known = BTreeMap<(usize, usize, BTreeSet<usize>), Vec<Vec<i32>>>;

/// All structures with these peaks and agreements.
#[expect(clippy::too_many_arguments, reason = "what a structure consists of")]
fn structures(
    frame: &Frame,
    members: usize,
    map: &[usize],
    places: usize,
    players: usize,
    names: &[String],
    body: &Sentence,
    known: &mut Known,
    steps: &mut u64,
) -> Result<(), String> {
    let (peaks, agreements) = map.split_at(players);
    let first = players - if frame.family().is_some() { members } else { 0 };
    // Members can be exchanged, and so can agreements without a name.
    let exchanged = peaks[first..].windows(2).any(|w| w[0] > w[1])
        || agreements[names.len().min(agreements.len())..].windows(2).any(|w| w[0] > w[1]);
    let allowed = |peak: usize| {
        frame.shapes.iter().any(|s| match s {
            Shape::Unimodal | Shape::Concave => true,
            Shape::Increasing => peak == places - 1,
            Shape::Decreasing => peak == 0,
        })
    };
    if exchanged || !peaks.iter().all(|p| allowed(*p)) {
        return Ok(());
    }
    let env: Vec<(String, usize)> = names.iter().cloned().zip(agreements.iter().copied()).collect();
    let mut structure = Structure { frame, members, places, peaks, given: vec![] };
    if structure.value(body, &env, 0) == Some(true) {
        return Ok(());
    }
    let mut spots = Spots::default();
    spots.collect(body, &mut vec![]);
    let at = |s: &Spot, member| structure.spot(s, &env, member);
    let looked: BTreeSet<usize> = if spots.all {
        (0..places).collect()
    } else {
        let named = spots.at.iter().flat_map(|s| (0..members).map(move |m| at(s, m)));
        env.iter().map(|(_, p)| *p).chain(named).collect()
    };
    let mut choices: Vec<Vec<Vec<i32>>> = vec![];
    for peak in peaks {
        let key = (places, *peak, looked.clone());
        choices.push(known.entry(key).or_insert_with(|| told_apart(places, *peak, &looked)).clone());
    }
    structure.try_all(&choices, body, &env, steps)
}

/// One of the payoffs that agree in all signs and in all comparisons with the looked at places.
fn told_apart(places: usize, peak: usize, looked: &BTreeSet<usize>) -> Vec<Vec<i32>> {
    let mut seen = BTreeSet::new();
    let told = |v: &Vec<i32>| {
        let signs: Vec<i32> = v.iter().map(|x| x.signum()).collect();
        let orders: Vec<Ordering> = looked.iter().flat_map(|f| v.iter().map(|x| x.cmp(&v[*f]))).collect();
        (signs, orders)
    };
    grown(places, peak).into_iter().filter(|v| seen.insert(told(v))).collect()
}

/// The agreements with which payoffs at others are compared.
#[derive(Default)]
struct Spots {
    /// Any with any.
    all: bool,
    at: Vec<Spot>,
}

impl Spots {
    fn collect(&mut self, s: &Sentence, bound: &mut Vec<String>) {
        match s {
            Sentence::Place(..) => {}
            Sentence::Payoff(_, _, _, Worth::Disagreement) | Sentence::Optimal(None) => {}
            Sentence::Payoff(_, a, _, Worth::At(b)) => {
                let inner = |s: &Spot| matches!(s, Spot::Variable(v) if bound.contains(v));
                self.all |= inner(a) && inner(b);
                self.at.extend([a, b].into_iter().filter(|s| !inner(s)).cloned());
            }
            Sentence::Optimal(Some(x)) => {
                let inner = matches!(x, Spot::Variable(v) if bound.contains(v));
                self.all |= inner;
                if !inner {
                    self.at.push(x.clone());
                }
            }
            Sentence::Not(p) | Sentence::Every(p) | Sentence::Any(p) => self.collect(p, bound),
            Sentence::And(ps) | Sentence::Or(ps) => ps.iter().for_each(|p| self.collect(p, bound)),
            Sentence::Implies(p, q) | Sentence::Iff(p, q) => {
                self.collect(p, bound);
                self.collect(q, bound);
            }
            Sentence::All(v, p) | Sentence::Some(v, p) => {
                bound.push(v.clone());
                self.collect(p, bound);
                bound.pop();
            }
        }
    }
}

/// All payoffs on so many places with this peak, up to their order and that of 0, as vectors of whole
/// numbers between which none is left out.
fn grown(places: usize, peak: usize) -> Vec<Vec<i32>> {
    let range = i32::try_from(places).expect("few places");
    let mut all: Vec<Vec<i32>> = vec![vec![]];
    for at in 0..places {
        let next = |v: &Vec<i32>| -> Vec<Vec<i32>> {
            let fits = |x: &i32| {
                let Some(last) = v.last() else { return true };
                if at <= peak { x > last } else { x < last }
            };
            (-range..=range).filter(fits).map(|x| [v.clone(), vec![x]].concat()).collect()
        };
        all = all.iter().flat_map(next).collect();
    }
    let dense = |v: &Vec<i32>| {
        let used: BTreeSet<i32> = v.iter().copied().chain([0]).collect();
        used.iter().zip(used.iter().skip(1)).all(|(a, b)| b - a == 1)
    };
    all.retain(dense);
    all
}

/// A structure; the players that are not given a payoff yet are unknown.
struct Structure<'a> {
    frame: &'a Frame,
    members: usize,
    places: usize,
    peaks: &'a [usize],
    given: Vec<&'a [i32]>,
}

impl<'a> Structure<'a> {
    fn try_all(
        &mut self,
        choices: &'a [Vec<Vec<i32>>],
        body: &Sentence,
        env: &[(String, usize)],
        steps: &mut u64,
    ) -> Result<(), String> {
        let Some(mine) = choices.get(self.given.len()) else {
            return Err("a finite model denies it".into());
        };
        for values in mine {
            *steps = steps.checked_sub(1).ok_or("it takes too many steps")?;
            self.given.push(values);
            if self.value(body, env, 0) != Some(true) {
                self.try_all(choices, body, env, steps)?;
            }
            self.given.pop();
        }
        Ok(())
    }

    fn player(&self, group: usize, member: usize) -> usize {
        if self.frame.groups[group].letter.is_some() { group + member } else { group }
    }

    fn spot(&self, s: &Spot, env: &[(String, usize)], member: usize) -> usize {
        match s {
            Spot::Variable(v) => env.iter().rev().find(|(n, _)| n == v).map_or(0, |(_, p)| *p),
            Spot::Peak(g) => self.peaks[self.player(*g, member)],
            Spot::Zero => 0,
            Spot::One => self.places - 1,
        }
    }

    fn gets(&self, player: usize, place: usize) -> Option<i32> {
        let own = *self.given.get(player)?.get(place)?;
        let first = self.peaks.len() - if self.frame.family().is_some() { self.members } else { 0 };
        let abstains = self.frame.abstaining != Abstaining::Nobody && player >= first && own < 0;
        Some(if abstains { 0 } else { own })
    }

    /// Whether what players get at `to` (at disagreement, without it) dominates what they get at `from`.
    fn dominates(&self, to: Option<usize>, from: Option<usize>) -> Option<bool> {
        let (mut gains, mut unknown) = (false, false);
        for player in 0..self.peaks.len() {
            let worth = |place: Option<usize>| place.map_or(Some(0), |p| self.gets(player, p));
            match worth(to).zip(worth(from)).map(|(a, b)| a.cmp(&b)) {
                Some(Ordering::Less) => return Some(false),
                Some(Ordering::Greater) => gains = true,
                Some(Ordering::Equal) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(gains) }
    }

    fn optimal(&self, x: Option<usize>) -> Option<bool> {
        let all = (0..self.places).map(Some).chain(x.is_some().then_some(None));
        strong_and(all.map(|y| self.dominates(y, x).map(|d| !d)))
    }

    /// The truth of a sentence, where it is known.
    fn value(&self, s: &Sentence, env: &[(String, usize)], member: usize) -> Option<bool> {
        let both = |p: &Sentence| self.value(p, env, member);
        let places = |v: &str, p: &Sentence| -> Vec<Option<bool>> {
            let with = |place| [env, &[(v.to_owned(), place)]].concat();
            (0..self.places).map(|place| self.value(p, &with(place), member)).collect()
        };
        let each = |p: &Sentence| -> Vec<Option<bool>> {
            (0..self.members).map(|m| self.value(p, env, m)).collect()
        };
        match s {
            Sentence::Place(a, r, b) => {
                Some(r.holds(self.spot(a, env, member).cmp(&self.spot(b, env, member))))
            }
            Sentence::Payoff(g, a, r, worth) => {
                let values = self.given.get(self.player(*g, member))?;
                let other = match worth {
                    Worth::Disagreement => 0,
                    Worth::At(b) => values[self.spot(b, env, member)],
                };
                Some(r.holds(values[self.spot(a, env, member)].cmp(&other)))
            }
            Sentence::Optimal(x) => self.optimal(x.as_ref().map(|x| self.spot(x, env, member))),
            Sentence::Not(p) => both(p).map(|t| !t),
            Sentence::And(ps) => strong_and(ps.iter().map(both)),
            Sentence::Or(ps) => strong_or(ps.iter().map(both)),
            Sentence::Implies(p, q) => strong_or([both(p).map(|t| !t), both(q)].into_iter()),
            Sentence::Iff(p, q) => Some(both(p)? == both(q)?),
            Sentence::All(v, p) => strong_and(places(v, p).into_iter()),
            Sentence::Some(v, p) => strong_or(places(v, p).into_iter()),
            Sentence::Every(p) => strong_and(each(p).into_iter()),
            Sentence::Any(p) => strong_or(each(p).into_iter()),
        }
    }
}

/// Kleene's conjunction.
fn strong_and(mut parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    parts
        .try_fold(Some(true), |all, p| match p {
            Some(false) => Err(()),
            Some(true) => Ok(all),
            None => Ok(None),
        })
        .unwrap_or(Some(false))
}

/// Kleene's disjunction.
fn strong_or(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    strong_and(parts.map(|p| p.map(|t| !t))).map(|t| !t)
}
