//! One build serves `make audit` and `make test`, and the libraries in C that it rests on are tested.

use std::collections::BTreeSet;
use std::process::Command;

/// What `cargo tree` tells of each crate below a package, by a format.
fn crates(package: &str, kinds: &str, format: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--no-dedupe", "--prefix", "none"])
        .args(["-p", package, "-e", kinds, "-f", format])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

#[test]
fn tests_ask_no_feature_of_a_crate_that_the_program_does_not_ask_for() {
    let features = |kinds| crates("proofread", kinds, "{p} [{f}]");
    let (program, tests) = (features("normal,build"), features("normal,build,dev"));
    assert!(program.len() > 50, "{program:?}");
    let twice: Vec<&String> = program.difference(&tests).collect();
    assert!(twice.is_empty(), "built twice, as the program needs it and as the tests do: {twice:?}");
}

#[test]
fn the_libraries_in_c_are_tested_in_the_version_that_the_program_is_built_with() {
    let library = |package| {
        let all = crates(package, "normal,build", "{p} [{f}]").into_iter();
        all.filter(|c| c.starts_with("gmp-mpfr-sys ")).collect::<Vec<_>>()
    };
    let (program, tested) = (library("proofread"), library("arithmetic-suites"));
    let [program] = program.as_slice() else { panic!("{program:?}") };
    let features = program.replace("c-no-tests,", "");
    assert!(*program != features, "the program is not built without the suites: {program}");
    assert_eq!(tested, [features]);
}
