# What you can do with everyfamily. `make` alone lists it. ARGS="..." is passed on to the program behind a target.

.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
WORKERS ?= 2
ARGS ?=

export DJANGO_SETTINGS_MODULE ?= everyfamily.config.settings
# A half-set locale must not decide how files are read.
export PYTHONUTF8 := 1
# Hundreds of tests start a command of their own: it must not compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help bootstrap lock demo run test check fix bench nightly same docs snapshots pictures

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name words; do printf '  make %-11s %s\n' "$$name" "$$words"; done

bootstrap: ## Make .venv from the locks (the other targets do it for you)
	@tools/bootstrap.sh

demo: bootstrap ## One letter to every family of an invented city, start to end (ARGS="--city full")
	@.venv/bin/everyfamily demo --no-serve $(ARGS)

run: bootstrap ## The demo, and then the parent site and the pages for staff on this machine, until Ctrl-C
	@.venv/bin/everyfamily demo $(ARGS)

test: bootstrap ## Every test, with the database and the browser (all but the nightly ones)
	@tools/chromium.sh
	@tools/site-servers.sh
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not nightly" $(ARGS)

FAST := tests/unit tests/checks tests/spec tests/contract tests/properties tests/repo $(wildcard tests/snapshots)

check: bootstrap ## Format, lint, types, arrows, migrations and the fast tests; a minute and a half
	@PYTHON=$(PYTHON) tools/check.sh $(PYTEST) -q -n $(WORKERS) -m "not database and not browser and not slow and not nightly" $(or $(ARGS),$(FAST))

fix: bootstrap ## Repair what can be repaired by a machine: format and lint
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: bootstrap ## Our figures beside peers' on the same work
	@set -e; for bench in bench/*.py; do [ -e "$$bench" ] || { echo "There is no bench yet."; exit 0; }; echo "== $$bench"; PYTHONPATH=. $(PYTHON) "$$bench" $(ARGS); done

nightly: bootstrap ## The long fault, fuzz and load tests, and all that make test leaves out (TESTING.md)
	@tools/chromium.sh
	@tools/site-servers.sh
	@$(PYTEST) -m nightly $(ARGS)
	@EVERYFAMILY_EXAMPLES=new $(PYTEST) -q -n $(WORKERS) -m "hypothesis and not nightly" tests
	@$(PYTHON) tools/same_every_time.py --runs 3 --busy 1

same: bootstrap ## Whole test runs with new seeds in fresh clones: do they all say the same? (ARGS="--runs 5 --busy 1")
	@tools/chromium.sh
	@tools/site-servers.sh
	@$(PYTHON) tools/same_every_time.py $(ARGS)

docs: bootstrap ## Rewrite the generated pages (each script in tools/docs makes one)
	@set -e; for page in tools/docs/*.py; do [ -e "$$page" ] || { echo "There is no generated page yet."; exit 0; }; echo "$$page"; $(PYTHON) "$$page"; done

snapshots: bootstrap ## Rewrite the snapshots; look at each change before you commit it
	@if [ -d tests/snapshots ]; then EVERYFAMILY_SNAPSHOTS=rewrite $(PYTEST) tests/snapshots $(ARGS); else echo "There are no snapshots yet."; fi

pictures: bootstrap ## Make the README's pictures again, from a run of the demo
	@tools/chromium.sh
	@$(PYTHON) tools/readme_pictures.py
	@$(PYTHON) tools/topics_picture.py

# The product's lock comes first, so that no tool of development changes what a council installs.
COMPILE = .uv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.12 --custom-compile-command "make lock" $(ARGS)

lock: bootstrap ## Make requirements/*.txt again from pyproject.toml (ARGS="--upgrade" for newer versions)
	@$(COMPILE) pyproject.toml -o requirements/lock.txt
	@$(COMPILE) --group dev pyproject.toml -c requirements/lock.txt $$(sed -n 's/^\([A-Za-z0-9._-]*\).*==.*/--no-emit-package \1/p' requirements/lock.txt) -o requirements/dev.txt
	@$(COMPILE) requirements/uv.in -c requirements/lock.txt -o requirements/uv.txt
	@tools/bootstrap.sh
