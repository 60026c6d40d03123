# The environment is .venv in this directory; it is made once and again when what it is made of
# changes. All paths are relative, so the checkout may lie anywhere. Settings of the environment
# (docs/settings.md) reach the commands: NEWSSTAND_PORT=8001 make demo

# The first Python that is new enough, unless one is named: make PYTHON=python3.12 demo
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)
IN := .venv/bin/
PIP := $(IN)python -m pip --quiet --disable-pip-version-check install --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test lint explorer clients screenshots bench clean

help: ## Say what there is to make.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

demo: .venv/runs graphiql-if-possible ## Load the sample articles and serve them on this machine.
	@$(IN)newsstand demo

test: lint ## Check the code and run all tests.
	$(IN)python -m pytest

lint: .venv/tests ## Check style and types.
	$(IN)python -m ruff check .
	$(IN)python -m ruff format --check .
	$(IN)python -m mypy

explorer: gql/explorer/dist/complete ## Build the GraphiQL page that needs no network; needs Node 20 or newer.

clients: tests/clients/node_modules/complete ## Install the GraphQL clients that the tests run; needs Node 20.

screenshots: .venv/runs explorer ## Take the pictures of the README; needs Chromium.
	@node gql/explorer/screenshots.mjs docs/images $(IN)newsstand demo

# Without Node, or without a registry, the demo runs all the same, and /graphiql says what is missing.
.PHONY: graphiql-if-possible
graphiql-if-possible:
	@if ! command -v npm >/dev/null; then echo "Node is missing, so GraphiQL is not built:" \
	"/graphiql serves the page that Strawberry brings, which needs the internet."; \
	else $(MAKE) --no-print-directory --silent explorer || echo "GraphiQL could not be built:" \
	"/graphiql serves the page that Strawberry brings, which needs the internet."; fi

gql/explorer/node_modules/complete: gql/explorer/package.json gql/explorer/package-lock.json
	@cd gql/explorer && npm ci --silent && touch node_modules/complete

gql/explorer/dist/complete: gql/explorer/node_modules/complete gql/explorer/build.js gql/explorer/mend.js \
		$(wildcard gql/explorer/src/*)
	@echo "Building GraphiQL; this takes some seconds, once."
	@cd gql/explorer && npm run --silent build

# For shorter runs: make bench BENCH="--rounds 1 --seconds 1 --workloads W1,W3"
bench: .venv/bench ## Measure queries beside other GraphQL servers; needs wrk and, for some, Node.
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory --silent $(NODE_BENCH)/complete; fi
	@$(IN)python -m bench.run $(BENCH)

NODE_BENCH := bench/contenders/node/node_modules
$(NODE_BENCH)/complete: bench/contenders/node/package.json bench/contenders/node/package-lock.json
	@cd bench/contenders/node && npm ci --silent && touch node_modules/complete

tests/clients/node_modules/complete: tests/clients/package.json tests/clients/package-lock.json
	@cd tests/clients && npm ci --silent && touch node_modules/complete

clean: ## Remove the environment; the data stays.
	rm -rf .venv

.venv/python:
	@test -n "$(PYTHON)" || { echo "Newsstand needs Python 3.11 or newer; none was found." \
	"Install one, or name it: make PYTHON=/path/to/python3 demo" >&2; exit 1; }
	@echo "Making the environment in .venv; this takes about a minute, once."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python could not make an environment." \
	"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

.venv/runs: .venv/python pyproject.toml constraints.txt
	@$(PIP) --editable '.[embedded]'
	@touch $@

.venv/tests: .venv/runs
	@$(PIP) --editable '.[embedded,dev]'
	@touch $@

.venv/bench: .venv/runs
	@$(PIP) --editable '.[embedded,bench]'
	@touch $@
