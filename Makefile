# Everything that one does here. Each target calls run.py, which installs what it needs into .venv first.

PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run demo test coverage crash check bench pictures messages format openapi requirements

help: ## this list
	@echo "Said & Done: a public record of what neighbourhood policing promised and did."
	@echo
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22
	@echo
	@echo "PORT, HOST, DATA_DIR and DATABASE_URL are honoured (PORT=8080 make run); docs/operating.md has them all."
	@echo "Where make is missing: python3 run.py help"

run: ## serve the real record at http://127.0.0.1:8000/ (data in var/run)
	@$(PYTHON) run.py

demo: ## the same with an invented year and a half of life, marked as invented (data in var/demo)
	@$(PYTHON) run.py demo

test: ## the tests, on SQLite and on a real PostgreSQL
	@$(PYTHON) run.py test

coverage: ## the tests on SQLite, and which branches none of them took
	@$(PYTHON) run.py coverage

crash: ## kill what writes 200 times, PostgreSQL 25 times, and workers 200 times while they deliver; nothing may be lost
	@$(PYTHON) run.py crash $(OPTIONS)

check: ## format, lint, types, import contracts, migrations, openapi.yaml, documents
	@$(PYTHON) run.py check

bench: ## how fast it answers, beside a stock API and bare SQL (SIZE=2000, OPTIONS=--growth, --ratings, --record or --notifications)
	@$(PYTHON) run.py bench $(if $(SIZE),--commitments $(SIZE)) $(OPTIONS)

pictures: ## pictures of every kind of page, in var/pictures, and README's (needs Chromium)
	@$(PYTHON) run.py pictures $(OPTIONS)

messages: ## bring the portal's words into its translations, and compile them
	@$(PYTHON) run.py messages

format: ## put the code into the agreed form
	@$(PYTHON) run.py format

openapi: ## write openapi.yaml anew from the code
	@$(PYTHON) run.py openapi

requirements: ## compile requirements/ anew from pyproject.toml, with hashes
	@$(PYTHON) run.py requirements
