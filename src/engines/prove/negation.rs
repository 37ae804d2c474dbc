//! Negation normal form.

use crate::expr::Formula;

/// Negations pushed down to the relations.
pub fn negation_normal(f: &Formula) -> Formula {
    fn go(f: &Formula, positive: bool) -> Formula {
        match f {
            Formula::Not(p) => go(p, !positive),
            Formula::Implies(p, q) if positive => Formula::or(vec![go(p, false), go(q, true)]),
            Formula::Implies(p, q) => Formula::and(vec![go(p, true), go(q, false)]),
            Formula::Iff(p, q) => {
                let both = Formula::and(vec![go(p, true), go(q, positive)]);
                let neither = Formula::and(vec![go(p, false), go(q, !positive)]);
                Formula::or(vec![both, neither])
            }
            Formula::And(ps) if positive => Formula::and(ps.iter().map(|p| go(p, true)).collect()),
            Formula::And(ps) => Formula::or(ps.iter().map(|p| go(p, false)).collect()),
            Formula::Or(ps) if positive => Formula::or(ps.iter().map(|p| go(p, true)).collect()),
            Formula::Or(ps) => Formula::and(ps.iter().map(|p| go(p, false)).collect()),
            Formula::Rel(a, r, b) if !positive => Formula::Rel(a.clone(), r.negated(), b.clone()),
            f if positive => f.clone(),
            f => !f.clone(),
        }
    }
    go(&f.unchained(), true)
}
