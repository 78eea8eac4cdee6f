# Everything a person types. `make run` and `make test` need Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check bench screenshots soak soak-kills soak-outbox soak-cluster soak-feeds fuzz image venv dev lock schema clean

run: venv  ## watch the news with ./config.yaml
	$(BIN)/monitor run

venv: $(VENV)/.run  ## the program alone, at .venv/bin/monitor

dev: $(VENV)/.dev  ## the program and what its tests need

# pip 23 crashes on a hashed file with conflicting extras (lxml) unless it resolves nothing; `pip check` resolves for it.
$(VENV)/.run: requirements/build.txt requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "monitor needs Python 3.11 or newer; try: make PYTHON=python3.12 run")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --no-deps --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(PIP) check
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	$(PIP) check
	touch $@

test: dev
	# They wait as much as they work; and start many processes, which must not compile everything anew.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) * 2 ))

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/.bench  ## speed and memory beside rivals, in one run
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.deliver
	$(BIN)/python -m bench.poll
	$(BIN)/python -m bench.matching
	$(BIN)/python -m bench.stems
	$(BIN)/python -m bench.workshop
	$(BIN)/python -m bench.cluster
	$(BIN)/python -m bench.web --articles 50000 --feeds 200

screenshots: dev  ## pictures of the page for docs/, by a Chromium that is here
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(PIP) install --no-deps --require-hashes -r requirements/bench.txt
	$(PIP) check
	touch $@

soak: soak-kills soak-outbox soak-feeds soak-cluster  ## all four: two hours

soak-kills: dev  ## kill it at 100 random moments; nothing may be lost
	$(BIN)/python -m tests.soak

soak-outbox: dev  ## the same while its channels fail, hang and refuse
	$(BIN)/python -m tests.soak_outbox

soak-cluster: dev  ## four workers killed every few seconds, PostgreSQL torn down, a wrong clock; all once, nothing stuck
	$(BIN)/python -m tests.soak_cluster --minutes 20 --feeds 500

soak-feeds: dev  ## 1,000 feeds with faults of every kind for half an hour; it may not grow, be late or lose anything
	$(BIN)/python -m tests.soak_feeds --minutes 30

fuzz: dev  ## the property tests, much longer
	MONITOR_FUZZ=1 $(BIN)/python -m pytest -m "fuzz or hypothesis" -o faulthandler_timeout=0

image:  ## for Docker or Podman, whichever is here
	$(firstword $(shell command -v docker podman) docker) build --tag news-monitor .

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"
lock:  ## pin what pyproject.toml asks for, with hashes and without index addresses
	$(COMPILE) -o requirements/run.txt pyproject.toml
	$(COMPILE) -o requirements/build.txt -c requirements/run.txt --group build
	$(COMPILE) -o requirements/dev.txt -c requirements/run.txt --group dev
	$(COMPILE) -o requirements/bench.txt -c requirements/run.txt -c requirements/dev.txt --group bench

schema: dev  ## config.schema.json, by which editors know config.yaml; and that of what a webhook is sent
	$(BIN)/python -m monitor.config.schema > config.schema.json
	$(BIN)/python -m monitor.alerts.document > docs/webhook.schema.json

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
