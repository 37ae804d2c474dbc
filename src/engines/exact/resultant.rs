//! Resultants and discriminants.

use rug::Integer;

use super::gcd::pseudo_remainder;
use super::{Exhausted, Meter, Poly, Var};

/// The resultant of `a` and `b` as polynomials in `v`, which is the main variable of both or
/// larger: the determinant of their Sylvester matrix. Zero exactly if they have a common factor of
/// positive degree in `v`, or one of them is zero.
///
/// Subresultant algorithm (Cohen, algorithm 3.3.7).
pub fn resultant(a: &Poly, b: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
    if a.is_zero() || b.is_zero() {
        return Ok(Poly::zero());
    }
    let (m, n) = (a.degree_main(v), b.degree_main(v));
    if m == 0 {
        return Ok(a.pow(n as u32));
    }
    if n == 0 {
        return Ok(b.pow(m as u32));
    }
    let (content_a, content_b) = (a.content(v, meter)?, b.content(v, meter)?);
    let factor = &content_a.pow(n as u32) * &content_b.pow(m as u32);
    let mut a = a.divide(&content_a).expect("a content divides");
    let mut b = b.divide(&content_b).expect("a content divides");
    let mut negative = false;
    if m < n {
        std::mem::swap(&mut a, &mut b);
        negative = m % 2 == 1 && n % 2 == 1;
    }
    let (mut g, mut h) = (Poly::one(), Poly::one());
    loop {
        let (da, db) = (a.degree_main(v), b.degree_main(v));
        if db == 0 {
            break;
        }
        let delta = (da - db) as u32;
        negative ^= da % 2 == 1 && db % 2 == 1;
        let (rest, e) = pseudo_remainder(&a, &b, v, meter)?;
        let rest = &rest * &b.lead(v).pow(delta + 1 - e);
        let divisor = &g * &h.pow(delta);
        meter.charge(rest.size() * divisor.size())?;
        a = b;
        b = rest.divide(&divisor).expect("the subresultant theorem: the division is exact");
        g = a.lead(v).clone();
        h = last_but_one(&g, &h, delta);
        if b.is_zero() {
            return Ok(Poly::zero());
        }
    }
    let core = last_but_one(b.lead(v), &h, a.degree_main(v) as u32);
    let out = &core * &factor;
    Ok(if negative { -&out } else { out })
}

/// `g^d h^(1-d)`, an exact quotient in the subresultant algorithm.
fn last_but_one(g: &Poly, h: &Poly, d: u32) -> Poly {
    match d {
        0 => h.clone(),
        1 => g.clone(),
        _ => g.pow(d).divide(&h.pow(d - 1)).expect("the subresultant theorem: the division is exact"),
    }
}

/// The discriminant of `p` as a polynomial in `v`, its main variable: `±res(p, p')/lc(p)`; one for
/// degree one.
pub fn discriminant(p: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
    let n = p.degree_main(v);
    if n <= 1 {
        return Ok(Poly::one());
    }
    if let [c, b, a] = p.coeffs(v) {
        return Ok(&(b * b) - &(a * c).scale(&Integer::from(4)));
    }
    let r = resultant(p, &p.derivative(v), v, meter)?;
    let d = r.divide(p.lead(v)).expect("the leading coefficient divides res(p, p')");
    Ok(if n * (n - 1) / 2 % 2 == 1 { -&d } else { d })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};

    /// The determinant of the Sylvester matrix by cofactors: slow and independent.
    fn sylvester(a: &Poly, b: &Poly, v: Var) -> Poly {
        let (m, n) = (a.degree_main(v), b.degree_main(v));
        let mut rows = vec![];
        for (p, d, copies) in [(a, m, n), (b, n, m)] {
            for k in 0..copies {
                let mut row = vec![Poly::zero(); m + n];
                for i in 0..=d {
                    row[k + i] = p.coeffs(v)[d - i].clone();
                }
                rows.push(row);
            }
        }
        determinant(&rows)
    }

    fn determinant(rows: &[Vec<Poly>]) -> Poly {
        if rows.is_empty() {
            return Poly::one();
        }
        let mut sum = Poly::zero();
        for (j, c) in rows[0].iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            let minor: Vec<Vec<Poly>> = rows[1..]
                .iter()
                .map(|r| r.iter().enumerate().filter(|(k, _)| *k != j).map(|(_, p)| p.clone()).collect())
                .collect();
            let term = c * &determinant(&minor);
            sum = if j % 2 == 0 { &sum + &term } else { &sum - &term };
        }
        sum
    }

    #[test]
    fn resultants_agree_with_the_determinant_of_sylvesters_matrix() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let meter = Meter::unlimited();
        for _ in 0..200 {
            let mut random = |degree: u32| {
                let mut p = Poly::zero();
                for e in 0..=degree {
                    let c = &(&Poly::int(rng.random_range(-3..=3)) * &Poly::var(0))
                        + &Poly::int(rng.random_range(-4..=4));
                    p = &p + &c.shift(1, e as usize);
                }
                p
            };
            let (a, b) = (random(3), random(4));
            assert_eq!(resultant(&a, &b, 1, &meter), Ok(sylvester(&a, &b, 1)), "{a} and {b}");
            assert_eq!(resultant(&b, &a, 1, &meter), Ok(sylvester(&b, &a, 1)), "{b} and {a}");
        }
    }

    #[test]
    fn the_discriminant_of_a_depressed_cubic_is_the_known_one() {
        // x^3 + p x + q: -4 p^3 - 27 q^2
        let (p, q, x) = (Poly::var(0), Poly::var(1), Poly::var(2));
        let cubic = &(&x.pow(3) + &(&p * &x)) + &q;
        let known = &p.pow(3).scale(&Integer::from(-4)) - &q.pow(2).scale(&Integer::from(27));
        assert_eq!(discriminant(&cubic, 2, &Meter::unlimited()), Ok(known));
    }
}
