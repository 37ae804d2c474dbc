//! One build serves `make audit` and `make test`.

use std::collections::BTreeSet;
use std::process::Command;

/// Every crate with its features, as built for the kinds of dependencies that are named.
fn crates(kinds: &str) -> BTreeSet<String> {
    let arguments =
        ["tree", "--offline", "--locked", "--no-dedupe", "--prefix", "none", "-f", "{p} [{f}]", "-e"];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg(kinds)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

#[test]
fn tests_ask_no_feature_of_a_crate_that_the_program_does_not_ask_for() {
    let (program, tests) = (crates("normal,build"), crates("normal,build,dev"));
    assert!(program.len() > 50, "{program:?}");
    let twice: Vec<&String> = program.difference(&tests).collect();
    assert!(twice.is_empty(), "built twice, as the program needs it and as the tests do: {twice:?}");
}
