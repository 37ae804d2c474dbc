//! `proofread solve --grid`: a game over many parameters, streamed in order and solved in parallel.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rug::ops::Pow as _;
use rug::{Float, Rational};

use crate::audit::solution::GameSolution;
use crate::expr::Symbol;
use crate::prove::evaluate::Point;
use crate::report::{solution, table};

use super::output::{CommandError, write_part};
use super::solve::number;

/// The most points that all grids together have.
const MOST_POINTS: usize = 1_000_000;
/// How many points are solved before their lines are written.
const AT_ONCE: usize = 64;
/// Significant digits of a value between the ends of a logarithmic grid.
const DIGITS: u32 = 6;
/// Bits with which these are found.
const BITS: u32 = 128;

/// The values of one parameter.
struct Axis {
    symbol: Symbol,
    values: Vec<Rational>,
}

/// All combinations of the values of some parameters, those of the last one varying fastest.
pub struct Grid(Vec<Axis>);

impl Grid {
    /// Reads the grids of a call in which some parameters have values already.
    pub fn read(texts: &[String], set: &Point) -> Result<Grid, CommandError> {
        let mut axes: Vec<Axis> = vec![];
        for text in texts {
            let axis = axis(text)?;
            if set.contains_key(&axis.symbol) || axes.iter().any(|a| a.symbol == axis.symbol) {
                let message = format!("`{}` is set twice", axis.symbol);
                return Err(CommandError::call(message, "give each parameter one value or one grid"));
            }
            axes.push(axis);
        }
        let points = axes.iter().try_fold(1usize, |n, a| n.checked_mul(a.values.len()));
        if points.is_none_or(|n| n > MOST_POINTS) {
            let message = format!("the grids have more than {MOST_POINTS} points together");
            return Err(CommandError::call(message, "take fewer values"));
        }
        Ok(Grid(axes))
    }

    /// Whether nothing varies.
    pub fn is_a_point(&self) -> bool {
        self.0.is_empty()
    }

    /// The first of its points.
    pub fn first(&self, set: &Point) -> Point {
        self.point(set, 0)
    }

    fn point(&self, set: &Point, mut number: usize) -> Point {
        let mut point = set.clone();
        for axis in self.0.iter().rev() {
            point.insert(axis.symbol.clone(), axis.values[number % axis.values.len()].clone());
            number /= axis.values.len();
        }
        point
    }

    /// Solves at every point and writes what was found, in order, as it comes.
    pub fn run(
        &self,
        set: &Point,
        solve: &(dyn Fn(&Point) -> Result<GameSolution, CommandError> + Sync),
        as_json: bool,
    ) -> Result<(), CommandError> {
        let all: usize = self.0.iter().map(|a| a.values.len()).product();
        let vary: Vec<Symbol> = self.0.iter().map(|a| a.symbol.clone()).collect();
        let bar = super::output::progress_bar(Some(all as u64));
        for start in (0..all).step_by(AT_ONCE) {
            let numbers: Vec<usize> = (start..all.min(start + AT_ONCE)).collect();
            let solved: Vec<Result<GameSolution, CommandError>> = numbers
                .par_iter()
                .map(|n| {
                    let found = solve(&self.point(set, *n));
                    bar.inc(1);
                    found
                })
                .collect();
            let mut text = String::new();
            for found in solved {
                let found = found?;
                if as_json {
                    text += &format!("{}\n", solution::json(&found));
                    continue;
                }
                if text.is_empty() && start == 0 {
                    text += &table::header(&found, &vary);
                }
                text += &table::rows(&found, &vary);
            }
            if !bar.suspend(|| write_part(&text))? {
                break;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }
}

/// `c_1=1/10:10:50,log`.
fn axis(text: &str) -> Result<Axis, CommandError> {
    let wrong = |why: &str| {
        let help = "write --grid c_1=1/10:10:50 or --grid c_1=1/10:10:50,log";
        CommandError::call(format!("`{text}` is no grid: {why}"), help)
    };
    let (name, range) = text.split_once('=').ok_or_else(|| wrong("it names no parameter"))?;
    if name.trim().is_empty() {
        return Err(wrong("it names no parameter"));
    }
    let (range, is_log) = match range.split_once(',') {
        Some((range, kind)) if kind.trim() == "log" => (range, true),
        Some(_) => return Err(wrong("`log` is all that may stand behind a comma")),
        None => (range, false),
    };
    let parts: Vec<&str> = range.split(':').map(str::trim).collect();
    let [from, to, count] = parts[..] else { return Err(wrong("it needs two ends and how many values")) };
    let end = |text: &str| number(text).ok_or_else(|| wrong(&format!("`{text}` is no number")));
    let (from, to) = (end(from)?, end(to)?);
    let count = count.parse::<usize>().ok().filter(|n| (2..=MOST_POINTS).contains(n));
    let count = count.ok_or_else(|| wrong("it needs at least two values"))?;
    if is_log && (from <= 0 || to <= 0) {
        return Err(wrong("equal ratios need positive ends"));
    }
    let values = if is_log { ratios(&from, &to, count) } else { steps(&from, &to, count) };
    Ok(Axis { symbol: Symbol::new(name.trim()), values })
}

/// Values at equal distances, exact.
fn steps(from: &Rational, to: &Rational, count: usize) -> Vec<Rational> {
    let step = Rational::from(to - from) / Rational::from(count - 1);
    (0..count).map(|i| &step * Rational::from(i) + from).collect()
}

/// Values at equal ratios: the ends exact, those between them decimals near the irrational ones.
fn ratios(from: &Rational, to: &Rational, count: usize) -> Vec<Rational> {
    let start = Float::with_val(BITS, from);
    let whole = Float::with_val(BITS, Float::with_val(BITS, to) / &start);
    let between = |i: usize| {
        let power = Float::with_val(BITS, i) / Float::with_val(BITS, count - 1);
        decimal(&Float::with_val(BITS, &start * Float::with_val(BITS, whole.clone().pow(power))))
    };
    let inner = (1..count - 1).map(between);
    std::iter::once(from.clone()).chain(inner).chain([to.clone()]).collect()
}

/// The nearest decimal number of few significant digits.
fn decimal(x: &Float) -> Rational {
    let exponent = Float::with_val(BITS, x.log10_ref()).floor().to_f64() as i32 + 1 - DIGITS as i32;
    let unit = Rational::from(10).pow(exponent);
    let whole = Float::with_val(BITS, x / Float::with_val(BITS, &unit)).round();
    Rational::from(whole.to_integer().unwrap_or_default()) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        axis(text).expect("a grid").values.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn steps_are_equal_and_exact() {
        assert_eq!(values("c_1=0:1:4"), ["0", "1/3", "2/3", "1"]);
        assert_eq!(values("c_1 = 2 : 1/2 : 2"), ["2", "1/2"]);
    }

    #[test]
    fn ratios_are_equal_to_six_digits_and_the_ends_exact() {
        assert_eq!(values("c_1=1/10:10:3,log"), ["1/10", "1", "10"]);
        assert_eq!(values("c_1=1:2:3,log"), ["1", "141421/100000", "2"]);
        assert_eq!(values("c_1=1e-30:1e30:3,log")[1], "1");
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        for text in ["c_1", "=1:2:3", "c=1:2", "c=1:2:1", "c=a:2:3", "c=0:1:3,log", "c=1:2:3,lin", "c=1:2:x"]
        {
            assert!(axis(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_grid_varies_fastest() {
        let texts = ["a=1:2:2".to_owned(), "b=1:3:3".to_owned()];
        let grid = Grid::read(&texts, &Point::new()).unwrap_or_else(|e| panic!("{e}"));
        let of = |n: usize| -> Vec<String> {
            grid.point(&Point::new(), n).values().map(ToString::to_string).collect()
        };
        assert_eq!([of(0), of(1), of(3)], [["1", "1"], ["1", "2"], ["2", "1"]]);
    }
}
