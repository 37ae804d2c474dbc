#!/bin/sh
# Builds the program and prints its path, the only line on standard output. cargo's progress is on
# standard error. The path comes from cargo itself, so a target directory set elsewhere is respected.
set -eu
cd -- "$(dirname -- "$0")/.."
messages=$(cargo build --locked --bin proofread --message-format=json-render-diagnostics)
printf '%s\n' "$messages" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1
