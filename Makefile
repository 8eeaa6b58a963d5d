# make demo    the demonstration in the browser          make test    every test, in a real browser too
# make reset   the demonstration begins anew             make check   style, types, architecture, set-up
# make lock    the newest versions of all dependencies
# make bench   how fast the site is, with 1,000 and with 100,000 recommendations (BENCH_SIZE for another number)
#
# PORT and EMLREVIEW_DATA (the data folder) override; PYTHON names an interpreter of 3.11 or newer.

SHELL = /bin/sh
PORT ?= 8000
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

RUN = .venv/bin/python
export EMLREVIEW_DEMO = 1

.PHONY: demo test check reset lock bench
.DELETE_ON_ERROR:

demo: .venv/runtime
	@exec $(RUN) manage.py demo --port $(PORT)

reset: .venv/runtime
	@$(RUN) manage.py reset_demo

test: .venv/development
	@$(RUN) -m pytest --numprocesses auto --dist worksteal

bench: .venv/development
	@$(RUN) -m tests.bench

check: .venv/development
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint templates
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py check_translations
	EMLREVIEW_DEMO=0 \
	EMLREVIEW_SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	EMLREVIEW_HOSTS=medicines.example.org \
	EMLREVIEW_OPERATOR='The Example Committee' \
	EMLREVIEW_MAIL_FROM=secretariat@example.org \
	EMLREVIEW_SMTP_HOST=smtp.example.org \
	DATABASE_URL=postgresql://serving@localhost/emlreview \
	$(RUN) manage.py check --deploy --fail-level WARNING

lock: .venv/development
	.venv/bin/uv pip compile $(LOCK) --upgrade --output-file requirements.lock requirements.in
	.venv/bin/uv pip compile $(LOCK) --upgrade --output-file requirements-dev.lock requirements-dev.in

LOCK = --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# The environment. uv where it is present, else pip; what is there already is kept, what changed is brought in step.

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3-venv)."; exit 1; }
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv --clear .venv

.venv/runtime: requirements.lock | .venv/bin/python
	@$(call install,requirements.lock)
	@touch $@

.venv/development: requirements-dev.lock | .venv/bin/python
	@$(call install,requirements-dev.lock)
	@touch $@ .venv/runtime

install = if command -v uv >/dev/null; \
	then uv pip install --quiet --python $(RUN) --require-hashes --requirement $(1); \
	else $(RUN) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement $(1); fi
