//! What the failing of a clause may hang on: coincidences that a further hypothesis can exclude.

use super::sentence::{Frame, Relation, Sentence, Spot, Worth};

/// Hypotheses that exclude a coincidence each, for the agreements that a clause speaks of and for all
/// players, those that exclude least first.
pub(super) fn hypotheses(frame: &Frame, variables: &[String]) -> Vec<Sentence> {
    let mut out = vec![];
    let groups = 0..frame.groups.len();
    let each = |g: usize, s: Sentence| match frame.groups[g].letter {
        Some(_) => Sentence::Every(Box::new(s)),
        None => s,
    };
    for v in variables {
        let x = || Spot::Variable(v.clone());
        for g in groups.clone() {
            out.push(each(g, Sentence::Payoff(g, x(), Relation::Ne, Worth::Disagreement)));
        }
        for g in groups.clone() {
            out.push(each(g, Sentence::Place(x(), Relation::Ne, Spot::Peak(g))));
        }
        out.extend([Spot::Zero, Spot::One].map(|end| Sentence::Place(x(), Relation::Ne, end)));
    }
    for g in groups.clone() {
        out.push(each(g, Sentence::Payoff(g, Spot::Peak(g), Relation::Ne, Worth::Disagreement)));
    }
    for g in groups.clone() {
        for h in groups.clone().filter(|h| g < *h) {
            out.push(each(h, Sentence::Place(Spot::Peak(g), Relation::Ne, Spot::Peak(h))));
        }
    }
    for g in groups {
        let inside = [Spot::Zero, Spot::One].map(|end| Sentence::Place(Spot::Peak(g), Relation::Ne, end));
        out.push(each(g, Sentence::And(inside.to_vec())));
    }
    out
}
