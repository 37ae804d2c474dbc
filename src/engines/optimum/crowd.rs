//! A last stage of many movers who do not meet: what one of them chooses is no concern of the
//! others, so that each answers the earlier choice alone.
//!
//! The game is split into one small game for each of them: the earlier mover's choice, if there
//! is one, and their own. What the earlier mover gets must be a sum of terms with one later
//! choice each; its condition is then the sum of its conditions in the small games. The work of
//! one step is proportional to the movers: the linear systems have the form of an arrow, solved
//! by elimination from the tip.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::jet::Jet;
use super::linear::collect;
use super::number::{Number, Scalar};
use super::primitives::{Choice, Pay, Primitives};
use crate::expr::{Expr, Symbol};

/// A game split by its last movers.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// The number of earlier movers, one at most.
    heads: usize,
    /// What the earlier mover gets whatever the others choose.
    rest: Option<Rc<Primitives>>,
    /// The small games, in the order of the movers.
    seats: Vec<Rc<Primitives>>,
}

impl Split {
    /// The game split, if its last stage has several movers who do not meet, and at most one
    /// mover before them.
    pub fn of(game: &Primitives) -> Option<Split> {
        let (last, earlier) = game.stages.split_last()?;
        let heads = earlier.len();
        if last.len() < 2 || heads > 1 || earlier.iter().any(|stage| stage.len() != 1) {
            return None;
        }
        let movers: BTreeSet<&Symbol> = last.iter().map(|i| &game.choices[*i].variable).collect();
        let met = |e: &Expr| -> Vec<Symbol> { e.free().into_iter().filter(|s| movers.contains(s)).collect() };
        let alone = |i: &usize| {
            let choice = &game.choices[*i];
            let bounds = [&choice.range.lower, &choice.range.upper];
            bounds
                .into_iter()
                .flatten()
                .chain([&game.payoffs[choice.payoff].body])
                .all(|e| met(e).iter().all(|s| *s == choice.variable))
        };
        if !last.iter().all(alone) {
            return None;
        }
        let head = earlier.first().map(|stage| &game.choices[stage[0]]);
        let numbers: BTreeMap<&Symbol, usize> =
            last.iter().enumerate().map(|(j, i)| (&game.choices[*i].variable, j)).collect();
        let (mut common, mut parts) = (vec![], vec![vec![]; last.len()]);
        for term in head.map(|h| summands(&game.payoffs[h.payoff].body, &movers)).unwrap_or_default() {
            match met(&term).as_slice() {
                [] => common.push(term),
                [x] => parts[numbers[x]].push(term),
                _ => return None,
            }
        }
        let small = |own: Option<&Choice>, part: Vec<Expr>| {
            // The whole payoff has a term for each of the others: it is not copied for each of them.
            let head_pays = head.map(|h| {
                let Pay { player, function, .. } = &game.payoffs[h.payoff];
                let body = collect(&Expr::Add(part));
                Pay { player: player.clone(), function: function.clone(), body }
            });
            let own_pays = own.map(|c| game.payoffs[c.payoff].clone());
            let choices: Vec<&Choice> = head.into_iter().chain(own).collect();
            let stages = (0..choices.len()).map(|i| vec![i]).collect();
            let numbered = |(payoff, c): (usize, &Choice)| Choice { payoff, ..c.clone() };
            Rc::new(Primitives::whole(
                game.shares.clone(),
                choices.into_iter().enumerate().map(numbered).collect(),
                stages,
                head_pays.into_iter().chain(own_pays).collect(),
            ))
        };
        let seats = last.iter().zip(parts).map(|(i, part)| small(Some(&game.choices[*i]), part)).collect();
        Some(Split { heads, rest: head.map(|_| small(None, common)), seats })
    }
}

/// The summands of a term, products with sums over several movers multiplied out.
fn summands(e: &Expr, movers: &BTreeSet<&Symbol>) -> Vec<Expr> {
    let several = |e: &Expr| e.free().iter().filter(|s| movers.contains(s)).nth(1).is_some();
    match e {
        Expr::Add(xs) => xs.iter().flat_map(|x| summands(x, movers)).collect(),
        Expr::Mul(xs) => {
            let Some(at) = xs.iter().position(|x| matches!(x, Expr::Add(_)) && several(x)) else {
                return vec![e.clone()];
            };
            let (before, after) = (&xs[..at], &xs[at + 1..]);
            let with = |term: Expr| Expr::Mul([before, &[term], after].concat());
            // Only what is multiplied out once: a square of a sum stays and is not split.
            let others_meet = xs.iter().enumerate().any(|(i, x)| i != at && several(x));
            if others_meet {
                vec![e.clone()]
            } else {
                summands(&xs[at], movers).into_iter().map(with).collect()
            }
        }
        other => vec![other.clone()],
    }
}

/// What a small game adds to a sum over all of them.
type Part<'a, N> = &'a dyn Fn(&Frame, &[Active], &[N]) -> Result<Option<N>, OptimumError>;

/// A split game in coordinates.
#[derive(Debug)]
pub(super) struct Crowd {
    shares: usize,
    pub heads: usize,
    rest: Option<Box<Frame>>,
    seats: Vec<Frame>,
}

impl Crowd {
    /// `coordinates` are those of the shares, of the earlier choice and of the movers.
    pub fn new(split: &Split, sides: &[Side], coordinates: &[Symbol]) -> Crowd {
        let shares = sides.len();
        let common = &coordinates[..shares + split.heads];
        let frame = |game: &Rc<Primitives>, own: &[Symbol]| {
            Frame::with_coordinates(game.clone(), sides.to_vec(), [common, own].concat())
        };
        let own = |j: usize| std::slice::from_ref(&coordinates[shares + split.heads + j]);
        Crowd {
            shares,
            heads: split.heads,
            rest: split.rest.as_ref().map(|game| Box::new(frame(game, &[]))),
            seats: split.seats.iter().enumerate().map(|(j, game)| frame(game, own(j))).collect(),
        }
    }

    pub fn seats(&self) -> &[Frame] {
        &self.seats
    }

    /// The coordinates that a small game has to do with.
    pub fn slots<N: Clone>(&self, seat: usize, all: &[N]) -> Vec<N> {
        let common = self.shares + self.heads;
        let mut out = all[..common].to_vec();
        out.push(all[common + seat].clone());
        out
    }

    /// The positions of its choices.
    pub fn active(&self, seat: usize, all: &[Active]) -> Vec<Active> {
        let mut out = all[..self.heads].to_vec();
        out.push(all[self.heads + seat]);
        out
    }

    /// Whether a mover's best response, measured from its border, does not depend on the earlier
    /// choice.
    pub fn is_apart(&self, seat: usize, all: &[Active]) -> Result<bool, OptimumError> {
        let mut active = self.active(seat, all);
        active[self.heads] = Active::Interior;
        let system = self.seats[seat].system(&active)?;
        let depends = |head: usize| {
            let width = system.widths[self.heads].as_ref();
            system.conditions[self.heads].mentions(head) || width.is_some_and(|w| w.mentions(head))
        };
        Ok(!(self.shares..self.shares + self.heads).any(depends))
    }

    /// The small games with their own slots and positions, that of the earlier mover first.
    fn each<N: Clone>(
        &self,
        active: &[Active],
        slots: &[N],
        give: Part<'_, N>,
        add: fn(&N, &N) -> N,
    ) -> Result<Option<N>, OptimumError> {
        let mut sum: Option<N> = None;
        if let Some(rest) = &self.rest {
            let common = self.shares + self.heads;
            let Some(value) = give(rest, &active[..self.heads], &slots[..common])? else { return Ok(None) };
            sum = Some(value);
        }
        for (j, seat) in self.seats.iter().enumerate() {
            let Some(value) = give(seat, &self.active(j, active), &self.slots(j, slots))? else {
                return Ok(None);
            };
            sum = Some(sum.map_or_else(|| value.clone(), |s| add(&s, &value)));
        }
        Ok(sum)
    }

    /// The condition of a choice.
    pub fn condition<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        if choice >= self.heads {
            let j = choice - self.heads;
            return self.seats[j].condition(self.heads, &self.active(j, active), &self.slots(j, slots), cx);
        }
        self.each(active, slots, &|frame, active, slots| frame.condition(0, active, slots, cx), N::add)
    }

    /// What who makes a choice gets.
    pub fn gain<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        if choice >= self.heads {
            let j = choice - self.heads;
            return self.seats[j].gain(self.heads, &self.active(j, active), &self.slots(j, slots), cx);
        }
        self.each(active, slots, &|frame, active, slots| frame.gain(0, active, slots, cx), N::add)
    }

    /// The length of a choice's range; `None` where it is infinite.
    pub fn width<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<Option<N>>, OptimumError> {
        let j = choice.saturating_sub(self.heads);
        let own = choice.min(self.heads);
        self.seats[j].width(own, &self.active(j, active), &self.slots(j, slots), cx)
    }

    /// The value of a choice.
    pub fn choice<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        let j = choice.saturating_sub(self.heads);
        let own = choice.min(self.heads);
        self.seats[j].choice(own, &self.active(j, active), &self.slots(j, slots), cx)
    }

    /// The condition of a choice as a term in coordinates.
    pub fn condition_term(&self, choice: usize, active: &[Active]) -> Result<Expr, OptimumError> {
        if choice >= self.heads {
            let j = choice - self.heads;
            return self.seats[j].condition_term(self.heads, &self.active(j, active));
        }
        let mut terms = vec![];
        if let Some(rest) = &self.rest {
            terms.push(rest.condition_term(0, &active[..self.heads])?);
        }
        for (j, seat) in self.seats.iter().enumerate() {
            terms.push(seat.condition_term(0, &self.active(j, active))?);
        }
        Ok(Expr::Add(terms))
    }

    /// The conditions' values and derivatives at a point.
    pub fn linearised<N: Scalar>(&self, active: &[Active], slots: &[N], cx: N::Context) -> Option<Arrow<N>> {
        let head = self.shares;
        let inner = self.heads == 1 && active[0] == Active::Interior;
        let varied = |slots: &[N], at: usize| -> Vec<Jet<N>> {
            let mut jets: Vec<Jet<N>> = slots.iter().map(|v| Jet::constant(v.clone(), 1)).collect();
            jets[at].set(1, slots[at].like(1));
            jets
        };
        let run = |frame: &Frame, choice: usize, active: &[Active], jets: &[Jet<N>]| {
            frame.condition(choice, active, jets, (cx, 1)).ok()?
        };
        let mut tip: Option<[N; 2]> = None;
        let mut add = |jet: &Jet<N>| {
            let both = [jet.get(0).clone(), jet.get(1).clone()];
            tip = Some(match tip.take() {
                Some([v, d]) => [v.add(&both[0]), d.add(&both[1])],
                None => both,
            });
        };
        if let (true, Some(rest)) = (inner, &self.rest) {
            add(&run(rest, 0, &active[..1], &varied(&slots[..=head], head))?);
        }
        let mut rows = vec![];
        for (j, seat) in self.seats.iter().enumerate() {
            let (here, at) = (self.slots(j, slots), self.active(j, active));
            let own = self.shares + self.heads;
            let mut by_head = None;
            if inner {
                let jets = varied(&here, head);
                add(&run(seat, 0, &at, &jets)?);
                by_head = Some(jets);
            }
            if at[self.heads] == Active::Interior {
                let zero = here[own].like(0);
                let jets = varied(&here, own);
                let condition = run(seat, self.heads, &at, &jets)?;
                let in_head = if inner { run(seat, 0, &at, &jets)?.get(1).clone() } else { zero.clone() };
                let of_head = match by_head {
                    Some(jets) => run(seat, self.heads, &at, &jets)?.get(1).clone(),
                    None => zero,
                };
                rows.push(Row {
                    choice: self.heads + j,
                    value: condition.get(0).clone(),
                    own: condition.get(1).clone(),
                    of_head,
                    in_head,
                });
            }
        }
        Some(Arrow { tip: if inner { tip } else { None }, rows })
    }
}

/// One mover's condition.
struct Row<N> {
    choice: usize,
    value: N,
    /// Its derivative by the own coordinate, which is never zero where there is one solution.
    own: N,
    /// Its derivative by the earlier choice.
    of_head: N,
    /// The derivative of the earlier mover's condition by the own coordinate.
    in_head: N,
}

/// All conditions of choices inside their ranges: the earlier mover's, with its derivative by
/// its own choice, and one a mover.
pub(super) struct Arrow<N> {
    tip: Option<[N; 2]>,
    rows: Vec<Row<N>>,
}

impl<N: Scalar> Arrow<N> {
    /// The values of the conditions, the earlier mover's first.
    pub fn values(&self) -> Vec<N> {
        self.tip.iter().map(|[v, _]| v.clone()).chain(self.rows.iter().map(|r| r.value.clone())).collect()
    }

    /// The choices that the conditions are of.
    pub fn choices(&self) -> Vec<usize> {
        self.tip.iter().map(|_| 0).chain(self.rows.iter().map(|r| r.choice)).collect()
    }

    /// The solution of the linear system with this right side; `None` if it is singular.
    pub fn solve(&self, rhs: &[N]) -> Option<Vec<N>> {
        let (head, rest) = rhs.split_at(usize::from(self.tip.is_some()));
        let inverses: Vec<N> =
            self.rows.iter().map(|r| r.own.recip().filter(N::is_finite)).collect::<Option<_>>()?;
        let mut out = vec![];
        if let (Some([_, slope]), [value]) = (&self.tip, head) {
            let (mut slope, mut value) = (slope.clone(), value.clone());
            for ((row, inverse), v) in self.rows.iter().zip(&inverses).zip(rest) {
                let by = row.in_head.mul(inverse).neg();
                slope = slope.add(&by.mul(&row.of_head));
                value = value.add(&by.mul(v));
            }
            out.push(value.mul(&slope.recip()?));
        }
        let head = out.first().cloned();
        for ((row, inverse), v) in self.rows.iter().zip(&inverses).zip(rest) {
            let known = match &head {
                Some(head) => v.add(&row.of_head.mul(head).neg()),
                None => v.clone(),
            };
            out.push(known.mul(inverse));
        }
        out.iter().all(N::is_finite).then_some(out)
    }
}
