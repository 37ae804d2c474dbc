//! Evaluation of elementary terms and formulas at a rational point.
//!
//! * **Takes** an [`Expr`] or a [`Formula`] and a [`Point`].
//! * **Gives** a [`Value`] or a [`Truth`] that is certain: rational arithmetic as long as it is
//!   exact, enclosures ([`Ball`]) from there on, and `Unknown` where these do not decide.
//! * **May call** `expr`, `ball`.
//!
//! A formula is evaluated in three truth values (S. C. Kleene, *Introduction to Metamathematics*,
//! 1952, §64, strong tables) with `Undefined` as the third: an atom with an undefined side is
//! `Undefined`, its negation too, a conjunction with a false part is `False` and a disjunction
//! with a true part `True` whatever the rest. `Unknown` is not a fourth value but the lack of an
//! answer: any of the three may be the case.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use rug::Rational;

use super::exact_power::{LARGEST_EXACT, integer_power, rational_power, size};
use crate::ball::{Ball, BallError};
use crate::expr::{Case, Expr, Formula, Function, Relation, Set, Symbol};

/// Rational values of symbols.
pub type Point = BTreeMap<Symbol, Rational>;

/// The precision at which [`truth`], [`compare`] and [`refined`] begin; it doubles from there.
const FIRST_BITS: u32 = 64;

/// What is known of a term at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The term is defined and is this number.
    Exact(Rational),
    /// The term is defined and lies in the ball.
    Enclosed(Ball),
    /// The term is certainly undefined.
    Undefined(Reason),
    /// Not decided: too little precision, a symbol without a value, an operator that is not
    /// elementary, a number out of range.
    Unknown,
}

/// Why a term is undefined at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub why: Why,
    /// The smallest subterm that is undefined.
    pub term: Expr,
}

/// The ways in which an elementary term can be undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    DivisionByZero,
    ZeroToNonPositivePower,
    NegativeBase,
    LogarithmOfNonPositive,
    NoCaseApplies,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::DivisionByZero => "division by zero",
            Why::ZeroToNonPositivePower => "zero to a power that is not positive",
            Why::NegativeBase => "a negative base under an exponent that is not a literal integer",
            Why::LogarithmOfNonPositive => "logarithm of a number that is not positive",
            Why::NoCaseApplies => "no case of the distinction applies",
        })
    }
}

/// What is known of a formula at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    /// Its truth hangs on a term that is certainly undefined.
    Undefined,
    Unknown,
}

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
    Evaluator::new(at, bits).term(e)
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

/// Runs `attempt` at 64, 128, … bits until it says that it is done or `max_bits` is reached.
fn escalate<T>(at: &Point, max_bits: u32, attempt: impl Fn(&Evaluator<'_>) -> (T, bool)) -> T {
    let mut bits = FIRST_BITS.min(max_bits);
    loop {
        let (outcome, done) = attempt(&Evaluator::new(at, bits));
        if done || bits >= max_bits {
            return outcome;
        }
        bits = bits.saturating_mul(2).min(max_bits);
    }
}

/// The number of digits of a number in scientific notation.
fn significant(s: &str) -> usize {
    s.split('e').next().unwrap_or_default().chars().filter(char::is_ascii_digit).count()
}

impl Value {
    /// The value as a ball of `bits` bits; `None` if it is undefined, unknown or out of range.
    pub fn ball(&self, bits: u32) -> Option<Ball> {
        match self {
            Value::Exact(q) => Ball::from_rational(q, bits).ok(),
            Value::Enclosed(b) => Some(b.clone()),
            Value::Undefined(_) | Value::Unknown => None,
        }
    }

    /// At most `digits` significant digits, all certain, with `…` behind them where the
    /// expansion goes on; `None` if none is certain.
    pub fn decimals(&self, digits: usize) -> Option<String> {
        // Enough bits for the digits and for the sizes of exact numbers.
        let bits = u32::try_from(digits).unwrap_or(LARGEST_EXACT).saturating_mul(4).saturating_add(64);
        let bits = match self {
            Value::Exact(q) => bits.saturating_add(size(q)),
            _ => bits,
        };
        let ball = self.ball(bits)?;
        let shown = ball.decimals(digits)?;
        let in_full = match self {
            Value::Exact(q) => decimal_is(&shown, q),
            _ => ball.is_shown_exactly(digits),
        };
        Some(if in_full { without_trailing_zeros(&shown) } else { shown + "…" })
    }

    fn sign(&self) -> Option<Ordering> {
        match self {
            Value::Exact(q) => Some(q.cmp0()),
            Value::Enclosed(b) => b.sign(),
            Value::Undefined(_) | Value::Unknown => None,
        }
    }
}

/// `0.100` as `0.1`, `1.00e5` as `1e5`.
fn without_trailing_zeros(text: &str) -> String {
    let end = text.find('e').unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(end);
    if !mantissa.contains('.') {
        return text.to_owned();
    }
    format!("{}{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

/// Whether the decimal `text` (possibly with an exponent) is exactly `q`.
fn decimal_is(text: &str, q: &Rational) -> bool {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let (Ok(digits), Ok(exponent), Ok(places)) =
        (digits.parse::<rug::Integer>(), exponent.parse::<i64>(), i64::try_from(places))
    else {
        return false;
    };
    integer_power(&Rational::from(10), exponent - places).is_some_and(|scale| scale * digits == *q)
}

/// One pass at one precision.
struct Evaluator<'a> {
    at: &'a Point,
    bits: u32,
    /// Set when an answer is unknown for want of precision.
    imprecise: Cell<bool>,
}

impl<'a> Evaluator<'a> {
    fn new(at: &'a Point, bits: u32) -> Self {
        Evaluator { at, bits, imprecise: Cell::new(false) }
    }

    fn term(&self, e: &Expr) -> Value {
        match e {
            Expr::Num(q) => self.exact(q.clone()),
            Expr::Sym(s) => self.at.get(s).map_or(Value::Unknown, |q| self.exact(q.clone())),
            Expr::Add(xs) => self.all(xs).map_or_else(|v| v, |vs| self.sum(vs)),
            Expr::Mul(xs) => self.all(xs).map_or_else(|v| v, |vs| self.product(vs)),
            Expr::Pow(b, p) => self.power(e, b, p),
            Expr::Fun(f, xs) => self.all(xs).map_or_else(|v| v, |vs| self.function(e, *f, vs)),
            Expr::Cases(cs) => self.cases(e, cs),
            Expr::Apply { .. }
            | Expr::Derivative { .. }
            | Expr::At { .. }
            | Expr::Optimum { .. }
            | Expr::Sum { .. }
            | Expr::PlusMinus(_) => Value::Unknown,
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
                Some(b) => match self.order(&v, &b) {
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

    /// The first case whose condition is true. A condition before it that is itself undefined
    /// leaves the whole unknown: texts differ in how they read it.
    fn cases(&self, whole: &Expr, cs: &[Case]) -> Value {
        for c in cs {
            match c.condition.as_ref().map_or(Truth::True, |f| self.formula(f)) {
                Truth::True => return self.term(&c.value),
                Truth::False => {}
                Truth::Undefined | Truth::Unknown => return Value::Unknown,
            }
        }
        undefined(Why::NoCaseApplies, whole)
    }

    /// How two defined values compare, if that is certain.
    fn order(&self, a: &Value, b: &Value) -> Option<Ordering> {
        if let (Value::Exact(x), Value::Exact(y)) = (a, b) {
            return Some(x.cmp(y));
        }
        // Rationals are compared with the ends themselves, not with their own enclosures.
        match (a, b) {
            (Value::Exact(x), Value::Enclosed(y)) => beside(x, y),
            (Value::Enclosed(x), Value::Exact(y)) => beside(y, x).map(Ordering::reverse),
            _ => self.ball(a).ok()?.compare(&self.ball(b).ok()?),
        }
    }

    fn compare(&self, a: &Expr, b: &Expr) -> Comparison {
        match (self.term(a), self.term(b)) {
            (Value::Undefined(r), _) | (_, Value::Undefined(r)) => Comparison::Undefined(r),
            (Value::Unknown, _) | (_, Value::Unknown) => Comparison::Unknown,
            _ if a == b => Comparison::Ordered(Ordering::Equal),
            (x, y) => self.order(&x, &y).map_or_else(
                || {
                    self.imprecise.set(true);
                    Comparison::Unknown
                },
                Comparison::Ordered,
            ),
        }
    }

    fn formula(&self, f: &Formula) -> Truth {
        match f {
            Formula::True => Truth::True,
            Formula::False => Truth::False,
            Formula::Rel(a, r, b) => self.relation(a, *r, b),
            Formula::Chain(first, rest) => {
                let lefts = std::iter::once(first).chain(rest.iter().map(|(_, e)| e));
                conjunction(lefts.zip(rest).map(|(left, (r, right))| self.relation(left, *r, right)))
            }
            Formula::In(a, s) => self.membership(a, s),
            Formula::Not(p) => self.formula(p).negated(),
            Formula::And(ps) => conjunction(ps.iter().map(|p| self.formula(p))),
            Formula::Or(ps) => disjunction(ps.iter().map(|p| self.formula(p))),
            Formula::Implies(p, q) => disjunction([self.formula(p).negated(), self.formula(q)].into_iter()),
            Formula::Iff(p, q) => match (self.formula(p), self.formula(q)) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (Truth::Undefined, _) | (_, Truth::Undefined) => Truth::Undefined,
                (a, b) if a == b => Truth::True,
                _ => Truth::False,
            },
        }
    }

    fn relation(&self, a: &Expr, r: Relation, b: &Expr) -> Truth {
        match self.compare(a, b) {
            Comparison::Ordered(o) if r.holds(o) => Truth::True,
            Comparison::Ordered(_) => Truth::False,
            Comparison::Undefined(_) => Truth::Undefined,
            Comparison::Unknown => Truth::Unknown,
        }
    }

    /// An undefined term belongs to no set and lies outside none, the reals included.
    fn membership(&self, a: &Expr, s: &Set) -> Truth {
        match self.term(a) {
            Value::Undefined(_) => Truth::Undefined,
            Value::Unknown => Truth::Unknown,
            _ => s.contains(a).map_or(Truth::Unknown, |f| self.formula(&f)),
        }
    }
}

impl Truth {
    /// The truth value of the negation: what is undefined stays undefined.
    pub fn negated(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            same => same,
        }
    }
}

fn conjunction(parts: impl Iterator<Item = Truth>) -> Truth {
    let (mut undefined, mut unknown) = (false, false);
    for t in parts {
        match t {
            Truth::False => return Truth::False,
            Truth::True => {}
            Truth::Undefined => undefined = true,
            Truth::Unknown => unknown = true,
        }
    }
    match (unknown, undefined) {
        (true, _) => Truth::Unknown,
        (_, true) => Truth::Undefined,
        _ => Truth::True,
    }
}

fn disjunction(parts: impl Iterator<Item = Truth>) -> Truth {
    conjunction(parts.map(Truth::negated)).negated()
}

fn undefined(why: Why, term: &Expr) -> Value {
    Value::Undefined(Reason { why, term: term.clone() })
}

/// How the rational `x` compares with every member of `y`.
fn beside(x: &Rational, y: &Ball) -> Option<Ordering> {
    if *y.lo() > *x {
        Some(Ordering::Less)
    } else if *y.hi() < *x {
        Some(Ordering::Greater)
    } else if y.is_point() {
        Some(Ordering::Equal)
    } else {
        None
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
