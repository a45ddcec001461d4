# Two commands on a machine with Python 3.11 or later, git and make: `make demo` and `make test`.

# The lock files were resolved for 3.11, so that version is preferred where it is there.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; \
	done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Each worker has neighbouring tests, so that what they share is made once, until one has none left.
PYTEST_OPTIONS ?= -n 2 --dist worksteal
# What arrays leave is kept for the next ones (glibc): to give it back to the system and to fetch it
# again took an eighth of the time.
KEEPING_MEMORY := MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=268435456
LOCK := --quiet --generate-hashes --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make lock"

# An environment left without pip, or moved together with this folder, can do nothing: it goes, and
# is made anew below.
ifneq ($(shell test -d .venv -a ! -L .venv && \
	{ .venv/bin/python -m pip --version && head -3 .venv/bin/pip | grep -F "$(CURDIR)/.venv/" || \
	echo broken; } 2>/dev/null | tail -1 | grep -x broken),)
$(info .venv is incomplete or was moved; it is made anew)
$(shell rm -rf .venv)
endif

.PHONY: venv demo test docs bench calibrate validate check-forecasts lock clean

venv: .venv/tinel.stamp

demo: venv
	$(BIN)/tinel run examples/tanya.toml

test: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy -n auto
	$(KEEPING_MEMORY) $(BIN)/python -m pytest $(PYTEST_OPTIONS)

# The site, into docs/_build/html; it runs the gallery. A warning is an error.
docs: .venv/test.stamp
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: venv
	$(BIN)/python -m benchmarks

# Fit the free parameters to published cohorts (hours; goes on where it was stopped), and compute
# every cohort beside what was published, into docs/validation.md.
calibrate: .venv/test.stamp
	$(BIN)/python -m tinel.calibration fit

# It fits nothing, and needs nothing beyond the package.
validate: .venv/tinel.stamp
	$(BIN)/python -m tinel.calibration validate

# Measure how far forecasts of patients with findings can be believed, into docs/calibration.md (an
# hour; goes on where it was stopped).
check-forecasts: .venv/tinel.stamp
	$(BIN)/python -m tinel.checks

# Resolve the dependencies anew; run it after changing pyproject.toml, then run the tests.
lock: .venv/tinel.stamp
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra imaging --group build --upgrade $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile --group test --group docs --group calibrate --upgrade $(LOCK) -c requirements.lock \
		-o requirements-dev.lock

clean:
	rm -rf out build dist docs/_build docs/gallery docs/reference .pytest_cache .mypy_cache .ruff_cache .hypothesis .venv

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Tinel needs Python 3.11 or later; none was found" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tinel needs Python 3.11 or later; $(PYTHON) is older" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "no virtual environment (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }

.venv/tinel.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: requirements-dev.lock .venv/tinel.stamp
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
