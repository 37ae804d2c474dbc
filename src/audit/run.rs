//! One run: every claim and every block of every derivation, in parallel, reported in the order
//! of the papers' files.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rayon::prelude::*;

use crate::document::{self, Claim, Clause, Derivation, Invariant, Means, Paper, Premise, Theorem};
use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Symbol};
use crate::functions::WithFunctions;
use crate::game::extremum::{Algebra, Tools};
use crate::prove::Engines;
use crate::sums::WithSums;
use crate::tex;

use super::algorithm;
use super::claims;
use super::existence;
use super::finding::Finding;
use super::frames::{Key, block_frame, definitions, equations, frames, key};
use super::ids::{line_id, number_in};
use super::instances;
use super::meaning::Meaning;
use super::measure;
use super::quantity::Quantity;
use super::response;
use super::setting::{Dictionary, Setting};
use super::shape;
use super::steps::{self, Block};
use super::theorem;
use super::{Entry, EntryKind, Measured, Outcome, Shown, Stage, Stages, Verdict};

/// How an audit is run.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    /// Digits of the numeric route.
    pub digits: u32,
    /// Parameter draws of the numeric route.
    pub draws: usize,
    /// Which entries to judge, by id with the paper's name in front; all where there is none.
    pub only: Option<globset::GlobSet>,
    pub engines: Engines,
}

impl Options {
    /// Whether the entry with an id is to be judged.
    fn wants(&self, id: &str) -> bool {
        self.only.as_ref().is_none_or(|globs| globs.is_match(id))
    }
}

/// Called with the id of each entry when work on it begins.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

/// Audits the papers.
pub fn run(papers: &[Paper], options: &Options, algebra: &dyn Algebra, progress: Progress) -> Outcome {
    let began = Instant::now();
    let mut entries = vec![];
    let mut notes = vec![];
    let mut stages = Stages::default();
    for paper in papers {
        let sums = WithSums::new(&options.engines, paper.symbols.indices());
        let judge = WithFunctions::new(&sums, &paper.functions);
        let tools = Tools { judge: &judge, algebra };
        let audit = stages.timed(Stage::Solving, || PaperAudit::new(paper, options, tools));
        notes.extend(audit.notes());
        entries.extend(audit.run(progress, &mut stages));
    }
    Outcome { seed: options.seed, elapsed_ms: millis(began), entries, notes, recalled: 0, stages }
}

/// The settings in which a paper's claims are judged, by game and assumptions.
type Settings<'a> = BTreeMap<Key, Setting<'a>>;

/// An entry with what the numeric route needs of it.
struct Judged {
    entry: Entry,
    quantities: Vec<Quantity>,
    setting: Option<Key>,
}

struct PaperAudit<'a> {
    paper: &'a Paper,
    options: &'a Options,
    settings: Settings<'a>,
}

/// Something to judge: a claim, a clause of a theorem, a claim about runs, or one block of a derivation.
enum Job<'a> {
    Claim(&'a Claim),
    Clause(&'a Theorem, &'a Clause),
    Invariant(&'a Invariant),
    Block(&'a Derivation, usize),
}

impl<'a> PaperAudit<'a> {
    fn new(paper: &'a Paper, options: &'a Options, tools: Tools<'a>) -> Self {
        let differentiate = |e: &Expr, x: &Symbol| tools.algebra.derivative(e, x);
        let distinct: BTreeMap<Key, document::Frame> = frames(paper, &|id| options.wants(id))
            .into_iter()
            .map(|frame| (key(paper, &frame), frame))
            .collect();
        let setting = |frame: &document::Frame| {
            let assuming: Vec<Formula> = frame.assuming.iter().map(|f| f.value.clone()).collect();
            let game = frame.game.as_ref().and_then(|name| paper.games.get(name)).map(|g| &g.game);
            let dictionary = Dictionary {
                definitions: definitions(paper, frame.game.as_deref()),
                equations: equations(paper, frame.game.as_deref()),
                local: key(paper, frame).2,
                sets: paper.sets.clone(),
                any: paper.functions.clone(),
            };
            let scope = paper.symbols.visible_in(&frame.scope);
            Setting::new(scope, game, &assuming, dictionary, tools, &differentiate)
        };
        let settings = distinct.into_par_iter().map(|(key, frame)| (key, setting(&frame))).collect();
        PaperAudit { paper, options, settings }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: BTreeSet<String> = BTreeSet::new();
        for ((game, ..), setting) in &self.settings {
            if let (Some(game), Some(Err(error))) = (game, &setting.solution) {
                notes.insert(format!(
                    "the game `{game}` was not solved symbolically ({error}): numeric route only"
                ));
            }
        }
        notes.into_iter().collect()
    }

    fn setting(&self, frame: &document::Frame) -> &Setting<'a> {
        &self.settings[&key(self.paper, frame)]
    }

    fn run(&self, progress: Progress, stages: &mut Stages) -> Vec<Entry> {
        let claims = self.paper.claims.iter().map(Job::Claim);
        let blocks =
            self.paper.derivations.iter().flat_map(|d| (0..d.blocks.len()).map(move |b| Job::Block(d, b)));
        let theorems = &self.paper.theorems;
        let clauses = theorems.iter().flat_map(|t| t.clauses.iter().map(move |c| Job::Clause(t, c)));
        let invariants = self.paper.invariants.iter().map(Job::Invariant);
        let jobs: Vec<Job> = claims.chain(clauses).chain(invariants).chain(blocks).collect();
        let mut judged: Vec<Judged> = stages.timed(Stage::Judging, || {
            jobs.par_iter().with_max_len(1).flat_map_iter(|job| self.guarded(job, progress)).collect()
        });
        stages.timed(Stage::Measuring, || self.measure(&mut judged, progress));
        let mut entries: Vec<Entry> = judged.into_iter().map(|j| j.entry).collect();
        let place = |e: &Entry| (e.file.clone(), e.line, number_in(&e.id), e.id.clone());
        entries.sort_by_cached_key(place);
        entries
    }

    /// The numeric route: in each setting, a draw is solved once for all claims.
    fn measure(&self, judged: &mut [Judged], progress: Progress) {
        progress("numeric route");
        let of_setting = |key: &Key| -> Vec<(usize, &[Quantity])> {
            let of_key = |j: &Judged| !j.quantities.is_empty() && j.setting.as_ref() == Some(key);
            let chosen = judged.iter().enumerate().filter(|(_, j)| of_key(j));
            chosen.map(|(i, j)| (i, j.quantities.as_slice())).collect()
        };
        let measured: Vec<(usize, Option<Measured>)> = self
            .settings
            .par_iter()
            .map(|(key, setting)| (of_setting(key), setting))
            .filter(|(chosen, _)| !chosen.is_empty())
            .flat_map_iter(|(chosen, setting)| {
                let (places, quantities): (Vec<usize>, Vec<&[Quantity]>) = chosen.into_iter().unzip();
                places.into_iter().zip(measure::all(&quantities, setting, self.options))
            })
            .collect();
        for (i, m) in measured {
            judged[i].entry.measured = m;
            measure::reconcile(&mut judged[i].entry);
        }
    }

    fn wanted(&self, id: &str) -> bool {
        self.options.wants(id)
    }

    /// A defect that shows while one job is done does not take the others down: its entries say so.
    fn guarded(&self, job: &Job, progress: Progress) -> Vec<Judged> {
        catch_unwind(AssertUnwindSafe(|| self.job(job, progress))).unwrap_or_else(|_| {
            let (name, at, place, frame) = match job {
                Job::Claim(c) => (&c.id, &c.at, &c.written_id, Some(&c.frame)),
                Job::Clause(_, c) => (&c.id, &c.at, &c.written_id, None),
                Job::Invariant(i) => (&i.id.value, &i.at, &i.id, None),
                Job::Block(d, _) => (&d.id.value, &d.at, &d.id, Some(&d.frame)),
            };
            let id = format!("{}/{name}", self.paper.id);
            let assuming = frame.map_or(&[][..], |f| &f.assuming);
            let mut entry =
                self.entry(id, EntryKind::Claim, at, &self.path(place.file), place.line, assuming);
            let story = "an invariant of this program was violated; please report it";
            Finding::bare(Verdict::Conflict, story).into_entry(&mut entry);
            vec![Judged { entry, quantities: vec![], setting: None }]
        })
    }

    fn job(&self, job: &Job, progress: Progress) -> Vec<Judged> {
        match job {
            Job::Claim(claim) => {
                let id = format!("{}/{}", self.paper.id, claim.id);
                if !self.wanted(&id) {
                    return vec![];
                }
                progress(&id);
                vec![self.claim(claim, id)]
            }
            Job::Clause(theorem, clause) => {
                let id = format!("{}/{}", self.paper.id, clause.id);
                if !self.wanted(&id) {
                    return vec![];
                }
                progress(&id);
                let began = Instant::now();
                let place = &clause.written_id;
                let path = self.path(place.file);
                let mut entry = self.entry(id, EntryKind::Claim, &clause.at, &path, place.line, &[]);
                theorem::judge(theorem, clause, &mut entry);
                entry.elapsed_ms = millis(began);
                vec![Judged { entry, quantities: vec![], setting: None }]
            }
            Job::Invariant(claim) => {
                let id = format!("{}/{}", self.paper.id, claim.id.value);
                if !self.wanted(&id) {
                    return vec![];
                }
                progress(&id);
                let began = Instant::now();
                let path = self.path(claim.id.file);
                let mut entry =
                    self.entry(id, EntryKind::Claim, &claim.at, &path, claim.id.line, &claim.assuming);
                algorithm::judge(claim, &mut entry);
                entry.elapsed_ms = millis(began);
                vec![Judged { entry, quantities: vec![], setting: None }]
            }
            Job::Block(derivation, index) => {
                let entries = self.block(derivation, *index, progress);
                entries.into_iter().map(|entry| Judged { entry, quantities: vec![], setting: None }).collect()
            }
        }
    }

    // -- claims -------------------------------------------------------------------------------

    fn claim(&self, claim: &Claim, id: String) -> Judged {
        let mut judged = self.one_reading(claim, id.clone(), claim.prints.as_ref());
        if let Some(reads) = &claim.reads {
            judged.entry.reading = Some(Box::new(self.one_reading(claim, id, Some(reads)).entry));
        }
        judged
    }

    /// Whether the agreements of a frame's game have to meet relations.
    fn has_relations(&self, frame: &document::Frame) -> bool {
        let game = frame.game.as_ref().and_then(|name| self.paper.games.get(name));
        game.is_some_and(|g| !g.agreements.is_empty())
    }

    fn one_reading(&self, claim: &Claim, id: String, prints: Option<&document::Located<Formula>>) -> Judged {
        let began = Instant::now();
        let place = claim.written_id.clone();
        let mut entry = self.entry(
            id,
            EntryKind::Claim,
            &claim.at,
            &self.path(place.file),
            place.line,
            &claim.frame.assuming,
        );
        entry.means = claim.means.as_ref().map(|m| Shown { latex: m.text.clone(), plain: m.value.plain() });
        entry.facts = self.setting(&claim.frame).facts.clone();
        entry.some = claim.some.iter().map(|s| s.value.clone()).collect();
        if let Some(Means::Unimodal { term, variable, over, always }) = claim.means.as_ref().map(|m| &m.value)
        {
            let given: Vec<Symbol> = claim.frame.given.iter().map(|s| s.value.clone()).collect();
            let setting = self.setting(&claim.frame);
            let judged = shape::unimodal((term, *always), variable, over, &given, setting);
            clear(judged.finding, setting).into_entry(&mut entry);
            entry.elapsed_ms = millis(began);
            return Judged { entry, quantities: vec![], setting: None };
        }
        let statement = match (prints, claim.means.as_ref().map(|m| &m.value)) {
            (Some(prints), _) => {
                entry.prints = prints.text.clone();
                entry.parsed = tex::plain_formula(&prints.value);
                &prints.value
            }
            (None, Some(Means::Statement(says))) => says,
            (None, _) => {
                Finding::bare(Verdict::Undecided, "nothing is printed here").into_entry(&mut entry);
                return Judged { entry, quantities: vec![], setting: None };
            }
        };
        let given: Vec<Symbol> = claim.frame.given.iter().map(|s| s.value.clone()).collect();
        let setting = self.setting(&claim.frame);
        let meaning = Meaning::of(claim);
        if meaning.is_about_agreements() && self.has_relations(&claim.frame) {
            let why =
                "which agreements can be made is bound by relations, which only `solve` takes into account";
            Finding::bare(Verdict::Undecided, why).into_entry(&mut entry);
            return Judged { entry, quantities: vec![], setting: None };
        }
        let judge = |there: &Setting| claims::judge(statement, &meaning, &given, there);
        if !claim.some.is_empty() {
            let differentiate = |e: &Expr, x: &Symbol| setting.tools().algebra.derivative(e, x);
            let as_it_stands = |there: &Setting| judge(there).finding;
            let finding =
                existence::judge(statement, &entry.some, &given, setting, &differentiate, as_it_stands);
            clear(finding, setting).into_entry(&mut entry);
            entry.elapsed_ms = millis(began);
            return Judged { entry, quantities: vec![], setting: None };
        }
        let judged = judge(setting);
        let finding = Finding { correction: judged.correction, ..judged.finding };
        let mut findings = [(0, clear(finding, setting))];
        let differentiate = |e: &Expr, x: &Symbol| setting.tools().algebra.derivative(e, x);
        instances::refute(&mut findings, setting, &differentiate, |there| {
            if response::is_as_supposed(there) { vec![(0, judge(there).finding)] } else { vec![] }
        });
        let [(_, mut finding)] = findings;
        let whole =
            setting.with_context(&given, |c| c.formula(statement)).map(|f| fold_formula(&f.unchained()));
        response::refute(&mut finding, setting, whole.ok().as_ref(), |there| judge(there).finding);
        finding.into_entry(&mut entry);
        entry.derived = judged.derived;
        entry.elapsed_ms = millis(began);
        Judged { entry, quantities: judged.quantities, setting: Some(key(self.paper, &claim.frame)) }
    }

    // -- derivations --------------------------------------------------------------------------

    fn block(&self, derivation: &Derivation, index: usize, progress: Progress) -> Vec<Entry> {
        let block = &derivation.blocks[index];
        let id = |n: usize| line_id(self.paper, derivation, index, n);
        if !(0..block.lines()).any(|n| self.wanted(&id(n))) {
            return vec![];
        }
        progress(&id(0));
        let setting = self.setting(&block_frame(derivation, index));
        let began = Instant::now();
        let printed: Vec<&tex::Line> = block.steps.iter().map(|s| &s.line.value).collect();
        let typed = self.typed(derivation, index, printed);
        let judged = steps::judge(&typed, setting).into_iter();
        let mut findings: Vec<(usize, Finding)> = judged.map(|(n, f)| (n, clear(f, setting))).collect();
        let differentiate = |e: &Expr, x: &Symbol| setting.tools().algebra.derivative(e, x);
        instances::refute(&mut findings, setting, &differentiate, |there| {
            if response::is_as_supposed(there) { steps::judge(&typed, there) } else { vec![] }
        });
        let readings = self.readings(derivation, index, setting);
        let elapsed = millis(began) / findings.len().max(1) as u64;
        let mut entries = vec![];
        for (n, finding) in findings.into_iter().filter(|(n, _)| self.wanted(&id(*n))) {
            let mut entry = self.step(derivation, block, id(n), n);
            entry.elapsed_ms = elapsed;
            if let Some((reads, finding)) = readings.get(&n) {
                let mut reading = entry.clone();
                (reading.prints, reading.parsed) = reads.clone();
                finding.clone().into_entry(&mut reading);
                entry.reading = Some(Box::new(reading));
            }
            finding.into_entry(&mut entry);
            entries.push(entry);
        }
        entries
    }

    /// The entry of a block's line, not judged yet; the one past the last line is what the end of
    /// the block is said to contradict.
    fn step(&self, derivation: &Derivation, block: &document::Block, id: String, n: usize) -> Entry {
        let at = &derivation.at;
        let (text, line, file, parsed) = match (block.steps.get(n), &block.against) {
            (Some(step), _) => {
                let l = &step.line;
                (l.text.clone(), l.line, l.file, tex::plain_line(&l.value))
            }
            (None, Some(f)) => (f.text.clone(), f.line, f.file, tex::plain_formula(&f.value)),
            (None, None) => (String::new(), derivation.id.line, derivation.id.file, String::new()),
        };
        let mut entry = self.entry(id, EntryKind::Step, at, &self.path(file), line, &block.frame.assuming);
        entry.prints = text.trim().to_owned();
        entry.parsed = parsed;
        let setting = self.setting(&derivation.frame);
        let further = block.frame.assuming[derivation.frame.assuming.len()..]
            .iter()
            .map(|f| fold_formula(&f.value.unchained().substitute_all(&setting.specialise)));
        entry.facts = setting.facts.iter().cloned().chain(further).collect();
        entry
    }

    fn path(&self, file: document::FileId) -> String {
        self.paper.file(file).source.path().display().to_string()
    }

    /// The findings for doubtful lines as they may read in the original, by position in the block.
    fn readings(
        &self,
        derivation: &Derivation,
        index: usize,
        setting: &Setting,
    ) -> BTreeMap<usize, ((String, String), Finding)> {
        let block = &derivation.blocks[index];
        if block.steps.iter().all(|s| s.reads.is_none()) {
            return BTreeMap::new();
        }
        let lines =
            block.steps.iter().map(|s| s.reads.as_ref().map_or(&s.line.value, |r| &r.value)).collect();
        let judged = steps::judge(&self.typed(derivation, index, lines), setting).into_iter();
        let findings: BTreeMap<usize, Finding> = judged.map(|(n, f)| (n, clear(f, setting))).collect();
        let read = |(n, step): (usize, &document::Step)| {
            let reads = step.reads.as_ref()?;
            let shown = (reads.text.trim().to_owned(), tex::plain_line(&reads.value));
            Some((n, (shown, findings.get(&n)?.clone())))
        };
        block.steps.iter().enumerate().filter_map(read).collect()
    }

    fn typed<'b>(&'b self, derivation: &'b Derivation, index: usize, lines: Vec<&'b tex::Line>) -> Block<'b> {
        let block = &derivation.blocks[index];
        let outer = derivation.frame.assuming.len();
        let premises: Vec<Formula> = block.from.iter().filter_map(|p| premise(derivation, p)).collect();
        Block {
            lines,
            given: block.frame.given.iter().map(|s| s.value.clone()).collect(),
            assuming: block.frame.assuming[outer..].iter().map(|f| f.value.clone()).collect(),
            premise: (!premises.is_empty()).then(|| Formula::and(premises)),
            supposing: block.supposing.as_ref().map(|f| f.value.clone()),
            contradicts: block.contradicts,
            against: block.against.as_ref().map(|f| f.value.clone()),
            unspecified: self.paper.symbols.constants().map(|(s, _)| s.clone()).collect(),
        }
    }

    fn entry(
        &self,
        id: String,
        kind: EntryKind,
        at: &BTreeMap<String, String>,
        file: &str,
        line: usize,
        assuming: &[document::Located<Formula>],
    ) -> Entry {
        Entry {
            at: at.clone(),
            file: file.to_owned(),
            line,
            assuming: assuming.iter().map(assumption).collect(),
            ..Entry::unjudged(id, kind)
        }
    }
}

/// What a block starts from, as a statement of the paper.
fn premise(derivation: &Derivation, premise: &Premise) -> Option<Formula> {
    match premise {
        Premise::Statement(f) => Some(f.value.clone()),
        Premise::Line(n) => match &derivation.steps().nth(n - 1)?.line.value.body {
            tex::Body::Statement(f) => Some(f.clone()),
            _ => None,
        },
    }
}

/// A finding where every assumption is understood; where one is not, nothing is found.
fn clear(finding: Finding, setting: &Setting) -> Finding {
    match &setting.obscure {
        Some(why) => Finding::bare(Verdict::Undecided, why.clone()),
        None => finding,
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// An assumption as it is in the file and in plain text.
fn assumption(f: &document::Located<Formula>) -> Shown {
    Shown { latex: f.text.clone(), plain: tex::plain_formula(&f.value) }
}
