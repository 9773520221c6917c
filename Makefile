# make demo      set up, solve the flagship, try claims of the second scenario over what is not known, write both reports
# make test      set up, then lint, types, direction of imports, tests
# make pictures  the pictures in docs/, anew
# make bench     the table of speeds (docs/benchmarks.md)
# make clean     remove everything that make made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Threads help none of our array sizes and slow short vectors down many times.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1

.PHONY: demo test pictures bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/.demo
	$(BIN)/equipoise assess northeast-asia --out out/northeast-asia
	rm -rf out/south-asia/futures
	$(BIN)/equipoise explore south-asia --claim fewer-wars --claim more-violence --draws 100 --workers 2 \
	  --out out/south-asia/futures
	$(BIN)/equipoise crux south-asia --claim fewer-wars --out out/south-asia
	$(BIN)/equipoise report northeast-asia --convention control-cost --ablation none -o out/northeast-asia/report.html
	$(BIN)/equipoise report south-asia --convention control-cost --ablation none --ensemble out/south-asia/futures \
	  --crux fewer-wars -o out/south-asia/report.html

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

pictures: demo
	cp out/northeast-asia/risk.svg docs/pictures/

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) out build .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

# A stamp is renewed when what it stands for changes, so that a second run starts at once.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) -V 2>/dev/null | head -n 1); \
	  echo "Equipoise needs Python 3.11 or newer; '$(PYTHON)' is $${found:-no Python that runs}."; \
	  echo "Name another interpreter: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: pyproject.toml | $(VENV)/.made
	@echo "Installing Equipoise into $(VENV) (about 500 MB, a minute or two) ..."
	$(PIP) install --editable '.[report,explore]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.made
	@echo "Installing Equipoise and its tests into $(VENV) ..."
	$(PIP) install --editable '.[test]'
	@touch $@ $(VENV)/.demo
