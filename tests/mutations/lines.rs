//! Every line of every derivation with a slip in it: none is called proved that is wrong, what is
//! said against one is true, and one that is only written differently keeps its verdict.

use std::collections::{BTreeMap, BTreeSet};

use proofread::audit::{Entry, Holds, Verdict};
use proofread::document::{Block, Derivation, Paper, Step};
use proofread::expr::{Expr, Formula};
use proofread::tex::{self, Body, Line};
use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::line::{Place, places, premises, reading};
use crate::numbers::World;
use crate::sites::{Changed, at_each_term};
use crate::{SEED, audit_within, load, paper_folder, same, wrong};

/// Versions of each line that are audited: with a slip, and written differently.
const SLIPS: usize = 3;
const REWRITTEN: usize = 2;
/// The same for lines about any number of members, which take longer.
const SLIPS_OF_SEVERAL: usize = 2;
const REWRITTEN_OF_SEVERAL: usize = 1;
/// Steps of a question: what was not settled by then is undecided, and reported.
const STEPS: u64 = 5_000_000;
/// Versions with a slip among which they are chosen.
const POOL: usize = 20;
const POOL_OF_SEVERAL: usize = 16;
/// How many of the versions with a slip may be such that it is not known that they are wrong, where
/// there are others.
const DOUBTFUL: usize = 1;

/// A version of a line.
struct Version {
    id: String,
    kind: &'static str,
    body: Body,
    /// Whether it is certainly wrong to call it proved.
    disproved: bool,
}

/// A line with its versions; the line itself is the first.
struct Family<'p> {
    id: String,
    derivation: &'p Derivation,
    block: &'p Block,
    step: &'p Step,
    place: Place,
    versions: Vec<Version>,
    /// How many slips are audited if there are as many.
    most: usize,
    /// Whether every slip that can be made was tried: a line may be so weak that few do harm.
    exhausted: bool,
}

#[test]
fn every_changed_line_of_a_proof_gets_the_verdict_that_it_deserves() {
    let paper = load(paper_folder());
    let families: Vec<Family> = places(&paper).par_iter().map(|at| family(&paper, *at)).collect();
    let mut changed = paper.clone();
    changed.claims.retain(|c| c.means.is_some() || c.defines.is_some());
    changed.derivations = families.iter().flat_map(|f| f.versions.iter().map(|v| f.alone(v))).collect();
    let outcome = audit_within(&[changed], STEPS);
    let entries: BTreeMap<&str, &Entry> = outcome.entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let (mut complaints, mut open, mut few) = (vec![], vec![], vec![]);
    let mut table: BTreeMap<&str, BTreeMap<(bool, &str), usize>> = BTreeMap::new();
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    for family in &families {
        let entry =
            |v: &Version| entries[format!("{}/{}/{}", paper.id, v.id, family.place.lines.len()).as_str()];
        let original = entry(&family.versions[0]);
        let known = family.versions.iter().filter(|v| v.disproved && v.kind != "original").count();
        if known + DOUBTFUL < family.most && !family.exhausted && !family.place.follows_from_nothing() {
            few.push(format!("{}: {known}", family.id));
        }
        for version in &family.versions {
            let entry = entry(version);
            let of = family.derivation.id.value.as_str();
            *table.entry(of).or_default().entry((version.disproved, entry.verdict.name())).or_default() += 1;
            *times.entry(of).or_default() += entry.elapsed_ms;
            let said = || {
                format!(
                    "{} ({}, {}): {} [{}] {:?} {:?}\n    {}",
                    version.id,
                    version.kind,
                    if version.disproved { "wrong" } else { "not known to be wrong" },
                    entry.verdict.name(),
                    entry.story.join("; "),
                    entry.counterexample.as_ref().map(|c| (c.place(), c.values())),
                    entry.exceptions.iter().map(|e| &e.plain).collect::<Vec<_>>(),
                    latex(&version.body),
                )
            };
            match family.defect(version, entry, original) {
                Some(defect) => complaints.push(format!("{defect}: {}", said())),
                None if entry.verdict == Verdict::Undecided => open.push(said()),
                None => {}
            }
        }
    }
    let versions: usize = families.iter().map(|f| f.versions.len()).sum();
    println!("seed {SEED}, {} lines, {versions} versions, {} ms", families.len(), outcome.elapsed_ms);
    for (derivation, counts) in &table {
        println!("{derivation:22} {} ms", times[derivation]);
        for ((wrong, verdict), n) in counts {
            println!("{derivation:22} {:10} {verdict:12} {n:4}", if *wrong { "wrong" } else { "" });
        }
    }
    println!("{} undecided:\n{}", open.len(), open.join("\n"));
    assert!(complaints.is_empty(), "{} wrong verdicts:\n{}", complaints.len(), complaints.join("\n"));
    assert!(few.is_empty(), "too few versions are known to be wrong:\n{}", few.join("\n"));
}

fn family(paper: &Paper, (d, b, i): (usize, usize, usize)) -> Family<'_> {
    let derivation = &paper.derivations[d];
    let block = &derivation.blocks[b];
    let step = &block.steps[i];
    let id = format!("{}-{}", derivation.id.value, step.number);
    let place = Place::new(derivation, block, i, SEED);
    let body = reading(step).body.clone();
    let mut versions = vec![Version {
        id: format!("{id}-original"),
        kind: "original",
        disproved: place.disproves(&body),
        body: body.clone(),
    }];
    let (most, rewritten, pool) = match place.several {
        false => (SLIPS, REWRITTEN, POOL),
        true => (SLIPS_OF_SEVERAL, REWRITTEN_OF_SEVERAL, POOL_OF_SEVERAL),
    };
    let known = |f: &Formula| place.knows_functions_of(f);
    let wrong = |f: &Formula| wrong::statements(f).into_iter().filter(|(_, f)| known(f)).collect();
    let slips = chosen(&body, &wrong, &wrong::LINE_KINDS, pool);
    let rewritten = chosen(&body, &|f| at_each_term(f, &same::plain_versions), &same::KINDS, rewritten);
    let exhausted = slips.len() < pool;
    // What is known to be wrong first, but not alone: what only may be wrong is of interest, too.
    let mut slips: Vec<Version> = slips
        .into_iter()
        .enumerate()
        .map(|(n, (kind, body))| Version {
            id: format!("{id}-slip-{n}"),
            kind,
            disproved: place.disproves(&body),
            body,
        })
        .collect();
    slips.sort_by_key(|v| !v.disproved);
    let doubtful = slips.iter().position(|v| !v.disproved).filter(|n| *n >= most);
    if let Some(n) = doubtful {
        slips.swap(most - 1, n);
    }
    slips.truncate(most);
    versions.extend(slips);
    versions.extend(rewritten.into_iter().enumerate().map(|(n, (_, body))| Version {
        id: format!("{id}-same-{n}"),
        kind: "rewritten",
        disproved: place.disproves(&body),
        body,
    }));
    Family { id, derivation, block, step, place, versions, most, exhausted }
}

/// Different versions of a line, as many of each kind as possible.
fn chosen(
    body: &Body,
    change: &dyn Fn(&Formula) -> Vec<Changed<Formula>>,
    kinds: &[&'static str],
    most: usize,
) -> Vec<Changed<Body>> {
    let mut seen = BTreeSet::from([latex(body)]);
    let mut by_kind: BTreeMap<&str, Vec<Body>> = BTreeMap::new();
    for (kind, statement) in change(&statement(body)) {
        let body = like(body, statement);
        if seen.insert(latex(&body)) {
            by_kind.entry(kind).or_default().push(body);
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    by_kind.values_mut().for_each(|v| v.shuffle(&mut rng));
    let mut out = vec![];
    while out.len() < most && by_kind.values().any(|v| !v.is_empty()) {
        for kind in kinds {
            if let Some(body) = by_kind.get_mut(kind).and_then(Vec::pop) {
                out.push((*kind, body));
            }
        }
    }
    out.truncate(most);
    out
}

/// A line as a statement; a continued chain continues zero.
fn statement(body: &Body) -> Formula {
    match body {
        Body::Statement(f) => f.clone(),
        Body::Continues(r, right, rest) => {
            Formula::Chain(Expr::int(0), [&[(*r, right.clone())], rest.as_slice()].concat())
        }
        Body::Term(e) => panic!("{} states nothing", tex::latex(e)),
    }
}

/// The statement as a line of the same shape.
fn like(body: &Body, statement: Formula) -> Body {
    match (body, statement) {
        (Body::Continues(..), Formula::Chain(_, mut links)) => {
            let (r, right) = links.remove(0);
            Body::Continues(r, right, links)
        }
        (_, statement) => Body::Statement(statement),
    }
}

fn latex(body: &Body) -> String {
    tex::latex_formula(&statement(body))
}

impl Family<'_> {
    /// A derivation of the lines that have a bearing on a version, and the version.
    fn alone(&self, version: &Version) -> Derivation {
        let mut lines = self.place.lines.clone();
        *lines.last_mut().expect("the line itself") =
            Line { body: version.body.clone(), ..lines.last().expect("the line itself").clone() };
        let step =
            |(n, line): (usize, Line)| Step { number: n + 1, line: self.step.line.with(line), reads: None };
        let block = Block {
            steps: lines.into_iter().enumerate().map(step).collect(),
            from: premises(self.derivation, self.block),
            against: None,
            ..self.block.clone()
        };
        let id = self.derivation.id.with(version.id.clone());
        Derivation { id, blocks: vec![block], of: None, ..self.derivation.clone() }
    }

    fn defect(&self, version: &Version, entry: &Entry, original: &Entry) -> Option<&'static str> {
        // For any number of members, whether an answer is found depends on the writing.
        let open = self.place.several && entry.verdict == Verdict::Undecided;
        if version.kind == "rewritten" && entry.verdict != original.verdict && !open {
            return Some("another verdict than that on the same line");
        }
        match entry.verdict {
            Verdict::Proved if version.disproved => Some("PROVED THOUGH WRONG"),
            Verdict::Proved | Verdict::Undecided => None,
            Verdict::Refuted | Verdict::Gap => self.against(version, entry),
            Verdict::Conditional => self.against(version, entry).or_else(|| self.condition(version, entry)),
            Verdict::Vacuous | Verdict::Supported | Verdict::Conflict => Some("no verdict for a line"),
        }
    }

    /// Whether the point at which the line is said to fail is one.
    fn against(&self, version: &Version, entry: &Entry) -> Option<&'static str> {
        let Some(counterexample) = &entry.counterexample else {
            // What is only undefined has no values to show, nor what is false by its numbers alone.
            let relevant = self.place.relevant(&version.body);
            let fails = |w: &World| self.place.fails_in(&version.body, w) == Some(true);
            let never = entry.holds == Some(Holds::Never) && relevant.iter().all(fails);
            return (entry.verdict != Verdict::Conditional && !never).then_some("no counterexample");
        };
        if entry.story.iter().any(|s| s.contains("another reason")) {
            let differ = counterexample.printed != counterexample.actual;
            return (!differ).then_some("the expressions do not differ");
        }
        // A maximiser that is tied has no value, which a search for one does not see.
        let tied =
            [&counterexample.printed, &counterexample.actual].iter().all(|v| v.starts_with("undefined"));
        if tied && entry.verdict == Verdict::Conditional && !entry.exceptions.is_empty() {
            return None;
        }
        let bears_out = self.place.is_witness(&version.body, &counterexample.at);
        (!bears_out).then_some("the counterexample does not bear out")
    }

    /// Whether the exceptions are where the line fails.
    fn condition(&self, version: &Version, entry: &Entry) -> Option<&'static str> {
        let scope = &self.block.frame.scope;
        let exceptions: Result<Vec<Formula>, _> =
            entry.exceptions.iter().map(|e| tex::parse_formula(&e.latex, scope)).collect();
        let Ok(exceptions) = exceptions else { return Some("an exception cannot be read") };
        if exceptions.is_empty() || exceptions.contains(&Formula::True) {
            return Some("conditional without an exception, or with nothing else");
        }
        let excepted = Formula::or(exceptions);
        for world in self.place.relevant(&version.body) {
            match (world.says(&excepted), self.place.fails_in(&version.body, &world)) {
                (Ok(false), Some(true)) => return Some("it fails outside the exceptions"),
                // Exceptions are said of where the line says something.
                (Ok(true), Some(false)) if !self.place.is_silent(&version.body, &world) => {
                    return Some("it does hold in an exception");
                }
                _ => {}
            }
        }
        None
    }
}
