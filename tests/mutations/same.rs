//! Versions of a formula that say the same in other words.

use proofread::expr::{Case, Expr, Formula, Symbol};
use rug::Rational;

use crate::sites::{Changed, at_cases, at_each_site, everywhere, joined, without};

/// The ways of writing a formula differently, in the order of the report.
pub const KINDS: [&str; 10] = [
    "commuted",
    "expanded",
    "factored",
    "fraction extended",
    "rationalised",
    "power split",
    "root rewritten",
    "sum rewritten",
    "cases reordered",
    "case split",
];

/// Every version of `e` rewritten at one place, and some rewritten everywhere.
pub fn versions(e: &Expr) -> Vec<Changed<Expr>> {
    let symbols: Vec<Symbol> = e.free().into_iter().collect();
    let mut out = vec![("commuted", everywhere(e, &commuted)), ("expanded", everywhere(e, &expanded))];
    out.extend(at_each_site(e, &|e| terms(e, &symbols)));
    out.extend(at_cases(e, cases));
    out
}

/// Every version of a term of a proof's line rewritten at one place, without division.
pub fn plain_versions(e: &Expr) -> Vec<Changed<Expr>> {
    let mut out = vec![("commuted", everywhere(e, &commuted)), ("expanded", everywhere(e, &expanded))];
    out.extend(at_each_site(e, &|e| {
        let commuted = commuted(e).map(|e| ("commuted", e));
        let expanded = expanded(e).map(|e| ("expanded", e));
        commuted.into_iter().chain(expanded).chain(doubled(e)).collect()
    }));
    out
}

fn terms(e: &Expr, symbols: &[Symbol]) -> Vec<Changed<Expr>> {
    let mut out = vec![];
    out.extend(commuted(e).map(|e| ("commuted", e)));
    out.extend(expanded(e).map(|e| ("expanded", e)));
    out.extend(factored(e).into_iter().map(|e| ("factored", e)));
    out.extend(rationalised(e).map(|e| ("rationalised", e)));
    out.extend(extended(e, symbols).into_iter().map(|e| ("fraction extended", e)));
    out.extend(powers(e));
    out.extend(doubled(e));
    out
}

/// A sum with a term added and taken away, and as the opposite of the opposite terms.
fn doubled(e: &Expr) -> Vec<Changed<Expr>> {
    let Expr::Add(xs) = e else { return vec![] };
    let x = xs[0].clone();
    let doubled = Expr::Add([xs.as_slice(), &[x.clone(), -x]].concat());
    let opposite = Expr::Add(xs.iter().map(|x| -x.clone()).collect());
    vec![("sum rewritten", doubled), ("sum rewritten", -opposite)]
}

/// `b + a` for `a + b`; a fraction keeps its shape.
fn commuted(e: &Expr) -> Option<Expr> {
    match e {
        Expr::Add(xs) => Some(Expr::Add(xs.iter().rev().cloned().collect())),
        Expr::Mul(xs) if xs.len() > 1 => Some(Expr::Mul(xs.iter().rev().cloned().collect())),
        _ => None,
    }
}

/// `a c + b c` for `(a + b) c`.
fn expanded(e: &Expr) -> Option<Expr> {
    let Expr::Mul(xs) = e else { return None };
    let i = xs.iter().position(|x| matches!(x, Expr::Add(_)))?;
    let Expr::Add(terms) = &xs[i] else { return None };
    let rest = without(xs, i);
    let term = |t: &Expr| joined([rest.as_slice(), std::slice::from_ref(t)].concat(), Expr::Mul);
    Some(Expr::Add(terms.iter().map(term).collect()))
}

/// A factor before the bracket: a literal, the first term, or what two terms share.
fn factored(e: &Expr) -> Vec<Expr> {
    let Expr::Add(xs) = e else { return vec![] };
    let over = |by: &Expr| {
        let quotients = xs.iter().map(|x| if x == by { Expr::int(1) } else { x.clone() / by.clone() });
        by.clone() * Expr::Add(quotients.collect())
    };
    let mut out = vec![over(&Expr::int(2)), over(&Expr::int(-1))];
    out.extend(xs.iter().filter(|x| x.as_num().is_none()).map(over));
    let factors = |x: &Expr| match x {
        Expr::Mul(fs) => fs.clone(),
        one => vec![one.clone()],
    };
    for f in factors(&xs[0]) {
        let rests: Option<Vec<Expr>> = xs
            .iter()
            .map(|x| {
                let fs = factors(x);
                let i = fs.iter().position(|g| *g == f)?;
                Some(if fs.len() == 1 { Expr::int(1) } else { joined(without(&fs, i), Expr::Mul) })
            })
            .collect();
        out.extend(rests.map(|rests| f.clone() * Expr::Add(rests)));
    }
    out
}

/// `a m / (b m)` for `a / b`.
fn extended(e: &Expr, symbols: &[Symbol]) -> Vec<Expr> {
    let Expr::Mul(xs) = e else { return vec![] };
    let Some(i) = xs.iter().position(|x| matches!(x, Expr::Pow(_, p) if p.as_int() == Some(-1))) else {
        return vec![];
    };
    let Expr::Pow(below, _) = &xs[i] else { return vec![] };
    let above = joined(without(xs, i), Expr::Mul);
    let positive = symbols.iter().filter(|s| s.latex().starts_with(['c', 'k'])).map(|s| Expr::Sym(s.clone()));
    let all: Vec<Expr> = positive.chain([Expr::int(3), Expr::int(-1)]).collect();
    let sum = (all.len() > 3).then(|| all[0].clone() + all[1].clone());
    let with = |m: Expr| (above.clone() * m.clone()) / ((**below).clone() * m);
    all.into_iter().chain(sum).map(with).collect()
}

/// `(a^2 - r) / (a - \sqrt r)` for `a + \sqrt r`.
fn rationalised(e: &Expr) -> Option<Expr> {
    let Expr::Add(xs) = e else { return None };
    let root = |x: &Expr| match x {
        Expr::Pow(b, p) if **p == Expr::ratio(1, 2) => Some((**b).clone()),
        _ => None,
    };
    let radicand = |x: &Expr| match x {
        Expr::Mul(fs) if fs.len() == 2 && fs[0] == Expr::int(-1) => root(&fs[1]),
        x => root(x),
    };
    let i = xs.iter().position(|x| radicand(x).is_some())?;
    let a = joined(without(xs, i), Expr::Add);
    let above = Expr::pow(a.clone(), Expr::int(2)) - radicand(&xs[i])?;
    Some(above / (a - xs[i].clone()))
}

fn powers(e: &Expr) -> Vec<Changed<Expr>> {
    let Expr::Pow(b, p) = e else { return vec![] };
    let (b, p) = ((**b).clone(), (**p).clone());
    if p == Expr::ratio(1, 2) {
        let four = Expr::sqrt(Expr::int(4) * b.clone()) / Expr::int(2);
        let fourth = Expr::pow(Expr::pow(b, Expr::int(2)), Expr::ratio(1, 4));
        return vec![("root rewritten", four), ("root rewritten", fourth)];
    }
    if p.as_num().is_some() {
        return vec![];
    }
    let half = Expr::pow(b.clone(), p.clone() * Expr::Num(Rational::from((1, 2))));
    let mut out = vec![
        ("power split", Expr::recip(Expr::pow(b.clone(), -p.clone()))),
        ("power split", Expr::pow(Expr::recip(b.clone()), -p.clone())),
        ("power split", half.clone() * half),
        ("power split", b.clone() * Expr::pow(b.clone(), p.clone() - Expr::int(1))),
        ("power split", Expr::pow(Expr::pow(b.clone(), Expr::int(2)), p.clone() / Expr::int(2))),
    ];
    if let Expr::Mul(xs) = &b
        && let [above, Expr::Pow(below, m)] = xs.as_slice()
        && m.as_int() == Some(-1)
    {
        let quotient = Expr::pow(above.clone(), p.clone()) / Expr::pow((**below).clone(), p);
        out.push(("power split", quotient));
    }
    out
}

fn cases(cs: &[Case]) -> Vec<Changed<Vec<Case>>> {
    let otherwise = cs.iter().any(|c| c.condition.is_none());
    // What holds for everything else stays last.
    let reversed = |cs: Vec<Case>| match otherwise {
        true => cs,
        false => cs.into_iter().rev().collect(),
    };
    let mut out = vec![("cases reordered", reversed(cs.to_vec()))];
    let mirrored = |c: &Case| Case {
        value: c.value.clone(),
        condition: c.condition.as_ref().map(|f| match f {
            Formula::Rel(a, r, b) => Formula::Rel(b.clone(), r.mirrored(), a.clone()),
            other => other.clone(),
        }),
    };
    out.push(("cases reordered", cs.iter().map(mirrored).collect()));
    let negated = |c: &Case| Case {
        value: c.value.clone(),
        condition: c.condition.as_ref().map(|f| match f {
            Formula::Rel(a, r, b) => Formula::rel(-a.clone(), r.mirrored(), -b.clone()),
            other => other.clone(),
        }),
    };
    out.push(("cases reordered", reversed(cs.iter().map(negated).collect())));
    let scaled = |c: &Case| Case {
        value: c.value.clone(),
        condition: c.condition.as_ref().map(|f| match f {
            Formula::Rel(a, r, b) => Formula::rel(a.clone() / b.clone(), *r, Expr::int(1)),
            other => other.clone(),
        }),
    };
    out.push(("cases reordered", cs.iter().map(scaled).collect()));
    for (i, c) in cs.iter().enumerate() {
        let Some(Formula::Rel(a, _, b)) = &c.condition else { continue };
        let part = |f: Formula| Case {
            value: c.value.clone(),
            condition: Some(Formula::And(vec![c.condition.clone().expect("there is one"), f])),
        };
        let middle = Expr::int(3) * b.clone();
        let halves = [
            part(Formula::rel(Expr::int(2) * a.clone(), proofread::expr::Relation::Lt, middle.clone())),
            part(Formula::rel(Expr::int(2) * a.clone(), proofread::expr::Relation::Ge, middle)),
        ];
        let mut split = cs.to_vec();
        split.splice(i..=i, halves);
        out.push(("case split", split));
    }
    let last = cs.len() - 1;
    let mut otherwise = cs.to_vec();
    otherwise[last].condition = None;
    out.push(("cases reordered", otherwise));
    out
}
