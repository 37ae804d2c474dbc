//! Statements with logarithms, exponentials and real powers: each answer against the values at
//! many points, computed here at 300 bits, and each piece of evidence against the re-check.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proofread::expr::fold::fold_formula;
use proofread::expr::{Expr, Formula, Function, Relation, Symbol};
use proofread::prove::recheck::{Recheck, replay};
use proofread::prove::{Engines, Judge as _, Judgement};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::{Float, Rational, ops::Pow as _};

use crate::evaluate::Point;
use crate::random::Question;
use crate::{edit, setting};

const BITS: u32 = 300;

/// Differences below this share of the sides are left open.
const OPEN: f64 = 1e-40;

fn x() -> Expr {
    Expr::sym("x")
}
fn ln(e: Expr) -> Expr {
    Expr::Fun(Function::Ln, vec![e])
}
fn exp(e: Expr) -> Expr {
    Expr::Fun(Function::Exp, vec![e])
}
fn n(v: i64) -> Expr {
    Expr::int(v)
}

/// The value of a term, with an error far below [`OPEN`]; `None` where it is undefined.
fn value(e: &Expr, at: &Point) -> Option<Float> {
    let float = |q: &Rational| Float::with_val(BITS, q);
    Some(match e {
        Expr::Num(q) => float(q),
        Expr::Sym(s) => float(at.get(s)?),
        Expr::Add(xs) => xs.iter().try_fold(Float::new(BITS), |sum, t| Some(sum + value(t, at)?))?,
        Expr::Mul(xs) => {
            xs.iter().try_fold(Float::with_val(BITS, 1), |product, t| Some(product * value(t, at)?))?
        }
        Expr::Pow(b, p) => {
            let base = value(b, at)?;
            match p.as_int() {
                Some(k) if k >= 0 || base != 0 => base.pow(k as i32),
                None if base > 0 => base.pow(value(p, at)?),
                None if base == 0 && value(p, at)? > 0 => Float::new(BITS),
                _ => return None,
            }
        }
        Expr::Fun(Function::Ln, a) => Some(value(&a[0], at)?).filter(|v| *v > 0)?.ln(),
        Expr::Fun(Function::Exp, a) => value(&a[0], at)?.exp(),
        other => panic!("{other:?} is not drawn"),
    })
}

/// Whether a relation holds; `None` where the sides are too close to tell.
fn holds(f: &Formula, at: &Point) -> Option<bool> {
    let (a, r, b) = match f {
        Formula::True => return Some(true),
        Formula::False => return Some(false),
        Formula::Rel(a, r, b) => (a, r, b),
        other => panic!("{other:?} is not drawn"),
    };
    let (Some(a), Some(b)) = (value(a, at), value(b, at)) else { return Some(false) };
    let size = Float::with_val(BITS, a.abs_ref()) + Float::with_val(BITS, b.abs_ref());
    let difference = a - b;
    let close = Float::with_val(BITS, difference.abs_ref()) <= (size + 1) * OPEN;
    if close { None } else { Some(r.holds(difference.cmp0()?)) }
}

fn met(q: &Question, at: &Point) -> bool {
    // Hypotheses compare literals and symbols: they are decided exactly.
    q.hypotheses.iter().all(|h| {
        let Formula::Rel(a, r, b) = h else { panic!("{h:?} is not drawn") };
        let rational = |e: &Expr| match e {
            Expr::Num(v) => v.clone(),
            Expr::Sym(s) => at[s].clone(),
            other => panic!("{other:?} is not drawn"),
        };
        r.holds(rational(a).cmp(&rational(b)))
    })
}

struct Draw<'r> {
    rng: &'r mut ChaCha8Rng,
}

impl Draw<'_> {
    fn one_of(&mut self, n: u32) -> bool {
        self.rng.random_range(0..n) == 0
    }
    fn ratio(&mut self, least: i64, most: i64) -> Expr {
        Expr::ratio(self.rng.random_range(least..=most), self.rng.random_range(1..=3))
    }

    /// Sides of a statement that is true for all `x, y > 0`, `0 < t < 1`, `k > 2`, most of them
    /// with equality somewhere.
    fn truth(&mut self) -> (Expr, Expr) {
        let (y, t, k) = (Expr::sym("y"), Expr::sym("t"), Expr::sym("k"));
        let c = Expr::ratio(self.rng.random_range(1..=5), self.rng.random_range(1..=3));
        let pow = Expr::pow;
        let p = Expr::ratio(self.rng.random_range(1..=9), self.rng.random_range(2..=5));
        match self.rng.random_range(0..9) {
            0 => (c.clone() * (x() / c.clone() - n(1)), c.clone() * ln(x() / c)),
            1 => (exp(x() - c.clone()), n(1) + x() - c),
            2 => (x() * ln(x()), x() - n(1)),
            3 => (pow(n(1) + x(), k.clone()), n(1) + k * x()),
            4 => (t.clone() * x() + (n(1) - t.clone()) * y.clone(), pow(x(), t.clone()) * pow(y, n(1) - t)),
            5 => (pow(x(), p.clone()) + pow(x(), -p), n(2)),
            6 => (x() / y.clone() - n(1), ln(x()) - ln(y)),
            7 => (pow(x(), k.clone()), n(1) + k * (x() - n(1))),
            _ => (exp(x()), n(1) + x() + pow(x(), n(2)) / n(2)),
        }
    }

    fn term(&mut self) -> Expr {
        let c = self.ratio(-3, 3);
        let inner = match self.rng.random_range(0..4) {
            0 => x() + n(1),
            1 => x() / n(2),
            _ => x(),
        };
        match self.rng.random_range(0..6) {
            0 => c * ln(inner),
            1 => c * exp(inner),
            2 => c * Expr::pow(inner, Expr::ratio(self.rng.random_range(-5..=7), 3)),
            3 => c,
            4 => c * x() * ln(x()),
            _ => c * x(),
        }
    }

    /// A question, and whether its statement is known to be true.
    fn question(&mut self) -> (Question, bool) {
        let positive = |name: &str| Formula::rel(Expr::sym(name), Relation::Gt, n(0));
        if self.one_of(2) {
            let (a, b) = self.truth();
            let hypotheses = vec![
                positive("x"),
                positive("y"),
                positive("t"),
                Formula::rel(Expr::sym("t"), Relation::Lt, n(1)),
                Formula::rel(Expr::sym("k"), Relation::Gt, n(2)),
            ];
            // Slightly broken now and then.
            return match self.rng.random_range(0..4) {
                0 => (
                    Question { hypotheses, statement: Formula::rel(a, Relation::Ge, b + Expr::ratio(1, 50)) },
                    false,
                ),
                _ => (Question { hypotheses, statement: Formula::rel(a, Relation::Ge, b) }, true),
            };
        }
        let (low, width) = (self.rng.random_range(0..=2), self.rng.random_range(1..=4));
        let mut hypotheses =
            vec![Formula::rel(x(), if self.one_of(2) { Relation::Gt } else { Relation::Ge }, n(low))];
        if self.one_of(2) {
            hypotheses.push(Formula::rel(x(), Relation::Le, n(low + width)));
        }
        let relation = [Relation::Ge, Relation::Gt, Relation::Le, Relation::Lt][self.rng.random_range(0..4)];
        let sum = Expr::Add((0..self.rng.random_range(2..=3)).map(|_| self.term()).collect());
        (Question { hypotheses, statement: Formula::rel(sum, relation, self.ratio(-4, 4)) }, false)
    }

    fn point(&mut self) -> Point {
        let mut coordinate = |scale: i64| {
            let v = Rational::from((self.rng.random_range(1..=4000), 1000));
            match self.rng.random_range(0..6) {
                0 => Rational::from(self.rng.random_range(0..=6)),
                1 => v / scale,
                2 => v * scale,
                _ => v,
            }
        };
        let of =
            [("x", coordinate(40)), ("y", coordinate(40)), ("k", coordinate(4)), ("t", coordinate(4) / 4)];
        of.into_iter().map(|(s, v)| (Symbol::new(s), v)).collect()
    }
}

#[test]
fn answers_on_logarithms_and_exponentials_agree_with_values_at_many_points() {
    let cases = setting("PROOFREAD_ENGINE_CASES", 120);
    let first = setting("PROOFREAD_ENGINE_SEED", 1);
    let engines = Engines { witness_tries: 300, limit: Duration::from_secs(600), ..Engines::default() };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let start = Instant::now();
    for seed in first..first + cases {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = Draw { rng: &mut rng };
        let (drawn, planted) = draw.question();
        let q = Question {
            hypotheses: drawn.hypotheses.iter().map(fold_formula).collect(),
            statement: fold_formula(&drawn.statement),
        };
        let shown = || {
            format!("seed {seed}: {} given {:?}", proofread::tex::plain_formula(&q.statement), q.hypotheses)
        };
        let judgement = engines.judge(&q.hypotheses, &q.statement);
        let told = match &judgement {
            Judgement::Holds(_) => {
                for at in (0..2_000).map(|_| draw.point()).filter(|at| met(&q, at)) {
                    assert_ne!(holds(&q.statement, &at), Some(false), "{} fails at {at:?}", shown());
                }
                if planted { "planted truth proved" } else { "proved" }
            }
            Judgement::Fails { witness, .. } => {
                assert!(!planted, "{} is true", shown());
                assert_ne!(holds(&q.statement, witness), Some(true), "{} holds at {witness:?}", shown());
                "refuted"
            }
            Judgement::Except { .. } => "except",
            Judgement::Vacuous(_) => panic!("{} has a domain", shown()),
            Judgement::Unknown(_) if planted => "planted truth left open",
            Judgement::Unknown(_) => "left open",
        };
        *counts.entry(told).or_default() += 1;
        rechecked(&judgement, seed, &mut counts);
    }
    println!("{cases} questions in {:?}: {counts:?}", start.elapsed());
    let count = |key| counts.get(key).copied().unwrap_or(0);
    assert!(count("planted truth proved") > 8 * count("planted truth left open"), "{counts:?}");
    assert!(count("proved") + count("refuted") > 2 * count("left open"), "{counts:?}");
}

fn rechecked(judgement: &Judgement, seed: u64, counts: &mut BTreeMap<&str, usize>) {
    let (Judgement::Holds(evidence) | Judgement::Fails { evidence, .. } | Judgement::Except { evidence, .. }) =
        judgement
    else {
        return;
    };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for e in evidence {
        let plain = serde_json::to_value(e).expect("plain data");
        assert_eq!(replay(&plain), Recheck::Accepted, "seed {seed}");
        if let Some((edited, place)) = edit::edited(&plain, &mut rng) {
            let told =
                edit::judge(&plain, &edited, seed).unwrap_or_else(|e| panic!("seed {seed}, {place}: {e}"));
            *counts
                .entry(if told == "refused" { "edit refused" } else { "edit accepted, and true" })
                .or_default() += 1;
        }
    }
}
