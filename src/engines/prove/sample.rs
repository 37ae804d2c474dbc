//! Admissible points for comparisons in numbers: borders, equal parameters and ratios of
//! positive parameters over six orders of magnitude.

use std::collections::BTreeSet;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rug::Rational;

use super::draw::{Generator, power_of_ten};
use super::evaluate::Point;
use super::witness::{Draws, SCAN_BITS};
use crate::expr::{Formula, Symbol};

/// Draws for each point asked for, before fewer are given.
const PATIENCE: usize = 40;

/// Up to `n` distinct points that certainly meet all `facts`, with a value for each of `symbols`
/// and of the facts' symbols; fewer where the facts leave no more or are hard to meet. Symbols
/// in `exponents`, and those in exponents of the facts, take small simple values.
///
/// A quarter are the simplest combinations (borders that belong to the domain, equal values,
/// small numbers), a quarter put one parameter at 10^-3 and another at 10^3 or all on a ladder of
/// powers of ten where the facts allow it, the rest are random. Same arguments, same points.
pub fn sample(
    facts: &[Formula],
    symbols: &BTreeSet<Symbol>,
    exponents: &BTreeSet<Symbol>,
    n: usize,
    seed: u64,
) -> Vec<Point> {
    let generator = Generator::new(facts, symbols, exponents);
    let mut found = Found { points: vec![], seen: BTreeSet::new() };
    let mut simplest = Draws::new(&generator, seed, 2 * PATIENCE * n);
    found.fill(n.div_ceil(4), PATIENCE * n / 2, &generator, || simplest.next().flatten());
    let mut rungs = 0;
    found.fill(n.div_ceil(2), PATIENCE * n / 4, &generator, || {
        rungs += 1;
        ladder(&generator, rungs - 1)
    });
    let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_add(1));
    found.fill(n, PATIENCE * n, &generator, || {
        let atoms = generator.atoms(&mut |_| 0);
        let order = generator.order(&atoms);
        generator.draw(&atoms, &order, &mut |s, range, at| generator.random(s, range, at, &mut rng))
    });
    found.points
}

struct Found {
    points: Vec<Point>,
    seen: BTreeSet<Point>,
}

impl Found {
    /// Adds distinct admissible points until there are `n`, with at most `attempts` draws.
    fn fill(
        &mut self,
        n: usize,
        attempts: usize,
        generator: &Generator<'_>,
        mut draw: impl FnMut() -> Option<Point>,
    ) {
        for _ in 0..attempts {
            if self.points.len() >= n {
                return;
            }
            if let Some(at) = draw().filter(|at| generator.admits(at, SCAN_BITS))
                && self.seen.insert(at.clone())
            {
                self.points.push(at);
            }
        }
    }
}

/// The `rung`-th point with powers of ten: first one parameter at 10^-3 and one at 10^3, for
/// each ordered pair, then every parameter on a ladder of its own.
fn ladder(generator: &Generator<'_>, rung: usize) -> Option<Point> {
    let scaled: Vec<&Symbol> =
        generator.symbols.iter().filter(|s| !generator.exponents.contains(*s)).collect();
    let pairs: Vec<(&Symbol, &Symbol)> =
        scaled.iter().flat_map(|s| scaled.iter().filter(move |t| *t != s).map(move |t| (*s, *t))).collect();
    let wish = |s: &Symbol| -> Rational {
        let exponent = match pairs.get(rung) {
            Some((low, _)) if *low == s => -3,
            Some((_, high)) if *high == s => 3,
            Some(_) => 0,
            None => {
                let place = scaled.iter().position(|t| *t == s).unwrap_or(0);
                i32::try_from((rung * (2 * place + 1) + 3 * place) % 7).expect("below 7") - 3
            }
        };
        power_of_ten(exponent)
    };
    let atoms = generator.atoms(&mut |_| 0);
    let order = generator.order(&atoms);
    generator.draw(&atoms, &order, &mut |s, range, at| {
        let simple = || generator.candidates(s, range, at).into_iter().cycle().nth(rung);
        if generator.exponents.contains(s) {
            return simple();
        }
        Some(wish(s)).filter(|v| range.contains(v)).or_else(simple)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, Relation, Set};

    fn positive(name: &str) -> Formula {
        Formula::Rel(Expr::sym(name), Relation::Gt, Expr::int(0))
    }

    #[test]
    fn points_cover_borders_equal_parameters_and_six_orders_of_magnitude() {
        let facts = [
            positive("a"),
            positive("b"),
            Formula::In(Expr::sym("t"), Set::closed(Expr::int(0), Expr::int(1))),
        ];
        let points = sample(&facts, &BTreeSet::new(), &BTreeSet::new(), 64, 7);
        assert_eq!(points.len(), 64);
        assert_eq!(points.iter().collect::<BTreeSet<_>>().len(), 64);
        let [a, b, t] = ["a", "b", "t"].map(Symbol::new);
        let ratios: Vec<f64> = points.iter().map(|p| Rational::from(&p[&b] / &p[&a]).to_f64()).collect();
        assert!(ratios.iter().any(|r| *r >= 1e6) && ratios.iter().any(|r| *r <= 1e-6));
        assert!(points.iter().any(|p| p[&a] == p[&b]));
        assert!(points.iter().any(|p| p[&t] == 0) && points.iter().any(|p| p[&t] == 1));
        assert_eq!(points, sample(&facts, &BTreeSet::new(), &BTreeSet::new(), 64, 7));
    }

    #[test]
    fn exponents_stay_small_and_above_one() {
        let k = Symbol::new("k");
        let facts = [positive("a"), Formula::Rel(Expr::Sym(k.clone()), Relation::Gt, Expr::int(1))];
        let points = sample(&facts, &BTreeSet::new(), &BTreeSet::from([k.clone()]), 64, 7);
        assert_eq!(points.len(), 64);
        assert!(points.iter().all(|p| p[&k] > 1 && p[&k] <= 8));
        assert!(points.iter().any(|p| p[&k] != 2));
    }

    #[test]
    fn facts_that_contradict_each_other_have_no_points() {
        let a = Expr::sym("a");
        let facts = [positive("a"), Formula::Rel(a, Relation::Lt, Expr::int(-1))];
        assert!(sample(&facts, &BTreeSet::new(), &BTreeSet::new(), 8, 7).is_empty());
    }
}
