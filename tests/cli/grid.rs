//! `solve --grid`: lines for every point, in order, and what is said of a wrong grid.

use crate::program::{game, run};

const HEADER: &str = r"c,solution,\delta,utility P,utility Q,performance,unique,note";

#[test]
fn a_grid_is_solved_point_by_point_in_order() {
    let dir = game();
    let ran = run(dir.path(), ["solve", "p", "--grid", "c=2:1/2:4", "--digits", "8"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let mut lines = csv::Reader::from_reader(ran.out.as_bytes());
    let header: Vec<String> = lines.headers().expect("names").iter().map(str::to_owned).collect();
    let lines: Vec<csv::StringRecord> = lines.records().map(|l| l.expect("as many cells as names")).collect();
    let solutions = lines.len() / 4;
    assert!(solutions >= 5 && lines.len() == 4 * solutions, "{ran:?}");
    let at: Vec<&str> = lines.iter().step_by(solutions).map(|l| &l[0]).collect();
    assert_eq!(at, ["2", "3/2", "1", "1/2"]);
    for (i, value) in at.iter().enumerate() {
        let set = format!("c={value}");
        let one = run(dir.path(), ["solve", "p", "--set", &set, "--format", "csv", "--digits", "8"]);
        let expected: Vec<String> = one.out.lines().skip(1).map(|l| format!("{value},{l}")).collect();
        let found: Vec<&str> = ran.out.lines().skip(1 + i * solutions).take(solutions).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(header.join(","), HEADER);
}

#[test]
fn a_grid_in_json_is_an_object_on_each_line() {
    let dir = game();
    let ran = run(dir.path(), ["solve", "p", "--grid", "c=1/10:10:3,log", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines = ran.out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON"));
    let at: Vec<String> = lines.map(|l| l["parameters"]["c"].as_str().expect("a value").to_owned()).collect();
    assert_eq!(at, ["1/10", "1", "10"]);
}

#[test]
fn a_wrong_grid_is_said_to_be_wrong() {
    let dir = game();
    let wrong: [(&[&str], &str); 9] = [
        (&["--grid", "c"], "it names no parameter"),
        (&["--grid", "c=1:2"], "it needs two ends"),
        (&["--grid", "c=1:2:1"], "it needs at least two values"),
        (&["--grid", "c=x:2:3"], "`x` is no number"),
        (&["--grid", "c=0:2:3,log"], "equal ratios need positive ends"),
        (&["--grid", "c=1:2:3", "--set", "c=1"], "`c` is set twice"),
        (&["--grid", "z=1:2:3"], "`z` is no parameter"),
        (&["--grid", "c=-1:1:3"], "`c = -1` is outside its domain"),
        (&["--grid", "c=1:2:3", "--format", "text"], "a grid is not written as a text"),
    ];
    for (arguments, said) in wrong {
        let mut all = vec!["solve", "p"];
        all.extend(arguments);
        let ran = run(dir.path(), all);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains(said) && ran.err.contains("help: "), "{said}: {ran:?}");
    }
}
