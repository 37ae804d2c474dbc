//! Where canonical forms get the signs of their bases from.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::prove::signs::proof::recheck_lines;
use crate::prove::signs::search::Search;
use crate::prove::signs::{Facts, Line, RecheckError, SignSet};

/// Answers questions about signs: by search, or by replaying the lines of an earlier search.
pub enum Oracle<'f> {
    Searching(Search<'f>),
    Recorded(BTreeMap<Expr, SignSet>),
}

impl<'f> Oracle<'f> {
    /// An oracle that searches.
    pub fn searching(facts: &'f Facts) -> Self {
        Oracle::Searching(Search::new(facts))
    }
    /// An oracle that knows the given lines only, each of which it checks first.
    pub fn recorded(lines: &[Line], facts: &Facts) -> Result<Self, RecheckError> {
        recheck_lines(lines, facts)?;
        let mut known: BTreeMap<Expr, SignSet> = BTreeMap::new();
        for line in lines {
            let entry = known.entry(line.term.clone()).or_insert(SignSet::ANY);
            *entry = entry.meet(line.signs);
        }
        Ok(Oracle::Recorded(known))
    }
    /// The signs of a term wherever it is defined.
    pub fn signs(&mut self, e: &Expr) -> SignSet {
        match self {
            Oracle::Searching(search) => {
                let n = search.term(e);
                search.signs(n)
            }
            Oracle::Recorded(known) => known.get(e).copied().unwrap_or(SignSet::ANY),
        }
    }
    /// The lines that support the answers so far.
    pub fn into_lines(self) -> Vec<Line> {
        match self {
            Oracle::Searching(search) => search.into_lines(),
            Oracle::Recorded(_) => vec![],
        }
    }
}
