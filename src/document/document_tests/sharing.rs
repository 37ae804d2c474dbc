//! What a paper shares with another one is declared there once, and claimed there only.

use super::*;

/// The complaints about a paper `q` that shares what is listed with the paper `p`.
fn sharing(shares: &str) -> String {
    let q = format!("title = 'Another'\nshares = {shares}\n");
    let model = format!("{GAME}\n[sets]\n{CLAIM}");
    let claim = "[[claim]]\nid = 'own'\ngame = 'duel'\nprints = 'U_D = (1-\\delta) y'\n";
    let dir = folder(&[
        ("p/paper.toml", PAPER),
        ("p/model.toml", &model),
        ("q/paper.toml", &q),
        ("q/own.toml", claim),
    ]);
    complaints(&dir, &["q"])
}

#[test]
fn a_paper_judges_its_own_claims_about_a_game_that_it_shares() {
    let dir = folder(&[
        ("p/paper.toml", PAPER),
        ("p/model.toml", &format!("{GAME}{CLAIM}")),
        ("q/paper.toml", "title = 'Another'\nshares = '../p/model.toml'\n"),
        (
            "q/own.toml",
            "section = 'S'\n[[claim]]\nid = 'own'\ngame = 'duel'\nprints = 'U_D = (1-\\delta) y'\n",
        ),
    ]);
    let papers = load(&[dir.path().join("q")]).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let [paper] = &papers[..] else { panic!("one paper") };
    let ids: Vec<&str> = paper.claims.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["own"]);
    assert!(paper.games.contains_key("duel"));
    let sections: Vec<Option<&str>> = paper.files.iter().map(|f| f.section.as_deref()).collect();
    assert_eq!(sections, [None, None, Some("S")], "what is shared has no section here");
}

#[test]
fn what_cannot_be_shared_is_said_where_it_is_named() {
    let at = "q/paper.toml:2: ";
    for (shares, expected) in [
        (
            "'../p/modle.toml'",
            "missing: there is no file or folder `q/../p/modle.toml` [../p/modle.toml] (did you mean `q/../p/model.toml`?)\n",
        ),
        (
            "'/p/model.toml'",
            "bad-share: `/p/model.toml` cannot be shared [/p/model.toml] (give a path from this paper's folder: '../other-paper/model.toml')\n",
        ),
        (
            "'../p'",
            "bad-share: `../p` cannot be shared [../p] (name the file with the declarations, one beside the other paper's `paper.toml`)\n",
        ),
        (
            "'../p/paper.toml'",
            "bad-share: `../p/paper.toml` cannot be shared [../p/paper.toml] (name the file with the declarations, one beside the other paper's `paper.toml`)\n",
        ),
        (
            "['../p/model.toml', '../q/../p/model.toml']",
            "bad-share: `../q/../p/model.toml` cannot be shared [../q/../p/model.toml] (it is named twice)\n",
        ),
    ] {
        let said = sharing(shares);
        assert!(said.contains(&format!("{at}{expected}")), "{shares}: {said}");
    }
    let own = sharing("['own.toml', '../p/model.toml']");
    assert_eq!(
        own,
        format!(
            "{at}bad-share: `own.toml` cannot be shared [own.toml] (a paper's own files are read without being named)\n"
        )
    );
}

#[test]
fn what_is_shared_is_not_declared_again() {
    let dir = folder(&[
        ("p/paper.toml", PAPER),
        ("p/model.toml", "[symbols]\n'c' = '> 0'\n'S' = 'name'\n[sets]\n'S' = '\\{c : c > 1\\}'\n"),
        ("q/paper.toml", "title = 'Another'\nshares = ['../p/model.toml']\n"),
        (
            "q/own.toml",
            "[symbols]\n'c' = '> 1'\n[sets]\n'S' = '\\{c : c > 2\\}'\n[[claim]]\nid = 'own'\nprints = 'c > 0'\n",
        ),
    ]);
    let expected = "q/own.toml:2: duplicate-symbol: the symbol `c` is declared twice [c] (it is declared before, spelled `c`: one declaration is enough)\n\
                    q/own.toml:4: duplicate-symbol: the symbol `S` is declared twice [S] (one set of this name is enough, whatever file it stands in)\n";
    assert_eq!(complaints(&dir, &["q"]), expected);
}
