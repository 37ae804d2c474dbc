//! What the paper's language means, in plain numbers: derivatives are quotients of differences, sums
//! over a family are taken member by member. Nothing of the audit is used.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use proofread::expr::{Expr, Extremum, Formula, Function, Gather, Relation, Set, Symbol};
use rug::ops::Pow as _;
use rug::{Float, Rational};

/// Working precision; differences are quotients of steps of a quarter of it.
const BITS: u32 = 320;
const STEP_BITS: u32 = 80;
/// Third differences are divided by more.
const THIRD_STEP_BITS: u32 = 60;
/// Closer than this, relative to their size, two numbers are the same.
const SAME: f64 = 1e-28;
/// Further apart than this, they are different; nothing is said in between.
const DIFFERENT: f64 = 1e-18;
/// Points at which a place is compared with the others when it is said to be the best.
const RIVALS: u32 = 24;
/// Sections by which a largest value is found.
const GOLDEN: usize = 90;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// The term has no value here.
    Value,
    /// It is not said here what the term means, or numbers are not good enough to say.
    Meaning,
}

pub type Number = Result<Float, No>;
/// Whether a statement holds; a statement about what has no value does not.
pub type Says = Result<bool, No>;

/// The numbers that symbols stand for; a choice without one is the best response.
#[derive(Clone, Debug)]
pub struct World {
    /// Members of families stand under their own names: `c_2`.
    pub at: BTreeMap<Symbol, Float>,
    /// How many members the families have.
    pub members: usize,
    /// The member that an index letter stands for.
    pub letters: BTreeMap<Symbol, usize>,
    /// What local names stand for.
    pub definitions: Arc<BTreeMap<Symbol, Expr>>,
}

impl Default for World {
    /// No numbers yet; one member, no letters.
    fn default() -> World {
        World { at: BTreeMap::new(), members: 1, letters: BTreeMap::new(), definitions: Arc::default() }
    }
}

pub fn number(q: &Rational) -> Float {
    Float::with_val(BITS, q)
}

pub fn int(n: i32) -> Float {
    Float::with_val(BITS, n)
}

pub fn tiny(x: &Float) -> bool {
    *x == 0 || x.clone().abs() < 1e-60
}

pub fn pow(base: &Float, exponent: &Float) -> Number {
    if tiny(base) {
        return if *exponent > 0 && !tiny(exponent) { Ok(int(0)) } else { Err(No::Value) };
    }
    let whole = exponent.clone().round();
    if tiny(&Float::with_val(BITS, exponent - &whole)) {
        let n = whole.to_integer().and_then(|n| n.to_i32()).ok_or(No::Meaning)?;
        return Ok(Float::with_val(BITS, base.pow(n)));
    }
    if *base < 0 { Err(No::Value) } else { Ok(Float::with_val(BITS, base.pow(exponent))) }
}

/// How two numbers compare; `None` where that is too close to call.
pub fn compared(a: &Float, b: &Float) -> Option<Ordering> {
    let size = 1.0 + a.to_f64().abs().max(b.to_f64().abs());
    let apart = Float::with_val(BITS, a - b);
    let relative = apart.clone().abs() / size;
    if relative < SAME {
        Some(Ordering::Equal)
    } else if relative < DIFFERENT {
        None
    } else {
        apart.cmp0()
    }
}

impl World {
    pub fn with(&self, s: &Symbol, x: Float) -> World {
        let mut world = self.clone();
        world.at.insert(self.key(s), x);
        world
    }

    /// The world in which an index letter stands for a member.
    fn with_letter(&self, letter: &Symbol, member: usize) -> World {
        let mut world = self.clone();
        world.letters.insert(letter.clone(), member);
        world
    }

    /// Without a number for the symbol.
    pub fn without(&self, s: &Symbol) -> World {
        let mut world = self.clone();
        world.at.remove(&self.key(s));
        world
    }

    /// The name under which a symbol's number is kept.
    fn key(&self, s: &Symbol) -> Symbol {
        if self.at.contains_key(s) { s.clone() } else { self.resolved(s) }
    }

    /// The symbol with the members' numbers for the letters in its subscripts.
    pub fn resolved(&self, s: &Symbol) -> Symbol {
        let key = |key: String, (letter, member): (&Symbol, &usize)| {
            let mut out = String::new();
            let mut rest = key.as_str();
            let subscript = format!("_{}", letter.key());
            while let Some(at) = rest.find(&subscript) {
                let (before, behind) = (&rest[..at], &rest[at + subscript.len()..]);
                let longer = behind.starts_with(|c: char| c.is_alphanumeric() || c == '\'');
                out.push_str(before);
                out.push_str(&if longer { subscript.clone() } else { format!("_{member}") });
                rest = behind;
            }
            out + rest
        };
        Symbol::new(&self.letters.iter().fold(s.key().to_owned(), key))
    }

    pub fn get(&self, latex: &str) -> Number {
        self.at.get(&Symbol::new(latex)).cloned().ok_or(No::Meaning)
    }

    // -- terms --------------------------------------------------------------------------------

    pub fn value(&self, e: &Expr) -> Number {
        Ok(match e {
            Expr::Num(q) => number(q),
            Expr::Sym(s) => self.symbol(s)?,
            Expr::Add(xs) => xs.iter().try_fold(int(0), |sum, x| Ok(sum + self.value(x)?))?,
            Expr::Mul(xs) => xs.iter().try_fold(int(1), |product, x| Ok(product * self.value(x)?))?,
            Expr::Pow(b, p) if p.is_zero() => self.value(b).map(|_| int(1))?,
            Expr::Pow(b, p) => match (self.value(b)?, self.value(p)?) {
                // As the paper's domains have it: powers of negative numbers have literal exponents.
                (b, _) if b < 0 && !tiny(&b) && p.as_int().is_none() => return Err(No::Value),
                (b, p) => pow(&b, &p)?,
            },
            Expr::Fun(f, xs) => {
                let xs = xs.iter().map(|x| self.value(x)).collect::<Result<Vec<_>, _>>()?;
                let first = xs.first().cloned().ok_or(No::Meaning)?;
                match f {
                    Function::Max => xs.into_iter().fold(first, |a, b| a.max(&b)),
                    Function::Min => xs.into_iter().fold(first, |a, b| a.min(&b)),
                    Function::Abs => first.abs(),
                    Function::Exp => first.exp(),
                    Function::Ln if first > 0 => first.ln(),
                    Function::Ln => return Err(No::Value),
                }
            }
            Expr::Cases(cases) => {
                for case in cases {
                    let Some(condition) = &case.condition else { return self.value(&case.value) };
                    if self.says(condition)? {
                        return self.value(&case.value);
                    }
                }
                return Err(No::Value);
            }
            Expr::Apply { function, primes: 0, args } => self.application(function, args)?,
            Expr::Derivative { body, variable, order } => self.slope(body, variable, *order)?,
            Expr::Optimum { which, variable, over: Some(over), body } if !which.is_arg() => {
                self.extremum(*which, variable, over, body)?
            }
            Expr::Over { gather, index, lower, upper, body } => {
                self.gathered(*gather, index, (self.value(lower)?, self.value(upper)?), body)?
            }
            Expr::At { body, variable, value } => self.with(variable, self.value(value)?).value(body)?,
            _ => return Err(No::Meaning),
        })
    }

    fn symbol(&self, s: &Symbol) -> Number {
        if let Some(x) = self.at.get(s).or_else(|| self.at.get(&self.resolved(s))) {
            return Ok(x.clone());
        }
        match self.definitions.get(s) {
            Some(body) => self.value(body),
            None => self.of_game(s),
        }
    }

    /// All values over an index as one.
    fn gathered(&self, gather: Gather, index: &Symbol, (a, b): (Float, Float), body: &Expr) -> Number {
        let end = |x: &Float| {
            let whole = x.clone().round();
            let is_whole = tiny(&Float::with_val(BITS, x - &whole));
            whole.to_integer().and_then(|n| n.to_usize()).filter(|_| is_whole).ok_or(No::Meaning)
        };
        let (first, last) = (end(&a)?, end(&b)?);
        if first == 0 || last > self.members {
            return Err(No::Meaning);
        }
        let values = (first..=last).map(|k| self.with_letter(index, k).value(body));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let chosen = match gather {
            Gather::Sum => return Ok(values.into_iter().fold(int(0), |sum, x| sum + x)),
            Gather::Max => values.into_iter().reduce(|a, b| a.max(&b)),
            Gather::Min => values.into_iter().reduce(|a, b| a.min(&b)),
        };
        chosen.ok_or(No::Value)
    }

    fn slope(&self, body: &Expr, variable: &Symbol, order: u32) -> Number {
        let x = self.value(&Expr::Sym(variable.clone()))?;
        // Where there is no value, there is no slope.
        self.with(variable, x.clone()).value(body)?;
        let bits = if order == 3 { THIRD_STEP_BITS } else { STEP_BITS };
        let h = Float::with_val(BITS, Float::i_exp(1, -(bits as i32)));
        // At a border there may be values on one side only; then nothing is said.
        let at = |x: Float| self.with(variable, x).value(body).map_err(|_| No::Meaning);
        let (below, above) = (at(x.clone() - &h)?, at(x.clone() + &h)?);
        match order {
            1 => Ok((above - below) / (h * 2u32)),
            2 => Ok((above - at(x)? * 2u32 + below) / h.square()),
            3 => {
                let step = h.clone() * 2u32;
                let far = at(x.clone() + &step)? - at(x - step)?;
                Ok((far - (above - below) * 2u32) / (h.clone().square() * h * 2u32))
            }
            _ => Err(No::Meaning),
        }
    }

    /// The ends of a set of shares.
    fn ends(&self, s: &Set) -> Result<(Float, Float), No> {
        match s {
            Set::Interval { lower: Some(a), upper: Some(b), .. } => Ok((self.value(a)?, self.value(b)?)),
            Set::Named(_) => {
                let best =
                    |player: &str| self.of_game(&Symbol::new(&format!(r"\delta^{{Powerful\ {player}}}")));
                Ok((best("D")?, best("G")?))
            }
            _ => Err(No::Meaning),
        }
    }

    /// The largest or smallest value, by golden sections around the best of some points.
    fn extremum(&self, which: Extremum, x: &Symbol, over: &Set, body: &Expr) -> Number {
        let (lower, upper) = self.ends(over)?;
        let at = |v: &Float| {
            let value = self.with(x, v.clone()).value(body).map_err(|_| No::Meaning)?;
            Ok::<_, No>(if which.is_max() { value } else { -value })
        };
        let width = Float::with_val(BITS, &upper - &lower);
        let place = |i: u32| Float::with_val(BITS, &lower + width.clone() * i / RIVALS);
        let (mut best, mut most) = (0, at(&lower)?);
        for i in 1..=RIVALS {
            let value = at(&place(i))?;
            if value > most {
                (best, most) = (i, value);
            }
        }
        let (mut a, mut b) = (place(best.max(1) - 1), place((best + 1).min(RIVALS)));
        let golden = (int(5).sqrt() - 1u32) / 2u32;
        for _ in 0..GOLDEN {
            let part = Float::with_val(BITS, &b - &a) * &golden;
            let (left, right) = (Float::with_val(BITS, &b - &part), Float::with_val(BITS, &a + &part));
            if at(&left)? > at(&right)? {
                b = right;
            } else {
                a = left;
            }
        }
        let most = most.max(&at(&a)?);
        Ok(if which.is_max() { most } else { -most })
    }

    // -- statements ---------------------------------------------------------------------------

    pub fn says(&self, f: &Formula) -> Says {
        match f {
            Formula::True => Ok(true),
            Formula::False => Ok(false),
            Formula::Rel(a, Relation::Eq, Expr::Optimum { which, variable, over, body })
                if which.is_arg() =>
            {
                self.is_best(a, *which, variable, over.as_deref(), body)
            }
            Formula::Rel(a, r, b) => self.relates(&self.value(a)?, *r, &self.value(b)?),
            Formula::Chain(first, rest) => {
                let mut left = self.value(first)?;
                let mut all = true;
                for (r, right) in rest {
                    let right = self.value(right)?;
                    all &= self.relates(&left, *r, &right)?;
                    left = right;
                }
                Ok(all)
            }
            Formula::In(a, s) => self.contains(s, &self.value(a)?),
            Formula::Not(p) => Ok(!self.says(p)?),
            Formula::And(ps) => self.first(ps, false),
            Formula::Or(ps) => self.first(ps, true),
            Formula::Implies(p, q) => match (self.says(p), self.says(q)) {
                (Ok(false) | Err(No::Value), _) | (_, Ok(true)) => Ok(true),
                (Ok(true), q) => q,
                (p, _) => p,
            },
            Formula::Iff(p, q) => Ok(self.says(p)? == self.says(q)?),
        }
    }

    /// Whether some part (`any`), or every part, holds: a part that decides does so whatever is
    /// with the others.
    fn first(&self, parts: &[Formula], any: bool) -> Says {
        let all: Vec<Says> = parts.iter().map(|p| self.says(p)).collect();
        if all.contains(&Ok(any)) {
            return Ok(any);
        }
        all.into_iter().find(Result::is_err).unwrap_or(Ok(!any))
    }

    fn relates(&self, a: &Float, r: Relation, b: &Float) -> Says {
        compared(a, b).map(|o| r.holds(o)).ok_or(No::Meaning)
    }

    fn contains(&self, s: &Set, x: &Float) -> Says {
        match s {
            Set::Reals => Ok(true),
            Set::Interval { lower, lower_closed, upper, upper_closed } => {
                let end = |e: &Option<Expr>, closed: bool, (weak, strict)| match e {
                    Some(e) => self.relates(x, if closed { weak } else { strict }, &self.value(e)?),
                    None => Ok(true),
                };
                Ok(end(lower, *lower_closed, (Relation::Ge, Relation::Gt))?
                    && end(upper, *upper_closed, (Relation::Le, Relation::Lt))?)
            }
            Set::Finite(xs) => {
                let mut among = false;
                for e in xs.iter().flat_map(|e| [signed(e, false), signed(e, true)]) {
                    among |= self.relates(x, Relation::Eq, &self.value(&e)?)?;
                }
                Ok(among)
            }
            _ => Err(No::Meaning),
        }
    }

    /// Whether the place is in the range and nothing there is better, as far as some rivals go.
    fn is_best(&self, place: &Expr, which: Extremum, x: &Symbol, over: Option<&Set>, body: &Expr) -> Says {
        let place = self.value(place)?;
        let (lower, upper) = match over {
            Some(Set::Interval { lower: Some(a), upper: Some(b), .. }) => (self.value(a)?, self.value(b)?),
            None if *x == Symbol::new(r"\delta") => (int(0), int(1)),
            None if *x == Symbol::new(r"\alpha_0") => (int(0), int(6)),
            None if self.member(&self.resolved(x), r"\alpha_").is_some() => {
                let least = self.choice(0)?;
                (least.clone(), least + 6u32)
            }
            _ => return Err(No::Meaning),
        };
        if compared(&place, &lower) == Some(Ordering::Less) {
            return Ok(false);
        }
        if over.is_some() && compared(&place, &upper) == Some(Ordering::Greater) {
            return Ok(false);
        }
        let at = |v: Float| self.with(x, v).value(body);
        let best = at(place.clone())?;
        let width = Float::with_val(BITS, &upper - &lower);
        let far = (0..=RIVALS).map(|i| Float::with_val(BITS, &lower + width.clone() * i / RIVALS));
        let near = [0.999, 1.001].map(|near| place.clone() * near);
        for rival in far.chain(near.into_iter().filter(|v| *v >= lower && *v <= upper)) {
            let value = at(rival).map_err(|_| No::Meaning)?;
            let order = compared(&value, &best).ok_or(No::Meaning)?;
            if order == (if which.is_max() { Ordering::Greater } else { Ordering::Less }) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The term with one of the two signs for every `\pm`.
fn signed(e: &Expr, minus: bool) -> Expr {
    match e {
        Expr::PlusMinus(x) if minus => -signed(x, minus),
        Expr::PlusMinus(x) => signed(x, minus),
        e => e.map(&mut |c| signed(c, minus), &mut Formula::clone),
    }
}
