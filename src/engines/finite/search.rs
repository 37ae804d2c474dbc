//! Finite models of a sentence in normal form.
//!
//! For each order of the named points, players are given their order types one by one, and a branch
//! is left as soon as the sentence is false whatever the others get. Of the order types of a player that
//! agree on everything the sentence asks of it, one is tried.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use super::core::{Core, Point};
use super::layout::layouts;
use super::payoff::{Values, order_types};
use super::sentence::{Abstaining, Frame, Relation, Shape};

/// What a sentence is about, families written out.
#[derive(Clone, Debug)]
pub(super) struct Game<'a> {
    pub frame: &'a Frame,
    pub members: usize,
    pub players: usize,
}

impl Game<'_> {
    pub fn new(frame: &Frame, members: usize) -> Game<'_> {
        Game { frame, members, players: super::core::players(frame, members) }
    }
    /// The place of the first member of the family.
    pub fn first_member(&self) -> usize {
        if self.frame.family().is_some() { self.frame.groups.len() - 1 } else { self.players }
    }
    fn is_leader(&self, player: usize) -> bool {
        matches!(self.frame.abstaining, Abstaining::Costing { leader } if leader == player)
    }
}

/// A finite model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Model {
    pub places: usize,
    pub values: Vec<Values>,
    /// The places of the named variables.
    pub variables: Vec<(usize, usize)>,
    /// What each member of a family adds to the leader's payoff: at the first place, and how much more at
    /// each further one.
    pub adds: Vec<(i32, i32)>,
}

/// Order types by whether the player leads, the places, the peak and the places that are looked at.
type Known = BTreeMap<(usize, usize, usize, Vec<usize>), Rc<Vec<Values>>>;

/// What members are tried to add.
const AMOUNTS: [(i32, i32); 6] = [(1, 0), (0, 1), (0, 2), (2, 0), (1, 1), (3, 0)];

/// The steps that may still be taken, one an evaluation.
#[derive(Clone, Debug)]
pub(super) struct Steps(pub u64);

/// Whether everything was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Exhausted,
    Stopped,
    OutOfSteps,
}

/// What is looked for.
pub(super) struct Hunt<'a> {
    pub game: Game<'a>,
    /// In normal form, optimality unfolded.
    pub sentence: &'a Core,
    pub named: &'a [usize],
    /// How many of the named variables, from the first, are agreements of which a clause speaks.
    pub spoken_of: usize,
    /// How many variables there are in all.
    pub variables: usize,
    /// Whether only models without ties are wanted.
    pub generic: bool,
}

impl Hunt<'_> {
    /// Calls `visit` with each model, those with few points first.
    pub fn run(&self, steps: &mut Steps, visit: &mut dyn FnMut(&Model) -> ControlFlow<()>) -> End {
        let players = self.game.players;
        let focus = self.focus();
        let mut known = Known::new();
        for layout in layouts(players + self.named.len()) {
            let (peaks, variables) = layout.at.split_at(players);
            if !self.shapes_allow(peaks, layout.places) || !self.in_order(peaks) {
                continue;
            }
            if self.generic && !self.is_generic(peaks, variables, layout.places) {
                continue;
            }
            let mut env = vec![0; self.variables];
            for (v, place) in self.named.iter().zip(variables) {
                env[*v] = *place;
            }
            let places: Vec<usize> = self.focus_places(&focus, &env, peaks, layout.places);
            let mut undecided = State {
                game: &self.game,
                places: layout.places,
                peaks,
                values: vec![None; players],
                env: env.clone(),
                adds: &[],
            };
            if undecided.truth(self.sentence) == Some(false) {
                continue;
            }
            let mut types: Vec<Rc<Vec<Values>>> = vec![];
            for (player, peak) in peaks.iter().enumerate() {
                let leads = usize::from(self.game.is_leader(player));
                let all = known
                    .entry((leads, layout.places, *peak, places.clone()))
                    .or_insert_with(|| Rc::new(self.types(player, layout.places, *peak, &places)));
                types.push(all.clone());
            }
            for adds in self.amounts() {
                let mut state = State {
                    game: &self.game,
                    places: layout.places,
                    peaks,
                    values: vec![None; players],
                    env: env.clone(),
                    adds: &adds,
                };
                let found = self.give(&types, 0, &mut state, steps, visit);
                if found != End::Exhausted {
                    return found;
                }
            }
        }
        End::Exhausted
    }

    /// The points at which the sentence looks by name; `None` if it compares all with all.
    fn focus(&self) -> Option<BTreeSet<Point>> {
        let mut out: BTreeSet<Point> = self.named.iter().map(|v| Point::Variable(*v)).collect();
        let simple = focused(self.sentence, &mut vec![], &mut out);
        simple.then_some(out)
    }

    fn focus_places(
        &self,
        focus: &Option<BTreeSet<Point>>,
        env: &[usize],
        peaks: &[usize],
        places: usize,
    ) -> Vec<usize> {
        let Some(points) = focus else { return (0..places).collect() };
        let at = points.iter().map(|p| match p {
            Point::Variable(v) => env[*v],
            Point::Peak(player) => peaks[*player],
            Point::Zero => 0,
            Point::One => places - 1,
        });
        at.collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn shapes_allow(&self, peaks: &[usize], places: usize) -> bool {
        let inside = |s: &Shape| matches!(s, Shape::Unimodal | Shape::Concave);
        if self.game.frame.shapes.iter().any(inside) {
            return true;
        }
        let at = |shape: Shape, place: usize| self.game.frame.shapes.contains(&shape) && place < places;
        peaks
            .iter()
            .all(|p| *p + 1 == places && at(Shape::Increasing, *p) || *p == 0 && at(Shape::Decreasing, *p))
    }

    /// Members of a family are exchangeable.
    fn in_order(&self, peaks: &[usize]) -> bool {
        peaks[self.game.first_member()..].windows(2).all(|w| w[0] <= w[1])
    }

    fn is_generic(&self, peaks: &[usize], variables: &[usize], places: usize) -> bool {
        let inside = |p: &usize| *p > 0 && *p + 1 < places;
        let inner: Vec<usize> = peaks.iter().copied().filter(|p| inside(p)).collect();
        let spoken = &variables[..self.spoken_of.min(variables.len())];
        let all: Vec<usize> = inner.iter().chain(spoken).copied().collect();
        let different: BTreeSet<&usize> = all.iter().collect();
        different.len() == all.len() && spoken.iter().all(inside)
    }

    /// The order types of a player, one of those that the sentence does not tell apart.
    fn types(&self, player: usize, places: usize, peak: usize, focus: &[usize]) -> Vec<Values> {
        let all = order_types(places, peak);
        let generic = |v: &Values| {
            let different: BTreeSet<&i32> = v.iter().collect();
            !self.generic || different.len() == v.len() && !v.contains(&0)
        };
        if self.game.is_leader(player) {
            return all.into_iter().filter(generic).collect();
        }
        // Without quantifiers only the named points are looked at.
        let quantified = quantifies(self.sentence);
        let looked: Vec<usize> = if quantified { (0..places).collect() } else { focus.to_vec() };
        let mut seen = BTreeSet::new();
        let asked = |v: &Values| {
            let signs: Vec<i32> = looked.iter().map(|at| v[*at].signum()).collect();
            let pairs = focus.iter().flat_map(|f| looked.iter().map(|at| v[*at].cmp(&v[*f])));
            (signs, pairs.collect::<Vec<_>>())
        };
        all.into_iter().filter(generic).filter(|v| seen.insert(asked(v))).collect()
    }

    /// What the members may add to the leader's payoff.
    fn amounts(&self) -> Vec<Vec<(i32, i32)>> {
        let Abstaining::Costing { .. } = self.game.frame.abstaining else { return vec![vec![]] };
        let mut all = vec![vec![]];
        for _ in 0..self.game.members {
            let with = |a: &Vec<(i32, i32)>| AMOUNTS.map(|n| [a.clone(), vec![n]].concat());
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    /// Gives the players from `turn` on their payoffs. What a leader gets is known last.
    fn give<'s>(
        &'s self,
        types: &'s [Rc<Vec<Values>>],
        turn: usize,
        state: &mut State<'s>,
        steps: &mut Steps,
        visit: &mut dyn FnMut(&Model) -> ControlFlow<()>,
    ) -> End {
        let player = match self.game.frame.abstaining {
            Abstaining::Costing { .. } => types.len() - 1 - turn.min(types.len() - 1),
            _ => turn,
        };
        if turn == types.len() {
            let model = Model {
                places: state.places,
                values: state.values.iter().map(|v| v.cloned().expect("every player has one")).collect(),
                variables: self.named.iter().map(|v| (*v, state.env[*v])).collect(),
                adds: state.adds.to_vec(),
            };
            return if visit(&model).is_break() { End::Stopped } else { End::Exhausted };
        }
        for values in types[player].iter() {
            let Some(left) = steps.0.checked_sub(1) else { return End::OutOfSteps };
            steps.0 = left;
            state.values[player] = Some(values);
            if state.truth(self.sentence) != Some(false) {
                let end = self.give(types, turn + 1, state, steps, visit);
                if end != End::Exhausted {
                    return end;
                }
            }
        }
        state.values[player] = None;
        End::Exhausted
    }
}

fn quantifies(c: &Core) -> bool {
    match c {
        Core::All(..) | Core::Some(..) => true,
        Core::Not(p) => quantifies(p),
        Core::And(ps) | Core::Or(ps) => ps.iter().any(quantifies),
        _ => false,
    }
}

/// Collects the points of payoffs that are named; `false` if two payoffs are compared neither of which
/// is at a named point.
fn focused(c: &Core, bound: &mut Vec<usize>, out: &mut BTreeSet<Point>) -> bool {
    match c {
        Core::Payoff { at, other, .. } | Core::Gets { at, other, .. } => {
            let mut named = |p: &Point| {
                let is = !matches!(p, Point::Variable(v) if bound.contains(v));
                if is {
                    out.insert(*p);
                }
                is
            };
            let first = named(at);
            other.as_ref().is_none_or(|o| named(o) || first)
        }
        Core::Place(..) | Core::Optimal(_) => true,
        Core::Not(p) => focused(p, bound, out),
        Core::And(ps) | Core::Or(ps) => {
            // Every part is to be collected from.
            let parts: Vec<bool> = ps.iter().map(|p| focused(p, bound, out)).collect();
            parts.into_iter().all(|simple| simple)
        }
        Core::All(v, p) | Core::Some(v, p) => {
            bound.push(*v);
            let simple = focused(p, bound, out);
            bound.pop();
            simple
        }
    }
}

/// A model in the making.
struct State<'s> {
    game: &'s Game<'s>,
    places: usize,
    peaks: &'s [usize],
    values: Vec<Option<&'s Values>>,
    env: Vec<usize>,
    adds: &'s [(i32, i32)],
}

impl State<'_> {
    fn place(&self, p: &Point) -> usize {
        match p {
            Point::Variable(v) => self.env[*v],
            Point::Peak(player) => self.peaks[*player],
            Point::Zero => 0,
            Point::One => self.places - 1,
        }
    }

    fn value(&self, player: usize, place: usize) -> Option<i32> {
        self.values[player].map(|v| v[place])
    }

    /// What a player gets, once enough is known.
    fn gets(&self, player: usize, place: usize) -> Option<i32> {
        let first = self.game.first_member();
        let own = self.value(player, place);
        match self.game.frame.abstaining {
            Abstaining::Nobody => own,
            _ if player >= first => own.map(|v| v.max(0)),
            Abstaining::Apart => own,
            Abstaining::Costing { leader } => {
                let mut stays = false;
                let mut lost = 0;
                for member in first..self.game.players {
                    if self.value(member, place)? < 0 {
                        let (from, step) = self.adds[member - first];
                        lost += from + step * i32::try_from(place).unwrap_or(0);
                    } else {
                        stays = true;
                    }
                }
                if !stays {
                    return Some(0);
                }
                own.map(|v| if player == leader { v - lost } else { v })
            }
        }
    }

    /// The truth of a sentence, if it does not depend on payoffs that are not given yet.
    fn truth(&mut self, c: &Core) -> Option<bool> {
        match c {
            Core::Place(a, r, b) => Some(r.holds(self.place(a).cmp(&self.place(b)))),
            Core::Payoff { player, at, relation, other } => {
                let value = |p: &Point| self.value(*player, self.place(p));
                compared(value(at), *relation, other.as_ref().map_or(Some(0), value))
            }
            Core::Gets { player, at, relation, other } => {
                let value = |p: &Point| self.gets(*player, self.place(p));
                compared(value(at), *relation, other.as_ref().map_or(Some(0), value))
            }
            Core::Optimal(_) => None,
            Core::Not(p) => self.truth(p).map(|t| !t),
            Core::And(ps) => self.joined(ps, false),
            Core::Or(ps) => self.joined(ps, true),
            Core::All(v, p) => self.over_places(*v, p, false),
            Core::Some(v, p) => self.over_places(*v, p, true),
        }
    }

    /// `decisive` is what one part decides.
    fn joined(&mut self, parts: &[Core], decisive: bool) -> Option<bool> {
        let mut open = false;
        for p in parts {
            match self.truth(p) {
                Some(t) if t == decisive => return Some(decisive),
                None => open = true,
                Some(_) => {}
            }
        }
        (!open).then_some(!decisive)
    }

    fn over_places(&mut self, v: usize, body: &Core, decisive: bool) -> Option<bool> {
        let mut open = false;
        for place in 0..self.places {
            self.env[v] = place;
            match self.truth(body) {
                Some(t) if t == decisive => return Some(decisive),
                None => open = true,
                Some(_) => {}
            }
        }
        (!open).then_some(!decisive)
    }
}

fn compared(a: Option<i32>, r: Relation, b: Option<i32>) -> Option<bool> {
    Some(r.holds(a?.cmp(&b?)))
}
