//! The schema: a good paper is read whole, and each thing that can be wrong is said at its place.

use std::fs;
use std::path::PathBuf;

use miette::{GraphicalReportHandler, GraphicalTheme};
use tempfile::TempDir;

use super::*;
use crate::expr::{Expr, Formula, Kind, Relation, Symbol};

/// A folder with the files given, by name and content.
pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a name in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    dir
}

/// What is wrong, a line each: `file:line: code: message [piece] (help)`, with paths inside the folder.
pub(super) fn complaints(dir: &TempDir, paths: &[&str]) -> String {
    let paths: Vec<PathBuf> = paths.iter().map(|p| dir.path().join(p)).collect();
    let problems = load(&paths).expect_err("something is wrong");
    let prefix = format!("{}/", dir.path().display());
    let line = |d: &Diagnostic| {
        let place = d.place.as_ref().map_or(String::new(), |p| {
            let path = p.source.path().display();
            format!("{path}:{}: ", d.line().expect("a place has a line"))
        });
        let piece = d.piece().map_or(String::new(), |p| format!(" [{p}]"));
        let help = d.help.as_ref().expect("every problem says what to do");
        format!("{place}{}: {d}{piece} ({help})\n", d.problem.code()).replace(&prefix, "")
    };
    problems.iter().map(line).collect()
}

const PAPER: &str = "title = 'A paper'\nversions = { long = 'The long one', short = 'The short one' }\n";

const GAME: &str = r"
[symbols]
'c' = '> 0'
'\delta' = '\in [0,1]'

[game.duel]
bargain = '\delta'
disagreement = { G = '0' }
stages = [
  { player = 'G', chooses = 'x', from = 'x \ge 0' },
  { player = 'D', chooses = 'y', from = 'y \ge x' },
]
[game.duel.payoffs]
G = 'U_G := \delta r(y) - f(x)'
D = 'U_D := (1-\delta) r(y)'
[game.duel.where]
'r(y)' = 'y'
'f(z)' = 'c z^2'
";

const CLAIM: &str = "[[claim]]\nid = 'one'\nprints = 'c > 0'\n";

/// What is wrong with a paper of one file beside its `paper.toml`.
fn wrong(text: &str) -> String {
    complaints(&folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]), &["p"])
}

fn good(text: &str) -> Paper {
    let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", text)]);
    match load(&[dir.path().join("p")]) {
        Ok(mut papers) => papers.remove(0),
        Err(problems) => panic!("{problems:#?}"),
    }
}

#[test]
fn a_game_is_read_with_its_definitions_expanded_into_the_payoffs() {
    let paper = good(&format!("{GAME}{CLAIM}"));
    let game = &paper.games["duel"].game;
    assert_eq!(game.players, [Symbol::new("G"), Symbol::new("D")]);
    assert_eq!(game.choices().cloned().collect::<Vec<_>>(), [Symbol::new("x"), Symbol::new("y")]);
    assert_eq!(game.disagreement[&Symbol::new("G")], Expr::int(0));
    let (x, y, d) = (Expr::sym("x"), Expr::sym("y"), Expr::sym(r"\delta"));
    let cost = Expr::Mul(vec![Expr::sym("c"), Expr::pow(x.clone(), Expr::int(2))]);
    let expected = Expr::Mul(vec![d, y.clone()]) - cost;
    assert_eq!(game.payoff_named(&Symbol::new("U_G")).expect("a payoff").body, expected);
    assert_eq!(game.stages[1].moves[0].from, [Formula::Rel(y, Relation::Ge, x)]);
}

#[test]
fn a_bargained_share_has_the_domain_of_its_symbol() {
    let paper = good(&format!("{GAME}{CLAIM}"));
    let share = &paper.games["duel"].game.shares[0];
    assert_eq!(share.domain, paper.symbols.entry(&share.symbol).expect("declared").domain);
    assert!(!share.domain.is_empty());
}

#[test]
fn a_game_declares_its_players_choices_and_functions_for_claims_about_it() {
    let paper = good(&format!("{GAME}{CLAIM}game = 'duel'\n"));
    let scope = &paper.claims[0].frame.scope;
    let kind = |name: &str| scope.entry(&Symbol::new(name)).map(|e| e.kind.clone());
    assert_eq!(kind("G"), Some(Kind::Player));
    assert_eq!(kind("x"), Some(Kind::Variable));
    assert_eq!(kind("U_D"), Some(Kind::Function));
    assert_eq!(kind("f"), Some(Kind::Function));
    assert!(paper.symbols.entry(&Symbol::new("x")).is_none());
    let choice = scope.entry(&Symbol::new("y")).expect("declared");
    assert_eq!(choice.domain.len(), 1, "a choice is bounded as the game bounds it");
}

#[test]
fn a_stage_may_hold_moves_made_at_the_same_time() {
    let text = GAME.replace("  { player = 'G'", "  [{ player = 'G'").replace("y \\ge x' },", "y \\ge 0' }],");
    let paper = good(&format!("{text}{CLAIM}"));
    assert_eq!(paper.games["duel"].game.stages.len(), 1);
    assert_eq!(paper.games["duel"].game.stages[0].moves.len(), 2);
}

#[test]
fn every_piece_of_latex_knows_its_bytes_in_the_file() {
    let text = format!("{GAME}[[claim]]\nid = 'one'\nmeans = '''\nc\n'''\nprints = 'c > 0'\n");
    let paper = good(&text);
    let claim = &paper.claims[0];
    let prints = claim.prints.as_ref().expect("printed");
    assert_eq!((prints.text.as_str(), &text[prints.span.clone()]), ("c > 0", "c > 0"));
    assert_eq!(prints.line, text.lines().count());
    let means = claim.means.as_ref().expect("given");
    assert_eq!((means.text.as_str(), &text[means.span.clone()]), ("c\n", "c\n"));
    assert_eq!(paper.file(prints.file).source.text(), text);
}

#[test]
fn the_lines_of_a_derivation_are_numbered_through_its_blocks() {
    let text = r"
[symbols]
'x' = 'real'
[[claim]]
id = 'one'
prints = 'x = 1'
[[derivation]]
id = 'proof'
of = 'one'
assuming = 'x > 0'
[[derivation.block]]
steps = '''
x = 1 \\
x = 2
'''
doubtful = { 2 = 'x = 3' }
[[derivation.block]]
steps = 'x = 4'
assuming = ['x < 9']
given = ['x']
from = [1, 'x = 7']
contradicts = true
";
    let paper = good(text);
    let proof = &paper.derivations[0];
    let lines: Vec<(usize, &str, usize)> =
        proof.steps().map(|s| (s.number, s.line.text.trim(), s.line.line)).collect();
    let at = |piece: &str| text[..text.find(piece).expect("there")].lines().count();
    assert_eq!(lines[2], (3, "x = 4", at("x = 4")));
    assert!(lines[1].1.starts_with("x = 2"), "{lines:?}");
    assert_eq!(lines.iter().map(|l| l.0).collect::<Vec<_>>(), [1, 2, 3]);
    let reads = proof.blocks[0].steps[1].reads.as_ref().expect("doubtful");
    assert_eq!(reads.text, "x = 3");
    let last = &proof.blocks[1];
    assert!(last.contradicts);
    assert!(matches!(&last.from[..], [Premise::Line(1), Premise::Statement(f)] if f.text == "x = 7"));
    let assumed: Vec<&str> = last.frame.assuming.iter().map(|f| f.text.as_str()).collect();
    assert_eq!(assumed, ["x > 0", "x < 9"]);
    assert_eq!(last.frame.given[0].value, Symbol::new("x"));
}

#[test]
fn a_claim_for_several_values_becomes_one_claim_for_each() {
    let text = format!(
        "{GAME}[[claim]]\nid = 'best'\ngame = 'duel'\nfor = {{ P = ['G', 'D'] }}\nprints = 'U_P(\\delta) > 0'\n"
    );
    let paper = good(&text);
    let ids: Vec<&str> = paper.claims.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["best/G", "best/D"]);
    let prints = |i: usize| paper.claims[i].prints.as_ref().expect("printed").value.clone();
    let payoff = |name: &str| {
        let function = Symbol::new(name);
        let applied = Expr::Apply { function, primes: 0, args: vec![Expr::sym(r"\delta")] };
        Formula::Rel(applied, Relation::Gt, Expr::int(0))
    };
    assert_eq!((prints(0), prints(1)), (payoff("U_G"), payoff("U_D")));
}

#[test]
fn an_integer_is_a_variable_that_the_scope_knows_to_be_one() {
    let paper = good(&format!("[symbols]\n'n' = 'integer, \\ge 1'\n'm' = 'integer'\n'c' = '> 0'\n{CLAIM}"));
    let integers: Vec<&str> = paper.symbols.integers().map(Symbol::latex).collect();
    assert_eq!(integers, ["m", "n"]);
    let n = paper.symbols.entry(&Symbol::new("n")).expect("declared");
    assert_eq!(n.domain, [Formula::Rel(Expr::sym("n"), Relation::Ge, Expr::int(1))]);
}

#[test]
fn symbols_and_games_are_visible_in_later_files_and_not_in_earlier_ones() {
    let user = "[[claim]]\nid = 'two'\ngame = 'duel'\nprints = 'c > 0'\n";
    let later = folder(&[("p/paper.toml", PAPER), ("p/a.toml", GAME), ("p/b.toml", user)]);
    assert!(load(&[later.path().join("p")]).is_ok());
    let everywhere = folder(&[("p/paper.toml", &format!("{PAPER}{GAME}")), ("p/a.toml", user)]);
    assert!(load(&[everywhere.path().join("p")]).is_ok());
    let earlier = folder(&[("p/paper.toml", PAPER), ("p/b.toml", GAME), ("p/a.toml", user)]);
    let problems = complaints(&earlier, &["p"]);
    assert!(problems.starts_with("p/a.toml:3: unknown-game: there is no game `duel` [duel]"), "{problems}");
}

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

/// Each case: what a file says, and what is said of it.
#[test]
fn each_wrong_entry_is_said_at_its_place() {
    let symbols = "[symbols]\n'c' = '> 0'\n";
    let derivation = "[symbols]\n'c' = '> 0'\n[[derivation]]\nid = 'd'\n";
    for (text, expected) in [
        (
            format!("{symbols}'{{c}}' = '> 1'\n{CLAIM}"),
            "p/a.toml:3: duplicate-symbol: the symbol `{c}` is declared twice [{c}] (it is declared before, spelled `c`: one declaration is enough)\n",
        ),
        (
            format!("{symbols}'x^{{' = '> 1'\n{CLAIM}"),
            "p/a.toml:3: bad-symbol: `x^{` is not a symbol [x^{] (every `{` in a name needs its `}`)\n",
        ),
        (
            format!("{symbols}[[claim]]\nid = 'x'\n"),
            "p/a.toml:3: missing-key: a claim has no `prints` [[[claim]]] (give the formula as the paper prints it, or say what is claimed under `means`)\n",
        ),
        (
            format!("{symbols}[[claim]]\nprints = 'c > 0'\n"),
            "p/a.toml:3: missing-key: a claim has no `id` [[[claim]]] (give it an id such as 'prop-3.2')\n",
        ),
        (
            format!("{symbols}{CLAIM}uniqe = true\n"),
            "p/a.toml:6: unknown-key: unknown key `uniqe` in a claim [uniqe] (did you mean `unique`?)\n",
        ),
        (
            format!("{symbols}{CLAIM}{CLAIM}"),
            "p/a.toml:7: duplicate-id: the id `one` is used twice [one] (line 4 of p/a.toml uses it first)\n",
        ),
        (
            format!("{symbols}{CLAIM}game = 'dule'\n{GAME}").replacen("[symbols]\n'c' = '> 0'\n", "", 1),
            "p/a.toml:4: unknown-game: there is no game `dule` [dule] (did you mean `duel`?)\n",
        ),
        (
            format!("{symbols}{CLAIM}at = {{ lnog = 'x' }}\n"),
            "p/a.toml:6: unknown-version: the paper has no version `lnog` [lnog] (did you mean `long`?)\n",
        ),
        (
            format!("{symbols}{CLAIM}reads = 'c > 1'\n"),
            "p/a.toml:3: missing-key: a claim has no `transcription` [[[claim]]] (`reads` goes with transcription = 'doubtful')\n",
        ),
        (
            format!("{symbols}{CLAIM}transcription = 'doubtful'\n"),
            "p/a.toml:3: missing-key: a claim has no `reads` [[[claim]]] (say what the original may read: reads = '…')\n",
        ),
        (
            format!("{symbols}{CLAIM}unique = 'yes'\n"),
            "p/a.toml:6: wrong-type: `unique` is a string, and `true` or `false` was expected ['yes'] (write `true` or `false` here)\n",
        ),
        (
            format!("{symbols}{CLAIM}for = {{ P = [] }}\n"),
            "p/a.toml:6: incomplete: `P` has 0 values [P] (list the values, P = ['G', 'D'], at most 100 instances together)\n",
        ),
        (
            format!("{derivation}steps = 'c > 0'\nof = 'noe'\n{CLAIM}"),
            "p/a.toml:6: unknown-claim: there is no claim `noe` [noe] (did you mean `one`?)\n",
        ),
        (
            format!("{derivation}steps = 'c > 0'\nfrom = 1\n"),
            "p/a.toml:6: line: line `1` is not an earlier line of the derivation [1] (nothing stands before this block: give a formula instead)\n",
        ),
        (
            format!("{derivation}steps = 'c > 0'\ndoubtful = {{ 2 = 'c > 1' }}\n"),
            "p/a.toml:6: line: line `2` is not a line of this block [2] (its lines are 1 to 1)\n",
        ),
        (
            format!("{derivation}steps = 'c > 0'\ngiven = 'd'\n"),
            "p/a.toml:6: undeclared: `d` is not declared [d] (the declared symbols are `c`)\n",
        ),
        (
            derivation.to_owned(),
            "p/a.toml:3: missing-key: a derivation has no `steps` [[[derivation]]] (paste the lines of the derivation: steps = '''…''')\n",
        ),
        (
            format!("{derivation}steps = 'c > 0'\n[[derivation.block]]\nsteps = 'c > 1'\n"),
            "p/a.toml:5: incomplete: `steps` beside blocks [steps] (put it into one of the blocks)\n",
        ),
        (
            format!(
                "{symbols}{CLAIM}[[claim]]\nid = 'd/1'\nprints = 'c > 0'\n[[derivation]]\nid = 'd'\nsteps = 'c > 0'\n"
            ),
            "p/a.toml:10: duplicate-id: the id `d/1` is used twice [d] (line 7 of p/a.toml uses it first)\n",
        ),
        (
            format!("{symbols}{CLAIM}[[equation]]\nid = 'e'\nprints = 'c = 1'\n"),
            "p/a.toml:6: missing-key: an equation has no `reason` [[[equation]]] (say why it is not checked: reason = 'defines U_G')\n",
        ),
        (
            format!("claim = 'x'\n{symbols}"),
            "p/a.toml:1: wrong-type: `claim` is a string, and a list of tables, `[[claim]]`, was expected ['x'] (write a list of tables, `[[claim]]`, here)\n",
        ),
        (
            "game = 1\n".to_owned(),
            "p/a.toml:1: wrong-type: `game` is an integer, and a table, `[game.NAME]`, was expected [1] (write a table, `[game.NAME]`, here)\n",
        ),
    ] {
        assert_eq!(wrong(&text), expected, "\n{text}");
    }
}

/// Each case: a change to the game, and what is said of it.
#[test]
fn each_wrong_entry_of_a_game_is_said_at_its_place() {
    let text = format!("{GAME}{CLAIM}");
    let stages = GAME.find("stages").expect("there")..GAME.find("[game.duel.payoffs]").expect("there");
    let payoffs =
        GAME.find("[game.duel.payoffs]").expect("there")..GAME.find("[game.duel.where]").expect("there");
    let nobody = "disagreement = { G = '0' }\n";
    for (from, to, expected) in [
        (
            &GAME[stages.clone()],
            "",
            "p/a.toml:6: missing-key: the game `duel` has no `stages` [duel] (say who moves when: stages = [{ player = 'G', chooses = 'x', from = 'x \\ge 0' }])\n",
        ),
        (
            &GAME[payoffs],
            "",
            "p/a.toml:6: missing-key: the game `duel` has no `payoffs` [duel] (say what each player is paid: payoffs = { G = 'U_G := x - x^2' })\n",
        ),
        (
            &GAME[stages],
            "stages = []\n",
            "p/a.toml:9: incomplete: a game without stages [stages] (a game has at least one move)\n",
        ),
        (
            "D = 'U_D",
            "E = 'U_D",
            "p/a.toml:15: unknown-player: the game has no player `E` [E] (the players of this game are `G`, `D`)\n",
        ),
        (
            "D = 'U_D := (1-\\delta) r(y)'\n",
            "",
            "p/a.toml:13: unpaid: the player `D` has no payoff [payoffs] (give every player who moves a payoff)\n",
        ),
        (
            nobody,
            "disagreement = { Q = '0' }\n",
            "p/a.toml:8: unknown-player: the game has no player `Q` [Q] (the players of this game are `G`, `D`)\n",
        ),
        (
            "U_D := (1-\\delta) r(y)",
            "r(y)",
            "p/a.toml:15: incomplete: the payoff of `D` has no name [r(y)] (write 'U_D := …')\n",
        ),
        (
            "U_D :=",
            "U_G :=",
            "p/a.toml:15: definition: `U_G` is the second payoff of its player or of its name [U_G ] (one payoff a player, each with a name)\n",
        ),
        (
            "chooses = 'y', from = 'y \\ge x'",
            "chooses = 'x', from = 'x \\ge 0'",
            "p/a.toml:11: chosen-twice: `x` is chosen twice [x] (every choice needs a name of its own)\n",
        ),
        (
            "from = 'x \\ge 0'",
            "from = 'x \\ge y'",
            "p/a.toml:10: chosen-later: `x` is bounded by `y`, which is chosen later [x \\ge y] (bound it by what is chosen before it)\n",
        ),
        (
            "chooses = 'x', from = 'x \\ge 0'",
            "chooses = 'x'",
            "p/a.toml:10: missing-key: a move has no `from` [{ player = 'G', chooses = 'x' }] (bound the choice: 'x \\ge 0', or 'x \\in \\mathbb{R}' for any number)\n",
        ),
        (
            "bargain = '\\delta'",
            "bargain = '\\gamma'",
            "p/a.toml:7: undeclared: `\\gamma` is not declared [\\gamma] (declare it with its domain under [symbols]: '\\gamma' = '\\in [0,1]')\n",
        ),
        (
            "'r(y)' = 'y'",
            "'r(y)' = 'f(y)'\n'g(z)' = 'g(z)'",
            "p/a.toml:18: definition: the definition of `g` needs itself [g(z)] (define it without itself)\n",
        ),
        (
            "\\delta r(y) - f(x)",
            "\\delta r - f(x)",
            "p/a.toml:14: definition: `r` takes one argument here: `r(y)` [ \\delta r - f(x)] (the payoff is written with the definitions under `where`)\n",
        ),
        (
            "'f(z)' = 'c z^2'",
            "'c(z)' = 'z^2'\n'f(z)' = 'z^2'",
            "p/a.toml:18: clash: `c` is declared as a variable, and is used here as a function [c(z)] (give one of the two another name)\n",
        ),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        assert_eq!(wrong(&changed), expected, "\n{changed}");
    }
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
