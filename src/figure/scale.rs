//! Scales of axes: where a number stands along one, and the round numbers to write at it.

/// A range of numbers along an axis, at equal distances or at equal ratios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    is_log: bool,
}

impl Scale {
    /// Equal distances from one number to another one above it.
    pub fn linear(low: f64, high: f64) -> Scale {
        Scale { low, high, is_log: false }
    }

    /// Equal ratios from one positive number to another one above it.
    pub fn log(low: f64, high: f64) -> Scale {
        Scale { low, high, is_log: true }
    }

    /// For some heights and a margin: without the tenth that is most extreme where that is far off, for a
    /// pole would flatten everything else, but with everything in `keep`. Nothing where there is no height.
    pub fn around(mut heights: Vec<f64>, keep: &[f64]) -> Option<Scale> {
        heights.sort_by(f64::total_cmp);
        let last = heights.len().checked_sub(1)?;
        let (inner_low, inner_high) = (heights[last / 20], heights[last - last / 20]);
        let reach = 2.0 * (inner_high - inner_low);
        let bottom = keep.iter().fold(heights[0].max(inner_low - reach), |a, b| a.min(*b));
        let top = keep.iter().fold(heights[last].min(inner_high + reach), |a, b| a.max(*b));
        let margin = (0.06 * (top - bottom)).max(1e-6);
        Some(Scale::linear(bottom - margin, top + margin))
    }

    /// Its ends.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    pub fn holds(&self, x: f64) -> bool {
        (self.low..=self.high).contains(&x)
    }

    /// How far along a number stands: 0 at the lower end, 1 at the upper one.
    pub fn share(&self, x: f64) -> f64 {
        if self.is_log {
            (x / self.low).ln() / (self.high / self.low).ln()
        } else {
            (x - self.low) / (self.high - self.low)
        }
    }

    /// Round numbers within the range, some five of them.
    pub fn ticks(&self) -> Vec<f64> {
        if self.is_log { self.ratios() } else { self.steps() }
    }

    fn steps(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(rough);
        let first = (self.low / step).ceil();
        let ticks = (0..12).map(|k| (first + f64::from(k)) * step);
        ticks.take_while(|t| *t <= self.high + 1e-9 * step).collect()
    }

    /// Powers of ten; where there are fewer than three, those with 2 and 5 times them.
    fn ratios(&self) -> Vec<f64> {
        let (from, to) = (self.low.log10().floor() as i32, self.high.log10().ceil() as i32);
        let within = |x: &f64| *x >= self.low * (1.0 - 1e-9) && *x <= self.high * (1.0 + 1e-9);
        let every = ((to - from) / 7).max(1);
        let powers = (from..=to).filter(|k| k.rem_euclid(every) == 0).map(|k| 10_f64.powi(k));
        let powers: Vec<f64> = powers.filter(within).collect();
        if powers.len() > 3 {
            return powers;
        }
        let finer = (from..=to).flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10_f64.powi(k)));
        finer.filter(within).collect()
    }
}

/// A round number as text.
pub fn short(x: f64) -> String {
    let power = if x == 0.0 { 0 } else { (x.abs().log10() + 1e-12).floor() as i32 };
    if !(-3..5).contains(&power) {
        let mantissa = short(x / 10_f64.powi(power));
        let exponent = raised(power);
        return if mantissa == "1" { format!("10{exponent}") } else { format!("{mantissa}·10{exponent}") };
    }
    let text = format!("{x:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.replace('-', "−") }
}

fn raised(power: i32) -> String {
    let digit = |c: char| c.to_digit(10).map_or('⁻', |d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize).unwrap_or(c));
    power.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(Scale::linear(0.0, 1.0).ticks().len(), 6);
        assert_eq!(Scale::linear(-0.03, 0.51).ticks().len(), 3);
        assert_eq!(Scale::log(0.1, 10.0).ticks(), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!(Scale::log(1e-3, 1e3).ticks().len(), 7);
        assert_eq!(Scale::log(2.0, 3.0).ticks(), [2.0]);
    }

    #[test]
    fn equal_ratios_are_equal_distances_on_a_logarithmic_scale() {
        let scale = Scale::log(0.01, 100.0);
        for (x, share) in [(0.01, 0.0), (0.1, 0.25), (1.0, 0.5), (100.0, 1.0)] {
            approx::assert_relative_eq!(scale.share(x), share, epsilon = 1e-12);
        }
    }

    #[test]
    fn a_pole_does_not_flatten_the_rest() {
        let heights = (0..100).map(f64::from).chain([1e9]).collect();
        let (_, high) = Scale::around(heights, &[]).expect("heights").ends();
        assert!(high < 400.0, "{high}");
        assert_eq!(Scale::around(vec![], &[]), None);
    }

    #[test]
    fn numbers_are_written_short() {
        for (x, text) in
            [(0.0, "0"), (-0.25, "−0.25"), (2000.0, "2000"), (1e-6, "10⁻⁶"), (3e7, "3·10⁷"), (0.001, "0.001")]
        {
            assert_eq!(short(x), text);
        }
    }
}
