# Two commands: `make demo` (baseline against the strategy scenarios) and `make test` (all checks).
PYTHON ?= python3
BIN := .venv/bin
# Bytecode is kept even where the surroundings say otherwise: hundreds of short processes read it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test setup clean
.DELETE_ON_ERROR:

demo: .venv/.main
	$(BIN)/trondelag demo

test: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

setup: .venv/.main

# Debian's python3 has no ensurepip without python3-venv: then its pip puts one in.
$(BIN)/python:
	$(PYTHON) -m venv .venv || { $(PYTHON) -m venv --clear --without-pip .venv && \
	$(PYTHON) -m pip --python $@ install --quiet --disable-pip-version-check pip; }

.venv/.main: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

# All that .main brings and more: one installation where tests come first.
.venv/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch .venv/.main $@

clean:
	rm -rf .venv runs
