# Every target makes the virtual environment it needs. PYTHON picks the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: demo test test-all fuzz lint docs bench bench-names bench-copies bench-scale clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[c2pa,sign]'
	touch $@

$(VENV)/.test-installed: $(VENV)/.installed
	$(PIP) --editable '.[test,lint]'
	touch $@

# The demo holds copies and names on purpose, so the scan must end with 1: the policy is violated.
demo: $(VENV)/.installed
	@$(BIN)/auditor scan examples/lora-dataset --index indexes/demo \
	    -o terminal -o html=auditor-report.html --thumbnails; code=$$?; \
	echo "Exit code $$code (1: the policy is violated, as it should be here). The page: auditor-report.html"; \
	test $$code -eq 1

test: $(VENV)/.test-installed
	$(BIN)/python -m pytest

test-all: $(VENV)/.test-installed
	$(PIP) --editable '.[test-exchange,ray,spark]'
	$(BIN)/python -m pytest -m 'slow or not slow'

# Every reader under coverage-guided fuzzing; SECONDS is the time for all of them together.
SECONDS ?= 600
fuzz: $(VENV)/.test-installed
	$(PIP) --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS)

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed
	$(BIN)/python docs/build.py

bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.main

bench-names: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.names.main

bench-copies: $(VENV)/.test-installed
	$(PIP) --editable '.[bench]'
	$(BIN)/python -m benchmarks.copies

bench-scale: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.scale.main 10000 3 100000 100000

clean:
	rm -rf $(VENV) .fuzz dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
