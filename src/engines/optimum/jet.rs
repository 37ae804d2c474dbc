//! Truncated power series: derivatives of programs along a line.

use std::cmp::Ordering;

use super::number::{Literal, Number, Scalar};

/// `c_0 + c_1 ε + … + c_n ε^n`, with the terms beyond `ε^n` left out (Griewank and Walther,
/// *Evaluating Derivatives*, 2nd ed., chapter 13). Never empty.
#[derive(Clone, Debug)]
pub(super) struct Jet<N>(Vec<N>);

impl<N: Scalar> Jet<N> {
    /// The series that is `value` and no more, to the given order.
    pub fn constant(value: N, order: usize) -> Jet<N> {
        let zero = value.like(0);
        let mut coefficients = vec![value];
        coefficients.resize(order + 1, zero);
        Jet(coefficients)
    }
    /// Sets the coefficient of `ε^k`; beyond the order nothing happens.
    pub fn set(&mut self, k: usize, value: N) {
        if let Some(c) = self.0.get_mut(k) {
            *c = value;
        }
    }
    /// The coefficient of `ε^k`, which must be within the order.
    pub fn get(&self, k: usize) -> &N {
        &self.0[k]
    }
    fn value(&self) -> &N {
        &self.0[0]
    }
    fn order(&self) -> usize {
        self.0.len() - 1
    }
    fn is_constant(&self) -> bool {
        self.0[1..].iter().all(N::is_zero)
    }
    /// The `n`-th part of a coefficient; `n` is not zero.
    fn part(value: &N, n: usize) -> N {
        if n == 1 {
            return value.clone();
        }
        value.mul(&value.like(n as i64).recip().expect("a natural number has a reciprocal"))
    }
    /// `b^p` from its head `b_0^p`, by `b c' = p b' c`; `b_0` is not zero.
    fn power_from(&self, head: N, p: &N) -> Option<Jet<N>> {
        let inverse = if self.order() > 0 { self.value().recip()? } else { head.clone() };
        let mut c = vec![head];
        for k in 1..=self.order() {
            let mut sum = p.like(0);
            for j in 1..=k {
                let weight = p.mul(&p.like(j as i64)).add(&p.like(j as i64 - k as i64));
                sum = sum.add(&weight.mul(&self.0[j]).mul(&c[k - j]));
            }
            c.push(Self::part(&sum.mul(&inverse), k));
        }
        Some(Jet(c))
    }
    /// `b^n` for `n >= 0` and `b_0 = 0`: all terms up to the order vanish once `n` passes it.
    fn repeated_product(&self, n: i64) -> Jet<N> {
        let one = Jet::constant(self.value().like(1), self.order());
        (0..n.min(self.order() as i64 + 1)).fold(one, |product, _| product.mul(self))
    }
}

impl<N: Scalar> Number for Jet<N> {
    /// The context of a coefficient and the order.
    type Context = (N::Context, usize);

    fn literal(value: &Literal, (cx, order): Self::Context) -> Self {
        Jet::constant(N::literal(value, cx), order)
    }
    fn add(&self, other: &Self) -> Self {
        Jet(self.0.iter().zip(&other.0).map(|(a, b)| a.add(b)).collect())
    }
    fn mul(&self, other: &Self) -> Self {
        let product = |k: usize| {
            (1..=k).fold(self.0[0].mul(&other.0[k]), |sum, j| sum.add(&self.0[j].mul(&other.0[k - j])))
        };
        Jet((0..self.0.len()).map(product).collect())
    }
    fn neg(&self) -> Self {
        Jet(self.0.iter().map(N::neg).collect())
    }
    fn recip(&self) -> Option<Self> {
        self.integer_power(-1)
    }
    fn integer_power(&self, n: i64) -> Option<Self> {
        let head = self.value().integer_power(n)?;
        if self.is_constant() {
            return Some(Jet::constant(head, self.order()));
        }
        if self.value().is_zero() {
            return Some(self.repeated_product(n));
        }
        self.power_from(head, &self.value().like(n))
    }
    fn power(&self, exponent: &Self) -> Option<Self> {
        let head = self.value().power(exponent.value())?;
        if self.is_constant() && exponent.is_constant() {
            return Some(Jet::constant(head, self.order()));
        }
        // At a base of zero the series would be one in fractional powers.
        if self.value().is_zero() {
            return None;
        }
        if exponent.is_constant() {
            return self.power_from(head, exponent.value());
        }
        Some(exponent.mul(&self.ln()?).exp())
    }
    fn ln(&self) -> Option<Self> {
        let inverse = self.value().recip()?;
        let mut c = vec![self.value().ln()?];
        for k in 1..=self.order() {
            let mut sum = self.0[k].mul(&inverse.like(k as i64));
            for (j, known) in c.iter().enumerate().skip(1) {
                let weight = inverse.like(-(j as i64));
                sum = sum.add(&weight.mul(known).mul(&self.0[k - j]));
            }
            c.push(Self::part(&sum.mul(&inverse), k));
        }
        Some(Jet(c))
    }
    fn exp(&self) -> Self {
        let mut c = vec![self.value().exp()];
        for k in 1..=self.order() {
            let term = |j: usize| self.0[j].mul(&c[k - j]).mul(&c[0].like(j as i64));
            let sum = (2..=k).fold(term(1), |sum, j| sum.add(&term(j)));
            c.push(Self::part(&sum, k));
        }
        Jet(c)
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.value().compare(other.value())
    }
    fn identical(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a.identical(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `2 + ε`, to second order.
    fn two() -> Jet<f64> {
        let mut x = Jet::constant(2.0, 2);
        x.set(1, 1.0);
        x
    }

    fn close(jet: &Jet<f64>, expected: [f64; 3]) {
        for (k, e) in expected.into_iter().enumerate() {
            // A handful of roundings of numbers of size one.
            assert!((jet.get(k) - e).abs() < 1e-14, "coefficient {k} of {jet:?}, expected {expected:?}");
        }
    }

    #[test]
    fn the_series_of_elementary_functions_are_those_of_taylor() {
        let ln2 = 2f64.ln();
        close(&two().integer_power(3).expect("defined"), [8.0, 12.0, 6.0]);
        close(&two().recip().expect("defined"), [0.5, -0.25, 0.125]);
        close(&two().ln().expect("defined"), [ln2, 0.5, -0.125]);
        close(&two().ln().expect("defined").exp(), [2.0, 1.0, 0.0]);
        let half = Jet::constant(0.5, 2);
        let root = two().power(&half).expect("defined");
        close(&root.mul(&root), [2.0, 1.0, 0.0]);
        let power_of_itself = two().power(&two()).expect("defined");
        let slope = 4.0 * (ln2 + 1.0);
        close(&power_of_itself, [4.0, slope, 0.5 * (slope * (ln2 + 1.0) + 2.0)]);
    }

    #[test]
    fn natural_powers_of_a_series_without_head_are_its_products() {
        let mut x = Jet::constant(0.0, 2);
        x.set(1, 3.0);
        close(&x.integer_power(2).expect("defined"), [0.0, 0.0, 9.0]);
        close(&x.integer_power(0).expect("defined"), [1.0, 0.0, 0.0]);
        close(&x.integer_power(6).expect("defined"), [0.0, 0.0, 0.0]);
        assert!(x.power(&Jet::constant(1.5, 2)).is_none());
    }
}
