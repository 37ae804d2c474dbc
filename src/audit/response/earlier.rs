//! Best responses at stages before the last one: unknowns of which no more is said than where they
//! lie. That there is one is a hypothesis, `attained`.

use std::collections::BTreeMap;

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol};
use crate::game::model::Shape;
use crate::game::{Game, Move};
use crate::prove::evidence::quotation;

use super::super::setting::Setting;

/// The best responses of earlier movers that some formulas apply, to terms that apply nothing.
pub struct Choices {
    by_term: BTreeMap<Expr, Symbol>,
    /// Where they lie.
    pub facts: Vec<Formula>,
}

impl Choices {
    /// Those that `formulas` apply, where it is supposed that there is a best one, and where the shares
    /// that they answer are proved to be possible ones.
    pub fn among<'f>(setting: &Setting, formulas: impl Iterator<Item = &'f Formula>) -> Choices {
        let mut found = Choices { by_term: BTreeMap::new(), facts: vec![] };
        let Some(game) = &setting.game else { return found };
        let last = game.stages.last().into_iter().flat_map(|s| &s.moves);
        let last: Vec<&Symbol> = last.map(|m| &m.variable).collect();
        let earlier = game.moves().filter(|m| !last.contains(&&m.variable));
        let attained: Vec<&Move> = earlier.filter(|m| m.supposed.contains(&Shape::Attained)).collect();
        for term in formulas.flat_map(Formula::terms) {
            found.collect(term, &attained, game, setting);
        }
        found
    }

    fn collect(&mut self, e: &Expr, movers: &[&Move], game: &Game, setting: &Setting) {
        e.children().into_iter().for_each(|c| self.collect(c, movers, game, setting));
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
        let judge = setting.tools().judge;
        if !shares.all(|f| f == Formula::True || judge.proves(&setting.facts, &f)) {
            return;
        }
        there.insert(mover.variable.clone(), Expr::Sym(name.clone()));
        self.facts.extend(mover.from.iter().map(|f| put(f, &there)));
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

/// What a best response depends on: the choices at earlier stages, the last one first, and the shares.
pub fn before(game: &Game, choice: &Symbol) -> Vec<Symbol> {
    let until = game.stages.iter().take_while(|s| s.moves.iter().all(|m| m.variable != *choice));
    let mut before: Vec<Symbol> = until.flat_map(|s| &s.moves).map(|m| m.variable.clone()).collect();
    before.reverse();
    before.extend(game.shares.iter().map(|s| s.symbol.clone()));
    before
}
