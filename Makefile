# The two commands of the README are `make audit` and `make test`. Both look first for what the build needs
# and install it if it is missing (tools/bootstrap.sh says what it does), then build with the one profile of
# Cargo.toml, so that the second of them finds the first one's work.

.POSIX:
.SUFFIXES:

# Arguments for `proofread check` and `cargo test`: make audit ARGS='--only thm-*'
ARGS =

.PHONY: help audit test build

help:
	@echo 'make audit   check the papers under proofs/ (ARGS passes options, as in ARGS="--format json")'
	@echo 'make test    run the tests (ARGS passes options to cargo test)'
	@echo 'make build   build the program that `make audit` runs; the last line is its path'
	@echo 'make help    print this'

audit:
	@sh tools/bootstrap.sh sh tools/audit.sh $(ARGS)

test:
	@sh tools/bootstrap.sh sh tools/test.sh $(ARGS)

build:
	@sh tools/bootstrap.sh sh tools/build.sh
