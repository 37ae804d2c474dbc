//! Terms over several symbols with their first two derivatives, enclosed on a box.
//!
//! Method: forward differentiation in interval arithmetic (Rall, *Automatic Differentiation*, 1981;
//! Moore, *Interval Analysis*, 1966, chapter 11).

use rug::Rational;

use crate::ball::Ball;
use crate::expr::{Expr, Symbol};

/// Enclosures of a term's value and, where it has them on the whole box, of its derivatives.
#[derive(Clone, Debug)]
pub(super) struct Jet {
    pub value: Ball,
    pub slopes: Option<Slopes>,
}

/// The first derivatives, and the second ones where they were asked for.
#[derive(Clone, Debug)]
pub(super) struct Slopes {
    pub first: Vec<Ball>,
    pub second: Vec<Vec<Ball>>,
}

/// How many derivatives are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Second,
}

impl Jet {
    /// The term on the box with its derivatives up to the first or the second; `None` if it may be undefined there, or is none of sums, products and
    /// rational powers of the symbols.
    pub fn of(e: &Expr, symbols: &[Symbol], at: &[Ball], bits: u32, order: Order) -> Option<Jet> {
        let all = |xs: &[Expr]| -> Option<Vec<Jet>> {
            xs.iter().map(|x| Jet::of(x, symbols, at, bits, order)).collect()
        };
        let n = symbols.len();
        match e {
            Expr::Num(q) => Some(Jet::constant(Ball::from_rational(q, bits).ok()?, n, order)),
            Expr::Sym(s) => {
                let i = symbols.iter().position(|x| x == s)?;
                let mut jet = Jet::constant(at[i].clone(), n, order);
                jet.slopes.as_mut()?.first[i] = Ball::from_int(1, bits);
                Some(jet)
            }
            Expr::Add(xs) => {
                let zero = Jet::constant(Ball::from_int(0, bits), n, order);
                all(xs)?.iter().try_fold(zero, |sum, x| sum.add(x))
            }
            Expr::Mul(xs) => {
                let one = Jet::constant(Ball::from_int(1, bits), n, order);
                all(xs)?.iter().try_fold(one, |product, x| product.mul(x))
            }
            Expr::Pow(base, exponent) => match &**exponent {
                Expr::Num(q) => Jet::of(base, symbols, at, bits, order)?.power(q),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn constant(value: Ball, n: usize, order: Order) -> Jet {
        let zero = Ball::from_int(0, value.bits());
        let rows = if order == Order::Second { n } else { 0 };
        let slopes = Slopes { first: vec![zero.clone(); n], second: vec![vec![zero; n]; rows] };
        Jet { value, slopes: Some(slopes) }
    }

    pub fn add(&self, other: &Jet) -> Option<Jet> {
        let slopes = |a: &Slopes, b: &Slopes| {
            a.combined(
                b,
                |i| a.first[i].add(&b.first[i]).ok(),
                |i, j| a.second[i][j].add(&b.second[i][j]).ok(),
            )
        };
        let slopes = self.slopes.as_ref().zip(other.slopes.as_ref()).and_then(|(a, b)| slopes(a, b));
        Some(Jet { value: self.value.add(&other.value).ok()?, slopes })
    }

    pub fn mul(&self, other: &Jet) -> Option<Jet> {
        let (f, g) = (&self.value, &other.value);
        let slopes = |a: &Slopes, b: &Slopes| {
            let first = |i: usize| a.first[i].mul(g).ok()?.add(&b.first[i].mul(f).ok()?).ok();
            let second = |i: usize, j: usize| {
                let outer = a.second[i][j].mul(g).ok()?.add(&b.second[i][j].mul(f).ok()?).ok()?;
                let inner = a.first[i].mul(&b.first[j]).ok()?.add(&a.first[j].mul(&b.first[i]).ok()?).ok()?;
                outer.add(&inner).ok()
            };
            a.combined(b, first, second)
        };
        let slopes = self.slopes.as_ref().zip(other.slopes.as_ref()).and_then(|(a, b)| slopes(a, b));
        Some(Jet { value: f.mul(g).ok()?, slopes })
    }

    fn power(&self, q: &Rational) -> Option<Jet> {
        let bits = self.value.bits();
        // A coefficient of zero takes away a power that need not be defined.
        let term = |coefficient: Rational, exponent: Rational| {
            if coefficient == 0 {
                return Some(Ball::from_int(0, bits));
            }
            Ball::from_rational(&coefficient, bits).ok()?.mul(&power(&self.value, &exponent)?).ok()
        };
        let value = power(&self.value, q)?;
        let below = |k: i32| Rational::from(q - k);
        // With a root, what is defined at zero need not be so next to it.
        let inside = q.is_integer() || *self.value.lo() > 0;
        let slopes = self.slopes.as_ref().filter(|_| inside).and_then(|a| {
            let (once, twice) = (term(q.clone(), below(1))?, term(q.clone() * below(1), below(2))?);
            let first = |i: usize| once.mul(&a.first[i]).ok();
            let second = |i: usize, j: usize| {
                let product = if i == j { a.first[i].powi(2) } else { a.first[i].mul(&a.first[j]) };
                once.mul(&a.second[i][j]).ok()?.add(&twice.mul(&product.ok()?).ok()?).ok()
            };
            a.combined(a, first, second)
        });
        Some(Jet { value, slopes })
    }
}

impl Slopes {
    fn combined(
        &self,
        other: &Slopes,
        first: impl Fn(usize) -> Option<Ball>,
        second: impl Fn(usize, usize) -> Option<Ball>,
    ) -> Option<Slopes> {
        let n = self.first.len().min(other.first.len());
        let row = |i: usize| (0..n).map(|j| second(i, j)).collect::<Option<Vec<Ball>>>();
        Some(Slopes {
            first: (0..n).map(first).collect::<Option<_>>()?,
            second: (0..self.second.len().min(other.second.len())).map(row).collect::<Option<_>>()?,
        })
    }
}

/// `x^q`, whole powers of any `x` at which they are defined.
fn power(x: &Ball, q: &Rational) -> Option<Ball> {
    match (q.is_integer(), q.numer().to_i64()) {
        (true, Some(n)) => x.powi(n).ok(),
        _ => x.pow_rational(q).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ball: &Ball, expected: f64) {
        let expected = Rational::from_f64(expected).expect("finite");
        assert!(ball.contains(&expected) || (ball.midpoint().expect("bounded") - expected).abs() < 1e-12);
        assert!(ball.width() < 1e-12);
    }

    #[test]
    fn slopes_are_those_of_calculus() {
        let symbols = [Symbol::new("x"), Symbol::new("y")];
        let (x, y) = (Expr::sym("x"), Expr::sym("y"));
        let root = Expr::Pow(Box::new(y.clone()), Box::new(Expr::Num(Rational::from((1, 2)))));
        // x^2 sqrt(y) / (x + y) at (2, 4)
        let e = x.clone() * x.clone() * root / (x + y);
        let at = [Ball::from_int(2, 128), Ball::from_int(4, 128)];
        let jet = Jet::of(&e, &symbols, &at, 128, Order::Second).expect("defined");
        let slopes = jet.slopes.expect("smooth");
        close(&jet.value, 4.0 / 3.0);
        // By hand: f = 2x^2/(x+4) along y = 4, so f_x = 2(x^2+8x)/(x+4)^2 and f_xx = 64/(x+4)^3.
        close(&slopes.first[0], 40.0 / 36.0);
        close(&slopes.second[0][0], 64.0 / 216.0);
        // Along x = 2: f = 4 sqrt(y)/(2+y), so f_y = 4 (2-y)/(2 sqrt(y) (2+y)^2).
        close(&slopes.first[1], -8.0 / 144.0);
        assert!(slopes.second[0][1].compare(&slopes.second[1][0]).is_none());
    }

    #[test]
    fn a_root_has_a_value_but_no_slope_at_zero() {
        let e = Expr::Pow(Box::new(Expr::sym("x")), Box::new(Expr::Num(Rational::from((1, 2)))));
        let jet =
            Jet::of(&e, &[Symbol::new("x")], &[Ball::from_int(0, 64)], 64, Order::Second).expect("defined");
        assert!(jet.slopes.is_none() && jet.value.contains(&Rational::new()));
        assert!(Jet::of(&e, &[Symbol::new("x")], &[Ball::from_int(-1, 64)], 64, Order::Second).is_none());
    }
}
