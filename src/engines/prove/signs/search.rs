//! The search for sign derivations.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{Line, Rule, above_one, apply, leading_and_discriminant, opposed_fact, root_parts};
use super::shift::{Shifted, Step, steps_for};
use super::{Facts, SignSet};
use crate::expr::{Expr, Function};
use crate::prove::effort;
use crate::prove::identity::frac::{Frac, factors};
use crate::prove::identity::poly::Poly;

/// How many substitutions of bounds are tried for one polynomial.
const LARGEST_SHIFT_SEARCH: usize = 100;
/// How many assumptions about roots are made one inside the other.
const DEEPEST_ASSUMPTION: usize = 2;

/// A derivation under way. Every line holds; none is taken back.
pub struct Search<'f> {
    facts: &'f Facts,
    sums: Vec<Poly>,
    lines: Vec<Line>,
    terms: BTreeMap<Expr, usize>,
    polys: BTreeMap<Poly, usize>,
    /// Polynomials whose lines are being looked for: facts may lead from one back to itself.
    active: BTreeSet<Poly>,
    /// How many assumptions this search lies inside.
    depth: usize,
}

impl<'f> Search<'f> {
    /// Nothing derived yet.
    pub fn new(facts: &'f Facts) -> Self {
        let sums = facts.sums();
        Search {
            facts,
            sums,
            lines: vec![],
            terms: BTreeMap::new(),
            polys: BTreeMap::new(),
            active: BTreeSet::new(),
            depth: 0,
        }
    }
    /// The lines so far.
    pub fn into_lines(self) -> Vec<Line> {
        self.lines
    }
    /// The signs that a line gives its term.
    pub fn signs(&self, line: usize) -> SignSet {
        self.lines[line].signs
    }

    fn line(&mut self, rule: Rule, term: &Expr, premises: Vec<usize>) -> usize {
        let about: Vec<(&Expr, SignSet)> =
            premises.iter().map(|n| (&self.lines[*n].term, self.lines[*n].signs)).collect();
        let signs = if effort::is_used_up() { None } else { apply(&rule, term, &about, self.facts) };
        let line = match signs {
            Some(signs) => Line { term: term.clone(), signs, rule, premises },
            None => Line { term: term.clone(), signs: SignSet::ANY, rule: Rule::Unknown, premises: vec![] },
        };
        self.lines.push(line);
        self.lines.len() - 1
    }
    /// The best of several lines about one term.
    fn meet(&mut self, term: &Expr, lines: Vec<usize>) -> usize {
        let all = lines.iter().fold(SignSet::ANY, |acc, n| acc.meet(self.signs(*n)));
        match lines.iter().find(|n| self.signs(**n) == all) {
            Some(best) => *best,
            None => self.line(Rule::Meet, term, lines),
        }
    }

    /// A line for an elementary term.
    pub fn term(&mut self, e: &Expr) -> usize {
        if let Some(n) = self.terms.get(e) {
            return *n;
        }
        if effort::spend(1).is_none() {
            return self.line(Rule::Unknown, e, vec![]);
        }
        let mut lines = vec![self.by_shape(e)];
        if !self.signs(lines[0]).is_decided()
            && let Some(n) = self.by_factors(e)
        {
            lines.push(n);
        }
        let n = self.meet(e, lines);
        self.terms.insert(e.clone(), n);
        n
    }

    fn by_shape(&mut self, e: &Expr) -> usize {
        let (rule, parts): (Rule, Vec<Expr>) = match e {
            Expr::Num(_) | Expr::Sym(_) => (Rule::Fact, vec![]),
            Expr::Add(xs) => (Rule::Sum, xs.clone()),
            Expr::Mul(xs) => (Rule::Product, xs.clone()),
            Expr::Pow(b, x) => (Rule::Power, vec![(**b).clone(), (**x).clone()]),
            Expr::Fun(Function::Exp, _) => (Rule::Function, vec![]),
            Expr::Fun(Function::Ln, a) => (Rule::Function, a.iter().map(above_one).collect()),
            Expr::Fun(_, a) => (Rule::Function, a.clone()),
            Expr::Cases(cs) => (Rule::Cases, cs.iter().map(|c| c.value.clone()).collect()),
            _ => (Rule::Unknown, vec![]),
        };
        let premises = parts.iter().map(|p| self.term(p)).collect();
        self.line(rule, e, premises)
    }

    fn by_factors(&mut self, e: &Expr) -> Option<usize> {
        let value = Frac::of(e)?;
        let Some((content, above)) = factors(&value.numerator, &self.sums) else {
            let rule = Rule::Factors { coefficient: rug::Rational::new(), exponents: vec![] };
            return Some(self.line(rule, e, vec![]));
        };
        let below = value.denominator.iter().map(|(f, n)| (f.clone(), -i64::from(*n)));
        let all: Vec<(Poly, i64)> = above.into_iter().map(|(f, n)| (f, i64::from(n))).chain(below).collect();
        let mut lines = vec![];
        let premises = all.iter().map(|(f, _)| self.poly(f)).collect();
        let exponents = all.iter().map(|(_, n)| *n).collect();
        lines.push(self.line(Rule::Factors { coefficient: content, exponents }, e, premises));
        // The sign of a product may be known where its factors' are not.
        if value.denominator.is_empty() && all.len() > 1 && !self.signs(lines[0]).is_decided() {
            lines.push(self.line(Rule::Fact, e, vec![]));
            if let Some(n) = self.by_shift(&value.numerator, e) {
                lines.push(n);
            }
        }
        Some(self.meet(e, lines))
    }

    /// A line for a polynomial that is not worth factoring further.
    fn poly(&mut self, p: &Poly) -> usize {
        if let Some(n) = self.polys.get(p) {
            return *n;
        }
        let e = p.to_expr();
        let mut lines = vec![self.line(Rule::Fact, &e, vec![])];
        if !self.active.insert(p.clone()) {
            return lines[0];
        }
        let single = p.as_generator().is_some();
        if single && !matches!(e, Expr::Sym(_)) {
            lines.push(self.by_shape(&e));
        }
        let decided = |s: &Self, lines: &[usize]| {
            lines.iter().fold(SignSet::ANY, |acc, n| acc.meet(s.signs(*n))).is_decided()
        };
        if !single && !decided(self, &lines) {
            let premises = p.generators().iter().map(|g| self.generator(g)).collect();
            lines.push(self.line(Rule::Terms, &e, premises));
        }
        // A power by itself has no bounds to shift; its shape has said what there is to say.
        let shiftable = !single || matches!(e, Expr::Sym(_));
        if shiftable
            && !decided(self, &lines)
            && let Some(n) = self.by_shift(p, &e)
        {
            lines.push(n);
        }
        if !single && !decided(self, &lines) {
            lines.extend(self.by_discriminant(p, &e));
            lines.extend(self.by_root(p, &e));
        }
        let n = self.meet(&e, lines);
        self.active.remove(p);
        self.polys.insert(p.clone(), n);
        n
    }

    /// A line for a generator of a polynomial.
    fn generator(&mut self, g: &Expr) -> usize {
        self.poly(&Poly::generator(g.clone()))
    }
    /// A line for a generator that a shift has left over: for a symbol only what the facts state
    /// outright, since its bounds are steps of the shift itself.
    fn left_over(&mut self, g: &Expr) -> usize {
        if matches!(g, Expr::Sym(_)) { self.line(Rule::Fact, g, vec![]) } else { self.generator(g) }
    }

    fn by_discriminant(&mut self, p: &Poly, e: &Expr) -> Option<usize> {
        for g in p.generators() {
            let Some((a, d)) = leading_and_discriminant(p, &g) else { continue };
            let premises = vec![self.term(&a), self.term(&d)];
            let n = self.line(Rule::Quadratic { generator: (*g).clone() }, e, premises);
            if self.signs(n) != SignSet::ANY {
                return Some(n);
            }
        }
        None
    }

    fn by_root(&mut self, p: &Poly, e: &Expr) -> Option<usize> {
        if self.depth >= DEEPEST_ASSUMPTION {
            return None;
        }
        for g in p.generators() {
            let Some((r, q, difference)) = root_parts(p, &g) else { continue };
            let premises = vec![self.term(&r), self.term(&g)];
            let Some(fact) = opposed_fact(&q, self.signs(premises[0])) else { continue };
            let more = self.facts.and(&[fact]);
            let mut inner = Search::new(&more);
            inner.depth = self.depth + 1;
            let line = inner.term(&difference);
            let mut opposed = inner.into_lines();
            opposed.truncate(line + 1);
            let n = self.line(Rule::Root { generator: (*g).clone(), opposed }, e, premises);
            if self.signs(n) != SignSet::ANY {
                return Some(n);
            }
        }
        None
    }

    /// The best line over the combinations of bounds that the facts offer.
    fn by_shift(&mut self, p: &Poly, e: &Expr) -> Option<usize> {
        let mut trials = Trials { facts: self.facts, left: LARGEST_SHIFT_SEARCH, best: None };
        let signs: BTreeMap<Expr, SignSet> = BTreeMap::new();
        trials.explore(self, Shifted::new(p.clone()), vec![], signs);
        let (found, steps) = trials.best?;
        if found == SignSet::ANY {
            return None;
        }
        let mut shifted = Shifted::new(p.clone());
        for s in &steps {
            shifted = shifted.after(s, self.facts)?;
        }
        let premises = shifted.left_over().iter().map(|g| self.left_over(g)).collect();
        Some(self.line(Rule::Shift(steps), e, premises))
    }
}

/// A depth-first walk over the ways of shifting.
struct Trials<'f> {
    facts: &'f Facts,
    left: usize,
    best: Option<(SignSet, Vec<Step>)>,
}

impl Trials<'_> {
    /// `settled` holds the generators that are to stay, with their signs.
    fn explore(
        &mut self,
        search: &mut Search,
        now: Shifted,
        steps: Vec<Step>,
        mut settled: BTreeMap<Expr, SignSet>,
    ) {
        let done = |t: &Self| {
            t.left == 0 || effort::is_used_up() || t.best.as_ref().is_some_and(|(s, _)| s.is_decided())
        };
        if done(self) {
            return;
        }
        let next = now.left_over().into_iter().find(|g| !settled.contains_key(&**g));
        let Some(g) = next else {
            let signs = now.signs(&settled);
            if self.best.as_ref().is_none_or(|(s, _)| signs.within(*s) && signs != *s) {
                self.best = Some((signs, steps));
            }
            return;
        };
        for step in steps_for(&g, self.facts) {
            if done(self) {
                return;
            }
            self.left -= 1;
            let Some(after) = now.after(&step, self.facts) else { continue };
            // A step that brings back a generator replaced before would go round in circles.
            let replaced = |s: &Step| match s {
                Step::Remainder { generator, .. } | Step::Between { generator, .. } => generator.clone(),
            };
            let circular = |t: &Step| after.left_over().iter().any(|h| **h == replaced(t));
            if steps.iter().chain([&step]).any(circular) {
                continue;
            }
            let taken = steps.iter().cloned().chain([step]).collect();
            self.explore(search, after, taken, settled.clone());
        }
        let n = search.left_over(&g);
        settled.insert((*g).clone(), search.signs(n));
        self.explore(search, now, steps, settled);
    }
}
