//! Versions of a formula as a slip of the pen would leave it.

use proofread::expr::fold::fold;
use proofread::expr::{Case, Expr, Extremum, Formula, Relation, Set, Symbol};

use crate::sites::{Changed, at_cases, at_each_relation, at_each_site, at_each_term, joined, with, without};

/// The kinds of slips, in the order of the report.
pub const KINDS: [&str; 8] =
    ["sign", "coefficient", "exponent", "symbol", "dropped term", "dropped factor", "cases", "border"];

/// The kinds of slips in what a claim prints, an equation or not.
pub const ALL_KINDS: [&str; 10] = [
    "cases",
    "border",
    "sign",
    "coefficient",
    "exponent",
    "symbol",
    "dropped term",
    "dropped factor",
    "relation",
    "range",
];

/// The kinds of slips in a line of a proof.
pub const LINE_KINDS: [&str; 8] =
    ["sign", "coefficient", "exponent", "symbol", "dropped term", "dropped factor", "relation", "range"];

/// Every version of `e` with one slip. Some of them may be the same formula after all.
pub fn versions(e: &Expr) -> Vec<Changed<Expr>> {
    let symbols: Vec<Symbol> = e.free().into_iter().collect();
    let mut out = at_each_site(e, &|e| terms(e, &symbols));
    out.extend(exchanged(e, &symbols));
    out.extend(at_cases(e, cases));
    out
}

fn terms(e: &Expr, symbols: &[Symbol]) -> Vec<Changed<Expr>> {
    match e {
        Expr::Num(n) => {
            let near = [n.clone() + 1, n.clone() - 1, n.clone() * 2];
            near.into_iter().map(|n| ("coefficient", Expr::Num(n))).collect()
        }
        Expr::Sym(s) => {
            let others = symbols.iter().filter(|t| *t != s).map(|t| ("symbol", Expr::Sym(t.clone())));
            let twice = ("coefficient", Expr::int(2) * e.clone());
            others.chain([twice, ("exponent", Expr::pow(e.clone(), Expr::int(2)))]).collect()
        }
        Expr::Add(xs) => {
            let signs = (0..xs.len()).map(|i| ("sign", Expr::Add(with(xs, i, negated(&xs[i])))));
            let drops = (0..xs.len()).map(|i| ("dropped term", joined(without(xs, i), Expr::Add)));
            signs.chain(drops).collect()
        }
        Expr::Mul(xs) => {
            let drops = (0..xs.len()).filter(|i| xs[*i] != Expr::int(-1));
            let drops = drops.map(|i| ("dropped factor", joined(without(xs, i), Expr::Mul)));
            drops.chain([("sign", negated(e))]).collect()
        }
        Expr::Apply { function, primes: 0, args } => {
            let others = match function.key() {
                r if r.contains("D_") => vec!["U_G"],
                r if r.contains('G') => vec!["U_D", "U_{D_i}"],
                r if r.contains('D') => vec!["U_G"],
                _ => vec![],
            };
            let apply = |f| Expr::Apply { function: Symbol::new(f), primes: 0, args: args.clone() };
            others.into_iter().map(|f| ("symbol", apply(f))).collect()
        }
        Expr::Optimum { which, variable, over, body } => {
            let changed = |which, over: Option<Set>| Expr::Optimum {
                which,
                variable: variable.clone(),
                over: over.map(Box::new),
                body: body.clone(),
            };
            let opposite = match which {
                Extremum::Max => Extremum::Min,
                Extremum::Min => Extremum::Max,
                Extremum::ArgMax => Extremum::ArgMin,
                Extremum::ArgMin => Extremum::ArgMax,
            };
            let half = Set::closed(Expr::int(0), Expr::ratio(1, 2));
            let range = over.as_deref().map(|_| ("range", changed(*which, Some(half))));
            [("sign", changed(opposite, over.as_deref().cloned()))].into_iter().chain(range).collect()
        }
        Expr::Pow(b, p) => {
            let p = (**p).clone();
            let powers = [p.clone() + Expr::int(1), -p.clone(), Expr::int(2) * p];
            // A literal exponent stays one: bases may be negative under it.
            let powers = powers.into_iter().map(|p| ("exponent", Expr::pow((**b).clone(), fold(&p))));
            powers.chain([("exponent", (**b).clone())]).collect()
        }
        _ => vec![],
    }
}

/// Every version of a statement with one slip, a wrong relation among them.
pub fn statements(p: &Formula) -> Vec<Changed<Formula>> {
    let mut out = at_each_term(p, &versions);
    let slips = |r: Relation| match r {
        Relation::Eq | Relation::Ne => vec![],
        Relation::Lt | Relation::Gt => vec![r.mirrored()],
        Relation::Le => vec![Relation::Lt, Relation::Ge],
        Relation::Ge => vec![Relation::Gt, Relation::Le],
    };
    out.extend(at_each_relation(p, &slips).into_iter().map(|f| ("relation", f)));
    out
}

fn negated(e: &Expr) -> Expr {
    match e {
        Expr::Mul(xs) if xs[0] == Expr::int(-1) => joined(without(xs, 0), Expr::Mul),
        other => -other.clone(),
    }
}

/// Two symbols exchanged throughout, conditions included.
fn exchanged(e: &Expr, symbols: &[Symbol]) -> Vec<Changed<Expr>> {
    let mut out = vec![];
    for (i, a) in symbols.iter().enumerate() {
        for b in &symbols[i + 1..] {
            let swap = [(a.clone(), Expr::Sym(b.clone())), (b.clone(), Expr::Sym(a.clone()))];
            out.push(("symbol", e.substitute_all(&swap.into())));
        }
    }
    out
}

fn cases(cs: &[Case]) -> Vec<Changed<Vec<Case>>> {
    let mut out = vec![];
    let mut rotated = cs.to_vec();
    for (i, c) in rotated.iter_mut().enumerate() {
        c.value = cs[(i + 1) % cs.len()].value.clone();
    }
    out.push(("cases", rotated));
    for (i, c) in cs.iter().enumerate() {
        out.push(("cases", without(cs, i)));
        let other = cs[(i + 1) % cs.len()].value.clone();
        out.push(("cases", with(cs, i, Case { value: other, condition: c.condition.clone() })));
        let Some(condition) = &c.condition else { continue };
        for condition in borders(condition) {
            let case = Case { value: c.value.clone(), condition: Some(condition) };
            out.push(("border", with(cs, i, case)));
        }
    }
    // The border moved, in all cases alike.
    for factor in [Expr::int(2), Expr::ratio(1, 2)] {
        let moved = cs.iter().map(|c| Case {
            value: c.value.clone(),
            condition: c.condition.as_ref().map(|f| scaled(f, &factor)),
        });
        out.push(("border", moved.collect()));
    }
    out
}

fn borders(f: &Formula) -> Vec<Formula> {
    let Formula::Rel(a, r, b) = f else { return vec![] };
    let strictness = match r {
        Relation::Lt => Relation::Le,
        Relation::Le => Relation::Lt,
        Relation::Gt => Relation::Ge,
        Relation::Ge => Relation::Gt,
        same => *same,
    };
    let rel = |r| Formula::Rel(a.clone(), r, b.clone());
    vec![
        rel(strictness),
        rel(r.mirrored()),
        rel(r.negated()),
        scaled(f, &Expr::int(2)),
        scaled(f, &Expr::ratio(1, 2)),
    ]
}

fn scaled(f: &Formula, by: &Expr) -> Formula {
    match f {
        Formula::Rel(a, r, b) => Formula::Rel(a.clone(), *r, by.clone() * b.clone()),
        other => other.clone(),
    }
}
