# The commands of daily work. `make help` lists them.

CARGO ?= cargo
# More arguments for `cargo test` or `cargo bench`, for instance: make test ARGS='--test it intake'
ARGS ?=
TOOLS := $(CURDIR)/target/tools
DENY_VERSION := 0.20.2
MACHETE_VERSION := 0.9.2

.PHONY: help demo check test bench fuzz mutations lint format clippy doc dependencies

help:
	@echo 'make demo   run the daemon on sample mail, in a temporary directory, until Ctrl-C'
	@echo 'make check  format, lints, unit tests and the shape of the code: for every commit, without servers'
	@echo 'make test   run all tests against private mail and database servers; fail on unused snapshots'
	@echo 'make bench  measure, and print a table'
	@echo 'make fuzz   break mails, read them, and keep what that breaks: ARGS="--minutes 60 tests/mail"'
	@echo 'make mutations  take each defence away, and see that its attack then succeeds: ARGS=WORD for some'
	@echo 'make lint   check format, lints, documentation and dependencies'

demo:
	@tests/servers/demo

# What needs no server; `make test` runs the same tests, and all others.
check: format clippy
	$(CARGO) test --locked --lib --quiet
	$(CARGO) test --locked --test it --quiet architecture::

test:
	@tests/run $(ARGS)

bench:
	@tests/servers/with $(CARGO) bench --locked --bench bench -- $(ARGS)

fuzz:
	@$(CARGO) bench --locked --bench fuzz -- $(ARGS)

mutations:
	@tests/servers/with tests/mutations/run $(ARGS)

lint: format clippy doc dependencies

format:
	$(CARGO) fmt --check

clippy:
	$(CARGO) clippy --all-targets --locked -- -D warnings

doc:
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --no-deps --locked

# Licences, banned crates, sources, and dependencies that nothing uses.
dependencies: $(TOOLS)/bin/cargo-deny $(TOOLS)/bin/cargo-machete
	$(TOOLS)/bin/cargo-deny --locked check licenses bans sources
	$(TOOLS)/bin/cargo-machete

# Built without optimisation: the check itself takes seconds, an optimised build minutes.
$(TOOLS)/bin/cargo-deny:
	$(CARGO) install --quiet --locked --root $(TOOLS) --profile dev --version $(DENY_VERSION) cargo-deny

$(TOOLS)/bin/cargo-machete:
	$(CARGO) install --quiet --locked --root $(TOOLS) --profile dev --version $(MACHETE_VERSION) cargo-machete
