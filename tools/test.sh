#!/bin/sh
# Runs every test; the arguments are those of `cargo test`. First come the test suites of GMP, MPFR and MPC, from
# whose sources the program is built, unless cargo has run them already.
set -eu
cd -- "$(dirname -- "$0")/.."
cargo build --locked --package arithmetic-suites
exec cargo test --locked "$@"
