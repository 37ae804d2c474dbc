//! `solve` where several symbols are bargained over.

use std::path::PathBuf;

use serde_json::Value;

use crate::program::{paper, run};

/// A paper's game of two firms that bargain over two qualities.
fn solve_duopoly(low: &str, high: &str) -> Value {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let (low, high) = (format!("q_{{l,0}}={low}"), format!("q_{{h,0}}={high}"));
    let given = ["--game", "bargaining", "--set", &low, "--set", &high, "--format", "json"];
    let ran = run(&root, ["solve", "proofs/defection-free"].into_iter().chain(given));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.json()
}

fn named<'v>(solved: &'v Value, name: &str) -> &'v Value {
    let all = solved["solutions"].as_array().expect("solutions");
    all.iter().find(|s| s["name"] == name).unwrap_or_else(|| panic!("no {name}: {solved}"))
}

#[test]
fn two_firms_agree_on_the_qualities_that_another_program_finds() {
    // mpmath 1.3 at 60 digits: of N(q) = (U_l(q, 1) - U_l(start)) (U_h(q, 1) - U_h(start)) the best of
    // 20000 points of a grid, refined by findroot on its derivative; then the two utilities.
    let expected = [
        ("1/10", "1/2", "0.36849981439757121261502618213746472137483431909012"),
        ("3/10", "9/10", "0.35717779510346896864395148124302641553936314847306"),
        ("1/20", "1/5", "0.41229650162436923296417760694470336830550324349687"),
    ];
    for (low, high, quality) in expected {
        let solved = solve_duopoly(low, high);
        let nash = named(&solved, "nash");
        assert_eq!(nash["agreement"]["q_h"], "1");
        for found in [&nash["agreement"]["q_l"], &nash["reported"][r"\rho^*"]] {
            let found = found.as_str().expect("digits");
            assert_eq!(found.len(), "0.".len() + 40);
            assert_eq!(found, &quality[..found.len()]);
        }
        assert_eq!((&nash["unique"], &nash["delta"]), (&Value::Bool(true), &Value::Null));
    }
    let first = solve_duopoly("1/10", "1/2");
    let utilities = &named(&first, "nash")["utilities"];
    let expected = [
        ("l", "0.01764568875427959462043454588165933811430889867483"),
        ("h", "0.19154081565144905103783959623834965853308058227225"),
    ];
    for (player, utility) in expected {
        let found = utilities[player].as_str().expect("digits");
        assert!(found.len() >= 42 && utility.starts_with(&found[..found.len() - 1]), "{found}");
    }
}

#[test]
fn a_firm_with_the_best_model_has_nothing_to_agree_on() {
    let solved = solve_duopoly("1/10", "1");
    let nash = named(&solved, "nash");
    assert_eq!(nash["agreement"], Value::Null);
    assert!(nash["reason"].as_str().expect("a reason").contains("they stay at that"), "{nash}");
    // The high firm would have the low one's quality as low as can be.
    assert!(
        named(&solved, "powerful-h")["reason"].as_str().expect("a reason").contains("no agreement reaches")
    );
}

const TWO: &str = r"
[symbols]
'x' = '\in [0,1]'
'y' = '\in [0,1]'
'a' = '> 0'
'A' = 'player'
'B' = 'player'
[game.goods]
players = ['A', 'B']
bargain = ['x', 'y']
report = { 'r' = 'x - y' }
payoffs = { A = 'u := a \sqrt{x} + \sqrt{y}', B = 'v := \sqrt{1-x} + \sqrt{1-y}' }
[game.pie]
players = ['A', 'B']
bargain = ['x', 'y']
subject-to = ['x + y \le 1']
report = { 'r' = '\frac{x}{y}' }
payoffs = { A = 'u := a x', B = 'v := y' }
[[claim]]
id = 'there'
prints = 'a > 0'
";

#[test]
fn every_bargained_symbol_and_what_is_reported_has_a_column() {
    let dir = paper(TWO);
    let ran = run(dir.path(), ["solve", "p", "--game", "goods", "--grid", "a=2:3:2", "--digits", "6"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let header: Vec<&str> = lines.headers().expect("names").iter().collect();
    assert_eq!(
        header,
        ["a", "solution", "x", "y", "utility A", "utility B", "performance", "unique", "note", "r"]
    );
    let lines: Vec<csv::StringRecord> = lines.records().map(|l| l.expect("as many cells as names")).collect();
    let both = lines.iter().find(|l| &l[1] == "vertical-monopoly").expect("a line");
    assert_eq!([&both[0], &both[2], &both[3], &both[7]], ["2", "0.800000", "0.500000", "true"]);
    let none = lines.iter().find(|l| &l[1] == "egalitarian").expect("a line");
    assert!(none[2].is_empty() && none[8].contains("several bargained symbols"), "{none:?}");
}

#[test]
fn a_pie_is_shared_without_a_rest() {
    let dir = paper(TWO);
    let ran = run(dir.path(), ["solve", "p", "--game", "pie", "--set", "a=3", "--format", "json"]);
    let solved = ran.json();
    for (name, x) in [("nash", "0.5"), ("egalitarian", "0.25"), ("kalai-smorodinsky", "0.5")] {
        assert_eq!(named(&solved, name)["agreement"]["x"], x, "{solved}");
    }
    assert_eq!(named(&solved, "nash")["reported"]["r"], "1");
    assert_eq!(named(&solved, "powerful-A")["reported"]["r"], Value::Null);
    assert_eq!(named(&solved, "nash")["unique"], true);
    assert_eq!(named(&solved, "vertical-monopoly")["unique"], Value::Null);
    assert_eq!((&solved["pareto_along"], &solved["pareto_with"]["x"]), (&"y".into(), &"-y + 1".into()));
    let text = run(dir.path(), ["solve", "p", "--game", "pie", "--set", "a=3"]);
    assert!(text.out.contains("not shown to be the only one"), "{text:?}");
}

#[test]
fn what_cannot_be_bargained_over_is_said() {
    let wrong = [
        ("subject-to = ['x + y']", "subject-to"),
        ("subject-to = ['x + z \\le 1']", "z"),
        ("report = { 'r' = 'x +' }", "x +"),
        ("subject-to = ['x = 2']", "no agreement"),
        ("subject-to = ['x \\ne y']", "no inequalities"),
    ];
    for (line, said) in wrong {
        let text = TWO.replace("report = { 'r' = 'x - y' }", line);
        let dir = paper(&text);
        let ran = run(dir.path(), ["solve", "p", "--game", "goods", "--set", "a=1"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{line}: {ran:?}");
        assert!(ran.err.contains(said), "{line}: {ran:?}");
    }
}
