//! Values along one path to the goal of a limit, and what they suggest.
//!
//! The path is a value of one symbol of the quantity for each `s > 0`, all other symbols being
//! fixed, so that the quantity is `s` away from its goal (or is `1/s`). The values are numbers; what
//! they suggest is no more than a suggestion.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rug::{Integer, Rational};

use crate::claim::LimitReading;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Expr, Formula, Relation, Symbol, Toward};
use crate::prove::evaluate::{Comparison, Point, Value, compare, refined};
use crate::prove::{Evidence, Judgement};

use crate::audit::setting::Setting;

/// The distances at which values are taken, as powers of a half.
const DISTANCES: [u32; 3] = [24, 40, 80];
/// Digits to which they are evaluated, and the precision up to which these are pursued.
const DIGITS: usize = 30;
const BITS: u32 = 2048;
/// Halvings of an interval that holds a root.
const HALVINGS: u32 = 110;
/// A path is proved up to distances of one part of these.
const ENDS: [i64; 3] = [1, 16, 4096];
/// The largest denominator of a suggested rational, and the largest coefficient of a suggested
/// quadratic equation.
const LARGEST_DENOMINATOR: i64 = 1000;
const LARGEST_COEFFICIENT: i64 = 12;

/// A way to the goal: the symbol that varies, its value at a distance, the others' values.
pub struct Path {
    variable: Symbol,
    distance: Symbol,
    value: Expr,
    others: Point,
}

impl Path {
    /// A path on which all facts hold, with the proof of that.
    pub fn find(reading: &LimitReading, setting: &Setting) -> Option<(Path, Vec<Evidence>)> {
        let (facts, symbols) = concerned(reading, setting);
        let distance = fresh(&Symbol::new("s"), &symbols);
        let s = Expr::Sym(distance.clone());
        let targets: Vec<Expr> = match &reading.toward {
            Toward::Value(goal) => vec![(**goal).clone() + s.clone(), (**goal).clone() - s],
            Toward::Infinity => vec![Expr::recip(s)],
            Toward::MinusInfinity => vec![-Expr::recip(s)],
        };
        let ones: Point = symbols.iter().map(|s| (s.clone(), Rational::from(1))).collect();
        let nowhere = !Formula::and(facts.clone());
        let found = match setting.tools().judge.judge(&[], &nowhere) {
            Judgement::Fails { witness, .. } => Some(witness),
            _ => None,
        };
        for point in [Some(ones), found].into_iter().flatten() {
            for variable in reading.quantity.free() {
                for target in &targets {
                    let Some(value) = inverse(&reading.quantity, &variable, target.clone()) else { continue };
                    let mut others = point.clone();
                    // What is determined by the others has its own value at every distance.
                    others.retain(|s, _| *s != variable && setting.peak(s).is_none());
                    let value = fold(&value.substitute_all(&literals(&others)));
                    let path = Path { variable: variable.clone(), distance: distance.clone(), value, others };
                    if let Some(evidence) = path.proved(&facts, setting) {
                        return Some((path, evidence));
                    }
                }
            }
        }
        None
    }

    /// The proof that the facts hold on the path, near enough to the goal.
    fn proved(&self, facts: &[Formula], setting: &Setting) -> Option<Vec<Evidence>> {
        let mut with = literals(&self.others);
        with.insert(self.variable.clone(), self.value.clone());
        let facts = facts.iter().map(|f| fold_formula(&f.substitute_all(&with)));
        let statement = Formula::and(facts.filter(|f| *f != Formula::True).collect());
        if statement == Formula::True {
            return Some(vec![]);
        }
        let s = || Expr::Sym(self.distance.clone());
        ENDS.iter().find_map(|end| {
            let near = [
                Formula::Rel(s(), Relation::Gt, Expr::int(0)),
                Formula::Rel(s(), Relation::Lt, Expr::ratio(1, *end)),
            ];
            match setting.tools().judge.judge_plainly(&near, &statement) {
                Judgement::Holds(evidence) => Some(evidence),
                _ => None,
            }
        })
    }

    /// The body's values on the path. Of a symbol that the facts determine as the root of a
    /// polynomial, the root is found by bisection.
    pub fn values(&self, reading: &LimitReading, facts: &[Formula]) -> Option<Values> {
        let at = |power: u32| -> Option<(Rational, Rational)> {
            let distance = Rational::from((1, Integer::from(1) << power));
            let mut at = self.others.clone();
            let s = Point::from([(self.distance.clone(), distance.clone())]);
            at.insert(self.variable.clone(), number(&self.value, &s)?);
            for symbol in reading.body.free() {
                if !at.contains_key(&symbol) {
                    at.insert(symbol.clone(), root(&symbol, facts, &at)?);
                }
            }
            Some((distance, number(&reading.body, &at)?))
        };
        Some(Values(DISTANCES.iter().map(|p| at(*p)).collect::<Option<_>>()?))
    }
}

/// The facts about the symbols of a limit and those that facts tie to them, and all these symbols.
fn concerned(reading: &LimitReading, setting: &Setting) -> (Vec<Formula>, BTreeSet<Symbol>) {
    let mut symbols = reading.quantity.free();
    symbols.extend(reading.body.free());
    symbols.extend(reading.toward.value().map(Expr::free).unwrap_or_default());
    let mut rest: Vec<&Formula> = setting.facts.iter().collect();
    let mut facts = vec![];
    loop {
        let (near, far): (Vec<&Formula>, Vec<&Formula>) =
            rest.into_iter().partition(|f| !f.free().is_disjoint(&symbols));
        if near.is_empty() {
            return (facts, symbols);
        }
        symbols.extend(near.iter().flat_map(|f| f.free()));
        facts.extend(near.into_iter().cloned());
        rest = far;
    }
}

pub fn literals(at: &Point) -> Substitution {
    at.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect()
}

fn number(e: &Expr, at: &Point) -> Option<Rational> {
    match refined(e, at, DIGITS, BITS) {
        Value::Exact(q) => Some(q),
        Value::Enclosed(ball) => ball.midpoint(),
        Value::Undefined(_) | Value::Unknown => None,
    }
}

/// The root that facts `lower < x`, `x < upper`, `p(x) = 0` determine, to some thirty digits.
fn root(x: &Symbol, facts: &[Formula], at: &Point) -> Option<Rational> {
    let (mut lower, mut upper, mut polynomial) = (None, None, None);
    for fact in facts {
        let Formula::Rel(a, relation, b) = fact else { continue };
        match relation {
            Relation::Gt if a.as_sym() == Some(x) => lower = Some(number(b, at)?),
            Relation::Lt if a.as_sym() == Some(x) => upper = Some(number(b, at)?),
            Relation::Eq if a.mentions(x) => polynomial = Some(a),
            _ => {}
        }
    }
    let (mut lower, mut upper, polynomial) = (lower?, upper?, polynomial?);
    let mut at = at.clone();
    let mut sign = |value: &Rational| {
        at.insert(x.clone(), value.clone());
        match compare(polynomial, &Expr::int(0), &at, BITS) {
            Comparison::Ordered(o) => Some(o),
            _ => None,
        }
    };
    let middle = |a: &Rational, b: &Rational| Rational::from(a + b) / 2;
    // At the end itself the polynomial may be zero as well.
    let first = Rational::from(&upper - &lower) >> (2 * HALVINGS);
    let below = sign(&(&lower + first))?;
    for _ in 0..HALVINGS {
        let m = middle(&lower, &upper);
        match sign(&m)? {
            Ordering::Equal => return Some(m),
            same if same == below => lower = m,
            _ => upper = m,
        }
    }
    Some(middle(&lower, &upper))
}

/// The value of `x` at which `e` is `target`, where `x` stands in one place under sums, products
/// and inverses.
pub fn inverse(e: &Expr, x: &Symbol, target: Expr) -> Option<Expr> {
    let one_place = |terms: &[Expr]| {
        let with: Vec<usize> = (0..terms.len()).filter(|i| terms[*i].mentions(x)).collect();
        let [place] = with[..] else { return None };
        let others = terms.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, t)| t.clone());
        Some((terms[place].clone(), others.collect::<Vec<_>>()))
    };
    match e {
        Expr::Sym(s) => (s == x).then_some(target),
        Expr::Add(terms) => {
            let (inner, others) = one_place(terms)?;
            inverse(&inner, x, target - Expr::Add(others))
        }
        Expr::Mul(factors) => {
            let (inner, others) = one_place(factors)?;
            inverse(&inner, x, target / Expr::Mul(others))
        }
        Expr::Pow(base, exponent) if exponent.as_int() == Some(-1) => inverse(base, x, Expr::recip(target)),
        _ => None,
    }
}

/// Distances from the goal, nearer and nearer, with the body's values there.
pub struct Values(Vec<(Rational, Rational)>);

impl Values {
    fn nearest(&self) -> &Rational {
        &self.0.last().expect("there are several distances").1
    }

    /// A factor with which the values approach `limit` at least as fast as the distance goes to
    /// zero, or the square of the difference does (`true`); for values further off than these, with
    /// some room.
    pub fn rate(&self, limit: &Expr) -> Option<(Rational, bool)> {
        let limit = number(limit, &Point::new())?;
        let parts: Vec<(Rational, Rational)> = self
            .0
            .iter()
            .map(|(s, v)| {
                let apart = Rational::from(v - &limit).abs();
                (Rational::from(&apart / s), Rational::from(&apart * &apart) / s)
            })
            .collect();
        let (far, near) = (parts.first()?, parts.last()?);
        // Along a square root the quotient grows by powers of two.
        let is_root = near.0 > Rational::from(&far.0 * 1024) + 1024;
        let factor = if is_root { &near.1 } else { &near.0 };
        Some((factor.clone().ceil() * 2 + 1, is_root))
    }
}

/// Numbers near to the values' own limit, simplest first.
pub fn candidates(values: &Values) -> Vec<Expr> {
    let near = values.nearest();
    rational(near).into_iter().map(Expr::Num).chain(quadratic(near)).collect()
}

/// How near a suggestion has to be: values approach like the distance or like its root.
fn is_near(apart: &Rational) -> bool {
    apart.clone().abs() < Rational::from((1, Integer::from(1) << 30))
}

/// The first convergent that is near.
fn rational(x: &Rational) -> Option<Rational> {
    let (mut before, mut now) = ((Integer::from(0), Integer::from(1)), (Integer::from(1), Integer::from(0)));
    let mut rest = x.clone();
    loop {
        let whole = rest.clone().floor().numer().clone();
        let next = (Integer::from(&whole * &now.0) + &before.0, Integer::from(&whole * &now.1) + &before.1);
        if next.1 > LARGEST_DENOMINATOR {
            return None;
        }
        let convergent = Rational::from(next.clone());
        if is_near(&Rational::from(&convergent - x)) {
            return Some(convergent);
        }
        (before, now) = (now, next);
        rest -= whole;
        if rest == 0 {
            return None;
        }
        rest.recip_mut();
    }
}

/// Roots of quadratic equations with small coefficients that are near, as radicals.
fn quadratic(x: &Rational) -> Vec<Expr> {
    let square = Rational::from(x * x);
    let mut found = vec![];
    for a in 1..=LARGEST_COEFFICIENT {
        for b in -LARGEST_COEFFICIENT..=LARGEST_COEFFICIENT {
            let c = -(Rational::from(&square * a) + Rational::from(x * b));
            let c = c.round().numer().to_i64().filter(|c| c.abs() <= LARGEST_COEFFICIENT);
            let Some(c) = c else { continue };
            let discriminant = b * b - 4 * a * c;
            if discriminant < 0 {
                continue;
            }
            let above = Rational::from(x * (2 * a)) + b >= 0;
            let root = Expr::sqrt(Expr::int(discriminant));
            let root = if above { root } else { -root };
            let candidate = fold(&((Expr::int(-b) + root) / Expr::int(2 * a)));
            let near = number(&candidate, &Point::new()).is_some_and(|v| is_near(&Rational::from(&v - x)));
            if near {
                found.push((a + b.abs() + c.abs(), candidate));
            }
        }
    }
    found.sort_by_key(|(size, _)| *size);
    found.into_iter().map(|(_, e)| e).take(2).collect()
}
