//! A family written out: a question for one number of members.

use std::collections::BTreeMap;

use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Formula, Function, Gather, IndexRange, Symbol};
use crate::prove::evaluate::Point;

/// One number of members, and the member that each free letter stands for.
#[derive(Clone, Debug)]
pub struct Instance<'a> {
    pub ranges: &'a [IndexRange],
    /// The number of members, for every range.
    pub size: usize,
    /// Free letters with the number of the member meant.
    pub letters: BTreeMap<Symbol, usize>,
}

impl Instance<'_> {
    /// The term with every gathering written out. `None` if one of them is not over a whole range.
    pub fn term(&self, e: &Expr) -> Option<Expr> {
        Some(fold(&self.sized(&self.at_members(&self.written_out(e)?))))
    }

    /// The statement with every gathering written out.
    pub fn formula(&self, f: &Formula) -> Option<Formula> {
        let mut whole = true;
        let out = f.map(&mut |e| match self.written_out(e) {
            Some(e) => self.sized(&self.at_members(&e)),
            None => {
                whole = false;
                e.clone()
            }
        });
        whole.then(|| fold_formula(&out))
    }

    /// The hypotheses: those about every member once for each, the others as they are.
    pub fn hypotheses(&self, facts: &[Formula]) -> Option<Vec<Formula>> {
        let mut out = vec![];
        for f in facts.iter().filter(|f| self.speaks_of(f)) {
            match self.working_letter(f) {
                Some(letter) => {
                    for k in 1..=self.size {
                        out.push(self.formula(&f.reindexed(&letter, &number(k)))?);
                    }
                }
                None => out.push(self.formula(f)?),
            }
        }
        out.retain(|f| *f != Formula::True);
        out.sort();
        out.dedup();
        Some(out)
    }

    /// A point of the instance as a point of the family: its size and the members at free letters
    /// with it.
    pub fn point(&self, at: &Point) -> Point {
        let mut out = at.clone();
        for range in self.ranges {
            if let Expr::Sym(n) = &range.upper {
                out.insert(n.clone(), self.size.into());
            }
        }
        for (letter, k) in &self.letters {
            for (symbol, value) in at {
                if let Some(member) = symbol.reindexed(&number(*k), letter) {
                    out.insert(member, value.clone());
                }
            }
        }
        out
    }

    /// What a point of the family says besides the members' values: how many they are, and which
    /// of them a free letter means.
    pub fn described(&self, at: &Point) -> Vec<Formula> {
        let sizes = self.ranges.iter().filter(|r| r.upper.as_sym().is_some());
        let mut out: Vec<Formula> =
            sizes.map(|r| Formula::eq(r.upper.clone(), Expr::Num(self.size.into()))).collect();
        for (letter, k) in &self.letters {
            let member = |s: &Symbol| {
                Some(Formula::eq(Expr::Sym(s.reindexed(&number(*k), letter)?), Expr::Sym(s.clone())))
            };
            out.extend(at.keys().filter_map(member));
        }
        out
    }

    /// Whether every letter of a fact means a member here. A fact about another letter is one about
    /// every member, said of that letter too.
    fn speaks_of(&self, f: &Formula) -> bool {
        let declared = self.ranges.iter().flat_map(|r| &r.letters);
        declared.filter(|l| f.has_index(l)).all(|l| self.letters.contains_key(l))
    }

    fn working_letter(&self, f: &Formula) -> Option<Symbol> {
        self.ranges.iter().flat_map(IndexRange::working).find(|letter| f.has_index(letter))
    }

    fn written_out(&self, e: &Expr) -> Option<Expr> {
        match e {
            Expr::Over { gather, index, lower, upper, body } => {
                let range = self.ranges.iter().find(|r| r.all_letters().contains(index))?;
                if **lower != Expr::int(1) || **upper != range.upper {
                    return None;
                }
                let members: Option<Vec<Expr>> =
                    (1..=self.size).map(|k| self.written_out(&body.reindexed(index, &number(k)))).collect();
                Some(match gather {
                    Gather::Sum => Expr::Add(members?),
                    Gather::Max => Expr::Fun(Function::Max, members?),
                    Gather::Min => Expr::Fun(Function::Min, members?),
                })
            }
            Expr::Cases(cs) => {
                let case = |c: &Case| {
                    let condition = match &c.condition {
                        Some(f) => Some(self.conditions_written_out(f)?),
                        None => None,
                    };
                    Some(Case { value: self.written_out(&c.value)?, condition })
                };
                Some(Expr::Cases(cs.iter().map(case).collect::<Option<_>>()?))
            }
            _ => {
                let mut whole = true;
                let out = e.map(
                    &mut |c| {
                        self.written_out(c).unwrap_or_else(|| {
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

    fn conditions_written_out(&self, f: &Formula) -> Option<Formula> {
        let mut whole = true;
        let out = f.map(&mut |c| {
            self.written_out(c).unwrap_or_else(|| {
                whole = false;
                c.clone()
            })
        });
        whole.then_some(out)
    }

    fn at_members(&self, e: &Expr) -> Expr {
        self.letters.iter().fold(e.clone(), |e, (letter, k)| e.reindexed(letter, &number(*k)))
    }

    fn sized(&self, e: &Expr) -> Expr {
        let sizes = self.ranges.iter().filter_map(|r| r.upper.as_sym().cloned());
        let size = Expr::Num(self.size.into());
        let with: Substitution = sizes.map(|n| (n, size.clone())).collect();
        e.substitute_all(&with)
    }
}

/// The index `k` as it stands in a subscript.
pub fn number(k: usize) -> Symbol {
    Symbol::new(&k.to_string())
}
