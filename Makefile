# Two commands for a newcomer: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=
BENCH  ?= rsvp
# A file of tests stays together; each worker has servers of its own, so a database of yours is used by one alone.
SPREAD := $(if $(DATABASE_URL),,-n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder)

# pip asks whatever index the machine's own pip is set up for; each file must have a hash that stands in the lock.
PIP    := $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes
LOCK   := UV_NO_CONFIG=1 uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
          --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check lint fmt bench lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */\1|/' | while IFS='|' read -r name what; do \
	  printf '  make %-6s %s\n' "$$name" "$$what"; done

run: $(VENV)/.run ## everything in one terminal at http://127.0.0.1:8000 (PORT=8010 make run: elsewhere)
	@exec $(BIN)/python -m dev.run

test: $(VENV)/.dev ## all tests on real PostgreSQL and Redis (ARGS="tests/events -x": some)
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: lint ## what CI runs: format, lint, types, contracts, migrations, spelling, tests with coverage
	$(BIN)/python -m pytest $(SPREAD) --cov $(ARGS)

lint: $(VENV)/.dev ## all of check but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	DEBUG=1 DATABASE_URL=postgresql:///not-asked $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m dev.with_servers $(BIN)/python manage.py makemigrations --check --dry-run
	find templates -name '*.html' -exec $(BIN)/djade --check {} +
	$(BIN)/typos

fmt: $(VENV)/.dev ## write everything in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade {} +
	find . -name '*.py' -not -path './$(VENV)/*' -not -path '*/migrations/*' \
	  -exec $(BIN)/django-upgrade --target-version 5.2 {} +

bench: $(VENV)/.dev ## RSVPs a second beside the plain ways (ARGS="1 8": one second each, 8 connections; BENCH=outbox: mails, BENCH=stage: screens)
	$(BIN)/python -m bench $(BENCH) $(ARGS)

lock: ## write requirements/ anew; needs uv (UP=-U raises all versions)
	@command -v uv > /dev/null || { echo "make lock needs uv, which is not on the PATH; nothing else here does."; exit 1; }
	$(LOCK) $(UP) pyproject.toml --extra embedded --extra dev -o requirements/dev.txt
	$(LOCK) pyproject.toml -c requirements/dev.txt --extra embedded -o requirements/run.txt
	$(LOCK) pyproject.toml -c requirements/dev.txt -o requirements/prod.txt
	@! grep -nE '://|--(extra-)?index-url|--find-links|--trusted-host' requirements/*.txt || \
	  { echo "The lock names a host: it may not."; exit 1; }

clean: ## remove the virtual environment, caches and the demo's data
	@if [ -L var/postgres ]; then rm -rf "$$(readlink var/postgres)"; fi
	rm -rf $(VENV) var .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# requirements/dev.txt holds all of run.txt, in the same versions: after `make test`, `make run` has nothing to install.
$(VENV)/.dev: requirements/dev.txt $(BIN)/python
	@echo "Installing the locked dependencies for development (once, about half a minute) ..."
	@$(PIP) -r $<
	@touch $@ $(VENV)/.run

$(VENV)/.run: requirements/run.txt $(BIN)/python
	@echo "Installing the locked dependencies (once, about half a minute) ..."
	@$(PIP) -r $<
	@touch $@

$(BIN)/python:
	@test -w . || { echo "Cannot write to $(CURDIR): Lectern installs its dependencies there, in $(VENV)."; exit 1; }
	@command -v $(PYTHON) > /dev/null || \
	  { echo "$(PYTHON) is not here: install Python 3.11 or newer, or name it: make $(MAKECMDGOALS) PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Lectern needs Python 3.11 or newer, $(PYTHON) is older; name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
	  { echo "This Python lacks its venv module: install it (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
