//! Questions as the engines see them: which hypotheses matter, and where a statement fails.

use crate::expr::fold::fold_formula;
use crate::expr::{Formula, defined};

use super::size;

/// Why a question is turned away, if it is.
pub(super) fn excessive(hypotheses: &[Formula], statement: &Formula) -> Option<String> {
    hypotheses.iter().chain([statement]).find_map(size::excessive)
}

/// The hypotheses that share symbols with the statement, directly or through one another, and the
/// others, which are independent of it.
pub(super) fn relevant(hypotheses: &[Formula], statement: &Formula) -> (Vec<Formula>, Vec<Formula>) {
    let mut symbols = statement.free();
    let mut rest: Vec<Formula> = hypotheses.iter().map(|h| fold_formula(&h.unchained())).collect();
    rest.retain(|h| *h != Formula::True);
    let mut kept = vec![];
    loop {
        let (near, far): (Vec<Formula>, Vec<Formula>) =
            rest.into_iter().partition(|h| h.free().is_empty() || !h.free().is_disjoint(&symbols));
        if near.is_empty() {
            return (kept, far);
        }
        symbols.extend(near.iter().flat_map(Formula::free));
        kept.extend(near);
        rest = far;
    }
}

/// Where the hypotheses hold and the statement does not, being undefined included.
pub(super) fn failing(hypotheses: &[Formula], statement: &Formula) -> Option<Formula> {
    let undefined = !defined::formula_condition(statement)?;
    let not = Formula::or(vec![undefined, !statement.clone()]);
    Some(fold_formula(&Formula::and([hypotheses, &[not]].concat())))
}

/// Where the hypotheses hold and the statement is defined and false.
pub(super) fn wrong(hypotheses: &[Formula], statement: &Formula) -> Option<Formula> {
    let condition = defined::formula_condition(statement)?;
    Some(fold_formula(&Formula::and([hypotheses, &[condition, !statement.clone()]].concat())))
}
