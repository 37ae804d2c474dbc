//! The polynomials of a search: factored, pairwise coprime, with their projections remembered.

use std::collections::BTreeMap;

use crate::exact::gcd::{gcd, squarefree};
use crate::exact::modular::{gcd_degree, image};
use crate::exact::resultant::{discriminant, resultant};
use crate::exact::{Exhausted, Meter, Poly, Var};

/// A polynomial of the pool.
pub type Id = usize;

/// Primitive squarefree polynomials. Those not split are pairwise coprime among equals in their
/// main variable.
#[derive(Default)]
pub struct Pool {
    polys: Vec<Poly>,
    images: Vec<Option<Vec<u64>>>,
    ids: BTreeMap<Poly, Id>,
    /// What a polynomial was split into when a common factor with another came to light.
    split: BTreeMap<Id, Vec<Id>>,
    leaves: BTreeMap<Var, Vec<Id>>,
    discriminants: BTreeMap<Id, Vec<Id>>,
    resultants: BTreeMap<(Id, Id), Vec<Id>>,
    coefficients: BTreeMap<(Id, usize), Vec<Id>>,
}

impl Pool {
    /// The polynomial.
    pub fn poly(&self, id: Id) -> &Poly {
        &self.polys[id]
    }
    /// Its main variable.
    pub fn level(&self, id: Id) -> Var {
        self.polys[id].main().expect("constants are not in the pool")
    }
    /// The parts of a polynomial that are not split further.
    pub fn parts(&self, id: Id) -> Vec<Id> {
        match self.split.get(&id) {
            None => vec![id],
            Some(parts) => parts.iter().flat_map(|p| self.parts(*p)).collect(),
        }
    }

    /// The factors of a non-zero polynomial, with multiplicities; constants dropped.
    pub fn factor(&mut self, p: &Poly, meter: &Meter) -> Result<Vec<(Id, u32)>, Exhausted> {
        let mut out = vec![];
        for (f, multiplicity) in squarefree(p, meter)? {
            for id in self.insert(f, meter)? {
                out.push((id, multiplicity));
            }
        }
        Ok(out)
    }

    fn factors(&mut self, p: &Poly, meter: &Meter) -> Result<Vec<Id>, Exhausted> {
        let mut out: Vec<Id> = self.factor(p, meter)?.into_iter().map(|(id, _)| id).collect();
        out.sort();
        out.dedup();
        Ok(out)
    }

    /// Enters a primitive squarefree polynomial, splitting it and others at common factors.
    fn insert(&mut self, f: Poly, meter: &Meter) -> Result<Vec<Id>, Exhausted> {
        if let Some(id) = self.ids.get(&f) {
            return Ok(self.parts(*id));
        }
        let v = f.main().expect("a factor has positive degree");
        let (mut rest, mut shadow) = (f.clone(), image(&f));
        let mut out = vec![];
        for g in self.leaves.get(&v).cloned().unwrap_or_default() {
            if let (Some(a), Some(b)) = (&shadow, &self.images[g])
                && gcd_degree(a, b) == 0
            {
                continue;
            }
            let other = self.polys[g].clone();
            let common = gcd(&rest, &other, meter)?.normal();
            if common.main() != Some(v) {
                continue;
            }
            rest = rest.divide(&common).expect("a common divisor divides");
            let left = other.divide(&common).expect("a common divisor divides");
            out.push(if left.as_const().is_some() {
                g
            } else {
                self.divide_leaf(g, &common, &left.normal())
            });
            if rest.main() != Some(v) {
                break;
            }
            shadow = image(&rest);
        }
        if rest.main() == Some(v) {
            out.push(self.enter(rest.normal()));
        }
        if !self.ids.contains_key(&f) {
            let id = self.store(f);
            self.split.insert(id, out.clone());
        }
        Ok(out)
    }

    /// Splits a leaf into two; the first part's number.
    fn divide_leaf(&mut self, g: Id, common: &Poly, left: &Poly) -> Id {
        let v = self.level(g);
        self.leaves.entry(v).or_default().retain(|id| *id != g);
        let parts = vec![self.enter(common.clone()), self.enter(left.clone())];
        let first = parts[0];
        self.split.insert(g, parts);
        first
    }

    fn enter(&mut self, p: Poly) -> Id {
        let v = p.main().expect("constants are not in the pool");
        let id = self.store(p);
        self.leaves.entry(v).or_default().push(id);
        id
    }

    fn store(&mut self, p: Poly) -> Id {
        let id = self.polys.len();
        self.images.push(image(&p));
        self.ids.insert(p.clone(), id);
        self.polys.push(p);
        id
    }

    /// The factors of the discriminant.
    pub fn discriminant(&mut self, id: Id, meter: &Meter) -> Result<Vec<Id>, Exhausted> {
        if let Some(known) = self.discriminants.get(&id) {
            return Ok(known.clone());
        }
        let d = discriminant(&self.polys[id], self.level(id), meter)?;
        let out = self.factors(&d, meter)?;
        self.discriminants.insert(id, out.clone());
        Ok(out)
    }

    /// The factors of the resultant of two coprime polynomials with the same main variable.
    pub fn resultant(&mut self, a: Id, b: Id, meter: &Meter) -> Result<Vec<Id>, Exhausted> {
        let key = (a.min(b), a.max(b));
        if let Some(known) = self.resultants.get(&key) {
            return Ok(known.clone());
        }
        let r = resultant(&self.polys[a], &self.polys[b], self.level(a), meter)?;
        let out = self.factors(&r, meter)?;
        self.resultants.insert(key, out.clone());
        Ok(out)
    }

    /// The factors of a coefficient that is not zero.
    pub fn coefficient(&mut self, id: Id, power: usize, meter: &Meter) -> Result<Vec<Id>, Exhausted> {
        if let Some(known) = self.coefficients.get(&(id, power)) {
            return Ok(known.clone());
        }
        let c = self.polys[id].coeffs(self.level(id))[power].clone();
        let out = self.factors(&c, meter)?;
        self.coefficients.insert((id, power), out.clone());
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_that_share_a_factor_are_split_so_that_all_parts_are_coprime() {
        let m = Meter::unlimited();
        let (x, y) = (Poly::var(0), Poly::var(1));
        let (f, g, h) = (&y - &x, &y + &x, &y.pow(2) - &Poly::int(3));
        let mut pool = Pool::default();
        let first = pool.factor(&(&f * &g), &m).expect("unlimited");
        assert_eq!(first.len(), 1);
        let second = pool.factor(&(&g * &h), &m).expect("unlimited");
        assert_eq!(second.len(), 2);
        assert_eq!(pool.parts(first[0].0).len(), 2);
    }
}
