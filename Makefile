# The distribution's Python before one of a version manager: it is built with profiles, and here
# runs everything in two thirds of the time.
ifndef PYTHON
PYTHON := $(shell for one in /usr/bin/python3.11 python3.11 python3; do \
	$$one -c 'import ensurepip' 2>/dev/null && echo $$one && break; done)
endif
VENV := .venv
BIN := $(VENV)/bin
# The real year, where it lies beside this folder; without it everything runs on a simulated one.
JOURNEY := $(abspath $(wildcard ../shared/data/complete_journey))
export LOYALTY_COMPLETE_JOURNEY ?= $(JOURNEY)

# One more than there are cores: a test often waits for a broker or a database.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help compiled demo test test-long seeds oracle properties lint bench kafka soak
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/loyalty: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[compile,dev,broker,engagement]'
	@touch $@

compiled: $(BIN)/loyalty ## the hot modules as machine code, where there is a C compiler
	@$(BIN)/python -m infra.compile

demo: compiled ## a year of sales, from receipt to redemption rate, on this machine
	@$(BIN)/loyalty demo

test: compiled ## the whole suite, with a real Kafka and a real Postgres
	$(BIN)/python -m pytest -q -m 'not long' -n $(WORKERS) --maxprocesses=4 \
		--dist loadfile --no-loadscope-reorder

test-long: compiled ## what takes hours: every crash point, 50 kills, all the examples
	$(BIN)/python -m pytest -q -m long

soak: compiled ## left running: eight minutes of sales at 500 a second, with rolling restarts
	$(BIN)/python -m pytest -q -m long --timeout=0 tests/recovery/test_left_running.py

seeds: compiled ## the real worker on 20,000 seeds of the simulated log
	LOYALTY_SEEDS=20000 $(BIN)/python -m pytest -q --timeout=0 tests/stream/test_simulation.py tests/stream/test_model.py

oracle: compiled ## the engine against the oracle on 100,000 sales, returns and payments
	LOYALTY_ORACLE=100000 $(BIN)/python -m pytest -q --timeout=0 tests/oracle

properties: compiled ## the invariants of decisions on 1,000,000 examples
	LOYALTY_PROPERTIES=1000000 $(BIN)/python -m pytest -q --timeout=0 tests/core/test_invariants.py

lint: $(BIN)/loyalty ## ruff, mypy, import-linter, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/validate-pyproject pyproject.toml

bench: compiled ## the figures of ARCHITECTURE.md, measured here
	$(BIN)/python -m tests.bench

kafka: compiled ## a real Kafka on this machine, without Docker, until ctrl-c
	$(BIN)/python -m infra.local_kafka --folder $${LOYALTY_HOME:-.loyalty}/kafka
