//! Rationals as decimals.

use rug::ops::Pow;
use rug::{Integer, Rational};

/// The first `digits` significant digits of a rational, cut off (not rounded), so that each one
/// shown is a digit of the number: `1/3` to four digits is `0.3333…`.
pub fn truncated(q: &Rational, digits: usize) -> String {
    if *q == 0 {
        return "0".into();
    }
    let sign = if *q < 0 { "-" } else { "" };
    let size = q.clone().abs();
    let digits = u32::try_from(digits).unwrap_or(u32::MAX);
    let places = places_for(&size, digits);
    let scaled = scaled_down(&size, places);
    let text = scaled.to_string();
    let (whole, fraction) = if places > 0 {
        let padded = format!("{text:0>width$}", width = places as usize + 1);
        let (w, f) = padded.split_at(padded.len() - places as usize);
        (w.to_owned(), f.to_owned())
    } else {
        (text, String::new())
    };
    let exact = Rational::from(scaled) / power_of_ten(places) == size;
    let tail = if exact { "" } else { "…" };
    let fraction = if exact { fraction.trim_end_matches('0').to_owned() } else { fraction };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{tail}")
}

/// Decimal places needed to show `digits` significant digits of a positive number.
fn places_for(size: &Rational, digits: u32) -> u32 {
    let mut places = 0;
    let least = Integer::from(10).pow(digits.saturating_sub(1));
    while scaled_down(size, places) < least && places < 4 * digits + 40 {
        places += 1;
    }
    places
}

fn scaled_down(size: &Rational, places: u32) -> Integer {
    (size * power_of_ten(places)).trunc().numer().clone()
}

fn power_of_ten(places: u32) -> Rational {
    Rational::from(Integer::from(10).pow(places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_cut_off_and_marked() {
        assert_eq!(truncated(&Rational::from((1, 3)), 4), "0.3333…");
        assert_eq!(truncated(&Rational::from((-2, 3)), 3), "-0.666…");
        assert_eq!(truncated(&Rational::from((1, 8)), 6), "0.125");
        assert_eq!(truncated(&Rational::from((1, 3000)), 2), "0.00033…");
        assert_eq!(truncated(&Rational::from(1234), 2), "1234");
    }
}
