use std::collections::BTreeSet;

use super::atoms::Atoms;
use super::{WithSums, linear};
use crate::expr::fold::fold;
use crate::expr::{Entry, Expr, Formula, IndexRange, Kind, Relation, Scope, Symbol};
use crate::prove::{Engines, Judge, Judgement};
use crate::tex;

/// A family of positive `c_i` and exponents `k_i`, positive `a`, and `x` in `[0,1]`.
fn scope() -> Scope {
    let mut scope = Scope::new();
    for name in ["n", "a", "x", "c_i", "k_i"] {
        let entry = Entry { symbol: Symbol::new(name), kind: Kind::Variable, domain: vec![] };
        scope.declare(entry).expect("declared once");
    }
    for (name, domain) in
        [("n", r"\ge 1"), ("a", "> 0"), ("x", r"\in [0,1]"), ("c_i", "> 0"), ("k_i", r"\ge 2")]
    {
        let symbol = Symbol::new(name);
        let domain = tex::parse_domain(&symbol, domain, &scope).expect("a domain");
        scope.variable(symbol, domain);
    }
    scope.mark_integer(Symbol::new("n"));
    scope.add_index(Symbol::new("i"), Expr::sym("n"));
    scope.add_index(Symbol::new("j"), Expr::sym("n"));
    scope.spread();
    scope
}

/// A term with its gatherings over working letters, as elaboration leaves it.
fn term(latex: &str, scope: &Scope) -> Expr {
    fn working(e: &Expr, range: &IndexRange) -> Expr {
        match e {
            Expr::Over { gather, index, lower, upper, body } => {
                let letter =
                    range.working().into_iter().find(|l| !body.has_index(l)).expect("a letter is left");
                Expr::Over {
                    gather: *gather,
                    lower: lower.clone(),
                    upper: upper.clone(),
                    body: Box::new(working(&body.reindexed(index, &letter), range)),
                    index: letter,
                }
            }
            _ => e.map(&mut |c| working(c, range), &mut Formula::clone),
        }
    }
    let e = tex::parse_expr(latex, scope).unwrap_or_else(|e| panic!("{latex}: {e}"));
    fold(&working(&e, &scope.indices()[0]))
}

fn facts(scope: &Scope) -> Vec<Formula> {
    scope.facts().iter().map(Formula::unchained).collect()
}

fn judged(left: &str, relation: Relation, right: &str) -> Judgement {
    let scope = scope();
    let engines = Engines::default();
    let judge = WithSums::new(&engines, scope.indices());
    judge.judge(&facts(&scope), &Formula::Rel(term(left, &scope), relation, term(right, &scope)))
}

#[track_caller]
fn holds(left: &str, relation: Relation, right: &str) {
    let judgement = judged(left, relation, right);
    assert!(matches!(judgement, Judgement::Holds(_)), "{left} {relation:?} {right}: {judgement:?}");
}

#[test]
fn a_sum_is_linear_and_counts_its_members() {
    holds(r"\sum_i (a + x c_i)", Relation::Eq, r"n a + x \sum_j c_j");
    holds(
        r"\sum_i \left(\frac{a}{2 c_i} - \frac{1}{c_i}\right)",
        Relation::Eq,
        r"(a/2 - 1) \sum_i \frac{1}{c_i}",
    );
    holds(r"\sum_i 1", Relation::Eq, "n");
    holds(r"\sum_i (c_i + 1)^2", Relation::Eq, r"\sum_i c_i^2 + 2 \sum_i c_i + n");
    holds(r"\sum_i \sum_j c_i c_j", Relation::Eq, r"\left(\sum_i c_i\right)^2");
    holds(
        r"\sum_i \left(\frac{1}{c_i k_i}\right)^{\frac{1}{k_i - 1}}",
        Relation::Eq,
        r"\sum_i (c_i k_i)^{\frac{-1}{k_i - 1}}",
    );
}

#[test]
fn what_is_not_linear_is_no_sum_of_sums() {
    for (left, right) in [
        (r"\sum_i c_i^2", r"\left(\sum_i c_i\right)^2"),
        (r"\sum_i \frac{1}{c_i}", r"\frac{n}{\sum_i c_i}"),
        (r"\sum_i a", "a"),
        (r"\sum_i c_i", "n c_j"),
    ] {
        let judgement = judged(left, Relation::Eq, right);
        assert!(matches!(judgement, Judgement::Fails { .. }), "{left} = {right}: {judgement:?}");
    }
}

#[test]
fn a_counterexample_is_a_family_that_bears_it_out() {
    let scope = scope();
    let statement = Formula::Rel(
        term(r"\sum_i \frac{1}{c_i}", &scope),
        Relation::Le,
        term(r"\frac{n}{\max_i c_i} + \frac{1}{c_j}", &scope),
    );
    let engines = Engines::default();
    let Judgement::Fails { witness, .. } =
        WithSums::new(&engines, scope.indices()).judge(&facts(&scope), &statement)
    else {
        panic!("not refuted");
    };
    let truth = crate::prove::evaluate::truth(&statement, &witness, 256);
    assert_eq!(truth, crate::prove::evaluate::Truth::False, "{witness:?}");
}

#[test]
fn the_evidence_of_a_counterexample_is_about_the_family() {
    let Judgement::Fails { witness, evidence, .. } = judged(r"\sum_i c_i", Relation::Eq, "n c_j") else {
        panic!("not refuted");
    };
    let json = serde_json::to_value(&evidence[0]).expect("plain data");
    let certified = crate::prove::recheck::accepted(&json).expect("it bears out");
    assert!(!certified.statement.terms()[0].gatherings().is_empty(), "{:?}", certified.statement);
    assert!(matches!(certified.proof, crate::prove::evidence::Proof::Witness { at } if at == witness));
}

#[test]
fn every_member_is_between_the_extremes() {
    holds(r"\min_i c_i", Relation::Le, r"\max_i c_i");
}

#[test]
fn a_sum_is_bound_by_its_members_and_their_extremes() {
    holds(r"\sum_i \frac{1}{c_i}", Relation::Gt, "0");
    holds(r"\sum_i \frac{1}{c_i}", Relation::Ge, r"\frac{1}{c_j}");
    holds(r"\sum_i \frac{1}{c_i}", Relation::Ge, r"\frac{n}{\max_i c_i}");
    holds(r"\sum_i \frac{1}{c_i}", Relation::Le, r"\frac{n}{\min_i c_i}");
    holds(r"\max_i c_i", Relation::Ge, "c_j");
    holds(r"\min_i \left(\frac{1}{c_i}\right)", Relation::Eq, r"\frac{1}{\max_i c_i}");
}

#[test]
fn what_holds_for_one_or_two_members_only_is_not_proved() {
    // Equal for one member, false for two.
    let judgement = judged(r"\sum_i \frac{1}{c_i}", Relation::Le, r"\frac{1}{\min_i c_i}");
    assert!(matches!(judgement, Judgement::Fails { .. }), "{judgement:?}");
    // Fails first at five members, which are not written out.
    let judgement = judged(r"\sum_i \frac{c_i}{c_i + a}", Relation::Lt, "4");
    assert!(matches!(judgement, Judgement::Unknown(_)), "{judgement:?}");
}

#[test]
fn a_sum_of_what_may_be_undefined_is_not_taken_apart_unseen() {
    let judgement = judged(r"\sum_i \frac{c_i - a}{c_i - a}", Relation::Eq, "n");
    assert!(!matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
}

#[test]
fn symbols_for_sums_are_put_back() {
    let scope = scope();
    let engines = Engines::default();
    let known = facts(&scope);
    let mut atoms = Atoms::new(scope.indices(), known.clone(), &engines);
    let e = term(r"\frac{a}{\sum_i \frac{1}{c_i}} + \max_i c_i", &scope);
    let plain = atoms.term(&e).expect("understood");
    assert!(plain.gatherings().is_empty());
    assert_eq!(atoms.back(&plain), fold(&linear::normal(&e, scope.indices(), &known)));
    assert!(atoms.facts(&BTreeSet::new(), false).len() >= 3);
}

/// The judgement of `premise => conclusion`, each an equation or inequality.
fn implied(premise: (&str, Relation, &str), conclusion: (&str, Relation, &str)) -> Judgement {
    let scope = scope();
    let engines = Engines::default();
    let said =
        |(left, r, right): (&str, Relation, &str)| Formula::Rel(term(left, &scope), r, term(right, &scope));
    let statement = Formula::implies(said(premise), said(conclusion));
    WithSums::new(&engines, scope.indices()).judge(&facts(&scope), &statement)
}

#[test]
fn a_conclusion_has_to_be_defined_only_where_its_premise_holds() {
    let sum = r"\sum_i \frac{1}{c_i}";
    let solved = (r"x", Relation::Eq, r"\frac{1}{\sum_i \frac{1}{c_i} - a}");
    let premise = format!(r"x \left({sum} - a\right)");
    let judgement = implied((&premise, Relation::Eq, "1"), solved);
    assert!(matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
    let judgement =
        implied((sum, Relation::Ge, "a"), (r"\frac{1}{\sum_i \frac{1}{c_i} - a}", Relation::Gt, "0"));
    assert!(!matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
    // The members of a sum in the conclusion are not defined by the premise.
    let members = (r"\sum_i \frac{c_i - a}{c_i - a}", Relation::Eq, "n");
    let judgement = implied((sum, Relation::Ge, "a"), members);
    assert!(!matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
    // A member of a premise without a sum.
    let judgement = implied(("c_i", Relation::Ge, "2 n"), (r"\frac{c_i}{c_i - n}", Relation::Le, "2"));
    assert!(matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
}

#[test]
fn what_is_excepted_of_a_single_member_is_excepted_of_the_family() {
    let power = r"(c_i - a) (c_i - a)^{-1}";
    let judgement = judged(power, Relation::Eq, "1");
    let Judgement::Except { exceptions, .. } = judgement else { panic!("{judgement:?}") };
    assert_eq!(exceptions.len(), 1, "{exceptions:?}");
}

/// A statement about `a` alone, under what is known and `more`.
fn about_no_member(right: i64, more: &[Formula]) -> Judgement {
    let scope = scope();
    let engines = Engines::default();
    let judge = WithSums::new(&engines, scope.indices());
    let known = [facts(&scope), more.to_vec()].concat();
    judge.judge(&known, &Formula::rel(Expr::sym("a"), Relation::Gt, Expr::int(right)))
}

#[test]
fn a_statement_about_no_member_is_judged_without_them() {
    // Known of every member, and of the one at a letter.
    let at_least = |member: &str| Formula::rel(Expr::sym(member), Relation::Ge, Expr::sym("a"));
    let of_every = [at_least("c_{i'}"), at_least("c_i")];
    let Judgement::Fails { witness, .. } = about_no_member(1, &of_every) else { panic!("it fails") };
    assert_eq!(witness.into_keys().collect::<Vec<_>>(), [Symbol::new("a")]);
    assert!(matches!(about_no_member(0, &of_every), Judgement::Holds(_)));
}

#[test]
fn members_that_cannot_be_leave_nothing_to_prove_or_refute() {
    let beyond = [Formula::rel(Expr::sym("c_i"), Relation::Lt, Expr::int(0))];
    assert!(matches!(about_no_member(0, &beyond), Judgement::Vacuous(_)));
    assert!(matches!(about_no_member(1, &beyond), Judgement::Vacuous(_)));
    // Only an `a` that leaves room for the members is a counterexample.
    let small = ["c_i", "c_{i'}"].map(|c| {
        let below = Formula::rel(Expr::sym(c), Relation::Gt, Expr::int(2));
        Formula::and(vec![below, Formula::rel(Expr::sym("a"), Relation::Ge, Expr::sym(c))])
    });
    assert!(matches!(about_no_member(1, &small), Judgement::Holds(_)));
}

#[test]
fn a_statement_that_has_no_value_in_its_exception_fails_there() {
    let fraction = (r"\frac{a}{a - \sum_i c_i}", Relation::Ne, "0");
    let scope = scope();
    let engines = Engines::default();
    let judge = WithSums::new(&engines, scope.indices());
    let statement = Formula::implies(
        Formula::Rel(term("a", &scope), Relation::Ge, term(r"\sum_i c_i", &scope)),
        Formula::Rel(term(fraction.0, &scope), fraction.1, term(fraction.2, &scope)),
    );
    let judgement = judge.judge(&facts(&scope), &statement);
    let Judgement::Except { exceptions, witness, .. } = judgement else { panic!("{judgement:?}") };
    assert_eq!(exceptions.len(), 1, "{exceptions:?}");
    assert!(witness.is_some());
}
