//! All engines together: each answer is held against exact evaluation at many points, and each
//! piece of evidence against the re-check, as it is and edited.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proofread::expr::fold::fold_formula;
use proofread::expr::{Expr, Formula, Symbol};
use proofread::prove::recheck::{Recheck, replay};
use proofread::prove::{Engines, Evidence, Judge as _, Judgement};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

use crate::edit;
use crate::evaluate::{Kleene, Point, Value, truth, value};
use crate::powers::EXPONENTS;
use crate::random::{Draw, Question};
use crate::setting;

fn engines() -> Engines {
    // Limits by steps, not by the clock, so that a failure comes again.
    Engines {
        order_steps: 3_000_000,
        limit: Duration::from_secs(600),
        witness_tries: 300,
        bits: 512,
        ..Engines::default()
    }
}

fn question(seed: u64) -> Question {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let powers = rng.random_range(0..3) > 0;
    let variables = rng.random_range(1..=if powers { 2 } else { 3 });
    let mut draw = Draw { rng: &mut rng, variables };
    let drawn = if powers { draw.power_question() } else { draw.question() };
    // Judged is what is left when literals are combined: `x^(1 - 2)` is `x^-1` then, and defined
    // for negative `x` too.
    Question {
        hypotheses: drawn.hypotheses.iter().map(fold_formula).collect(),
        statement: fold_formula(&drawn.statement),
    }
}

/// The same question with the premise of an implication among the hypotheses.
fn premised(q: &Question) -> Question {
    match &q.statement {
        Formula::Implies(p, c) => Question {
            hypotheses: q.hypotheses.iter().cloned().chain([(**p).clone()]).collect(),
            statement: (**c).clone(),
        },
        _ => q.clone(),
    }
}

/// What sampling can say of a question.
struct Sampled<'a> {
    q: &'a Question,
    seed: u64,
    /// Points that certainly meet the hypotheses, with the truth of the statement there; simple
    /// numbers first, then numbers that satisfy no equation by accident.
    simple: Vec<(Point, Kleene)>,
    generic: Vec<(Point, Kleene)>,
}

impl<'a> Sampled<'a> {
    fn new(q: &'a Question, seed: u64) -> Self {
        let given = Formula::and(q.hypotheses.clone());
        let symbols: Vec<Symbol> =
            Formula::and(vec![given.clone(), q.statement.clone()]).free().into_iter().collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let met = |at: Point| {
            (truth(&given, &at) == Some(Kleene::True)).then_some(())?;
            let held = truth(&q.statement, &at)?;
            Some((at, held))
        };
        let simple = crate::decide::points(&symbols, seed, 1200).into_iter().filter_map(met).collect();
        let generic = (0..600).map(|_| generic(&symbols, &mut rng)).filter_map(met).collect();
        Sampled { q, seed, simple, generic }
    }

    fn all(&self) -> impl Iterator<Item = &(Point, Kleene)> {
        self.simple.iter().chain(&self.generic)
    }

    fn fail(&self, why: &str, at: Option<&Point>) -> ! {
        panic!("seed {}: {why} {at:?}\n{}", self.seed, show(self.q))
    }
}

/// The question as people read it.
fn show(q: &Question) -> String {
    let all: Vec<String> = q.hypotheses.iter().map(proofread::tex::plain_formula).collect();
    format!("  given {}\n  judge {}", all.join("; "), proofread::tex::plain_formula(&q.statement))
}

/// A point whose coordinates are unrelated: odd multiples of 1/1024, squares
/// of them (for roots), and small exponents.
fn generic(symbols: &[Symbol], rng: &mut ChaCha8Rng) -> Point {
    let squares = rng.random_range(0..2) == 0;
    symbols
        .iter()
        .map(|s| {
            let v = if EXPONENTS.contains(&s.key()) {
                // Beside the literals that bound exponents.
                Rational::from(rng.random_range(3..=40))
            } else {
                let v = Rational::from((2 * rng.random_range(-2000..=2000) + 1, 1024));
                if squares { v.clone() * v } else { v }
            };
            (s.clone(), v)
        })
        .collect()
}

/// Holds the judgement against the samples.
fn compare(s: &Sampled<'_>, judgement: &Judgement) -> &'static str {
    match judgement {
        Judgement::Holds(_) => {
            if let Some((at, _)) = s.all().find(|(_, k)| *k != Kleene::True) {
                s.fail("holds, but not at", Some(at));
            }
            "holds"
        }
        Judgement::Except { exceptions, witness, .. } => {
            except(s, exceptions, witness.as_ref());
            let met = |e: &Formula| s.all().any(|(at, _)| truth(e, at) == Some(Kleene::True));
            match exceptions.iter().find(|e| !met(e)) {
                None => "except",
                Some(e) => match engines()
                    .satisfiable(&[s.q.hypotheses.as_slice(), std::slice::from_ref(e)].concat())
                {
                    Some(false) => s.fail(&format!("the exception {e:?} contradicts the hypotheses"), None),
                    Some(true) => "except, met by no sample but by another point",
                    None => "except, perhaps never met",
                },
            }
        }
        Judgement::Fails { witness, open, holds_at, never, .. } => {
            bears_out(s, witness);
            if let Some(at) = holds_at {
                let held = (met(s, at), truth(&s.q.statement, &complete(s, at)));
                if matches!(held, (Some(false), _)) || matches!(held.1, Some(k) if k != Kleene::True) {
                    s.fail("said to hold at", Some(at));
                }
            }
            if *never && let Some((at, _)) = s.all().find(|(_, k)| *k == Kleene::True) {
                s.fail("said to hold nowhere, but does at", Some(at));
            }
            if !open && let Some(at) = widely(s, |at, k| k == Kleene::False && defined(s, at)) {
                s.fail("said to fail on a set without interior, but does at", Some(at));
            }
            if *open { "fails-open" } else { "fails-thin" }
        }
        Judgement::Vacuous(_) => {
            if let Some((at, _)) = s.all().next() {
                s.fail("vacuous, but met at", Some(at));
            }
            "vacuous"
        }
        Judgement::Unknown(_) => "unknown",
    }
}

fn except(s: &Sampled<'_>, exceptions: &[Formula], witness: Option<&Point>) {
    let inside = |at: &Point| exceptions.iter().map(|e| truth(e, at)).collect::<Vec<_>>();
    for (at, held) in s.all() {
        let inside = inside(at);
        let outside = inside.iter().all(|k| matches!(k, Some(Kleene::False)));
        if outside && *held != Kleene::True {
            s.fail(&format!("holds except at {exceptions:?}, but not at"), Some(at));
        }
    }
    let within = |at: &Point| inside(at).contains(&Some(Kleene::True));
    if let Some(at) = widely(s, |at, k| within(at) && k == Kleene::False && defined(s, at)) {
        s.fail(&format!("the exceptions {exceptions:?} have interior at"), Some(at));
    }
    if let Some(at) = witness {
        let at = complete(s, at);
        let outside = inside(&at).iter().all(|k| matches!(k, Some(Kleene::False)));
        if met(s, &at) == Some(false) || outside || truth(&s.q.statement, &at) == Some(Kleene::True) {
            s.fail(&format!("no witness of an exception {exceptions:?}:"), Some(&at));
        }
    }
}

/// A point at which something is so, if it is at more of them than meet an equation by accident.
fn widely<'s>(s: &'s Sampled<'_>, so: impl Fn(&Point, Kleene) -> bool) -> Option<&'s Point> {
    let found: Vec<&Point> = s.generic.iter().filter(|(at, k)| so(at, *k)).map(|(at, _)| at).collect();
    (found.len() > 3 && found.len() * 20 > s.generic.len()).then(|| found[0])
}

/// Whether every term of the statement is defined.
fn defined(s: &Sampled<'_>, at: &Point) -> bool {
    s.q.statement.terms().into_iter().all(|t| value(t, at) != Value::Undefined)
}

/// The point with a sampled value, or zero, for each symbol that it leaves out.
fn complete(s: &Sampled<'_>, at: &Point) -> Point {
    let mut whole: Point = BTreeMap::new();
    for f in s.q.hypotheses.iter().chain([&s.q.statement]) {
        for x in f.free() {
            whole.entry(x).or_default();
        }
    }
    if let Some((sample, _)) = s.all().next() {
        whole.extend(sample.clone());
    }
    whole.extend(at.clone());
    whole
}

fn met(s: &Sampled<'_>, at: &Point) -> Option<bool> {
    // Hypotheses that the point does not reach are independent of it.
    let all = s.q.hypotheses.iter().filter(|h| h.free().iter().all(|x| at.contains_key(x)));
    let truths: Vec<_> = all.map(|h| truth(h, at)).collect();
    if truths.iter().any(|k| matches!(k, Some(k) if *k != Kleene::True)) {
        return Some(false);
    }
    (!truths.contains(&None)).then_some(true)
}

fn bears_out(s: &Sampled<'_>, witness: &Point) {
    if met(s, witness) == Some(false) {
        s.fail("the witness does not meet the hypotheses:", Some(witness));
    }
    match truth(&s.q.statement, witness) {
        // Where a statement is undefined, it fails.
        Some(Kleene::False | Kleene::Undefined) | None => {}
        Some(other) => s.fail(&format!("the statement is {other:?} at the witness"), Some(witness)),
    }
}

fn evidence(j: &Judgement) -> &[Evidence] {
    match j {
        Judgement::Holds(e) | Judgement::Vacuous(e) => e,
        Judgement::Except { evidence, .. } | Judgement::Fails { evidence, .. } => evidence,
        Judgement::Unknown(_) => &[],
    }
}

/// Every piece of evidence is accepted as it is; an edited one is refused, or still says
/// something that no sample contradicts.
fn replayed(s: &Sampled<'_>, j: &Judgement, tally: &mut BTreeMap<String, usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(s.seed);
    for e in evidence(j) {
        let plain = serde_json::to_value(e).expect("plain data");
        if let Recheck::Failed(why) = replay(&plain) {
            s.fail(&format!("the re-check refuses the evidence: {why}"), None);
        }
        for _ in 0..4 {
            let Some((edited, place)) = edit::edited(&plain, &mut rng) else { continue };
            let outcome = edit::judge(&plain, &edited, s.seed);
            if let Err(why) = &outcome {
                s.fail(&format!("an edit at {place} is accepted: {why}"), None);
            }
            *tally.entry(format!("edit {}: {}", e.engine, outcome.unwrap_or_default())).or_default() += 1;
        }
    }
}

#[test]
fn what_the_engines_answer_is_borne_out_by_samples_and_their_evidence_by_the_recheck() {
    let first = setting("PROOFREAD_ENGINE_SEED", 0);
    let cases = setting("PROOFREAD_ENGINE_CASES", 200);
    let start = Instant::now();
    let mut tally: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = vec![];
    let mut done = 0;
    for seed in first..first + cases {
        if cases <= 300 && start.elapsed() > Duration::from_secs(25) {
            break;
        }
        let one = Instant::now();
        let q = question(seed);
        let judged = std::panic::catch_unwind(|| {
            let mut tally: BTreeMap<String, usize> = BTreeMap::new();
            let judgement = engines().judge(&q.hypotheses, &q.statement);
            let premised = premised(&q);
            let sampled = Sampled::new(&premised, seed);
            *tally.entry(compare(&sampled, &judgement).to_owned()).or_default() += 1;
            replayed(&sampled, &judgement, &mut tally);
            tally
        });
        match judged {
            Ok(more) => more.into_iter().for_each(|(k, n)| *tally.entry(k).or_default() += n),
            Err(_) => failures.push(seed),
        }
        if one.elapsed() > Duration::from_secs(3) {
            println!("seed {seed}: {:?}\n{}", one.elapsed(), show(&q));
        }
        done += 1;
    }
    for (kind, n) in &tally {
        println!("{kind}: {n}");
    }
    println!("seeds {first}..{}, {:?}", first + done, start.elapsed());
    assert!(failures.is_empty(), "seeds {failures:?}, see above");
}

#[test]
fn a_statement_that_fails_only_at_a_hole_is_judged_except_there() {
    let x = Expr::sym("x");
    let statement = Formula::eq(x.clone() / x.clone(), Expr::int(1));
    let q = Question { hypotheses: vec![], statement };
    match engines().judge(&q.hypotheses, &q.statement) {
        Judgement::Except { exceptions, .. } => assert_eq!(exceptions, vec![Formula::eq(x, Expr::int(0))]),
        other => panic!("{other:?}"),
    }
}
