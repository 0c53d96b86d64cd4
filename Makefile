PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
JOURNEY := $(wildcard ../shared/data/complete_journey)
export LOYALTY_COMPLETE_JOURNEY ?= $(JOURNEY)

.PHONY: demo test test-long lint bench kafka
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/loyalty: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,broker,engagement]'
	@touch $@

demo: $(BIN)/loyalty ## a year of sales, from receipt to redemption rate, on this machine
	$(BIN)/loyalty demo

test: $(BIN)/loyalty ## the whole suite, with a real Kafka and a real Postgres
	$(BIN)/python -m pytest -q -m 'not long'

lint: $(BIN)/loyalty ## ruff, mypy, import-linter, spelling
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell && $(BIN)/validate-pyproject pyproject.toml
