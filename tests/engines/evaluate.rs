//! The tests' own evaluation at rational points: exact, with nothing of the engines in it.

use std::collections::BTreeMap;

use proofread::expr::{Expr, Formula, Function, Relation, Symbol};
use rug::{Integer, Rational, ops::Pow as _};

/// Values of symbols.
pub type Point = BTreeMap<Symbol, Rational>;

/// What a term is at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Exact(Rational),
    Undefined,
    /// Irrational, or too large: not computed.
    Open,
}

/// What a formula is at a point; `None` where it was not computed.
pub type Truth = Option<Kleene>;

/// The truth values of `expr`'s partial terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kleene {
    True,
    False,
    Undefined,
}

/// The exact value of an elementary term.
pub fn value(e: &Expr, at: &Point) -> Value {
    match e {
        Expr::Num(n) => Value::Exact(n.clone()),
        Expr::Sym(s) => at.get(s).map_or(Value::Open, |v| Value::Exact(v.clone())),
        Expr::Add(xs) => fold(xs, at, Rational::new(), |a, b| a + b),
        Expr::Mul(xs) => fold(xs, at, Rational::from(1), |a, b| a * b),
        Expr::Pow(b, x) => power(&value(b, at), &value(x, at), x.as_int().is_some()),
        Expr::Fun(f, xs) => function(*f, xs, at),
        Expr::Cases(cs) => {
            for c in cs {
                match c.condition.as_ref().map_or(Some(Kleene::True), |f| truth(f, at)) {
                    Some(Kleene::True) => return value(&c.value, at),
                    Some(Kleene::False) => {}
                    Some(Kleene::Undefined) => return Value::Undefined,
                    None => return Value::Open,
                }
            }
            Value::Undefined
        }
        _ => Value::Open,
    }
}

fn fold(xs: &[Expr], at: &Point, unit: Rational, op: fn(Rational, Rational) -> Rational) -> Value {
    let mut total = Some(unit);
    for x in xs {
        match value(x, at) {
            Value::Undefined => return Value::Undefined,
            Value::Open => total = None,
            Value::Exact(v) => total = total.map(|t| op(t, v)),
        }
    }
    total.map_or(Value::Open, Value::Exact)
}

fn power(base: &Value, exponent: &Value, literal_integer: bool) -> Value {
    let (base, exponent) = match (base, exponent) {
        (Value::Undefined, _) | (_, Value::Undefined) => return Value::Undefined,
        (Value::Exact(b), Value::Exact(x)) => (b, x),
        _ => return Value::Open,
    };
    if *base == 0 {
        return match exponent.cmp0() {
            std::cmp::Ordering::Greater => Value::Exact(Rational::new()),
            std::cmp::Ordering::Equal if literal_integer => Value::Exact(Rational::from(1)),
            _ => Value::Undefined,
        };
    }
    if *base < 0 && !literal_integer {
        return Value::Undefined;
    }
    let (Some(n), Some(d)) = (exponent.numer().to_i32(), exponent.denom().to_u32()) else {
        return Value::Open;
    };
    if n.unsigned_abs() > 400 || d > 12 {
        return Value::Open;
    }
    match exact_root(base, d) {
        Some(r) => Value::Exact(r.pow(n)),
        None => Value::Open,
    }
}

fn exact_root(q: &Rational, d: u32) -> Option<Rational> {
    if d == 1 {
        return Some(q.clone());
    }
    let root = |n: &Integer| -> Option<Integer> {
        let r = Integer::from(n.root_ref(d));
        (Integer::from((&r).pow(d)) == *n).then_some(r)
    };
    Some(Rational::from((root(q.numer())?, root(q.denom())?)))
}

fn function(f: Function, xs: &[Expr], at: &Point) -> Value {
    let values: Vec<Value> = xs.iter().map(|x| value(x, at)).collect();
    if values.contains(&Value::Undefined) {
        return Value::Undefined;
    }
    let exact: Option<Vec<Rational>> =
        values.into_iter().map(|v| if let Value::Exact(v) = v { Some(v) } else { None }).collect();
    let Some(exact) = exact else { return Value::Open };
    match f {
        Function::Abs => Value::Exact(exact[0].clone().abs()),
        Function::Max => Value::Exact(exact.into_iter().max().expect("an argument")),
        Function::Min => Value::Exact(exact.into_iter().min().expect("an argument")),
        Function::Ln if exact[0] <= 0 => Value::Undefined,
        Function::Ln if exact[0] == 1 => Value::Exact(Rational::new()),
        Function::Exp if exact[0] == 0 => Value::Exact(Rational::from(1)),
        Function::Ln | Function::Exp => Value::Open,
    }
}

/// The truth of a formula: an atom with an undefined side is undefined.
pub fn truth(f: &Formula, at: &Point) -> Truth {
    match f {
        Formula::True => Some(Kleene::True),
        Formula::False => Some(Kleene::False),
        Formula::Rel(a, r, b) => relation(a, *r, b, at),
        Formula::Not(p) => truth(p, at).map(not),
        Formula::And(ps) => all(ps.iter().map(|p| truth(p, at))),
        Formula::Or(ps) => all(ps.iter().map(|p| truth(p, at).map(not))).map(not),
        Formula::Implies(p, q) => all([truth(p, at), truth(q, at).map(not)].into_iter()).map(not),
        _ => None,
    }
}

fn relation(a: &Expr, r: Relation, b: &Expr, at: &Point) -> Truth {
    match (value(a, at), value(b, at)) {
        (Value::Undefined, _) | (_, Value::Undefined) => Some(Kleene::Undefined),
        (Value::Exact(a), Value::Exact(b)) => {
            Some(if r.holds(a.cmp(&b)) { Kleene::True } else { Kleene::False })
        }
        _ => None,
    }
}

fn not(k: Kleene) -> Kleene {
    match k {
        Kleene::True => Kleene::False,
        Kleene::False => Kleene::True,
        Kleene::Undefined => Kleene::Undefined,
    }
}

fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let parts: Vec<Truth> = parts.collect();
    if parts.contains(&Some(Kleene::False)) {
        Some(Kleene::False)
    } else if parts.contains(&None) {
        None
    } else if parts.contains(&Some(Kleene::Undefined)) {
        Some(Kleene::Undefined)
    } else {
        Some(Kleene::True)
    }
}
