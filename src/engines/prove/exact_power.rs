//! Powers of rationals that are rationals.

use rug::ops::Pow as _;
use rug::{Integer, Rational};

/// The size in bits of numerator and denominator above which a result is not kept exactly.
pub(super) const LARGEST_EXACT: u32 = 1 << 14;

/// The size of a rational in bits.
pub(super) fn size(q: &Rational) -> u32 {
    q.numer().significant_bits().saturating_add(q.denom().significant_bits())
}

/// `b^n`; `None` if `b = 0` and `n < 0`, or if the result is longer than [`LARGEST_EXACT`].
pub(super) fn integer_power(b: &Rational, n: i64) -> Option<Rational> {
    if *b == 0 && n < 0 {
        return None;
    }
    if *b == 0 || *b == 1 || *b == -1 {
        let odd = n % 2 != 0;
        return Some(if n == 0 || (*b == -1 && !odd) { Rational::from(1) } else { b.clone() });
    }
    let n = i32::try_from(n).ok()?;
    let length = u64::from(size(b)) * u64::from(n.unsigned_abs());
    (length <= u64::from(LARGEST_EXACT)).then(|| b.clone().pow(n))
}

/// `b^r` for `b > 0`, if it is rational and not longer than [`LARGEST_EXACT`]: in lowest terms
/// `b^(p/q)` is rational exactly if numerator and denominator of `b` are `q`-th powers.
pub(super) fn rational_power(b: &Rational, r: &Rational) -> Option<Rational> {
    debug_assert!(*b > 0, "roots are taken of positive numbers");
    if *b == 1 {
        return Some(Rational::from(1));
    }
    let (p, q) = (r.numer().to_i64()?, r.denom().to_u32()?);
    let root = Rational::from((perfect_root(b.numer(), q)?, perfect_root(b.denom(), q)?));
    integer_power(&root, p)
}

/// The `q`-th root of `n > 0`, if it is an integer.
fn perfect_root(n: &Integer, q: u32) -> Option<Integer> {
    if q == 1 || *n == 1 {
        return Some(n.clone());
    }
    // 2^q > n: the root lies strictly between 1 and 2.
    if q >= n.significant_bits() {
        return None;
    }
    let (root, rest) = n.clone().root_rem(Integer::new(), q);
    (rest == 0).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64, d: i64) -> Rational {
        Rational::from((n, d))
    }

    #[test]
    fn perfect_powers_have_exact_roots_and_others_none() {
        assert_eq!(rational_power(&q(9, 4), &q(1, 2)), Some(q(3, 2)));
        assert_eq!(rational_power(&q(8, 27), &q(-2, 3)), Some(q(9, 4)));
        assert_eq!(rational_power(&q(2, 1), &q(1, 2)), None);
        assert_eq!(rational_power(&q(9, 2), &q(1, 2)), None);
        assert_eq!(rational_power(&q(2, 1), &q(1, 1_000_000)), None);
        assert_eq!(rational_power(&q(1, 1), &q(355, 113)), Some(q(1, 1)));
    }

    #[test]
    fn results_that_would_fill_the_memory_are_not_kept() {
        assert_eq!(integer_power(&q(3, 2), 1 << 40), None);
        assert_eq!(integer_power(&q(-1, 1), (1 << 40) + 1), Some(q(-1, 1)));
        assert_eq!(integer_power(&q(-1, 1), 1 << 40), Some(q(1, 1)));
        assert_eq!(integer_power(&q(0, 1), 0), Some(q(1, 1)));
        assert_eq!(integer_power(&q(0, 1), 5), Some(q(0, 1)));
        assert_eq!(integer_power(&q(0, 1), -1), None);
        assert_eq!(integer_power(&q(2, 3), -2), Some(q(9, 4)));
    }
}
