//! `[[derivation]]`: the lines of a proof, pasted as they are printed, in one block or several.

use std::collections::BTreeMap;

use toml_edit::Item;

use crate::expr::Formula;
use crate::tex;

use super::diagnostic::Problem;
use super::fields::Fields;
use super::frame::{self, Frame, Surroundings};
use super::source::Located;

/// What a derivation or one of its blocks may say.
const BLOCK_KEYS: [&str; 10] = [
    "supposing",
    "against",
    "where",
    "given",
    "assuming",
    "from",
    "contradicts",
    "steps",
    "doubtful",
    "note",
];
/// What only a derivation may say.
const OWN_KEYS: [&str; 6] = ["id", "at", "of", "game", "block", "reason"];

/// All keys of a derivation.
pub(super) fn keys() -> Vec<&'static str> {
    [&BLOCK_KEYS[..], &OWN_KEYS].concat()
}

/// A derivation; its lines are numbered from 1 through all its blocks.
#[derive(Clone, Debug)]
pub struct Derivation {
    pub id: Located<String>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    /// The id of the claim that it derives.
    pub of: Option<Located<String>>,
    pub frame: Frame,
    pub blocks: Vec<Block>,
    pub note: Option<Located<String>>,
    pub reason: Option<Located<String>>,
}

/// Lines that follow one another.
#[derive(Clone, Debug)]
pub struct Block {
    /// The derivation's frame with what the block adds.
    pub frame: Frame,
    /// What the block starts from, besides what it assumes.
    pub from: Vec<Premise>,
    /// Whether the block is said to end in a contradiction.
    pub contradicts: bool,
    /// An equation that says what the lines' unknown is: `\delta = \delta^*`.
    pub supposing: Option<Located<Formula>>,
    /// What the last line is said to contradict; it is numbered after the last line.
    pub against: Option<Located<Formula>>,
    pub steps: Vec<Step>,
    pub note: Option<Located<String>>,
}

impl Block {
    /// How many numbers the block takes: one a line, and one for what its end is said to contradict.
    pub fn lines(&self) -> usize {
        self.steps.len() + usize::from(self.against.is_some())
    }
}

/// What a block starts from.
#[derive(Clone, Debug)]
pub enum Premise {
    /// An earlier line of the derivation, by its number.
    Line(usize),
    Statement(Located<Formula>),
}

/// A line of a derivation.
#[derive(Clone, Debug)]
pub struct Step {
    /// From 1, through all blocks.
    pub number: usize,
    pub line: Located<tex::Line>,
    /// What the line may read in the original, where the transcription is doubtful.
    pub reads: Option<Located<tex::Line>>,
}

impl Derivation {
    /// The lines of all blocks, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.blocks.iter().flat_map(|b| &b.steps)
    }
}

/// Reads one `[[derivation]]`. What is wrong is reported; `None` if the id is.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Derivation> {
    let mut frame = frame::read(fields, around)?;
    frame.assuming = frame::assumptions(fields, &frame.scope, &[]);
    let at = frame::at(fields, around);
    let tables = fields.tables("block");
    let mut blocks = vec![];
    // The lines so far, while every block could be read.
    let mut number = Some(0);
    if tables.is_empty() {
        blocks.extend(block(fields, frame.clone(), number));
    } else {
        for key in ["steps", "from", "supposing", "contradicts", "against", "doubtful"] {
            if fields.get(key).is_some() {
                let problem = Problem::Incomplete(format!("`{key}` beside blocks"));
                fields.cx.report(fields.key_span(key), problem, "put it into one of the blocks");
            }
        }
        for (table, place) in tables {
            let inner = Fields::new(fields.cx, table, place, "a block", &BLOCK_KEYS);
            let mut inner_frame = frame::within(&inner, &frame);
            inner_frame.assuming.extend(frame::assumptions(&inner, &inner_frame.scope, &[]));
            let block = block(&inner, inner_frame, number);
            number = number.zip(block.as_ref()).map(|(n, b)| n + b.lines());
            blocks.extend(block);
        }
    }
    Some(Derivation {
        id: frame::id(fields)?,
        at,
        of: fields.prose("of"),
        frame,
        blocks,
        note: fields.prose("note"),
        reason: fields.prose("reason"),
    })
}

/// Reads the lines of a table, which come after `before` lines of the derivation; their numbers are not
/// judged if that is not known.
fn block(fields: &Fields, frame: Frame, before: Option<usize>) -> Option<Block> {
    let text = fields.required_latex("steps", "paste the lines of the derivation: steps = '''…'''");
    let from = premises(fields, &frame, before);
    let lines = fields.cx.read(&text?, |src| tex::parse_lines(src, &frame.scope))?;
    if lines.value.is_empty() {
        let problem = Problem::Incomplete("a derivation without lines".to_owned());
        fields.cx.report(fields.key_span("steps"), problem, "paste its lines, separated by `\\\\`");
        return None;
    }
    let first = before.unwrap_or(0) + 1;
    let numbers = first..=before.unwrap_or(0) + lines.value.len();
    let mut reads = if before.is_some() { doubtful(fields, &frame, numbers) } else { BTreeMap::new() };
    let steps = lines.value.iter().zip(first..).map(|(line, number)| Step {
        number,
        line: fields.cx.locate(line.clone(), lines.part(line.span.clone())),
        reads: reads.remove(&number),
    });
    let steps = steps.collect();
    let contradicts = fields.flag("contradicts");
    let statement =
        |key: &str| fields.latex(key).and_then(|text| frame::formula(fields.cx, &text, &frame.scope, &[]));
    let (supposing, against) = (statement("supposing"), statement("against"));
    Some(Block { from, contradicts, supposing, against, steps, note: fields.prose("note"), frame })
}

/// The earlier lines and the formulas under `from`; `before` lines stand before the block.
fn premises(fields: &Fields, frame: &Frame, before: Option<usize>) -> Vec<Premise> {
    let mut out = vec![];
    for item in fields.list("from") {
        let Some(line) = item.as_integer() else {
            let text = fields.cx.latex("from", &item);
            let read = text.and_then(|t| frame::formula(fields.cx, &t, &frame.scope, &[]));
            out.extend(read.map(Premise::Statement));
            continue;
        };
        let Some(before) = before else { continue };
        match usize::try_from(line) {
            Ok(n) if (1..=before).contains(&n) => out.push(Premise::Line(n)),
            _ => {
                let line = line.to_string();
                let problem =
                    Problem::Line { line, expected: "an earlier line of the derivation".to_owned() };
                let help = match before {
                    0 => "nothing stands before this block: give a formula instead".to_owned(),
                    n => format!("lines 1 to {n} stand before this block"),
                };
                fields.cx.report(item.span().unwrap_or_default(), problem, help);
            }
        }
    }
    out
}

/// The table `doubtful`: what the lines of the block with these numbers may read in the original.
fn doubtful(
    fields: &Fields,
    frame: &Frame,
    numbers: std::ops::RangeInclusive<usize>,
) -> BTreeMap<usize, Located<tex::Line>> {
    let mut out = BTreeMap::new();
    for (key, item) in fields.entries("doubtful") {
        let Some(n) = key.value.parse().ok().filter(|n| numbers.contains(n)) else {
            let help = format!("its lines are {} to {}", numbers.start(), numbers.end());
            let problem = Problem::Line { line: key.value, expected: "a line of this block".to_owned() };
            fields.cx.report(key.span, problem, help);
            continue;
        };
        if let Some(line) = single_line(fields, frame, &key, item) {
            out.insert(n, line);
        }
    }
    out
}

fn single_line(
    fields: &Fields,
    frame: &Frame,
    key: &Located<String>,
    item: &Item,
) -> Option<Located<tex::Line>> {
    let text = fields.cx.latex(&key.value, item)?;
    let mut lines = fields.cx.read(&text, |src| tex::parse_lines(src, &frame.scope))?;
    if lines.value.len() != 1 {
        let problem = Problem::Incomplete(format!("{} lines in the place of one", lines.value.len()));
        fields.cx.report(text.span, problem, "give the one line as it may read in the original");
        return None;
    }
    let line = lines.value.remove(0);
    Some(lines.with(line))
}
