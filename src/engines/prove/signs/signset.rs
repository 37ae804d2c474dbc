//! Sets of signs.

use serde::{Deserialize, Serialize};

use crate::expr::Relation;

/// A subset of `{-, 0, +}`: the signs that a term may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignSet(u8);

const SIGNS: [SignSet; 3] = [SignSet::NEGATIVE, SignSet::ZERO, SignSet::POSITIVE];

impl SignSet {
    pub const NONE: SignSet = SignSet(0);
    pub const NEGATIVE: SignSet = SignSet(1);
    pub const ZERO: SignSet = SignSet(2);
    pub const POSITIVE: SignSet = SignSet(4);
    pub const AT_MOST_ZERO: SignSet = SignSet(3);
    pub const NON_ZERO: SignSet = SignSet(5);
    pub const AT_LEAST_ZERO: SignSet = SignSet(6);
    pub const ANY: SignSet = SignSet(7);

    /// The signs `s` for which `s R 0`.
    pub fn of_relation(r: Relation) -> SignSet {
        match r {
            Relation::Eq => SignSet::ZERO,
            Relation::Ne => SignSet::NON_ZERO,
            Relation::Lt => SignSet::NEGATIVE,
            Relation::Le => SignSet::AT_MOST_ZERO,
            Relation::Gt => SignSet::POSITIVE,
            Relation::Ge => SignSet::AT_LEAST_ZERO,
        }
    }
    /// The sign of a rational.
    pub fn of(n: &rug::Rational) -> SignSet {
        match n.cmp0() {
            std::cmp::Ordering::Less => SignSet::NEGATIVE,
            std::cmp::Ordering::Equal => SignSet::ZERO,
            std::cmp::Ordering::Greater => SignSet::POSITIVE,
        }
    }
    /// Whether every sign of `self` is one of `other`.
    pub fn within(self, other: SignSet) -> bool {
        self.0 & !other.0 == 0
    }
    /// The signs in both.
    pub fn meet(self, other: SignSet) -> SignSet {
        SignSet(self.0 & other.0)
    }
    /// The signs in either.
    pub fn join(self, other: SignSet) -> SignSet {
        SignSet(self.0 | other.0)
    }
    /// Whether at most one sign is left.
    pub fn is_decided(self) -> bool {
        self.0.count_ones() <= 1
    }
    /// The signs of the negation.
    pub fn negated(self) -> SignSet {
        SignSet(self.0 & 2 | (self.0 & 1) << 2 | self.0 >> 2)
    }
    /// The signs of a sum.
    pub fn plus(self, other: SignSet) -> SignSet {
        self.combine(other, |a, b| match (a, b) {
            (SignSet::ZERO, s) | (s, SignSet::ZERO) => s,
            _ if a == b => a,
            _ => SignSet::ANY,
        })
    }
    /// The signs of a product.
    pub fn times(self, other: SignSet) -> SignSet {
        self.combine(other, |a, b| match (a, b) {
            (SignSet::ZERO, _) | (_, SignSet::ZERO) => SignSet::ZERO,
            _ if a == b => SignSet::POSITIVE,
            _ => SignSet::NEGATIVE,
        })
    }
    /// The signs of the power with a literal integer exponent, where it is defined.
    pub fn power(self, n: i64) -> SignSet {
        if n == 0 {
            return SignSet::POSITIVE;
        }
        let base = if n < 0 { self.meet(SignSet::NON_ZERO) } else { self };
        if n % 2 == 0 { base.times_itself() } else { base }
    }
    fn times_itself(self) -> SignSet {
        SIGNS.iter().filter(|s| s.within(self)).fold(SignSet::NONE, |acc, s| acc.join(s.times(*s)))
    }
    fn combine(self, other: SignSet, f: impl Fn(SignSet, SignSet) -> SignSet) -> SignSet {
        let mut out = SignSet::NONE;
        for a in SIGNS.iter().filter(|a| a.within(self)) {
            for b in SIGNS.iter().filter(|b| b.within(other)) {
                out = out.join(f(*a, *b));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_opposite_signs_may_have_any_sign() {
        assert_eq!(SignSet::POSITIVE.plus(SignSet::NEGATIVE), SignSet::ANY);
        assert_eq!(SignSet::POSITIVE.plus(SignSet::AT_LEAST_ZERO), SignSet::POSITIVE);
    }

    #[test]
    fn an_even_power_of_a_nonzero_number_is_positive() {
        assert_eq!(SignSet::NON_ZERO.power(2), SignSet::POSITIVE);
        assert_eq!(SignSet::ANY.power(2), SignSet::AT_LEAST_ZERO);
        assert_eq!(SignSet::AT_MOST_ZERO.power(-3), SignSet::NEGATIVE);
        assert_eq!(SignSet::AT_MOST_ZERO.negated(), SignSet::AT_LEAST_ZERO);
    }
}
