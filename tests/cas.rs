//! The symbolic layer as its users see it: through the child process.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use proofread::cas::{Cas, CasError};
use proofread::expr::{Expr, Function, Symbol};

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_proofread"))
}

/// One client for the tests of the algebra, as an audit has one.
fn cas() -> Cas {
    static CAS: LazyLock<Cas> = LazyLock::new(|| Cas::new(program()));
    CAS.within(Duration::from_secs(60))
}

fn x(name: &str) -> Expr {
    Expr::sym(name)
}

fn n(value: i64) -> Expr {
    Expr::int(value)
}

fn pow(b: Expr, e: Expr) -> Expr {
    Expr::pow(b, e)
}

fn ln(e: Expr) -> Expr {
    Expr::Fun(Function::Ln, vec![e])
}

fn show(e: &Expr) -> String {
    let join = |xs: &[Expr], by: &str| xs.iter().map(show).collect::<Vec<_>>().join(by);
    match e {
        Expr::Num(v) => v.to_string(),
        Expr::Sym(s) => s.to_string(),
        Expr::Add(xs) => format!("({})", join(xs, " + ")),
        Expr::Mul(xs) => join(xs, " "),
        Expr::Pow(b, p) => format!("[{}]^[{}]", show(b), show(p)),
        Expr::Fun(f, xs) => format!("{f:?}({})", join(xs, ", ")),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_derivative_of_a_cost_with_a_symbolic_exponent() {
    let cost = x("c_0") * pow(x(r"\alpha"), x("k"));
    let d = cas().derivative(&cost, &Symbol::new(r"\alpha")).expect("derivative");
    println!("{}", show(&d));
    let expected = x("k") * x("c_0") * pow(x(r"\alpha"), x("k") - n(1));
    assert_eq!(cas().is_zero(&(d - expected)), Ok(Some(true)));
}

#[test]
fn a_normal_form_has_no_common_factor() {
    let e = (pow(x("a"), n(2)) - pow(x("b"), n(2))) / (x("a") - x("b"));
    let normal = cas().normal(&e).expect("normal");
    assert_eq!(show(&normal), "(a + b)");
}

#[test]
fn probe() {
    let (a, b, k) = (x("a"), x("b"), x("k"));
    let tries = [
        pow(pow(a.clone(), n(2)), Expr::ratio(1, 2)),
        pow(pow(a.clone(), n(2)), b.clone()),
        pow(pow(a.clone(), k.clone()), b.clone()),
        pow(n(4) * a.clone(), Expr::ratio(1, 2)),
        pow(n(-4) * a.clone(), Expr::ratio(1, 2)),
        pow(n(8), Expr::ratio(1, 2)),
        pow(n(-8), Expr::ratio(1, 3)),
        pow(a.clone() * b.clone(), k.clone()),
        ln(pow(a.clone(), n(2))),
        ln(Expr::Fun(Function::Exp, vec![a.clone()])),
        Expr::Fun(Function::Exp, vec![a.clone()]) * Expr::Fun(Function::Exp, vec![n(2) * a.clone()]),
        n(1) / (a.clone() - a.clone()),
        pow(a.clone() - a.clone(), b.clone() - b.clone()),
        n(1) / (n(1) + Expr::sqrt(a.clone())),
        pow(a.clone(), k.clone() / (k.clone() - n(1))) - a.clone() * pow(a.clone(), n(1) / (k.clone() - n(1))),
        Expr::sqrt(n(8)) - n(2) * Expr::sqrt(n(2)),
        Expr::sqrt(a.clone() + b.clone()) * Expr::sqrt(a.clone() + b.clone()),
        (a.clone() + b.clone()) / (pow(a.clone(), n(2)) - n(1)) + n(1) / (a.clone() + n(1)),
    ];
    for e in tries {
        let out = |r: Result<Expr, CasError>| r.map_or_else(|e| e.to_string(), |e| show(&e));
        println!("{}\n   expand {}\n   normal {}\n   zero {:?}", show(&e), out(cas().expand(&e)), out(cas().normal(&e)), cas().is_zero(&e));
    }
}

#[test]
fn timing() {
    let cas = Cas::new(program());
    let started = Instant::now();
    let e = x("c") * pow(x("a"), x("k"));
    for i in 0..5 {
        let _ = cas.derivative(&e, &Symbol::new("a")).expect("d");
        println!("{i} {:?}", started.elapsed());
    }
    let _ = cas.normal(&e).expect("d");
    println!("normal {:?}", started.elapsed());
    let _ = (Arc::new(AtomicUsize::new(0)).load(Ordering::SeqCst), CasError::Busy);
}
