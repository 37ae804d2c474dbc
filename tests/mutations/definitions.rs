//! Every definition with a slip in it. A definition by itself is neither true nor false, but the
//! paper says by which concept it defines a solution: one that defines something else is refuted,
//! and one that is only written differently keeps its verdict. Which share a concept means is
//! worked out here from the game written down by hand, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use proofread::audit::{Entry, Verdict};
use proofread::document::Claim;
use proofread::expr::{Expr, Formula, Relation, Set, Symbol};
use proofread::tex;
use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use rug::{Float, Rational};

use crate::game::Player;
use crate::numbers::{No, World, number};
use crate::sites::{Changed, at_each_site, at_each_term};
use crate::worlds::several;
use crate::{SEED, audit_within, load, paper_folder, same, wrong};

/// Versions of each definition that are audited: with a slip, and written differently.
const SLIPS: usize = 13;
const REWRITTEN: usize = 3;
/// Of how many versions with a slip it has to be known that they are wrong.
const REALLY_WRONG: usize = 10;
/// Steps of a question: what was not settled by then is undecided, and reported.
const STEPS: u64 = 20_000_000;
/// Costs that are tried off the borders, and with small numbers.
const GENERIC: usize = 12;
/// Most members of a family.
const MEMBERS: usize = 3;
/// Distances from a share at which others are compared with it.
const BESIDE: [f64; 3] = [1e-3, 1e-6, 1e-9];
/// Pieces of the range whose ends are compared with a share.
const PIECES: u32 = 40;
/// Bisections that find a share.
const BISECTIONS: usize = 250;

/// How what a version defines relates to the share that its concept means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Same,
    /// Not the same, or not only that share, for some costs with small numbers.
    OnBorder,
    /// That share, but not only that share, for all sorts of costs.
    Tied,
    Wrong,
}

/// The kinds of slips in a definition.
const KINDS: [&str; 11] = [
    "sign",
    "coefficient",
    "exponent",
    "symbol",
    "dropped term",
    "dropped factor",
    "relation",
    "range",
    "argument",
    "added term",
    "added factor",
];

/// Every version of a definition with one slip; objectives have more places for one than their
/// terms.
fn slips(f: &Formula) -> Vec<Changed<Formula>> {
    let more = at_each_term(f, &|e| at_each_site(e, &in_objective));
    [wrong::statements(f), more].concat()
}

fn in_objective(e: &Expr) -> Vec<Changed<Expr>> {
    match e {
        Expr::Apply { function, primes: 0, args } if args.len() == 1 => {
            let with = |arg: Expr| Expr::Apply { function: function.clone(), primes: 0, args: vec![arg] };
            let half = args[0].clone() / Expr::int(2);
            [half, Expr::int(1) - args[0].clone()].into_iter().map(|a| ("argument", with(a))).collect()
        }
        Expr::Optimum { which, variable, over: Some(over), body } if which.is_arg() => {
            let with = |body: Expr, over: Set| Expr::Optimum {
                which: *which,
                variable: variable.clone(),
                over: Some(Box::new(over)),
                body: Box::new(body),
            };
            let (x, body, over) = (Expr::Sym(variable.clone()), (**body).clone(), (**over).clone());
            let ranges = [(Expr::ratio(1, 2), Expr::int(1)), (Expr::ratio(1, 3), Expr::ratio(2, 3))];
            let ranges = ranges.map(|(a, b)| ("range", with(body.clone(), Set::closed(a, b))));
            let terms =
                [body.clone() + x.clone(), body.clone() - x.clone(), body.clone() - Expr::int(2) * x.clone()];
            let terms = terms.map(|b| ("added term", with(b, over.clone())));
            let factors = [x.clone() * body.clone(), (Expr::int(1) - x) * body];
            let factors = factors.map(|b| ("added factor", with(b, over.clone())));
            ranges.into_iter().chain(terms).chain(factors).collect()
        }
        _ => vec![],
    }
}

struct Version<'p> {
    claim: Claim,
    of: &'p Claim,
    kind: &'static str,
    class: Class,
}

#[test]
fn every_changed_definition_gets_the_verdict_that_it_deserves() {
    let paper = load(paper_folder());
    let worlds = |claim: &Claim| worlds(several(&claim.frame));
    let mut versions: Vec<Version> = vec![];
    for claim in paper.claims.iter().filter(|c| c.defines.is_some()) {
        let slips = chosen(claim, &slips, &KINDS);
        let slips = slips.into_iter().map(|(kind, f)| (kind, "slip", f)).take(4 * SLIPS);
        let rewritten = chosen(claim, &|f| at_each_term(f, &same::plain_versions), &same::KINDS);
        let rewritten = rewritten.into_iter().map(|(_, f)| ("rewritten", "same", f)).take(REWRITTEN);
        let mut kept = 0;
        for (n, (kind, label, f)) in slips.chain(rewritten).enumerate() {
            let class = class(claim, &f, &worlds(claim));
            if label == "slip" {
                kept += usize::from(class == Class::Wrong || n < SLIPS);
                if kept > SLIPS || (class != Class::Wrong && n >= SLIPS) {
                    continue;
                }
            }
            let id = format!("{}/{label}-{n}", claim.id);
            versions.push(Version { claim: printing(claim, id, f), of: claim, kind, class });
        }
    }
    let mut changed = paper.clone();
    changed.claims.extend(versions.iter().map(|v| v.claim.clone()));
    changed.derivations.clear();
    let outcome = audit_within(&[changed], STEPS);
    let entries: BTreeMap<&str, &Entry> = outcome.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let entry = |claim: &Claim| entries[format!("{}/{}", paper.id, claim.id).as_str()];
    let (mut complaints, mut open) = (vec![], vec![]);
    let mut table: BTreeMap<(&str, Class, &str), usize> = BTreeMap::new();
    let mut really: BTreeMap<&str, usize> = BTreeMap::new();
    for version in &versions {
        let found = entry(&version.claim);
        *table.entry((&version.of.id, version.class, found.verdict.name())).or_default() += 1;
        *really.entry(&version.of.id).or_default() += usize::from(version.class != Class::Same);
        let said = || {
            format!(
                "{} ({}, {:?}): {} [{}] {:?} {:?} {:?}\n    {}",
                version.claim.id,
                version.kind,
                version.class,
                found.verdict.name(),
                found.story.join("; "),
                found.counterexample.as_ref().map(|c| (c.place(), c.values())),
                found.exceptions.iter().map(|e| &e.plain).collect::<Vec<_>>(),
                found.measured,
                found.prints,
            )
        };
        match version.defect(found, entry(version.of), &worlds(version.of)) {
            Some(defect) => complaints.push(format!("{defect}: {}", said())),
            None if found.verdict == Verdict::Undecided => open.push(said()),
            None => {}
        }
    }
    println!("seed {SEED}, {} versions, {} ms", versions.len(), outcome.elapsed_ms);
    for ((id, class, verdict), n) in &table {
        println!("{id:14} {class:10?} {verdict:12} {n:4}");
    }
    println!("{} undecided:\n{}", open.len(), open.join("\n"));
    assert!(complaints.is_empty(), "{} wrong verdicts:\n{}", complaints.len(), complaints.join("\n"));
    assert!(really.values().all(|n| *n >= REALLY_WRONG), "{really:?}");
}

/// Different versions of what a claim prints, as many of each kind as possible.
pub fn chosen(
    claim: &Claim,
    change: &dyn Fn(&Formula) -> Vec<(&'static str, Formula)>,
    kinds: &[&'static str],
) -> Vec<(&'static str, Formula)> {
    let prints = &claim.prints.as_ref().expect("a definition prints").value;
    let mut seen = BTreeSet::from([tex::latex_formula(prints)]);
    let mut by_kind: BTreeMap<&str, Vec<Formula>> = BTreeMap::new();
    // Not everything that can be made of a formula is one: a case may be lost, a name be foreign.
    let is_read = |f: &Formula| tex::parse_formula(&tex::latex_formula(f), &claim.frame.scope).is_ok();
    for (kind, f) in change(prints).into_iter().filter(|(_, f)| is_read(f)) {
        if seen.insert(tex::latex_formula(&f)) {
            by_kind.entry(kind).or_default().push(f);
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    by_kind.values_mut().for_each(|v| v.shuffle(&mut rng));
    let mut out = vec![];
    while by_kind.values().any(|v| !v.is_empty()) {
        for kind in kinds {
            out.extend(by_kind.get_mut(kind).and_then(Vec::pop).map(|f| (*kind, f)));
        }
    }
    out
}

pub fn printing(claim: &Claim, id: String, f: Formula) -> Claim {
    let prints = claim.prints.as_ref().expect("a definition prints");
    let text = tex::latex_formula(&f);
    let value = tex::parse_formula(&text, &claim.frame.scope).unwrap_or_else(|e| panic!("`{text}`: {e}"));
    let mut prints = prints.with(value);
    prints.text = text;
    Claim { id, prints: Some(prints), ..claim.clone() }
}

/// Costs, generic ones first: of one member, or of several.
fn worlds(several: bool) -> Vec<World> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut cost = || Rational::from((rng.random_range(1..=388), 97)) + Rational::from((1, 7919));
    let mut out = vec![];
    for i in 0..GENERIC {
        let members = if several { 1 + i % MEMBERS } else { 1 };
        out.push(world(several, &(0..=members).map(|_| cost()).collect::<Vec<_>>()));
    }
    let small: &[&[i32]] = match several {
        false => &[&[1, 1], &[1, 2], &[2, 1], &[2, 3], &[3, 2], &[1, 3], &[3, 1]],
        // In the first three, the sum of the ratios of costs is the square of the number of members.
        true => &[&[1, 1], &[2, 1, 1], &[4, 2, 2], &[3, 1, 1, 1], &[1, 2], &[2, 1], &[1, 2, 3], &[3, 1, 2]],
    };
    out.extend(
        small.iter().map(|c| world(several, &c.iter().map(|c| Rational::from(*c)).collect::<Vec<_>>())),
    );
    out
}

/// Square costs with these factors, that of the first mover in front.
fn world(several: bool, costs: &[Rational]) -> World {
    let mut out = World { members: costs.len() - 1, ..World::default() };
    for (k, cost) in costs.iter().enumerate() {
        out.at.insert(Symbol::new(&format!("c_{k}")), number(cost));
        out.at.insert(Symbol::new(&format!("k_{k}")), number(&Rational::from(2)));
    }
    if several {
        out.at.insert(Symbol::new("n"), number(&Rational::from(out.members)));
        out.letters = ["i", "j"].map(|letter| (Symbol::new(letter), 1)).into();
    }
    out
}

fn share() -> Symbol {
    Symbol::new(r"\delta")
}

/// What each player gets at a share.
fn payoffs(w: &World, share_value: &Float) -> (Float, Float) {
    let at = w.with(&share(), share_value.clone());
    let payoff = |player: Player| at.payoff(player).expect("a payoff");
    (payoff(Player::First), payoff(Player::Member(1)))
}

/// The share that a definition's concept means.
fn meant(claim: &Claim, w: &World) -> Float {
    let name = |latex: &str| w.value(&Expr::sym(latex)).expect("a name of the paper");
    match claim.id.as_str() {
        "def-2.4/G" => name(r"\delta^{Powerful\ G}"),
        "def-2.4/D" => name(r"\delta^{Powerful\ D}"),
        // At equal costs every share is as good.
        "def-3.1" => {
            number(&Rational::from(u8::from(w.at[&Symbol::new("c_0")] <= w.at[&Symbol::new("c_1")])))
        }
        // Where the performance is level, too.
        "def-10.1" => w.best_performance().unwrap_or_else(|_| number(&Rational::from(1))),
        "def-3.2" => name(r"\delta^{Vertical Monopoly}"),
        "def-3.3" => name(r"\delta^{Egal.}"),
        "def-3.4" => {
            // The product rises up to its peak; by its logarithm's slope.
            let h = Float::with_val(320, Float::i_exp(1, -90));
            let product = |x: Float| {
                let (g, d) = payoffs(w, &x);
                g * d
            };
            bisected(&|x| product(x.clone() - &h) - product(x.clone() + &h))
        }
        "def-3.5" => {
            let most =
                (payoffs(w, &name(r"\delta^{Powerful\ G}")).0, payoffs(w, &name(r"\delta^{Powerful\ D}")).1);
            bisected(&|x| {
                let (g, d) = payoffs(w, x);
                g / &most.0 - d / &most.1
            })
        }
        other => panic!("it is not said what {other} means"),
    }
}

/// Where a function that is negative at 0 and positive at 1 changes its sign.
fn bisected(f: &dyn Fn(&Float) -> Float) -> Float {
    let (mut a, mut b) = (number(&Rational::new()), number(&Rational::from(1)));
    for _ in 0..BISECTIONS {
        let middle = (a.clone() + &b) / 2u32;
        if f(&middle) < 0 { a = middle } else { b = middle }
    }
    a
}

/// Whether a version defines a share in a world, and it alone; `None` where numbers do not tell.
fn defines(claim: &Claim, f: &Formula, meant: &Float, w: &World) -> Option<(bool, bool)> {
    let Formula::Rel(left, Relation::Eq, right) = f else { return None };
    let name = claim.defines.as_ref().expect("a definition").value.clone();
    let points = (0..=PIECES).map(|i| number(&Rational::from((i, PIECES))));
    let beside = BESIDE.iter().flat_map(|d| [meant.clone() - d, meant.clone() + d]);
    let others: Vec<Float> = points.chain(beside).filter(|x| *x >= 0 && *x <= 1).collect();
    let far = |x: &Float| (x.clone() - meant).abs() > 1e-12;
    match right {
        Expr::Optimum { which, variable, over, body } if which.is_arg() && left.as_sym() == Some(&name) => {
            let (lower, upper) = match over.as_deref()?.terms().as_slice() {
                [a, b] => (w.value(a).ok()?, w.value(b).ok()?),
                _ => return None,
            };
            if *meant > upper.clone() + 1e-12 || *meant < lower.clone() - 1e-12 {
                return Some((false, false));
            }
            let at = |x: &Float| w.with(variable, x.clone()).value(body);
            let best = at(meant);
            if best == Err(No::Value) {
                return Some((false, false));
            }
            let best = best.ok()?;
            let mut alone = true;
            for x in others.iter().filter(|x| far(x) && **x <= upper && **x >= lower) {
                let Ok(value) = at(x) else { continue };
                let gap = if which.is_max() { value - &best } else { best.clone() - value };
                if gap > 1e-22 {
                    return Some((false, false));
                }
                alone &= gap < -1e-26;
            }
            Some((true, alone))
        }
        Expr::Optimum { which, .. } if which.is_arg() => {
            let is = w.with(&name, meant.clone()).says(f).ok()?;
            Some((is, is))
        }
        _ => {
            let gap = |x: &Float| {
                let there = w.with(&name, x.clone());
                Some(there.value(left).ok()? - there.value(right).ok()?)
            };
            if gap(meant)?.abs() > 1e-18 {
                return Some((false, false));
            }
            let signs: Vec<bool> = (0..=PIECES)
                .filter_map(|i| gap(&number(&Rational::from((2 * i + 1, 2 * PIECES + 2)))))
                .map(|y| y.is_sign_negative())
                .collect();
            Some((true, signs.windows(2).filter(|p| p[0] != p[1]).count() <= 1))
        }
    }
}

fn class(claim: &Claim, f: &Formula, worlds: &[World]) -> Class {
    let mut class = Class::Same;
    for (i, w) in worlds.iter().enumerate() {
        let generic = i < GENERIC;
        let found = match defines(claim, f, &meant(claim, w), w) {
            Some((false, _)) if generic => Class::Wrong,
            Some((true, false)) if generic => Class::Tied,
            Some((true, true)) | None => Class::Same,
            Some(_) => Class::OnBorder,
        };
        class = class.max(found);
    }
    class
}

impl Version<'_> {
    fn defect(&self, entry: &Entry, original: &Entry, worlds: &[World]) -> Option<&'static str> {
        let f = &self.claim.prints.as_ref().expect("a definition prints").value;
        if self.kind == "rewritten" && entry.verdict != original.verdict {
            return Some("another verdict than that on the same definition");
        }
        let is = |w: &World| defines(self.of, f, &meant(self.of, w), w);
        match entry.verdict {
            Verdict::Undecided => None,
            Verdict::Proved if self.class == Class::Same => None,
            Verdict::Proved => Some("PROVED THOUGH WRONG"),
            Verdict::Refuted => {
                let Some(c) = &entry.counterexample else { return Some("no counterexample") };
                let one = world(several(&self.of.frame), &[Rational::from(1), Rational::from(1)]);
                let at = one.at_point(&c.at, several(&self.of.frame));
                if entry.correction.is_none() {
                    return Some("no correction");
                }
                // What is as true of other shares as of this one does not define it.
                let tied = self.class == Class::Tied;
                let fails = at.iter().any(|w| is(w).is_some_and(|(it, alone)| !it || (tied && !alone)));
                (!fails).then_some("the counterexample does not bear out")
            }
            Verdict::Conditional if self.class == Class::Wrong => Some("conditional, but wrong on a region"),
            Verdict::Conditional => {
                let scope = &self.claim.frame.scope;
                let read = |e: &proofread::audit::Shown| tex::parse_formula(&e.latex, scope);
                let Ok(exceptions) = entry.exceptions.iter().map(read).collect::<Result<Vec<_>, _>>() else {
                    return Some("an exception cannot be read");
                };
                let excepted = Formula::or(exceptions);
                worlds.iter().find_map(|w| match (w.says(&excepted), is(w)) {
                    (Ok(true), Some((true, true))) => Some("it is as it should be in an exception"),
                    (Ok(false), Some((a, b))) if !(a && b) => Some("it is not as it should be outside"),
                    _ => None,
                })
            }
            _ => Some("no verdict for a definition"),
        }
    }
}
