//! Gatherings as symbols, and the facts that bind them.
//!
//! For a sum `S` of `g_i` over `n >= 1` members the facts are, where the engines prove what they
//! need of every member: `S > 0` or `S >= 0`; `S >= g_i` for the members at hand; `S >= n g` and
//! `S >= g`, where `g` is the least of the `g_i`, found at the largest or smallest member of a
//! family in which `g_i` is monotone; and that all is one where `n = 1`. A maximum is one of its
//! members, and none of them is larger.

use std::collections::BTreeSet;

use crate::expr::fold::fold;
use crate::expr::{Case, Expr, Formula, Gather, IndexRange, Relation, Symbol};
use crate::prove::evidence::quotation;
use crate::prove::{Judge, identity};

use super::linear;

/// Gatherings with the symbols that stand for them.
pub struct Atoms<'a> {
    ranges: &'a [IndexRange],
    /// What is known of the parameters, of every member at the working letters.
    hypotheses: Vec<Formula>,
    judge: &'a dyn Judge,
    atoms: Vec<Atom>,
}

/// One gathering over a whole range.
struct Atom {
    whole: Expr,
    symbol: Symbol,
    gather: Gather,
    range: usize,
    /// The gathered term at the letter for every member.
    member: Expr,
}

impl<'a> Atoms<'a> {
    /// No atoms yet. The hypotheses must hold no gatherings.
    pub fn new(ranges: &'a [IndexRange], hypotheses: Vec<Formula>, judge: &'a dyn Judge) -> Atoms<'a> {
        Atoms { ranges, hypotheses, judge, atoms: vec![] }
    }

    /// The term with symbols for its gatherings; `None` if one of them is not understood.
    pub fn term(&mut self, e: &Expr) -> Option<Expr> {
        let form = linear::normal(e, self.ranges, &self.hypotheses);
        self.replaced(&form).map(|e| fold(&e))
    }

    /// The statement with symbols for its gatherings.
    pub fn formula(&mut self, f: &Formula) -> Option<Formula> {
        let mut whole = true;
        let out = f.map(&mut |e| {
            self.term(e).unwrap_or_else(|| {
                whole = false;
                e.clone()
            })
        });
        whole.then_some(out)
    }

    /// The term with the gatherings in place of their symbols.
    pub fn back(&self, e: &Expr) -> Expr {
        let with = self.atoms.iter().map(|a| (a.symbol.clone(), a.whole.clone())).collect();
        e.substitute_all(&with)
    }

    /// The statement with the gatherings in place of their symbols.
    pub fn back_formula(&self, f: &Formula) -> Formula {
        let with = self.atoms.iter().map(|a| (a.symbol.clone(), a.whole.clone())).collect();
        f.substitute_all(&with)
    }

    /// The symbols with the gatherings that they stand for.
    pub fn names(&self) -> Vec<(Symbol, Expr)> {
        self.atoms.iter().map(|a| (a.symbol.clone(), a.whole.clone())).collect()
    }

    /// Whether a gathering mentions `x`.
    pub fn mention(&self, x: &Symbol) -> bool {
        self.atoms.iter().any(|a| a.whole.mentions(x))
    }

    fn replaced(&mut self, e: &Expr) -> Option<Expr> {
        match e {
            Expr::Over { gather: Gather::Sum, .. } => self.symbol(e),
            Expr::Over { gather, index, body, .. } => self.extreme(e, *gather, index, body),
            Expr::Cases(cs) => {
                let mut out = vec![];
                for c in cs {
                    let condition = match &c.condition {
                        Some(f) => Some(self.formula(f)?),
                        None => None,
                    };
                    out.push(Case { value: self.replaced(&c.value)?, condition });
                }
                Some(Expr::Cases(out))
            }
            _ => {
                let mut whole = true;
                let out = e.map(
                    &mut |c| {
                        self.replaced(c).unwrap_or_else(|| {
                            whole = false;
                            c.clone()
                        })
                    },
                    &mut Formula::clone,
                );
                whole.then_some(out)
            }
        }
    }

    /// The symbol of a gathering, or a multiple of that of another whose members are proportional.
    fn symbol(&mut self, whole: &Expr) -> Option<Expr> {
        let Expr::Over { gather, index, lower, upper, body } = whole else { return None };
        let range = self.ranges.iter().position(|r| r.all_letters().contains(index))?;
        let every = self.ranges[range].every();
        let others_free =
            self.ranges.iter().flat_map(IndexRange::working).any(|l| l != *index && body.has_index(&l));
        if **lower != Expr::int(1) || **upper != self.ranges[range].upper || others_free {
            return None;
        }
        let member = body.reindexed(index, &every);
        if let Some(known) = self.atoms.iter().find(|a| a.whole == *whole) {
            return Some(Expr::Sym(known.symbol.clone()));
        }
        if *gather == Gather::Sum
            && let Some(multiple) = self.multiple(&member, range, &every)
        {
            return Some(multiple);
        }
        let symbol = quotation(whole);
        self.atoms.push(Atom {
            whole: whole.clone(),
            symbol: symbol.clone(),
            gather: *gather,
            range,
            member,
        });
        Some(Expr::Sym(symbol))
    }

    /// `r S` where `S` is a sum at hand whose members are proportional: `g_i = r f_i`.
    fn multiple(&self, member: &Expr, range: usize, every: &Symbol) -> Option<Expr> {
        self.atoms.iter().filter(|a| a.gather == Gather::Sum && a.range == range).find_map(|a| {
            let ratio = fold(&(member.clone() / a.member.clone()));
            let ratio = identity::normal(&ratio, &self.hypotheses).filter(|r| !r.has_index(every))?;
            let same = Formula::eq(member.clone(), Expr::Mul(vec![ratio.clone(), a.member.clone()]));
            self.proves(&[], &same).then(|| Expr::Mul(vec![ratio, Expr::Sym(a.symbol.clone())]))
        })
    }

    /// The largest or smallest value over a family: that of a single member is an atom; a term in
    /// one family in which it is monotone is taken at that family's largest or smallest member.
    fn extreme(&mut self, whole: &Expr, gather: Gather, index: &Symbol, body: &Expr) -> Option<Expr> {
        if body.as_sym().is_some() {
            return self.symbol(whole);
        }
        let range = self.ranges.iter().find(|r| r.all_letters().contains(index))?;
        let (every, other) = (range.every(), range.working().remove(1));
        let value = body.reindexed(index, &every);
        if !value.gatherings().is_empty() {
            return None;
        }
        let member = only_member(&value, &every)?;
        let second = member.reindexed(&every, &other)?;
        let ordered = Formula::Rel(Expr::Sym(member.clone()), Relation::Le, Expr::Sym(second.clone()));
        let there = value.reindexed(&every, &other);
        let compared = |r| Formula::Rel(value.clone(), r, there.clone());
        let increasing = if self.proves(std::slice::from_ref(&ordered), &compared(Relation::Le)) {
            true
        } else if self.proves(std::slice::from_ref(&ordered), &compared(Relation::Ge)) {
            false
        } else {
            return None;
        };
        let at = if increasing == (gather == Gather::Max) { Gather::Max } else { Gather::Min };
        let place = Expr::Over {
            gather: at,
            index: every.clone(),
            lower: Box::new(Expr::int(1)),
            upper: Box::new(range.upper.clone()),
            body: Box::new(Expr::Sym(member.clone())),
        };
        let place = self.symbol(&place)?;
        Some(value.substitute(&member, &place))
    }

    fn proves(&self, more: &[Formula], statement: &Formula) -> bool {
        self.judge.proves(&[&self.hypotheses[..], more].concat(), statement)
    }

    /// What binds the symbols, for a question in which the members at `letters` occur. `single`
    /// adds what holds of a family with one member.
    pub fn facts(&self, letters: &BTreeSet<Symbol>, single: bool) -> Vec<Formula> {
        let mut facts = vec![];
        for atom in &self.atoms {
            let letters: Vec<&Symbol> =
                letters.iter().filter(|l| self.ranges[atom.range].all_letters().contains(l)).collect();
            match atom.gather {
                Gather::Sum => self.of_sum(atom, &letters, single, &mut facts),
                Gather::Max | Gather::Min => {
                    // An arbitrary member is between the smallest and the largest.
                    let every = self.ranges[atom.range].every();
                    let letters: Vec<&Symbol> = letters.into_iter().chain([&every]).collect();
                    self.of_extreme(atom, &letters, single, &mut facts);
                }
            }
        }
        facts
    }

    fn of_sum(&self, atom: &Atom, letters: &[&Symbol], single: bool, facts: &mut Vec<Formula>) {
        let range = &self.ranges[atom.range];
        let (every, zero) = (range.every(), Expr::int(0));
        let sum = Expr::Sym(atom.symbol.clone());
        let rel = |r, b: &Expr| Formula::Rel(sum.clone(), r, b.clone());
        let member = |r| Formula::Rel(atom.member.clone(), r, zero.clone());
        let positive = self.proves(&[], &member(Relation::Gt));
        let non_negative = positive || self.proves(&[], &member(Relation::Ge));
        if positive {
            facts.push(rel(Relation::Gt, &zero));
        } else if non_negative {
            facts.push(rel(Relation::Ge, &zero));
        }
        let mut present: Vec<Expr> = letters.iter().map(|l| atom.member.reindexed(&every, l)).collect();
        for (place, bounds) in self.extremes_of(atom) {
            let value = atom.member.substitute(&place.0, &Expr::Sym(place.1.clone()));
            let compared = |r| Formula::Rel(atom.member.clone(), r, value.clone());
            let total = fold(&Expr::Mul(vec![range.upper.clone(), value.clone()]));
            if self.proves(&bounds, &compared(Relation::Ge)) {
                facts.push(rel(Relation::Ge, &total));
            } else if self.proves(&bounds, &compared(Relation::Le)) {
                facts.push(rel(Relation::Le, &total));
            }
            present.push(value);
        }
        if non_negative {
            facts.extend(present.iter().map(|g| rel(Relation::Ge, g)));
        }
        if single {
            facts.extend(present.iter().map(|g| only_one(&range.upper, rel(Relation::Eq, g))));
        }
    }

    /// The largest and smallest members at hand of the one family in which a sum's members are
    /// written: the member with the symbol of the extreme, and what is known of the two.
    fn extremes_of(&self, atom: &Atom) -> Vec<((Symbol, Symbol), Vec<Formula>)> {
        let every = self.ranges[atom.range].every();
        let Some(member) = only_member(&atom.member, &every) else { return vec![] };
        let of_member = |a: &&Atom| a.gather != Gather::Sum && a.member.as_sym() == Some(&member);
        let known = |a: &Atom| {
            let mut bounds = self.of_one(a, &member);
            bounds.push(bound(a, &Expr::Sym(member.clone())));
            ((member.clone(), a.symbol.clone()), bounds)
        };
        self.atoms.iter().filter(of_member).map(known).collect()
    }

    /// The hypotheses about a single member, said of an extreme, which is one of the members.
    fn of_one(&self, atom: &Atom, member: &Symbol) -> Vec<Formula> {
        let every = self.ranges[atom.range].every();
        let alone = |f: &&Formula| {
            let free = f.free();
            free.contains(member) && free.iter().all(|s| s == member || !s.has_index(&every))
        };
        let place = Expr::Sym(atom.symbol.clone());
        self.hypotheses.iter().filter(alone).map(|f| f.substitute(member, &place)).collect()
    }

    fn of_extreme(&self, atom: &Atom, letters: &[&Symbol], single: bool, facts: &mut Vec<Formula>) {
        let range = &self.ranges[atom.range];
        let every = range.every();
        let Some(member) = atom.member.as_sym() else { return };
        facts.extend(self.of_one(atom, member));
        for letter in letters {
            let here = Expr::Sym(member.reindexed(&every, letter).unwrap_or_else(|| member.clone()));
            facts.push(bound(atom, &here));
            if single {
                let same = Formula::eq(Expr::Sym(atom.symbol.clone()), here);
                facts.push(only_one(&range.upper, same));
            }
        }
    }
}

/// That a member does not exceed the extreme.
fn bound(extreme: &Atom, member: &Expr) -> Formula {
    let relation = if extreme.gather == Gather::Max { Relation::Le } else { Relation::Ge };
    Formula::Rel(member.clone(), relation, Expr::Sym(extreme.symbol.clone()))
}

/// What holds if there is one member only: there are two or more, or it holds.
fn only_one(size: &Expr, then: Formula) -> Formula {
    Formula::or(vec![Formula::Rel(size.clone(), Relation::Ge, Expr::int(2)), then])
}

/// The one member of a family that a term is written in, if it is only one.
fn only_member(e: &Expr, letter: &Symbol) -> Option<Symbol> {
    let mut members = e.free().into_iter().filter(|s| s.has_index(letter));
    members.next().filter(|_| members.next().is_none())
}
