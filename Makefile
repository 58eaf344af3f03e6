# make demo   sets up .venv and screens examples/ with the bundled packs
# make test   sets up .venv, then lint, types and all tests
# make clean  removes .venv and what tools have cached
#
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(VENV)/installed
	@echo '$$ leakguard check examples --pack examples/acme.toml'
	@$(BIN)/leakguard check examples --pack examples/acme.toml; code=$$?; \
	if [ $$code -eq 1 ]; then \
	  echo; \
	  echo 'Exit code 1: something that blocks was found. That is what the demo is for.'; \
	else \
	  echo "expected exit code 1, got $$code" >&2; exit 1; \
	fi

test: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadgroup

clean:
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'leakguard needs Python 3.11 or newer, and "$(PYTHON)" is not.' >&2; \
	  echo 'Name one that is: make $(MAKECMDGOALS) PYTHON=python3.13' >&2; \
	  exit 1; \
	}
	@echo 'Setting up $(VENV) (once, about a minute)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The stamps stand for "installed from this pyproject.toml": without a change nothing is installed.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/installed
