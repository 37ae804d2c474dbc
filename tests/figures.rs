//! What `proofread figures` draws stands where `proofread solve` and plain arithmetic say that it stands, to the
//! width of a pixel; and what cannot be drawn is said with its place.

#[path = "figures/drawn.rs"]
mod drawn;
#[path = "support/program.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod program;

use std::fs;
use std::path::Path;

use drawn::{Panel, holds, panels};
use program::{Ran, add, finish, game, program, run};
use tempfile::TempDir;

/// A pixel: a figure is drawn to be shown at no more than one for each of its units.
const PIXEL: f64 = 1.0;

/// A game all of whose solutions move with `c`; `W` falls below zero.
const MOVING: &str = r"
[symbols]
'c' = '> 0'
'\delta' = '\in [0,1]'
'x^*' = 'name'
'P' = 'player'
'Q' = 'player'
'V' = 'function'
'W' = 'function'
[game.run]
bargain = '\delta'
players = ['Q']
performance = 'x'
disagreement = { P = '0', Q = '0' }
stages = [{ player = 'P', chooses = 'x', from = 'x \ge 0', optimal = 'x^*' }]
[game.run.payoffs]
P = 'V := \delta x - c x^2'
Q = 'W := (1 - \delta) x - x^2'
[[claim]]
id = 'choice'
game = 'run'
prints = 'x^* = \frac{\delta}{2 c}'
means = 'equilibrium'
[[claim]]
id = 'right'
game = 'run'
prints = 'V(\delta) = \frac{\delta^2}{4 c}'
[[claim]]
id = 'wrong'
game = 'run'
prints = 'V(\delta) = \frac{\delta^2}{2 c}'
";

/// The paper with figures.
fn moving(figures: &str) -> TempDir {
    let dir = program::paper(MOVING);
    add(&dir, "p/figures.toml", figures);
    dir
}

/// Draws the figures of a folder's paper.
fn figures(dir: &TempDir) -> Ran {
    run(dir.path(), ["figures", "p", "--out", "out"])
}

/// The file of a figure.
fn svg(dir: &TempDir, name: &str) -> String {
    let path = dir.path().join("out/p").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn decimal(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

/// A fraction or a decimal.
fn parameter(text: &str) -> f64 {
    text.split_once('/').map_or_else(|| decimal(text), |(n, d)| decimal(n) / decimal(d))
}

/// That a curve stands at `y` over `x`.
fn stands(panel: &Panel, name: &str, x: f64, y: f64) {
    let at = panel.across.place(x);
    let height = panel.height(name, at).unwrap_or_else(|| panic!("`{name}` is broken at {x}: {panel:?}"));
    let wanted = panel.up.place(y);
    assert!((height - wanted).abs() <= PIXEL, "`{name}` over {x}: drawn at {height}, {y} is at {wanted}");
}

/// What `solve` prints, as one object for each point.
fn solved(dir: &TempDir, arguments: &[&str]) -> Vec<serde_json::Value> {
    solved_in(&dir.path().join("p"), arguments)
}

/// The same of a paper anywhere.
fn solved_in(paper: &Path, arguments: &[&str]) -> Vec<serde_json::Value> {
    let name = paper.to_str().expect("UTF-8");
    let all = ["solve", name, "--digits", "20", "--format", "json"];
    let ran = run(Path::new("."), all.iter().chain(arguments));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

fn solutions(point: &serde_json::Value) -> &Vec<serde_json::Value> {
    point["solutions"].as_array().expect("solutions")
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

#[test]
fn a_curve_of_solutions_is_where_solve_says_between_its_points_too() {
    let figure = |id: &str, shows: &str| {
        format!(
            "[[figure]]\nid = '{id}'\ntitle = 'T'\ngame = 'run'\nover = 'c = 1/10:10:81, log'\n\
             draws = 'solutions'\nshows = '{shows}'\n"
        )
    };
    let dir = moving(&[figure("d", r"\delta"), figure("v", "P"), figure("x", "performance")].concat());
    assert_eq!(figures(&dir).code, Some(0));
    // Three points of the figure's grid and four between them.
    let points = solved(&dir, &["--grid", "c=1/10:10:7,log"]);
    assert_eq!(points.len(), 7);
    for (file, of) in [("d.svg", "delta"), ("v.svg", "P"), ("x.svg", "performance")] {
        let [panel] = &panels(&svg(&dir, file), true)[..] else { panic!("one panel") };
        assert_eq!(panel.curves.len(), solutions(&points[0]).len());
        for point in &points {
            let c = parameter(text(&point["parameters"]["c"]));
            for s in solutions(point) {
                let value = if of == "P" { &s["utilities"]["P"] } else { &s[of] };
                stands(panel, text(&s["name"]), c, decimal(text(value)));
            }
        }
    }
}

#[test]
fn a_curve_of_agreements_passes_through_every_solution_and_grey_is_what_is_not_pareto_optimal() {
    let dir = moving(
        "[[figure]]\nid = 'u'\ntitle = 'T'\ngame = 'run'\nover = '\\delta = 0:1:101'\ndraws = 'agreements'\n\
         panels = { c = ['1/2', '3'] }\n",
    );
    assert_eq!(figures(&dir).code, Some(0));
    let panels = panels(&svg(&dir, "u.svg"), false);
    let points = solved(&dir, &["--grid", "c=1/2:3:2"]);
    assert_eq!((panels.len(), points.len()), (2, 2));
    for (panel, point) in panels.iter().zip(&points) {
        assert_eq!(panel.curves.len(), 3);
        for s in solutions(point) {
            let share = decimal(text(&s["delta"]));
            stands(panel, "payoff of P", share, decimal(text(&s["utilities"]["P"])));
            stands(panel, "payoff of Q", share, decimal(text(&s["utilities"]["Q"])));
            stands(panel, "performance", share, decimal(text(&s["performance"])));
        }
        let optimal = point["pareto"].as_array().expect("a set");
        let [ends] = &optimal[..] else { panic!("one interval: {optimal:?}") };
        let place = |end: &serde_json::Value| panel.across.place(decimal(text(end)));
        let (from, to) = (place(&ends[0]), place(&ends[1]));
        let white = [(panel.across.place(0.0), from), (to, panel.across.place(1.0))];
        let grey: Vec<(f64, f64)> = white.into_iter().filter(|(a, b)| b - a > 0.05).collect();
        assert!(!grey.is_empty() && grey.len() == panel.shaded.len(), "{grey:?}: {panel:?}");
        for (wanted, drawn) in grey.iter().zip(&panel.shaded) {
            let off = (wanted.0 - drawn.0).abs().max((wanted.1 - drawn.1).abs());
            assert!(off <= PIXEL, "{wanted:?}, drawn {drawn:?}");
        }
    }
}

/// A player as the legend writes it: `D_1` is `D₁`.
fn in_legend(player: &str) -> String {
    let Some((name, index)) = player.split_once('_') else { return player.to_owned() };
    let lowered =
        |c: char| c.to_digit(10).and_then(|d| "₀₁₂₃₄₅₆₇₈₉".chars().nth(d as usize)).expect("a digit");
    format!("{name}{}", index.chars().map(lowered).collect::<String>())
}

/// The strings of a table, as `solve` takes them after `--set`.
fn settings(item: Option<&toml_edit::Item>) -> Vec<String> {
    let table = item.and_then(|i| i.as_table_like());
    let one = |(name, value): (&str, &toml_edit::Item)| {
        format!("--set={name}={}", value.as_str().expect("a string"))
    };
    table.into_iter().flat_map(|t| t.iter().map(one).collect::<Vec<_>>()).collect()
}

/// The settings of each panel.
fn settings_of_panels(figure: &toml_edit::Table) -> Vec<Vec<String>> {
    let set = settings(figure.get("set"));
    let Some(panels) = figure.get("panels").and_then(|p| p.as_table_like()) else { return vec![set] };
    let (name, values) = panels.iter().next().expect("a symbol");
    let values = values.as_array().expect("values").iter().map(|v| v.as_str().expect("a string"));
    values.map(|v| [set.clone(), vec![format!("--set={name}={v}")]].concat()).collect()
}

/// Compares every curve of a figure of a game with what `solve` prints; the number of comparisons.
fn compared(paper: &Path, figure: &toml_edit::Table, panels: &[Panel]) -> usize {
    let over = figure["over"].as_str().expect("one axis");
    let is_agreements = figure["draws"].as_str() == Some("agreements");
    let all_settings = settings_of_panels(figure);
    assert_eq!(panels.len(), all_settings.len());
    let mut compared = 0;
    for (panel, settings) in panels.iter().zip(all_settings) {
        let mut arguments = vec!["--game", figure["game"].as_str().expect("a game")];
        arguments.extend(settings.iter().map(String::as_str));
        if !is_agreements {
            arguments.extend(["--grid", over]);
        }
        let symbol = over.split('=').next().expect("a symbol").trim();
        for point in solved_in(paper, &arguments) {
            for s in solutions(&point).iter().filter(|s| s["utilities"].is_object()) {
                let name = text(&s["name"]);
                if !is_agreements {
                    let shown = figure.get("shows").and_then(|s| s.as_str());
                    let value = shown.map_or(&s["delta"], |name| &s["reported"][name]);
                    stands(panel, name, parameter(text(&point["parameters"][symbol])), decimal(text(value)));
                    compared += 1;
                    continue;
                }
                let share = decimal(text(&s["delta"]));
                for (player, value) in s["utilities"].as_object().expect("payoffs") {
                    let curve = format!("payoff of {}", in_legend(player));
                    stands(panel, &curve, share, decimal(text(value)));
                    compared += 1;
                }
                if panel.curves.contains_key("performance") {
                    stands(panel, "performance", share, decimal(text(&s["performance"])));
                    compared += 1;
                }
            }
        }
    }
    compared
}

/// The figures that a paper's files describe.
fn shipped(paper: &Path) -> Vec<toml_edit::Table> {
    let files = fs::read_dir(paper).expect("a paper").map(|f| f.expect("a file").path());
    let described = files.flat_map(|path| {
        let text = fs::read_to_string(path).expect("a text");
        let file: toml_edit::DocumentMut = text.parse().expect("TOML");
        let figures = file.get("figure").and_then(|f| f.as_array_of_tables());
        figures.map_or(vec![], |figures| figures.iter().cloned().collect::<Vec<_>>())
    });
    described.collect()
}

/// Whether `solve` solves the game of a figure of agreements.
fn is_solved(paper: &Path, figure: &toml_edit::Table) -> bool {
    if figure["draws"].as_str() != Some("agreements") {
        return true;
    }
    let mut arguments = vec!["solve".to_owned(), paper.to_str().expect("UTF-8").to_owned()];
    arguments.extend(["--game".to_owned(), figure["game"].as_str().expect("a game").to_owned()]);
    arguments.extend(settings_of_panels(figure).into_iter().next().expect("a panel"));
    let ran = run(Path::new("."), &arguments);
    assert!(ran.code == Some(0) || ran.err.contains("payoffs must be sums of products"), "{ran:?}");
    ran.code == Some(0)
}

#[test]
fn agreements_that_others_dominate_are_grey_where_solve_gives_no_pareto_set() {
    let clipped = r"
[symbols]
's' = '\in [0,1]'
'A' = 'player'
'B' = 'player'
'C' = 'player'
'u_A' = 'function'
'u_B' = 'function'
'u_C' = 'function'
[game.leaving]
bargain = 's'
players = ['A', 'B', 'C']
disagreement = { A = '0', B = '0', C = '0' }
[game.leaving.payoffs]
A = 'u_A := s'
B = 'u_B := \max\left(0, \frac{1}{25} - \left(s - \frac{1}{5}\right)^2\right)'
C = 'u_C := \max\left(0, \frac{1}{16} - \left(s - \frac{3}{4}\right)^2\right)'
[[claim]]
id = 'one'
prints = 's = s'
";
    let dir = program::paper(clipped);
    let figure =
        "[[figure]]\nid = 'f'\ntitle = 'T'\ngame = 'leaving'\nover = 's = 0:1:201'\ndraws = 'agreements'\n";
    add(&dir, "p/figures.toml", figure);
    assert_eq!(figures(&dir).code, Some(0));
    let svg = svg(&dir, "f.svg");
    let [panel] = &panels(&svg, false)[..] else { panic!("one panel") };
    // B peaks at 1/5 and has left at 2/5; from 1/2 to 3/4 the payoffs of both others rise, between 2/5 and 1/2 A's.
    let expected = [(0.0, 0.2), (0.4, 0.75)].map(|(a, b)| (panel.across.place(a), panel.across.place(b)));
    assert_eq!(panel.shaded.len(), expected.len(), "{:?}", panel.shaded);
    let step = panel.across.place(0.005) - panel.across.place(0.0);
    for (wanted, drawn) in expected.iter().zip(&panel.shaded) {
        let off = (wanted.0 - drawn.0).abs().max((wanted.1 - drawn.1).abs());
        assert!(off <= step, "{wanted:?}, drawn {drawn:?}");
    }
    assert!(svg.contains("greyed is what another agreement drawn here dominates"));
}

#[test]
fn every_curve_of_a_game_that_the_papers_draw_is_where_solve_says() {
    let (mut figures, mut unsolved, mut points) = (0, 0, 0);
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs")).expect("papers") {
        let paper = entry.expect("a paper").path();
        let out = TempDir::new().expect("a temporary directory");
        for figure in shipped(&paper) {
            if !figure.contains_key("draws") || !figure["over"].is_str() {
                continue;
            }
            if !is_solved(&paper, &figure) {
                unsolved += 1;
                continue;
            }
            let id = figure["id"].as_str().expect("an id");
            let arguments = ["figures".as_ref(), paper.as_os_str(), "--only".as_ref(), id.as_ref()];
            let ran = run(out.path(), arguments);
            assert_eq!(ran.code, Some(0), "{ran:?}");
            let name = format!("{}.svg", id.replace('/', "-"));
            let drawn = out.path().join("figures").join(paper.file_name().expect("a name")).join(name);
            let svg = fs::read_to_string(&drawn).unwrap_or_else(|e| panic!("{}: {e}", drawn.display()));
            let panels = panels(&svg, figure["over"].as_str().is_some_and(|o| o.ends_with("log")));
            points += compared(&paper, &figure, &panels);
            figures += 1;
        }
    }
    assert!(figures >= 5 && points > 500, "{figures} figures, {points} points");
    // Clipped payoffs; see `agreements_that_others_dominate_are_grey_where_solve_gives_no_pareto_set`.
    assert!(unsolved <= 1, "{unsolved} figures of games that are not solved");
}

#[test]
fn the_curve_of_a_term_is_broken_where_it_has_no_value() {
    let dir = moving(
        "[[figure]]\nid = 't'\ntitle = 'T'\nover = 'c = 1:5:41'\nset = { '\\delta' = '1/2' }\n\
         where = { 'f(a)' = 'a c^2' }\n\
         terms = { 'whole' = 'f(\\delta)', 'from three on' = '\\sqrt{c - 3}' }\n",
    );
    assert_eq!(figures(&dir).code, Some(0));
    let [panel] = &panels(&svg(&dir, "t.svg"), false)[..] else { panic!("one panel") };
    for c in [1.0, 2.3, 4.71, 5.0] {
        stands(panel, "whole", c, c * c / 2.0);
    }
    for c in [3.5, 4.2, 5.0] {
        stands(panel, "from three on", c, f64::sqrt(c - 3.0));
    }
    assert_eq!(panel.height("from three on", panel.across.place(2.8)), None);
}

#[test]
fn a_refuted_claim_is_drawn_as_printed_and_as_it_should_be_and_a_proved_one_as_it_is() {
    let figure = |claim: &str| {
        format!(
            "[[figure]]\nid = 'of/{claim}'\ntitle = 'T'\nover = '\\delta = 0:1:101'\nset = {{ c = '2' }}\n\
             claim = '{claim}'\n"
        )
    };
    let dir = moving(&[figure("wrong"), figure("right")].concat());
    let ran = figures(&dir);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let [wrong] = &panels(&svg(&dir, "of-wrong.svg"), false)[..] else { panic!("one panel") };
    let [right] = &panels(&svg(&dir, "of-right.svg"), false)[..] else { panic!("one panel") };
    assert_eq!(wrong.curves.keys().collect::<Vec<_>>(), ["as printed", "what is right"]);
    assert_eq!(right.curves.keys().collect::<Vec<_>>(), ["V(δ)"]);
    for share in [0.0, 0.335, 0.5, 0.99] {
        stands(wrong, "as printed", share, share * share / 4.0);
        stands(wrong, "what is right", share, share * share / 8.0);
        stands(right, "V(δ)", share, share * share / 8.0);
    }
}

#[test]
fn a_paper_s_page_shows_the_same_figures() {
    let dir = moving(
        "[[figure]]\nid = 'a/term'\ntitle = '100 % of \"c\" & more'\nover = 'c = 1:2:9'\nterms = { 'c' = 'c' }\n\
         [[figure]]\nid = 'claim'\ntitle = 'T'\nover = '\\delta = 0:1:9'\nset = { c = '2' }\nclaim = 'wrong'\n",
    );
    assert_eq!(figures(&dir).code, Some(0));
    let ran = run(dir.path(), ["check", "p", "--report", "r", "--no-timings"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let page = fs::read_to_string(dir.path().join("r/p.html")).expect("a page");
    let starts = page.split("src=\"data:image/svg+xml;charset=utf-8,").skip(1);
    let addresses: Vec<&str> = starts.map(|rest| rest.split('"').next().expect("an end")).collect();
    let images: Vec<String> = addresses
        .iter()
        .map(|a| a.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .map(|a| a.replace("%0A", "\n").replace("%23", "#").replace("%25", "%"))
        .collect();
    // What stands behind a `#` is no part of an address.
    assert!(page.matches("src=\"data:").count() == 2 && addresses.iter().all(|a| !a.contains(['#', '\n'])));
    assert_eq!(images, [svg(&dir, "a-term.svg"), svg(&dir, "claim.svg")]);
    assert!(page.contains("<h2 id=\"~figures\">Figures</h2>"));
}

#[test]
fn the_same_figure_has_the_same_bytes_whatever_the_number_of_threads() {
    let dir = moving(
        "[[figure]]\nid = 'map'\ntitle = 'A <title> & more'\ngame = 'run'\ndraws = 'agreements'\n\
         over = ['\\delta = 0:1:9', 'c = 1:2:5']\n\
         [[figure]]\nid = 'curves'\ntitle = 'T'\ngame = 'run'\nover = 'c = 1/10:10:21, log'\n\
         draws = 'solutions'\n",
    );
    let drawn = |threads: &str| {
        let mut command = program(dir.path(), ["figures", "p", "--out", "out"]);
        let ran = finish(command.env("RAYON_NUM_THREADS", threads));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        (ran.out, svg(&dir, "map.svg"), svg(&dir, "curves.svg"))
    };
    let one = drawn("1");
    assert_eq!(one, drawn("4"));
    // Both files are well-formed, and need nothing from elsewhere.
    assert!(one.1.contains("A &lt;title&gt; &amp; more"));
    for file in [&one.1, &one.2] {
        holds(file);
        let foreign = ["href", "url(", "@import", "<script", "<foreignObject"];
        assert!(foreign.iter().all(|word| !file.contains(word)), "{file}");
        let addresses: Vec<&str> = file.matches("http").collect();
        assert_eq!(addresses.len(), 1, "only the name space is an address: {file}");
    }
}

#[test]
fn only_what_matches_is_drawn_and_nothing_to_draw_is_said() {
    let two = "[[figure]]\nid = 'a'\ntitle = 'First'\nover = 'c = 1:2:9'\nterms = { 'c' = 'c' }\n\
               [[figure]]\nid = 'b'\ntitle = 'Second'\nover = 'c = 1:2:9'\nterms = { 'c' = 'c' }\n";
    let dir = moving(two);
    let ran = run(dir.path(), ["figures", "p", "--out", "out", "--only", "b"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "out/p/b.svg  Second\n"), "{ran:?}");
    assert!(!dir.path().join("out/p/a.svg").exists());
    let ran = run(dir.path(), ["figures", "p", "--out", "out", "--only", "c"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.err.contains("no figure matches `c`"), "{ran:?}");
    let none = game();
    let ran = figures(&none);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.err.contains("no figure is described") && !none.path().join("out").exists(), "{ran:?}");
}

#[test]
fn two_figures_have_two_files() {
    let figure = |id: &str| {
        format!("[[figure]]\nid = '{id}'\ntitle = 'T'\nover = 'c = 1:2:9'\nterms = {{ 'c' = 'c' }}\n")
    };
    for (first, second, help) in
        [("a", "a", "uses it first"), ("a/b", "a-b", "into the same file"), ("a", "A", "into the same file")]
    {
        let ran = figures(&moving(&[figure(first), figure(second)].concat()));
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(&format!("the id `{second}` is used twice")), "{ran:?}");
        assert!(ran.err.contains(help), "{ran:?}");
    }
}

#[test]
fn what_cannot_be_drawn_is_said_with_its_place() {
    let game = "game = 'run'\n";
    let over = "over = 'c = 1:2:9'\n";
    let terms = "terms = { 'c' = 'c' }\n";
    let map = "over = ['\\delta = 0:1:3', 'c = 1:2:3', 'x = 1:2:3']\n";
    let agreements = "draws = 'agreements'\n";
    let wrong: [(&[&str], &str); 16] = [
        (&[over, "terms = { 'c' = 'c_7' }\n"], "undeclared symbol `c_7`"),
        (&[over, "terms = { 'd' = '\\delta' }\n"], "`\\delta` has no value"),
        (&[over, terms, "claim = 'right'\n"], "`terms` and `claim` exclude each other"),
        (&[over, terms, game, "draws = 'solutions'\n"], "`draws` and `terms` exclude each other"),
        (&["over = 'c = 1:2'\n", terms], "it needs two ends and how many values"),
        (&["over = 'c = 0:2:9, log'\n", terms], "equal ratios need positive ends"),
        (&["over = 'z = 1:2:9'\n", "terms = { 'one' = '1' }\n"], "`z` is not declared"),
        (&[over, terms, "set = { z = '1' }\n"], "`z` is not declared"),
        (&[over, terms, "set = { c = '1' }\n"], "`c` has two values"),
        (&[over, terms, "set = { '\\delta' = 'x' }\n"], "`x` is no number"),
        (&[over, "claim = 'rihgt'\n"], "there is no claim `rihgt`"),
        (&[map, game, agreements], "a map has two axes"),
        (&[over, game, agreements], "agreements are drawn over `\\delta`"),
        (&[over, "draws = 'solutions'\n"], "has no `game`"),
        (&[over, game, "draws = 'solution'\n"], "`solution` cannot be drawn"),
        (&[over, terms, "colour = 'red'\n"], "unknown key `colour`"),
    ];
    for (keys, said) in wrong {
        let dir = moving(&format!("[[figure]]\nid = 'f'\ntitle = 'T'\n{}", keys.concat()));
        let ran = figures(&dir);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{said}: {ran:?}");
        assert!(ran.err.contains(said) && ran.err.contains("p/figures.toml:"), "{said}: {ran:?}");
        assert!(!dir.path().join("out").exists(), "{said}");
    }
}

#[test]
fn a_member_of_a_family_may_be_set_and_one_of_another_name_may_not() {
    let of = |member: &str| {
        let dir = program::paper(
            "[symbols]\nc_i = '> 0'\nn = 'integer, \\ge 1'\nx = 'real'\n[indices]\ni = '1, \\ldots, n'\n\
             [[claim]]\nid = 'x'\nprints = 'x = x'\n",
        );
        let figure = "[[figure]]\nid = 'f'\ntitle = 'T'\nover = 'x = 0:1:9'\nterms = { 'x' = 'x' }\n";
        add(&dir, "p/figures.toml", format!("{figure}set = {{ {member} = '1' }}\n"));
        figures(&dir)
    };
    assert_eq!(of("c_2").code, Some(0));
    for member in ["c_j", "d_2", "c_{2,3}"] {
        let key = if member.contains('{') { format!("'{member}'") } else { member.to_owned() };
        let ran = of(&key);
        assert!(ran.code == Some(2) && ran.err.contains("is not declared"), "{member}: {ran:?}");
    }
}

#[test]
fn what_a_game_lacks_is_said_with_the_figure() {
    let game = "[[figure]]\nid = 'f'\ntitle = 'T'\ngame = 'run'\n";
    let wrong = [
        ("over = '\\delta = 0:1:9'\ndraws = 'agreements'\n", "the parameter `c` has no value"),
        ("over = 'c = -1:1:9'\ndraws = 'solutions'\n", "`c = -1` is outside its domain"),
    ];
    for (keys, said) in wrong {
        let dir = moving(&format!("{game}{keys}"));
        let ran = figures(&dir);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{said}: {ran:?}");
        let told = [said, "the figure `f` cannot be drawn", "see line 2 of p/figures.toml"];
        assert!(told.iter().all(|words| ran.err.contains(words)), "{said}: {ran:?}");
    }
}
