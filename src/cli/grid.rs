//! `proofread solve --grid`: a game over many parameters, streamed in order and solved in parallel.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::audit::solution::GameSolution;
use crate::document::{Axis, AxisError};
use crate::expr::Symbol;
use crate::prove::evaluate::Point;
use crate::report::{solution, table};

use super::output::{CommandError, write_part};

/// The most points that all grids together have.
const MOST_POINTS: usize = 1_000_000;
/// How many points are solved before their lines are written.
const AT_ONCE: usize = 64;
/// All combinations of the values of some parameters, those of the last one varying fastest.
pub struct Grid(Vec<Axis>);

impl Grid {
    /// Reads the grids of a call in which some parameters have values already.
    pub fn read(texts: &[String], set: &Point) -> Result<Grid, CommandError> {
        let mut axes: Vec<Axis> = vec![];
        for text in texts {
            let axis = Axis::read(text).map_err(|e| refused(&e))?;
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

fn refused(error: &AxisError) -> CommandError {
    CommandError::call(error.to_string(), "write --grid c_1=1/10:10:50 or --grid c_1=1/10:10:50,log")
}

#[cfg(test)]
mod tests {
    use super::*;

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
