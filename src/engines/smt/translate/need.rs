//! What is needed of each term: where it holds, where it fails, and how often it is used.

use crate::smt::term::{Id, Term, Terms};

/// What is needed of a term.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Need {
    pub(super) holds: bool,
    pub(super) fails: bool,
    pub(super) uses: u32,
    /// Its only use is as a summand, so that the sum takes its summands.
    pub(super) absorbed: bool,
}

impl Need {
    pub(super) fn any(self) -> bool {
        self.uses > 0
    }
}

/// What is needed of each term: arguments come before what is made of them, so that one way back
/// meets all users of a term before the term.
pub(super) fn needs(terms: &Terms, assertions: &[Id]) -> Vec<Need> {
    let mut out = vec![Need::default(); terms.len()];
    for a in assertions {
        out[*a].holds = true;
        out[*a].uses += 1;
    }
    for id in (0..terms.len()).rev() {
        let Need { holds, fails, uses, .. } = out[id];
        if uses == 0 {
            continue;
        }
        let term = terms.get(id);
        for (i, a) in term.arguments().into_iter().enumerate() {
            let (h, f) = match term {
                Term::Not(_) => (fails, holds),
                Term::Iff(..) => (true, true),
                Term::Ite(..) if i == 0 => (true, true),
                _ => (holds, fails),
            };
            let need = &mut out[a];
            need.holds |= h;
            need.fails |= f;
            need.uses += 1;
        }
    }
    for id in 0..terms.len() {
        if let (Term::Add(xs), true) = (terms.get(id), out[id].any()) {
            for x in xs {
                out[*x].absorbed = out[*x].uses == 1 && matches!(terms.get(*x), Term::Add(_));
            }
        }
    }
    out
}
