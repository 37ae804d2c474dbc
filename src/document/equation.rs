//! `[[equation]]`: a displayed formula that claims nothing, such as a definition, with the reason why it
//! is not checked. Coverage counts it.

use std::collections::BTreeMap;

use crate::expr::Formula;

use super::fields::Fields;
use super::frame::{self, Surroundings};
use super::source::Located;

pub(super) const KEYS: [&str; 7] = ["id", "at", "game", "where", "prints", "reason", "note"];

/// A displayed formula that is not checked.
#[derive(Clone, Debug)]
pub struct Equation {
    pub id: Located<String>,
    /// Where the paper prints it, by version.
    pub at: BTreeMap<String, String>,
    pub prints: Located<Formula>,
    /// Why it is not checked.
    pub reason: Located<String>,
    pub note: Option<Located<String>>,
}

/// Reads one `[[equation]]`. What is wrong is reported, and the equation left out.
pub(super) fn read(fields: &Fields, around: &Surroundings) -> Option<Equation> {
    let frame = frame::read(fields, around)?;
    let at = frame::at(fields, around);
    let id = frame::id(fields);
    let prints = fields.required_latex("prints", "give the formula as the paper prints it");
    let prints = prints.and_then(|text| frame::formula(fields.cx, &text, &frame.scope, &[]));
    let reason = fields.required_prose("reason", "say why it is not checked: reason = 'defines U_G'");
    Some(Equation { id: id?, at, prints: prints?, reason: reason?, note: fields.prose("note") })
}
