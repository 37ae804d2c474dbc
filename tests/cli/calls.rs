//! Exit codes, `--only`, `explain`, and what goes to which stream.

use std::path::Path;

use crate::program::{SYMBOLS, add, game, one_claim, paper, program, run};

/// Two claims and a derivation of two lines; the second claim and the second line are false.
fn mixed() -> tempfile::TempDir {
    paper(&format!(
        "{SYMBOLS}[[claim]]\nid = 'sum-1'\nprints = 'a + b > 0'\n\
         [[claim]]\nid = 'sum-2'\nprints = 'a > b'\n\
         [[derivation]]\nid = 'proof-1'\nsteps = '''a + b = b + a \\\\\n(a + b)^2 = a^2 + b^2'''\n"
    ))
}

fn ids(at: &Path, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["check", "p", "--format", "json"];
    all.extend(arguments);
    let report = run(at, all).json();
    let claims = report["claims"].as_array().expect("claims");
    claims.iter().map(|c| c["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn the_exit_code_is_0_without_findings_and_1_with_them() {
    let good = one_claim("sum", "a + b > 0");
    let ran = run(good.path(), ["check", "p"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.contains("1 entry: 1 proved"), "{ran:?}");
    let bad = one_claim("order", "a > b");
    let ran = run(bad.path(), ["check", "p"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.out.contains("refuted"), "{ran:?}");
}

#[test]
fn help_and_version_are_no_errors_and_a_wrong_call_is_2() {
    let here = Path::new("/");
    for good in [&["--help"][..], &["--version"], &["check", "--help"], &["help", "solve"]] {
        let ran = run(here, good);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{good:?}");
        assert!(!ran.out.is_empty());
    }
    let wrong: [&[&str]; 6] = [
        &[],
        &["chek"],
        &["check", "--digits", "0"],
        &["check", "--format", "xml"],
        &["check", "--timeout", "0"],
        &["explain"],
    ];
    for wrong in wrong {
        let ran = run(here, wrong);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn a_pipe_gets_no_colours_and_no_banner_and_the_errors_stay_empty() {
    let dir = game();
    for format in ["text", "json"] {
        let ran = run(dir.path(), ["check", "p", "--format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(!ran.out.contains('\u{1b}'), "{ran:?}");
        assert!(!ran.out.to_lowercase().contains("symbolica"), "{ran:?}");
        // Another run on this machine may have the symbolic layer; nothing else is said.
        assert!(ran.err.lines().all(|l| l.starts_with("waiting for another run")), "{ran:?}");
        assert!(ran.err.lines().count() <= 1, "{ran:?}");
    }
}

#[test]
fn the_text_without_timings_is_the_same_every_time() {
    let dir = mixed();
    let one = run(dir.path(), ["check", "p", "--no-timings"]);
    assert_eq!(one.out, run(dir.path(), ["check", "p", "--no-timings"]).out);
    assert!(!one.out.contains(" s\n"), "{one:?}");
}

#[test]
fn findings_stand_before_the_counts_and_lead_to_explain() {
    let dir = mixed();
    let out = run(dir.path(), ["check", "p", "--no-timings"]).out;
    let at = |what: &str| out.find(what).unwrap_or_else(|| panic!("no {what} in {out}"));
    assert!(at("Findings") < at("sum-2") && at("sum-2") < at("4 entries: 2 proved, 2 refuted"), "{out}");
    assert!(out.contains("proofread explain sum-2"), "{out}");
}

#[test]
fn only_takes_ids_with_and_without_the_paper_patterns_and_derivations() {
    let dir = mixed();
    let only = |pattern: &str| ids(dir.path(), &["--only", pattern]);
    assert_eq!(only("sum-1"), ["p/sum-1"]);
    assert_eq!(only("p/sum-1"), ["p/sum-1"]);
    assert_eq!(only("sum-*"), ["p/sum-1", "p/sum-2"]);
    assert_eq!(only("sum-[2-9]"), ["p/sum-2"]);
    assert_eq!(only("proof-1"), ["p/proof-1/1", "p/proof-1/2"]);
    assert_eq!(only("proof-1/2"), ["p/proof-1/2"]);
    assert_eq!(only("p").len(), 4);
    assert_eq!(ids(dir.path(), &["--only", "sum-2", "--only", "proof-1/1"]), ["p/sum-2", "p/proof-1/1"]);
}

#[test]
fn a_pattern_that_matches_nothing_names_the_nearest_ids() {
    let dir = mixed();
    let ran = run(dir.path(), ["check", "p", "--only", "sun-2"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("no entry matches `sun-2`"), "{ran:?}");
    assert!(ran.err.contains("did you mean `sum-2`"), "{ran:?}");
    let broken = run(dir.path(), ["check", "p", "--only", "sum-[2"]);
    assert_eq!((broken.code, broken.out.as_str()), (Some(2), ""));
    assert!(broken.err.contains("`sum-[2` is not a pattern"), "{broken:?}");
}

#[test]
fn explain_takes_an_id_with_and_without_the_paper_and_exits_as_check_does() {
    let dir = mixed();
    let explain = |id: &str| run(dir.path(), ["explain", id, "--in", "p"]);
    let short = explain("sum-2");
    assert_eq!((short.code, short.err.as_str()), (Some(1), ""));
    assert_eq!(short, explain("p/sum-2"));
    assert!(short.out.starts_with("p/sum-2\np/a.toml:"), "{short:?}");
    assert!(short.out.contains("verdict        refuted"), "{short:?}");
    assert_eq!(explain("sum-1").code, Some(0));
    assert_eq!(explain("proof-1/2").code, Some(1));
}

#[test]
fn a_mistyped_id_is_answered_with_the_nearest() {
    let dir = mixed();
    for (typed, meant) in [("sum2", "sum-2"), ("p/sum2", "sum-2"), ("prof-1/2", "proof-1/2")] {
        let ran = run(dir.path(), ["explain", typed, "--in", "p"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.contains(&format!("there is no entry `{typed}`")), "{ran:?}");
        assert!(ran.err.contains(&format!("did you mean `{meant}`")), "{ran:?}");
    }
}

#[test]
fn an_id_that_two_papers_have_has_to_be_said_in_full() {
    let dir = mixed();
    add(&dir, "q/paper.toml", "title = 'Another'\nversions = { long = 'The long one' }\n");
    add(&dir, "q/a.toml", format!("{SYMBOLS}[[claim]]\nid = 'sum-1'\nprints = 'a > 0'\n"));
    let ran = run(dir.path(), ["explain", "sum-1", "--in", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("p/sum-1, q/sum-1"), "{ran:?}");
    assert_eq!(run(dir.path(), ["explain", "q/sum-1", "--in", "."]).code, Some(0));
}

#[test]
fn a_paper_that_is_named_twice_is_judged_once() {
    let dir = mixed();
    assert_eq!(ids(dir.path(), &["p", "p/a.toml"]).len(), 4);
}

#[test]
fn the_game_of_a_paper_is_solved_only_inside_its_domain() {
    let dir = game();
    let solve = |set: &[&str]| {
        let mut all = vec!["solve", "p"];
        set.iter().for_each(|s| all.extend(["--set", *s]));
        run(dir.path(), all)
    };
    let wrong: [(&[&str], &str); 6] = [
        (&["c=0"], "`c = 0` is outside its domain"),
        (&["c=-3/2"], "`c = -3/2` is outside its domain"),
        (&["c=1/0"], "`c=1/0` does not set a parameter"),
        (&["c"], "`c` does not set a parameter"),
        (&["c=1", "c=2"], "`c` is set twice"),
        (&[], "the parameter `c` has no value"),
    ];
    for (set, said) in wrong {
        let ran = solve(set);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains(said) && ran.err.contains("help: "), "{ran:?}");
    }
    let ran = program(dir.path(), ["solve", "p::walk", "--set", "c=1"]).output().expect("it runs");
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("the games are run"));
}

/// A game with a family of players `D_i`, each of whom adds to what `G` makes.
fn team() -> tempfile::TempDir {
    paper(
        r"
[symbols]
'n' = 'integer, \ge 1'
'a' = '> 0'
'c_i' = '> 0'
'k_i' = '> 1'
's' = '\in [0,1]'
'D_i' = 'player'
'U_{D_i}' = 'function'
[indices]
i = '1, \ldots, n'
[game.team]
bargain = 's'
performance = 'x + \sum_i y_i'
stages = [
  { player = 'G', chooses = 'x', from = 'x \ge 0' },
  { player = 'D_i', chooses = 'y_i', from = 'y_i \ge 0' },
]
[game.team.payoffs]
G = 'U_G := s x + \sum_i s y_i - a x^2'
D_i = 'U_{D_i} := (1 - s) y_i + (1 - s) x - c_i y_i^{k_i}'
[[claim]]
id = 'there'
prints = 'a > 0'
",
    )
}

#[test]
fn a_game_with_families_is_solved_for_the_members_that_are_given_and_no_others() {
    let dir = team();
    let solve = |set: &[&str]| {
        let mut all = vec!["solve", "p", "--format", "json"];
        set.iter().for_each(|s| all.extend(["--set", *s]));
        run(dir.path(), all)
    };
    let wrong: [(&[&str], &str); 11] = [
        (&["n=0", "a=1", "k_i=2"], "`n = 0` is outside its domain"),
        (&["n=3/2", "a=1", "c_i=1", "k_i=2"], "`n = 3/2` is no number of members"),
        (&["n=1e9", "a=1", "c_i=1", "k_i=2"], "is too many members"),
        (&["a=1", "c_i=1", "k_i=2"], "the parameter `n` has no value"),
        (&["n=2", "a=1", "c_1=1", "k_i=2"], "the parameter `c_2` has no value"),
        (&["n=2", "a=1", "c_i=1", "c_3=1", "k_i=2"], "with `n = 2` there is no such member"),
        (&["n=2", "a=1", "c_1=1", "c_2=0", "k_i=2"], "`c_2 = 0` is outside its domain"),
        (&["n=2", "a=1", "c_i=-1", "k_i=2"], "`c_1 = -1` is outside its domain"),
        (&["n=2", "a=0", "c_i=1", "k_i=2"], "`a = 0` is outside its domain"),
        (&["n=2", "a=1", "c_i=1", "k_1=2", "k_2=1"], "`k_2 = 1` is outside its domain"),
        (&["n=2", "a=1", "c_i=1", "k_i=2", "z=1"], "`z` is no parameter"),
    ];
    for (set, said) in wrong {
        let ran = solve(set);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains(said) && ran.err.contains("help: "), "{said}: {ran:?}");
    }
    let ran = solve(&["n=2", "a=1", "c_i=1", "c_2=3", "k_i=2", "k_2=3"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let solutions = json["solutions"].as_array().expect("a list");
    let names: Vec<&str> = solutions.iter().filter_map(|s| s["name"].as_str()).collect();
    for name in ["powerful-G", "powerful-D_1", "powerful-D_2", "nash", "kalai-smorodinsky"] {
        assert_eq!(names.iter().filter(|n| **n == name).count(), 1, "{names:?}");
    }
    for s in solutions {
        let answered = s["delta"].is_string() && s["utilities"]["D_2"].is_string();
        assert!(answered || (s["delta"].is_null() && s["reason"].is_string()), "{s}");
    }
    assert_eq!(json["parameters"]["c_1"], "1");
    assert_eq!(json["parameters"]["c_2"], "3");
    assert_eq!(json["parameters"]["n"], "2");
}

#[test]
fn of_a_game_that_nothing_wanted_speaks_of_nothing_is_said() {
    let dir = paper(
        r"
[symbols]
'c' = '> 0'
'x' = '\ge 0'
'P' = 'player'
'V' = 'function'
[game.hard]
stages = [{ player = 'P', chooses = 'x', from = 'x \ge 0' }]
[game.hard.payoffs]
P = 'V := c x - x^2 - x^4 - x^7'
[[claim]]
id = 'of-the-game'
game = 'hard'
prints = 'V \le c x'
given = ['x']
[[claim]]
id = 'of-none'
prints = 'c + 1 > c'
[[derivation]]
id = 'proof'
steps = '''
(c + 1)^2 = c^2 + 2c + 1
          = (c + 1)(c + 1)
'''
",
    );
    let check = |only: &str| run(dir.path(), ["check", "p", "--no-timings", "--only", only]);
    let note = "the game `hard` was not solved symbolically";
    assert!(check("of-the-game").out.contains(note), "{:?}", check("of-the-game"));
    for (only, counts) in [("of-none", "1 entry: 1 proved"), ("proof/1", "1 entry: 1 proved")] {
        let ran = check(only);
        assert!(ran.out.contains(counts) && !ran.out.contains(note), "{ran:?}");
    }
    let explained = run(dir.path(), ["explain", "of-none", "--in", "p"]);
    assert_eq!((explained.code, explained.err.as_str()), (Some(0), ""), "{explained:?}");
}
