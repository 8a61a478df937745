# kaohe: the commands a newcomer needs. `make demo` needs Rust alone; `make test` runs everything it finds tools for.
#
# Cargo, maturin and napi each get a target directory of their own: they build the same crates with other flags, and in
# one directory each would throw away the other's work.

SHELL := /bin/bash
CARGO ?= cargo
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test test-rust test-python test-spark test-node test-long bench lint fmt docs clean

help:
	@echo 'make demo         score the bank example and explain one person (needs Rust)'
	@echo 'make test         every test: Rust, Python, Node'
	@echo 'make test-spark   the Python tests, and those on PySpark (needs Java)'
	@echo 'make test-long    the long runs: more formulas, more schemes'
	@echo 'make bench        rows per second, beside other engines; writes docs/benchmarks.md'
	@echo 'make lint         formatting and lints, as the project checks them'

BANK := examples/bank_quarter
BANK_FACTS := --staff $(BANK)/staff.csv --detail 存款=$(BANK)/存款.csv --detail 加减分事项=$(BANK)/加减分事项.csv

demo:
	@$(CARGO) build --quiet --release --package kaohe-cli
	@target/release/kaohe score $(BANK)/scheme.yaml $(BANK_FACTS) || [ $$? -eq 1 ]
	@echo
	@target/release/kaohe explain $(BANK)/scheme.yaml $(BANK_FACTS) --row 001 --column 综合得分

test: test-rust test-python test-node
	@echo 'all tests passed'

test-rust:
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  $(CARGO) nextest run && $(CARGO) test --doc --quiet; \
	else \
	  $(CARGO) test --quiet; \
	fi

test-python:
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo 'make test: Python 3.11 or newer is absent, so the Python package was NOT tested' >&2; exit 1; \
	fi
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --requirement bindings-python/requirements-test.txt
	@cd bindings-python && CARGO_TARGET_DIR=../target-python ../$(BIN)/maturin develop --quiet --release
	@cd bindings-python && ../$(BIN)/python -m pytest --quiet

# PySpark is large and needs Java, so only this installs it; without it `test-python` skips these tests.
test-spark: test-python
	@command -v java >/dev/null || { echo 'make test-spark: Java 17 or newer is absent, so Spark was NOT tested' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet 'pyspark>=4,<5'
	@cd bindings-python && ../$(BIN)/python -m pytest --quiet tests/test_spark.py

test-node:
	@if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 17) ? 0 : 1)' 2>/dev/null; then \
	  echo 'make test: Node 20.17 or newer is absent, so the Node package was NOT tested' >&2; exit 1; \
	fi
	@cd bindings-node && npm ci --silent && CARGO_TARGET_DIR=../target-node npm run --silent build && npm test --silent

test-long:
	@KAOHE_LONG=1 $(CARGO) test --release --quiet

bench:
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --requirement bindings-python/requirements-test.txt --requirement benches/engines/requirements.txt
	@cd bindings-python && CARGO_TARGET_DIR=../target-python ../$(BIN)/maturin develop --quiet --release
	@cd bindings-node && npm ci --silent && CARGO_TARGET_DIR=../target-node npm run --silent build && cd bench && npm install --silent
	@benches/report

lint:
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --workspace --exclude kaohe-benches --all-targets --quiet -- -D warnings
	@$(CARGO) clippy --package kaohe-benches --lib --quiet -- -D warnings

fmt:
	@$(CARGO) fmt --all

docs:
	@KAOHE_BLESS=1 $(CARGO) test --package kaohe --quiet --test reference

clean:
	@rm -rf target target-python target-node $(VENV) bindings-node/node_modules
