//! `[[claim]]` with `algorithm`: what is claimed of an algorithm's runs.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;
use toml_edit::{Item, TableLike};

use crate::algorithm::{MOST_RUNS, Question, When};
use crate::expr::{Formula, Symbol};
use crate::prove::evaluate::Point;

use super::algorithm::{Algorithm, formula, number};
use super::diagnostic::{Problem, suggest};
use super::fields::{Context, Fields, list_of};
use super::frame::{self, Surroundings};
use super::source::Located;

pub(super) const KEYS: [&str; 9] =
    ["id", "at", "algorithm", "invariant", "finally", "assuming", "runs", "draws", "note"];
const DRAW_KEYS: [&str; 4] = ["seed", "number", "over", "from"];

/// The largest denominator of a draw.
const MOST_PARTS: i64 = 1_000_000;

/// A claim about runs of an algorithm.
#[derive(Clone, Debug)]
pub struct Invariant {
    pub id: Located<String>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    /// The algorithm's name.
    pub algorithm: String,
    pub invariant: Located<Formula>,
    pub assuming: Vec<Located<Formula>>,
    pub question: Question,
    pub note: Option<Located<String>>,
}

/// Reads a `[[claim]]` about an algorithm. What is wrong is reported, and the claim left out.
pub(super) fn read(
    fields: &Fields,
    around: &Surroundings,
    (known, broken): (&BTreeMap<String, Algorithm>, &BTreeSet<String>),
) -> Option<Invariant> {
    let before = fields.cx.problems.borrow().len();
    let (id, at) = (frame::id(fields), frame::at(fields, around));
    let name = fields.prose("algorithm")?;
    if broken.contains(&name.value) {
        return None;
    }
    let Some(algorithm) = known.get(&name.value) else {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        let help = suggest(&name.value, "algorithms up to here", &names);
        let problem = Problem::Incomplete(format!("there is no algorithm `{}`", name.value));
        fields.cx.report(name.span, problem, help);
        return None;
    };
    let (key, when) = match (fields.get("invariant"), fields.get("finally")) {
        (Some(_), None) => ("invariant", When::AfterEachRound),
        (None, Some(_)) => ("finally", When::AtTheEnd),
        _ => {
            let help =
                "say what holds after each round under `invariant`, or after the last one under `finally`";
            fields.missing("invariant", help);
            return None;
        }
    };
    let read = |text: &Located<String>| {
        formula(fields.cx, text, &algorithm.scope, &algorithm.program.functions, &algorithm.valued)
    };
    let invariant = fields.latex(key).and_then(|text| read(&text));
    let assuming: Vec<Located<Formula>> = fields.latex_list("assuming").iter().filter_map(read).collect();
    let runs = runs(fields, &algorithm.parameters);
    let (id, invariant, runs) = (id?, invariant?, runs?);
    if fields.cx.problems.borrow().len() > before {
        return None;
    }
    let question = Question {
        program: algorithm.program.clone(),
        invariant: invariant.value.clone(),
        when,
        assuming: assuming.iter().map(|f| f.value.clone()).collect(),
        runs,
    };
    let note = fields.prose("note");
    Some(Invariant { id, at, algorithm: name.value, invariant, assuming, question, note })
}

/// The runs under `runs` and `draws`; the only one there is, where there are no parameters.
fn runs(fields: &Fields, parameters: &[Symbol]) -> Option<Vec<Point>> {
    let mut out: Vec<Point> = vec![];
    for (table, place) in fields.tables("runs") {
        out.extend(grid(fields.cx, table, &place, parameters)?);
    }
    if let Some(item) = fields.get("draws") {
        let Some(table) = item.as_table_like() else {
            fields.cx.wrong_type("draws", item, "a table");
            return None;
        };
        let inner = Fields::new(fields.cx, table, fields.key_span("draws"), "draws", &DRAW_KEYS);
        out.extend(draws(&inner, parameters)?);
    }
    if out.is_empty() && parameters.is_empty() {
        out.push(Point::new());
    }
    let mut seen = BTreeSet::new();
    out.retain(|run| seen.insert(run.clone()));
    if out.is_empty() || out.len() > MOST_RUNS {
        let problem = Problem::Incomplete(format!("there are {} runs", out.len()));
        let help = format!("list the parameters of 1 to {MOST_RUNS} runs: runs = [{{ 'a' = '1/2' }}]");
        fields.cx.report(fields.key_span("runs"), problem, help);
        return None;
    }
    Some(out)
}

/// The values that a table gives the parameters, each of them and no other name.
fn values<'a>(
    cx: Context,
    entries: Vec<(Located<String>, &'a Item)>,
    place: &std::ops::Range<usize>,
    parameters: &[Symbol],
) -> Option<Vec<(Symbol, Located<String>, &'a Item)>> {
    let mut out: Vec<(Symbol, Located<String>, &Item)> = vec![];
    for (name, item) in entries {
        let symbol = Symbol::new(&name.value);
        if !parameters.contains(&symbol) {
            let known: Vec<&str> = parameters.iter().map(Symbol::latex).collect();
            let help = suggest(&name.value, "parameters of the algorithm", &known);
            let problem =
                Problem::Incomplete(format!("`{}` is not a parameter of the algorithm", name.value));
            cx.report(name.span, problem, help);
            return None;
        }
        out.push((symbol, name, item));
    }
    if let Some(missing) = parameters.iter().find(|p| !out.iter().any(|(s, ..)| s == *p)) {
        let problem = Problem::Incomplete(format!("the parameter `{missing}` has no value here"));
        cx.report(place.clone(), problem, format!("give it one: '{missing}' = '1/2'"));
        return None;
    }
    Some(out)
}

/// Every combination of the values that a table lists.
fn grid(
    cx: Context,
    table: &dyn TableLike,
    place: &std::ops::Range<usize>,
    parameters: &[Symbol],
) -> Option<Vec<Point>> {
    let mut out = vec![Point::new()];
    for (symbol, name, item) in values(cx, super::fields::entries(cx, table), place, parameters)? {
        let row: Option<Vec<Rational>> = list_of(item).iter().map(|v| number(cx, &name.value, v)).collect();
        let row = row?;
        if row.is_empty() || out.len() * row.len() > MOST_RUNS {
            let problem = Problem::Incomplete(format!("`{}` has {} values", name.value, row.len()));
            cx.report(name.span, problem, format!("list its values, for at most {MOST_RUNS} runs together"));
            return None;
        }
        let with = |at: &Point, v: &Rational| {
            let mut at = at.clone();
            at.insert(symbol.clone(), v.clone());
            at
        };
        out = out.iter().flat_map(|at| row.iter().map(move |v| with(at, v))).collect();
    }
    Some(out)
}

/// `draws = { seed = 1, number = 20, over = 64, from = { 'a' = ['0', '1'], 'b' = '2' } }`: seeded draws of
/// numbers between two ends, at equal distances of a part in `over` of their distance.
fn draws(fields: &Fields, parameters: &[Symbol]) -> Option<Vec<Point>> {
    let integer = |key: &str, range: std::ops::RangeInclusive<i64>| {
        let Some(item) = fields.get(key) else {
            fields.missing(
                key,
                "write draws = { seed = 1, number = 20, over = 64, from = { 'a' = ['0', '1'] } }",
            );
            return None;
        };
        let found = item.as_integer().filter(|n| range.contains(n));
        if found.is_none() {
            let expected = format!("an integer from {} to {}", range.start(), range.end());
            fields.cx.wrong_type(key, item, &expected);
        }
        found
    };
    let most = i64::try_from(MOST_RUNS).unwrap_or(i64::MAX);
    let (seed, number_of) = (integer("seed", 0..=i64::MAX)?, integer("number", 1..=most)?);
    let parts = integer("over", 1..=MOST_PARTS)?;
    let mut ranges = vec![];
    for (symbol, name, item) in values(fields.cx, fields.entries("from"), &fields.place, parameters)? {
        let ends: Option<Vec<Rational>> =
            list_of(item).iter().map(|v| number(fields.cx, &name.value, v)).collect();
        match ends?.as_slice() {
            [one] => ranges.push((symbol, one.clone(), Rational::new())),
            [lo, hi] if lo < hi => ranges.push((symbol, lo.clone(), Rational::from(hi - lo))),
            _ => {
                let problem = Problem::Incomplete(format!("`{}` is drawn from no range", name.value));
                fields.cx.report(name.span, problem, "give one value, or two ends in order: ['0', '1']");
                return None;
            }
        }
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed.unsigned_abs());
    let mut draw = || -> Point {
        let one = |(s, lo, width): &(Symbol, Rational, Rational)| {
            let part = if *width == 0 { 0 } else { random.random_range(0..=parts) };
            (s.clone(), lo.clone() + width.clone() * Rational::from((part, parts)))
        };
        ranges.iter().map(one).collect()
    };
    Some((0..number_of).map(|_| draw()).collect())
}
