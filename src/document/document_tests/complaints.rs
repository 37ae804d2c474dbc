//! Mistakes: all of them in one run, at their byte, each once, and none that does harm.

use super::*;

#[test]
fn everything_that_is_wrong_is_said_in_one_run() {
    let text = "sectoin = 'x'\n[symbols]\n'c' = 'nmae'\n'd' = 1\n[[claim]]\nprints = 1\nid = 'a b'\n";
    assert_eq!(
        wrong(text),
        "p/a.toml:1: unknown-key: unknown key `sectoin` in a paper's file [sectoin] (did you mean `section`?)\n\
         p/a.toml:3: bad-domain: `nmae` is not a kind or a domain of a symbol [nmae] (did you mean `name`?)\n\
         p/a.toml:4: wrong-type: `d` is an integer, and a string was expected [1] (write a string here)\n\
         p/a.toml:6: wrong-type: `prints` is an integer, and a string was expected [1] (write a string here)\n\
         p/a.toml:7: bad-id: `a b` is not an id [a b] (use letters, digits, `-`, `_`, `.` and, between two names, `/`)\n"
    );
}

#[test]
fn a_mistake_in_latex_is_shown_at_its_byte_in_the_file() {
    let text = "[symbols]\n'c_0' = '> 0'\n[[claim]]\nid = 'one'\nprints = 'c_0 = 1 + c_9'\n";
    let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]);
    let problems = load(&[dir.path().join("p")]).expect_err("c_9 is not declared");
    assert_eq!((problems[0].piece(), problems[0].line()), (Some("c_9"), Some(5)));
    let unbalanced = text.replace("c_9", "\\frac{1}{c_0");
    let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", &unbalanced)]);
    let problems = load(&[dir.path().join("p")]).expect_err("a brace is missing");
    assert_eq!((problems[0].problem.code(), problems[0].line()), ("latex", Some(5)));
}

#[test]
fn a_backslash_in_double_quotes_is_refused_rather_than_unescaped() {
    let text = "[symbols]\n'c' = '> 0'\n[[claim]]\nid = 'one'\nprints = \"c \\\\ge 0\"\n";
    assert_eq!(
        wrong(text),
        "p/a.toml:5: escaped: a backslash in double quotes [\"c \\\\ge 0\"] (use single quotes ('…' or '''…'''): LaTeX needs no escaping there)\n"
    );
    let invalid = wrong("[symbols]\n\"\\delta\" = '> 0'\n");
    assert!(invalid.starts_with("p/a.toml:2: syntax: not valid TOML: "), "{invalid}");
    assert!(invalid.contains("put LaTeX in single quotes"), "{invalid}");
}

#[test]
fn a_diagnostic_is_drawn_with_its_place_its_label_and_its_help() {
    let text = "[symbols]\n'c' = '> 0'\n[[claim]]\nid = 'one'\nprints = 'c > 0'\nuniqe = true\n";
    let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]);
    let problems = load(&[dir.path().join("p")]).expect_err("a key is misspelled");
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let drawn = render(&problems, &handler).expect("drawn");
    let drawn = drawn.replace(&format!("{}/", dir.path().display()), "");
    insta::assert_snapshot!(drawn, @r"
    unknown-key

      × unknown key `uniqe` in a claim
       ╭─[p/a.toml:6:1]
     5 │ prints = 'c > 0'
     6 │ uniqe = true
       · ──┬──
       ·   ╰── here
       ╰────
      help: did you mean `unique`?
    ");
}

#[test]
fn one_mistake_is_not_reported_again_by_everything_that_builds_on_it() {
    let users = "[[claim]]\nid = 'two'\ngame = 'duel'\nprints = 'U_G > c'\n\
                 [[derivation]]\nid = 'd'\nof = 'two'\ngame = 'duel'\nsteps = 'U_G > c'\n";
    let broken_game = wrong(&format!("{GAME}{users}").replace("G = 'U_G", "Q = 'U_G"));
    assert_eq!(broken_game.lines().count(), 1, "{broken_game}");
    let broken_symbol = wrong(&format!("{GAME}{users}").replace("'c' = '> 0'", "'c' = 'nmae'"));
    assert_eq!(broken_symbol.lines().count(), 1, "{broken_symbol}");
    let broken_block = wrong(
        "[symbols]\n'c' = '> 0'\n[[derivation]]\nid = 'd'\n[[derivation.block]]\nsteps = 1\n\
         [[derivation.block]]\nsteps = 'c > 0'\nfrom = 1\n",
    );
    assert_eq!(broken_block.lines().count(), 1, "{broken_block}");
}

#[test]
fn lists_nested_without_end_are_refused_without_harm() {
    let problems = wrong(&format!("authors = {}\n", "[".repeat(100_000)));
    assert!(problems.starts_with("p/a.toml:1: syntax: not valid TOML: "), "{}", &problems[..200]);
}

#[test]
fn no_text_makes_the_loader_panic() {
    let text = format!("{GAME}{CLAIM}game = 'duel'\n[[derivation]]\nid = 'd'\nsteps = 'c > 0'\n");
    let mut state = 7_u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(state >> 33).expect("31 bits") % n
    };
    let bits = ["'", "\"", "[", "]", "{", "}", "=", "\n", "\\", "δ", "'''", "[[claim]]\n", "1", ".", ""];
    for _ in 0..300 {
        let mut changed: Vec<char> = text.chars().collect();
        for _ in 0..=next(3) {
            let at = next(changed.len());
            changed.splice(at..at + next(3).min(changed.len() - at), bits[next(bits.len())].chars());
        }
        let changed: String = changed.into_iter().collect();
        let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", &changed)]);
        if let Err(problems) = load(&[dir.path().join("p")]) {
            assert!(!problems.is_empty());
        }
    }
}

#[test]
fn a_function_without_a_formula_takes_as_many_arguments_as_are_declared() {
    let head = "[symbols]\n'x' = '\\ge 0'\n[functions]\n'f(x)' = { on = 'x \\ge 0' }\n";
    let wrong_at = |rest: &str| wrong(&format!("{head}{rest}"));
    let help = "(it is declared as `f(x)`)\n";
    assert_eq!(
        wrong_at("[[claim]]\nid = 'one'\nsays = 'f(x, x) > 0'\n"),
        format!("p/a.toml:7: arguments: `f` is applied to 2 arguments [f(x, x) > 0] {help}")
    );
    assert_eq!(
        wrong_at("[[claim]]\nid = 'one'\nassuming = 'f(x, x) > 0'\nprints = 'x > 0'\n"),
        format!("p/a.toml:7: arguments: `f` is applied to 2 arguments [f(x, x) > 0] {help}")
    );
    assert_eq!(
        wrong_at("[[derivation]]\nid = 'one'\nsteps = 'x > f(x, x, x)'\n"),
        format!("p/a.toml:7: arguments: `f` is applied to 3 arguments [x > f(x, x, x)] {help}")
    );
    // Where it has a formula of its own, it is another function.
    let own = "[[claim]]\nid = 'one'\nwhere = { 'f(x, y)' = 'x y' }\nsays = 'f(x, x) = x^2'\n";
    good(&format!("{head}{own}"));
}
