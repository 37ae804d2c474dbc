//! What is really the case, by evaluation with error bounds at rational points: no engine is asked.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use proofread::expr::{Case, Expr, Scope, Symbol};
use proofread::prove::evaluate::{Comparison, Point, Truth as Certain, Value, compare, truth, value};
use proofread::tex;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

/// Precision of comparisons; two different values of these formulas are much further apart.
const BITS: u32 = 256;
/// Points off every border.
const GENERIC: usize = 80;
/// Points on borders, with small numbers.
const SPECIAL: usize = 240;

/// What a printed formula should equal.
pub enum Truth {
    /// This value.
    Is(Expr),
    /// A place in `[0,1]` at which the objective is as large as at this place.
    AsGoodAs { place: Expr, objective: Expr, variable: Symbol },
}

/// How a formula and the truth compare at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Same,
    Differs,
    Undefined,
}

/// How a version of a formula relates to the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The same wherever it was looked at.
    Same,
    /// Different or undefined at points of a border only.
    OnBorder,
    /// Never different off the borders, but undefined on a region.
    Undefined,
    /// Different on a region.
    Wrong,
}

impl Truth {
    /// Whether the version `e` is certainly as good as the truth at a point.
    pub fn certainly_same(&self, e: &Expr, at: &Point) -> bool {
        if gives_two_values(e, at) {
            return false;
        }
        let equal = |a: &Expr, b: &Expr| compare(a, b, at, BITS) == Comparison::Ordered(Ordering::Equal);
        match self {
            Truth::Is(truth) => equal(e, truth),
            Truth::AsGoodAs { place, objective, variable } => {
                self.at(e, at) == At::Same
                    && equal(&objective.substitute(variable, e), &objective.substitute(variable, place))
            }
        }
    }

    /// How the version `e` compares at a point, certainly where it is not the same.
    pub fn at(&self, e: &Expr, at: &Point) -> At {
        if gives_two_values(e, at) {
            return At::Differs;
        }
        match (value(e, at, BITS), self) {
            (Value::Undefined(_), _) => At::Undefined,
            (_, Truth::Is(truth)) => comparison(e, truth, at),
            (_, Truth::AsGoodAs { place, objective, variable }) => {
                let outside = |a: &Expr, b: &Expr| {
                    matches!(compare(a, b, at, BITS), Comparison::Ordered(Ordering::Less))
                };
                if outside(e, &Expr::int(0)) || outside(&Expr::int(1), e) {
                    return At::Differs;
                }
                comparison(&objective.substitute(variable, e), &objective.substitute(variable, place), at)
            }
        }
    }
}

/// Whether a case distinction in the term has two cases that apply and differ.
fn gives_two_values(e: &Expr, at: &Point) -> bool {
    let applies = |c: &Case| c.condition.as_ref().is_some_and(|f| truth(f, at, BITS) == Certain::True);
    let among = |cases: &[Case]| {
        let here: Vec<&Case> = cases.iter().filter(|c| applies(c)).collect();
        here.windows(2).any(|two| comparison(&two[0].value, &two[1].value, at) != At::Same)
    };
    matches!(e, Expr::Cases(cases) if among(cases))
        || e.children().into_iter().any(|child| gives_two_values(child, at))
}

fn comparison(a: &Expr, b: &Expr, at: &Point) -> At {
    match compare(a, b, at, BITS) {
        Comparison::Ordered(Ordering::Less | Ordering::Greater) => At::Differs,
        // Equal irrational values are never told apart.
        Comparison::Ordered(Ordering::Equal) | Comparison::Unknown => At::Same,
        Comparison::Undefined(_) => At::Undefined,
    }
}

/// How the parts of a printed formula relate to the truths; the gravest class counts.
pub fn class(parts: &[Expr], truths: &[Truth], points: &Points) -> Class {
    let at = |p: &Point| -> Vec<At> { parts.iter().zip(truths).map(|(e, t)| t.at(e, p)).collect() };
    let generic: Vec<At> = points.generic.iter().flat_map(at).collect();
    if generic.contains(&At::Differs) {
        return Class::Wrong;
    }
    if generic.contains(&At::Undefined) {
        return Class::Undefined;
    }
    if points.special.iter().flat_map(at).any(|a| a != At::Same) { Class::OnBorder } else { Class::Same }
}

/// Admissible parameter points.
pub struct Points {
    generic: Vec<Point>,
    special: Vec<Point>,
}

impl Points {
    pub fn all(&self) -> impl Iterator<Item = &Point> {
        self.generic.iter().chain(&self.special)
    }
}

/// Points with `c_0, c_1 > 0`, `k_0, k_1 > 1` and `0 <= \delta <= 1`.
pub fn points(seed: u64) -> Points {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let names = ["c_0", "c_1", "k_0", "k_1", r"\delta"].map(Symbol::new);
    let mut generic = |i: usize| -> Rational {
        // Numerators and denominators too odd for a border to run through the point.
        let n = rng.random_range(1..=96);
        match i {
            0 | 1 => Rational::from((rng.random_range(1..=400), 97)) + Rational::from((1, 7919)),
            2 | 3 => Rational::from(1) + Rational::from((rng.random_range(20..=300), 101)),
            _ => Rational::from((n, 97)),
        }
    };
    let point = |pick: &mut dyn FnMut(usize) -> Rational| -> Point {
        names.iter().enumerate().map(|(i, s)| (s.clone(), pick(i))).collect()
    };
    let open = (0..GENERIC).map(|_| point(&mut generic)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed + 1);
    let costs = [(1, 1), (2, 1), (1, 2), (3, 1), (3, 2), (4, 1), (1, 3), (2, 3)];
    let exponents = [(2, 1), (3, 1), (3, 2), (4, 1)];
    let shares = [(0, 1), (1, 1), (1, 2), (1, 3), (2, 3)];
    let mut special = |i: usize| -> Rational {
        let from: &[(i32, i32)] = match i {
            0 | 1 => &costs,
            2 | 3 => &exponents,
            _ => &shares,
        };
        Rational::from(from[rng.random_range(0..from.len())])
    };
    Points { generic: open, special: (0..SPECIAL).map(|_| point(&mut special)).collect() }
}

/// What the claims should print, written down by hand from the game, not from the paper:
/// one truth for each equation of the claim.
pub fn truths(scope: &Scope) -> BTreeMap<&'static str, Vec<Truth>> {
    let term = |latex: &str| tex::parse_expr(latex, scope).unwrap_or_else(|e| panic!("`{latex}`: {e}"));
    let is = |latex: &[&str]| latex.iter().map(|l| Truth::Is(term(l))).collect::<Vec<_>>();
    // In units in which the marginal costs are powers: the first mover's and the second mover's part.
    let first = r"\left(\frac{k_0 c_0}{\delta}\right)^{\frac{-1}{k_0 - 1}}";
    let second = r"\left(\frac{k_1 c_1}{1 - \delta}\right)^{\frac{-1}{k_1 - 1}}";
    // The same with nothing undefined at the ends of the range of the share.
    let (first, second) = (with_ends(first, r"\delta", "0"), with_ends(second, r"\delta", "1"));
    let whole = format!(r"\left({first} + {second}\right)");
    let payoff_1 = format!(r"\delta {whole} - c_0 \left({first}\right)^{{k_0}}");
    let payoff_2 = format!(r"\left(1 - \delta\right) {whole} - c_1 \left({second}\right)^{{k_1}}");
    let linear = term(r"\frac{\delta}{2c_0} + \frac{1 - \delta}{2c_1}");
    let best = Truth::AsGoodAs {
        place: term(r"\begin{cases} 1 & c_0 \le c_1 \\ 0 & c_0 > c_1 \end{cases}"),
        objective: linear,
        variable: Symbol::new(r"\delta"),
    };
    BTreeMap::from([
        ("thm-3.1", is(&[&first, &whole])),
        ("cor-3.1/U_G", is(&[&payoff_1])),
        ("cor-3.1/U_D", is(&[&payoff_2])),
        (
            "prop-3.2",
            is(&[r"\begin{cases} 1 & c_0 \le c_1 \\ \frac{1}{2 - c_1/c_0} & c_0 > c_1 \end{cases}"]),
        ),
        (
            "prop-3.3",
            is(&[r"\begin{cases} 1 - \frac{c_1}{2c_1 - c_0} & c_0 \le c_1 \\ 0 & c_0 > c_1 \end{cases}"]),
        ),
        ("prop-3.4", vec![best]),
        ("prop-3.5", is(&[r"\frac{1}{1 + c_0/c_1}"])),
        ("prop-3.6", is(&[r"\frac{c_0}{2c_0 - c_1 + \sqrt{c_0^2 - c_0 c_1 + c_1^2}}"])),
    ])
}

/// The term, and 0 where the share is at an end at which the term is undefined.
fn with_ends(term: &str, share: &str, end: &str) -> String {
    format!(r"\left(\begin{{cases}} 0 & {share} = {end} \\ {term} & {share} \ne {end} \end{{cases}}\right)")
}
