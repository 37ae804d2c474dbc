//! A chart read back: from its strokes and the labels of its axes, as a reader with a ruler would.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A place on the sheet, in the units of the file.
type Place = (f64, f64);

/// An axis by its labelled ticks: each number and where it stands.
#[derive(Clone, Debug, Default)]
pub struct Ruler {
    ticks: Vec<(f64, f64)>,
    is_log: bool,
}

impl Ruler {
    /// Where a number stands, by the first and the last tick.
    pub fn place(&self, x: f64) -> f64 {
        let along = |x: f64| if self.is_log { x.ln() } else { x };
        let [(a, from), .., (b, to)] = self.ticks[..] else { panic!("two ticks: {self:?}") };
        from + (along(x) - along(a)) / (along(b) - along(a)) * (to - from)
    }

    /// That all labels stand where the first and the last one say that they do.
    fn hold(&self) {
        for (x, place) in &self.ticks {
            assert!((self.place(*x) - place).abs() < 0.3, "the label {x} of {self:?}");
        }
    }
}

/// A panel of a chart.
#[derive(Clone, Debug)]
pub struct Panel {
    pub across: Ruler,
    pub up: Ruler,
    /// The strokes of each curve, by its name.
    pub curves: BTreeMap<String, Vec<Vec<Place>>>,
    /// What is greyed: from where to where.
    pub shaded: Vec<(f64, f64)>,
}

impl Panel {
    /// How high a curve is drawn over a place; nothing where it is broken.
    pub fn height(&self, name: &str, across: f64) -> Option<f64> {
        let strokes = self.curves.get(name).unwrap_or_else(|| panic!("no curve `{name}`: {self:?}"));
        let pairs = strokes.iter().flat_map(|s| s.windows(2));
        // A tenth of a unit is what a place is rounded to.
        pairs.into_iter().find(|w| (w[0].0 - 0.1..=w[1].0 + 0.1).contains(&across)).map(|w| {
            let share = ((across - w[0].0) / (w[1].0 - w[0].0)).clamp(0.0, 1.0);
            w[0].1 + share * (w[1].1 - w[0].1)
        })
    }
}

/// An element of the file with the text directly inside of it.
#[derive(Debug, Default)]
struct Element {
    /// Its name, and its class behind a dot if it has one.
    kind: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> f64 {
        self.get(name).parse().unwrap_or_else(|_| panic!("`{name}` is no number: {self:?}"))
    }
}

/// Every element in the order of the file, which must be well-formed.
fn elements(svg: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(svg);
    let (mut all, mut open): (Vec<Element>, Vec<usize>) = (vec![], vec![]);
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e}: {svg}")) {
            Event::Start(e) => {
                let attributes: BTreeMap<String, String> = e
                    .attributes()
                    .map(|a| a.unwrap_or_else(|e| panic!("{e}: {svg}")))
                    .map(|a| (a.key.as_ref().to_owned(), a.value.to_string()))
                    .collect();
                let class = attributes.get("class").map(|c| format!(".{c}")).unwrap_or_default();
                open.push(all.len());
                let kind = e.name().as_ref().to_owned() + &class;
                all.push(Element { kind, attributes, text: String::new() });
            }
            Event::Text(text) => {
                if let Some(inside) = open.last() {
                    all[*inside].text += &text;
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty() && all.first().is_some_and(|e| e.kind == "svg"), "no SVG: {svg}");
    all
}

/// That a file is well-formed.
pub fn holds(svg: &str) {
    elements(svg);
}

/// The panels of a chart. `is_log` says that its horizontal axis is over equal ratios.
pub fn panels(svg: &str, is_log: bool) -> Vec<Panel> {
    let mut panels: Vec<Panel> = vec![];
    let (mut across, mut up, mut shaded) = (vec![], vec![], vec![]);
    let mut name = None;
    for e in elements(svg) {
        match (e.kind.as_str(), e.get("text-anchor")) {
            // The last key of a legend is a shade as well, but no panel comes behind it.
            ("rect.shade", _) => shaded.push((e.number("x"), e.number("x") + e.number("width"))),
            ("text", "middle") => across.push((number(&e.text), e.number("x"))),
            // Letters stand a little below the line that they name.
            ("text", "end") => up.push((number(&e.text), e.number("y") - 5.5)),
            ("path.axis", _) => {
                let across = Ruler { ticks: std::mem::take(&mut across), is_log };
                // Heights are labelled at the first panel of a row.
                let up = match std::mem::take(&mut up) {
                    none if none.is_empty() => panels.last().expect("a first panel").up.clone(),
                    ticks => Ruler { ticks, is_log: false },
                };
                across.hold();
                up.hold();
                let shaded = std::mem::take(&mut shaded);
                panels.push(Panel { across, up, curves: BTreeMap::new(), shaded });
            }
            (kind, _) if kind.starts_with("g.curve") => name = Some(String::new()),
            ("title", _) => name = name.map(|_| e.text),
            ("path", _) => {
                let curves = &mut panels.last_mut().expect("a panel").curves;
                curves.entry(name.clone().expect("a name")).or_default().push(stroke(e.get("d")));
            }
            _ => {}
        }
    }
    panels
}

/// The places of a path of straight lines.
fn stroke(path: &str) -> Vec<Place> {
    let place = |pair: &str| {
        let (x, y) = pair.split_once(' ').unwrap_or_else(|| panic!("no place: {pair}"));
        (x.parse().expect("a number"), y.parse().expect("a number"))
    };
    path.strip_prefix('M').expect("a path").split('L').map(place).collect()
}

/// The number that a label shows: `0.05`, `−2`, `10⁻⁴` or `2·10⁵`.
fn number(label: &str) -> f64 {
    let plain = label.replace('−', "-");
    let raised = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|d| d == c);
    let is_raised = |c: char| raised(c).is_some() || c == '⁻';
    let Some(at) = plain.find(is_raised) else { return plain.parse().expect("a number") };
    let (base, power) = plain.split_at(at);
    let power: String = power.chars().map(|c| raised(c).map_or("-".to_owned(), |d| d.to_string())).collect();
    let mantissa = base.strip_suffix("10").expect("a power of ten").trim_end_matches('·');
    let mantissa = if mantissa.is_empty() { "1" } else { mantissa };
    format!("{mantissa}e{power}").parse().expect("a number")
}

#[test]
fn labels_are_read_as_they_are_shown() {
    for (label, x) in [("0.05", 0.05), ("−2", -2.0), ("10⁵", 1e5), ("2·10⁻⁴", 2e-4), ("−3·10¹²", -3e12)]
    {
        assert_eq!(number(label), x, "{label}");
    }
}
