//! Sentences with every family written out, in negation normal form, and what finite models have to
//! name.

use serde::{Deserialize, Serialize};

use super::sentence::{Frame, Relation, Sentence, Spot, Worth};

/// An agreement; variables are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Point {
    Variable(usize),
    Peak(usize),
    Zero,
    One,
}

/// A sentence about single players, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Core {
    Place(Point, Relation, Point),
    /// A payoff against another, or against that of disagreement.
    Payoff {
        player: usize,
        at: Point,
        relation: Relation,
        other: Option<Point>,
    },
    /// What a player gets in the end, abstaining allowed for.
    Gets {
        player: usize,
        at: Point,
        relation: Relation,
        other: Option<Point>,
    },
    Optimal(Option<Point>),
    Not(Box<Core>),
    And(Vec<Core>),
    Or(Vec<Core>),
    All(usize, Box<Core>),
    Some(usize, Box<Core>),
}

/// How many players a frame has with so many members of its family.
pub(super) fn players(frame: &Frame, members: usize) -> usize {
    frame.groups.len() + if frame.family().is_some() { members - 1 } else { 0 }
}

/// The names of the players and their payoffs, members numbered.
pub(super) fn names(frame: &Frame, members: usize) -> Vec<(String, String)> {
    let mut out = vec![];
    for group in &frame.groups {
        match &group.letter {
            None => out.push((group.name.clone(), group.payoff.clone())),
            Some(letter) => out.extend((1..=members).map(|n| {
                let of = |s: &str| numbered(s, letter, n);
                (of(&group.name), of(&group.payoff))
            })),
        }
    }
    out
}

/// A name with a number in the place of the index letter behind its last `_`.
fn numbered(name: &str, letter: &str, n: usize) -> String {
    match name.rfind('_') {
        Some(at) => format!("{}{}", &name[..at], name[at..].replacen(letter, &n.to_string(), 1)),
        None => format!("{name}_{n}"),
    }
}

/// Writes families out and numbers the variables.
pub(super) struct Writer<'a> {
    pub frame: &'a Frame,
    pub members: usize,
    /// The names of the variables, by number.
    pub variables: Vec<String>,
    scope: Vec<(String, usize)>,
    member: usize,
}

impl<'a> Writer<'a> {
    pub fn new(frame: &'a Frame, members: usize) -> Writer<'a> {
        Writer { frame, members, variables: vec![], scope: vec![], member: 0 }
    }

    fn player(&self, group: usize) -> usize {
        if self.frame.groups[group].letter.is_some() { group + self.member } else { group }
    }

    fn point(&self, s: &Spot) -> Point {
        match s {
            Spot::Variable(v) => {
                let bound = self.scope.iter().rev().find(|(name, _)| name == v);
                Point::Variable(bound.expect("sentences are closed").1)
            }
            Spot::Peak(g) => Point::Peak(self.player(*g)),
            Spot::Zero => Point::Zero,
            Spot::One => Point::One,
        }
    }

    /// The sentence about single players.
    pub fn write(&mut self, s: &Sentence) -> Core {
        match s {
            Sentence::Place(a, r, b) => Core::Place(self.point(a), *r, self.point(b)),
            Sentence::Payoff(g, a, relation, worth) => Core::Payoff {
                player: self.player(*g),
                at: self.point(a),
                relation: *relation,
                other: match worth {
                    Worth::Disagreement => None,
                    Worth::At(b) => Some(self.point(b)),
                },
            },
            Sentence::Optimal(x) => Core::Optimal(x.as_ref().map(|x| self.point(x))),
            Sentence::Not(p) => not(self.write(p)),
            Sentence::And(ps) => Core::And(ps.iter().map(|p| self.write(p)).collect()),
            Sentence::Or(ps) => Core::Or(ps.iter().map(|p| self.write(p)).collect()),
            Sentence::Implies(p, q) => Core::Or(vec![not(self.write(p)), self.write(q)]),
            Sentence::Iff(p, q) => {
                let there = Core::Or(vec![not(self.write(p)), self.write(q)]);
                let back = Core::Or(vec![not(self.write(q)), self.write(p)]);
                Core::And(vec![there, back])
            }
            Sentence::All(v, p) => self.bind(v, p, Core::All),
            Sentence::Some(v, p) => self.bind(v, p, Core::Some),
            Sentence::Every(p) => Core::And(self.each(p)),
            Sentence::Any(p) => Core::Or(self.each(p)),
        }
    }

    fn bind(&mut self, name: &str, body: &Sentence, make: impl Fn(usize, Box<Core>) -> Core) -> Core {
        let number = self.fresh(name);
        self.scope.push((name.to_owned(), number));
        let body = self.write(body);
        self.scope.pop();
        make(number, Box::new(body))
    }

    fn fresh(&mut self, name: &str) -> usize {
        self.variables.push(name.to_owned());
        self.variables.len() - 1
    }

    fn each(&mut self, body: &Sentence) -> Vec<Core> {
        let outer = self.member;
        let all = (0..self.members).map(|m| {
            self.member = m;
            self.write(body)
        });
        let all = all.collect();
        self.member = outer;
        all
    }

    /// The sentence with optimality by its definition: no agreement is at least as good for all and better
    /// for one, and neither is disagreement.
    pub fn unfold(&mut self, c: &Core) -> Core {
        match c {
            Core::Optimal(x) => {
                let y = self.fresh("y");
                let other = Point::Variable(y);
                let n = players(self.frame, self.members);
                let against = |relation: Relation, at: Point, than: Option<Point>| {
                    let one = |player| Core::Gets { player, at, relation, other: than };
                    (0..n).map(one).collect::<Vec<_>>()
                };
                let dominates = Core::And(vec![
                    Core::And(against(Relation::Ge, other, *x)),
                    Core::Or(against(Relation::Gt, other, *x)),
                ]);
                let mut parts = vec![Core::All(y, Box::new(not(dominates)))];
                if let Some(x) = x {
                    let worse = Core::And(vec![
                        Core::And(against(Relation::Le, *x, None)),
                        Core::Or(against(Relation::Lt, *x, None)),
                    ]);
                    parts.push(not(worse));
                }
                Core::And(parts)
            }
            Core::Not(p) => not(self.unfold(p)),
            Core::And(ps) => Core::And(ps.iter().map(|p| self.unfold(p)).collect()),
            Core::Or(ps) => Core::Or(ps.iter().map(|p| self.unfold(p)).collect()),
            Core::All(v, p) => Core::All(*v, Box::new(self.unfold(p))),
            Core::Some(v, p) => Core::Some(*v, Box::new(self.unfold(p))),
            atom => atom.clone(),
        }
    }
}

/// The negation, in normal form where it is cheap.
pub(super) fn not(c: Core) -> Core {
    Core::Not(Box::new(c))
}

/// Negations pushed to the atoms and dissolved there; `positive` is whether the sentence itself is
/// meant. Optimality must be unfolded before.
pub(super) fn normal(c: &Core, positive: bool) -> Core {
    let flip = |r: Relation| if positive { r } else { r.negated() };
    let all = |ps: &[Core]| ps.iter().map(|p| normal(p, positive)).collect::<Vec<_>>();
    match (c, positive) {
        (Core::Place(a, r, b), _) => Core::Place(*a, flip(*r), *b),
        (Core::Payoff { player, at, relation, other }, _) => {
            Core::Payoff { player: *player, at: *at, relation: flip(*relation), other: *other }
        }
        (Core::Gets { player, at, relation, other }, _) => {
            Core::Gets { player: *player, at: *at, relation: flip(*relation), other: *other }
        }
        (Core::Optimal(_), true) => c.clone(),
        (Core::Optimal(_), false) => not(c.clone()),
        (Core::Not(p), _) => normal(p, !positive),
        (Core::And(ps), true) | (Core::Or(ps), false) => Core::And(all(ps)),
        (Core::Or(ps), true) | (Core::And(ps), false) => Core::Or(all(ps)),
        (Core::All(v, p), true) | (Core::Some(v, p), false) => Core::All(*v, Box::new(normal(p, positive))),
        (Core::Some(v, p), true) | (Core::All(v, p), false) => Core::Some(*v, Box::new(normal(p, positive))),
    }
}

/// Takes the existential quantifiers out that stand under no universal one: their variables are named.
/// `false` if one is left under a universal quantifier.
pub(super) fn name_witnesses(c: Core, named: &mut Vec<usize>) -> (Core, bool) {
    match c {
        Core::Some(v, p) => {
            named.push(v);
            name_witnesses(*p, named)
        }
        Core::And(ps) => {
            let (ps, ok): (Vec<Core>, Vec<bool>) = ps.into_iter().map(|p| name_witnesses(p, named)).unzip();
            (Core::And(ps), ok.into_iter().all(|x| x))
        }
        Core::Or(ps) => {
            // A model satisfies one of them: the branches share their witnesses.
            let (mut out, mut ok) = (vec![], true);
            let before = named.len();
            let mut shared: Vec<usize> = vec![];
            for p in ps {
                let mut own = vec![];
                let (p, fine) = name_witnesses(p, &mut own);
                let mut p = p;
                for (k, v) in own.into_iter().enumerate() {
                    match shared.get(k) {
                        Some(earlier) => p = renamed(&p, v, *earlier),
                        None => shared.push(v),
                    }
                }
                out.push(p);
                ok &= fine;
            }
            named.truncate(before);
            named.extend(shared);
            (Core::Or(out), ok)
        }
        Core::All(v, p) => {
            let fine = !has_some(&p);
            (Core::All(v, p), fine)
        }
        atom => (atom, true),
    }
}

fn has_some(c: &Core) -> bool {
    match c {
        Core::Some(..) => true,
        Core::And(ps) | Core::Or(ps) => ps.iter().any(has_some),
        Core::All(_, p) | Core::Not(p) => has_some(p),
        _ => false,
    }
}

/// One variable in the place of another.
fn renamed(c: &Core, from: usize, to: usize) -> Core {
    let point = |p: &Point| if *p == Point::Variable(from) { Point::Variable(to) } else { *p };
    let inner = |p: &Core| Box::new(renamed(p, from, to));
    match c {
        Core::Place(a, r, b) => Core::Place(point(a), *r, point(b)),
        Core::Payoff { player, at, relation, other } => Core::Payoff {
            player: *player,
            at: point(at),
            relation: *relation,
            other: other.as_ref().map(point),
        },
        Core::Gets { player, at, relation, other } => Core::Gets {
            player: *player,
            at: point(at),
            relation: *relation,
            other: other.as_ref().map(point),
        },
        Core::Optimal(x) => Core::Optimal(x.as_ref().map(point)),
        Core::Not(p) => Core::Not(inner(p)),
        Core::And(ps) => Core::And(ps.iter().map(|p| renamed(p, from, to)).collect()),
        Core::Or(ps) => Core::Or(ps.iter().map(|p| renamed(p, from, to)).collect()),
        Core::All(v, p) => Core::All(*v, inner(p)),
        Core::Some(v, p) => Core::Some(*v, inner(p)),
    }
}

/// How many members a model of the negation of a sentence needs, or nothing if that depends on the
/// number of members: `positive` is whether the sentence is to hold. Existential quantifiers over
/// members are counted; one under a universal quantifier, of either sort, has no bound.
pub(super) fn members_needed(s: &Sentence, positive: bool, under: bool) -> Option<usize> {
    let both = |a: Option<usize>, b: Option<usize>| Some(a? + b?);
    let either = |a: Option<usize>, b: Option<usize>| Some(a?.max(b?));
    let sum = |ps: &[Sentence]| ps.iter().try_fold(0, |n, p| Some(n + members_needed(p, positive, under)?));
    let most = |ps: &[Sentence]| {
        ps.iter().try_fold(0, |n: usize, p| Some(n.max(members_needed(p, positive, under)?)))
    };
    match s {
        Sentence::Place(..) | Sentence::Payoff(..) => Some(0),
        // To be dominated takes one who gains; that nothing dominates, somebody for each agreement.
        Sentence::Optimal(_) if positive => None,
        Sentence::Optimal(_) => (!under).then_some(1),
        Sentence::Not(p) => members_needed(p, !positive, under),
        Sentence::And(ps) => {
            if positive {
                sum(ps)
            } else {
                most(ps)
            }
        }
        Sentence::Or(ps) => {
            if positive {
                most(ps)
            } else {
                sum(ps)
            }
        }
        Sentence::Implies(p, q) => {
            let (p, q) = (members_needed(p, !positive, under), members_needed(q, positive, under));
            if positive { either(p, q) } else { both(p, q) }
        }
        Sentence::Iff(p, q) => {
            let part = |p: &Sentence, sign| members_needed(p, sign, under);
            if positive {
                let there = either(part(p, false), part(q, true));
                both(there, either(part(q, false), part(p, true)))
            } else {
                either(both(part(p, true), part(q, false)), both(part(q, true), part(p, false)))
            }
        }
        Sentence::All(_, p) => members_needed(p, positive, under || positive),
        Sentence::Some(_, p) => members_needed(p, positive, under || !positive),
        Sentence::Every(p) | Sentence::Any(p) => {
            if matches!(s, Sentence::Any(_)) == positive {
                if under { None } else { Some(1 + members_needed(p, positive, under)?) }
            } else {
                members_needed(p, positive, true)
            }
        }
    }
}
