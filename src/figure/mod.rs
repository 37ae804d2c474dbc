//! Figures as SVG: what a paper plots, redrawn from its games and formulas.
//!
//! * **Takes** a paper's [`Figure`](crate::document::Figure), the audit's entry of the claim that it draws if it
//!   draws one, and the engines.
//! * **Gives** a [`Drawing`]: a self-contained SVG file (no font, script or address), the same bytes for the same
//!   input.
//! * **May call** `document`, `audit`, `expr`, `prove`'s evaluation, `tex` to read a correction back and to print.
//!
//! Every point that is drawn is a certified value far narrower than a pixel: an [`Enclosure`] of
//! [`crate::solve`] or one of [`crate::prove::evaluate`]. Where there is none the curve is broken.
//!
//! The eight colours are those of Okabe and Ito (2008), which differ under every kind of colour blindness; curves
//! differ in their dashes besides. A map's shades are those of viridis (Smith and van der Walt, 2015), whose
//! lightness rises throughout.
//!
//! [`Enclosure`]: crate::solve::Enclosure

mod chart;
mod claimed;
mod frame;
mod look;
mod map;
mod pareto;
mod played;
mod scale;
mod sheet;
mod terms;

use rayon::prelude::*;
use thiserror::Error;

use crate::audit::Entry;
use crate::audit::solution::{SolutionError, SolvedGame};
use crate::document::{Axis, Draws, Figure, Measure, Paper, Shown};
use crate::game::extremum::Tools;
use crate::prove::evaluate::Point;
use crate::tex;

use chart::{Chart, Curve, Panel};
pub use frame::Frame;
use map::{Layer, Map};
use pareto::Shade;
pub use scale::{Scale, short};

/// Certified digits of what is drawn of a game; a pixel is some three.
const DIGITS: u32 = 12;
/// The widest enclosure that is drawn, against the size of its number.
const NARROW: f64 = 1e-9;

/// A figure, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The figure's id.
    pub id: String,
    pub title: String,
    /// What it shows in words, for those who do not see it.
    pub words: String,
    pub svg: String,
}

impl Drawing {
    /// A name for its file.
    pub fn file_name(&self) -> String {
        format!("{}.svg", self.id.replace('/', "-"))
    }
}

/// Why a figure was not drawn.
#[derive(Debug, Error)]
#[error("the figure `{id}` cannot be drawn: {why}")]
pub struct FigureError {
    pub id: String,
    pub why: String,
}

/// Why a part of a figure was not drawn.
#[derive(Debug, Error)]
enum Trouble {
    #[error("{0}")]
    Solution(#[from] SolutionError),
    #[error("{0}")]
    Nothing(String),
}

/// Quantities by name at each point of the axes, the first axis varying fastest.
struct Field {
    layers: Vec<(String, Vec<Option<f64>>)>,
    /// For each value of the second axis, what is greyed along the first; empty where no agreements are drawn.
    shaded: Vec<Shade>,
}

/// Draws a figure. `entry` gives the audit's entry of the claim with an id, for a figure of a claim.
///
/// Cost: for a game, one solution to twelve digits for each value of a parameter; else some ten thousand
/// evaluations. Points are independent of each other and of the number of threads.
pub fn draw<'e>(
    paper: &Paper,
    figure: &Figure,
    entry: &dyn Fn(&str) -> Option<&'e Entry>,
    tools: Tools,
) -> Result<Drawing, FigureError> {
    let failed = |why: String| FigureError { id: figure.id.value.clone(), why };
    let values: Vec<(Option<String>, Point)> = match &figure.panels {
        None => vec![(None, figure.set.clone())],
        Some((symbol, values)) => values
            .iter()
            .map(|v| {
                let heading = format!("{} = {v}", tex::plain_symbol(symbol));
                (Some(heading), figure.set.clone().into_iter().chain([(symbol.clone(), v.clone())]).collect())
            })
            .collect(),
    };
    let fields = fields(paper, figure, &values, entry, tools).map_err(|why| failed(why.to_string()))?;
    let headings = values.into_iter().map(|(heading, _)| heading);
    let panels: Vec<(Option<String>, Field)> = headings.zip(fields).collect();
    let words = words(figure, &panels);
    let svg = match figure.over.as_slice() {
        [x] => chart(figure, &words, x, panels),
        [x, y] => map(figure, &words, (x, y), panels),
        _ => None,
    };
    let svg = svg.ok_or_else(|| failed("no value is certain anywhere along the axis".to_owned()))?;
    Ok(Drawing { id: figure.id.value.clone(), title: figure.title.value.clone(), words, svg })
}

/// What is drawn in each panel.
fn fields<'e>(
    paper: &Paper,
    figure: &Figure,
    panels: &[(Option<String>, Point)],
    entry: &dyn Fn(&str) -> Option<&'e Entry>,
    tools: Tools,
) -> Result<Vec<Field>, Trouble> {
    let axes = &figure.over;
    let solved = || -> Result<SolvedGame<'_>, Trouble> {
        let game =
            paper.game(&figure.frame).ok_or_else(|| Trouble::Nothing("there is no game".to_owned()))?;
        let others = if matches!(figure.draws, Draws::Agreements(_)) { &axes[1..] } else { axes };
        let first = panels.first().and_then(|(_, at)| cells(at, others).into_iter().next());
        Ok(SolvedGame::new(paper, game, &first.unwrap_or_default(), tools)?)
    };
    match &figure.draws {
        Draws::Solutions(shown) => {
            let game = solved()?;
            panels.iter().map(|(_, at)| played::solutions(&game, shown, at, axes)).collect()
        }
        Draws::Agreements(measures) => {
            let game = solved()?;
            panels.iter().map(|(_, at)| played::agreements(&game, measures, at, axes)).collect()
        }
        Draws::Terms(all) => {
            let named = || all.iter().map(|(name, e)| (name.as_str(), &e.value));
            Ok(panels.iter().map(|(_, at)| terms::terms(named(), at, axes)).collect())
        }
        Draws::Claim(id) => {
            let claim = paper.claims.iter().find(|c| c.id == id.value);
            let judged = entry(&format!("{}/{}", paper.id, id.value));
            let (Some(claim), Some(judged)) = (claim, judged) else {
                return Err(Trouble::Nothing(format!("there is no claim `{}`", id.value)));
            };
            let sides = claimed::sides(paper, claim, judged).map_err(Trouble::Nothing)?;
            let named = || sides.iter().map(|(name, e)| (name.as_str(), e));
            Ok(panels.iter().map(|(_, at)| terms::terms(named(), at, axes)).collect())
        }
    }
}

/// All points of some axes, the first one varying fastest; one where there is no axis.
fn cells(at: &Point, axes: &[Axis]) -> Vec<Point> {
    axes.iter().rev().fold(vec![at.clone()], |points, axis| {
        let with = |p: &Point, v: &rug::Rational| {
            let mut p = p.clone();
            p.insert(axis.symbol.clone(), v.clone());
            p
        };
        points.iter().flat_map(|p| axis.values.iter().map(move |v| with(p, v)).collect::<Vec<_>>()).collect()
    })
}

/// What is done at each point, in their order.
fn parallel<T: Send>(
    points: &[Point],
    at: impl Fn(&Point) -> Result<T, Trouble> + Sync + Send,
) -> Result<Vec<T>, Trouble> {
    points.par_iter().map(at).collect()
}

/// What a figure shows, in a sentence.
fn words(figure: &Figure, panels: &[(Option<String>, Field)]) -> String {
    let over: Vec<String> = figure.over.iter().map(|a| tex::plain_symbol(&a.symbol)).collect();
    let mut names: Vec<&str> = vec![];
    for (name, _) in panels.iter().flat_map(|(_, f)| &f.layers) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let set: Vec<String> =
        figure.set.iter().map(|(s, v)| format!("{} = {v}", tex::plain_symbol(s))).collect();
    let with = if set.is_empty() { String::new() } else { format!(", with {}", set.join(", ")) };
    let headings: Vec<&str> = panels.iter().filter_map(|(h, _)| h.as_deref()).collect();
    let apart =
        if headings.is_empty() { String::new() } else { format!("; panels: {}", headings.join(", ")) };
    let is_open = panels.iter().flat_map(|(_, f)| &f.shaded).any(|shade| !shade.is_whole);
    let open = if is_open { "; greyed is what another agreement drawn here dominates" } else { "" };
    format!("{} over {}{with}{apart}{open}", names.join(", "), over.join(" and "))
}

fn scale(axis: &Axis) -> Scale {
    let values = axis.values.iter().map(rug::Rational::to_f64);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if axis.is_log { Scale::log(low, high) } else { Scale::linear(low, high) }
}

/// What the heights of curves are, where all are of one kind.
fn height_name(draws: &Draws) -> String {
    match draws {
        Draws::Solutions(Shown::Value(x)) => tex::plain_symbol(x),
        Draws::Solutions(Shown::Payoff(player)) => format!("payoff of {}", tex::plain_symbol(player)),
        Draws::Solutions(Shown::Performance) => "performance".to_owned(),
        Draws::Agreements(all) if all.as_slice() == [Measure::Payoffs] => "payoff".to_owned(),
        _ => String::new(),
    }
}

/// What is greyed.
const SHADE: &str = "not Pareto-optimal";

fn chart(figure: &Figure, words: &str, x: &Axis, panels: Vec<(Option<String>, Field)>) -> Option<String> {
    let places: Vec<f64> = x.values.iter().map(rug::Rational::to_f64).collect();
    let curve = |(name, values): (String, Vec<Option<f64>>)| Curve {
        name,
        points: places.iter().copied().zip(values).collect(),
    };
    let panel = |(heading, field): (Option<String>, Field)| Panel {
        heading,
        curves: field.layers.into_iter().map(curve).collect(),
        shaded: field.shaded.into_iter().flat_map(|shade| shade.parts).collect(),
    };
    let chart = Chart {
        title: &figure.title.value,
        words,
        x_name: tex::plain_symbol(&x.symbol),
        y_name: height_name(&figure.draws),
        x: scale(x),
        panels: panels.into_iter().map(panel).collect(),
        shade: SHADE,
    };
    chart.svg()
}

fn map(
    figure: &Figure,
    words: &str,
    (x, y): (&Axis, &Axis),
    panels: Vec<(Option<String>, Field)>,
) -> Option<String> {
    let places = |axis: &Axis| axis.values.iter().map(rug::Rational::to_f64).collect::<Vec<_>>();
    let width = x.values.len();
    let mut layers = vec![];
    for (heading, field) in panels {
        for (name, values) in field.layers {
            let heading = heading.iter().chain([&name]).cloned().collect::<Vec<_>>().join(", ");
            let rows = values.chunks(width).map(<[_]>::to_vec).collect();
            let shaded = field.shaded.iter().map(|shade| shade.parts.clone()).collect();
            layers.push(Layer { heading, rows, shaded });
        }
    }
    let map = Map {
        title: &figure.title.value,
        words,
        x_name: tex::plain_symbol(&x.symbol),
        y_name: tex::plain_symbol(&y.symbol),
        x: (scale(x), places(x)),
        y: (scale(y), places(y)),
        layers,
        shade: SHADE,
    };
    map.svg()
}
