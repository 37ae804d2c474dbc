use super::*;

fn script(text: &str) -> Script {
    read(text, None).unwrap_or_else(|e| panic!("`{text}` is refused: {e}"))
}

fn refused(text: &str) -> (usize, usize, String, String) {
    match read(text, None) {
        Err(Error::Wrong { line, column, message, help }) => (line, column, message, help),
        other => panic!("`{text}` gives {other:?}"),
    }
}

/// Whether two terms over `x`, `y`, `p` (`p` of sort Bool) are read as one.
fn same(a: &str, b: &str) {
    let declared = "(declare-const x Real)(declare-const y Real)(define-const p Bool (< x y))";
    let s = script(&format!("{declared}(assert {a})(assert {b})"));
    assert_eq!(s.commands[0], s.commands[1], "{a} and {b}");
}

#[test]
fn forms_with_several_arguments_mean_what_the_standard_says() {
    same("(< x y 1)", "(and (< x y) (< y 1))");
    same("(= x y 1)", "(and (= x y) (= y 1))");
    same("(= 0 (- x y 1))", "(= 0 (+ x (- y) (- 1)))");
    same("(= 0 (/ x y 2))", "(= 0 (/ (/ x y) 2))");
    same("(=> p true p)", "(or (not p) (not true) p)");
    same("(xor p true p)", "(xor (xor p true) p)");
    same("(distinct p true)", "(xor p true)");
    same("(distinct p true p)", "false");
}

#[test]
fn a_let_binds_in_parallel_and_ends_with_its_body() {
    same("(let ((x y) (y x)) (< x y))", "(< y x)");
    same("(and (let ((x y)) (< x 1)) (< x 2))", "(and (< y 1) (< x 2))");
    same("(let ((x 1)) (let ((x (+ x y))) (< x 0)))", "(< (+ 1 y) 0)");
    same("(let ((z (let ((x 3)) x))) (< z x))", "(< 3 x)");
}

#[test]
fn a_definition_is_replaced_by_its_body_without_capture() {
    let text = "(declare-const x Real)
        (define-fun f ((y Real) (b Bool)) Real (ite b (+ x y) y))
        (assert (let ((x 2)) (= 0 (f x true))))
        (assert (= 0 (ite true (+ x 2) 2)))";
    let s = script(text);
    // The body's `x` is the declared one, not the one bound where it is used.
    assert_eq!(s.commands[0], s.commands[1]);
}

#[test]
fn wrong_input_is_refused_with_its_place_and_what_was_expected() {
    let table = [
        ("(push 1)", (1, 1), "`push` is not supported", "one script for each"),
        ("(assert (< x 1))", (1, 12), "`x` is not declared", "(declare-const x Real)"),
        ("\n (assert (= 0 -1))", (2, 15), "`-1` is not declared", "(- 1)"),
        ("(assert (and true 1))", (1, 19), "`1` is of sort Real", "sort Bool"),
        ("(assert 1)", (1, 9), "`1` is of sort Real", "sort Bool"),
        ("(declare-fun f (Real) Real)", (1, 16), "declares a function", "constants"),
        ("(declare-const b Bool)", (1, 18), "`Bool`", "Real"),
        ("(declare-const b Int)", (1, 18), "the sort `Int`", "Real"),
        ("(set-logic QF_NIA)", (1, 12), "the logic `QF_NIA`", "QF_NRA"),
        ("(declare-const x Real)(declare-const x Real)", (1, 38), "declared twice", "another"),
        ("(declare-const + Real)", (1, 16), "meaning of its own", "another"),
        ("(declare-const x Real)(assert (= 0 (^ x x)))", (1, 41), "the exponent `x`", "natural"),
        ("(assert (forall ((x Real)) true))", (1, 9), "`forall`", "supported"),
        ("(assert (not true false))", (1, 9), "has 2 arguments", "expected 1"),
        ("(assert (let ((a 1) (a 2)) true))", (1, 21), "bound twice", "another"),
        ("(assert (let ((a 1)) a)))", (1, 25), "closes nothing", "take it away"),
        ("(assert (< 1 2)", (1, 1), "not closed", "close it"),
        ("(assert (= 0 #x1))", (1, 14), "`#x1`", "supported"),
        ("check-sat", (1, 1), "is not a command", "supported commands"),
        ("(get-unsat-core)", (1, 1), "`get-unsat-core` is not supported", "supported commands"),
        ("(define-fun f ((a Real)) Real a)(assert (= 0 f))", (1, 46), "without its 1", "(f …)"),
        ("(define-fun f ((a Real)) Real a)(assert (= 0 (f true)))", (1, 49), "sort Bool", "Real"),
        ("(define-fun f () Real a)", (1, 23), "`a` is not declared", "declare"),
    ];
    for (text, place, message, help) in table {
        let (line, column, m, h) = refused(text);
        assert_eq!((line, column), place, "{text}: {m}");
        assert!(m.contains(message), "{text}: {m}");
        assert!(h.contains(help), "{text}: {h}");
    }
}

#[test]
fn what_stands_after_exit_is_not_read() {
    assert_eq!(script("(check-sat)(exit)(push 1)").commands, [Command::CheckSat]);
}

#[test]
fn nesting_a_hundred_thousand_deep_costs_no_stack() {
    let n = 100_000;
    let text = format!("(declare-const x Real)(assert {}(= x 0){})", "(not ".repeat(n), ")".repeat(n));
    assert_eq!(script(&text).commands.len(), 1);
    let lets = format!("(assert {}true{})", "(let ((a 1)) ".repeat(n), ")".repeat(n));
    assert_eq!(script(&lets).commands.len(), 1);
    let open = "(".repeat(n);
    assert_eq!(refused(&open).1, n);
}

#[test]
fn nested_definitions_that_double_cost_what_they_say() {
    let mut text = String::from("(declare-const x Real)(define-fun f0 ((a Bool)) Bool (and a a))");
    for i in 1..60 {
        text.push_str(&format!("(define-fun f{i} ((a Bool)) Bool (or (f{} a) (f{} a)))", i - 1, i - 1));
    }
    text.push_str("(assert (f59 (< x 0)))");
    assert!(script(&text).terms.len() < 10_000);
}
