# perfkit's tasks. `make` alone lists them. CI calls the same targets.
PYTHON ?= python3
VENV   := .venv
LOWEST := .venv-lowest
BIN    := $(VENV)/bin
JOBS   ?= auto

.DEFAULT_GOAL := help
.PHONY: help report test fuzz scans texts trial lowest lint lab bench docs pictures lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(VENV)/.run ## report on every project in params/: HTML, PDF and index in reports/
	@$(BIN)/perfkit report params

test: $(VENV)/.test ## run every test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

fuzz: $(VENV)/.test ## spoil every kind of file for an hour and keep what breaks; ARGS="600 xlsx" for ten minutes of one kind
	$(BIN)/python -m tests.fuzz $(ARGS)

scans: $(VENV)/.test ## read seventy-two spoiled scans of our own pages, as a table; ARGS=100 for a hundred pages
	$(BIN)/python -m tests.readers.scan_table $(ARGS)

trial: $(VENV)/.test ## edit two hundred generated reports and verify each, as a table; ARGS=20 for twenty
	$(BIN)/python -m tests.verify.trial $(ARGS)

texts: $(VENV)/.test ## read the texts that real programs make of thirty invented layouts, as a table
	$(BIN)/python -m tests.readers.text_table $(ARGS)

# Not the engine beside nbclient: IPython 9.0 picks a traceback's lines in the order of a set, so any two runs differ.
lowest: $(LOWEST)/.test ## run the tests that touch other packages on the oldest versions we allow
	$(LOWEST)/bin/python -m pytest -n $(JOBS) --dist loadfile -W default \
	  -m "not browser and not office" --ignore tests/kernel/test_notebooks.py tests/readers tests/writers tests/display tests/publish tests/batch \
	  tests/cli tests/desk tests/test_params.py tests/test_house.py tests/test_published_projects.py $(ARGS)

lint: $(VENV)/.test ## check style and types
	$(BIN)/ruff check perfkit tests benchmarks docs
	$(BIN)/ruff format --check perfkit tests benchmarks docs
	$(BIN)/mypy

lab: $(VENV)/.run ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

bench: $(VENV)/.bench ## run the benchmarks, side by side with the peers, as a table
	$(BIN)/python -m benchmarks

dist: $(VENV)/.run ## build the wheel and the sdist in dist/, and try the wheel in an empty environment
	rm -rf dist/perfkit-* build/try
	$(BIN)/python -m hatchling build -d dist
	$(PYTHON) -m venv build/try
	build/try/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/lock/run.txt
	build/try/bin/python -m pip install --quiet --disable-pip-version-check --no-deps dist/perfkit-*.whl
	cd build/try && bin/perfkit init office && cd office && ../bin/perfkit report params
	@ls dist/perfkit-*

docs: $(VENV)/.test ## make the pages that come from the code's own data, and the site in docs/_build
	$(BIN)/python -m docs.pages
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build

pictures: $(VENV)/.test ## take the pictures of README and docs anew, from the real product
	$(BIN)/python docs/make_pictures.py

lock: $(VENV)/.test ## resolve the dependencies anew; with ARGS=--upgrade to today's newest versions
	$(BIN)/python .ci/lock/resolve.py $(ARGS)

clean: ## remove the environment and what was made
	rm -rf $(VENV) $(LOWEST) .venv-3.* build dist reports/*.html reports/*.pdf reports/*.ipynb reports/perfkit.db* reports/.readings

# The environment: exactly what the lock files name, each file by its hash.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "perfkit needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
SELF    = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .

$(VENV)/.run: $(BIN)/python .ci/lock/run.txt pyproject.toml
	@echo "Installing perfkit and what it needs into $(VENV) (once; a few minutes)"
	$(INSTALL) -r .ci/lock/run.txt
	$(SELF)
	@touch $@

$(VENV)/.test: $(BIN)/python .ci/lock/test.txt pyproject.toml
	@echo "Installing perfkit and what its tests need into $(VENV) (once; a few minutes)"
	$(INSTALL) -r .ci/lock/test.txt
	$(SELF)
	@touch $@ $(VENV)/.run

$(LOWEST)/.test: .ci/lock/lowest.txt pyproject.toml
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/lock/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.bench: $(VENV)/.test .ci/lock/bench.txt
	$(INSTALL) -r .ci/lock/bench.txt
	@touch $@
