//! Games with families of players: what is derived for any number of members against what is
//! measured from the primitives, at random games of one to eight members.

#[allow(dead_code)]
mod support;

use std::collections::BTreeMap;

use proofread::exact::Meter;
use proofread::expr::derive::derivative;
use proofread::expr::fold::fold;
use proofread::expr::substitute::Substitution;
use proofread::expr::{Expr, Formula, Function, Scope, Symbol};
use proofread::game::{Game, induction};
use proofread::optimum::{Objective, Oracle, Which};
use proofread::prove::Engines;
use proofread::prove::evaluate::{Point, Value, refined};
use proofread::solve::{Profile, SolveError, solve};
use proofread::sums::instance::{Instance, number};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use rug::ops::Pow as _;
use rug::{Float, Rational};

const SEED: u64 = 12;
/// Games at which play is compared, and those at which all solutions are.
const GAMES: u64 = 200;
const SOLVED: u64 = 40;
/// Digits that must agree.
const DIGITS: u32 = 30;
const BITS: u32 = 400;

/// A game for any number of members, its best responses in terms of parameters and share.
struct Derived {
    game: Game,
    scope: Scope,
    path: Substitution,
}

fn derived(name: &str) -> Derived {
    let paper = support::papers(&support::proofs().join("fine-tuning-games")).remove(0);
    let game = &paper.games[name];
    let scope = game.scope(&paper.symbols);
    let of_parameters = |f: &Formula| f.free().iter().all(|s| game.game.choice_of(s).is_none());
    let facts: Vec<Formula> =
        scope.facts().iter().map(Formula::unchained).filter(|f| of_parameters(f)).collect();
    let differentiate = |e: &Expr, x: &Symbol| derivative(e, x);
    let equilibrium = induction::solve(&game.game, &facts, &Engines::default(), &differentiate)
        .expect("the game is solved for any number of members");
    Derived { game: game.game.clone(), scope, path: equilibrium.path() }
}

/// A game with so many members at drawn parameters.
struct Drawn {
    game: Game,
    size: usize,
    parameters: Point,
    share: Rational,
    /// Each choice in terms of the parameters and the share.
    choices: Substitution,
}

impl Derived {
    fn draw(&self, number_of_game: u64) -> Drawn {
        let mut rng = ChaCha8Rng::seed_from_u64(SEED * 1_000_003 + number_of_game);
        let size = rng.random_range(1..=8);
        let mut parameters = Point::new();
        for k in 0..=size {
            let cost = Rational::from(10).pow(rng.random_range(-3..3)) * rng.random_range(1..=10);
            let exponent = Rational::from((rng.random_range(6..=18), 3));
            parameters.insert(Symbol::new(&format!("c_{k}")), cost);
            parameters.insert(Symbol::new(&format!("k_{k}")), exponent);
        }
        let share = Rational::from((rng.random_range(1..1000), 1000));
        self.at(size, parameters, share)
    }

    fn at(&self, size: usize, parameters: Point, share: Rational) -> Drawn {
        let game = self.game.instance(size).expect("an instance");
        let mut choices = Substitution::new();
        for (variable, value) in &self.path {
            let members = match self.game.family(variable) {
                Some((_, letter)) => (1..=size).map(|k| Some((letter.clone(), k))).collect(),
                None => vec![None],
            };
            for member in members {
                let letters: BTreeMap<Symbol, usize> = member.iter().cloned().collect();
                let here = Instance { ranges: self.scope.indices(), size, letters };
                let name = member
                    .and_then(|(letter, k)| variable.reindexed(&letter, &number(k)))
                    .unwrap_or_else(|| variable.clone());
                choices.insert(name, here.term(value).expect("sums over whole ranges"));
            }
        }
        Drawn { game, size, parameters, share, choices }
    }
}

impl Drawn {
    fn told(&self) -> String {
        let at: Vec<String> = self.parameters.iter().map(|(s, v)| format!("{s}={v}")).collect();
        format!("seed {SEED}: n={} {} share {}", self.size, at.join(" "), self.share)
    }

    /// A derived term's value.
    fn value(&self, e: &Expr) -> Float {
        let mut at = self.parameters.clone();
        at.insert(self.game.shares[0].symbol.clone(), self.share.clone());
        match refined(e, &at, DIGITS as usize + 10, 4096) {
            Value::Exact(q) => Float::with_val(BITS, q),
            Value::Enclosed(ball) => Float::with_val(BITS, ball.midpoint().expect("bounded")),
            other => panic!("{}: {other:?}", self.told()),
        }
    }

    fn profile(&self) -> Profile {
        let with: Substitution =
            self.parameters.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let over_share = |e: &Expr| fold(&e.substitute_all(&self.choices).substitute_all(&with));
        let payoffs: Vec<(Symbol, Expr)> =
            self.game.payoffs.iter().map(|p| (p.player.clone(), over_share(&p.body))).collect();
        Profile {
            share: self.game.shares[0].symbol.clone(),
            lower: Rational::new(),
            upper: Rational::from(1),
            disagreement: vec![Rational::new(); payoffs.len()],
            payoffs,
            performance: self.game.performance.as_ref().map(over_share),
            reported: vec![],
        }
    }

    fn payoff(&self, k: usize) -> Expr {
        Expr::Apply { function: self.game.payoffs[k].function.clone(), primes: 0, args: vec![] }
    }

    /// What a solution maximises, from the primitives.
    fn objective(&self, solution: &str) -> Option<Expr> {
        let all = || (0..self.game.payoffs.len()).map(|k| self.payoff(k)).collect::<Vec<_>>();
        match solution {
            "max-performance" => self.game.performance.clone(),
            "vertical-monopoly" => Some(Expr::Add(all())),
            "egalitarian" => Some(Expr::Fun(Function::Min, all())),
            "nash" => Some(Expr::Mul(all())),
            other => {
                let player = Symbol::new(other.strip_prefix("powerful-")?);
                self.game.payoffs.iter().position(|p| p.player == player).map(|k| self.payoff(k))
            }
        }
    }
}

fn agree(derived: &Float, measured: &Float, what: &str) {
    let size = Float::with_val(BITS, derived.clone().abs().max(&measured.clone().abs()));
    let off = Float::with_val(BITS, derived - measured).abs();
    let allowed = size * Float::with_val(BITS, 10).pow(-(DIGITS as i32));
    assert!(off <= allowed, "{what}: derived {derived}, measured {measured}");
}

#[test]
fn derived_play_and_measured_play_agree_at_two_hundred_random_games() {
    println!("seed {SEED}, {GAMES} games");
    let derived = derived("several-specialists");
    (0..GAMES).into_par_iter().for_each(|number| {
        let drawn = derived.draw(number);
        let oracle = Oracle::new(&drawn.game, &drawn.parameters, DIGITS + 4).expect("a game that is handled");
        let share = Float::with_val(BITS, &drawn.share);
        let shares = BTreeMap::from([(drawn.game.shares[0].symbol.clone(), share)]);
        let play = oracle.play(&shares).unwrap_or_else(|e| panic!("{}: {e}", drawn.told()));
        for (variable, value) in &drawn.choices {
            agree(&drawn.value(value), &play.choices[variable], &format!("{}: {variable}", drawn.told()));
        }
        for p in &drawn.game.payoffs {
            let value = drawn.value(&p.body.substitute_all(&drawn.choices));
            agree(&value, &play.payoffs[&p.player], &format!("{}: {}", drawn.told(), p.function));
        }
    });
}

#[test]
fn certified_solutions_of_derived_payoffs_agree_with_measured_optima_of_the_primitives() {
    println!("seed {SEED}, {SOLVED} games");
    let derived = derived("several-specialists");
    let compared: usize = (0..SOLVED)
        .into_par_iter()
        .map(|number| {
            let drawn = derived.draw(GAMES + number);
            let solved = solve(&drawn.profile(), DIGITS + 4, &Meter::unlimited())
                .unwrap_or_else(|e| panic!("{}: {e}", drawn.told()));
            for (name, why) in &solved.failures {
                let is_known = name == "kalai-smorodinsky" && *why == SolveError::NoEqualParts;
                assert!(is_known, "{}: {name}: {why}", drawn.told());
            }
            assert!(solved.pareto.is_ok(), "{}: {:?}", drawn.told(), solved.pareto);
            let oracle =
                Oracle::new(&drawn.game, &drawn.parameters, DIGITS + 4).expect("a game that is handled");
            let mut compared = 0;
            for s in solved.solutions.iter().filter(|s| !s.ties) {
                let Some(objective) = drawn.objective(&s.name) else { continue };
                let what = format!("{}: {}", drawn.told(), s.name);
                let found = oracle
                    .optimum(&Objective::new(objective), Which::Max)
                    .unwrap_or_else(|e| panic!("{what}: {e}"));
                let share = Float::with_val(BITS, s.share().ball().midpoint().expect("bounded"));
                agree(&share, &found.share, &what);
                compared += 1;
            }
            compared
        })
        .sum();
    assert!(compared as u64 >= 5 * SOLVED, "{compared} solutions were compared");
}

#[test]
fn one_member_gives_back_the_game_with_one_player_in_the_place_of_the_family() {
    let (one, several) = (derived("one-specialist"), derived("several-specialists"));
    let costs = [((1, 1), (2, 1)), ((3, 1), (1, 4)), ((1, 700), (900, 1)), ((5, 1), (5, 1))];
    let exponents = [((2, 1), (2, 1)), ((3, 1), (4, 1)), ((7, 3), (2, 1)), ((2, 1), (11, 2))];
    for ((c_0, c_1), (k_0, k_1)) in costs.into_iter().flat_map(|c| exponents.map(|k| (c, k))) {
        let at: Point = [("c_0", c_0), ("c_1", c_1), ("k_0", k_0), ("k_1", k_1)]
            .into_iter()
            .map(|(s, v)| (Symbol::new(s), Rational::from(v)))
            .collect();
        let solved = |game: &Derived| {
            let drawn = game.at(1, at.clone(), Rational::from((1, 2)));
            solve(&drawn.profile(), 40, &Meter::unlimited()).unwrap_or_else(|e| panic!("{at:?}: {e}"))
        };
        let (one, several) = (solved(&one), solved(&several));
        assert_eq!(one.solutions.len(), 7, "{:?}", one.failures);
        assert_eq!(one.solutions.len(), several.solutions.len(), "{:?}", several.failures);
        for (a, b) in one.solutions.iter().zip(&several.solutions) {
            assert_eq!(a.name.replace("-D", "-D_1"), b.name);
            assert_eq!(a.share().decimals(), b.share().decimals(), "{} at {at:?}", a.name);
            for ((_, u), (_, v)) in a.utilities.iter().zip(&b.utilities) {
                assert_eq!(u.decimals(), v.decimals(), "{} at {at:?}", a.name);
            }
        }
        let ends = |p: &proofread::solve::Solved| -> Vec<(String, String)> {
            let pareto = p.pareto.as_ref().expect("a pareto set");
            pareto.iter().map(|(a, b)| (a.decimals().to_owned(), b.decimals().to_owned())).collect()
        };
        assert_eq!(ends(&one), ends(&several));
    }
}

/// What `proofread solve` says of the game with several members, with exit code 2.
fn refused(set: &[&str]) -> String {
    let paper = support::proofs().join("fine-tuning-games");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_proofread"));
    command.arg("solve").arg(paper).args(["--game", "several-specialists"]);
    let output = command.args(set.iter().flat_map(|s| ["--set", s])).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{set:?}: {said}");
    assert!(output.stdout.is_empty() && !said.contains("panicked"), "{set:?}: {said}");
    said
}

#[test]
fn numbers_of_members_and_parameters_that_make_no_game_are_refused_each_with_its_reason() {
    let rest = ["c_0=1", "k_0=2", "k_i=2"];
    let with = |more: &[&'static str]| refused(&[&rest[..], more].concat());
    for (set, words) in [
        (&["n=0", "c_i=1"][..], &["`n = 0`", "outside its domain"][..]),
        (&["n=-3", "c_i=1"], &["`n = -3`", "outside its domain"]),
        (&["n=5/2", "c_i=1"], &["`n = 5/2`", "natural number"]),
        (&["n=10000", "c_i=1"], &["`n = 10000`", "too many members", "--set n=1000"]),
        (&["n=1000000000", "c_i=1"], &["`n = 1000000000`", "too many members"]),
        (&["n=1e30", "c_i=1"], &["too many members"]),
        (&["c_i=1"], &["`n`", "no value"]),
        (&["n=2", "c_1=1"], &["`c_2`", "no value"]),
        (&["n=2", "c_i=1", "c_3=1"], &["`c_3`", "`n = 2`", "no such member"]),
        (&["n=2", "c_i=1", "c_2=-1"], &["`c_2 = -1`", "outside its domain"]),
        (&["n=2", "c_i=0"], &["`c_1 = 0`", "outside its domain"]),
        (&["n=2", "c_i=1", "k_2=1"], &["`k_2 = 1`", "outside its domain"]),
        (&["n=2", "c_i=1", "k_1=1/2"], &["`k_1 = 1/2`", "outside its domain"]),
        (&["n=2", "c_i=1", "z=1"], &["`z`", "no parameter"]),
    ] {
        let said = with(set);
        for w in words {
            assert!(said.contains(w), "{set:?}: `{w}` is not in: {said}");
        }
    }
}

#[test]
fn a_number_of_members_that_no_game_is_written_out_for_is_an_error() {
    let game = derived("several-specialists").game;
    assert_eq!(
        game.instance(0).err().map(|e| e.to_string()),
        Some("a family has at least one member".into())
    );
    let instance = game.instance(3).expect("an instance");
    let parameters = Point::from([("c_0".into(), Rational::from(1)), ("k_0".into(), Rational::from(2))]);
    let unset = Oracle::new(&instance, &parameters, DIGITS).err().map(|e| e.to_string());
    assert!(unset.is_some_and(|e| e.contains("has no value")), "members without parameters are played");
}
