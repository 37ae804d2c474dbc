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

fn family() -> Frame {
    let mut f = two();
    f.groups[1] = Group { name: "B_i".into(), payoff: "U_{B_i}".into(), letter: Some("i".into()) };
    Frame { abstaining: Abstaining::Apart, ..f }
}

fn supposing(frame: &Frame, hypotheses: &[&str], clause: &str) -> Judgement {
    let read = |s: &str| parse(s, frame).unwrap_or_else(|e| panic!("{e} at {:?}", e.span));
    let hypotheses = hypotheses.iter().map(|s| read(s)).collect();
    judge(&Question { frame: frame.clone(), hypotheses, clause: read(clause), possible: false })
}

fn asked(frame: &Frame, clause: &str) -> Judgement {
    supposing(frame, &[], clause)
}

const BETWEEN: &str = "for all x: optimal(x) and acceptable(x) iff between(x, peak(A), peak(B))";

#[test]
fn the_set_is_proved_where_nobody_loses_and_the_proof_is_replayed() {
    let Judgement::Proved(cs) = asked(&two(), &format!("{BETWEEN} and U_A(x) >= 0 and U_B(x) >= 0")) else {
        panic!("it holds")
    };
    assert_eq!(cs.len(), 2);
    for c in cs {
        assert_eq!(c.check(), Ok(()));
        let Certificate::Exhausted { frame, mut sentence, members } = c else { panic!("a proof") };
        // The converse of what is proved is not.
        let Sentence::All(_, body) = &mut sentence else { panic!("for all x") };
        **body = Sentence::Not(body.clone());
        assert!(Certificate::Exhausted { frame, sentence, members }.check().is_err());
    }
}

#[test]
fn a_clause_that_fails_where_a_payoff_is_zero_says_so() {
    let f = two();
    let Judgement::Fails { openly, unless, proved, model, certificates, .. } =
        asked(&f, &format!("{BETWEEN} and U_A(x) > 0 and U_B(x) > 0"))
    else {
        panic!("it fails")
    };
    assert!(!openly && proved);
    let mut unless: Vec<String> = unless.iter().map(|s| s.plain(&f, &str::to_owned)).collect();
    unless.sort();
    assert_eq!(unless, ["U_A(x) ≠ 0", "U_B(x) ≠ 0"]);
    assert!(certificates.iter().all(|c| c.check().is_ok()));
    // Payoffs that do not deny it are no counterexample.
    let Some(Certificate::False { frame, sentence, .. }) = certificates.first().cloned() else {
        panic!("payoffs")
    };
    let mut model = *model;
    model.curves.values = vec![vec![2.into(), 1.into()], vec![2.into(), 1.into()]];
    assert!(Certificate::False { frame, sentence, model }.check().is_err());
}

#[test]
fn a_member_at_its_peak_is_the_border_of_an_exclusion() {
    let f = family();
    let clause = "for all x: U_A(x) > 0 and increasing(U_A, x) and \
                  (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies not optimal(x)";
    let Judgement::Fails { openly: false, unless, clean: true, proved: false, .. } = asked(&f, clause) else {
        panic!("it fails on a border")
    };
    let unless: Vec<String> = unless.iter().map(|s| s.plain(&f, &str::to_owned)).collect();
    assert_eq!(unless, ["for all i: x ≠ peak(B_i)"]);
}

#[test]
fn hypotheses_that_contradict_each_other_make_a_clause_vacuous() {
    let hypotheses = ["U_A(0) < 0", "peak(A) = 0", "for some x: U_A(x) > 0"];
    assert!(matches!(supposing(&two(), &hypotheses, "optimal(disagreement)"), Judgement::Vacuous(_)));
}

#[test]
fn what_is_not_understood_is_named_at_its_place() {
    let f = two();
    let wrong = |s: &str| parse(s, &f).expect_err("it is wrong");
    let e = wrong("for all x: optimul(x)");
    assert_eq!((e.span, e.unknown.map(|u| u.0)), (11..18, Some("optimul".into())));
    assert_eq!(wrong("for all x: U_A(x) < U_B(x)").span, 11..26);
    assert_eq!(wrong("for all x: U_C(x) > 0").span, 11..14);
    for s in [
        "",
        "for",
        "for all x",
        "optimal(y)",
        "not",
        "((",
        "U_A(x",
        "for all x: x < ",
        "x^{",
        "U_{",
        "}",
        "U_}}",
    ] {
        wrong(s);
    }
}

/// Numbers that look random, the same in every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % n).expect("small")
    }
    fn curves(&mut self, knots: i64) -> Curves {
        let mut payoff = || {
            let peak = self.below(knots as u64);
            let mut values = vec![rug::Rational::from(self.below(9) - 2); knots as usize];
            for k in (0..peak as usize).rev() {
                values[k] = rug::Rational::from(&values[k + 1] - (1 + self.below(3)));
            }
            for k in peak as usize + 1..knots as usize {
                values[k] = rug::Rational::from(&values[k - 1] - (1 + self.below(3)));
            }
            values
        };
        let values = vec![payoff(), payoff()];
        let knots = (0..knots).map(|k| rug::Rational::from((k, knots - 1))).collect();
        Curves { knots, values, adds: vec![] }
    }
}

#[test]
fn the_exact_set_is_what_no_agreement_of_a_grid_dominates() {
    let (f, seed) = (two(), 7);
    let mut draws = Draws(seed);
    for game in 0..60 {
        let curves = draws.curves(4);
        assert!(curves.are_unimodal(2), "{curves:?}");
        let set = pareto_set(&curves, &f);
        let at = |x: &rug::Rational| [0, 1].map(|p| curves.payoff(p, x));
        let grid: Vec<rug::Rational> = (0..=60).map(|k| rug::Rational::from((k, 60))).collect();
        for x in &grid {
            let now = at(x);
            let better =
                |then: &[rug::Rational; 2]| then.iter().zip(&now).all(|(t, n)| t >= n) && *then != now;
            let dominated = grid.iter().any(|y| better(&at(y))) || better(&[0.into(), 0.into()]);
            let inside = set.iter().any(|i| i.contains(x));
            assert!(!(dominated && inside), "seed {seed}, game {game}: {x} in {set:?}, {curves:?}");
            // The peaks are on the grid's knots, and of strictly unimodal payoffs they dominate.
            assert!(dominated || inside, "seed {seed}, game {game}: {x} not in {set:?}, {curves:?}");
        }
    }
}

/// Clauses that are proved, of two players and of a player and a family.
fn proved_clauses() -> Vec<(Frame, String)> {
    let two_players = [
        format!("{BETWEEN} and U_A(x) >= 0 and U_B(x) >= 0"),
        "for all x: x < peak(A) and x < peak(B) implies not optimal(x)".into(),
        "for all x: between(x, peak(A), peak(B)) and U_A(x) > 0 and U_B(x) > 0 implies optimal(x)".into(),
    ];
    let with_members = [
        "for all x: U_A(x) > 0 and increasing(U_A, x) and \
         (for some i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies optimal(x)",
        "for all x: U_A(x) > 0 and decreasing(U_A, x) and \
         (for some i: U_{B_i}(x) > 0 and increasing(U_{B_i}, x)) implies optimal(x)",
    ];
    let two_players = two_players.into_iter().map(|s| (two(), s));
    two_players.chain(with_members.map(|s| (family(), s.to_owned()))).collect()
}

/// The truth of a sentence about payoffs on the whole interval.
fn is_true(frame: &Frame, sentence: &Sentence, curves: &Curves, members: usize) -> bool {
    let mut writer = core::Writer::new(frame, members);
    let written = writer.write(sentence);
    let mut env = vec![None; writer.variables.len()];
    let whole = continuum::Continuum::new(curves, frame);
    whole.truth(&written, &mut env).unwrap_or_else(|e| panic!("{e}"))
}

/// Of more members than are tried for a proof, too. may have, more than are tried for a proof.
#[test]
fn what_is_proved_is_true_of_random_payoffs_of_any_number_of_members() {
    let seed = 11;
    let mut draws = Draws(seed);
    for (frame, clause) in proved_clauses() {
        assert!(matches!(asked(&frame, &clause), Judgement::Proved(_)), "{clause}");
        let sentence = parse(&clause, &frame).unwrap_or_else(|e| panic!("{e}"));
        let (mut held, mut applied) = (0, 0);
        for _ in 0..300 {
            let members = if frame.family().is_some() { 1 + draws.below(4) as usize } else { 1 };
            let mut curves = draws.curves(4);
            let players = frame.groups.len() - 1 + members;
            while curves.values.len() < players {
                curves.values.extend(draws.curves(4).values);
            }
            curves.values.truncate(players);
            // Where its premise is met somewhere, the clause says something.
            let Sentence::All(v, body) = &sentence else { panic!("for all x") };
            let (Sentence::Implies(premise, _) | Sentence::Iff(premise, _)) = body.as_ref() else {
                panic!("an implication")
            };
            let never = Sentence::All(v.clone(), Box::new(Sentence::Not(premise.clone())));
            held += usize::from(is_true(&frame, &sentence, &curves, members));
            applied += usize::from(!is_true(&frame, &never, &curves, members));
        }
        assert_eq!(held, 300, "seed {seed}: {clause}");
        assert!(applied > 60, "seed {seed}: {clause} says something of {applied} only");
    }
}
