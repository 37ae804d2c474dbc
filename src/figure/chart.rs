//! Curves over one symbol, in one panel or in several with the same axes.

use maud::{Markup, html};

use super::look::{LETTER, WIDTH};
use super::sheet::{Key, TITLE, legend, sheet};
use super::{Frame, Scale, short};

/// The most panels in a row.
const ROW: usize = 3;
const TALL: f64 = 300.0;
const LOW: f64 = 230.0;
const RIGHT: f64 = 22.0;
const GAP: f64 = 44.0;
/// How much of the height a curve may rise from one place to the next without being taken to jump.
const JUMP: f64 = 0.3;
const HEADING: f64 = 26.0;
const BELOW: f64 = 50.0;

/// A curve with its name.
#[derive(Clone, Debug)]
pub struct Curve {
    pub name: String,
    /// In the order of the axis; nothing where no value is certain.
    pub points: Vec<(f64, Option<f64>)>,
}

/// Curves that share axes.
#[derive(Clone, Debug)]
pub struct Panel {
    pub heading: Option<String>,
    pub curves: Vec<Curve>,
    /// Parts of the axis that are greyed.
    pub shaded: Vec<(f64, f64)>,
}

/// Panels with the same axes and the same curves.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    pub title: &'a str,
    pub words: &'a str,
    pub x_name: String,
    pub y_name: String,
    pub x: Scale,
    pub panels: Vec<Panel>,
    /// What the grey parts are.
    pub shade: &'a str,
}

impl Chart<'_> {
    /// The file; nothing where no curve has a value.
    pub fn svg(&self) -> Option<String> {
        let heights = self.panels.iter().flat_map(|p| &p.curves).flat_map(|c| &c.points);
        let y = Scale::around(heights.filter_map(|(_, y)| *y).collect(), &[])?;
        let columns = self.panels.len().min(ROW);
        let rows = self.panels.len().div_ceil(columns);
        let left =
            22.0 + LETTER * y.ticks().iter().map(|t| short(*t).chars().count()).max().unwrap_or(1) as f64;
        let room = WIDTH - left - RIGHT - GAP * (columns - 1) as f64;
        let (wide, tall) = (room / columns as f64, if columns == 1 { TALL } else { LOW });
        let frame = |n: usize| {
            let (column, row) = ((n % columns) as f64, (n / columns) as f64);
            let from = left + column * (wide + GAP);
            let top = TITLE + HEADING + row * (tall + HEADING + BELOW);
            Frame { x: self.x, y, left: from, right: from + wide, top, bottom: top + tall }
        };
        let names = self.names();
        let end = TITLE + rows as f64 * (tall + HEADING + BELOW);
        let (key, below) = legend(&self.keys(&names), end);
        let body = html! {
            @for (n, panel) in self.panels.iter().enumerate() { (self.panel(panel, &frame(n), n % columns == 0, &names)) }
            (key)
        };
        Some(sheet(self.title, self.words, (end + below).ceil(), &body))
    }

    /// The names of all curves, in the order in which they occur.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = vec![];
        for curve in self.panels.iter().flat_map(|p| &p.curves) {
            if !names.contains(&curve.name.as_str()) {
                names.push(&curve.name);
            }
        }
        names
    }

    fn keys(&self, names: &[&str]) -> Vec<(Key, String)> {
        let curves = names.iter().enumerate().map(|(n, name)| (Key::Curve(n), (*name).to_owned()));
        let is_shaded = self.panels.iter().any(|p| !p.shaded.is_empty());
        let shade = is_shaded.then(|| (Key::Shade, self.shade.to_owned()));
        curves.chain(shade).collect()
    }

    fn panel(&self, panel: &Panel, frame: &Frame, is_first: bool, names: &[&str]) -> Markup {
        let number = |curve: &Curve| names.iter().position(|n| *n == curve.name).unwrap_or_default();
        html! {
            @for (from, to) in &panel.shaded {
                rect.shade x=(tenths(frame.across(*from))) y=(tenths(frame.top))
                    width=(tenths(frame.across(*to) - frame.across(*from))) height=(tenths(frame.bottom - frame.top)) {}
            }
            (axes(frame, &self.x_name, is_first.then_some(self.y_name.as_str()), panel.heading.as_deref()))
            @for curve in &panel.curves {
                g.curve.(format!("c{}", number(curve))) {
                    title { (curve.name) }
                    @for run in frame.runs(&curve.points, JUMP) { path d=(run) {} }
                }
            }
        }
    }
}

/// Grid, axes and their labels; heights are labelled where `y` is given.
pub fn axes(frame: &Frame, x_name: &str, y: Option<&str>, heading: Option<&str>) -> Markup {
    let every = crowding(frame);
    html! {
        @for tick in frame.x.ticks() {
            path.grid d=(format!("M{:.1} {:.1}V{:.1}", frame.across(tick), frame.top, frame.bottom)) {}
        }
        @for tick in frame.x.ticks().into_iter().step_by(every) {
            text x=(tenths(frame.across(tick))) y=(tenths(frame.bottom + 20.0)) text-anchor="middle" { (short(tick)) }
        }
        @for tick in frame.y.ticks() {
            path.grid d=(format!("M{:.1} {:.1}H{:.1}", frame.left, frame.up(tick), frame.right)) {}
            @if y.is_some() {
                text x=(tenths(frame.left - 7.0)) y=(tenths(frame.up(tick) + 5.5)) text-anchor="end" { (short(tick)) }
            }
        }
        path.axis d=(format!("M{:.1} {:.1}V{:.1}H{:.1}", frame.left, frame.top, frame.bottom, frame.right)) {}
        text.name x=(tenths(frame.right)) y=(tenths(frame.bottom + 42.0)) text-anchor="end" { (x_name) }
        @if let Some(name) = y { text.name x=(tenths(frame.left)) y=(tenths(frame.top - 9.0)) { (name) } }
        @if let Some(text) = heading {
            text.heading x=(tenths(frame.right)) y=(tenths(frame.top - 9.0)) text-anchor="end" { (text) }
        }
    }
}

/// Of how many ticks one is labelled, so that labels do not touch.
fn crowding(frame: &Frame) -> usize {
    let ticks = frame.x.ticks();
    let longest = ticks.iter().map(|t| short(*t).chars().count()).max().unwrap_or(1);
    let places: Vec<f64> = ticks.iter().map(|t| frame.across(*t)).collect();
    let fits = |every: usize| {
        let labelled: Vec<f64> = places.iter().copied().step_by(every).collect();
        labelled.windows(2).all(|w| w[1] - w[0] > LETTER * longest as f64 + 6.0)
    };
    (1..ticks.len().max(2)).find(|every| fits(*every)).unwrap_or(ticks.len().max(1))
}

/// A length to the tenth of a unit.
pub fn tenths(x: f64) -> String {
    format!("{x:.1}")
}
