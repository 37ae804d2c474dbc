//! One line of a derivation: where it stands, and what is really the case with a version of it.

use std::collections::BTreeMap;

use proofread::document::{Block, Derivation, Paper, Premise, Step};
use proofread::expr::{Expr, Formula, Relation, Symbol};
use proofread::tex::{Body, Line};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::{Float, Rational};

use crate::numbers::{No, Says, World, number};

/// Worlds drawn for a line, those that its assumptions exclude included.
const DRAWS: usize = 160;
/// Worlds kept of those in which a premise can hold.
const KEPT: usize = 24;
/// Pieces of an unknown's range that are looked at for a root.
const PIECES: i32 = 24;
/// Steps of refinement of a root.
const STEPS: usize = 300;

/// A line where it stands.
pub struct Place {
    /// The lines that have a bearing on it, its own last.
    pub lines: Vec<Line>,
    pub first: bool,
    pub contradicts: bool,
    /// What it is said to follow from.
    premise: Option<Formula>,
    /// The start and the end of the chain that it continues.
    chain: Option<(Expr, Expr)>,
    subject: Option<(Symbol, Symbol)>,
    /// Worlds that the assumptions allow.
    allowed: Vec<World>,
    /// For each context, narrowest first, worlds in which the premise holds.
    premised: Vec<Vec<World>>,
}

/// The line as the paper most likely has it.
pub fn reading(step: &Step) -> &Line {
    step.reads.as_ref().map_or(&step.line.value, |r| &r.value)
}

impl Place {
    pub fn new(derivation: &Derivation, block: &Block, position: usize, seed: u64) -> Place {
        let lines: Vec<&Line> = block.steps.iter().map(reading).collect();
        let is_start = |l: &&Line| !matches!(l.body, Body::Continues(..));
        let is_statement = |l: &&Line| matches!(l.body, Body::Statement(_));
        let before = &lines[..position];
        let mut needed = vec![0];
        needed.extend(before.iter().rposition(is_start));
        needed.extend(before.iter().rposition(is_statement));
        needed.extend(position.checked_sub(1));
        needed.push(position);
        needed.sort_unstable();
        needed.dedup();
        let needed: Vec<Line> = needed.into_iter().map(|i| lines[i].clone()).collect();
        let outer = derivation.frame.assuming.len();
        let assumptions = |from: usize| -> Vec<Formula> {
            block.frame.assuming[from..].iter().map(|f| f.value.clone()).collect()
        };
        let mut place = Place {
            first: position == 0,
            contradicts: block.contradicts,
            premise: premise_of(derivation, block, before),
            chain: chain_of(&needed[..needed.len() - 1]),
            subject: subject(block, &lines),
            lines: needed,
            allowed: vec![],
            premised: vec![],
        };
        let given: Vec<Symbol> = block.frame.given.iter().map(|s| s.value.clone()).collect();
        let draw = Draw { given, fixed: fixed(&assumptions(0)), subject: place.subject.clone() };
        place.allowed = draw.worlds(seed, false, &assumptions(0));
        if let Some(premise) = place.premise.clone().filter(|p| !defines(p)) {
            let all = assumptions(0);
            let general: Vec<Formula> = all[..outer].to_vec();
            let mut contexts = vec![(false, &all), (true, &all)];
            if block.contradicts {
                contexts.extend([(false, &general), (true, &general)]);
            }
            let met = |(wide, assumed): (bool, &Vec<Formula>)| {
                draw.meeting(&premise, draw.worlds(seed + 1, wide, assumed), wide)
            };
            place.premised = contexts.into_iter().map(met).collect();
        }
        place
    }

    /// The world with the subject at its own value.
    fn closed(&self, world: &World) -> Option<World> {
        let Some((name, variable)) = &self.subject else { return Some(world.clone()) };
        let mut bare = world.clone();
        bare.0.remove(name);
        let value = bare.value(&Expr::Sym(name.clone())).ok()?;
        Some(if *variable == Symbol::new(r"\delta") { bare.with(variable, value) } else { bare })
    }

    /// Whether a version of the line fails in a world, its subject being at its own value.
    fn false_in(&self, body: &Body, world: &World) -> bool {
        let Some(world) = self.closed(world) else { return false };
        match body {
            Body::Statement(f) if self.first && self.contradicts => world.says(f) == Ok(true),
            Body::Statement(f) => fails(world.says(f)),
            Body::Continues(..) => self.links(body).iter().any(|f| fails(world.says(f))),
            Body::Term(_) => false,
        }
    }

    /// What a continuation says of the end of the chain before it, and of its start.
    fn links(&self, body: &Body) -> Vec<Formula> {
        let (Body::Continues(r, right, rest), Some((start, last))) = (body, &self.chain) else {
            return vec![];
        };
        let link = |left: &Expr| {
            let more = [&[(*r, right.clone())], rest.as_slice()].concat();
            Formula::Chain(left.clone(), more)
        };
        vec![link(last), link(start)]
    }

    /// Whether it is asked if a version of the line follows from a premise.
    fn has_to_follow(&self, body: &Body) -> bool {
        matches!(body, Body::Statement(f) if !defines(f)) && !self.premised.is_empty()
    }

    /// Whether a version of the line is certainly wrong to be called proved.
    pub fn disproves(&self, body: &Body) -> bool {
        if let Body::Continues(..) = body {
            let closed: Vec<World> = self.allowed.iter().filter_map(|w| self.closed(w)).collect();
            return self.links(body).first().is_some_and(|f| closed.iter().any(|w| fails(w.says(f))));
        }
        let Body::Statement(f) = body else { return false };
        if !self.has_to_follow(body) {
            return self.allowed.iter().any(|w| self.false_in(body, w));
        }
        let failing = |worlds: &Vec<World>| worlds.iter().any(|w| fails(w.says(f)));
        if !self.premised[0].is_empty() {
            return failing(&self.premised[0]);
        }
        // What cannot hold anywhere says that the premise, too, is impossible.
        let possible = self.premised.iter().flatten().chain(&self.allowed).any(|w| w.says(f) == Ok(true));
        let met: Vec<&Vec<World>> = self.premised.iter().filter(|worlds| !worlds.is_empty()).collect();
        possible && !met.is_empty() && met.into_iter().all(failing)
    }

    /// Whether the line's premise cannot be met in any context, so that anything follows from it.
    pub fn follows_from_nothing(&self) -> bool {
        !self.premised.is_empty() && self.premised.iter().all(Vec::is_empty)
    }

    /// The worlds in which a version of the line has to hold.
    pub fn relevant(&self, body: &Body) -> Vec<World> {
        if self.has_to_follow(body) && !self.premised[0].is_empty() {
            return self.premised[0].clone();
        }
        self.allowed.iter().filter_map(|w| self.closed(w)).collect()
    }

    /// Whether a version of the line fails in a relevant world; `None` where numbers do not tell.
    pub fn fails_in(&self, body: &Body, world: &World) -> Option<bool> {
        let fails = |f: &Formula| match world.says(f) {
            Ok(holds) => Some(!holds),
            Err(No::Value) => Some(true),
            Err(No::Meaning) => None,
        };
        match body {
            Body::Statement(f) if self.first && self.contradicts => fails(f).map(|fails| !fails),
            Body::Statement(f) => fails(f),
            _ => fails(self.links(body).first()?),
        }
    }

    /// Whether a point is one at which a version of the line fails: the premise holds and the line
    /// does not, or it is false. Where numbers do not tell, it may be one.
    pub fn is_witness(&self, body: &Body, at: &BTreeMap<Symbol, Rational>) -> bool {
        let Some(any) = self.allowed.first().or(self.premised.iter().flatten().next()) else { return false };
        let mut world = any.clone();
        world.0.extend(at.iter().filter(|(s, _)| self.is_free(s)).map(|(s, q)| (s.clone(), number(q))));
        if self.false_in(body, &world) || self.rival(body, at, &world) {
            return true;
        }
        let Body::Statement(f) = body else { return false };
        if world.says(f) == Err(No::Meaning) {
            // A derivative at a border, which differences do not give.
            return true;
        }
        self.premise.as_ref().is_some_and(|p| world.says(p) == Ok(true)) && fails(world.says(f))
    }

    /// Whether the point names a better place than the one said to be the best, or shows that the
    /// latter is not in its range.
    fn rival(&self, body: &Body, at: &BTreeMap<Symbol, Rational>, world: &World) -> bool {
        let Body::Statement(Formula::Rel(place, _, Expr::Optimum { which, variable, body, .. })) = body
        else {
            return false;
        };
        let (Some(rival), Ok(place)) = (at.get(variable), world.value(place)) else { return false };
        let value = |x: Float| world.with(variable, x).value(body);
        let (Ok(here), Ok(there)) = (value(place), value(number(rival))) else { return false };
        if which.is_max() { there > here } else { there < here }
    }

    /// Whether a symbol is free here: no choice that responds.
    fn is_free(&self, s: &Symbol) -> bool {
        let choices = [r"\alpha_0", r"\alpha_1"].map(Symbol::new);
        !choices.contains(s) || self.allowed.first().is_some_and(|w| w.0.contains_key(s))
    }
}

fn fails(says: Says) -> bool {
    matches!(says, Ok(false) | Err(No::Value))
}

/// Whether the statement defines a name as the place of an optimum.
fn defines(f: &Formula) -> bool {
    matches!(f, Formula::Rel(Expr::Sym(_), Relation::Eq, Expr::Optimum { which, .. }) if which.is_arg())
}

fn premise_of(derivation: &Derivation, block: &Block, before: &[&Line]) -> Option<Formula> {
    let last = before.iter().rev().find_map(|l| match &l.body {
        Body::Statement(f) => Some(f.clone()),
        _ => None,
    });
    let statement = |p: Premise| match p {
        Premise::Statement(f) => f.value,
        Premise::Line(_) => unreachable!("made to stand alone"),
    };
    let from = || Formula::and(premises(derivation, block).into_iter().map(statement).collect());
    last.or_else(|| (!block.from.is_empty()).then(from))
}

/// What a block is said to follow from, so that it can stand on its own.
pub fn premises(derivation: &Derivation, block: &Block) -> Vec<Premise> {
    let alone = |p: &Premise| match p {
        Premise::Line(n) => {
            let line = &derivation.steps().nth(n - 1).expect("a line").line;
            let Body::Statement(f) = &line.value.body else { panic!("no statement: {}", line.text) };
            Premise::Statement(line.with(f.clone()))
        }
        statement => statement.clone(),
    };
    block.from.iter().map(alone).collect()
}

fn chain_of(before: &[Line]) -> Option<(Expr, Expr)> {
    let mut chain = None;
    for line in before {
        chain = match (&line.body, chain) {
            (Body::Term(e), _) => Some((e.clone(), e.clone())),
            (Body::Statement(Formula::Rel(a, _, b)), _) => Some((a.clone(), b.clone())),
            (Body::Statement(Formula::Chain(a, rest)), _) => Some((a.clone(), rest.last()?.1.clone())),
            (Body::Statement(_), _) => None,
            (Body::Continues(_, right, rest), Some((start, _))) => {
                Some((start, rest.last().map_or(right, |(_, e)| e).clone()))
            }
            (Body::Continues(..), None) => None,
        };
    }
    chain
}

fn subject(block: &Block, lines: &[&Line]) -> Option<(Symbol, Symbol)> {
    match (block.supposing.as_ref().map(|f| &f.value), lines.first().map(|l| &l.body)) {
        (Some(Formula::Rel(Expr::Sym(v), Relation::Eq, Expr::Sym(x))), _) => Some((x.clone(), v.clone())),
        (_, Some(Body::Statement(f @ Formula::Rel(Expr::Sym(x), _, Expr::Optimum { variable, .. }))))
            if defines(f) =>
        {
            Some((x.clone(), variable.clone()))
        }
        _ => None,
    }
}

fn fixed(assumptions: &[Formula]) -> BTreeMap<Symbol, Rational> {
    let value = |f: &Formula| match f {
        Formula::Rel(Expr::Sym(s), Relation::Eq, Expr::Num(q)) => Some((s.clone(), q.clone())),
        _ => None,
    };
    assumptions.iter().filter_map(value).collect()
}

/// How worlds are drawn for a line.
struct Draw {
    given: Vec<Symbol>,
    fixed: BTreeMap<Symbol, Rational>,
    subject: Option<(Symbol, Symbol)>,
}

impl Draw {
    /// Worlds that the assumptions allow; `wide` lets the share leave its range.
    fn worlds(&self, seed: u64, wide: bool, assumptions: &[Formula]) -> Vec<World> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let drawn = (0..DRAWS).map(|i| self.world(&mut rng, i % 2 == 0, wide));
        drawn.filter(|w| assumptions.iter().all(|f| w.says(f) == Ok(true))).collect()
    }

    fn world(&self, rng: &mut ChaCha8Rng, plain: bool, wide: bool) -> World {
        let mut world = World::default();
        let mut from = |simple: &[(i32, i32)], low: i32, high: i32| {
            if plain {
                Rational::from(simple[rng.random_range(0..simple.len())])
            } else {
                // Numerators and denominators too odd for a border to run through the point.
                Rational::from((rng.random_range(low * 97 + 1..high * 97), 97)) + Rational::from((1, 7919))
            }
        };
        for name in ["c_0", "c_1"] {
            let cost = from(&[(1, 1), (2, 1), (1, 2), (3, 1), (3, 2), (1, 3), (4, 1)], 0, 4);
            world.0.insert(Symbol::new(name), number(&cost));
        }
        for name in ["k_0", "k_1"] {
            let s = Symbol::new(name);
            // Near one, powers leave the range of numbers that can be compared.
            let exponent = from(&[(2, 1), (3, 1), (3, 2), (4, 1)], 1, 4);
            let exponent = if exponent < Rational::from((5, 4)) { exponent + 1u32 } else { exponent };
            world.0.insert(s.clone(), number(self.fixed.get(&s).unwrap_or(&exponent)));
        }
        let (low, high) = if wide { (-2, 3) } else { (0, 1) };
        let share = from(&[(0, 1), (1, 1), (1, 2), (1, 3), (3, 4)], low, high);
        let effort = from(&[(0, 1), (1, 1), (1, 2), (2, 1)], 0, 2);
        let more = from(&[(0, 1), (1, 1), (1, 3), (3, 1)], 0, 2);
        let other = from(&[(0, 1), (1, 1), (2, 1)], 0, 2);
        let constant = from(&[(0, 1), (1, 1), (-1, 2)], -2, 2);
        let unknown = from(&[(0, 1), (1, 1), (-1, 1)], -2, 3);
        let holds = |latex: &str| self.given.is_empty() || self.given.contains(&Symbol::new(latex));
        let mut put = |latex: &str, q: &Rational| {
            world.0.insert(Symbol::new(latex), number(q));
        };
        put(r"\alpha", &other);
        put(r"[\operatorname{const}]", &constant);
        if holds(r"\delta") {
            put(r"\delta", &share);
        }
        if !self.given.is_empty() && holds(r"\alpha_0") {
            put(r"\alpha_0", &effort);
        }
        if !self.given.is_empty() && holds(r"\alpha_1") {
            put(r"\alpha_1", &(effort + more));
        }
        if let Some((name, _)) = &self.subject {
            put(name.latex(), &unknown);
        }
        world
    }

    /// The worlds in which the premise holds; for an equation, made to hold by the unknown.
    fn meeting(&self, premise: &Formula, worlds: Vec<World>, wide: bool) -> Vec<World> {
        let mut met = vec![];
        for world in worlds {
            if met.len() >= KEPT {
                break;
            }
            match (premise, &self.subject) {
                (Formula::Rel(a, Relation::Eq, b), Some((name, variable))) => {
                    let share = *variable == Symbol::new(r"\delta");
                    let unknown = if share { variable } else { name };
                    let range = match (share, wide) {
                        (true, false) => (0, 1),
                        (true, true) => (-3, 4),
                        (false, _) => (-2, 10),
                    };
                    let gap = |x: &Float| {
                        let world = world.with(unknown, x.clone());
                        Some(world.value(a).ok()? - world.value(b).ok()?)
                    };
                    let roots = roots(&gap, range).into_iter().map(|x| world.with(unknown, x));
                    met.extend(roots.filter(|w| w.says(premise) == Ok(true)));
                }
                _ if world.says(premise) == Ok(true) => met.push(world),
                _ => {}
            }
        }
        met
    }
}

/// Places in a range at which a function changes its sign, and those of an even division at which
/// it is zero.
fn roots(f: &dyn Fn(&Float) -> Option<Float>, (low, high): (i32, i32)) -> Vec<Float> {
    let at = |i: i32| number(&(Rational::from((i * (high - low), PIECES)) + low));
    let samples: Vec<(Float, Option<Float>)> = (0..=PIECES).map(|i| (at(i), f(&at(i)))).collect();
    let mut found: Vec<Float> = samples
        .iter()
        .filter(|(_, y)| y.as_ref().is_some_and(|y| y.clone().abs() < 1e-40))
        .map(|(x, _)| x.clone())
        .collect();
    if found.len() > 2 {
        // Zero everywhere: any place will do.
        found.truncate(2);
        return found;
    }
    for pair in samples.windows(2) {
        let [(a, Some(fa)), (b, Some(fb))] = pair else { continue };
        if fa.is_sign_negative() != fb.is_sign_negative() && !fa.is_zero() && !fb.is_zero() {
            found.extend(refined(f, (a.clone(), fa.clone()), (b.clone(), fb.clone())));
        }
    }
    found
}

/// The root between two places with values of opposite signs (the Illinois method).
fn refined(f: &dyn Fn(&Float) -> Option<Float>, a: (Float, Float), b: (Float, Float)) -> Option<Float> {
    let ((mut a, mut fa), (mut b, mut fb)) = (a, b);
    for _ in 0..STEPS {
        let x = (a.clone() * &fb - b.clone() * &fa) / (fb.clone() - &fa);
        let y = f(&x)?;
        if y.clone().abs() < 1e-60 {
            // Near a flat root, many places are as good.
            let beside = f(&(x.clone() + 1e-30))?;
            return (beside.abs() > 1e-36).then_some(x);
        }
        if y.is_sign_negative() == fb.is_sign_negative() {
            fa /= 2u32;
        } else {
            (a, fa) = (b, fb);
        }
        (b, fb) = (x, y);
    }
    None
}

/// All lines of a paper that state something.
pub fn places(paper: &Paper) -> Vec<(usize, usize, usize)> {
    let mut out = vec![];
    for (d, derivation) in paper.derivations.iter().enumerate() {
        for (b, block) in derivation.blocks.iter().enumerate() {
            let states = |i: &usize| !matches!(reading(&block.steps[*i]).body, Body::Term(_));
            out.extend((0..block.steps.len()).filter(states).map(|i| (d, b, i)));
        }
    }
    out
}
