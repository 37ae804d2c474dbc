//! A good paper is read whole.

use super::*;

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
