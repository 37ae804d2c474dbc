//! Texts against papers: what is covered by what, and what only looks as if it were.

use std::path::Path;

use tempfile::TempDir;

use super::{Coverage, Form, Kind, Options, State, cover};
use crate::document::{Paper, Source, load};

const HEAD: &str = r"
[symbols]
'a' = '> 0'
'b' = '> 0'
'c' = '> 0'
'f' = 'function'
";

fn paper(claims: &str) -> Vec<Paper> {
    let dir = TempDir::new().expect("a temporary folder");
    let main = "title = 'A paper'\n[versions]\nlong = 'long'\nshort = 'short'\n";
    std::fs::write(dir.path().join("paper.toml"), main).expect("a file");
    std::fs::write(dir.path().join("x.toml"), format!("{HEAD}{claims}")).expect("a file");
    load(&[dir.path().to_owned()]).unwrap_or_else(|e| panic!("{e:?}"))
}

fn compare(text: &str, claims: &str, options: &Options) -> Coverage {
    let source = Source::new(Path::new("text.md"), text.to_owned());
    cover(&source, Form::Markdown, &paper(claims), options).unwrap_or_else(|e| panic!("{e:?}"))
}

fn states(text: &str, claims: &str) -> Vec<State> {
    let coverage = compare(text, claims, &Options::default());
    coverage.equations.iter().flat_map(|e| &e.rows).map(|r| r.state).collect()
}

fn claim(prints: &str) -> String {
    format!("[[claim]]\nid = 'one'\nprints = '{prints}'\n")
}

/// What becomes of one displayed row beside one claim.
fn state(displayed: &str, claimed: &str) -> State {
    let all = states(&format!("$${displayed}$$\n"), &claim(claimed));
    assert_eq!(all.len(), 1, "{displayed}");
    all[0]
}

const CLAIMED: State = State::Covered(Kind::Claim);

#[test]
fn spaces_sizes_and_labels_make_no_difference() {
    for displayed in [
        r"\left( a+b \right)^{2}=a^2+2ab+b^2.",
        r"\bigl(a + b\bigr)^2 \; = \, a^{2} + 2 a b + b^{2} \tag{7}",
        "\\begin{aligned}\n(a+b)^2 &= a^2+2ab+b^2\n\\end{aligned}",
        r"\Rightarrow (a+b)^2 = a^2+2ab+b^2 \quad \text{by Lemma 2}",
    ] {
        assert_eq!(state(displayed, r"(a+b)^2 = a^2 + 2 a b + b^2"), CLAIMED, "{displayed}");
    }
}

#[test]
fn what_differs_in_one_sign_is_not_covered() {
    let claimed = r"(a+b)^2 = a^2 + 2 a b + b^2";
    for decoy in [
        r"(a-b)^2 = a^2 + 2 a b + b^2",
        r"(a+b)^2 = a^2 - 2 a b + b^2",
        r"(a+b)^2 \ge a^2 + 2 a b + b^2",
        r"(a+b)^2 = a^2 + 2 a c + b^2",
        r"(a+b)^2 = a^2 + 2 a b + b^3",
        r"(a+b)^2 = a^2 + 2 a b",
        r"= a^2 + 2 a b + b^2",
        r"(a+b)^2 = a^2 + 2 a b + b^2 \quad \text{if } a > b",
    ] {
        assert!(!matches!(state(decoy, claimed), State::Covered(_)), "{decoy}");
    }
}

#[test]
fn the_same_terms_in_other_signs_are_the_same() {
    assert_eq!(state(r"\frac{a}{b} = \sqrt{c}", r"a/b = c^{1/2}"), CLAIMED);
    assert_eq!(state(r"a \cdot b > 0", r"a b > 0"), CLAIMED);
    assert_eq!(state(r"b \cdot a > c", r"c < a b"), State::Nothing);
}

#[test]
fn a_chain_is_covered_link_by_link() {
    let two = "[[claim]]\nid = 'one'\nprints = 'a = b'\n[[claim]]\nid = 'two'\nprints = 'b < c'\n";
    assert_eq!(states("$$a = b < c$$\n", two), [CLAIMED]);
    assert_eq!(states("$$a < c$$\n", two), [State::Nothing]);
    assert_eq!(state("a = b", "a = b < c"), CLAIMED);
    assert_eq!(state("a = c", "a = b = c"), State::Nothing);
    assert_eq!(state(r"a = b, \quad b = c", "a = b"), State::InPart);
    let coverage = compare("$$a = b < c$$\n", &claim("a = b"), &Options::default());
    let row = &coverage.equations[0].rows[0];
    assert_eq!((row.state, row.left.as_slice()), (State::InPart, ["b < c".to_owned()].as_slice()));
}

#[test]
fn a_claim_that_holds_only_somewhere_covers_no_formula_without_its_condition() {
    let claimed = r"f(a) = \begin{cases} 1 & a > b \\ 2 & a \le b \end{cases}";
    assert_eq!(state(claimed, claimed), CLAIMED);
    assert_eq!(state("f(a) = 1", claimed), State::Nothing);
    assert_eq!(state("a > b", r"a > b \Rightarrow a > c"), State::Nothing);
    assert_eq!(state("a > c", r"a > b \Rightarrow a > c"), State::Nothing);
    assert_eq!(state(r"a > b \Rightarrow a > c", r"a > b \Rightarrow a > c"), CLAIMED);
    assert_eq!(state("a = b", r"a = b \text{ or } a = c"), State::Nothing);
}

#[test]
fn a_row_that_continues_belongs_to_what_it_continues() {
    let lines = |first: &str| format!("[[derivation]]\nid = 'd'\nsteps = '''\n{first} \\\\\n= c\n'''\n");
    let text = "$$\\begin{split} a &= b \\\\ &= c \\end{split}$$\n";
    let step = State::Covered(Kind::Step);
    assert_eq!(states(text, &lines("a = b")), [step, step]);
    assert_eq!(states(text, &lines("b = a")), [State::Nothing, State::Nothing]);
    assert_eq!(states("$$a = b$$\n\n$$= c$$\n", &lines("a = b")), [step, step]);
    assert_eq!(states("$$a = b$$\n\n# Else\n\n$$= c$$\n", &lines("a = b")), [step, State::Nothing]);
    assert_eq!(states("$$= c$$\n", &lines("a = b")), [State::Nothing]);
}

#[test]
fn a_sum_goes_on_over_rows_and_displays() {
    let text = "$$a = b$$\n\n$$+ c$$\n\n$$- 1.$$\n";
    assert_eq!(states(text, &claim("a = b + c - 1")), [CLAIMED; 3]);
    assert_eq!(states(text, &claim("a = b + c")), [State::Nothing; 3]);
    assert_eq!(states(text, &claim("a = b")), [State::Nothing; 3]);
}

#[test]
fn primitives_and_declarations_are_definitions() {
    let game = "[game.g]\nstages = [{ player = 'P', chooses = 'x', from = 'x \\ge 0' }]\n\
                payoffs = { P = 'U_P := a g(x) - x^2' }\nwhere = { 'g(x)' = '2 x' }\n";
    let claims = format!("{game}{}", claim("b > c"));
    for covered in [r"U_P(x) := a g(x) - x^2", r"U_P = a g(x) - x^2", "g(x) := 2x", "a > 0", r"x \ge 0"] {
        assert_eq!(
            states(&format!("$${covered}$$\n"), &claims),
            [State::Covered(Kind::Definition)],
            "{covered}"
        );
    }
    for decoy in
        [r"U_P := a g(x) + x^2", r"V_P := a g(x) - x^2", r"U_P(c) := a g(x) - x^2", "a > 1", "g(x) = x"]
    {
        assert_eq!(states(&format!("$${decoy}$$\n"), &claims), [State::Nothing], "{decoy}");
    }
}

#[test]
fn the_same_letters_in_another_section_are_not_covered() {
    let text = "1 One\n\n$$a = b$$\n\n2 Two\n\n$$a = b$$\n\nTheorem 2.1. Then\n\n$$b = c$$\n";
    let at = |place: &str, prints: &str| {
        format!("[[claim]]\nid = 'x'\nat = {{ long = '{place}' }}\nprints = '{prints}'\n")
    };
    assert_eq!(states(text, &at("Section 1", "a = b")), [CLAIMED, State::Nothing, State::Nothing]);
    assert_eq!(states(text, &at("Theorem 2.1", "b = c")), [State::Nothing, State::Nothing, CLAIMED]);
    assert_eq!(states(text, &at("Nowhere", "a = b")), [CLAIMED, CLAIMED, State::Nothing]);
    let coverage = compare(text, &at("Section 1", "a = b"), &Options::default());
    assert_eq!(coverage.equations[1].rows[0].elsewhere.len(), 1);
    let short = Options { edition: Some("short".to_owned()), ..Options::default() };
    let coverage = compare(text, &at("Section 1", "a = b"), &short);
    assert_eq!(coverage.equations[0].rows[0].state, State::Nothing);
}

#[test]
fn a_claim_may_stand_in_its_proof_and_the_other_way_round() {
    let claims = "[[claim]]\nid = 'x'\nat = { long = 'Section 1' }\nprints = 'a = b'\n\
                  [[derivation]]\nid = 'd'\nof = 'x'\nat = { long = 'Section 2' }\nsteps = 'a = c'\n";
    let text = "1 One\n\n$$a = b$$\n\n2 Two\n\n$$a = c$$\n\n$$a = b$$\n\n3 Three\n\n$$a = b$$\n";
    assert_eq!(states(text, claims), [CLAIMED, State::Covered(Kind::Step), CLAIMED, State::Nothing]);
}

#[test]
fn a_reason_covers_what_it_prints_or_what_stands_at_its_place() {
    let reason = |what: &str| {
        format!("{}[[displayed]]\n{what}\nis = 'example'\nbecause = 'numbers for a figure'\n", claim("a = b"))
    };
    let text = "1 One\n\n$$\\foo a = 3$$\n\n2 Two\n\n$$b = \\foo \\left$$\n";
    let given = State::Covered(Kind::Reason);
    assert_eq!(states("$$a = b < c$$\n", &reason("prints = 'a = b < c'")), [given]);
    assert_eq!(states("$$a = b$$\n", &reason("prints = 'a = b'")), [CLAIMED]);
    assert_eq!(states(text, &reason(r"prints = '\foo a=3'")), [given, State::Nothing]);
    assert_eq!(states(text, &reason("at = { long = 'Section 2' }")), [State::Nothing, given]);
    let stale = |what: &str| compare(text, &reason(what), &Options::default()).stale.len();
    assert_eq!(stale(r"prints = '\foo a=3'"), 0);
    assert_eq!(stale(r"prints = '\foo a=4'"), 1);
    assert_eq!(stale("at = { long = 'Section 2' }"), 0);
    assert_eq!(stale("at = { long = 'Section 7' }"), 1);
    assert_eq!(states("$$= \\foo$$\n", &reason(r"prints = '= \foo'")), [given]);
}

#[test]
fn a_misprinted_row_is_taken_as_it_should_read_and_still_needs_a_claim() {
    let reading = "[[displayed]]\nprints = '\\frac{a}{= b}'\nreads = 'a = b'\nis = 'misprint'\n\
                   because = 'a line set as a fraction'\n";
    let text = "$$\\frac{a}{= b}$$\n\n$$= c$$\n";
    let lines = "[[derivation]]\nid = 'd'\nsteps = '''\na = b \\\\\n= c\n'''\n";
    let step = State::Covered(Kind::Step);
    assert_eq!(states(text, &format!("{lines}{reading}")), [step, step]);
    assert_eq!(states(text, lines), [State::Nothing, State::Nothing]);
    assert_eq!(states(text, &format!("{}{reading}", claim("b = c"))), [State::Nothing, CLAIMED]);
}

#[test]
fn what_is_in_a_line_is_compared_only_if_asked_for() {
    let inline = Options { inline: true, ..Options::default() };
    let coverage = compare("so $a = b$ and $c$, $b > c$\n", &claim("a = b"), &inline);
    let states: Vec<State> = coverage.equations.iter().map(|e| e.rows[0].state).collect();
    assert_eq!(states, [CLAIMED, State::Nothing]);
    let source = Source::new(Path::new("text.md"), "so $a = b$\n".to_owned());
    assert!(cover(&source, Form::Markdown, &paper(&claim("a = b")), &Options::default()).is_err());
}
