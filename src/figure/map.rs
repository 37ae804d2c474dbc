//! A quantity over two symbols, as shades, with a bar that says what they are.

use maud::{Markup, html};

use super::chart::{axes, tenths};
use super::look::{LETTER, SHADES, WIDTH};
use super::sheet::{Key, TITLE, legend, sheet};
use super::{Frame, Scale, short};

const ROW: usize = 3;
const TALL: f64 = 230.0;
const RIGHT: f64 = 22.0;
const GAP: f64 = 44.0;
const HEADING: f64 = 26.0;
const BELOW: f64 = 104.0;
const BAR: f64 = 14.0;

/// One quantity over a grid of cells.
#[derive(Clone, Debug)]
pub struct Layer {
    pub heading: String,
    /// A row for each value of the second axis, a cell for each of the first.
    pub rows: Vec<Vec<Option<f64>>>,
    /// Parts of each row that are greyed.
    pub shaded: Vec<Vec<(f64, f64)>>,
}

/// Layers over the same two axes.
#[derive(Clone, Debug)]
pub struct Map<'a> {
    pub title: &'a str,
    pub words: &'a str,
    pub x_name: String,
    pub y_name: String,
    pub x: (Scale, Vec<f64>),
    pub y: (Scale, Vec<f64>),
    pub layers: Vec<Layer>,
    pub shade: &'a str,
}

impl Map<'_> {
    /// The file; nothing where no cell of some layer has a value.
    pub fn svg(&self) -> Option<String> {
        let classes: Vec<Classes> = self.layers.iter().map(Classes::of).collect::<Option<_>>()?;
        let columns = self.layers.len().min(ROW);
        let rows = self.layers.len().div_ceil(columns);
        let ticks = self.y.0.ticks();
        let left = 22.0 + LETTER * ticks.iter().map(|t| short(*t).chars().count()).max().unwrap_or(1) as f64;
        let wide = (WIDTH - left - RIGHT - GAP * (columns - 1) as f64) / columns as f64;
        let wide = if columns == 1 { wide.min(420.0) } else { wide };
        let frame = |n: usize| {
            let from = left + (n % columns) as f64 * (wide + GAP);
            let top = TITLE + HEADING + (n / columns) as f64 * (TALL + HEADING + BELOW);
            Frame { x: self.x.0, y: self.y.0, left: from, right: from + wide, top, bottom: top + TALL }
        };
        let end = TITLE + rows as f64 * (TALL + HEADING + BELOW);
        let is_shaded = self.layers.iter().any(|l| l.shaded.iter().any(|row| !row.is_empty()));
        let keys: Vec<(Key, String)> =
            is_shaded.then(|| (Key::Shade, self.shade.to_owned())).into_iter().collect();
        let (key, below) = if keys.is_empty() { (html! {}, 0.0) } else { legend(&keys, end) };
        let body = html! {
            @for (n, (layer, classes)) in self.layers.iter().zip(&classes).enumerate() {
                (self.layer(layer, classes, &frame(n), n % columns == 0))
            }
            (key)
        };
        Some(sheet(self.title, self.words, (end + below).ceil(), &body))
    }

    fn layer(&self, layer: &Layer, classes: &Classes, frame: &Frame, is_first: bool) -> Markup {
        let (across, up) = (edges(&self.x), edges(&self.y));
        let x = |share: f64| frame.left + share * (frame.right - frame.left);
        let y = |share: f64| frame.bottom - share * (frame.bottom - frame.top);
        let mut paths = vec![String::new(); SHADES.len()];
        for (j, row) in layer.rows.iter().enumerate() {
            let shades: Vec<Option<usize>> = row.iter().map(|v| v.map(|v| classes.shade(v))).collect();
            let mut i = 0;
            while i < shades.len() {
                let same = shades[i..].iter().take_while(|s| **s == shades[i]).count();
                if let Some(shade) = shades[i] {
                    // A little over the edge, so that no ground shows between cells.
                    let (a, b) = (x(across[i]), x(across[i + same]) + 0.3);
                    let (c, d) = (y(up[j]), y(up[j + 1]) - 0.3);
                    paths[shade] += &format!("M{a:.1} {c:.1}H{b:.1}V{d:.1}H{a:.1}z");
                }
                i += same;
            }
        }
        html! {
            (axes(frame, &self.x_name, is_first.then_some(self.y_name.as_str()), Some(&layer.heading)))
            @for (path, colour) in paths.iter().zip(SHADES).filter(|(path, _)| !path.is_empty()) {
                path d=(path) fill=(colour) {}
            }
            @for (j, row) in layer.shaded.iter().enumerate() {
                @for (from, to) in row {
                    rect.shade x=(tenths(frame.across(*from))) width=(tenths(frame.across(*to) - frame.across(*from)))
                        y=(tenths(y(up[j + 1]))) height=(tenths(y(up[j]) - y(up[j + 1]))) {}
                }
            }
            (bar(frame, classes))
        }
    }
}

/// The values of a layer in as many classes as there are shades, each with about as many cells: of quantities
/// that grow fast near one corner, equal steps would show nothing else.
struct Classes {
    low: f64,
    high: f64,
    /// Where one class ends and the next begins.
    borders: Vec<f64>,
}

impl Classes {
    /// Nothing where there is no value.
    fn of(layer: &Layer) -> Option<Classes> {
        let mut values: Vec<f64> = layer.rows.iter().flatten().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let border = |n: usize| values[n * values.len() / SHADES.len()];
        Some(Classes { low, high, borders: (1..SHADES.len()).map(border).collect() })
    }

    fn shade(&self, value: f64) -> usize {
        self.borders.partition_point(|border| *border <= value)
    }
}

/// The borders of the cells around an axis' values, as shares of the axis.
fn edges((scale, values): &(Scale, Vec<f64>)) -> Vec<f64> {
    let shares: Vec<f64> = values.iter().map(|v| scale.share(*v)).collect();
    let between = shares.windows(2).map(|w| (w[0] + w[1]) / 2.0);
    [0.0].into_iter().chain(between).chain([1.0]).collect()
}

/// The bar of shades below a layer: its ends and its middle are the least, the largest and the median value.
fn bar(frame: &Frame, classes: &Classes) -> Markup {
    let top = frame.bottom + 56.0;
    let wide = (frame.right - frame.left) / SHADES.len() as f64;
    html! {
        @for (n, colour) in SHADES.iter().enumerate() {
            rect x=(tenths(frame.left + n as f64 * wide)) y=(tenths(top)) width=(tenths(wide + 0.3)) height=(BAR) fill=(colour) {}
        }
        text x=(tenths(frame.left)) y=(tenths(top + BAR + 19.0)) { (rounded(classes.low)) }
        text x=(tenths((frame.left + frame.right) / 2.0)) y=(tenths(top + BAR + 19.0)) text-anchor="middle" {
            (rounded(classes.borders[SHADES.len() / 2 - 1]))
        }
        text x=(tenths(frame.right)) y=(tenths(top + BAR + 19.0)) text-anchor="end" { (rounded(classes.high)) }
    }
}

/// Three significant digits.
fn rounded(x: f64) -> String {
    if x == 0.0 {
        return short(x);
    }
    let unit = 10_f64.powi(x.abs().log10().floor() as i32 - 2);
    short((x / unit).round() * unit)
}
