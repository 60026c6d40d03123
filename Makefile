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
.PHONY: help demo test lint explorer clean

help: ## Say what there is to make.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

demo: .venv/runs ## Load the sample articles and serve them on this machine.
	@$(IN)newsstand demo

test: lint ## Check the code and run all tests.
	$(IN)python -m pytest

lint: .venv/tests ## Check style and types.
	$(IN)python -m ruff check .
	$(IN)python -m ruff format --check .
	$(IN)python -m mypy

explorer: ## Build the GraphiQL page that needs no network; needs Node 20 or newer.
	cd gql/explorer && npm ci && npm run build

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
