//! The figures of a paper within its page.

use maud::{Markup, html};

use crate::document::Figure;
use crate::figure::Drawing;

/// All figures; nothing where there is none. Each is an image of its own, so that its style stays in it.
pub fn section(figures: &[Figure], drawings: &[Drawing]) -> Markup {
    html! {
        @if !drawings.is_empty() {
            section aria-labelledby="~figures" {
                h2 id="~figures" { "Figures" }
                @for drawing in drawings { (one(figures.iter().find(|f| f.id.value == drawing.id), drawing)) }
            }
        }
    }
}

fn one(figure: Option<&Figure>, drawing: &Drawing) -> Markup {
    let places: Vec<String> =
        figure.iter().flat_map(|f| &f.at).map(|(version, place)| format!("{place} ({version})")).collect();
    html! {
        figure.drawn {
            img src=(address(&drawing.svg)) alt={ (drawing.title) ": " (drawing.words) } loading="lazy";
            figcaption {
                code { (drawing.id) }
                @if !places.is_empty() { ", " bdi { (places.join(", ")) } }
                ": " bdi { (drawing.words) } "."
                @if let Some(note) = figure.and_then(|f| f.note.as_ref()) { " " bdi { (note.value) } "." }
            }
        }
    }
}

/// An SVG file as an address (RFC 2397): what would end the address or begin an escape in it is escaped.
fn address(svg: &str) -> String {
    let mut out = String::from("data:image/svg+xml;charset=utf-8,");
    for c in svg.chars() {
        match c {
            '%' => out.push_str("%25"),
            '#' => out.push_str("%23"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
    out
}
