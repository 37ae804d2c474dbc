//! Each wrong entry is said at its place.

use super::*;

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
            "p/a.toml:3: missing-key: a claim has no `prints` [[[claim]]] (give the formula as the paper prints it, or what its sentence says under `says`)\n",
        ),
        (
            format!("{symbols}[[claim]]\nprints = 'c > 0'\n"),
            "p/a.toml:3: missing-key: a claim has no `id` [[[claim]]] (give it an id such as 'eq-12')\n",
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

/// Each case: what the table of functions says, and what is said of it.
#[test]
fn each_wrong_function_is_said_at_its_place() {
    for (function, expected) in [
        (
            r"'f(c)' = { on = 'c \ge 0', is = 'concav' }",
            "p/a.toml:4: incomplete: `concav` is no property of a function [concav] (did you mean `concave`?)\n",
        ),
        (
            r"'f(c)' = { on = 'c \ge 0', is = ['increasing', 'decreasing'] }",
            "p/a.toml:4: incomplete: `decreasing` contradicts `increasing` [decreasing] (no function has both: keep one of them)\n",
        ),
        (
            r"'f(c)' = { is = 'concave' }",
            "p/a.toml:4: missing-key: the function `f(c)` has no `on` [f(c)] (say where it is defined, an interval of its first parameter: on = 'x \\ge 0')\n",
        ),
        (
            r"'f(c)' = { on = 'c^2 \ge 0' }",
            "p/a.toml:4: incomplete: the domain is no interval of `c` [on] (bound it by terms: on = 'x \\ge 0')\n",
        ),
        (
            r"'f' = { on = 'c \ge 0' }",
            "p/a.toml:4: incomplete: the function `f` has no parameter [f] (write 'f(x)' = { on = 'x \\ge 0', is = ['non-decreasing'] })\n",
        ),
        (
            r"'f(c)' = { on = 'c \ge 0', omits = 'c' }",
            "p/a.toml:4: incomplete: what is left out is not at the end of the parameters [omits] (name the last parameters, and not the first)\n",
        ),
    ] {
        let text = format!("[symbols]\n'c' = '> 0'\n[functions]\n{function}\n{CLAIM}");
        let dir = folder(&[("p/paper.toml", PAPER), ("p/a.toml", &text)]);
        assert_eq!(complaints(&dir, &["p"]), expected, "{function}");
    }
}
