//! The sheet on which a figure is drawn, and what stands below it.

use maud::{Markup, PreEscaped, html};

use super::look::{LETTER, STYLE, WIDTH};

/// The height of the title's line.
pub const TITLE: f64 = 44.0;
/// The height of one line of the legend.
const LINE: f64 = 26.0;
/// The length of a stroke in the legend.
const KEY: f64 = 44.0;
const MARGIN: f64 = 16.0;

/// A whole SVG file. `words` say what it shows.
pub fn sheet(title: &str, words: &str, height: f64, body: &Markup) -> String {
    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height)
            role="img" aria-labelledby="title words" {
            title id="title" { (title) }
            desc id="words" { (words) }
            style { (PreEscaped(STYLE)) }
            rect.paper width=(WIDTH) height=(height) {}
            text.title x=(MARGIN) y="27" { (title) }
            (body)
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", markup.into_string())
}

/// The sign of an entry of a legend.
pub enum Key {
    Curve(usize),
    Shade,
}

/// A legend below `top`, in as many lines as it needs; with its height.
pub fn legend(entries: &[(Key, String)], top: f64) -> (Markup, f64) {
    let mut places = vec![];
    let (mut x, mut line) = (MARGIN, 0.0);
    for (_, name) in entries {
        let width = KEY + 10.0 + LETTER * name.chars().count() as f64 + 18.0;
        if x > MARGIN && x + width > WIDTH - MARGIN {
            (x, line) = (MARGIN, line + 1.0);
        }
        places.push((x, top + LINE * (line + 0.6)));
        x += width;
    }
    let markup = html! {
        @for ((key, name), (x, y)) in entries.iter().zip(&places) {
            @match key {
                Key::Curve(n) => { path.curve.(format!("c{n}")) d=(format!("M{x:.1} {y:.1}h{KEY}")) {} },
                Key::Shade => { rect.shade x=(format!("{x:.1}")) y=(format!("{:.1}", y - 8.0)) width=(KEY) height="16" {} },
            }
            text x=(format!("{:.1}", x + KEY + 8.0)) y=(format!("{:.1}", y + 5.5)) { (name) }
        }
    };
    (markup, LINE * (line + 1.0) + 8.0)
}
