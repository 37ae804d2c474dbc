//! Free symbols and capture-avoiding substitution.

use std::collections::{BTreeMap, BTreeSet};

use super::family::primed;
use super::{Expr, Formula, Set, Symbol};

/// A simultaneous substitution of terms for symbols.
pub type Substitution = BTreeMap<Symbol, Expr>;

impl Expr {
    /// The symbols that occur free; a function's own name is not among them.
    pub fn free(&self) -> BTreeSet<Symbol> {
        let mut out = BTreeSet::new();
        self.collect_free(&mut out);
        out
    }

    /// Whether `x` occurs free.
    pub fn mentions(&self, x: &Symbol) -> bool {
        self.free().contains(x)
    }

    pub(super) fn collect_free(&self, out: &mut BTreeSet<Symbol>) {
        match self {
            Expr::Num(_) => {}
            Expr::Sym(s) => {
                out.insert(s.clone());
            }
            Expr::Cases(cs) => {
                for c in cs {
                    c.value.collect_free(out);
                    if let Some(f) = &c.condition {
                        f.collect_free(out);
                    }
                }
            }
            // The derivative is taken at the variable, which therefore stays free.
            Expr::Derivative { body, variable, .. } => {
                body.collect_free(out);
                out.insert(variable.clone());
            }
            Expr::At { body, variable, value } => {
                out.extend(without(body, variable));
                value.collect_free(out);
            }
            Expr::Optimum { variable, over, body, .. } => {
                out.extend(without(body, variable));
                if let Some(s) = over {
                    s.collect_free(out);
                }
            }
            Expr::Over { index, lower, upper, body, .. } => {
                out.extend(body.free().into_iter().filter(|s| !s.has_index(index)));
                lower.collect_free(out);
                upper.collect_free(out);
            }
            Expr::Limit { quantity, toward, body } => {
                let bound = quantity.free();
                out.extend(body.free().into_iter().filter(|s| !bound.contains(s)));
                if let Some(value) = toward.value() {
                    value.collect_free(out);
                }
            }
            _ => self.children().into_iter().for_each(|c| c.collect_free(out)),
        }
    }

    /// The term with `value` for every free `x`.
    pub fn substitute(&self, x: &Symbol, value: &Expr) -> Expr {
        self.substitute_all(&Substitution::from([(x.clone(), value.clone())]))
    }

    /// The term with every free symbol of `with` replaced, all at once. Bound variables are
    /// renamed where a replacement would be captured. A derivative whose variable is replaced by
    /// anything but a symbol becomes an evaluation of the derivative there.
    pub fn substitute_all(&self, with: &Substitution) -> Expr {
        if with.is_empty() {
            return self.clone();
        }
        match self {
            Expr::Sym(s) => with.get(s).cloned().unwrap_or_else(|| self.clone()),
            Expr::Derivative { body, variable, order } => {
                let Some(value) = with.get(variable) else {
                    let (variable, body) = rename_if_captured(variable, body, with);
                    return Expr::Derivative {
                        body: Box::new(body.substitute_all(with)),
                        variable,
                        order: *order,
                    };
                };
                if let Expr::Sym(renamed) = value
                    && !body.free().contains(renamed)
                    && !dropping(with, variable).values().any(|v| v.free().contains(renamed))
                {
                    let body = Box::new(body.substitute_all(with));
                    return Expr::Derivative { body, variable: renamed.clone(), order: *order };
                }
                let inner = Expr::Derivative {
                    body: Box::new(body.substitute_all(&dropping(with, variable))),
                    variable: variable.clone(),
                    order: *order,
                };
                Expr::At { body: Box::new(inner), variable: variable.clone(), value: Box::new(value.clone()) }
            }
            Expr::At { body, variable, value } => {
                let (variable, body) = rename_if_captured(variable, body, with);
                Expr::At {
                    body: Box::new(body.substitute_all(&dropping(with, &variable))),
                    value: Box::new(value.substitute_all(with)),
                    variable,
                }
            }
            Expr::Optimum { which, variable, over, body } => {
                let (variable, body) = rename_if_captured(variable, body, with);
                Expr::Optimum {
                    which: *which,
                    over: over.as_ref().map(|s| Box::new(s.substitute_all(with))),
                    body: Box::new(body.substitute_all(&dropping(with, &variable))),
                    variable,
                }
            }
            Expr::Over { gather, index, lower, upper, body } => {
                let (index, body) = reindex_if_captured(index, body, with);
                Expr::Over {
                    gather: *gather,
                    lower: Box::new(lower.substitute_all(with)),
                    upper: Box::new(upper.substitute_all(with)),
                    body: Box::new(body.substitute_all(&dropping_members(with, &index))),
                    index,
                }
            }
            Expr::Limit { quantity, toward, body } => {
                let (quantity, body) = rename_limit_if_captured(quantity, body, with);
                let bound = quantity.free();
                let inner: Substitution = with
                    .iter()
                    .filter(|(x, _)| !bound.contains(x))
                    .map(|(x, v)| (x.clone(), v.clone()))
                    .collect();
                Expr::Limit {
                    toward: toward.map(&mut |v| v.substitute_all(with)),
                    body: Box::new(body.substitute_all(&inner)),
                    quantity: Box::new(quantity),
                }
            }
            _ => self.map(&mut |c| c.substitute_all(with), &mut |f| f.substitute_all(with)),
        }
    }
}

impl Formula {
    /// The formula with `value` for every free `x`.
    pub fn substitute(&self, x: &Symbol, value: &Expr) -> Formula {
        self.substitute_all(&Substitution::from([(x.clone(), value.clone())]))
    }

    /// The formula with every free symbol of `with` replaced, all at once.
    pub fn substitute_all(&self, with: &Substitution) -> Formula {
        match self {
            Formula::In(a, s) => Formula::In(a.substitute_all(with), s.substitute_all(with)),
            Formula::Not(p) => Formula::Not(Box::new(p.substitute_all(with))),
            Formula::And(ps) => Formula::And(ps.iter().map(|p| p.substitute_all(with)).collect()),
            Formula::Or(ps) => Formula::Or(ps.iter().map(|p| p.substitute_all(with)).collect()),
            Formula::Implies(p, q) => Formula::implies(p.substitute_all(with), q.substitute_all(with)),
            Formula::Iff(p, q) => {
                Formula::Iff(Box::new(p.substitute_all(with)), Box::new(q.substitute_all(with)))
            }
            _ => self.map(&mut |t| t.substitute_all(with)),
        }
    }
}

impl Set {
    /// The set with every free symbol of `with` replaced, all at once.
    pub fn substitute_all(&self, with: &Substitution) -> Set {
        match self {
            Set::Such(x, p) => {
                let taken: BTreeSet<Symbol> = with.values().flat_map(Expr::free).collect();
                if taken.contains(x) {
                    let y = fresh(x, &taken);
                    let p = p.substitute(x, &Expr::Sym(y.clone()));
                    return Set::Such(y.clone(), Box::new(p.substitute_all(&dropping(with, &y))));
                }
                Set::Such(x.clone(), Box::new(p.substitute_all(&dropping(with, x))))
            }
            Set::Union(ss) => Set::Union(ss.iter().map(|s| s.substitute_all(with)).collect()),
            Set::Intersection(ss) => Set::Intersection(ss.iter().map(|s| s.substitute_all(with)).collect()),
            _ => self.map(&mut |t| t.substitute_all(with)),
        }
    }
}

/// A symbol like `x` that is not among `taken`.
pub fn fresh(x: &Symbol, taken: &BTreeSet<Symbol>) -> Symbol {
    let mut n = 1;
    loop {
        let candidate = Symbol::new(&format!("{}\\sim{n}", x.latex()));
        if !taken.contains(&candidate) {
            return candidate;
        }
        n += 1;
    }
}

fn without(body: &Expr, bound: &Symbol) -> BTreeSet<Symbol> {
    let mut inner = body.free();
    inner.remove(bound);
    inner
}

fn dropping(with: &Substitution, bound: &Symbol) -> Substitution {
    with.iter().filter(|(x, _)| *x != bound).map(|(x, v)| (x.clone(), v.clone())).collect()
}

/// The substitution without the symbols that the index binds.
fn dropping_members(with: &Substitution, index: &Symbol) -> Substitution {
    with.iter().filter(|(x, _)| !x.has_index(index)).map(|(x, v)| (x.clone(), v.clone())).collect()
}

/// A gathering's letter and body, with another letter where a replacement would be captured.
fn reindex_if_captured(index: &Symbol, body: &Expr, with: &Substitution) -> (Symbol, Expr) {
    let values: Vec<&Expr> = with.iter().filter(|(x, _)| !x.has_index(index)).map(|(_, v)| v).collect();
    let mut letter = index.clone();
    while values.iter().any(|v| v.has_index(&letter)) || (letter != *index && body.has_index(&letter)) {
        letter = primed(&letter);
    }
    if letter == *index {
        return (letter, body.clone());
    }
    let body = body.reindexed(index, &letter);
    (letter, body)
}

fn rename_if_captured(bound: &Symbol, body: &Expr, with: &Substitution) -> (Symbol, Expr) {
    let mut taken: BTreeSet<Symbol> =
        with.iter().filter(|(x, _)| *x != bound).flat_map(|(_, v)| v.free()).collect();
    if !taken.contains(bound) {
        return (bound.clone(), body.clone());
    }
    taken.extend(body.free());
    let renamed = fresh(bound, &taken);
    let body = body.substitute(bound, &Expr::Sym(renamed.clone()));
    (renamed, body)
}

/// The quantity and the body of a limit, with other symbols for those that the quantity binds
/// where a replacement would be captured.
fn rename_limit_if_captured(quantity: &Expr, body: &Expr, with: &Substitution) -> (Expr, Expr) {
    let bound = quantity.free();
    let mut taken: BTreeSet<Symbol> =
        with.iter().filter(|(x, _)| !bound.contains(x)).flat_map(|(_, v)| v.free()).collect();
    let captured: Vec<Symbol> = bound.intersection(&taken).cloned().collect();
    taken.extend(body.free().into_iter().chain(bound));
    let mut renaming = Substitution::new();
    for x in captured {
        let y = fresh(&x, &taken);
        taken.insert(y.clone());
        renaming.insert(x, Expr::Sym(y));
    }
    (quantity.substitute_all(&renaming), body.substitute_all(&renaming))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Extremum, Toward};

    #[test]
    fn the_symbols_of_a_limits_quantity_are_bound_and_renamed_rather_than_captured() {
        let [x, y] = ["x", "y"].map(Symbol::new);
        let limit = Expr::Limit {
            quantity: Box::new(Expr::Sym(x.clone())),
            toward: Toward::Value(Box::new(Expr::Sym(y.clone()))),
            body: Box::new(Expr::Sym(x.clone()) + Expr::Sym(y.clone())),
        };
        assert_eq!(limit.free(), BTreeSet::from([y.clone()]));
        assert_eq!(limit.substitute(&x, &Expr::int(3)), limit);
        assert_eq!(limit.substitute(&y, &Expr::Sym(x.clone())).free(), BTreeSet::from([x]));
    }

    #[test]
    fn a_bound_variable_is_renamed_rather_than_captured() {
        let (x, y) = (Symbol::new("x"), Symbol::new("y"));
        let body = Expr::Add(vec![Expr::Sym(x.clone()), Expr::Sym(y.clone())]);
        let max =
            Expr::Optimum { which: Extremum::Max, variable: x.clone(), over: None, body: Box::new(body) };
        let out = max.substitute(&y, &Expr::Sym(x.clone()));
        assert_eq!(out.free(), BTreeSet::from([x]));
    }

    #[test]
    fn an_index_is_renamed_rather_than_captured_and_binds_its_members() {
        let sum = |index: &str, body: Expr| Expr::Over {
            gather: crate::expr::Gather::Sum,
            index: Symbol::new(index),
            lower: Box::new(Expr::int(1)),
            upper: Box::new(Expr::sym("n")),
            body: Box::new(body),
        };
        let (x, c) = (Symbol::new("x"), Symbol::new("c_i"));
        let before = sum("i", Expr::sym("x") * Expr::sym("c_i"));
        assert_eq!(before.free(), BTreeSet::from([x.clone(), Symbol::new("n")]));
        let after = before.substitute(&x, &Expr::Sym(c.clone()));
        assert_eq!(after, sum("i'", Expr::sym("c_i") * Expr::sym("c_{i'}")));
        assert_eq!(before.substitute(&c, &Expr::int(2)), before);
    }

    #[test]
    fn substitution_is_simultaneous() {
        let (x, y) = (Symbol::new("x"), Symbol::new("y"));
        let swap = Substitution::from([(x.clone(), Expr::Sym(y.clone())), (y.clone(), Expr::Sym(x.clone()))]);
        let sum = Expr::Add(vec![Expr::Sym(x.clone()), Expr::Sym(y.clone())]);
        assert_eq!(sum.substitute_all(&swap), Expr::Add(vec![Expr::Sym(y), Expr::Sym(x)]));
    }
}
