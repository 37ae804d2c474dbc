//! Polynomials as text and as stored data: a list of terms, each a coefficient in decimal digits
//! and the exponents of variables 0, 1, 2, …

use std::fmt;

use rug::Integer;

use super::{Poly, Var};

impl fmt::Display for Poly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut terms = self.terms();
        terms.reverse();
        if terms.is_empty() {
            return f.write_str("0");
        }
        for (i, (c, exponents)) in terms.iter().enumerate() {
            let sign = if *c < 0 { "-" } else { "+" };
            if i > 0 {
                write!(f, " {sign} ")?;
            } else if *c < 0 {
                f.write_str("-")?;
            }
            let size = Integer::from(c.abs_ref());
            let factors: Vec<String> = exponents
                .iter()
                .enumerate()
                .filter(|(_, e)| **e > 0)
                .map(|(v, e)| if *e == 1 { format!("x{v}") } else { format!("x{v}^{e}") })
                .collect();
            if size != 1 || factors.is_empty() {
                write!(f, "{size}{}", if factors.is_empty() { "" } else { "*" })?;
            }
            f.write_str(&factors.join("*"))?;
        }
        Ok(())
    }
}

impl From<Poly> for Vec<(String, Vec<Var>)> {
    fn from(p: Poly) -> Self {
        p.terms().into_iter().map(|(c, e)| (c.to_string(), e)).collect()
    }
}

/// The largest number of variables, and the largest exponent, that a stored polynomial may have.
const LARGEST_STORED: usize = 4096;

impl TryFrom<Vec<(String, Vec<Var>)>> for Poly {
    type Error = String;
    fn try_from(stored: Vec<(String, Vec<Var>)>) -> Result<Self, String> {
        let mut terms = vec![];
        for (c, exponents) in stored {
            let c: Integer = c.parse().map_err(|_| format!("`{c}` is not an integer"))?;
            if exponents.len() > LARGEST_STORED || exponents.iter().any(|e| *e as usize > LARGEST_STORED) {
                return Err("a stored polynomial is too large".to_owned());
            }
            terms.push((c, exponents));
        }
        Ok(Poly::from_terms(terms.iter().map(|(c, e)| (c.clone(), e.as_slice()))))
    }
}
