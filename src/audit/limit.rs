//! Limits, proved by a rate.
//!
//! That `f` goes to `L` as `q` goes to its goal follows from `|f - L| <= C g` wherever `g < 1/T`,
//! for numbers `C` and `T` and a gauge `g` that goes to zero with `q` (or from the same for
//! `(f - L)^2`, where `f` approaches its limit like a square root). The value and the numbers are
//! guessed from values of `f` along one path ([`guess`]); the inequalities are then put to the
//! engines as any other statement, so that nothing rests on the guess. That the parameters can come
//! as near to the goal as one likes is proved along that path.
//!
//! A gauge is the distance to the goal (or, for an infinite one, the inverse of the quantity), as
//! it is or multiplied by a positive symbol that is fixed meanwhile, or by its inverse. A limit
//! whose value is no number, no quadratic irrational with small coefficients, or whose rate is
//! slower, is not found.

pub(super) mod guess;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::claim::LimitReading;
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Function, Relation, Symbol, Toward};
use crate::prove::{Evidence, Judgement};
use crate::tex::plain;

use super::finding::Finding;
use super::setting::Setting;
use guess::Path;

/// A limit with its proof.
#[derive(Clone)]
pub struct Limit {
    pub value: Expr,
    pub evidence: Vec<Evidence>,
    /// The rate that was proved, in words.
    pub rate: String,
}

/// Limits that were looked for, each once.
pub type Limits = Mutex<BTreeMap<LimitReading, Arc<OnceLock<Option<Limit>>>>>;

/// How near to the goal the rate is claimed: where the gauge is less than one part of these.
const NEAR: [i64; 3] = [16, 256, 65_536];

impl Setting<'_> {
    /// The limit, proved; found once and remembered.
    pub fn limit(&self, reading: &LimitReading) -> Option<Limit> {
        let slot = {
            let mut limits = self.limits.lock().expect("no thread panics while holding it");
            limits.entry(reading.clone()).or_default().clone()
        };
        slot.get_or_init(|| Approach::new(reading, self)?.limit()).clone()
    }
}

/// Adds to a finding the limits that its statement speaks of.
pub fn explain(finding: &mut Finding, prints: &Formula, given: &[Symbol], setting: &Setting) {
    let mut limits = vec![];
    prints.terms().into_iter().for_each(|t| collect(t, &mut limits));
    for limit in limits {
        let reading = setting.with_peaks(given, |c| c.limit(limit));
        let found = reading.ok().flatten().and_then(|reading| setting.limit(&reading));
        if let Some(found) = found {
            finding.story.push(format!("{} = {}: {}", plain(limit), plain(&found.value), found.rate));
            finding.evidence.extend(found.evidence);
        }
    }
}

fn collect<'a>(e: &'a Expr, out: &mut Vec<&'a Expr>) {
    if matches!(e, Expr::Limit { .. }) {
        out.push(e);
    }
    e.children().into_iter().for_each(|c| collect(c, out));
}

/// A limit to be found: what is known, and the way to the goal.
struct Approach<'a> {
    reading: &'a LimitReading,
    facts: Vec<Formula>,
    path: Path,
    /// What is proved about `path`.
    evidence: Vec<Evidence>,
    setting: &'a Setting<'a>,
}

impl<'a> Approach<'a> {
    fn new(reading: &'a LimitReading, setting: &'a Setting<'a>) -> Option<Approach<'a>> {
        if reading.toward.value().is_some_and(|v| !v.free().is_disjoint(&reading.quantity.free())) {
            return None;
        }
        let peaks = setting.peaks_among(&reading.body.free());
        let (path, mut evidence) = Path::find(reading, setting)?;
        evidence.extend(peaks.evidence);
        let facts = [&setting.facts[..], &peaks.facts].concat();
        Some(Approach { reading, facts, path, evidence, setting })
    }

    fn limit(&self) -> Option<Limit> {
        let values = self.path.values(self.reading, &self.facts)?;
        for value in guess::candidates(&values) {
            for (gauge, known) in self.gauges() {
                if let Some((rate, evidence)) = self.rate(&value, &gauge, &known, &values) {
                    let evidence = [self.evidence.clone(), evidence].concat();
                    return Some(Limit { value, evidence, rate });
                }
            }
        }
        None
    }

    /// What goes to zero with the quantity's distance from its goal, with what is known of the
    /// quantity on the way there.
    fn gauges(&self) -> Vec<(Expr, Vec<Formula>)> {
        let q = || self.reading.quantity.clone();
        let zero = || Expr::int(0);
        let (distance, known) = match &self.reading.toward {
            Toward::Infinity => (Expr::recip(q()), Formula::Rel(q(), Relation::Gt, zero())),
            Toward::MinusInfinity => (-Expr::recip(q()), Formula::Rel(q(), Relation::Lt, zero())),
            Toward::Value(goal) => {
                let goal = || (**goal).clone();
                let apart = Formula::Rel(q(), Relation::Ne, goal());
                let known = [&self.facts[..], std::slice::from_ref(&apart)].concat();
                let is = |r| self.setting.tools().judge.proves(&known, &Formula::Rel(q(), r, goal()));
                let distance = if is(Relation::Gt) {
                    q() - goal()
                } else if is(Relation::Lt) {
                    goal() - q()
                } else {
                    Expr::Fun(Function::Abs, vec![q() - goal()])
                };
                (distance, apart)
            }
        };
        let fixed = self.reading.body.free().into_iter().filter(|s| {
            let positive = Formula::Rel(Expr::Sym(s.clone()), Relation::Gt, zero());
            !self.reading.quantity.mentions(s)
                && self.setting.peak(s).is_none()
                && self.setting.tools().judge.proves(&self.setting.facts, &positive)
        });
        let factors = fixed.flat_map(|s| [Expr::recip(Expr::Sym(s.clone())), Expr::Sym(s)]);
        let gauges = [Expr::int(1)].into_iter().chain(factors).map(|m| fold(&(m * distance.clone())));
        gauges.map(|g| (g, vec![known.clone()])).collect()
    }

    /// The proof that the body comes near to `value` at least as fast as a multiple of the gauge,
    /// or of its root, goes to zero.
    fn rate(
        &self,
        value: &Expr,
        gauge: &Expr,
        known: &[Formula],
        values: &guess::Values,
    ) -> Option<(String, Vec<Evidence>)> {
        let apart = || self.reading.body.clone() - value.clone();
        let (factor, is_root) = values.rate(value)?;
        for near in NEAR {
            let close = Formula::Rel(fold(&(Expr::int(near) * gauge.clone())), Relation::Lt, Expr::int(1));
            let hypotheses = [&self.facts[..], known, &[close]].concat();
            let bound = fold(&(Expr::Num(factor.clone()) * gauge.clone()));
            let at_most = |e: Expr| Formula::Rel(fold(&e), Relation::Le, bound.clone());
            let statement = if is_root {
                at_most(Expr::pow(apart(), Expr::int(2)))
            } else {
                Formula::and(vec![at_most(apart()), at_most(-apart())])
            };
            if let Judgement::Holds(evidence) =
                self.setting.tools().judge.judge_plainly(&hypotheses, &statement)
            {
                let difference = if is_root { "the square of the difference" } else { "the difference" };
                let place = plain(gauge);
                let rate = format!("{difference} is at most {} where {place} < 1/{near}", plain(&bound));
                return Some((rate, evidence));
            }
        }
        None
    }
}
