# Everything a newcomer needs: `make chat` to ask, `make test` to check. Both may be run again and again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install install-dev index chat test check format lock evaluate bench clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	@echo "== making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Caveat needs Python 3.11 or newer; name one with: make PYTHON=python3.12 chat")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "== installing what the chat needs (about 1 GB, some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "== installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.run ## the environment to run Caveat
install-dev: $(VENV)/.dev ## the environment to work on Caveat

index: install ## index the starter collection if no index serves
	@$(BIN)/python -m ingest status >/dev/null 2>&1 || { echo "== indexing the starter collection"; $(BIN)/python -m ingest build; }

chat: index ## set up all that is needed and open the chat on 127.0.0.1:7860
	@echo "== starting the chat (stop it with Ctrl-C)"
	@$(BIN)/python app.py

test: install-dev ## set up all that is needed and run every test
	@echo "== running the tests"
	@$(BIN)/python -m pytest

check: install-dev ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: install-dev ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

evaluate: index ## the figures of docs/EVALUATION.md
	@$(BIN)/python -m caveat evaluate

bench: install-dev ## Caveat beside what people would pick instead (docs/BENCHMARK.md)
	@$(BIN)/python tests/bench/bench.py

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

clean: ## remove the environment and what the tools cached; the index in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache *.egg-info src/*.egg-info
