//! A rectangle of a drawing in which numbers have places.

use super::Scale;

/// Where numbers stand in a rectangle, in the drawing's units; heights grow upwards.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub x: Scale,
    pub y: Scale,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Frame {
    pub fn across(&self, x: f64) -> f64 {
        self.left + self.x.share(x) * (self.right - self.left)
    }

    pub fn up(&self, y: f64) -> f64 {
        self.bottom - self.y.share(y) * (self.bottom - self.top)
    }

    /// The strokes of a curve as paths. It is broken where it is unknown or outside, and where it goes up or
    /// down by more than `jump` of the height from one place to the next.
    pub fn runs(&self, points: &[(f64, Option<f64>)], jump: f64) -> Vec<String> {
        let mut runs: Vec<Vec<(f64, f64)>> = vec![vec![]];
        for (x, y) in points {
            let run = runs.last_mut().expect("there is always one");
            match y.filter(|y| self.y.holds(*y)) {
                None if run.is_empty() => {}
                None => runs.push(vec![]),
                Some(y) if run.last().is_some_and(|(_, before)| self.rise(*before, y) > jump) => {
                    runs.push(vec![(*x, y)]);
                }
                Some(y) => run.push((*x, y)),
            }
        }
        let stroke = |run: &Vec<(f64, f64)>| {
            let places: Vec<String> =
                run.iter().map(|(x, y)| format!("{:.1} {:.1}", self.across(*x), self.up(*y))).collect();
            format!("M{}", places.join("L"))
        };
        runs.iter().filter(|run| run.len() > 1).map(stroke).collect()
    }

    fn rise(&self, from: f64, to: f64) -> f64 {
        (self.y.share(to) - self.y.share(from)).abs()
    }
}
