//! Games with functions that have no formula, with members of families in their place.
//!
//! A game that cannot be solved for all functions can be solved for some: what is refuted there,
//! with the properties of each function proved, is refuted for all.

use crate::expr::fold::fold_formula;
use crate::expr::{Case, Expr, Formula};
use crate::functions::members::{self, Choice};
use crate::game::model::Definition;
use crate::prove::Differentiate;

use super::Verdict;
use super::finding::Finding;
use super::setting::Setting;

/// For each finding that is undecided, the first refutation that `judge` gives with functions of
/// the families in the setting's game.
pub fn refute(
    findings: &mut [(usize, Finding)],
    setting: &Setting,
    differentiate: &Differentiate,
    judge: impl Fn(&Setting) -> Vec<(usize, Finding)>,
) {
    let open = |findings: &[(usize, Finding)]| findings.iter().any(|(_, f)| is_open(f));
    let in_game = setting.game.as_ref().is_some_and(|g| g.payoffs.iter().any(|p| p.body.has_applications()));
    if !in_game || !open(findings) {
        return;
    }
    for (choice, there) in all(setting, differentiate, members::MOST_CHOICES) {
        if !open(findings) {
            return;
        }
        let mut found = judge(&there);
        for (n, finding) in findings.iter_mut().filter(|(_, f)| is_open(f)) {
            let Some(at) = found.iter().position(|(m, f)| m == n && f.verdict == Verdict::Refuted) else {
                continue;
            };
            *finding = found.swap_remove(at).1;
            // What holds for these functions says nothing of the others, nor does a correction.
            finding.holds = None;
            finding.correction = None;
            finding.story = vec![format!("it fails for {}", named(&choice))];
            // That the choices are best responses, where the functions are these.
            let responses = there.equilibrium().into_iter().flat_map(|e| &e.responses);
            finding.evidence.extend(responses.flat_map(|r| r.evidence.iter().cloned()));
        }
    }
    for (_, finding) in findings.iter_mut().filter(|(_, f)| is_open(f)) {
        let (most, families) = (members::MOST_CHOICES, members::FAMILIES);
        finding.story.push(format!("at most {most} games with {families} were tried"));
    }
}

/// The setting with each of the first `most` choices of functions of the families in the game's
/// payoffs, where that is possible.
pub fn all<'s, 'a>(
    setting: &'s Setting<'a>,
    differentiate: &'s Differentiate,
    most: usize,
) -> impl Iterator<Item = (Choice, Setting<'a>)> + use<'s, 'a> {
    let bodies: Vec<&Expr> = setting.game.iter().flat_map(|g| &g.payoffs).map(|p| &p.body).collect();
    let used: Vec<_> = setting.any.iter().filter(|f| bodies.iter().any(|b| b.applies(&f.name))).collect();
    let choices = members::choices(&used, setting.tools().judge, most).into_iter();
    choices.filter_map(|choice| instance(setting, &choice, differentiate).map(|there| (choice, there)))
}

fn is_open(finding: &Finding) -> bool {
    finding.verdict == Verdict::Undecided
}

/// `f(x) = x^2 and g(x) = x`.
pub fn named(choice: &Choice) -> String {
    let one = |(name, body): (crate::expr::Symbol, Expr)| {
        let head = crate::tex::plain_symbol(&name);
        format!("{} = {}", head.trim_start_matches('[').trim_end_matches(']'), crate::tex::plain(&body))
    };
    members::names(choice).into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The setting with the chosen functions; none if a payoff may be undefined or a fact speaks of
/// another function.
fn instance<'a>(
    setting: &Setting<'a>,
    choice: &Choice,
    differentiate: &Differentiate,
) -> Option<Setting<'a>> {
    let facts: Option<Vec<Formula>> =
        setting.stated.iter().map(|f| members::chosen_formula(f, choice).map(|f| fold_formula(&f))).collect();
    let facts: Vec<Formula> = facts?.into_iter().filter(|f| *f != Formula::True).collect();
    if facts.contains(&Formula::False) {
        return None;
    }
    let mut game = setting.game.clone()?;
    let feasible: Vec<Formula> = game.moves().flat_map(|m| m.from.iter().map(Formula::unchained)).collect();
    let feasible = [facts.clone(), feasible].concat();
    for payoff in &mut game.payoffs {
        let inside = members::domain(&payoff.body, choice);
        if !inside.iter().all(|d| setting.tools().judge.proves(&feasible, d)) {
            return None;
        }
        payoff.body = members::chosen(&payoff.body, choice)?;
    }
    // Outside of its domain a function has no value.
    let within = |(f, body): &(_, Expr)| {
        let f: &crate::functions::AnyFunction = f;
        let condition = Formula::and(f.domain.iter().map(Formula::unchained).collect());
        let body = Expr::Cases(vec![Case { value: body.clone(), condition: Some(condition) }]);
        Definition { name: f.name.clone(), parameters: f.parameters.clone(), body }
    };
    let there = setting.with_functions(game, facts, choice.iter().map(within).collect(), differentiate);
    (there.obscure.is_none() && !there.facts.contains(&Formula::False)).then_some(there)
}
