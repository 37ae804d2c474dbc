//! One line of a derivation: where it stands, and what is really the case with a version of it.

use std::collections::BTreeMap;

use proofread::document::{Block, Derivation, Paper, Premise, Step};
use proofread::expr::{Expr, Formula, Relation, Symbol};
use proofread::tex::{Body, Line};
use rug::{Float, Rational};

use crate::numbers::{No, Says, World, number};
use crate::worlds::{Draw, several};

/// Worlds drawn for a line, those that its assumptions exclude included.
const DRAWS: usize = 120;
/// The same where the number of members is drawn, too: each world takes longer.
const DRAWS_OF_SEVERAL: usize = 90;
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
    /// How many members there are is open.
    pub several: bool,
    /// What its points have to meet.
    assuming: Vec<Formula>,
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
            several: several(&block.frame),
            assuming: assumptions(if block.contradicts { block.frame.assuming.len() } else { 0 }),
            premise: premise_of(derivation, block, before),
            chain: chain_of(&needed[..needed.len() - 1]),
            subject: subject(block, &lines),
            lines: needed,
            allowed: vec![],
            premised: vec![],
        };
        let draws = if place.several { DRAWS_OF_SEVERAL } else { DRAWS };
        let subject = place.subject.as_ref().map(|(name, _)| name.clone());
        let draw = Draw::new(&block.frame, subject);
        let worlds = |seed: u64, wide: bool, assumed: &[Formula]| -> Vec<World> {
            let met = |w: &World| assumed.iter().all(|f| w.says(f) == Ok(true));
            draw.worlds(seed, wide, draws).into_iter().filter(met).collect()
        };
        place.allowed = worlds(seed, false, &assumptions(0));
        if let Some(premise) = place.premise.clone().filter(|p| !defines(p)) {
            let all = assumptions(0);
            let general: Vec<Formula> = all[..outer].to_vec();
            let mut contexts = vec![(false, &all), (true, &all)];
            if block.contradicts {
                contexts.extend([(false, &general), (true, &general)]);
            }
            let met = |(wide, assumed): (bool, &Vec<Formula>)| {
                meeting(&premise, place.subject.as_ref(), worlds(seed + 1, wide, assumed), wide)
            };
            place.premised = contexts.into_iter().map(met).collect();
        }
        place
    }

    /// The world with the subject at its own value.
    fn closed(&self, world: &World) -> Option<World> {
        let Some((name, variable)) = &self.subject else { return Some(world.clone()) };
        let bare = world.without(name);
        let value = bare.value(&Expr::Sym(name.clone())).ok()?;
        Some(if *variable == Symbol::new(r"\delta") { bare.with(variable, value) } else { bare })
    }

    /// Whether a version of the line fails in a world, its subject being at its own value.
    fn false_in(&self, body: &Body, world: &World) -> bool {
        let false_in = |world: &World| match body {
            Body::Statement(f) if self.first && self.contradicts => world.says(f) == Ok(true),
            Body::Statement(f) => fails(world.says(f)),
            Body::Continues(..) => self.links(body).iter().any(|f| fails(world.says(f))),
            Body::Term(_) => false,
        };
        match (self.closed(world), &self.subject) {
            (Some(world), _) => false_in(&world),
            // Several shares are as good.
            (None, Some((_, share))) if *share == Symbol::new(r"\delta") => {
                let shares = [(0, 1), (1, 2), (1, 1)].map(|q| number(&Rational::from(q)));
                shares.into_iter().all(|x| false_in(&world.with(share, x)))
            }
            (None, _) => false,
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

    /// Whether the line says nothing in a world, being an implication.
    pub fn is_silent(&self, body: &Body, world: &World) -> bool {
        matches!(body, Body::Statement(Formula::Implies(p, _)) if world.says(p) != Ok(true))
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
        let at = at.iter().filter(|(s, _)| self.is_free(s)).map(|(s, q)| (s.clone(), q.clone())).collect();
        // What the point does not name can be anything.
        let mut others = self.allowed.iter().chain(self.premised.iter().flatten());
        others.any(|w| w.at_point(&at, self.several).iter().any(|world| self.fails_at(body, &at, world)))
    }

    fn fails_at(&self, body: &Body, at: &BTreeMap<Symbol, Rational>, world: &World) -> bool {
        if self.assuming.iter().any(|f| world.says(f) == Ok(false)) {
            return false;
        }
        if self.false_in(body, world) || self.rival(body, at, world) {
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

    /// Whether the payoffs that a statement speaks of are those of the game.
    pub fn knows_functions_of(&self, f: &Formula) -> bool {
        let foreign = if self.several { "U_D" } else { "U_D_i" };
        !f.terms().into_iter().any(|e| applies(e, &Symbol::new(foreign)))
    }

    /// Whether a symbol is free here: no choice that responds.
    fn is_free(&self, s: &Symbol) -> bool {
        let Some(any) = self.allowed.first() else { return true };
        let is_choice = s.key().strip_prefix(r"\alpha_").is_some_and(|k| !k.contains('^'));
        !is_choice || any.at.contains_key(&any.resolved(s))
    }
}

fn applies(e: &Expr, name: &Symbol) -> bool {
    matches!(e, Expr::Apply { function, .. } if function == name)
        || e.children().into_iter().any(|c| applies(c, name))
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

/// The worlds in which the premise holds; for an equation, made to hold by the unknown.
fn meeting(
    premise: &Formula,
    subject: Option<&(Symbol, Symbol)>,
    worlds: Vec<World>,
    wide: bool,
) -> Vec<World> {
    let mut met = vec![];
    for world in worlds {
        if met.len() >= KEPT {
            break;
        }
        match (premise, subject) {
            (Formula::Rel(a, Relation::Eq, b), Some((name, variable))) => {
                let share = *variable == Symbol::new(r"\delta");
                let unknown = if share { variable } else { name };
                let range = match (share, wide) {
                    (true, false) => (0, 1),
                    (true, true) => (-3, 4),
                    (false, _) => (-2, 10),
                };
                // A line may speak of the place of an optimum by its variable.
                let is_free = |w: &World| !w.at.contains_key(&w.resolved(variable));
                let at = |x: Float| match is_free(&world) && premise.free().contains(variable) {
                    true => world.with(variable, x.clone()).with(unknown, x),
                    false => world.with(unknown, x),
                };
                let gap = |x: &Float| {
                    let world = at(x.clone());
                    Some(world.value(a).ok()? - world.value(b).ok()?)
                };
                let roots = roots(&gap, range).into_iter().map(at);
                met.extend(roots.filter(|w| w.says(premise) == Ok(true)));
            }
            _ if world.says(premise) == Ok(true) => met.push(world),
            _ => {}
        }
    }
    met
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

/// All lines of a paper that state something of functions that have a formula: there is no value to
/// compare for the others.
pub fn places(paper: &Paper) -> Vec<(usize, usize, usize)> {
    let mut out = vec![];
    let has_formulas = |derivation: &Derivation| {
        let game = paper.game(&derivation.frame);
        let defined = |name: &Symbol| game.is_some_and(|g| g.game.functions.iter().any(|f| f.name == *name));
        let payoffs = || game.iter().flat_map(|g| &g.game.payoffs);
        let any = paper.functions.iter().filter(|f| !defined(&f.name));
        any.into_iter().all(|f| !payoffs().any(|p| p.body.applies(&f.name)))
    };
    for (d, derivation) in paper.derivations.iter().enumerate().filter(|(_, d)| has_formulas(d)) {
        for (b, block) in derivation.blocks.iter().enumerate() {
            let states = |i: &usize| !matches!(reading(&block.steps[*i]).body, Body::Term(_));
            out.extend((0..block.steps.len()).filter(states).map(|i| (d, b, i)));
        }
    }
    out
}
