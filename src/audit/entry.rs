//! What an audit says of one claim or one line.

use std::collections::BTreeMap;

use rug::Rational;
use serde::{Deserialize, Serialize};

use crate::expr::{Formula, Relation, Symbol};
use crate::prove::Evidence;

/// The verdicts, gravest first; DESIGN.md says what each means and needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Conflict,
    Refuted,
    Gap,
    Conditional,
    Vacuous,
    Undecided,
    Supported,
    Proved,
}

impl Verdict {
    /// All verdicts, in the order in which reports count them.
    pub const ALL: [Verdict; 8] = [
        Verdict::Proved,
        Verdict::Conditional,
        Verdict::Gap,
        Verdict::Refuted,
        Verdict::Supported,
        Verdict::Undecided,
        Verdict::Vacuous,
        Verdict::Conflict,
    ];

    /// The verdict's name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proved => "proved",
            Verdict::Conditional => "conditional",
            Verdict::Gap => "gap",
            Verdict::Refuted => "refuted",
            Verdict::Supported => "supported",
            Verdict::Undecided => "undecided",
            Verdict::Vacuous => "vacuous",
            Verdict::Conflict => "conflict",
        }
    }

    /// Whether the verdict makes `check` exit with 1.
    pub fn is_finding(self) -> bool {
        matches!(
            self,
            Verdict::Refuted | Verdict::Gap | Verdict::Conditional | Verdict::Vacuous | Verdict::Conflict
        )
    }
}

/// Whether an entry is a claim of its own or one line of a derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    Claim,
    Step,
}

/// For how much of the domain a statement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    Never,
    Sometimes,
    Always,
}

/// What a finding touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A numbered result of the paper changes.
    Result,
    /// Only a line does.
    Slip,
}

/// Exact parameter values at which a statement fails, with what is printed and what is true
/// there. Every digit shown is certain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterexample {
    pub at: BTreeMap<Symbol, Rational>,
    /// For a statement that is no equation: the relation that fails, `printed` being its left
    /// side and `actual` its right.
    pub relation: Option<Relation>,
    pub printed: String,
    pub actual: String,
    /// For a statement about any payoffs: those of which it is false.
    #[serde(default)]
    pub payoffs: Option<Payoffs>,
}

/// Payoffs on `[0, 1]`, linear between given agreements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payoffs {
    /// The name of each payoff, and its values at agreements in order.
    pub lists: Vec<(String, Vec<(Rational, Rational)>)>,
    /// The Pareto set, interval by interval.
    pub pareto: Vec<String>,
    /// Sentences about the agreements spoken of.
    pub facts: Vec<String>,
}

impl Payoffs {
    /// The lists and what is said of them as one phrase.
    pub fn words(&self) -> String {
        let list = |(name, values): &(String, Vec<(Rational, Rational)>)| {
            let pairs: Vec<String> = values.iter().map(|(x, u)| format!("({x}, {u})")).collect();
            format!("{} through {}", crate::tex::plain_symbol(&Symbol::new(name)), pairs.join(" "))
        };
        let lists: Vec<String> = self.lists.iter().map(list).collect();
        [vec![lists.join(", ")], self.facts.clone()].concat().join("; ")
    }
}

impl Counterexample {
    /// The two values as one phrase.
    pub fn values(&self) -> String {
        if let Some(payoffs) = &self.payoffs {
            return payoffs.words();
        }
        let symbol = match self.relation {
            None => return format!("printed {}, true {}", self.printed, self.actual),
            Some(Relation::Eq) => "=",
            Some(Relation::Ne) => "≠",
            Some(Relation::Lt) => "<",
            Some(Relation::Le) => "≤",
            Some(Relation::Gt) => ">",
            Some(Relation::Ge) => "≥",
        };
        format!("{} {symbol} {} does not hold", self.printed, self.actual)
    }

    /// The point as text: `c₀ = 1, c₁ = 2`.
    pub fn place(&self) -> String {
        if self.at.is_empty() {
            return if self.payoffs.is_some() { "these payoffs" } else { "every point" }.into();
        }
        let parts: Vec<String> =
            self.at.iter().map(|(s, v)| format!("{} = {v}", crate::tex::plain_symbol(s))).collect();
        parts.join(", ")
    }
}

/// The numeric route's agreement with the printed formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Parameter draws at which both were evaluated.
    pub draws: usize,
    /// Digits asked for.
    pub digits: u32,
    /// Fewest digits of agreement over all draws.
    pub worst_digits: u32,
    /// Draws at which they disagree beyond the numeric error.
    pub disagreements: usize,
}

/// A formula as LaTeX and as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub latex: String,
    pub plain: String,
}

/// The verdict on one claim or line, with all that stands behind it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// `paper/claim` or `paper/derivation/line`.
    pub id: String,
    pub kind: EntryKind,
    /// Where it stands, by version of the paper.
    pub at: BTreeMap<String, String>,
    pub file: String,
    pub line: usize,
    /// The LaTeX as it is in the paper's file.
    pub prints: String,
    /// The formula as it was understood.
    pub parsed: String,
    /// What the printed name is said to be, as it is in the file and in plain text.
    pub means: Option<Shown>,
    pub assuming: Vec<Shown>,
    /// The symbols for some value of which it is said to hold.
    #[serde(default)]
    pub some: Vec<Symbol>,
    /// What holds of the symbols, by their domains and by what is assumed.
    pub facts: Vec<Formula>,
    pub verdict: Verdict,
    pub holds: Option<Holds>,
    pub severity: Option<Severity>,
    pub evidence: Vec<Evidence>,
    pub derived: Option<Shown>,
    pub correction: Option<Shown>,
    pub counterexample: Option<Counterexample>,
    pub exceptions: Vec<Shown>,
    pub measured: Option<Measured>,
    /// Sentences that say how the verdict came about.
    pub story: Vec<String>,
    /// For a doubtful transcription: the reading believed in, and its verdict.
    pub reading: Option<Box<Entry>>,
    pub elapsed_ms: u64,
}

impl Entry {
    /// The entry of something that nothing is said of yet.
    pub fn unjudged(id: String, kind: EntryKind) -> Entry {
        Entry {
            id,
            kind,
            at: BTreeMap::new(),
            file: String::new(),
            line: 0,
            prints: String::new(),
            parsed: String::new(),
            means: None,
            assuming: vec![],
            some: vec![],
            facts: vec![],
            verdict: Verdict::Undecided,
            holds: None,
            severity: None,
            evidence: vec![],
            derived: None,
            correction: None,
            counterexample: None,
            exceptions: vec![],
            measured: None,
            story: vec![],
            reading: None,
            elapsed_ms: 0,
        }
    }
}
