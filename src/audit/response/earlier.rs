//! Best responses without a formula as unknowns of which little is said: where they lie and, where
//! the responses at later stages have formulas, that the ends of the range are no better.

use std::collections::BTreeMap;

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Relation, Set, Symbol};
use crate::game::model::Shape;
use crate::game::{Game, Move};
use crate::prove::evidence::quotation;

use super::super::setting::Setting;

/// The best responses that some formulas apply, to terms that apply nothing.
pub struct Choices {
    by_term: BTreeMap<Expr, Symbol>,
    /// What is said of them.
    pub facts: Vec<Formula>,
}

impl Choices {
    /// Those of earlier movers that `formulas` apply, where it is supposed that there is a best one,
    /// and where the shares that they answer are proved to be possible ones. Unless `with_ends`, it is
    /// only said where they lie; later responses without a formula stay as they are.
    pub fn among<'f>(
        setting: &Setting,
        formulas: impl Iterator<Item = &'f Formula>,
        with_ends: bool,
    ) -> Choices {
        let mut found = Choices { by_term: BTreeMap::new(), facts: vec![] };
        let Some(game) = &setting.game else { return found };
        let last = game.stages.last().into_iter().flat_map(|s| &s.moves);
        let last: Vec<&Symbol> = last.map(|m| &m.variable).collect();
        let earlier = game.moves().filter(|m| !last.contains(&&m.variable));
        let attained: Vec<&Move> = earlier.filter(|m| m.supposed.contains(&Shape::Attained)).collect();
        for term in formulas.flat_map(Formula::terms) {
            let further = |m: &Move| if with_ends { no_end_is_better(m, game, setting) } else { vec![] };
            found.collect(term, &attained, game, setting, &further);
        }
        found
    }

    /// Those of any mover that `formulas` apply, and that no end of the range is better. What
    /// follows from that against a statement does so where there is no best response as well.
    pub fn against_the_ends<'f>(setting: &Setting, formulas: impl Iterator<Item = &'f Formula>) -> Choices {
        let mut found = Choices { by_term: BTreeMap::new(), facts: vec![] };
        let Some(game) = &setting.game else { return found };
        let movers: Vec<&Move> = game.moves().collect();
        for term in formulas.flat_map(Formula::terms) {
            found.collect(term, &movers, game, setting, &|m| {
                let all = no_end_is_better(m, game, setting);
                all.into_iter().filter(|f| !f.has_applications()).collect()
            });
        }
        found
    }

    fn collect(
        &mut self,
        e: &Expr,
        movers: &[&Move],
        game: &Game,
        setting: &Setting,
        further: &dyn Fn(&Move) -> Vec<Formula>,
    ) {
        e.children().into_iter().for_each(|c| self.collect(c, movers, game, setting, further));
        let Expr::Apply { function, primes: 0, args } = e else { return };
        let Some(mover) = movers.iter().find(|m| m.optimal.as_ref().unwrap_or(&m.variable) == function)
        else {
            return;
        };
        if self.by_term.contains_key(e) || args.iter().any(Expr::has_applications) {
            return;
        }
        let name = quotation(e);
        let mut there: Substitution = before(game, &mover.variable).into_iter().zip(args.clone()).collect();
        let put = |f: &Formula, there: &Substitution| fold_formula(&f.unchained().substitute_all(there));
        let mut shares = game.shares.iter().flat_map(|s| &s.domain).map(|f| put(f, &there));
        let known: Vec<Formula> = setting.facts.iter().filter(|f| !f.has_applications()).cloned().collect();
        if !shares.all(|f| f == Formula::True || setting.tools().judge.proves(&known, &f)) {
            return;
        }
        there.insert(mover.variable.clone(), Expr::Sym(name.clone()));
        self.facts.extend(mover.from.iter().chain(&further(mover)).map(|f| put(f, &there)));
        self.by_term.insert(e.clone(), name);
    }

    /// The formula with symbols for them.
    pub fn named(&self, f: &Formula) -> Formula {
        f.map(&mut |e| self.named_in(e))
    }

    fn named_in(&self, e: &Expr) -> Expr {
        match self.by_term.get(e) {
            Some(name) => Expr::Sym(name.clone()),
            None => e.map(&mut |c| self.named_in(c), &mut |f| self.named(f)),
        }
    }

    /// The symbols, and what they are the names of.
    pub fn names(&self) -> Vec<(Symbol, Expr)> {
        self.by_term.iter().map(|(term, name)| (name.clone(), term.clone())).collect()
    }
}

/// That the payoff at the choice is no less than at the ends of its range, the later choices being the
/// best ones.
fn no_end_is_better(m: &Move, game: &Game, setting: &Setting) -> Vec<Formula> {
    let x = &m.variable;
    let bounds: Vec<Formula> = m.from.iter().map(Formula::unchained).collect();
    let Some(Set::Interval { lower, lower_closed, upper, upper_closed }) = Set::between_bounds(x, &bounds)
    else {
        return vec![];
    };
    let given: Vec<Symbol> = before(game, x).into_iter().chain([x.clone()]).collect();
    let Some(payoff) = game.payoff_of(&m.player) else { return vec![] };
    let Ok(payoff) = setting.with_context(&given, |c| c.term(&payoff.body)) else { return vec![] };
    let ends = [lower.filter(|_| lower_closed), upper.filter(|_| upper_closed)].into_iter().flatten();
    ends.map(|end| Formula::rel(payoff.clone(), Relation::Ge, payoff.substitute(x, &end))).collect()
}

/// What a best response depends on: the choices at earlier stages, the last one first, and the shares.
pub fn before(game: &Game, choice: &Symbol) -> Vec<Symbol> {
    let until = game.stages.iter().take_while(|s| s.moves.iter().all(|m| m.variable != *choice));
    let mut before: Vec<Symbol> = until.flat_map(|s| &s.moves).map(|m| m.variable.clone()).collect();
    before.reverse();
    before.extend(game.shares.iter().map(|s| s.symbol.clone()));
    before
}
