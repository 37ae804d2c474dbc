//! Images of polynomials modulo a prime: quick proofs that two polynomials have no common factor.

use rug::Integer;

use super::{Poly, Var};

/// The prime `2^61 - 1`.
const P: u64 = (1 << 61) - 1;

fn mul(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(P)) as u64
}

fn sub(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + P - b }
}

fn inverse(a: u64) -> u64 {
    let (mut power, mut out, mut n) = (a, 1, P - 2);
    while n > 0 {
        if n & 1 == 1 {
            out = mul(out, power);
        }
        power = mul(power, power);
        n >>= 1;
    }
    out
}

/// The fixed value that stands for variable `v`: arbitrary, the same in every run.
fn stand_in(v: Var) -> u64 {
    let mut z = (u64::from(v) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % P
}

fn evaluate(p: &Poly) -> u64 {
    match p {
        Poly::Const(c) => residue(c),
        Poly::Sum { var, coeffs } => {
            let x = stand_in(*var);
            coeffs.iter().rev().fold(0, |sum, c| (mul(sum, x) + evaluate(c)) % P)
        }
    }
}

fn residue(n: &Integer) -> u64 {
    let (_, r) = n.clone().div_rem_euc(Integer::from(P));
    r.to_u64().expect("a residue modulo a word fits a word")
}

/// The image of a polynomial as a polynomial in its main variable alone: the other variables at
/// fixed values, modulo a prime. `None` if the leading coefficient vanishes there.
pub fn image(p: &Poly) -> Option<Vec<u64>> {
    let coeffs: Vec<u64> = p.coeffs(p.main()?).iter().map(evaluate).collect();
    (*coeffs.last().expect("a polynomial has a coefficient") != 0).then_some(coeffs)
}

/// The degree of the greatest common divisor of two images. It bounds the degree of a common
/// divisor of the polynomials from above, because neither leading coefficient vanished.
pub fn gcd_degree(a: &[u64], b: &[u64]) -> usize {
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    while !b.is_empty() {
        let inv = inverse(*b.last().expect("not empty"));
        while a.len() >= b.len() {
            let q = mul(*a.last().expect("not empty"), inv);
            let offset = a.len() - b.len();
            for (i, c) in b.iter().enumerate() {
                a[offset + i] = sub(a[offset + i], mul(q, *c));
            }
            while a.last() == Some(&0) {
                a.pop();
            }
        }
        std::mem::swap(&mut a, &mut b);
    }
    a.len() - 1
}

/// Whether two polynomials with the same main variable certainly have no common factor that
/// contains it.
pub fn surely_coprime(a: &Poly, b: &Poly) -> bool {
    match (image(a), image(b)) {
        (Some(x), Some(y)) => gcd_degree(&x, &y) == 0,
        _ => false,
    }
}
