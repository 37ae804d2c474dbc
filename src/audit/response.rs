//! Best responses that have no formula: unknowns, and the facts that bind them.
//!
//! Let `U` be the last mover's payoff as a function of the own choice, defined on an interval, with
//! what was chosen before and shared held fixed. That `U` has a maximum is a hypothesis, `attained`;
//! without it nothing is said of a best response `s`. With it, of all points `p`, `q` of the interval:
//!
//! * `s` lies in the interval, and `U(s) >= U(p)`.
//! * If `U` is differentiable, on one side at the ends: `U'(s) = 0` inside, `U'(s) <= 0` at the lower
//!   end, `U'(s) >= 0` at the upper one. Where `U'(p) > 0` and `p` is not the upper end, some point
//!   above `p` is better than `p`: `U(s) > U(p)`. Where `U'(p) < 0` and `p` is not the lower end, too.
//! * If `U` is strictly unimodal, a hypothesis, then `s` is where it turns. `U(p) < U(q)` where
//!   `p < q <= s`, and where `s <= q < p`. Where `U'(p) > 0`, `U` has not turned before `p`: at or
//!   behind its turn it falls, and no slope of a falling function is positive. So `s >= p`, and
//!   `s > p` unless `p` is the upper end; and the mirror image where `U'(p) < 0`.
//!
//! The points are the ends of the interval, and the choice itself where the question speaks of it. The facts are necessary, not sufficient: what
//! follows from them holds, and what does not is no counterexample. A proof counts where some game
//! of the families, solved, meets the hypotheses; its certificate takes the facts on trust.
//! Source: Avriel, Diewert, Schaible and Zang, *Generalized Concavity*, ch. 3.

mod earlier;
mod points;

use std::collections::BTreeSet;

use crate::expr::derive::derivative;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Formula, Relation, Set, Symbol, defined};
use crate::functions::members::{self, Choice};
use crate::functions::{AnyFunction, Property, cubic};
use crate::game::Move;
use crate::game::induction::{Equilibrium, Response};
use crate::game::model::{Definition, Shape};
use crate::prove::evidence::quotation;
use crate::prove::{Evidence, Judgement};

use super::finding::{Finding, shown_formula};
use super::setting::Setting;
use super::{Holds, Verdict};
pub(super) use earlier::Choices;
use points::Points;

/// What is said of best responses; all of it at once makes too large a question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// All that is known of the last mover's, and where earlier ones lie.
    OfTheLast,
    /// Where the last mover's lie, and that the ends of its range are no better for an earlier mover.
    OfEarlierOnes,
}

/// The answer to a question about best responses of the last mover, if it is one and a maximum is
/// supposed: a proof, or none.
pub(super) fn judge(setting: &Setting, hypotheses: &[Formula], statement: &Formula) -> Option<Judgement> {
    let curve = Curve::of(setting)?;
    if !curve.supposes(Shape::Attained) {
        return None;
    }
    let first = curve.judge(hypotheses, statement, Said::OfTheLast)?;
    if !matches!(first, Judgement::Unknown(_)) {
        return Some(first);
    }
    match curve.judge(hypotheses, statement, Said::OfEarlierOnes) {
        Some(found @ Judgement::Holds(_)) => Some(found),
        _ => Some(first),
    }
}

/// Whether what is supposed of the payoffs is proved of them, in a game whose functions have
/// formulas. That a maximum is attained is, where a best response was found.
pub(super) fn is_as_supposed(setting: &Setting) -> bool {
    let curve = Curve::of(setting);
    let is_unimodal = |m: &Move| {
        let curve = curve.as_ref().filter(|c| c.mover.variable == m.variable);
        curve.is_some_and(Curve::is_unimodal)
    };
    let is_attained = |m: &Move| setting.equilibrium().is_some_and(|e| e.response(&m.variable).is_some());
    let holds = |m: &Move, shape: &Shape| match shape {
        Shape::StrictlyUnimodal => is_unimodal(m),
        Shape::Attained => is_attained(m),
    };
    let mut moves = setting.game.iter().flat_map(|g| g.moves());
    moves.all(|m| m.supposed.iter().all(|shape| holds(m, shape)))
}

/// For a finding that is undecided, the first refutation that `judge` gives with squares and cubes
/// in the last mover's payoff, where something is supposed of that. `statement` is what the finding
/// is about; if it holds but for the border of its premise, it fails on that.
pub(super) fn refute(
    finding: &mut Finding,
    setting: &Setting,
    statement: Option<&Formula>,
    judge: impl Fn(&Setting) -> Finding,
) {
    let Some(curve) = Curve::of(setting) else { return };
    if finding.verdict != Verdict::Undecided || curve.mover.supposed.is_empty() {
        return;
    }
    let used: Vec<&AnyFunction> = setting.any.iter().filter(|f| curve.payoff.applies(&f.name)).collect();
    for choice in cubic::choices(&used, setting.tools().judge) {
        let Some((there, at)) = curve.case(&choice, &setting.facts) else { continue };
        if there.obscure.is_some() || !is_as_supposed(&there) {
            continue;
        }
        let found = judge(&there);
        if found.verdict == Verdict::Refuted {
            let place: Vec<String> = at
                .iter()
                .map(|(s, v)| format!("{} = {}", crate::tex::plain_symbol(s), crate::tex::plain(v)))
                .collect();
            let story = vec![format!("it fails for {}, where {}", named(&choice), place.join(", "))];
            // What holds for these functions says nothing of the others, nor does a correction.
            *finding = Finding { holds: None, correction: None, story, ..found };
            let responses = there.equilibrium().into_iter().flat_map(|e| &e.responses);
            finding.evidence.extend(responses.flat_map(|r| r.evidence.iter().cloned()));
            if let Some((border, evidence)) = statement.and_then(|s| all_but_a_border(setting, s)) {
                finding.verdict = Verdict::Conditional;
                finding.holds = Some(Holds::Sometimes);
                finding.exceptions = vec![shown_formula(&border)];
                finding.evidence.extend(evidence);
                finding.story.insert(0, "it holds everywhere else".into());
            }
            return;
        }
    }
    finding.story.push(format!("so were payoffs with {}", cubic::FAMILY));
}

/// The border of an inequality in the premise of an implication outside of which that is proved.
fn all_but_a_border(setting: &Setting, statement: &Formula) -> Option<(Formula, Vec<Evidence>)> {
    let Formula::Implies(premise, _) = statement else { return None };
    let parts = match &**premise {
        Formula::And(parts) => parts.clone(),
        one => vec![one.clone()],
    };
    let border = |f: &Formula| match f {
        Formula::Rel(a, Relation::Ge | Relation::Le, b) => Some((a.clone(), b.clone())),
        _ => None,
    };
    parts.iter().filter_map(border).find_map(|(a, b)| {
        let off = Formula::rel(a.clone(), Relation::Ne, b.clone());
        match judge(setting, &[&setting.facts[..], &[off]].concat(), statement)? {
            Judgement::Holds(evidence) => Some((Formula::eq(a, b), evidence)),
            _ => None,
        }
    })
}

/// The payoff of the last mover as a function of the own choice.
struct Curve<'s, 'a> {
    setting: &'s Setting<'a>,
    mover: &'s Move,
    payoff: Expr,
    lower: Option<Expr>,
    upper: Option<Expr>,
}

impl<'s, 'a> Curve<'s, 'a> {
    /// Of the last mover, if that is one player alone, choosing from an interval that contains its
    /// ends.
    fn of(setting: &'s Setting<'a>) -> Option<Curve<'s, 'a>> {
        let game = setting.game.as_ref()?;
        let [mover] = &game.stages.last()?.moves[..] else { return None };
        let given: Vec<Symbol> =
            game.choices().cloned().chain(game.shares.iter().map(|s| s.symbol.clone())).collect();
        let printed = &game.payoff_of(&mover.player)?.body;
        let payoff = setting.with_context(&given, |c| c.term(printed)).ok()?;
        // Of a family, each member chooses for itself: no payoff depends on two of its choices.
        let mut names = payoff.free().into_iter();
        if names.any(|s| s != mover.variable && game.choice_of(&s) == Some(&mover.variable))
            || payoff.gathers(&mover.variable)
        {
            return None;
        }
        let bounds: Vec<Formula> = mover.from.iter().map(Formula::unchained).collect();
        let (lower, upper) = match Set::between_bounds(&mover.variable, &bounds)? {
            Set::Reals => (None, None),
            Set::Interval { lower, lower_closed, upper, upper_closed }
                if (lower.is_none() || lower_closed) && (upper.is_none() || upper_closed) =>
            {
                (lower, upper)
            }
            _ => return None,
        };
        Some(Curve { setting, mover, payoff, lower, upper })
    }

    fn judge(&self, hypotheses: &[Formula], statement: &Formula, said: Said) -> Option<Judgement> {
        let (setting, curve) = (self.setting, self);
        let earlier =
            Choices::among(setting, hypotheses.iter().chain([statement]), said == Said::OfEarlierOnes);
        if said == Said::OfEarlierOnes && earlier.facts.is_empty() {
            return None;
        }
        let known: Vec<Formula> = hypotheses.iter().map(|f| earlier.named(f)).collect();
        let known = [known, earlier.facts.clone()].concat();
        let statement = earlier.named(statement);
        let mut responses = BTreeSet::new();
        let terms = known.iter().chain([&statement]).flat_map(Formula::terms);
        terms.for_each(|e| curve.responses(e, &mut responses));
        let chosen = statement.free().contains(&curve.mover.variable);
        if chosen && statement.has_applications() {
            responses.insert(curve.response());
        }
        if responses.is_empty() {
            return None;
        }
        let put = |f: &Formula| fold_formula(&f.map(&mut |e| curve.with_symbols(e)).unchained());
        let known: Vec<Formula> = known.iter().map(put).collect();
        let statement = put(&statement);
        let mut names = earlier.names();
        let mut facts = vec![];
        for whole in &responses {
            let point =
                (chosen && *whole == curve.response()).then(|| Expr::Sym(curve.mover.variable.clone()));
            let Some(of_one) = curve.facts(whole, point, &known, said) else {
                let why = "it is not known that the payoff is defined for all choices";
                return Some(Judgement::Unknown(vec![why.into()]));
            };
            facts.extend(of_one);
            names.push((quotation(whole), whole.clone()));
        }
        let all = [known, facts].concat();
        Some(match setting.tools().judge.judge_plainly(&all, &statement) {
            Judgement::Holds(evidence) if curve.is_met(hypotheses, &earlier) => {
                let named = |e: Evidence| {
                    let all = [e.stands_for(), names.clone()].concat();
                    e.naming(all)
                };
                Judgement::Holds(evidence.into_iter().map(named).collect())
            }
            Judgement::Holds(_) => {
                let families = members::FAMILIES;
                let why =
                    format!("it follows, but no game was found that meets the assumptions ({families})");
                Judgement::Unknown(vec![why])
            }
            Judgement::Vacuous(evidence) => Judgement::Vacuous(evidence),
            Judgement::Unknown(why) => Judgement::Unknown(why),
            Judgement::Except { .. } | Judgement::Fails { .. } => {
                Judgement::Unknown(vec!["it does not follow from what is known of a best response".into()])
            }
        })
    }

    fn supposes(&self, shape: Shape) -> bool {
        self.mover.supposed.contains(&shape)
    }

    fn before(&self) -> Vec<Symbol> {
        let game = self.setting.game.iter();
        game.flat_map(|g| earlier::before(g, &self.mover.variable)).collect()
    }

    /// The best response to what is chosen before, whatever that is.
    fn response(&self) -> Expr {
        let function = self.mover.optimal.as_ref().unwrap_or(&self.mover.variable).clone();
        let specialise = &self.setting.specialise;
        let args = self.before().into_iter().map(|s| specialise.get(&s).cloned().unwrap_or(Expr::Sym(s)));
        Expr::Apply { function, primes: 0, args: args.collect() }
    }

    /// The best responses that a term applies, to terms that apply none.
    fn responses(&self, e: &Expr, out: &mut BTreeSet<Expr>) {
        let name = self.mover.optimal.as_ref().unwrap_or(&self.mover.variable);
        match e {
            Expr::Apply { function, primes: 0, .. } if function == name => {
                out.insert(e.clone());
            }
            _ => e.children().into_iter().for_each(|c| self.responses(c, out)),
        }
    }

    /// The term with symbols for the best responses.
    fn with_symbols(&self, e: &Expr) -> Expr {
        let mut here = BTreeSet::new();
        self.responses(e, &mut here);
        if here.contains(e) {
            return Expr::Sym(quotation(e));
        }
        e.map(&mut |c| self.with_symbols(c), &mut |f| f.map(&mut |c| self.with_symbols(c)))
    }

    /// What binds a best response, where `known` holds; `None` if it is not proved that the payoff
    /// is defined for all choices there, or that the arguments are possible.
    fn facts(
        &self,
        whole: &Expr,
        point: Option<Expr>,
        known: &[Formula],
        said: Said,
    ) -> Option<Vec<Formula>> {
        let Expr::Apply { args, .. } = whole else { return None };
        // What functions without a formula have to do with ranges is no more than a burden.
        let known: Vec<Formula> = known.iter().filter(|f| !f.has_applications()).cloned().collect();
        if args.iter().any(Expr::has_applications) {
            return None;
        }
        let game = self.setting.game.as_ref()?;
        let there: Substitution = self.before().into_iter().zip(args.iter().cloned()).collect();
        let put = |f: &Formula| fold_formula(&f.unchained().substitute_all(&there));
        let proves = |known: &[Formula], f: &Formula| {
            *f == Formula::True || self.setting.tools().judge.proves(known, f)
        };
        let earlier = game.moves().filter(|m| m.variable != self.mover.variable).flat_map(|m| &m.from);
        let shares = game.shares.iter().flat_map(|s| &s.domain);
        if !earlier.chain(shares).all(|f| proves(&known, &put(f))) {
            return None;
        }
        let s = Expr::Sym(quotation(whole));
        let feasible = |x: &Expr| -> Vec<Formula> {
            let at = |f: &Formula| fold_formula(&put(f).substitute(&self.mover.variable, x));
            self.mover.from.iter().map(at).collect()
        };
        let at = |e: &Expr, x: &Expr| fold(&e.substitute_all(&there).substitute(&self.mover.variable, x));
        let inside = [&known[..], &feasible(&s)].concat();
        if !self.defined(&at(&self.payoff, &s))?.iter().all(|f| proves(&inside, &fold_formula(f))) {
            return None;
        }
        if said == Said::OfEarlierOnes {
            return Some(feasible(&s));
        }
        let end = |e: &Option<Expr>| e.as_ref().map(|e| fold(&e.substitute_all(&there)));
        let (lower, upper) = (end(&self.lower), end(&self.upper));
        let is_defined = |d: &Expr| {
            let conditions = self.defined(&at(d, &s)).unwrap_or_else(|| vec![Formula::False]);
            conditions.iter().all(|f| proves(&inside, &fold_formula(f)))
        };
        let slope = self.slope().filter(is_defined);
        let points = Points {
            value: &|x| at(&self.payoff, x),
            slope: slope.as_ref().map(|d| move |x: &Expr| at(d, x)),
            unimodal: self.supposes(Shape::StrictlyUnimodal),
            lower,
            upper,
            further: point.map(|p| (Formula::and(feasible(&p)), p)),
            s: s.clone(),
        };
        let facts = feasible(&s).into_iter().chain(points.facts()).map(|f| fold_formula(&f));
        Some(facts.filter(|f| *f != Formula::True).collect())
    }

    /// The derivative by the own choice, if all functions that depend on it are differentiable.
    fn slope(&self) -> Option<Expr> {
        let smooth = |e: &Expr| match e {
            Expr::Apply { function, primes: 0, .. } => {
                let declared = self.setting.any.iter().find(|f| f.name == *function);
                declared.is_some_and(|f| f.is(Property::Differentiable))
            }
            _ => true,
        };
        all(&self.payoff, &smooth)
            .then(|| derivative(&self.payoff, &self.mover.variable).map(|d| fold(&d)))?
    }

    /// The conditions under which a payoff is defined; `None` if that is not known.
    fn defined(&self, payoff: &Expr) -> Option<Vec<Formula>> {
        fn plain(e: &Expr) -> Expr {
            match e {
                Expr::Apply { .. } => Expr::Sym(quotation(e)),
                _ => e.map(&mut plain, &mut Formula::clone),
            }
        }
        let mut out = vec![defined::condition(&plain(payoff))?];
        let mut open = vec![payoff];
        while let Some(e) = open.pop() {
            if let Expr::Apply { function, args, .. } = e {
                let f = self.setting.any.iter().find(|f| f.name == *function)?;
                out.extend(f.domain.iter().map(|d| f.at(&d.unchained(), args)));
            }
            open.extend(e.children());
        }
        Some(out)
    }

    /// Whether some game of the families, solved, with some point is seen to meet the hypotheses.
    fn is_met(&self, hypotheses: &[Formula], earlier: &Choices) -> bool {
        if !earlier.facts.is_empty() {
            return self.is_met_in_the_whole_game(hypotheses);
        }
        let any = &self.setting.any;
        let applied = |f: &&AnyFunction| {
            let mut terms = hypotheses.iter().flat_map(Formula::terms).chain([&self.payoff]);
            terms.any(|e| e.applies(&f.name))
        };
        let used: Vec<&AnyFunction> = any.iter().filter(applied).collect();
        let judge = self.setting.tools().judge;
        let meets = |there: &Setting, facts: &[Formula]| {
            is_as_supposed(there) && judge.satisfiable(facts) == Some(true)
        };
        let anywhere =
            |choice: &Choice| self.instance(choice, hypotheses).is_some_and(|(s, facts)| meets(&s, &facts));
        let there = |choice: &Choice| self.case(choice, hypotheses).is_some_and(|(s, _)| meets(&s, &s.facts));
        cubic::choices(&used, judge).iter().any(there)
            || members::choices(&used, judge, members::MOST_CHOICES).iter().any(anywhere)
    }

    /// The same, where best responses at earlier stages have a part in it: all payoffs matter, and
    /// the hypotheses are those of the setting.
    fn is_met_in_the_whole_game(&self, hypotheses: &[Formula]) -> bool {
        let setting = self.setting;
        let algebra = setting.tools().algebra;
        let differentiate = |e: &Expr, x: &Symbol| algebra.derivative(e, x);
        hypotheses == setting.facts
            && super::instances::all(setting, &differentiate, members::MOST_TO_MEET).any(|(_, there)| {
                is_as_supposed(&there) && there.tools().judge.satisfiable(&there.facts) == Some(true)
            })
    }

    /// The setting with the chosen functions in the last mover's payoff, and the hypotheses; none if
    /// they speak of best responses.
    fn instance(&self, choice: &Choice, hypotheses: &[Formula]) -> Option<(Setting<'a>, Vec<Formula>)> {
        let put = |f: &Formula| members::chosen_formula(&f.unchained(), choice).map(|f| fold_formula(&f));
        let facts: Vec<Formula> = hypotheses.iter().map(put).collect::<Option<_>>()?;
        if facts.contains(&Formula::False) {
            return None;
        }
        let mut game = self.setting.game.clone()?;
        for payoff in &mut game.payoffs {
            payoff.body = members::chosen(&payoff.body, choice).unwrap_or_else(|| Expr::int(0));
        }
        game.payoffs.iter_mut().find(|p| p.player == self.mover.player)?.body =
            fold(&members::chosen(&self.payoff, choice)?);
        game.stages.last_mut()?.moves = vec![self.mover.clone()];
        let algebra = self.setting.tools().algebra;
        let differentiate = |e: &Expr, x: &Symbol| algebra.derivative(e, x);
        // Outside of its domain a function has no value.
        let within = |(f, body): &(AnyFunction, Expr)| {
            let condition = Formula::and(f.domain.iter().map(Formula::unchained).collect());
            let body = Expr::Cases(vec![Case { value: body.clone(), condition: Some(condition) }]);
            Definition { name: f.name.clone(), parameters: f.parameters.clone(), body }
        };
        let functions = choice.iter().map(within).collect();
        Some((self.setting.with_functions(game, facts.clone(), functions, &differentiate), facts))
    }

    /// The setting with the chosen functions where nothing was invested before and shares are equal,
    /// and what that fixes.
    fn case(&self, choice: &Choice, known: &[Formula]) -> Option<(Setting<'a>, Substitution)> {
        let shares: Vec<&Symbol> =
            self.setting.game.iter().flat_map(|g| &g.shares).map(|s| &s.symbol).collect();
        let value = |s: &Symbol| if shares.contains(&s) { Expr::ratio(1, 2) } else { Expr::int(0) };
        let free = self.before().into_iter().filter(|s| !self.setting.specialise.contains_key(s));
        let at: Substitution = free.map(|s| (s.clone(), value(&s))).collect();
        let facts: Vec<Formula> = known.iter().map(|f| fold_formula(&f.substitute_all(&at))).collect();
        let payoff = fold(&self.payoff.substitute_all(&at));
        let from = self.mover.from.iter().map(|f| fold_formula(&f.substitute_all(&at))).collect();
        let mover = Move { from, ..self.mover.clone() };
        let there = Curve { payoff, mover: &mover, lower: None, upper: None, setting: self.setting };
        let (mut there, _) = there.instance(choice, &facts)?;
        there.specialise.extend(at.clone());
        if there.equilibrium().is_none_or(|e| e.response(&self.mover.variable).is_none()) {
            let response = Curve::of(&there)?.maximiser()?;
            there.solution = Some(Ok(Equilibrium { responses: vec![response] }));
        }
        Some((there, at))
    }

    /// A small rational number at which the slope is zero, and at which a payoff with a formula is
    /// proved to be at its maximum.
    fn maximiser(&self) -> Option<Response> {
        let x = &self.mover.variable;
        let slope = derivative(&self.payoff, x)?;
        let range: Vec<Formula> = self.mover.from.iter().map(Formula::unchained).collect();
        let at = |e: &Expr, value: &Expr| fold(&e.substitute(x, value));
        let best = |value: Expr| {
            let mut inside = range.iter().map(|f| fold_formula(&f.substitute(x, &value)));
            let none_better = Formula::rel(self.payoff.clone(), Relation::Le, at(&self.payoff, &value));
            if !inside.all(|f| f == Formula::True) {
                return None;
            }
            match self.setting.tools().judge.judge_plainly(&range, &none_better) {
                Judgement::Holds(evidence) => Some((value, evidence)),
                _ => None,
            }
        };
        let small = (1..=6).flat_map(|q| (1..=6).map(move |p| Expr::ratio(p, q)));
        let mut flat = small.filter(|value| at(&slope, value) == Expr::int(0));
        let (value, evidence) = flat.find_map(best)?;
        let (player, variable) = (self.mover.player.clone(), x.clone());
        Some(Response { player, variable, value, reaction: None, evidence })
    }

    /// Whether a payoff with a formula is proved to be strictly unimodal: its slope has one sign
    /// inside; or falls strictly; or is strictly concave, and negative inside where it is negative at
    /// the lower end: strictly concave and not negative there, it has one zero at most behind it, is
    /// positive before that and negative behind.
    fn is_unimodal(&self) -> bool {
        let x = &self.mover.variable;
        let inside = |end: &Option<Expr>, relation| {
            end.as_ref().map(|e| Formula::rel(Expr::Sym(x.clone()), relation, e.clone()))
        };
        let mut facts: Vec<Formula> =
            self.setting.facts.iter().filter(|f| !f.free().contains(x)).cloned().collect();
        let proves = |known: &[Formula], e: &Expr, relation| {
            let f = fold_formula(&Formula::rel(e.clone(), relation, Expr::int(0)));
            f == Formula::True || self.setting.tools().judge.proves(known, &f)
        };
        let slopes = || {
            let first = fold(&derivative(&self.payoff, x)?);
            let second = fold(&derivative(&first, x)?);
            let third = fold(&derivative(&second, x)?);
            Some([first, second, third])
        };
        let Some([first, second, third]) = slopes() else { return false };
        let closed: Vec<Formula> = facts.iter().cloned().chain(self.mover.from.iter().cloned()).collect();
        let is_defined = |e: &Expr| {
            let condition = defined::condition(e).map(|c| fold_formula(&c));
            condition.is_some_and(|c| c == Formula::True || self.setting.tools().judge.proves(&closed, &c))
        };
        // Defined with three derivatives on the closed range, it is continuous there.
        if ![&self.payoff, &first, &second, &third].into_iter().all(is_defined) {
            return false;
        }
        facts.extend(inside(&self.lower, Relation::Gt));
        facts.extend(inside(&self.upper, Relation::Lt));
        let behind_the_end = || {
            let Some(end) = &self.lower else { return false };
            let falls = Formula::rel(fold(&first.substitute(x, end)), Relation::Lt, Expr::int(0));
            let falling = [&facts[..], &[falls]].concat();
            proves(&falling, &first, Relation::Lt)
                || self.setting.tools().judge.satisfiable(&falling) == Some(false)
        };
        proves(&facts, &second, Relation::Lt)
            || proves(&facts, &first, Relation::Gt)
            || proves(&facts, &first, Relation::Lt)
            || (proves(&facts, &third, Relation::Lt) && behind_the_end())
    }
}

/// `f(x) = x^2, g(x) = x`.
fn named(choice: &Choice) -> String {
    let one = |(f, body): &(AnyFunction, Expr)| {
        let args = f.parameters.iter().cloned().map(Expr::Sym).collect();
        let head = Expr::Apply { function: f.name.clone(), primes: 0, args };
        format!("{} = {}", crate::tex::plain(&head), crate::tex::plain(&fold(body)))
    };
    choice.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Whether a term and all its parts are as they should be.
fn all(e: &Expr, is: &dyn Fn(&Expr) -> bool) -> bool {
    is(e) && e.children().into_iter().all(|c| all(c, is))
}
