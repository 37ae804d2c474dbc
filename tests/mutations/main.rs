//! A changed formula gets another verdict: every formula that the paper's claims print is changed
//! mechanically, in ways that make it wrong and in ways that do not, and audited. What is really
//! the case is found out without the engines, by evaluation at rational points (`oracle`).

mod definitions;
mod families;
mod game;
mod line;
mod lines;
mod numbers;
mod oracle;
mod renamed;
mod same;
mod sites;
mod verdict;
mod worlds;
mod wrong;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use proofread::audit::{DRAWS, Entry, Options, Outcome, Symbolic, Verdict};
use proofread::document::{self, Claim, Paper};
use proofread::expr::{Expr, Formula, Relation};
use proofread::prove::Engines;
use proofread::tex;
use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use oracle::{Class, Points, Truth};
use verdict::Known;

const SEED: u64 = 20;
/// Versions of each formula that are audited: with a slip, and written differently.
const WRONG: usize = 18;
const SAME: usize = 12;
/// Steps of a question where two audits are compared.
const STEPS: u64 = 5_000_000;

fn paper_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("proofs/fine-tuning-games")
}

fn load(folder: PathBuf) -> Paper {
    let mut papers = document::load(&[folder]).unwrap_or_else(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n"))
    });
    papers.pop().expect("the folder is a paper")
}

fn audit(papers: &[Paper]) -> Outcome {
    audit_within(papers, Engines::default().order_steps)
}

/// The audit with at most so many steps for a question of real algebra.
fn audit_within(papers: &[Paper], order_steps: u64) -> Outcome {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_proofread"));
    let algebra = Symbolic::new(program, Duration::from_secs(60), || {});
    let engines = Engines { order_steps, ..Engines::default() };
    let options = Options { seed: SEED, digits: 20, draws: DRAWS / 4, only: None, engines };
    proofread::audit::run(papers, &options, &algebra, &|_| {})
}

/// A version of a claim's formula.
pub struct Version {
    pub claim: Claim,
    pub kind: &'static str,
    /// The right sides of its equations.
    pub parts: Vec<Expr>,
    pub class: Class,
}

/// The equations that a claim prints.
pub fn equations(prints: &Formula) -> Vec<(Expr, Expr)> {
    let parts = match prints {
        Formula::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let sides = |f: &Formula| match f {
        Formula::Rel(a, Relation::Eq, b) => (a.clone(), b.clone()),
        other => panic!("no equation: {}", tex::latex_formula(other)),
    };
    parts.iter().map(sides).collect()
}

/// The claim with the right sides `parts`, printed and read again.
fn printing(claim: &Claim, id: String, parts: &[Expr]) -> Claim {
    let prints = claim.prints.as_ref().expect("the claim prints a formula");
    let changed = equations(&prints.value).into_iter().zip(parts);
    let text: Vec<String> =
        changed.map(|((a, _), b)| tex::latex_formula(&Formula::eq(a, b.clone()))).collect();
    let text = text.join(r", \quad ");
    let value = tex::parse_formula(&text, &claim.frame.scope).unwrap_or_else(|e| panic!("`{text}`: {e}"));
    let mut prints = prints.with(value);
    prints.text = text;
    Claim { id, prints: Some(prints), ..claim.clone() }
}

/// All versions of a claim by `change`, at most `most`, as many of each kind as possible.
fn versions(
    claim: &Claim,
    change: &dyn Fn(&Expr) -> Vec<sites::Changed<Expr>>,
    (label, kinds, most): (&str, &[&'static str], usize),
    (truths, points): (&[Truth], &Points),
) -> Vec<Version> {
    let prints = &claim.prints.as_ref().expect("the claim prints a formula").value;
    let original: Vec<Expr> = equations(prints).into_iter().map(|(_, b)| b).collect();
    let mut seen = BTreeSet::from([original.iter().map(tex::latex).collect::<Vec<_>>()]);
    let mut by_kind: BTreeMap<&str, Vec<Vec<Expr>>> = BTreeMap::new();
    for i in 0..original.len() {
        for (kind, e) in change(&original[i]) {
            let parts = sites::with(&original, i, e);
            if seen.insert(parts.iter().map(tex::latex).collect()) {
                by_kind.entry(kind).or_default().push(parts);
            }
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    by_kind.values_mut().for_each(|v| v.shuffle(&mut rng));
    let mut out = vec![];
    while out.len() < most && by_kind.values().any(|v| !v.is_empty()) {
        for kind in kinds {
            let Some(parts) = by_kind.get_mut(kind).and_then(Vec::pop) else { continue };
            let id = format!("{}/{label}-{}", claim.id, out.len());
            let claim = printing(claim, id, &parts);
            let printed = equations(&claim.prints.as_ref().expect("printed above").value);
            let parts: Vec<Expr> = printed.into_iter().map(|(_, b)| b).collect();
            let class = oracle::class(&parts, truths, points);
            out.push(Version { claim, kind, parts, class });
        }
    }
    out
}

#[test]
fn every_changed_formula_gets_the_verdict_that_it_deserves() {
    let paper = load(paper_folder());
    let points = oracle::points(SEED);
    let mut all: Vec<(Version, &str)> = vec![];
    let claims: BTreeMap<&str, &Claim> = paper.claims.iter().map(|c| (c.id.as_str(), c)).collect();
    let scope = claims["thm-3.1"].frame.scope.clone();
    let truths = oracle::truths(&scope);
    for (id, truth) in &truths {
        let claim = claims[id];
        let slips = versions(claim, &wrong::versions, ("slip", &wrong::KINDS, WRONG), (truth, &points));
        let rewritten = versions(claim, &same::versions, ("same", &same::KINDS, SAME), (truth, &points));
        let really = slips.iter().filter(|v| v.class == Class::Wrong).count();
        assert!(really >= 10, "{id}: only {really} versions are wrong");
        for v in &rewritten {
            // A formula that is undefined somewhere stays so.
            assert!(v.class <= Class::OnBorder, "{} is not the same: {:?}", v.claim.id, v.claim.prints);
        }
        all.extend(slips.into_iter().chain(rewritten).map(|v| (v, *id)));
    }
    let mut changed = paper.clone();
    changed.claims = all.iter().map(|(v, _)| v.claim.clone()).collect();
    changed.derivations.clear();
    let outcome = audit(&[changed]);
    let entries: BTreeMap<&str, &Entry> = outcome.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut complaints = vec![];
    let mut table: BTreeMap<(&str, Class, &str), usize> = BTreeMap::new();
    for (version, id) in &all {
        let entry = entries[format!("{}/{}", paper.id, version.claim.id).as_str()];
        *table.entry((id, version.class, entry.verdict.name())).or_default() += 1;
        let known = Known { truths: &truths[id], points: &points };
        complaints.extend(known.complaint(entry, version));
    }
    println!("seed {SEED}, {} versions, {} ms", all.len(), outcome.elapsed_ms);
    for ((id, class, verdict), n) in &table {
        println!("{id:14} {class:10?} {verdict:12} {n:4}");
    }
    assert!(complaints.is_empty(), "{} wrong verdicts:\n{}", complaints.len(), complaints.join("\n"));
}

/// What an entry says, its id, place and timing left out.
fn gist(e: &Entry) -> (Verdict, Option<proofread::audit::Holds>, usize) {
    (e.verdict, e.holds, e.exceptions.len())
}

/// The verdict on an entry with that on its reading.
fn verdicts(e: &Entry) -> Vec<Verdict> {
    [Some(e.verdict), e.reading.as_ref().map(|r| r.verdict)].into_iter().flatten().collect()
}

#[test]
fn names_ids_and_files_have_no_bearing_on_the_verdicts() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let folder = home.path().join("another-name");
    let ids = renamed::copy(&paper_folder(), &folder);
    let (original, copy) = (load(paper_folder()), load(folder));
    let original = audit_within(&[original], STEPS);
    let copy = audit_within(&[copy], STEPS);
    let copied: BTreeMap<&str, &Entry> = copy.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    assert_eq!(original.entries.len(), copy.entries.len());
    let mut different = vec![];
    for entry in &original.entries {
        let (_, id) = entry.id.split_once('/').expect("the paper's name is in front");
        let twin = copied[format!("another-name/{}", ids.of(id)).as_str()];
        if (gist(entry), verdicts(entry)) != (gist(twin), verdicts(twin)) {
            let said = |e: &Entry| {
                format!(
                    "{}: {:?} {:?} [{}]\n    {}",
                    e.id,
                    verdicts(e),
                    gist(e),
                    e.story.join("; "),
                    e.prints
                )
            };
            different.push(format!("{}\n  {}", said(entry), said(twin)));
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}

/// The ids of the entries that differ, timings and the folder aside.
fn changed_entries(before: &Outcome, after: &Outcome) -> BTreeSet<String> {
    let said = |o: &Outcome| -> BTreeMap<String, String> {
        let timeless = |e: &Entry| Entry { elapsed_ms: 0, file: String::new(), reading: None, ..e.clone() };
        let whole = |e: &Entry| format!("{:?} {:?}", timeless(e), e.reading.as_deref().map(timeless));
        o.entries.iter().map(|e| (e.id.clone(), whole(e))).collect()
    };
    let (before, after) = (said(before), said(after));
    before.keys().filter(|id| before.get(*id) != after.get(*id)).cloned().collect()
}

/// A copy of the paper with `from` replaced by `to` in its one place, audited.
fn audit_with(from: &str, to: &str) -> Outcome {
    let home = tempfile::tempdir().expect("a temporary directory");
    let folder = home.path().join("fine-tuning-games");
    renamed::copy_text(&paper_folder(), &folder, &|text| {
        assert!(text.matches(from).count() <= 1, "`{from}` is not in one place only");
        text.replace(from, to)
    });
    audit_within(&[load(folder)], STEPS)
}

#[test]
fn a_changed_formula_changes_its_own_entry_and_those_that_rest_on_it() {
    let same = audit_with(r"\frac{c_1}{c_1 + c_0}.", r"\frac{c_1}{c_1 + c_0}.");
    let changed = |from: &str, to: &str| -> Vec<String> {
        let short = |id: String| id.split_once('/').expect("the paper's name is in front").1.to_owned();
        changed_entries(&same, &audit_with(from, to)).into_iter().map(short).collect()
    };
    // Nothing rests on what a claim prints: proofs are judged against what the game gives.
    assert_eq!(changed(r"\frac{c_1}{c_1 + c_0}.", r"\frac{c_0}{c_1 + c_0}."), ["prop-3.5"]);
    // A line of a proof is what the next line follows from.
    let line = r"\Rightarrow (1 - \delta) - k_{1}c_{1}(\alpha_{1}^{*} - \alpha_{0})^{k_{1} - 1} = 0";
    assert_eq!(changed(line, &line.replace("(1 - ", "(2 - ")), ["proof-3.1/4", "proof-3.1/5"]);
}
