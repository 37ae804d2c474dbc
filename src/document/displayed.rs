//! `[[displayed]]`: a formula that the text displays and that is no claim, with the reason. Coverage
//! reads it; the audit does not.

use std::collections::BTreeMap;

use super::diagnostic::{Problem, suggest};
use super::fields::Fields;
use super::frame::{self, Surroundings};
use super::source::Located;

pub(super) const KEYS: [&str; 5] = ["prints", "reads", "at", "is", "because"];

/// What a displayed formula may be.
const KINDS: [&str; 8] = [
    "definition",
    "notation",
    "assumption",
    "example",
    "figure",
    "general theory",
    "restatement",
    "misprint",
];

/// A displayed formula that is no claim.
#[derive(Clone, Debug)]
pub struct Displayed {
    /// The formula, byte for byte; without it everything is meant that is displayed at the place.
    pub prints: Option<Located<String>>,
    /// What the formula should read: coverage asks for this in its place.
    pub reads: Option<Located<String>>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    /// What it is.
    pub is: Located<String>,
    /// Why nothing is claimed.
    pub because: Located<String>,
}

impl Displayed {
    /// Whether both speak of the same formula at the same place.
    pub(super) fn same_as(&self, other: &Displayed) -> bool {
        let text = |d: &Displayed| d.prints.as_ref().map(|p| p.value.trim().to_owned());
        text(self) == text(other) && self.at == other.at
    }
    /// The line, from 1, on which it begins in its file.
    pub fn line(&self) -> usize {
        self.prints.as_ref().map_or(self.because.line, |p| p.line)
    }
}

/// Reads one `[[displayed]]`. What is wrong is reported, and the entry left out.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Displayed> {
    let prints = fields.latex("prints");
    let at = frame::at(fields, around);
    let is = fields.required_prose("is", "say what it is: is = 'definition'");
    let because = fields.required_prose("because", "say why it is no claim: because = 'names the unknowns'");
    if fields.get("prints").is_none() && at.is_empty() {
        fields.missing("prints", "give the formula as the paper prints it, or under `at` where it stands");
        return None;
    }
    for key in ["prints", "reads"].into_iter().filter(|key| fields.get(key).is_some()) {
        fields.cx.read(&fields.latex(key)?, crate::tex::well_formed)?;
    }
    let reads = fields.latex("reads");
    if prints.is_none() && reads.is_some() {
        fields.missing("prints", "`reads` stands in the place of a formula: give it as the text prints it");
        return None;
    }
    let (is, because) = (is?, because?);
    if !KINDS.contains(&is.value.as_str()) {
        let problem = Problem::WrongType {
            key: "is".to_owned(),
            found: format!("`{}`", is.value),
            expected: "what a formula may be".to_owned(),
        };
        fields.cx.report(is.span.clone(), problem, suggest(&is.value, "kinds", &KINDS));
        return None;
    }
    if because.value.trim().is_empty() {
        let problem = Problem::Incomplete("an empty reason".to_owned());
        fields.cx.report(because.span.clone(), problem, "say in a sentence why it is no claim");
        return None;
    }
    Some(Displayed { prints, reads, at, is, because })
}
