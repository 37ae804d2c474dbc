//! Drawn numbers for the symbols of a claim or line, and the numbers of a point that an audit names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proofread::document::Frame;
use proofread::expr::{Expr, Formula, Relation, Symbol};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

use crate::numbers::{World, number};

/// Most members of a drawn family.
const MEMBERS: usize = 3;
/// Most members of a family at a point that the audit names.
const NAMED_MEMBERS: usize = 64;
/// The index letters of the paper.
const LETTERS: [&str; 2] = ["i", "j"];

/// Whether the game has as many members as one likes.
pub fn several(frame: &Frame) -> bool {
    frame.game.as_deref() == Some("several-specialists")
}

/// How worlds are drawn.
pub struct Draw {
    given: Vec<Symbol>,
    fixed: BTreeMap<Symbol, Rational>,
    /// A name that is drawn although it stands for something.
    unknown: Option<Symbol>,
    several: bool,
    definitions: Arc<BTreeMap<Symbol, Expr>>,
}

impl Draw {
    pub fn new(frame: &Frame, unknown: Option<Symbol>) -> Draw {
        let value = |f: &Formula| match f {
            Formula::Rel(Expr::Sym(s), Relation::Eq, Expr::Num(q)) => Some((s.clone(), q.clone())),
            _ => None,
        };
        let definition = |d: &proofread::document::Definition| {
            d.params.is_empty().then(|| (d.head.value.clone(), d.body.value.clone()))
        };
        Draw {
            given: frame.given.iter().map(|s| s.value.clone()).collect(),
            fixed: frame.assuming.iter().filter_map(|f| value(&f.value)).collect(),
            unknown,
            several: several(frame),
            definitions: Arc::new(frame.definitions.iter().filter_map(definition).collect()),
        }
    }

    /// So many worlds; every other one off all borders. `wide` lets the share leave its range.
    pub fn worlds(&self, seed: u64, wide: bool, draws: usize) -> Vec<World> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..draws).map(|i| self.world(&mut rng, 1 + i / 2 % MEMBERS, i % 2 == 0, wide)).collect()
    }

    fn world(&self, rng: &mut ChaCha8Rng, size: usize, plain: bool, wide: bool) -> World {
        let mut world = World { definitions: self.definitions.clone(), ..World::default() };
        if self.several {
            world.members = size;
            let member = |letter: &str| (Symbol::new(letter), rng.random_range(1..=size));
            world.letters = LETTERS.into_iter().map(member).collect();
            world.at.insert(Symbol::new("n"), number(&Rational::from(size)));
        }
        let mut from = |simple: &[(i32, i32)], low: i32, high: i32| {
            if plain {
                Rational::from(simple[rng.random_range(0..simple.len())])
            } else {
                // Numerators and denominators too odd for a border to run through the point.
                Rational::from((rng.random_range(low * 97 + 1..high * 97), 97)) + Rational::from((1, 7919))
            }
        };
        let mut put = |latex: &str, q: &Rational| {
            world.at.insert(Symbol::new(latex), number(q));
        };
        for k in 0..=world.members {
            let cost = from(&[(1, 1), (2, 1), (1, 2), (3, 1), (3, 2), (1, 3), (4, 1)], 0, 4);
            put(&format!("c_{k}"), &cost);
        }
        for k in 0..=world.members {
            let exponent = if self.several && k > 0 {
                from(&[(2, 1), (3, 1), (5, 2), (4, 1)], 2, 4)
            } else {
                from(&[(2, 1), (3, 1), (3, 2), (4, 1)], 1, 4)
            };
            // Near one, powers leave the range of numbers that can be compared.
            let exponent = if exponent < Rational::from((5, 4)) { exponent + 1u32 } else { exponent };
            let own = self.fixed.get(&Symbol::new(&format!("k_{k}")));
            let family = self.fixed.get(&Symbol::new("k_i")).filter(|_| k > 0);
            put(&format!("k_{k}"), own.or(family).unwrap_or(&exponent));
        }
        let (low, high) = if wide { (-2, 3) } else { (0, 1) };
        let share = from(&[(0, 1), (1, 1), (1, 2), (1, 3), (3, 4)], low, high);
        let effort = from(&[(0, 1), (1, 1), (1, 2), (2, 1)], 0, 2);
        let holds = |latex: &str| self.given.is_empty() || self.given.contains(&Symbol::new(latex));
        if holds(r"\delta") {
            put(r"\delta", &share);
        }
        if !self.given.is_empty() && holds(r"\alpha_0") {
            put(r"\alpha_0", &effort);
        }
        for k in 1..=world.members {
            let more = from(&[(0, 1), (1, 1), (1, 3), (3, 1)], 0, 2);
            if !self.given.is_empty() && (holds(&format!(r"\alpha_{k}")) || holds(r"\alpha_i")) {
                put(&format!(r"\alpha_{k}"), &(effort.clone() + more));
            }
        }
        put(r"\alpha", &from(&[(0, 1), (1, 1), (2, 1)], 0, 2));
        put(r"[\operatorname{const}]", &from(&[(0, 1), (1, 1), (-1, 2)], -2, 2));
        for letter in ["a", "b", "q", "s"] {
            put(letter, &from(&[(0, 1), (1, 1), (1, 2), (1, 3), (3, 4)], 0, 1));
        }
        put("p", &from(&[(1, 1), (1, 2), (3, 1)], 0, 3));
        put("l", &from(&[(0, 1), (1, 1), (-1, 1)], -2, 2));
        if let Some(name) = &self.unknown {
            put(name.latex(), &from(&[(0, 1), (1, 1), (-1, 1)], -2, 3));
        }
        world
    }
}

impl World {
    /// The worlds that a point may mean: with its number of members, and with each letter standing
    /// for a member of whom the same is said. What it does not name is as it is here. None, if the
    /// point is outside the domains of the parameters.
    pub fn at_point(&self, at: &BTreeMap<Symbol, Rational>, several: bool) -> Vec<World> {
        let mut world = self.clone();
        if several {
            let size = at.get(&Symbol::new("n")).map(|n| n.is_integer().then(|| n.to_f64() as usize));
            match size {
                Some(Some(size @ 1..=NAMED_MEMBERS)) => world.resize(size),
                Some(_) => return vec![],
                None => world.resize(self.members),
            }
        }
        let mut all = vec![];
        for i in 1..=world.members {
            for j in 1..=world.members {
                let mut world = world.clone();
                if several {
                    world.letters = LETTERS.into_iter().map(Symbol::new).zip([i, j]).collect();
                }
                if world.put_all(at) && world.is_in_domain(several) {
                    all.push(world);
                }
            }
        }
        all
    }

    /// With so many members, new ones like the first.
    fn resize(&mut self, size: usize) {
        for name in ["c", "k", r"\alpha"] {
            let first = self.at.get(&Symbol::new(&format!("{name}_1"))).cloned();
            for k in 1..=self.members.max(size) {
                let symbol = Symbol::new(&format!("{name}_{k}"));
                match &first {
                    Some(x) if k > self.members => {
                        self.at.insert(symbol, x.clone());
                    }
                    _ if k > size => {
                        self.at.remove(&symbol);
                    }
                    _ => {}
                }
            }
        }
        self.members = size;
        self.at.insert(Symbol::new("n"), number(&Rational::from(size)));
    }

    /// Whether the values do not contradict one another, one member having two names.
    fn put_all(&mut self, at: &BTreeMap<Symbol, Rational>) -> bool {
        let mut said: BTreeMap<Symbol, &Rational> = BTreeMap::new();
        let agrees = at.iter().all(|(s, q)| said.insert(self.resolved(s), q).is_none_or(|other| other == q));
        self.at.extend(said.into_iter().map(|(s, q)| (s, number(q))));
        agrees
    }

    fn is_in_domain(&self, several: bool) -> bool {
        let names: BTreeSet<String> =
            (0..=self.members).flat_map(|k| [format!("c_{k}"), format!("k_{k}")]).collect();
        names.iter().all(|name| {
            let Ok(x) = self.get(name) else { return false };
            match name.as_str() {
                c if c.starts_with('c') => x > 0,
                "k_0" => x > 1,
                _ if several => x >= 2,
                _ => x > 1,
            }
        })
    }
}
