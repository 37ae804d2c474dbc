//! Printed against true, over one of the parameters of a counterexample.
//!
//! Which two terms these are is not taken on trust: of the terms at hand (those of the witness's
//! certificate, the printed formula and its correction) a pair is drawn only if its values at the
//! counterexample are the two that the entry reports, digit for digit. Every point drawn is an enclosure
//! from [`crate::prove::evaluate`] far narrower than a pixel, at parameters that satisfy all facts.

use std::collections::BTreeSet;

use maud::{Markup, html};
use rug::Rational;

use crate::audit::{Counterexample, Entry};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::figure::{Frame, Scale, short};
use crate::prove::evaluate::{Point, Truth, refined, truth, value};
use crate::prove::evidence::Certified;
use crate::tex;

use super::printed::Printed;

/// Places along the axis, the counterexample's own besides.
const SAMPLES: u32 = 96;
/// The least places that make a curve.
const LEAST: usize = 16;
/// Bits of the enclosures.
const BITS: u32 = 128;
/// The widest enclosure that is drawn, against the size of its number; a pixel is some 1/250.
const NARROW: f64 = 1e-9;
/// The digits to which an entry shows its values.
const DIGITS: usize = 12;
const SHOWN_BITS: u32 = 4096;

/// How much of the height a curve may rise at once without being broken.
const JUMP: f64 = 0.3;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 36.0;

/// The plot of an entry with a counterexample; none where no two terms bear out its values, or where
/// they can be followed along no parameter.
pub fn of(e: &Entry, printed: &Printed) -> Option<Markup> {
    let c = e.counterexample.as_ref()?;
    let (a, b, hypotheses) = sides(e, c, printed)?;
    let facts: Vec<&Formula> = e.facts.iter().chain(&hypotheses).collect();
    let curves =
        c.at.keys()
            .filter(|s| may_vary(s, &a, &b, printed))
            .filter_map(|s| Curves::over(s, &a, &b, c, &facts));
    // The first of those that show most.
    let best = curves.fold(None, |best: Option<Curves>, next| match best {
        Some(best) if best.worth() >= next.worth() => Some(best),
        _ => Some(next),
    })?;
    Some(best.draw(c))
}

/// The printed and the true term, and under what their difference is certified.
fn sides(e: &Entry, c: &Counterexample, printed: &Printed) -> Option<(Expr, Expr, Vec<Formula>)> {
    let is = |term: &Expr, shown: &str| {
        refined(term, &c.at, DIGITS, SHOWN_BITS).decimals(DIGITS).is_some_and(|digits| digits == shown)
    };
    let bears_out = |a: &Expr, b: &Expr| is(a, &c.printed) && is(b, &c.actual);
    let correction = e.correction.as_ref().and_then(|s| tex::parse_formula(&s.latex, &printed.scope).ok());
    if let (Some(Formula::Rel(_, Relation::Eq, a)), Some(Formula::Rel(_, Relation::Eq, b))) =
        (printed.statement, correction)
        && c.relation.is_none()
        && bears_out(a, &b)
    {
        return Some((a.clone(), b, vec![]));
    }
    let witnesses = e.evidence.iter().filter(|x| x.engine == "witness");
    let certified = witnesses.filter_map(|x| serde_json::from_value::<Certified>(x.certificate.clone()).ok());
    let certified = certified.map(|x| (x.statement, x.hypotheses));
    let as_printed = printed.statement.map(|f| (f.clone(), vec![]));
    for (statement, hypotheses) in certified.chain(as_printed) {
        for (a, r, b) in relations(&statement) {
            if c.relation.is_some_and(|shown| shown != r) {
                continue;
            }
            if bears_out(&a, &b) {
                return Some((a, b, hypotheses));
            }
            if c.relation.is_none() && bears_out(&b, &a) {
                return Some((b, a, hypotheses));
            }
        }
    }
    None
}

/// The relations of which a statement is made up.
fn relations(f: &Formula) -> Vec<(Expr, Relation, Expr)> {
    match f {
        Formula::Rel(a, r, b) => vec![(a.clone(), *r, b.clone())],
        Formula::Chain(..) => match f.unchained() {
            Formula::Chain(..) => vec![],
            other => relations(&other),
        },
        Formula::And(ps) | Formula::Or(ps) => ps.iter().flat_map(relations).collect(),
        Formula::Implies(_, q) => relations(q),
        Formula::Iff(p, q) => [relations(p), relations(q)].concat(),
        Formula::Not(p) => relations(p),
        _ => vec![],
    }
}

/// Whether one of the terms depends on a symbol that takes other values than integers, and by itself: a
/// member of a family does not move alone.
fn may_vary(s: &Symbol, a: &Expr, b: &Expr, printed: &Printed) -> bool {
    let free: BTreeSet<Symbol> = Formula::eq(a.clone(), b.clone()).free();
    let of_a_family = printed.scope.indices().iter().any(|range| range.letter_in(s).is_some());
    let gathers = !a.gatherings().is_empty() || !b.gatherings().is_empty();
    free.contains(s) && !printed.scope.integers().any(|i| i == s) && !(of_a_family && gathers)
}

/// Two curves over a symbol: at each place the printed and the true value, where they are known.
struct Curves {
    over: Symbol,
    here: (f64, f64, f64),
    points: Vec<(f64, Option<f64>, Option<f64>)>,
}

impl Curves {
    fn over(s: &Symbol, a: &Expr, b: &Expr, c: &Counterexample, facts: &[&Formula]) -> Option<Curves> {
        let own = c.at.get(s)?;
        let sample = |x: &Rational| {
            let mut at = c.at.clone();
            at.insert(s.clone(), x.clone());
            let admitted = facts.iter().all(|f| admits(f, &at));
            let known = |e: &Expr| if admitted { number(e, &at) } else { None };
            (x.to_f64(), known(a), known(b))
        };
        let (low, high) = range(s, own, &c.at, facts);
        let width = Rational::from(&high - &low);
        let mut places: BTreeSet<Rational> =
            (0..=SAMPLES).map(|k| Rational::from((k, SAMPLES)) * &width + &low).collect();
        places.insert(own.clone());
        let points: Vec<_> = places.iter().map(sample).collect();
        let here = match sample(own) {
            (x, Some(p), Some(t)) => (x, p, t),
            _ => return None,
        };
        let curves = Curves { over: s.clone(), here, points };
        (curves.worth() >= LEAST).then_some(curves)
    }

    /// At how many places both values are known; nothing where they never differ or never change.
    fn worth(&self) -> usize {
        let both: Vec<(f64, f64)> = self.points.iter().filter_map(|(_, a, b)| Some(((*a)?, (*b)?))).collect();
        let changes = |v: &dyn Fn(&(f64, f64)) -> f64| both.windows(2).any(|w| v(&w[0]) != v(&w[1]));
        if changes(&|p| p.0) || changes(&|p| p.1) { both.len() } else { 0 }
    }

    /// All places at which something is known, and the heights there.
    fn frame(&self) -> Frame {
        let known = self.points.iter().filter(|(_, a, b)| a.is_some() || b.is_some());
        let (low, high) =
            known.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (x, ..)| (l.min(*x), h.max(*x)));
        let heights: Vec<f64> = self.points.iter().flat_map(|(_, a, b)| [*a, *b]).flatten().collect();
        let (_, p, t) = self.here;
        let y = Scale::around(heights, &[p, t]).expect("the values at the counterexample are known");
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        Frame { x: Scale::linear(low, high), y, left: LEFT, right, top: TOP, bottom }
    }

    fn draw(&self, c: &Counterexample) -> Markup {
        let frame = self.frame();
        let name = tex::plain_symbol(&self.over);
        let rest: Vec<String> =
            c.at.iter()
                .filter(|(s, _)| **s != self.over)
                .map(|(s, v)| format!("{} = {v}", tex::plain_symbol(s)))
                .collect();
        let held = if rest.is_empty() { String::new() } else { format!(", with {}", rest.join(", ")) };
        let (first, second) =
            if c.relation.is_some() { ("left side", "right side") } else { ("printed", "true") };
        let label = format!("{first} and {second} over {name}{held}");
        let printed: Vec<_> = self.points.iter().map(|(x, a, _)| (*x, *a)).collect();
        let right: Vec<_> = self.points.iter().map(|(x, _, b)| (*x, *b)).collect();
        let (x, p, t) = self.here;
        html! {
            figure.plot {
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
                    @for tick in frame.x.ticks() {
                        path.grid d=(format!("M{:.1} {TOP}V{:.1}", frame.across(tick), HEIGHT - BOTTOM)) {}
                        text.soft x=(format!("{:.1}", frame.across(tick))) y=(HEIGHT - BOTTOM + 16.0) text-anchor="middle" { (short(tick)) }
                    }
                    @for tick in frame.y.ticks() {
                        path.grid d=(format!("M{LEFT} {:.1}H{:.1}", frame.up(tick), WIDTH - RIGHT)) {}
                        text.soft x=(LEFT - 6.0) y=(format!("{:.1}", frame.up(tick) + 4.0)) text-anchor="end" { (short(tick)) }
                    }
                    path.axis d=(format!("M{LEFT} {TOP}V{:.1}H{:.1}", HEIGHT - BOTTOM, WIDTH - RIGHT)) {}
                    text x=(WIDTH - RIGHT) y=(HEIGHT - 4.0) text-anchor="end" font-style="italic" { (name) }
                    path.here d=(format!("M{:.1} {TOP}V{:.1}", frame.across(x), HEIGHT - BOTTOM)) {}
                    @for run in frame.runs(&right, JUMP) { path.as-true d=(run) {} }
                    @for run in frame.runs(&printed, JUMP) { path.as-printed d=(run) {} }
                    @if frame.y.holds(t) { circle.as-true cx=(format!("{:.1}", frame.across(x))) cy=(format!("{:.1}", frame.up(t))) r="4" {} }
                    @if frame.y.holds(p) { circle.as-printed cx=(format!("{:.1}", frame.across(x))) cy=(format!("{:.1}", frame.up(p))) r="4" {} }
                }
                figcaption {
                    (key("as-printed")) " " (first) ", " (key("as-true")) " " (second) ", over " i { (name) } (held)
                    "; circles at the counterexample."
                }
            }
        }
    }
}

/// A stroke as in the plot, for its legend.
fn key(class: &str) -> Markup {
    html! { svg.key viewBox="0 0 26 8" width="26" height="8" aria-hidden="true" style="display:inline-block;width:26px;vertical-align:middle" {
        path class=(class) d="M1 4H25" {}
    } }
}

/// Whether a fact holds for certain; one that speaks of other symbols says nothing here.
fn admits(fact: &Formula, at: &Point) -> bool {
    fact.free().iter().any(|s| !at.contains_key(s)) || truth(fact, at, 256) == Truth::True
}

/// The value of a term as a number to draw.
fn number(e: &Expr, at: &Point) -> Option<f64> {
    let ball = value(e, at, BITS).ball(BITS)?;
    let middle = ball.midpoint()?.to_f64();
    let narrow = ball.width().to_f64() <= NARROW * (1.0 + middle.abs());
    (narrow && middle.is_finite()).then_some(middle)
}

/// Along which part of its axis a symbol is followed: its domain where that is [0, 1], else from where
/// its domain begins, as far as thrice its value.
fn range(s: &Symbol, own: &Rational, at: &Point, facts: &[&Formula]) -> (Rational, Rational) {
    let allows = |x: Rational| {
        let mut there = at.clone();
        there.insert(s.clone(), x);
        let own_facts = facts.iter().filter(|f| f.free().iter().eq([s]));
        own_facts.into_iter().all(|f| admits(f, &there))
    };
    let little = || Rational::from((1, 1000));
    let zero = Rational::new();
    if *own >= 0 && *own <= 1 && !allows(1 + little()) {
        return (zero, Rational::from(1));
    }
    let far = Rational::from(own.abs_ref()).max(Rational::from((2, 3))) * Rational::from(3);
    let low = match (*own >= 0 && !allows(-little()), *own >= 1 && !allows(1 - little())) {
        (_, true) => Rational::from(1),
        (true, _) => zero,
        _ => Rational::from(-&far),
    };
    (low, far)
}
