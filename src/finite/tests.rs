use super::*;

fn two() -> Frame {
    let group = |name: &str| Group { name: name.into(), payoff: format!("U_{name}"), letter: None };
    Frame {
        groups: vec![group("A"), group("B")],
        shapes: vec![Shape::Unimodal],
        continuous: false,
        abstaining: Abstaining::Nobody,
    }
}

fn asked(frame: &Frame, clause: &str) -> Judgement {
    let clause = parse(clause, frame).unwrap_or_else(|e| panic!("{e} at {:?}", e.span));
    let q = Question { frame: frame.clone(), hypotheses: vec![], clause, possible: false };
    judge(&q)
}

fn show(frame: &Frame, j: &Judgement) {
    match j {
        Judgement::Fails { model, openly, unless, proved, bound, pareto, .. } => {
            let u: Vec<String> = unless.iter().map(|s| s.plain(frame, &str::to_owned)).collect();
            let p: Vec<String> = pareto.iter().map(ToString::to_string).collect();
            println!(
                "FAILS openly {openly} unless {u:?} proved {proved} [{bound}]\n   {:?} at {:?} pareto {p:?}",
                model.curves, model.at
            );
        }
        Judgement::Proved(c) => println!("PROVED {}", c.len()),
        Judgement::Supported { bound, .. } => println!("SUPPORTED {bound}"),
        Judgement::Vacuous(_) => println!("VACUOUS"),
        Judgement::Possible { model, .. } => println!("POSSIBLE {model:?}"),
    }
}

#[test]
fn trial() {
    let f = two();
    for c in [
        "for all x: optimal(x) and acceptable(x) iff between(x, peak(A), peak(B)) and U_A(x) > 0 and U_B(x) > 0",
        "for all x: optimal(x) and acceptable(x) iff between(x, peak(A), peak(B)) and U_A(x) >= 0 and U_B(x) >= 0",
        "for all x: optimal(x) iff between(x, peak(A), peak(B)) and U_A(x) >= 0 and U_B(x) >= 0",
        "(for no x: between(x, peak(A), peak(B)) and U_A(x) > 0 and U_B(x) > 0) implies optimal(disagreement)",
        "(for no x: between(x, peak(A), peak(B)) and U_A(x) >= 0 and U_B(x) >= 0) implies optimal(disagreement)",
        "for all x, y, z: optimal(x) and optimal(z) and x < y < z implies optimal(y)",
        "for all x, y: x < y and y < peak(A) and y < peak(B) implies U_A(x) < U_A(y) and U_B(x) < U_B(y)",
        "for all x, y: between(x, peak(A), peak(B)) and between(y, peak(A), peak(B)) and x != y implies U_A(x) < U_A(y) and U_B(x) > U_B(y) or U_A(x) > U_A(y) and U_B(x) < U_B(y)",
    ] {
        let t = std::time::Instant::now();
        println!("{c}");
        match parse(c, &f) {
            Ok(_) => show(&f, &asked(&f, c)),
            Err(e) => println!("{e}"),
        }
        println!("   {:?}", t.elapsed());
    }
}

fn family(abstaining: Abstaining) -> Frame {
    let mut f = two();
    f.groups[1] = Group { name: "B_i".into(), payoff: "U_{B_i}".into(), letter: Some("i".into()) };
    Frame { abstaining, ..f }
}

#[test]
fn trial_family() {
    for (f, cs) in [
        (
            family(Abstaining::Apart),
            vec![
                "for all x: U_A(x) < 0 implies not optimal(x)",
                "for all x: U_A(x) < 0 implies not (optimal(x) and acceptable(x))",
                "for all x: U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies not optimal(x)",
                "for all x: U_A(x) > 0 and decreasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x)) implies not optimal(x)",
                "for all x: U_A(x) > 0 and increasing(U_A, x) and (for some i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies optimal(x)",
                "for all x: U_A(x) >= 0 and not (U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x))) and not (U_A(x) > 0 and decreasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x))) implies optimal(x)",
                "optimal(disagreement) implies (for all x: U_A(x) < 0 or (U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x))) or (U_A(x) > 0 and decreasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x))))",
                "(for all x: U_A(x) < 0 or (U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x))) or (U_A(x) > 0 and decreasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x)))) implies optimal(disagreement)",
                "for all x, y, z: optimal(x) and acceptable(x) and optimal(z) and acceptable(z) and x < y < z implies optimal(y)",
            ],
        ),
        (
            family(Abstaining::Costing { leader: 0 }),
            vec![
                "for all x: U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies not optimal(x)",
                "for all x: U_A(x) > 0 and increasing(U_A, x) and (for some i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies optimal(x)",
                "for all x: U_A(x) > 0 and decreasing(U_A, x) and (for some i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x)) implies optimal(x)",
            ],
        ),
    ] {
        for c in cs {
            let t = std::time::Instant::now();
            println!("{c}");
            match parse(c, &f) {
                Ok(_) => show(&f, &asked(&f, c)),
                Err(e) => println!("{e} {:?}", e.unknown),
            }
            println!("   {:?}", t.elapsed());
        }
    }
}
