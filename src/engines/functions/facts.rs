//! Applications as symbols, and the facts that bind them.
//!
//! Every fact is a theorem about a function with the properties, on an interval, at the points
//! that occur; it is said under the condition that these lie in the domain and in the order that
//! it needs, unless that is proved.
//!
//! * Equal arguments have equal values, and equal derivatives.
//! * A function that does not fall keeps the order of its arguments, and its derivative is not
//!   negative: a limit of quotients that are not.
//! * A concave function lies below its tangents, also the one-sided ones at the ends of the
//!   domain, its derivative does not rise, and it lies above its chords. Convex: the reverse.
//!
//! Nothing is said of the derivative of a function that is not declared differentiable.

use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Judge;
use crate::prove::evidence::quotation;

use super::declared::{AnyFunction, Property};

/// With more points than this, chords are left out.
const MOST_CHORDS: usize = 4;

/// One application, with the symbol that stands for it.
#[derive(Clone)]
pub struct Applied {
    pub whole: Expr,
    pub symbol: Symbol,
    pub function: Symbol,
    pub primes: u32,
    /// Without applications: symbols stand for those.
    pub args: Vec<Expr>,
}

/// Applications with the symbols that stand for them.
pub struct Symbols<'a> {
    functions: &'a [AnyFunction],
    pub all: Vec<Applied>,
}

impl<'a> Symbols<'a> {
    /// None yet.
    pub fn new(functions: &'a [AnyFunction]) -> Symbols<'a> {
        Symbols { functions, all: vec![] }
    }

    /// What is declared of the function that an application applies.
    pub fn declared(&self, a: &Applied) -> Option<&'a AnyFunction> {
        self.functions.iter().find(|f| f.name == a.function)
    }

    /// The term with symbols for its applications.
    pub fn term(&mut self, e: &Expr) -> Expr {
        let inner = match e {
            Expr::Cases(cs) => Expr::Cases(
                cs.iter()
                    .map(|c| crate::expr::Case {
                        value: self.term(&c.value),
                        condition: c.condition.as_ref().map(|f| self.formula(f)),
                    })
                    .collect(),
            ),
            _ => e.map(&mut |c| self.term(c), &mut Formula::clone),
        };
        let Expr::Apply { function, primes, args } = inner else { return inner };
        let args: Vec<Expr> = args.iter().map(fold).collect();
        let same = |a: &&Applied| a.function == function && a.primes == primes && a.args == args;
        if let Some(known) = self.all.iter().find(same) {
            return Expr::Sym(known.symbol.clone());
        }
        let symbol = self.unused(quotation(e));
        self.all.push(Applied { whole: e.clone(), symbol: symbol.clone(), function, primes, args });
        Expr::Sym(symbol)
    }

    /// A symbol that stands for nothing yet: two terms may read alike.
    fn unused(&self, symbol: Symbol) -> Symbol {
        if self.all.iter().any(|a| a.symbol == symbol) {
            return self.unused(Symbol::new(&format!("{}'", symbol.latex())));
        }
        symbol
    }

    /// The statement with symbols for its applications.
    pub fn formula(&mut self, f: &Formula) -> Formula {
        f.map(&mut |e| self.term(e))
    }

    /// The symbols with the applications that they stand for.
    pub fn names(&self) -> Vec<(Symbol, Expr)> {
        self.all.iter().map(|a| (a.symbol.clone(), a.whole.clone())).collect()
    }

    /// That the arguments lie in the domain; nothing is known of a function that is not declared.
    pub fn inside(&self, a: &Applied) -> Formula {
        let Some(f) = self.declared(a) else { return Formula::True };
        fold_formula(&Formula::and(f.domain.iter().map(|d| f.at(&d.unchained(), &a.args)).collect()))
    }

    /// Adds the applications that the facts need: what else is known, at the points that occur,
    /// and the values where there are slopes. Gives what else is known.
    pub fn known(&mut self) -> Vec<Formula> {
        let mut out = vec![];
        for a in self.all.clone() {
            let Some(f) = self.declared(&a) else { continue };
            let inside = self.inside(&a);
            for k in &f.known {
                let said = self.formula(&f.at(k, &a.args).unchained());
                out.push(fold_formula(&Formula::or(vec![!inside.clone(), said])));
            }
            if a.primes == 1 && (f.is(Property::Concave) || f.is(Property::Convex)) {
                let value = Expr::Apply { function: a.function.clone(), primes: 0, args: a.args.clone() };
                self.term(&value);
            }
        }
        out.dedup();
        out
    }

    /// What binds the symbols, where `hypotheses` hold.
    pub fn facts(&self, hypotheses: &[Formula], judge: &dyn Judge) -> Vec<Formula> {
        let mut facts = Facts { symbols: self, hypotheses, judge, out: vec![] };
        for a in &self.all {
            facts.alone(a);
        }
        for (i, a) in self.all.iter().enumerate() {
            for (j, b) in self.all.iter().enumerate().filter(|(_, b)| b.function == a.function) {
                if i < j && a.primes == b.primes {
                    facts.congruent(a, b);
                }
                if i != j && a.args[1..] == b.args[1..] {
                    facts.pair(a, b);
                }
            }
        }
        facts.chords();
        facts.out
    }
}

struct Facts<'s, 'a> {
    symbols: &'s Symbols<'a>,
    hypotheses: &'s [Formula],
    judge: &'s dyn Judge,
    out: Vec<Formula>,
}

impl Facts<'_, '_> {
    /// Says `fact` of the points at hand, under the conditions that are not proved.
    fn say(&mut self, points: &[&Applied], conditions: Vec<Formula>, fact: Formula) {
        let inside = points.iter().map(|a| self.symbols.inside(a));
        let mut open = vec![];
        for c in inside.chain(conditions).map(|c| fold_formula(&c)) {
            if c == Formula::False || self.judge.proves(self.hypotheses, &!c.clone()) {
                return;
            }
            if c != Formula::True && !self.judge.proves(self.hypotheses, &c) {
                open.push(!c);
            }
        }
        open.push(fact);
        let said = fold_formula(&Formula::or(open));
        if said != Formula::True && !self.out.contains(&said) {
            self.out.push(said);
        }
    }

    fn alone(&mut self, a: &Applied) {
        let Some(f) = self.symbols.declared(a) else { return };
        let mut sign = |holds: bool, relation| {
            if holds {
                self.say(&[a], vec![], Formula::rel(value(a), relation, Expr::int(0)));
            }
        };
        match a.primes {
            0 => {
                sign(f.is(Property::Positive), Relation::Gt);
                sign(f.is(Property::NonNegative), Relation::Ge);
            }
            1 if f.is(Property::Differentiable) => {
                sign(f.rises(), Relation::Ge);
                sign(f.falls(), Relation::Le);
            }
            _ => {}
        }
    }

    fn congruent(&mut self, a: &Applied, b: &Applied) {
        let equal = a.args.iter().zip(&b.args).map(|(s, t)| Formula::eq(s.clone(), t.clone())).collect();
        self.say(&[], equal, Formula::eq(value(a), value(b)));
    }

    /// What the order of two points says, and the tangent at the second.
    fn pair(&mut self, a: &Applied, b: &Applied) {
        let Some(f) = self.symbols.declared(a) else { return };
        let ordered = |strict| {
            let relation = if strict { Relation::Lt } else { Relation::Le };
            vec![Formula::rel(a.args[0].clone(), relation, b.args[0].clone())]
        };
        let (concave, convex) = (f.is(Property::Concave), f.is(Property::Convex));
        let mut compare = |holds: bool, strict: bool, relation| {
            if holds {
                self.say(&[a, b], ordered(strict), Formula::rel(value(a), relation, value(b)));
            }
        };
        match (a.primes, b.primes) {
            (0, 0) => {
                compare(f.rises(), false, Relation::Le);
                compare(f.falls(), false, Relation::Ge);
                compare(f.is(Property::Increasing), true, Relation::Lt);
                compare(f.is(Property::Decreasing), true, Relation::Gt);
            }
            (1, 1) if f.is(Property::Differentiable) => {
                compare(concave, false, Relation::Ge);
                compare(convex, false, Relation::Le);
            }
            (0, 1) if f.is(Property::Differentiable) => {
                let there = |v: &&Applied| v.primes == 0 && v.function == b.function && v.args == b.args;
                let Some(base) = self.symbols.all.iter().find(there) else { return };
                let run = a.args[0].clone() - b.args[0].clone();
                let tangent = value(base) + Expr::Mul(vec![value(b), run]);
                for (holds, relation) in [(concave, Relation::Le), (convex, Relation::Ge)] {
                    if holds {
                        self.say(&[a, b], vec![], Formula::rel(value(a), relation, tangent.clone()));
                    }
                }
            }
            _ => {}
        }
    }

    /// The chords of concave and convex functions, over all points in the order that they need.
    fn chords(&mut self) {
        let symbols = self.symbols;
        let values: Vec<&Applied> = symbols.all.iter().filter(|a| a.primes == 0).collect();
        if values.len() > MOST_CHORDS {
            return;
        }
        let alike = |a: &Applied, b: &Applied| a.function == b.function && a.args[1..] == b.args[1..];
        for s in &values {
            for t in values.iter().filter(|t| alike(s, t) && t.symbol != s.symbol) {
                for u in values.iter().filter(|u| alike(s, u) && u.symbol != s.symbol && u.symbol != t.symbol)
                {
                    self.chord([s, t, u]);
                }
            }
        }
    }

    fn chord(&mut self, [s, t, u]: [&Applied; 3]) {
        let Some(f) = self.symbols.declared(s) else { return };
        let x = |a: &Applied| a.args[0].clone();
        let ordered = |a, b| Formula::rel(x(a), Relation::Le, x(b));
        let middle = Expr::Mul(vec![value(t), x(u) - x(s)]);
        let ends = Expr::Mul(vec![value(s), x(u) - x(t)]) + Expr::Mul(vec![value(u), x(t) - x(s)]);
        for (property, relation) in [(Property::Concave, Relation::Ge), (Property::Convex, Relation::Le)] {
            if f.is(property) {
                let order = vec![ordered(s, t), ordered(t, u)];
                self.say(&[s, t, u], order, Formula::rel(middle.clone(), relation, ends.clone()));
            }
        }
    }
}

fn value(a: &Applied) -> Expr {
    Expr::Sym(a.symbol.clone())
}
