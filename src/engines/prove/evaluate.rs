//! Evaluation of elementary terms and formulas at a rational point.
//!
//! * **Takes** an [`Expr`] or a [`Formula`] and a [`Point`].
//! * **Gives** a [`Value`] or a [`Truth`] that is certain: rational arithmetic as long as it is
//!   exact, enclosures ([`Ball`]) from there on, and `Unknown` where these do not decide.
//! * **May call** `expr`, `ball`.
//!
//! Formulas have the truth values of [`Truth`].

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use rug::Rational;

use super::exact_power::{LARGEST_EXACT, integer_power, rational_power, size};
pub use super::truth::Truth;
use super::truth::{Atoms, kleene};
use super::value::{Possible, significant, undefined};
pub use super::value::{Reason, Value, Why};
use crate::ball::{Ball, BallError};
use crate::expr::{Case, Expr, Formula, Function, Gather, Relation, Symbol};

/// Rational values of symbols.
pub type Point = BTreeMap<Symbol, Rational>;

/// The precision at which [`truth`], [`compare`] and [`refined`] begin; it doubles from there.
const FIRST_BITS: u32 = 64;

/// Values of symbols, exact or enclosed.
pub type Environment = BTreeMap<Symbol, Value>;

/// How two terms compare at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    Ordered(Ordering),
    Undefined(Reason),
    Unknown,
}

/// The value of `e` at `at`, with enclosures of `bits` bits.
///
/// The cost is that of one pass over the term. Exact results are kept up to some 16,000 bits.
pub fn value(e: &Expr, at: &Point, bits: u32) -> Value {
    Evaluator::new(Source::Point(at), bits).term(e)
}

/// The value of `e` at `at`, with the precision doubled until `digits` significant digits are
/// certain (see [`Ball::decimals`]) or `max_bits` is reached.
pub fn refined(e: &Expr, at: &Point, digits: usize, max_bits: u32) -> Value {
    escalate(at, max_bits, |evaluator| {
        let v = evaluator.term(e);
        let enough = match &v {
            Value::Enclosed(b) => b.scientific(digits).is_some_and(|s| significant(&s) >= digits),
            Value::Unknown => !evaluator.imprecise.get(),
            _ => true,
        };
        (v, enough)
    })
}

/// Whether `f` holds at `at`, with the precision doubled from 64 bits up to `max_bits` before
/// the answer is `Unknown`.
pub fn truth(f: &Formula, at: &Point, max_bits: u32) -> Truth {
    escalate(at, max_bits, |evaluator| {
        let t = evaluator.formula(f);
        (t, t != Truth::Unknown || !evaluator.imprecise.get())
    })
}

/// How `a` and `b` compare at `at`; precision as for [`truth`]. Terms that are the same, symbol
/// for symbol, are equal wherever they are defined.
pub fn compare(a: &Expr, b: &Expr, at: &Point, max_bits: u32) -> Comparison {
    escalate(at, max_bits, |evaluator| {
        let c = evaluator.compare(a, b);
        let enough = c != Comparison::Unknown || !evaluator.imprecise.get();
        (c, enough)
    })
}

/// The value of `e` where symbols have the values `among`, with enclosures of `bits` bits.
///
/// What is said holds for every choice of numbers from the enclosures.
pub fn value_among(e: &Expr, among: &Environment, bits: u32) -> Value {
    Evaluator::new(Source::Values(among), bits).term(e)
}

/// Whether `f` holds where symbols have the values `among`, for every choice of numbers from the
/// enclosures; `Unknown` where that hangs on the choice.
pub fn truth_among(f: &Formula, among: &Environment, bits: u32) -> Truth {
    Evaluator::new(Source::Values(among), bits).formula(f)
}

/// Runs `attempt` at 64, 128, … bits until it says that it is done or `max_bits` is reached.
fn escalate<T>(at: &Point, max_bits: u32, attempt: impl Fn(&Evaluator<'_>) -> (T, bool)) -> T {
    let mut bits = FIRST_BITS.min(max_bits);
    loop {
        let (outcome, done) = attempt(&Evaluator::new(Source::Point(at), bits));
        if done || bits >= max_bits {
            return outcome;
        }
        bits = bits.saturating_mul(2).min(max_bits);
    }
}

/// Where the values of symbols come from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Point(&'a Point),
    /// All points of a box at once: what is said of a term or formula is said of each of them.
    Box(&'a BTreeMap<Symbol, Ball>),
    /// One point, of which some coordinates are known by an enclosure only.
    Values(&'a Environment),
}

/// One pass at one precision.
pub(super) struct Evaluator<'a> {
    at: Source<'a>,
    bits: u32,
    /// Set when an answer is unknown for want of precision.
    imprecise: Cell<bool>,
}

/// A gathering with this many terms or more is not evaluated.
const MOST_MEMBERS: i64 = 100_000;

impl<'a> Evaluator<'a> {
    pub(super) fn new(at: Source<'a>, bits: u32) -> Self {
        Evaluator { at, bits, imprecise: Cell::new(false) }
    }

    pub(super) fn term(&self, e: &Expr) -> Value {
        match e {
            Expr::Num(q) => self.exact(q.clone()),
            Expr::Sym(s) => self.symbol(s),
            Expr::Add(xs) => self.all(xs).map_or_else(|v| v, |vs| self.sum(vs)),
            Expr::Mul(xs) => self.all(xs).map_or_else(|v| v, |vs| self.product(vs)),
            Expr::Pow(b, p) => self.power(e, b, p),
            Expr::Fun(f, xs) => self.all(xs).map_or_else(|v| v, |vs| self.function(e, *f, vs)),
            Expr::Cases(cs) => self.cases(e, cs),
            Expr::Over { gather, index, lower, upper, body } => {
                match self.written_out(*gather, index, (lower, upper), body) {
                    Some(e) => self.term(&e),
                    None => Value::Unknown,
                }
            }
            Expr::Apply { .. }
            | Expr::Derivative { .. }
            | Expr::At { .. }
            | Expr::Optimum { .. }
            | Expr::PlusMinus(_)
            | Expr::Limit { .. } => Value::Unknown,
        }
    }

    /// A gathering term by term, between bounds that are integers at the point.
    fn written_out(
        &self,
        gather: Gather,
        index: &Symbol,
        (lower, upper): (&Expr, &Expr),
        body: &Expr,
    ) -> Option<Expr> {
        let bound = |e: &Expr| match self.term(e) {
            Value::Exact(q) if *q.denom() == 1 => q.numer().to_i64(),
            _ => None,
        };
        let (first, last) = (bound(lower)?, bound(upper)?);
        if last.checked_sub(first)? >= MOST_MEMBERS || (last < first && gather != Gather::Sum) {
            return None;
        }
        let at = |k: i64| body.reindexed(index, &Symbol::new(&k.to_string()));
        let members: Vec<Expr> = (first..=last).map(at).collect();
        Some(match gather {
            Gather::Sum => Expr::Add(members),
            Gather::Max => Expr::Fun(Function::Max, members),
            Gather::Min => Expr::Fun(Function::Min, members),
        })
    }

    fn symbol(&self, s: &Symbol) -> Value {
        match self.at {
            Source::Point(at) => at.get(s).map_or(Value::Unknown, |q| self.exact(q.clone())),
            Source::Values(among) => match among.get(s) {
                Some(Value::Exact(q)) => self.exact(q.clone()),
                Some(v) => v.clone(),
                None => Value::Unknown,
            },
            Source::Box(sides) => sides.get(s).map_or(Value::Unknown, |b| Value::Enclosed(b.clone())),
        }
    }

    /// The values of `xs`, all defined; otherwise what the whole is: undefined if one of them
    /// certainly is, whatever the others, and unknown if not.
    fn all(&self, xs: &[Expr]) -> Result<Vec<Value>, Value> {
        let mut values = Vec::with_capacity(xs.len());
        let mut unknown = false;
        for x in xs {
            match self.term(x) {
                Value::Unknown => unknown = true,
                undefined @ Value::Undefined(_) => return Err(undefined),
                v => values.push(v),
            }
        }
        if unknown { Err(Value::Unknown) } else { Ok(values) }
    }

    /// A rational, kept exactly unless it has grown too long.
    fn exact(&self, q: Rational) -> Value {
        if size(&q) <= LARGEST_EXACT {
            return Value::Exact(q);
        }
        self.enclosed(Ball::from_rational(&q, self.bits))
    }

    /// An enclosure; an operand that may lie outside a domain may do so for want of precision.
    fn enclosed(&self, b: Result<Ball, BallError>) -> Value {
        match b {
            Ok(b) => Value::Enclosed(b),
            Err(BallError::Overflow | BallError::Disordered) => Value::Unknown,
            Err(BallError::DivisorMayBeZero | BallError::Domain(_)) => self.undecided(),
        }
    }

    fn undecided(&self) -> Value {
        self.imprecise.set(true);
        Value::Unknown
    }

    fn ball(&self, v: &Value) -> Result<Ball, BallError> {
        match v {
            Value::Exact(q) => Ball::from_rational(q, self.bits),
            Value::Enclosed(b) => Ok(b.clone()),
            Value::Undefined(_) | Value::Unknown => unreachable!("operands are defined"),
        }
    }

    /// The exact parts are added up first, so that `a - a` vanishes where it can.
    fn sum(&self, values: Vec<Value>) -> Value {
        let mut constant = Rational::new();
        let mut rest: Option<Result<Ball, BallError>> = None;
        for v in values {
            match v {
                Value::Exact(q) => constant += q,
                other => {
                    let b = self.ball(&other);
                    rest = Some(match rest {
                        None => b,
                        Some(sum) => sum.and_then(|s| s.add(&b?)),
                    });
                }
            }
        }
        match rest {
            None => self.exact(constant),
            Some(sum) if constant == 0 => self.enclosed(sum),
            Some(sum) => self.enclosed(sum.and_then(|s| s.add(&Ball::from_rational(&constant, self.bits)?))),
        }
    }

    /// A factor that is exactly zero makes the product zero: the others are defined.
    fn product(&self, values: Vec<Value>) -> Value {
        let mut constant = Rational::from(1);
        let mut rest: Option<Result<Ball, BallError>> = None;
        for v in values {
            match v {
                Value::Exact(q) => constant *= q,
                other => {
                    let b = self.ball(&other);
                    rest = Some(match rest {
                        None => b,
                        Some(product) => product.and_then(|p| p.mul(&b?)),
                    });
                }
            }
        }
        match rest {
            _ if constant == 0 => Value::Exact(constant),
            None => self.exact(constant),
            Some(product) if constant == 1 => self.enclosed(product),
            Some(product) => {
                self.enclosed(product.and_then(|p| p.mul(&Ball::from_rational(&constant, self.bits)?)))
            }
        }
    }

    fn power(&self, whole: &Expr, base: &Expr, exponent: &Expr) -> Value {
        if let Some(n) = exponent.as_int() {
            return match self.term(base) {
                Value::Undefined(r) => Value::Undefined(r),
                Value::Unknown => Value::Unknown,
                b => self.literal_power(whole, &b, n),
            };
        }
        let pair = [base, exponent].map(|e| self.term(e));
        match pair {
            [Value::Undefined(r), _] | [_, Value::Undefined(r)] => Value::Undefined(r),
            [Value::Unknown, _] | [_, Value::Unknown] => Value::Unknown,
            [b, p] => self.real_power(whole, exponent, &b, &p),
        }
    }

    fn literal_power(&self, whole: &Expr, base: &Value, n: i64) -> Value {
        if n == 0 {
            return Value::Exact(Rational::from(1));
        }
        if n < 0 && base.sign() == Some(Ordering::Equal) {
            return undefined(Why::DivisionByZero, whole);
        }
        if let Value::Exact(b) = base
            && let Some(q) = integer_power(b, n)
        {
            return Value::Exact(q);
        }
        self.enclosed(self.ball(base).and_then(|b| b.powi(n)))
    }

    /// `b^p` where `p` is not a literal integer.
    fn real_power(&self, whole: &Expr, exponent: &Expr, b: &Value, p: &Value) -> Value {
        match (b.sign(), p.sign()) {
            // A literal integer too long for `as_int`: leave it.
            (Some(Ordering::Less), _) if exponent.as_num().is_some_and(Rational::is_integer) => {
                Value::Unknown
            }
            (Some(Ordering::Less), _) => undefined(Why::NegativeBase, whole),
            (Some(Ordering::Equal), Some(Ordering::Greater)) => Value::Exact(Rational::new()),
            (Some(Ordering::Equal), Some(_)) => undefined(Why::ZeroToNonPositivePower, whole),
            (Some(Ordering::Equal), None) => self.undecided(),
            (Some(Ordering::Greater), Some(Ordering::Equal)) => Value::Exact(Rational::from(1)),
            (Some(Ordering::Greater), _) => self.positive_power(b, p),
            // Touching zero is within the domain if the exponent is positive; a ball that
            // reaches below zero is refused by the ball's own power.
            (None, _) => self.positive_power(b, p),
        }
    }

    fn positive_power(&self, b: &Value, p: &Value) -> Value {
        if let Value::Exact(base) = b {
            if *base == 1 {
                return Value::Exact(Rational::from(1));
            }
            if let Value::Exact(r) = p
                && let Some(q) = rational_power(base, r)
            {
                return Value::Exact(q);
            }
        }
        let base = self.ball(b);
        self.enclosed(match p {
            Value::Exact(r) => base.and_then(|b| b.pow_rational(r)),
            _ => base.and_then(|b| b.pow(&self.ball(p)?)),
        })
    }

    fn function(&self, whole: &Expr, f: Function, args: Vec<Value>) -> Value {
        match (f, args.as_slice()) {
            (Function::Ln, [a]) => match (a.sign(), a) {
                (Some(Ordering::Less | Ordering::Equal), _) => undefined(Why::LogarithmOfNonPositive, whole),
                (_, Value::Exact(q)) if *q == 1 => Value::Exact(Rational::new()),
                _ => self.enclosed(self.ball(a).and_then(|b| b.ln())),
            },
            (Function::Exp, [Value::Exact(q)]) if *q == 0 => Value::Exact(Rational::from(1)),
            (Function::Exp, [a]) => self.enclosed(self.ball(a).and_then(|b| b.exp())),
            (Function::Abs, [Value::Exact(q)]) => Value::Exact(q.clone().abs()),
            (Function::Abs, [a]) => self.enclosed(self.ball(a).map(|b| b.abs())),
            (Function::Max, [..]) => self.extreme(args, Ordering::Greater),
            (Function::Min, [..]) => self.extreme(args, Ordering::Less),
            // The wrong number of arguments.
            (Function::Ln | Function::Exp | Function::Abs, _) => Value::Unknown,
        }
    }

    /// The largest (`keep` is `Greater`) or smallest of the values; exact where the extreme one
    /// is exact and certainly extreme.
    fn extreme(&self, values: Vec<Value>, keep: Ordering) -> Value {
        let mut best: Option<Value> = None;
        for v in values {
            best = Some(match best {
                None => v,
                Some(b) => match Possible::of(&v, &b).only() {
                    Some(o) => {
                        if o == keep {
                            v
                        } else {
                            b
                        }
                    }
                    None => self.enclosed(self.ball(&b).and_then(|x| {
                        let y = self.ball(&v)?;
                        Ok(if keep == Ordering::Greater { x.max(&y) } else { x.min(&y) })
                    })),
                },
            });
            if best == Some(Value::Unknown) {
                return Value::Unknown;
            }
        }
        best.unwrap_or(Value::Unknown)
    }

    /// The first case whose condition is true. Where a condition is not decided but certainly
    /// has a truth value, the hull of what the whole is either way. A condition that is itself
    /// undefined leaves the whole unknown: texts differ in how they read it.
    fn cases(&self, whole: &Expr, cs: &[Case]) -> Value {
        let Some((first, rest)) = cs.split_first() else {
            return undefined(Why::NoCaseApplies, whole);
        };
        match first.condition.as_ref().map_or(Truth::True, |f| self.formula(f)) {
            Truth::True => self.term(&first.value),
            Truth::False => self.cases(whole, rest),
            Truth::Unknown if first.condition.as_ref().is_some_and(|f| self.is_defined(f)) => {
                match (self.term(&first.value), self.cases(whole, rest)) {
                    (Value::Undefined(r), Value::Undefined(_)) => Value::Undefined(r),
                    (Value::Undefined(_) | Value::Unknown, _) | (_, Value::Undefined(_) | Value::Unknown) => {
                        Value::Unknown
                    }
                    (a, b) => self.enclosed(self.ball(&a).and_then(|a| Ok(a.hull(&self.ball(&b)?)))),
                }
            }
            Truth::Undefined | Truth::Unknown => Value::Unknown,
        }
    }

    /// Whether every term of the formula is certainly defined, so that it is true or false.
    fn is_defined(&self, f: &Formula) -> bool {
        let defined = |t: &Expr| matches!(self.term(t), Value::Exact(_) | Value::Enclosed(_));
        match f {
            Formula::In(a, s) => defined(a) && s.contains(a).is_some_and(|g| self.is_defined(&g)),
            Formula::Not(p) => self.is_defined(p),
            Formula::And(ps) | Formula::Or(ps) => ps.iter().all(|p| self.is_defined(p)),
            Formula::Implies(p, q) | Formula::Iff(p, q) => self.is_defined(p) && self.is_defined(q),
            Formula::True | Formula::False | Formula::Rel(..) | Formula::Chain(..) => {
                f.terms().into_iter().all(defined)
            }
        }
    }

    /// How the terms may compare, `Err` where they do not.
    fn possible(&self, a: &Expr, b: &Expr) -> Result<Possible, Comparison> {
        match (self.term(a), self.term(b)) {
            (Value::Undefined(r), _) | (_, Value::Undefined(r)) => Err(Comparison::Undefined(r)),
            (Value::Unknown, _) | (_, Value::Unknown) => Err(Comparison::Unknown),
            _ if a == b => Ok(Possible { less: false, equal: true, greater: false }),
            (x, y) => Ok(Possible::of(&x, &y)),
        }
    }

    fn compare(&self, a: &Expr, b: &Expr) -> Comparison {
        match self.possible(a, b) {
            Err(c) => c,
            Ok(p) => p.only().map_or_else(
                || {
                    self.imprecise.set(true);
                    Comparison::Unknown
                },
                Comparison::Ordered,
            ),
        }
    }

    pub(super) fn formula(&self, f: &Formula) -> Truth {
        kleene(f, self)
    }

    pub(super) fn relation(&self, a: &Expr, r: Relation, b: &Expr) -> Truth {
        match self.possible(a, b) {
            Err(Comparison::Undefined(_)) => Truth::Undefined,
            Err(_) => Truth::Unknown,
            Ok(p) => p.decide(r).unwrap_or_else(|| {
                self.imprecise.set(true);
                Truth::Unknown
            }),
        }
    }
}

impl Atoms for Evaluator<'_> {
    fn relation(&self, a: &Expr, r: Relation, b: &Expr) -> Truth {
        self.relation(a, r, b)
    }
    fn value(&self, e: &Expr) -> Value {
        self.term(e)
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
