//! The linear normal form of sums: factors without the index stand outside, each sum that is left
//! has one product of members, and a sum of ones is the number of members.

use std::collections::BTreeMap;

use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Case, Expr, Formula, Gather, IndexRange, Symbol};
use crate::prove::identity;

/// A sum of more products than this is left as it is.
const MOST_PRODUCTS: usize = 256;
/// The largest exponent to which a sum is multiplied out.
const LARGEST_POWER: i64 = 6;

/// The term with every sum over one of the ranges in linear normal form. Equal to `e` wherever
/// the facts hold and every member of every sum is defined; the facts are used to bring the
/// products of members to a canonical form.
pub fn normal(e: &Expr, ranges: &[IndexRange], facts: &[Formula]) -> Expr {
    if ranges.is_empty() || e.gatherings().is_empty() {
        return e.clone();
    }
    fold(&inside(e, ranges, facts))
}

/// The statement with its terms in linear normal form.
pub fn normal_formula(f: &Formula, ranges: &[IndexRange], facts: &[Formula]) -> Formula {
    fold_formula(&f.map(&mut |e| normal(e, ranges, facts)))
}

fn inside(e: &Expr, ranges: &[IndexRange], facts: &[Formula]) -> Expr {
    match e {
        Expr::Over { gather, index, lower, upper, body } => {
            let body = fold(&inside(body, ranges, facts));
            let range = ranges.iter().find(|r| r.all_letters().contains(index));
            let whole = range.filter(|r| **lower == Expr::int(1) && **upper == r.upper);
            let rebuilt = |body: Expr| Expr::Over {
                gather: *gather,
                index: index.clone(),
                lower: lower.clone(),
                upper: upper.clone(),
                body: Box::new(body),
            };
            match (gather, whole) {
                (Gather::Sum, Some(range)) => distributed(&body, index, range, facts)
                    .unwrap_or_else(|| canonical(&body, index, range, *gather)),
                (_, Some(_)) if !body.has_index(index) => body,
                (_, Some(range)) => canonical(&body, index, range, *gather),
                (_, None) => rebuilt(body),
            }
        }
        Expr::Cases(cs) => Expr::Cases(
            cs.iter()
                .map(|c| Case {
                    value: inside(&c.value, ranges, facts),
                    condition: c.condition.as_ref().map(|f| f.map(&mut |e| inside(e, ranges, facts))),
                })
                .collect(),
        ),
        _ => e.map(&mut |c| inside(c, ranges, facts), &mut Formula::clone),
    }
}

/// The gathering over the whole range with the first working letter that its body leaves free.
fn canonical(body: &Expr, index: &Symbol, range: &IndexRange, gather: Gather) -> Expr {
    let free = |letter: &Symbol| letter == index || !body.has_index(letter);
    let letter = range.working().into_iter().find(free).unwrap_or_else(|| index.clone());
    Expr::Over {
        gather,
        lower: Box::new(Expr::int(1)),
        upper: Box::new(range.upper.clone()),
        body: Box::new(body.reindexed(index, &letter)),
        index: letter,
    }
}

/// `\sum_i (a + b c_i) = n a + b \sum_i c_i`, with every `c_i` a canonical product of members.
fn distributed(body: &Expr, index: &Symbol, range: &IndexRange, facts: &[Formula]) -> Option<Expr> {
    let mut outside: BTreeMap<Expr, Vec<Expr>> = BTreeMap::new();
    for product in products(body, index)? {
        let (number, members) = canonical_product(&product.members, index, facts);
        let coefficient = Expr::Mul(vec![number, product.outside]);
        outside.entry(members).or_default().push(coefficient);
    }
    let term = |(members, coefficients): (Expr, Vec<Expr>)| {
        let sum = if members.is_one() {
            range.upper.clone()
        } else {
            canonical(&members, index, range, Gather::Sum)
        };
        Expr::Mul(vec![fold(&Expr::Add(coefficients)), sum])
    };
    Some(Expr::Add(outside.into_iter().map(term).collect()))
}

/// A product, its factors told apart by whether they have the index.
#[derive(Clone)]
struct Product {
    outside: Expr,
    members: Vec<Expr>,
}

/// The products whose sum the term is; `None` if there are too many.
fn products(e: &Expr, index: &Symbol) -> Option<Vec<Product>> {
    if !e.has_index(index) {
        return Some(vec![Product { outside: e.clone(), members: vec![] }]);
    }
    match e {
        Expr::Add(xs) => {
            let mut all = vec![];
            for x in xs {
                all.extend(products(x, index)?);
            }
            (all.len() <= MOST_PRODUCTS).then_some(all)
        }
        Expr::Mul(xs) => xs.iter().try_fold(vec![one()], |done, x| multiplied(&done, &products(x, index)?)),
        Expr::Pow(b, p) => match (&**b, p.as_int()) {
            (Expr::Add(_), Some(n)) if (2..=LARGEST_POWER).contains(&n) => {
                let base = products(b, index)?;
                (0..n).try_fold(vec![one()], |done, _| multiplied(&done, &base))
            }
            // (x y)^n = x^n y^n for integers n, wherever either side is defined.
            (Expr::Mul(xs), Some(_)) => {
                let powers = xs.iter().map(|x| fold(&Expr::pow(x.clone(), (**p).clone())));
                powers.map(|x| products(&x, index)).try_fold(vec![one()], |done, x| multiplied(&done, &x?))
            }
            _ => Some(vec![Product { outside: Expr::int(1), members: vec![e.clone()] }]),
        },
        _ => Some(vec![Product { outside: Expr::int(1), members: vec![e.clone()] }]),
    }
}

fn one() -> Product {
    Product { outside: Expr::int(1), members: vec![] }
}

fn multiplied(a: &[Product], b: &[Product]) -> Option<Vec<Product>> {
    if a.len() * b.len() > MOST_PRODUCTS {
        return None;
    }
    let times = |x: &Product, y: &Product| Product {
        outside: fold(&Expr::Mul(vec![x.outside.clone(), y.outside.clone()])),
        members: [x.members.clone(), y.members.clone()].concat(),
    };
    Some(a.iter().flat_map(|x| b.iter().map(move |y| times(x, y))).collect())
}

/// A product of members as a factor without the index times a canonical product; as it is where
/// there is none.
fn canonical_product(members: &[Expr], index: &Symbol, facts: &[Formula]) -> (Expr, Expr) {
    if members.is_empty() {
        return (Expr::int(1), Expr::int(1));
    }
    let product = fold(&Expr::Mul(members.to_vec()));
    let form = identity::normal(&product, facts).unwrap_or(product);
    let factors = match form {
        Expr::Mul(xs) => xs,
        other => vec![other],
    };
    let (own, outside): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(|x| x.has_index(index));
    (fold(&Expr::Mul(outside)), fold(&Expr::Mul(own)))
}
