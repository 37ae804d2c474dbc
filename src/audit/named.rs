//! Names of the paper that stand for a solution without a term of its own: the root of a defining
//! equation, or a peak that has no closed form. The first has a value where its closed form was
//! found; the second is taken as an unknown, with the equation of which it is the only inner root.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Evidence;

use super::setting::Setting;
use super::wellposed::{self, Place};

/// What is known of names, each looked at once.
#[derive(Default)]
pub struct Known {
    roots: Slots<Expr>,
    peaks: Slots<Peak>,
}

type Slots<T> = Mutex<BTreeMap<Symbol, Arc<OnceLock<Option<T>>>>>;

/// What determines a name: facts that hold of exactly one value, for all parameters.
#[derive(Clone)]
pub struct Peak {
    pub facts: Vec<Formula>,
    pub evidence: Vec<Evidence>,
}

fn once<T: Clone>(slots: &Slots<T>, name: &Symbol, find: impl FnOnce() -> Option<T>) -> Option<T> {
    let slot = {
        let mut slots = slots.lock().expect("no thread panics while holding it");
        slots.entry(name.clone()).or_default().clone()
    };
    slot.get_or_init(find).clone()
}

impl Setting<'_> {
    /// The only value, in closed form, of a name that an equation defines.
    pub fn root(&self, name: &Symbol) -> Option<Expr> {
        let equation = self.equations.get(name)?;
        once(&self.known.roots, name, || {
            let defined = wellposed::judge(equation, name, &[], self).ok()?;
            match defined.place? {
                Place::Closed { value, ties } => ties.is_empty().then_some(value),
                Place::Peak { .. } => None,
            }
        })
    }

    /// What determines a name that stands for the only peak of an objective, where that has no
    /// closed form.
    pub fn peak(&self, name: &Symbol) -> Option<Peak> {
        let term = self.definitions.get(name).filter(|e| matches!(e, Expr::Optimum { .. }))?;
        once(&self.known.peaks, name, || {
            let reading = self.with_context(&[], |c| c.optimum(term)).ok()??;
            if !reading.which.is_arg() {
                return None;
            }
            match Place::of(&reading, self)? {
                Place::Peak { slope, variable, ends: [lower, upper], evidence } => {
                    let x = Expr::Sym(name.clone());
                    let facts = vec![
                        Formula::Rel(x.clone(), Relation::Gt, lower),
                        Formula::Rel(x.clone(), Relation::Lt, upper),
                        Formula::eq(slope.substitute(&variable, &x), Expr::int(0)),
                    ];
                    Some(Peak { facts, evidence })
                }
                Place::Closed { .. } => None,
            }
        })
    }

    /// What determines the names among `symbols` that stand for themselves.
    pub fn peaks_among(&self, symbols: &BTreeSet<Symbol>) -> Peak {
        let mut all = Peak { facts: vec![], evidence: vec![] };
        for peak in symbols.iter().filter_map(|s| self.peak(s)) {
            all.facts.extend(peak.facts);
            all.evidence.extend(peak.evidence);
        }
        all
    }
}
