# Each target sets up what it needs first; that ends at once when nothing changed. On Windows: see README.md.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.13; do $$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
SETUP := @$(PYTHON) packaging/setup_environment.py --venv $(VENV)
# A folder of data sets for `make bench`; without it only what needs none is measured.
DATA ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo app test check format bench torture lock screenshots

help:
	@echo "make demo    set up, index the examples, ask three questions, open the app"
	@echo "make app     set up and open the app"
	@echo "make test    set up and run the tests"
	@echo "make check   formatting, lint, types, import rules, licences, lock"
	@echo "make bench   the benchmarks (DATA=folder for those that need data sets)"
	@echo "make torture 200 kills of the engine while files are edited, then a comparison with a new index"
	@echo "make screenshots   pictures of the window over the examples, into docs/screenshots"
	@echo "make setup   set up only; make format: format the code; make lock: write requirements.lock"

setup:
	$(SETUP)

demo:
	$(SETUP) --quiet
	@$(BIN)/python packaging/demo.py

app:
	$(SETUP) --quiet
	@$(BIN)/studiolo-desktop

test:
	$(SETUP) --quiet
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal --cov --cov-report=term:skip-covered

check:
	$(SETUP) --quiet
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python packaging/check_licences.py
	$(BIN)/python packaging/lock.py --check
	$(BIN)/python packaging/coverage_floor.py

format:
	$(SETUP) --quiet
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

bench:
	$(SETUP) --quiet
	@$(BIN)/python packaging/run_benchmarks.py $(if $(DATA),--data $(DATA))

torture:
	$(SETUP) --quiet
	@$(BIN)/python benchmarks/torture.py --kills 200

lock:
	$(SETUP) --quiet
	@$(BIN)/python packaging/lock.py

screenshots:
	$(SETUP) --quiet
	@$(BIN)/python packaging/take_screenshots.py
