//! Statements about terms.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Expr, Symbol};

/// A relation between two real terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Relation {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Relation {
    /// The relation that holds exactly where this one fails (both sides being defined).
    pub fn negated(self) -> Relation {
        match self {
            Relation::Eq => Relation::Ne,
            Relation::Ne => Relation::Eq,
            Relation::Lt => Relation::Ge,
            Relation::Le => Relation::Gt,
            Relation::Gt => Relation::Le,
            Relation::Ge => Relation::Lt,
        }
    }
    /// The relation with its sides exchanged: `a < b` is `b > a`.
    pub fn mirrored(self) -> Relation {
        match self {
            Relation::Lt => Relation::Gt,
            Relation::Le => Relation::Ge,
            Relation::Gt => Relation::Lt,
            Relation::Ge => Relation::Le,
            same => same,
        }
    }
    /// Whether the relation holds between two values that compare as `ordering`.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Relation::Eq => ordering.is_eq(),
            Relation::Ne => ordering.is_ne(),
            Relation::Lt => ordering.is_lt(),
            Relation::Le => ordering.is_le(),
            Relation::Gt => ordering.is_gt(),
            Relation::Ge => ordering.is_ge(),
        }
    }
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Formula {
    True,
    False,
    Rel(Expr, Relation, Expr),
    /// `a = b < c`: every neighbouring pair stands in its relation.
    Chain(Expr, Vec<(Relation, Expr)>),
    In(Expr, Set),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
    Implies(Box<Formula>, Box<Formula>),
    Iff(Box<Formula>, Box<Formula>),
}

/// A set of reals.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Set {
    /// All reals.
    Reals,
    /// An interval; `None` is an infinite end.
    Interval {
        lower: Option<Expr>,
        lower_closed: bool,
        upper: Option<Expr>,
        upper_closed: bool,
    },
    /// `\{a, b, c\}`
    Finite(Vec<Expr>),
    /// `\{x : P(x)\}`, with `x` bound.
    Such(Symbol, Box<Formula>),
    /// The set of reals that a declared name stands for.
    Named(Symbol),
    Union(Vec<Set>),
    Intersection(Vec<Set>),
}

impl Set {
    /// The interval `[a, b]`.
    pub fn closed(a: Expr, b: Expr) -> Set {
        Set::Interval { lower: Some(a), lower_closed: true, upper: Some(b), upper_closed: true }
    }

    /// The interval of the `x` that satisfy all of `bounds`; `None` if one of them is no bound on
    /// `x`, or if two bound it on the same side.
    pub fn between_bounds(x: &Symbol, bounds: &[Formula]) -> Option<Set> {
        let mut ends: [Option<(Expr, bool)>; 2] = [None, None];
        let mut parts: Vec<Formula> = bounds.iter().map(Formula::unchained).collect();
        while let Some(part) = parts.pop() {
            let (relation, bound) = match part {
                Formula::And(more) => {
                    parts.extend(more);
                    continue;
                }
                Formula::Rel(Expr::Sym(s), r, b) if s == *x && !b.mentions(x) => (r, b),
                Formula::Rel(a, r, Expr::Sym(s)) if s == *x && !a.mentions(x) => (r.mirrored(), a),
                _ => return None,
            };
            let (side, closed) = match relation {
                Relation::Ge | Relation::Gt => (0, relation == Relation::Ge),
                Relation::Le | Relation::Lt => (1, relation == Relation::Le),
                Relation::Eq | Relation::Ne => return None,
            };
            if ends[side].replace((bound, closed)).is_some() {
                return None;
            }
        }
        let closed = |end: &Option<(Expr, bool)>| end.as_ref().is_some_and(|e| e.1);
        let (lower_closed, upper_closed) = (closed(&ends[0]), closed(&ends[1]));
        let [lower, upper] = ends.map(|end| end.map(|e| e.0));
        Some(Set::Interval { lower, lower_closed, upper, upper_closed })
    }

    /// Rebuilds the set with `f` applied to each term in it.
    pub fn map(&self, f: &mut dyn FnMut(&Expr) -> Expr) -> Set {
        match self {
            Set::Reals | Set::Named(_) => self.clone(),
            Set::Interval { lower, lower_closed, upper, upper_closed } => Set::Interval {
                lower: lower.as_ref().map(&mut *f),
                lower_closed: *lower_closed,
                upper: upper.as_ref().map(&mut *f),
                upper_closed: *upper_closed,
            },
            Set::Finite(xs) => Set::Finite(xs.iter().map(f).collect()),
            Set::Such(x, p) => Set::Such(x.clone(), Box::new(p.map(f))),
            Set::Union(ss) => Set::Union(ss.iter().map(|s| s.map(f)).collect()),
            Set::Intersection(ss) => Set::Intersection(ss.iter().map(|s| s.map(f)).collect()),
        }
    }

    /// The statement that `x` belongs to the set; `None` if a named set is in the way.
    pub fn contains(&self, x: &Expr) -> Option<Formula> {
        Some(match self {
            Set::Reals => Formula::True,
            Set::Interval { lower, lower_closed, upper, upper_closed } => {
                let mut parts = vec![];
                if let Some(a) = lower {
                    let rel = if *lower_closed { Relation::Ge } else { Relation::Gt };
                    parts.push(Formula::Rel(x.clone(), rel, a.clone()));
                }
                if let Some(b) = upper {
                    let rel = if *upper_closed { Relation::Le } else { Relation::Lt };
                    parts.push(Formula::Rel(x.clone(), rel, b.clone()));
                }
                Formula::and(parts)
            }
            Set::Finite(xs) => Formula::or(xs.iter().map(|a| Formula::eq(x.clone(), a.clone())).collect()),
            Set::Such(y, p) => p.substitute(y, x),
            Set::Named(_) => return None,
            Set::Union(ss) => Formula::or(ss.iter().map(|s| s.contains(x)).collect::<Option<_>>()?),
            Set::Intersection(ss) => Formula::and(ss.iter().map(|s| s.contains(x)).collect::<Option<_>>()?),
        })
    }
}

impl Formula {
    /// `a = b`
    pub fn eq(a: Expr, b: Expr) -> Formula {
        Formula::Rel(a, Relation::Eq, b)
    }
    /// `a R b`
    pub fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
        Formula::Rel(a, r, b)
    }
    /// The conjunction, flattened; `True` when empty.
    pub fn and(parts: Vec<Formula>) -> Formula {
        let mut flat = vec![];
        for p in parts {
            match p {
                Formula::True => {}
                Formula::False => return Formula::False,
                Formula::And(ps) => flat.extend(ps),
                p => flat.push(p),
            }
        }
        match flat.len() {
            0 => Formula::True,
            1 => flat.remove(0),
            _ => Formula::And(flat),
        }
    }
    /// The disjunction, flattened; `False` when empty.
    pub fn or(parts: Vec<Formula>) -> Formula {
        let mut flat = vec![];
        for p in parts {
            match p {
                Formula::False => {}
                Formula::True => return Formula::True,
                Formula::Or(ps) => flat.extend(ps),
                p => flat.push(p),
            }
        }
        match flat.len() {
            0 => Formula::False,
            1 => flat.remove(0),
            _ => Formula::Or(flat),
        }
    }
    /// `p` implies `q`.
    pub fn implies(p: Formula, q: Formula) -> Formula {
        Formula::Implies(Box::new(p), Box::new(q))
    }

    /// Rebuilds the formula with `f` applied to each term in it.
    pub fn map(&self, f: &mut dyn FnMut(&Expr) -> Expr) -> Formula {
        match self {
            Formula::True | Formula::False => self.clone(),
            Formula::Rel(a, r, b) => Formula::Rel(f(a), *r, f(b)),
            Formula::Chain(a, rest) => Formula::Chain(f(a), rest.iter().map(|(r, b)| (*r, f(b))).collect()),
            Formula::In(a, s) => Formula::In(f(a), s.map(f)),
            Formula::Not(p) => Formula::Not(Box::new(p.map(f))),
            Formula::And(ps) => Formula::And(ps.iter().map(|p| p.map(f)).collect()),
            Formula::Or(ps) => Formula::Or(ps.iter().map(|p| p.map(f)).collect()),
            Formula::Implies(p, q) => Formula::Implies(Box::new(p.map(f)), Box::new(q.map(f))),
            Formula::Iff(p, q) => Formula::Iff(Box::new(p.map(f)), Box::new(q.map(f))),
        }
    }

    /// Every term that stands directly in a relation or a membership of the formula.
    pub fn terms(&self) -> Vec<&Expr> {
        match self {
            Formula::True | Formula::False => vec![],
            Formula::Rel(a, _, b) => vec![a, b],
            Formula::Chain(a, rest) => std::iter::once(a).chain(rest.iter().map(|(_, b)| b)).collect(),
            Formula::In(a, s) => std::iter::once(a).chain(s.terms()).collect(),
            Formula::Not(p) => p.terms(),
            Formula::And(ps) | Formula::Or(ps) => ps.iter().flat_map(Formula::terms).collect(),
            Formula::Implies(p, q) | Formula::Iff(p, q) => [p.terms(), q.terms()].concat(),
        }
    }

    /// Whether a function without a formula is applied in it.
    pub fn has_applications(&self) -> bool {
        self.terms().into_iter().any(Expr::has_applications)
    }

    /// Whether every term in it is elementary and every set is spelled out.
    pub fn is_elementary(&self) -> bool {
        match self {
            Formula::In(a, s) => a.is_elementary() && s.contains(a).is_some_and(|f| f.is_elementary()),
            Formula::Not(p) => p.is_elementary(),
            Formula::And(ps) | Formula::Or(ps) => ps.iter().all(Formula::is_elementary),
            Formula::Implies(p, q) | Formula::Iff(p, q) => p.is_elementary() && q.is_elementary(),
            _ => self.terms().into_iter().all(Expr::is_elementary),
        }
    }

    /// The same statement with chains as conjunctions and memberships of spelled-out sets as
    /// relations, so that only `Rel` atoms (and memberships of named sets) are left.
    pub fn unchained(&self) -> Formula {
        match self {
            Formula::Chain(first, rest) => {
                let mut left = first;
                let mut parts = vec![];
                for (r, right) in rest {
                    parts.push(Formula::Rel(left.clone(), *r, right.clone()));
                    left = right;
                }
                Formula::and(parts)
            }
            Formula::In(a, s) => s.contains(a).map_or_else(|| self.clone(), |f| f.unchained()),
            Formula::Not(p) => !p.unchained(),
            Formula::And(ps) => Formula::and(ps.iter().map(Formula::unchained).collect()),
            Formula::Or(ps) => Formula::or(ps.iter().map(Formula::unchained).collect()),
            Formula::Implies(p, q) => Formula::implies(p.unchained(), q.unchained()),
            Formula::Iff(p, q) => Formula::Iff(Box::new(p.unchained()), Box::new(q.unchained())),
            other => other.clone(),
        }
    }

    /// The symbols that occur free.
    pub fn free(&self) -> BTreeSet<Symbol> {
        let mut out = BTreeSet::new();
        self.collect_free(&mut out);
        out
    }

    pub(super) fn collect_free(&self, out: &mut BTreeSet<Symbol>) {
        match self {
            Formula::True | Formula::False => {}
            Formula::In(a, s) => {
                a.collect_free(out);
                s.collect_free(out);
            }
            Formula::Not(p) => p.collect_free(out),
            Formula::And(ps) | Formula::Or(ps) => ps.iter().for_each(|p| p.collect_free(out)),
            Formula::Implies(p, q) | Formula::Iff(p, q) => {
                p.collect_free(out);
                q.collect_free(out);
            }
            Formula::Rel(..) | Formula::Chain(..) => {
                self.terms().into_iter().for_each(|t| t.collect_free(out))
            }
        }
    }
}

impl Set {
    /// Every term that stands directly in the set's description.
    pub fn terms(&self) -> Vec<&Expr> {
        match self {
            Set::Reals | Set::Named(_) => vec![],
            Set::Interval { lower, upper, .. } => lower.iter().chain(upper).collect(),
            Set::Finite(xs) => xs.iter().collect(),
            Set::Such(_, p) => p.terms(),
            Set::Union(ss) | Set::Intersection(ss) => ss.iter().flat_map(Set::terms).collect(),
        }
    }

    pub(super) fn collect_free(&self, out: &mut BTreeSet<Symbol>) {
        match self {
            Set::Such(x, p) => {
                let mut inner = p.free();
                inner.remove(x);
                out.extend(inner);
            }
            Set::Named(x) => {
                out.insert(x.clone());
            }
            Set::Union(ss) | Set::Intersection(ss) => ss.iter().for_each(|s| s.collect_free(out)),
            _ => self.terms().into_iter().for_each(|t| t.collect_free(out)),
        }
    }
}

/// The negation, with a double negation removed.
impl std::ops::Not for Formula {
    type Output = Formula;
    fn not(self) -> Formula {
        match self {
            Formula::True => Formula::False,
            Formula::False => Formula::True,
            Formula::Not(inner) => *inner,
            f => Formula::Not(Box::new(f)),
        }
    }
}
