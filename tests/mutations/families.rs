//! Every formula about any number of members with a slip in it. What is really the case is found out
//! in numbers for one, two and three members, from the game written down by hand; that this is right
//! is checked against shares and choices all around.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use proofread::audit::{Entry, Holds, Verdict};
use proofread::document::{Claim, Paper};
use proofread::expr::{Case, Expr, Formula, Symbol};
use proofread::tex;
use rug::{Float, Rational};

use crate::definitions::{chosen, printing};
use crate::game::Player;
use crate::numbers::{No, Number, World, compared, int, number};
use crate::sites::{Changed, with};
use crate::worlds::{Draw, several};
use crate::{SEED, audit_within, equations, load, paper_folder, same, wrong};

/// Versions of each formula that are audited: with a slip, and written differently.
const SLIPS: usize = 6;
const REWRITTEN: usize = 4;
/// Versions with a slip among which they are chosen.
const POOL: usize = 40;
/// Of how many versions with a slip it has to be known that they are wrong.
const REALLY_WRONG: usize = 4;
/// Steps of a question: what was not settled by then is undecided, and reported.
const STEPS: u64 = 20_000_000;
/// Worlds in which a version is looked at: every other one with small numbers.
const WORLDS: usize = 120;
/// Pieces of a range whose ends are compared with what is said to be the best.
const PIECES: u32 = 48;

/// What a claim should print.
#[derive(Clone, Copy)]
enum Truth {
    /// These values, one for each equation.
    Is(&'static [fn(&World) -> Number]),
    /// A share at which the performance is as large as anywhere.
    Best,
}

fn truth(claim: &Claim) -> Truth {
    fn member(w: &World) -> usize {
        w.letters[&Symbol::new("i")]
    }
    match claim.id.as_str() {
        "thm-10.1" => Truth::Is(&[|w| w.choice(0), |w| w.choice(member(w))]),
        "table-1/generalist-strategy" => Truth::Is(&[|w| w.choice(0)]),
        "table-1/specialist-strategy" => Truth::Is(&[|w| w.choice(member(w))]),
        "cor-10.1/U_G" | "table-1/generalist-utility" => Truth::Is(&[|w| w.payoff(Player::First)]),
        "cor-10.1/U_D_i" | "table-1/specialist-utility" => {
            Truth::Is(&[|w| w.payoff(Player::Member(member(w)))])
        }
        "prop-10.1" | "table-1/powerful-G" => Truth::Is(&[|w| w.best_for_first()]),
        "prop-10.2" | "table-1/powerful-D_i" => Truth::Is(&[|w| w.best_for_member(member(w))]),
        "prop-10.3" | "table-1/max-performance" => Truth::Best,
        "prop-10.4" | "table-1/vertical-monopoly" => Truth::Is(&[|w| w.best_for_all()]),
        "prop-10.5" | "table-1/egalitarian" => Truth::Is(&[|w| w.egalitarian()]),
        other => panic!("it is not said what {other} should print"),
    }
}

/// The sum of all choices at a share.
fn performance(w: &World, share: &Float) -> Number {
    let at = w.with(&Symbol::new(r"\delta"), share.clone());
    (1..=w.members).try_fold(int(0), |sum, k| Ok(sum + at.choice(k)?))
}

/// How a formula compares with the truth in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Same,
    Differs,
    Undefined,
}

impl At {
    fn of(same: bool) -> At {
        if same { At::Same } else { At::Differs }
    }
}

impl Truth {
    /// How a formula compares with the truth in a world; `None` where numbers do not tell.
    fn at(self, f: &Formula, w: &World) -> Option<At> {
        let value = |e: &Expr| match w.value(e) {
            _ if two_valued(e, w) => Some(Err(At::Differs)),
            Err(No::Value) => Some(Err(At::Undefined)),
            value => value.ok().map(Ok),
        };
        match self {
            Truth::Is(truths) => {
                let mut open = false;
                for ((_, printed), truth) in equations(f).iter().zip(truths) {
                    match (value(printed), truth(w).ok()) {
                        (Some(Err(why)), _) => return Some(why),
                        (Some(Ok(a)), Some(b)) => match compared(&a, &b) {
                            Some(Ordering::Equal) => {}
                            Some(_) => return Some(At::Differs),
                            None => open = true,
                        },
                        _ => open = true,
                    }
                }
                (!open).then_some(At::Same)
            }
            Truth::Best => {
                let share = match value(&equations(f)[0].1)? {
                    Err(why) => return Some(why),
                    Ok(share) => share,
                };
                if !(0..=1).contains(&share) {
                    return Some(At::Differs);
                }
                let here = performance(w, &share).ok()?;
                let most = performance(w, &int(0)).ok()?.max(&performance(w, &int(1)).ok()?);
                compared(&here, &most).map(|o| At::of(o != Ordering::Less))
            }
        }
    }

    /// Whether a formula is not the truth in a world; `None` where numbers do not tell.
    fn fails(self, f: &Formula, w: &World) -> Option<bool> {
        self.at(f, w).map(|at| at != At::Same)
    }
}

/// Whether two cases of a distinction apply and give different values.
fn two_valued(e: &Expr, w: &World) -> bool {
    let Expr::Cases(cases) = e else { return false };
    let applies = |c: &&Case| c.condition.as_ref().is_some_and(|f| w.says(f) == Ok(true));
    let values: Vec<Float> = cases.iter().filter(applies).filter_map(|c| w.value(&c.value).ok()).collect();
    values.windows(2).any(|p| compared(&p[0], &p[1]).is_some_and(|o| o != Ordering::Equal))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// The truth wherever it was looked at.
    Same,
    /// Not the truth at points of a border only.
    OnBorder,
    /// Undefined on a region, nowhere else not the truth.
    Undefined,
    /// Not the truth on a region.
    Wrong,
}

struct Version {
    claim: Claim,
    kind: &'static str,
    class: Class,
}

/// A formula with its versions, itself the first.
struct Family {
    truth: Truth,
    /// Whether each world is off the borders.
    worlds: Vec<(World, bool)>,
    versions: Vec<Version>,
}

fn formula(claim: &Claim) -> &Formula {
    &claim.prints.as_ref().expect("a claim prints").value
}

/// Every version of a formula by changes of the right sides of its equations.
fn changed(f: &Formula, term: &dyn Fn(&Expr) -> Vec<Changed<Expr>>) -> Vec<Changed<Formula>> {
    let parts = equations(f);
    let mut out = vec![];
    for (i, (left, right)) in parts.iter().enumerate() {
        for (kind, right) in term(right) {
            let all = with(&parts, i, (left.clone(), right));
            let all: Vec<Formula> = all.into_iter().map(|(a, b)| Formula::eq(a, b)).collect();
            out.push((kind, if all.len() == 1 { all[0].clone() } else { Formula::And(all) }));
        }
    }
    out
}

fn family(claim: &Claim) -> Family {
    let truth = truth(claim);
    let meets = |w: &World| claim.frame.assuming.iter().all(|f| w.says(&f.value) == Ok(true));
    let drawn = Draw::new(&claim.frame, None).worlds(SEED, false, WORLDS).into_iter().enumerate();
    let worlds: Vec<(World, bool)> = drawn.map(|(i, w)| (w, i % 2 == 1)).filter(|(w, _)| meets(w)).collect();
    let class = |f: &Formula| {
        let found = |off: bool| -> Vec<At> {
            worlds.iter().filter(|(_, generic)| *generic == off).filter_map(|(w, _)| truth.at(f, w)).collect()
        };
        match (found(true), found(false)) {
            (off, _) if off.contains(&At::Differs) => Class::Wrong,
            (off, _) if off.contains(&At::Undefined) => Class::Undefined,
            (_, on) if on.iter().any(|a| *a != At::Same) => Class::OnBorder,
            _ => Class::Same,
        }
    };
    let mut claim = claim.clone();
    if let Some(reading) = claim.reads.take() {
        claim.prints = Some(reading);
    }
    let slips = chosen(&claim, &|f| changed(f, &wrong::versions), &wrong::ALL_KINDS);
    let rewritten = chosen(&claim, &|f| changed(f, &same::versions), &same::KINDS);
    let version = |label: &str, n: usize, kind: &'static str, f: Formula| {
        let claim = printing(&claim, format!("{}/{label}-{n}", claim.id), f);
        Version { class: class(formula(&claim)), claim, kind }
    };
    let mut slips: Vec<Version> =
        slips.into_iter().take(POOL).enumerate().map(|(n, (kind, f))| version("slip", n, kind, f)).collect();
    // What is known to be wrong first, but not alone.
    slips.sort_by_key(|v| v.class != Class::Wrong);
    if let Some(n) = slips.iter().position(|v| v.class != Class::Wrong).filter(|n| *n >= SLIPS) {
        slips.swap(SLIPS - 1, n);
    }
    slips.truncate(SLIPS);
    let rewritten = rewritten.into_iter().take(REWRITTEN).enumerate();
    let mut versions = vec![version("original", 0, "original", formula(&claim).clone())];
    versions.extend(slips);
    versions.extend(rewritten.map(|(n, (_, f))| version("same", n, "rewritten", f)));
    Family { truth, worlds, versions }
}

fn claims(paper: &Paper) -> impl Iterator<Item = &Claim> {
    paper.claims.iter().filter(|c| several(&c.frame) && c.defines.is_none() && c.prints.is_some())
}

#[test]
fn every_changed_formula_about_families_gets_the_verdict_that_it_deserves() {
    let paper = load(paper_folder());
    let families: Vec<Family> = claims(&paper).map(family).collect();
    let mut changed = paper.clone();
    changed.claims = families.iter().flat_map(|f| f.versions.iter().map(|v| v.claim.clone())).collect();
    changed.derivations.clear();
    let outcome = audit_within(&[changed], STEPS);
    let entries: BTreeMap<&str, &Entry> = outcome.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let entry = |v: &Version| entries[format!("{}/{}", paper.id, v.claim.id).as_str()];
    let (mut complaints, mut open, mut few) = (vec![], vec![], vec![]);
    let mut table: BTreeMap<(&str, Class, &str), usize> = BTreeMap::new();
    for family in &families {
        let original = entry(&family.versions[0]);
        let id = family.versions[0].claim.written_id.value.as_str();
        let wrong = family.versions.iter().filter(|v| v.kind != "rewritten" && v.class == Class::Wrong);
        if wrong.count() < REALLY_WRONG {
            few.push(id);
        }
        for version in &family.versions {
            let found = entry(version);
            *table.entry((id, version.class, found.verdict.name())).or_default() += 1;
            let said = || {
                format!(
                    "{} ({}, {:?}): {} [{}] {:?} {:?}\n    {}",
                    version.claim.id,
                    version.kind,
                    version.class,
                    found.verdict.name(),
                    found.story.join("; "),
                    found.counterexample.as_ref().map(|c| (c.place(), c.values())),
                    found.exceptions.iter().map(|e| &e.plain).collect::<Vec<_>>(),
                    found.prints,
                )
            };
            match family.defect(version, found, original) {
                Some(defect) => complaints.push(format!("{defect}: {}", said())),
                None if [Verdict::Undecided, Verdict::Supported].contains(&found.verdict) => {
                    open.push(said())
                }
                None => {}
            }
        }
    }
    let versions: usize = families.iter().map(|f| f.versions.len()).sum();
    println!("seed {SEED}, {versions} versions, {} ms", outcome.elapsed_ms);
    for ((id, class, verdict), n) in &table {
        println!("{id:28} {class:10?} {verdict:12} {n:4}");
    }
    println!("{} undecided:\n{}", open.len(), open.join("\n"));
    assert!(complaints.is_empty(), "{} wrong verdicts:\n{}", complaints.len(), complaints.join("\n"));
    assert!(few.is_empty(), "too few versions are known to be wrong: {few:?}");
}

impl Family {
    fn defect(&self, version: &Version, entry: &Entry, original: &Entry) -> Option<&'static str> {
        let open = [Verdict::Undecided, Verdict::Supported];
        // What is written differently may be undefined on a border on which the formula is not.
        let comparable = version.kind == "rewritten" && version.class != Class::OnBorder;
        if comparable && entry.verdict != original.verdict && !open.contains(&entry.verdict) {
            return Some("another verdict than that on the same formula");
        }
        for shown in entry.derived.iter().chain(&entry.correction) {
            let Ok(shown) = tex::parse_formula(&shown.latex, &version.claim.frame.scope) else {
                return Some("what is said to be true cannot be read");
            };
            if self.worlds.iter().any(|(w, _)| self.truth.fails(&shown, w) == Some(true)) {
                return Some("what is said to be true is not");
            }
        }
        match (entry.verdict, version.class) {
            (Verdict::Proved, Class::Same) | (Verdict::Undecided, _) => None,
            (Verdict::Proved, _) => Some("PROVED THOUGH WRONG"),
            (Verdict::Supported, Class::Wrong) => Some("supported though wrong"),
            (Verdict::Supported, _) => None,
            (Verdict::Refuted, _) => self.refutation(version, entry),
            (Verdict::Conditional, Class::Wrong) => Some("conditional, but wrong on a region"),
            (Verdict::Conditional, _) => self.condition(version, entry),
            _ => Some("no verdict for a formula"),
        }
    }

    /// Whether the point at which the formula is said to fail is one, and how much of the domain it
    /// is said to hold for is not known to be wrong.
    fn refutation(&self, version: &Version, entry: &Entry) -> Option<&'static str> {
        let fails = |w: &World| self.truth.fails(formula(&version.claim), w);
        let Some(counterexample) = &entry.counterexample else { return Some("no counterexample") };
        let assumed = |w: &World| version.claim.frame.assuming.iter().all(|f| w.says(&f.value) == Ok(true));
        let meant = self.worlds[0].0.at_point(&counterexample.at, true);
        if !meant.iter().any(|w| assumed(w) && fails(w) != Some(false)) {
            return Some("the counterexample does not bear out");
        }
        if counterexample.relation.is_none() && counterexample.printed == counterexample.actual {
            return Some("the counterexample shows twice the same value");
        }
        match entry.holds {
            Some(Holds::Always) => Some("it is refuted and holds always"),
            Some(Holds::Never) if self.worlds.iter().any(|(w, _)| fails(w) == Some(false)) => {
                Some("it does hold somewhere")
            }
            _ => None,
        }
    }

    /// Whether the exceptions are where the formula fails.
    fn condition(&self, version: &Version, entry: &Entry) -> Option<&'static str> {
        let read = |e: &proofread::audit::Shown| tex::parse_formula(&e.latex, &version.claim.frame.scope);
        let Ok(exceptions) = entry.exceptions.iter().map(read).collect::<Result<Vec<_>, _>>() else {
            return Some("an exception cannot be read");
        };
        if exceptions.is_empty() || exceptions.contains(&Formula::True) {
            return Some("conditional without an exception, or with nothing else");
        }
        let excepted = Formula::or(exceptions);
        self.worlds.iter().find_map(|(w, _)| {
            match (w.says(&excepted), self.truth.fails(formula(&version.claim), w)) {
                (Ok(false), Some(true)) => Some("it fails outside the exceptions"),
                (Ok(true), Some(false)) => Some("it does hold in an exception"),
                _ => None,
            }
        })
    }
}

/// Whether nothing that is drawn is better than `best`: ends of pieces of a range, and what lies beside.
fn is_best(best: &Float, (low, high): (Float, Float), objective: &dyn Fn(&Float) -> Float) -> bool {
    let width = high.clone() - &low;
    let pieces = (0..=PIECES).map(|i| low.clone() + width.clone() * i / PIECES);
    let beside = [1e-3, 1e-6, 1e-9].into_iter().flat_map(|d| [best.clone() - d, best.clone() + d]);
    let at_best = objective(best);
    let inside = |x: &Float| *x >= low && *x <= high;
    // Each is worse, clearly so where it is not next to the best.
    let worse = |x: Float| {
        let apart = (x.clone() - best).abs() > 1e-12;
        let gap = at_best.clone() - objective(&x);
        if apart { gap > 1e-60 } else { gap > -1e-60 }
    };
    inside(best) && pieces.chain(beside).filter(inside).all(worse)
}

#[test]
fn the_truth_is_the_best_that_can_be_found_all_around() {
    let paper = load(paper_folder());
    let find = |id: &str| paper.claims.iter().find(|c| c.id == id).expect("a claim of the paper");
    let share = Symbol::new(r"\delta");
    let (zero, one) = (int(0), int(1));
    for w in Draw::new(&find("thm-10.1").frame, None).worlds(SEED, false, 60) {
        // Best responses, those of the members being anticipated by the first mover.
        let choices = (0..=w.members).map(|k| (k, Symbol::new(&format!(r"\alpha_{k}"))));
        for (k, choice) in choices {
            let best = w.choice(k).expect("a choice");
            let least = if k == 0 { int(0) } else { w.choice(0).expect("a choice") };
            let player = if k == 0 { Player::First } else { Player::Member(k) };
            let range = (least.clone(), best.clone() * 2u32 + 1u32);
            let payoff = |x: &Float| w.with(&choice, x.clone()).payoff(player).expect("a payoff");
            assert!(is_best(&best, range, &payoff), "{choice:?} in {w:?}");
        }
    }
    for w in Draw::new(&find("prop-10.5").frame, None).worlds(SEED, false, 120) {
        let payoff = |x: &Float, p: Player| w.with(&share, x.clone()).payoff(p).expect("a payoff");
        let members = |x: &Float| (1..=w.members).map(|k| payoff(x, Player::Member(k))).collect::<Vec<_>>();
        let is_best = |best: Number, objective: &dyn Fn(&Float) -> Float| {
            is_best(&best.expect("a share"), (zero.clone(), one.clone()), objective)
        };
        assert!(is_best(w.best_for_first(), &|x| payoff(x, Player::First)), "{w:?}");
        for k in 1..=w.members {
            assert!(is_best(w.best_for_member(k), &|x| payoff(x, Player::Member(k))), "{k} in {w:?}");
        }
        let all = |x: &Float| members(x).into_iter().fold(payoff(x, Player::First), |a, b| a + b);
        assert!(is_best(w.best_for_all(), &all), "{w:?}");
        let least = |x: &Float| members(x).into_iter().fold(payoff(x, Player::First), |a, b| a.min(&b));
        assert!(is_best(w.egalitarian(), &least), "{w:?}");
        match w.best_performance() {
            Ok(best) => {
                let all = |x: &Float| performance(&w, x).expect("a performance");
                assert!(is_best(Ok(best), &all), "{w:?}");
            }
            Err(_) => {
                let half = number(&Rational::from((1, 2)));
                let level = [&zero, &half, &one].map(|x| performance(&w, x).expect("a performance"));
                assert_eq!(compared(&level[0], &level[1]), Some(Ordering::Equal), "{w:?}");
                assert_eq!(compared(&level[0], &level[2]), Some(Ordering::Equal), "{w:?}");
            }
        }
    }
}
