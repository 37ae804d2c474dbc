//! Numbers as people write them.

use rug::Rational;
use rug::ops::Pow as _;

/// Digits after which a decimal is no sensible parameter.
const LONGEST_VALUE: usize = 400;

/// An integer, a fraction or a decimal, with an exponent of ten or not, exactly as written.
pub fn number(text: &str) -> Option<Rational> {
    if text.len() > LONGEST_VALUE {
        return None;
    }
    if let Some((n, d)) = text.split_once('/') {
        let divisor = number(d).filter(|_| !d.contains('/'))?;
        return (divisor != 0).then(|| number(n).map(|n| n / divisor)).flatten();
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().ok().filter(|e| e.unsigned_abs() as usize <= LONGEST_VALUE)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let unsigned = digits.trim_start_matches(['+', '-']);
    if unsigned.is_empty()
        || !unsigned.bytes().all(|b| b.is_ascii_digit())
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let scale = exponent - i32::try_from(fraction.len()).ok()?;
    let integer = Rational::from(rug::Integer::from_str_radix(digits.trim_start_matches('+'), 10).ok()?);
    Some(integer * Rational::from(10).pow(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_exactly_as_written() {
        for (text, n, d) in
            [("3/2", 3, 2), ("2.5", 5, 2), ("1e-3", 1, 1000), ("-0.5", -1, 2), ("1.5/3", 1, 2), ("+4", 4, 1)]
        {
            assert_eq!(number(text), Some(Rational::from((n, d))), "{text}");
        }
        for text in ["", "1/0", "x", "1.2.3", "1e", "--1", "1e999999", "0x10", ".", "1 2", "1/3/2"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
