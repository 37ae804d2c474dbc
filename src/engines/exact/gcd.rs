//! Greatest common divisors, contents and squarefree decomposition.

use rug::Integer;

use super::modular::surely_coprime;
use super::{Exhausted, Meter, Poly, Var};

/// The sparse pseudo-remainder of `a` by `b` in `v`, and the power of the leading coefficient of
/// `b` that `a` was multiplied by: `lc(b)^e a = q b + r`.
pub fn pseudo_remainder(a: &Poly, b: &Poly, v: Var, meter: &Meter) -> Result<(Poly, u32), Exhausted> {
    let degree = b.degree_main(v);
    let lead = b.lead(v).clone();
    let tail = Poly::from_coeffs(v, b.coeffs(v)[..degree].to_vec());
    let mut rest = a.clone();
    let mut e = 0;
    while rest.degree_main(v) >= degree && !rest.is_zero() {
        meter.charge(rest.size() * lead.size() + rest.lead(v).size() * tail.size())?;
        let shift = rest.degree_main(v) - degree;
        let top = rest.lead(v).clone();
        let kept = Poly::from_coeffs(v, rest.coeffs(v)[..rest.degree_main(v)].to_vec());
        rest = &(&kept * &lead) - &(&tail * &top).shift(v, shift);
        e += 1;
    }
    Ok((rest, e))
}

/// The quotient and remainder of pseudo-division: `lc(b)^e a = q b + r`.
pub fn pseudo_division(a: &Poly, b: &Poly, v: Var, meter: &Meter) -> Result<(Poly, Poly, u32), Exhausted> {
    let degree = b.degree_main(v);
    let lead = b.lead(v).clone();
    let (mut rest, mut quotient, mut e) = (a.clone(), Poly::zero(), 0);
    while rest.degree_main(v) >= degree && !rest.is_zero() {
        meter.charge((rest.size() + quotient.size()) * lead.size() + rest.lead(v).size() * b.size())?;
        let term = rest.lead(v).shift(v, rest.degree_main(v) - degree);
        quotient = &(&quotient * &lead) + &term;
        rest = &(&rest * &lead) - &(b * &term);
        e += 1;
    }
    Ok((quotient, rest, e))
}

impl Poly {
    /// The greatest common divisor of the integer coefficients; 0 for the zero polynomial.
    pub fn integer_content(&self) -> Integer {
        match self {
            Poly::Const(c) => Integer::from(c.abs_ref()),
            Poly::Sum { coeffs, .. } => {
                let mut g = Integer::new();
                for c in coeffs.iter().rev() {
                    g.gcd_mut(&c.integer_content());
                    if g == 1 {
                        break;
                    }
                }
                g
            }
        }
    }

    /// The polynomial divided by its (positive) integer content: the sign stays.
    pub fn without_integer_content(&self) -> Poly {
        let g = self.integer_content();
        if g <= 1 { self.clone() } else { self.map_integers(&|n| Integer::from(n.div_exact_ref(&g))) }
    }

    /// The primitive associate with positive leading integer: the polynomial up to a non-zero
    /// constant factor.
    pub fn normal(&self) -> Poly {
        let p = self.without_integer_content();
        if *p.lead_integer() < 0 { -&p } else { p }
    }

    /// The content in `v`, the main variable or larger: the normalised greatest common divisor of
    /// the coefficients.
    pub fn content(&self, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let mut cs: Vec<&Poly> = self.coeffs(v).iter().filter(|c| !c.is_zero()).collect();
        cs.sort_by_key(|c| c.size());
        let mut g = Poly::zero();
        for c in cs {
            g = gcd(&g, c, meter)?;
            if g.as_const().is_some_and(|n| *n == 1) {
                break;
            }
        }
        Ok(g)
    }
}

/// The greatest common divisor over the integers, with positive leading integer.
///
/// Subresultant remainder sequence on primitive parts (Cohen, algorithm 3.3.1), after an attempt
/// to prove coprimality modulo a prime.
pub fn gcd(a: &Poly, b: &Poly, meter: &Meter) -> Result<Poly, Exhausted> {
    if a.is_zero() || b.is_zero() {
        let other = if a.is_zero() { b } else { a };
        return Ok(if *other.lead_integer() < 0 { -other } else { other.clone() });
    }
    let (a, b) = if a.main() >= b.main() { (a, b) } else { (b, a) };
    let Some(v) = a.main() else {
        return Ok(Poly::Const(Integer::from(a.lead_integer().gcd_ref(b.lead_integer()))));
    };
    if b.as_const().is_some() {
        let g = a.integer_content();
        return Ok(Poly::Const(Integer::from(g.gcd_ref(b.lead_integer()))));
    }
    meter.charge(a.size() + b.size())?;
    let content_a = a.content(v, meter)?;
    if b.main() < Some(v) {
        return gcd(&content_a, b, meter);
    }
    let content_b = b.content(v, meter)?;
    let content = gcd(&content_a, &content_b, meter)?;
    let pa = a.divide(&content_a).expect("a content divides");
    let pb = b.divide(&content_b).expect("a content divides");
    let core = primitive_gcd(&pa, &pb, v, meter)?;
    let g = &core * &content;
    Ok(if *g.lead_integer() < 0 { -&g } else { g })
}

fn primitive_gcd(a: &Poly, b: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
    if surely_coprime(a, b) {
        return Ok(Poly::one());
    }
    let (mut a, mut b) =
        if a.degree() >= b.degree() { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
    if a.divide(&b).is_some() {
        return Ok(b);
    }
    loop {
        let (rest, _) = pseudo_remainder(&a, &b, v, meter)?;
        if rest.is_zero() {
            return Ok(b);
        }
        if rest.main() != Some(v) {
            return Ok(Poly::one());
        }
        let content = rest.content(v, meter)?;
        a = b;
        b = rest.divide(&content).expect("a content divides");
    }
}

/// The squarefree decomposition of a non-zero polynomial: pairwise different primitive squarefree
/// factors of positive degree with their multiplicities. The polynomial is their product up to a
/// non-zero integer, whose sign is that of [`Poly::lead_integer`].
///
/// Yun's algorithm in the main variable, then the content; factors of the same main variable are
/// coprime.
pub fn squarefree(p: &Poly, meter: &Meter) -> Result<Vec<(Poly, u32)>, Exhausted> {
    let mut out = vec![];
    let mut rest = p.normal();
    while let Some(v) = rest.main() {
        let content = rest.content(v, meter)?;
        let primitive = rest.divide(&content).expect("a content divides");
        monomial_and_rest(&primitive, v, &mut out, meter)?;
        rest = content;
    }
    Ok(out)
}

/// Splits off the power of `v` first, then applies Yun's algorithm.
fn monomial_and_rest(p: &Poly, v: Var, out: &mut Vec<(Poly, u32)>, meter: &Meter) -> Result<(), Exhausted> {
    let low = p.coeffs(v).iter().take_while(|c| c.is_zero()).count();
    if low > 0 {
        out.push((Poly::var(v), low as u32));
    }
    let p = Poly::from_coeffs(v, p.coeffs(v)[low..].to_vec());
    if p.main() == Some(v) { yun(&p, v, out, meter) } else { Ok(()) }
}

fn yun(p: &Poly, v: Var, out: &mut Vec<(Poly, u32)>, meter: &Meter) -> Result<(), Exhausted> {
    let slope = p.derivative(v);
    if p.degree() == 1 || surely_coprime(p, &slope) {
        out.push((p.normal(), 1));
        return Ok(());
    }
    let exact = |a: &Poly, b: &Poly| a.divide(b).expect("a common divisor divides");
    let g = gcd(p, &slope, meter)?;
    let mut w = exact(p, &g);
    let mut y = exact(&slope, &g);
    let mut multiplicity = 1;
    while w.main() == Some(v) {
        let z = &y - &w.derivative(v);
        let factor = gcd(&w, &z, meter)?;
        if factor.main() == Some(v) {
            out.push((factor.normal(), multiplicity));
        }
        w = exact(&w, &factor);
        y = exact(&z, &factor);
        multiplicity += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(v: Var) -> Poly {
        Poly::var(v)
    }

    #[test]
    fn the_greatest_common_divisor_of_planted_products_is_the_planted_factor() {
        let m = Meter::unlimited();
        let f = &(&x(0) * &x(1)) - &Poly::int(3);
        let a = &f * &(&x(1) + &x(0));
        let b = &f * &(&(&x(2) * &x(0)) + &Poly::int(1));
        assert_eq!(gcd(&a, &b, &m), Ok(f.normal()));
    }

    #[test]
    fn multiplicities_are_found_by_squarefree_decomposition() {
        let m = Meter::unlimited();
        let (f, g) = (&x(1) - &x(0), &x(1) + &Poly::int(2));
        let p = -&(&(&f.pow(2) * &g) * &x(0).pow(3));
        let mut found = squarefree(&p, &m).expect("unlimited");
        found.sort();
        let mut expected = vec![(x(0), 3), (f.normal(), 2), (g, 1)];
        expected.sort();
        assert_eq!(found, expected);
    }
}
