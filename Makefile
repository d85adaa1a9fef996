# Two commands are all that a fresh machine needs: `make run` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := $(shell command -v npm 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# The order of the tests, and their examples, are the same in every run of one commit.
SEED ?= 1

.PHONY: help run test explore quick check fix bench parity lengths docs image lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

run: $(VENV)/.run catalogue/web/static/vendor/.done ## install, start, harvest ten demonstration hospitals, serve
	$(BIN)/catalogue demo

test: $(VENV)/.test catalogue/web/static/vendor/.done $(VENV)/.outside $(VENV)/fairclient/.done check ## install what tests need, check, run every test
	$(BIN)/pytest -n 2 --dist loadgroup --randomly-seed=$(SEED)

explore: $(VENV)/.test ## every test in an order, and with examples, that no run had before
	HYPOTHESIS_PROFILE=explore $(BIN)/pytest -n 2 --dist loadgroup

quick: $(VENV)/.test ## the tests that need no browser and no outside server
	$(BIN)/pytest -n 2 -m "not slow and not browser and not server"

check: $(VENV)/.test ## lint, types, import contracts, generated documentation
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	@$(BIN)/python benchmarks/lengths.py

fix: $(VENV)/.test ## format, mend what a tool can mend, write the generated documentation
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python docs/generate.py

bench: $(VENV)/.test ## measure speed, as ratios against named baselines
	$(BIN)/python benchmarks/run.py

parity: $(VENV)/.test ## compare our profiles with the official shapes, where these are at hand
	$(BIN)/python benchmarks/parity.py

lengths: $(VENV)/.run ## median and 90th percentile of function length
	@$(BIN)/python benchmarks/lengths.py

docs: $(VENV)/.test ## write the generated documentation and the pictures
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/pictures.py

image: ## build the container image
	docker build --tag genoomcatalogus .

lock: $(VENV)/.test ## pin the dependencies anew, with hashes and without registry addresses
	$(PIP) pip-tools
	for extra in run test node; do \
	  case $$extra in run) extras="--extra build";; test) extras="--extra build --extra test";; *) extras="--extra node";; esac; \
	  $(BIN)/pip-compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --strip-extras --allow-unsafe --no-header $$extras -o locks/$$extra.txt pyproject.toml; \
	done
	$(BIN)/pip-compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --strip-extras --allow-unsafe --no-header -o locks/fairclient.txt locks/fairclient.in

clean: ## remove what was installed and built; the data folder stays
	rm -rf $(VENV) node_modules catalogue/web/static/vendor .mypy_cache .ruff_cache .pytest_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: locks/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r locks/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: locks/test.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r locks/test.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

# Fonts come from npm; where the machine has no Node.js, from the one that PyPI carries.
catalogue/web/static/vendor/.done: package-lock.json $(VENV)/.run
ifeq ($(NPM),)
	-$(PIP) --require-hashes -r locks/node.txt
endif
	$(BIN)/python -m catalogue.web.assets
	@mkdir -p $(@D) && touch $@

# A browser and a second triple store, from Debian's packages, for the tests that drive them.
$(VENV)/.outside: tests/outside.sh | $(VENV)/.test
	sh tests/outside.sh
	@touch $@

# A client of FAIR Data Points that pins an older rdflib, so it lives in an environment of its own.
$(VENV)/fairclient/.done: locks/fairclient.txt | $(BIN)/python
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r locks/fairclient.txt
	@touch $@
