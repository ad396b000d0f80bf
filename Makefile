# `make` alone lists what there is. Every target sets up what it needs; `make clean PYTHON=...` begins anew.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

# pyright brings itself and Node along: nothing is looked for on the machine or asked of a network.
export PYRIGHT_PYTHON_GLOBAL_NODE := 0
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

# Byte code is kept: the tests start some hundred Pythons, and each worker collects all tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test quick lowest check lint docs site dist soak sandbox examples bench sdks clean pulumi

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(INSTALLED) pulumi ## a server on a panel of your own, by the real `pulumi up`
	$(BIN)/python tools/demo.py

test: $(INSTALLED) pulumi ## the tests but the longest, in parallel; TESTS="-k name" picks some
	$(BIN)/pytest -n auto -m "not long" $(TESTS)

quick: $(INSTALLED) ## the tests that start no Pulumi CLI, in parallel; TESTS="-k name" picks some
	$(BIN)/pytest -n auto -m "not engine and not long" $(TESTS)

lowest: $(INSTALLED) ## the quick tests on the lowest versions that pyproject.toml allows
	$(PYTHON) -m venv .venv/lowest
	$(BIN)/python -m tools.lowest_versions > .venv/lowest/constraints.txt
	.venv/lowest/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint .venv/lowest/constraints.txt --editable '.[sandbox]' hypothesis jsonschema pytest pytest-xdist pyyaml schemathesis
	.venv/lowest/bin/pytest -n auto -m "not engine and not long" --ignore tests/static $(TESTS)

check: lint $(INSTALLED) pulumi ## what a change must pass: lint and all tests
	$(BIN)/pytest -n auto $(TESTS)

lint: $(INSTALLED) ## format, style, types, layers, and tables made from the code that must be current
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m tools.site --check
	$(BIN)/python -m tests.coverage --check

docs: $(INSTALLED) ## write what is generated in them anew
	$(BIN)/python -m tools.site
	$(BIN)/python -m tests.coverage

site: $(INSTALLED) docs ## the documentation as a site, in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file tools/site/mkdocs.yml

dist: $(INSTALLED) pulumi ## what a release uploads, checked, and tried where there is no checkout
	$(BIN)/python -m tools.dist

soak: $(INSTALLED) ## random walks under faults, all resources, the properties, the fuzz; SEED=1 STEPS=2000 EXAMPLES=200 TIMES=20
	$(BIN)/python -m tests.soak --seed $(or $(SEED),1) --steps $(or $(STEPS),2000)
	$(BIN)/python -m tests.soak --seed $(or $(SEED),1) --steps $(or $(STEPS),2000) --door native
	PROPERTY_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/pytest tests/lifecycle/intent/test_property.py tests/lifecycle/identity/test_property.py
	FUZZ_TIMES=$(or $(TIMES),20) $(BIN)/pytest -n auto --hypothesis-seed=$(or $(SEED),1) tests/fuzz tests/commands/test_hostile.py

sandbox: $(INSTALLED) ## a panel in the foreground, to point programs at
	$(BIN)/virtfusion sandbox

examples: $(INSTALLED) pulumi ## every example goes up and away again, against a panel of its own; states in bucket and database
	EXAMPLES_MAY_FETCH=1 $(BIN)/pytest -n auto tests/examples

bench: $(INSTALLED) pulumi ## what it costs, into docs/; BENCH="--servers 10 --repeat 1 --dry-run" is a quick look
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m tools.bench $(BENCH)

sdks: $(INSTALLED) pulumi ## what Pulumi makes for TypeScript, Go and Python compiles, in build/sdks; fetches from npm, Go and PyPI
	$(BIN)/python -m tools.sdks

clean: ## stop the demo's panel; remove it, the caches, the virtual environment and the built CLI
	$(PYTHON) tools/demo.py --stop
	rm -rf .demo .venv .tools Pulumi.dev.yaml .hypothesis .*_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	# Pulumi's language host asks pip for its list with every command; the pip that comes with a Python takes thrice as long.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

pulumi:
	@tools/install-pulumi
