# Everything starts here. Each target sets up what it needs; nothing has to be installed first
# but Python 3.11 and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench screenshots translations lock sample clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready ## See a city's pro bono round happen, then click through it in the browser
	@$(BIN)/matchmaker demo --port $(PORT) $(if $(YEAR),--year --home demo-year)

test: $(VENV)/.ready ## See it proven: engine, services, pages, journeys in a real browser
	@sh .ci/system-packages
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

lint: $(VENV)/.ready ## Style, types, import rules, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m web.catalogues check

format: $(VENV)/.ready ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready ## Measure engine, rivals, rounds, pages and memory; write docs/benchmarks.md
	@$(BIN)/python -c "import ortools, matching, matplotlib" 2>/dev/null || \
	  (command -v uv >/dev/null 2>&1 && uv pip install -q --python $(BIN)/python --require-hashes \
	  -r requirements-bench.lock || $(BIN)/python -m pip install -q --require-hashes -r requirements-bench.lock)
	$(BIN)/python -m tests.benchmarks

screenshots: $(VENV)/.ready ## Take the pictures of docs/images in a real browser
	@sh .ci/system-packages
	$(BIN)/python -m tests.screenshots

translations: $(VENV)/.ready ## Bring both catalogues up to date with the pages
	$(BIN)/python -m web.catalogues update

sample: $(VENV)/.ready ## Make sample_data/city again (the same bytes)
	$(BIN)/matchmaker sample --out sample_data/city

lock: ## Choose newest versions again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --all-extras --upgrade pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url -c requirements.lock --group bench -o requirements-bench.lock

clean: ## Remove what was made here, the demo's data included
	rm -rf $(VENV) demo demo-year build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# uv when it is there, else plain venv and pip; always the exact versions of the lock file.
$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; a minute or two) ..."
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv -q --clear --python $(PYTHON) $(VENV) && \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e . ; \
	else \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e . ; \
	fi
	@touch $@
