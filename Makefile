# groundtune: `make run` does the main job on a local cloud, `make test` runs all tests. Both set up first.

VENV   ?= .venv
PYTHON ?= python3
# PyTorch to install. Where pip finds a CPU build under this name it takes it; choose another with TORCH=…
TORCH  ?= torch==2.13.0
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TESTS  ?= -n 3 --dist loadfile

.PHONY: setup run test check bench bench-runtime bench-ingest bench-data bench-inference bench-scorer clean help

help:            ## list the targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 17

setup: $(READY)  ## make the virtual environment; quick when nothing has changed

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt '$(TORCH)' -e '.[dev]'
	@touch $(READY)

run: setup       ## run the example: five arms, one report in out/telco
	$(BIN)/groundtune run examples/telco/run.yaml --out out/telco

test: setup      ## run all tests
	$(BIN)/pytest $(TESTS)

check: setup     ## lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup     ## measure the first run and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.first_run

bench-runtime: setup  ## measure the worker runtime beside other frameworks and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.runtime

bench-ingest: setup  ## measure doc-ingest beside other readers and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.ingest

bench-data: setup  ## measure near-duplicate search and decontamination and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.data

bench-inference: setup  ## measure retrieval beside other libraries and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.inference

bench-scorer: setup  ## measure scoring beside other libraries and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.scorer

clean:           ## remove what the commands made, but for the virtual environment
	rm -rf out .groundtune build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
