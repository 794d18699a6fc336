# Two commands matter: `make run` and `make test`. Both set up what they need, in .tools and .venv; nothing else is touched.

PYTHON ?= python3
UV_VERSION := 0.13.9
CYCLONEDX_VERSION := 7.5.0
UV := $(or $(shell command -v uv),.tools/bin/uv)
export UV_PYTHON_DOWNLOADS := never

PACKAGES := extension/node_modules/.package-lock.json
STEPS := Format Lint Types Floors Tests Extension Deploy
BROWSERS := chromium=chromium firefox-esr=firefox-esr
PROXY := caddy=caddy
HOSTS := ip=iproute2
LOAD := wrk=wrk
TEX := pdflatex=texlive-latex-base,texlive-latex-recommended,texlive-fonts-recommended,lmodern lualatex=texlive-luatex biber=biber

.PHONY: help run test check $(STEPS) bench soak extension sbom lock
.DEFAULT_GOAL := help

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: .venv/run.stamp ## the whole service at http://127.0.0.1:8420, its data in ./var; Ctrl-C ends it
	@exec .venv/bin/scholium up

test: .venv/dev.stamp extension ## every test, in real browsers and on real databases
	@sh .ci/need $(BROWSERS) $(PROXY) $(HOSTS) $(LOAD) $(TEX)
	.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
	node --test tests/extension/*.test.mjs

check: .venv/dev.stamp ## what CI runs: format, lint, types, floors, tests, extension, deploy
	@set -e; for step in $(STEPS); do printf '\n== %s\n' "$$step"; $(MAKE) --no-print-directory "$$step"; done

Format: .venv/dev.stamp
	.venv/bin/ruff format --check .

Lint: .venv/dev.stamp
	.venv/bin/ruff check .

Types: .venv/dev.stamp $(PACKAGES)
	.venv/bin/mypy
	cd extension && npm run --silent check

Floors: .venv/dev.stamp
	.venv/bin/lint-imports

Tests: test

Extension: extension
	cd extension && npm run --silent lint

Deploy: .venv/dev.stamp
	.venv/bin/python -m pytest tests/test_deploy.py tests/test_kubernetes.py tests/test_alerts.py tests/test_documented.py

bench: .venv/dev.stamp extension ## the figures, side by side with the floor, in docs/performance.md too
	@sh .ci/need $(BROWSERS) $(LOAD)
	.venv/bin/python -m tests.bench --report docs/performance.md --picture docs/images/performance.svg
	.venv/bin/python -m tests.bench.searching
	.venv/bin/python -m tests.bench.library_page

soak: .venv/dev.stamp ## random histories of many devices, for longer than the tests take
	SCHOLIUM_TEST_SCALE=full .venv/bin/python -m pytest -s tests/durability tests/hosts tests/workers/test_flood.py tests/workers/test_digest_year.py tests/journeys/test_highlights_browser.py tests/journeys/test_save_flow_browser.py tests/journeys/test_fifty_offline.py tests/journeys/test_reader_browser.py tests/journeys/test_save_reaches_second_device.py tests/security
	SCHOLIUM_TEST_KILLS=50 SCHOLIUM_TEST_PAPERS=200 .venv/bin/python -m pytest tests/workers/test_kill_storm.py
	.venv/bin/python -m tests.simulation
	.venv/bin/python -m tests.simulation --about homecoming --histories 10000

extension: $(PACKAGES) ## the extension, unpacked, in dist/extension
	node extension/build.mjs

sbom: $(UV) ## what is installed with the service, for scanners (CycloneDX), in dist/scholium.cdx.json
	@mkdir -p dist
	$(UV) tool run --quiet --from cyclonedx-bom==$(CYCLONEDX_VERSION) cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o dist/scholium.cdx.json

lock: $(UV) ## resolve the dependencies anew: versions and hashes, no hosts
	$(UV) pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --upgrade -q -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev -c requirements.lock --universal --generate-hashes --no-header --no-annotate --upgrade -q -o requirements-dev.lock
	cd extension && npm install --package-lock-only --no-audit --no-fund

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed; name it with PYTHON=' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || CI=true sh .ci/need =python3-venv
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv

.venv/run.stamp: requirements.lock pyproject.toml | $(UV) .venv/bin/python
	$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python .venv/bin/python --no-deps -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(UV) pip install --quiet --python .venv/bin/python --require-hashes -r requirements-dev.lock
	@touch $@

$(PACKAGES): extension/package.json extension/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 15) ? 0 : 1)' || { echo 'Node 20.15 or newer is needed, with npm' >&2; exit 1; }
	cd extension && npm ci --no-audit --no-fund
	@touch $@
