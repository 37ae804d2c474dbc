//! Real-valued terms.

use std::ops::{Add, Div, Mul, Neg, Sub};

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::{Formula, Set, Symbol};

/// A real-valued term, in the shape in which it was written.
///
/// `Num … Cases` are *elementary*: the engines work on them; so are `Over`, of which `sums` leaves
/// symbols with facts for the engines, and after elaboration `Apply`, which is then a function
/// without a formula and of which `functions` leaves symbols. The others are operators of the paper's language, which
/// elaboration (in `claim`) turns into elementary terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Expr {
    Num(Rational),
    Sym(Symbol),
    Add(Vec<Expr>),
    Mul(Vec<Expr>),
    Pow(Box<Expr>, Box<Expr>),
    Fun(Function, Vec<Expr>),
    /// A case distinction: the value of the first case whose condition holds. Conditions that
    /// overlap with different values, and gaps between them, are findings of the audit.
    Cases(Vec<Case>),
    /// `f(a, b)`, `f'(a)`; no arguments at all where the paper leaves them out (`U_G`, `r`).
    Apply {
        function: Symbol,
        primes: u32,
        args: Vec<Expr>,
    },
    /// `\frac{\partial^n}{\partial x^n}[body]`
    Derivative {
        body: Box<Expr>,
        variable: Symbol,
        order: u32,
    },
    /// `body |_{x = a}`
    At {
        body: Box<Expr>,
        variable: Symbol,
        value: Box<Expr>,
    },
    /// `\max_{x \in S} body`, `\arg\max_{x \in S} body`. Without a set printed, the variable
    /// ranges over its declared domain.
    Optimum {
        which: Extremum,
        variable: Symbol,
        over: Option<Box<Set>>,
        body: Box<Expr>,
    },
    /// `\sum_{i=a}^{b} body`, `\max_i body`: all values of the body over an index, gathered into
    /// one. In the body the index stands in the subscripts of the members of families
    /// (see [`super::family`]).
    Over {
        gather: Gather,
        index: Symbol,
        lower: Box<Expr>,
        upper: Box<Expr>,
        body: Box<Expr>,
    },
    /// `\pm a`: two values; only inside a set of candidates.
    PlusMinus(Box<Expr>),
    /// `\lim_{quantity \to toward} body`: what the body comes as near as one likes to when the
    /// quantity comes near enough to its goal, however the symbols in the quantity vary meanwhile;
    /// all other symbols are fixed. The symbols in the quantity are bound.
    Limit {
        quantity: Box<Expr>,
        toward: Toward,
        body: Box<Expr>,
    },
}

/// What the quantity under a limit goes to, from all sides from which its domain allows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Toward {
    Value(Box<Expr>),
    Infinity,
    MinusInfinity,
}

impl Toward {
    /// The value, if it is one.
    pub fn value(&self) -> Option<&Expr> {
        match self {
            Toward::Value(e) => Some(e),
            Toward::Infinity | Toward::MinusInfinity => None,
        }
    }

    /// The same goal with `f` applied to its value.
    pub fn map(&self, f: &mut dyn FnMut(&Expr) -> Expr) -> Toward {
        match self {
            Toward::Value(e) => Toward::Value(Box::new(f(e))),
            infinite => infinite.clone(),
        }
    }
}

/// How the values over an index become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gather {
    Sum,
    Max,
    Min,
}

/// Elementary functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Function {
    /// Natural logarithm of one argument.
    Ln,
    /// Exponential of one argument.
    Exp,
    /// Absolute value of one argument.
    Abs,
    /// Largest of one or more arguments.
    Max,
    /// Smallest of one or more arguments.
    Min,
}

/// One line of a case distinction; `None` is `else`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Case {
    pub value: Expr,
    pub condition: Option<Formula>,
}

/// Which extremum, and whether its value or its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Extremum {
    Max,
    Min,
    ArgMax,
    ArgMin,
}

impl Extremum {
    /// Whether the place is meant rather than the value.
    pub fn is_arg(self) -> bool {
        matches!(self, Extremum::ArgMax | Extremum::ArgMin)
    }
    /// Whether it is a maximum that is sought.
    pub fn is_max(self) -> bool {
        matches!(self, Extremum::Max | Extremum::ArgMax)
    }
}

impl Expr {
    /// The integer `n`.
    pub fn int(n: i64) -> Expr {
        Expr::Num(Rational::from(n))
    }
    /// The rational `n/d`. Panics if `d` is zero.
    pub fn ratio(n: i64, d: i64) -> Expr {
        Expr::Num(Rational::from((n, d)))
    }
    /// The symbol spelled `latex`.
    pub fn sym(latex: &str) -> Expr {
        Expr::Sym(Symbol::new(latex))
    }
    /// The sum of `terms`.
    pub fn sum(terms: Vec<Expr>) -> Expr {
        Expr::Add(terms)
    }
    /// The product of `factors`.
    pub fn product(factors: Vec<Expr>) -> Expr {
        Expr::Mul(factors)
    }
    /// `base^exponent`
    pub fn pow(base: Expr, exponent: Expr) -> Expr {
        Expr::Pow(Box::new(base), Box::new(exponent))
    }
    /// `1/a`
    pub fn recip(a: Expr) -> Expr {
        Expr::pow(a, Expr::int(-1))
    }
    /// The square root of `a`.
    pub fn sqrt(a: Expr) -> Expr {
        Expr::pow(a, Expr::ratio(1, 2))
    }
    /// The literal, if the term is one.
    pub fn as_num(&self) -> Option<&Rational> {
        match self {
            Expr::Num(n) => Some(n),
            _ => None,
        }
    }
    /// The literal integer, if the term is one that fits an `i64`.
    pub fn as_int(&self) -> Option<i64> {
        self.as_num().filter(|n| *n.denom() == 1).and_then(|n| n.numer().to_i64())
    }
    /// The symbol, if the term is one.
    pub fn as_sym(&self) -> Option<&Symbol> {
        match self {
            Expr::Sym(s) => Some(s),
            _ => None,
        }
    }
    /// Whether the term is literally zero.
    pub fn is_zero(&self) -> bool {
        self.as_num().is_some_and(|n| *n == 0)
    }
    /// Whether the term is literally one.
    pub fn is_one(&self) -> bool {
        self.as_num().is_some_and(|n| *n == 1)
    }

    /// The direct subterms (those inside conditions and sets excluded), in order.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Expr::Num(_) | Expr::Sym(_) => vec![],
            Expr::Add(xs) | Expr::Mul(xs) | Expr::Fun(_, xs) | Expr::Apply { args: xs, .. } => {
                xs.iter().collect()
            }
            Expr::Pow(b, e) => vec![b, e],
            Expr::Cases(cs) => cs.iter().map(|c| &c.value).collect(),
            Expr::Derivative { body, .. } | Expr::Optimum { body, .. } | Expr::PlusMinus(body) => vec![body],
            Expr::At { body, value, .. } => vec![body, value],
            Expr::Over { lower, upper, body, .. } => vec![lower, upper, body],
            Expr::Limit { quantity, toward, body } => {
                [&**quantity].into_iter().chain(toward.value()).chain([&**body]).collect()
            }
        }
    }

    /// Rebuilds the term with `f` applied to each direct subterm and to each formula and set in
    /// it (through `g`); the building block of substitution and elaboration.
    pub fn map(&self, f: &mut dyn FnMut(&Expr) -> Expr, g: &mut dyn FnMut(&Formula) -> Formula) -> Expr {
        let mut list = |xs: &[Expr]| xs.iter().map(&mut *f).collect::<Vec<_>>();
        match self {
            Expr::Num(_) | Expr::Sym(_) => self.clone(),
            Expr::Add(xs) => Expr::Add(list(xs)),
            Expr::Mul(xs) => Expr::Mul(list(xs)),
            Expr::Fun(h, xs) => Expr::Fun(*h, list(xs)),
            Expr::Apply { function, primes, args } => {
                Expr::Apply { function: function.clone(), primes: *primes, args: list(args) }
            }
            Expr::Pow(b, e) => Expr::pow(f(b), f(e)),
            Expr::Cases(cs) => Expr::Cases(
                cs.iter()
                    .map(|c| Case { value: f(&c.value), condition: c.condition.as_ref().map(&mut *g) })
                    .collect(),
            ),
            Expr::Derivative { body, variable, order } => {
                Expr::Derivative { body: Box::new(f(body)), variable: variable.clone(), order: *order }
            }
            Expr::At { body, variable, value } => {
                Expr::At { body: Box::new(f(body)), variable: variable.clone(), value: Box::new(f(value)) }
            }
            Expr::Optimum { which, variable, over, body } => Expr::Optimum {
                which: *which,
                variable: variable.clone(),
                over: over.as_ref().map(|s| Box::new(s.map(f))),
                body: Box::new(f(body)),
            },
            Expr::Over { gather, index, lower, upper, body } => Expr::Over {
                gather: *gather,
                index: index.clone(),
                lower: Box::new(f(lower)),
                upper: Box::new(f(upper)),
                body: Box::new(f(body)),
            },
            Expr::PlusMinus(a) => Expr::PlusMinus(Box::new(f(a))),
            Expr::Limit { quantity, toward, body } => {
                let quantity = Box::new(f(quantity));
                Expr::Limit { quantity, toward: toward.map(f), body: Box::new(f(body)) }
            }
        }
    }

    /// Whether the function is applied at any depth, conditions left aside.
    pub fn applies(&self, name: &Symbol) -> bool {
        matches!(self, Expr::Apply { function, .. } if function == name)
            || self.children().into_iter().any(|c| c.applies(name))
    }

    /// Whether a function without a formula is applied, at any depth.
    pub fn has_applications(&self) -> bool {
        let of_condition = |c: &Case| c.condition.as_ref().is_some_and(Formula::has_applications);
        matches!(self, Expr::Apply { .. })
            || matches!(self, Expr::Cases(cs) if cs.iter().any(of_condition))
            || self.children().into_iter().any(Expr::has_applications)
    }

    /// Whether only elementary operations occur, at any depth.
    pub fn is_elementary(&self) -> bool {
        match self {
            Expr::Cases(cs) => cs
                .iter()
                .all(|c| c.value.is_elementary() && c.condition.as_ref().is_none_or(Formula::is_elementary)),
            Expr::Num(_)
            | Expr::Sym(_)
            | Expr::Add(_)
            | Expr::Mul(_)
            | Expr::Pow(..)
            | Expr::Fun(..)
            | Expr::Apply { .. }
            | Expr::Over { .. } => self.children().into_iter().all(Expr::is_elementary),
            _ => false,
        }
    }

    /// The number of nodes.
    pub fn size(&self) -> usize {
        1 + self.children().into_iter().map(Expr::size).sum::<usize>()
    }
}

/// `a + b`, unflattened.
impl Add for Expr {
    type Output = Expr;
    fn add(self, other: Expr) -> Expr {
        Expr::Add(vec![self, other])
    }
}

/// `a - b`, as `Add[a, -b]`.
impl Sub for Expr {
    type Output = Expr;
    fn sub(self, other: Expr) -> Expr {
        Expr::Add(vec![self, -other])
    }
}

/// `-a`, as `Mul[-1, a]`; a literal is negated outright.
impl Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        match self {
            Expr::Num(n) => Expr::Num(-n),
            other => Expr::Mul(vec![Expr::int(-1), other]),
        }
    }
}

/// `a b`, unflattened.
impl Mul for Expr {
    type Output = Expr;
    fn mul(self, other: Expr) -> Expr {
        Expr::Mul(vec![self, other])
    }
}

/// `a/b`, as `Mul[a, Pow[b, -1]]`.
impl Div for Expr {
    type Output = Expr;
    fn div(self, other: Expr) -> Expr {
        Expr::Mul(vec![self, Expr::recip(other)])
    }
}
