//! Sums and products of polynomials.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use rug::Integer;

use super::Poly;

fn combine(a: &Poly, b: &Poly, f: &impl Fn(&Integer, &Integer) -> Integer) -> Poly {
    let zero = Poly::zero();
    match (a, b) {
        (Poly::Const(x), Poly::Const(y)) => Poly::Const(f(x, y)),
        _ => {
            let var = a.main().max(b.main()).expect("one of them is not constant");
            let (xs, ys) = (a.coeffs(var), b.coeffs(var));
            let coeffs = (0..xs.len().max(ys.len()))
                .map(|i| combine(xs.get(i).unwrap_or(&zero), ys.get(i).unwrap_or(&zero), f))
                .collect();
            Poly::from_coeffs(var, coeffs)
        }
    }
}

impl Add for &Poly {
    type Output = Poly;
    fn add(self, other: &Poly) -> Poly {
        combine(self, other, &|x, y| Integer::from(x + y))
    }
}

impl Sub for &Poly {
    type Output = Poly;
    fn sub(self, other: &Poly) -> Poly {
        combine(self, other, &|x, y| Integer::from(x - y))
    }
}

impl Neg for &Poly {
    type Output = Poly;
    fn neg(self) -> Poly {
        self.map_integers(&|n| Integer::from(-n))
    }
}

impl Mul for &Poly {
    type Output = Poly;
    fn mul(self, other: &Poly) -> Poly {
        match (self, other) {
            (Poly::Const(c), p) | (p, Poly::Const(c)) => p.scale(c),
            (Poly::Sum { var: v, coeffs: xs }, Poly::Sum { var: w, coeffs: ys }) => match v.cmp(w) {
                Ordering::Less => Poly::from_coeffs(*w, ys.iter().map(|y| self * y).collect()),
                Ordering::Greater => Poly::from_coeffs(*v, xs.iter().map(|x| x * other).collect()),
                Ordering::Equal => {
                    let mut out = vec![Poly::zero(); xs.len() + ys.len() - 1];
                    for (i, x) in xs.iter().enumerate().filter(|(_, x)| !x.is_zero()) {
                        for (j, y) in ys.iter().enumerate().filter(|(_, y)| !y.is_zero()) {
                            out[i + j] = &out[i + j] + &(x * y);
                        }
                    }
                    Poly::from_coeffs(*v, out)
                }
            },
        }
    }
}
