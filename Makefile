# The commands of the project. `make demo` and `make test` need Python >= 3.11, make and git only.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
SETUP := $(VENV)/.ready

.PHONY: help setup demo test search lint format lock audit drills bench bench-planning clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: $(SETUP) ## make the environment, nothing else

# What the product needs to run, from a checkout; then what its tests, checkers and planners need too.
$(RUNNING): requirements/run.txt package-lock.json pyproject.toml tools/frontend.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Fetching the front-end parts …"
	@$(BIN)/python tools/frontend.py
	@$(BIN)/python tools/messages.py compile
	@touch $@

$(SETUP): $(RUNNING) requirements/dev.txt
	@echo "Installing what tests and checks need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(RUNNING) ## build the demonstration zone and serve it on http://127.0.0.1:8000
	@$(BIN)/luodi demo

test: $(SETUP) ## run every test
	@tools/browser.sh
	@$(BIN)/pytest -n auto --dist loadgroup

search: $(SETUP) ## look for new counterexamples to every property; `make test` tries the same ones each time
	@$(BIN)/pytest -n auto --dist loadgroup -m "not browser" --hypothesis-profile=search

lint: $(SETUP) ## style, types, layers, templates, translations, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint src --check --lint
	@$(BIN)/python tools/messages.py check
	@$(BIN)/python tools/chinese.py
	@$(BIN)/python tools/sbom.py --check
	@$(BIN)/python tools/migrations.py check

format: $(SETUP) ## let the formatters do their part
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djlint src --reformat --quiet || true

lock: ## resolve the pinned, hashed requirements anew
	@$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/base.txt
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/dev.txt
	@$(BIN)/uv pip compile pyproject.toml --group build -c requirements/dev.txt --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements/run.txt
	@$(BIN)/python tools/sbom.py

audit: $(SETUP) ## look for known vulnerabilities in what we depend on (asks public databases)
	@$(BIN)/uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements/base.txt
	@npm audit --omit=dev

drills: $(SETUP) ## kill, fill, use up and restart a site of its own; each drill prints its figures
	@$(BIN)/python tools/drills.py

bench: $(SETUP) ## measure the pages on a province-sized data set; fails at the end if a target is missed
	@$(BIN)/python -m benchmarks

bench-planning: $(SETUP) ## measure the planners against their peers (installed under .cache/)
	@$(BIN)/python -m benchmarks.planning

clean: ## remove what the commands above made
	rm -rf $(VENV) node_modules dist build var
