//! The sides of what a claim prints, and what should be there.

use crate::audit::{Entry, Verdict};
use crate::document::{Claim, Means, Paper, expand};
use crate::expr::{Expr, Formula, Relation};
use crate::tex;

/// The terms that a claim's figure draws, by name: of an equation that holds, its right side; of one that does
/// not, that and what is right; of any other relation, both sides. `Err` says why there is nothing to draw.
pub fn sides(paper: &Paper, claim: &Claim, entry: &Entry) -> Result<Vec<(String, Expr)>, String> {
    let said = claim.means.as_ref().and_then(|m| match &m.value {
        Means::Statement(f) => Some(f),
        _ => None,
    });
    let Some(statement) = claim.prints.as_ref().map(|p| &p.value).or(said) else {
        return Err("the claim prints no formula".to_owned());
    };
    let definitions = paper.game(&claim.frame).map_or(vec![], |g| g.definitions.clone());
    let definitions = [definitions, claim.frame.definitions.clone()].concat();
    let whole = |e: &Expr| expand(e, &definitions);
    let Formula::Rel(left, relation, right) = statement else {
        return Err("the claim is no relation of two terms".to_owned());
    };
    if *relation != Relation::Eq {
        let side = |e: &Expr| Ok::<_, String>((tex::plain(e), whole(e)?));
        return Ok(vec![side(left)?, side(right)?]);
    }
    let printed = whole(right)?;
    if entry.verdict != Verdict::Refuted {
        return Ok(vec![(tex::plain(left), printed)]);
    }
    let scope = paper.symbols.visible_in(&claim.frame.scope);
    let correction = entry.correction.as_ref().and_then(|s| tex::parse_formula(&s.latex, &scope).ok());
    let mut terms = vec![("as printed".to_owned(), printed)];
    if let Some(Formula::Rel(_, Relation::Eq, right)) = correction {
        terms.push(("what is right".to_owned(), right));
    }
    Ok(terms)
}
