"""What a person may turn, type or open is written down, and what is written down is there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import click
import pytest
from litestar.routes import HTTPRoute

from api.actions import edit_object
from api.app import create_app
from api.cli import scholium
from api.domain import errors, fields
from api.domain.errors import ScholiumError
from api.http import problems
from api.settings import PREFIX, Settings
from api.store.migrate import migrations
from tests.conftest import ROOT
from tests.security.doors import known, listed

DEPLOYING = ROOT / "docs" / "deploy.md"
HTTP = ROOT / "docs" / "http-api.md"
MAP = ROOT / "docs" / "architecture.md"
PRIVACY = ROOT / "docs" / "privacy.md"
README = ROOT / "README.md"


def commands(group: click.Group, before: str = "scholium") -> list[str]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, f"{before} {name}") if isinstance(command, click.Group) else [f"{before} {name}"]
    return found


def tracked() -> list[str]:
    said = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if said.returncode:
        pytest.skip("not a git checkout")
    return said.stdout.splitlines()


def test_the_table_of_settings_is_whole() -> None:
    rows = re.findall(rf"^\| `{PREFIX}(\w+)`", DEPLOYING.read_text(), re.M)
    assert sorted(rows) == sorted(name.upper() for name in Settings.__struct_fields__)


def test_the_table_says_the_defaults_that_the_example_says() -> None:
    example = (ROOT / "deploy" / "env.example").read_text().splitlines()
    for name, default in re.findall(rf"^\| `({PREFIX}\w+)` \| `([^`]*)` \|", DEPLOYING.read_text(), re.M):
        assert f"{name}={default}" in example


@pytest.mark.parametrize("command", commands(scholium))
def test_a_command_is_described_and_says_what_it_does(command: str) -> None:
    assert f"`{command}" in DEPLOYING.read_text()
    found: click.Command = scholium
    for word in command.split()[1:]:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    assert found.help


def test_every_table_and_every_outside_source_is_on_the_page_about_privacy() -> None:
    rows = [line.split("|")[1:] for line in PRIVACY.read_text().splitlines() if line.startswith("|")]
    stored = {name for cells in rows for name in re.findall(r"`(\w+)`", cells[0])}
    schema = "".join(sql for _, _, sql in migrations("sqlite"))
    tables = set(re.findall(r"^CREATE TABLE (\w+)", schema, re.M))
    assert stored == tables - {"schema_migration"}
    asked = {name for name in Settings.__struct_fields__ if name.endswith("_url")}
    switches = set(re.findall(rf"{PREFIX}(\w+)", PRIVACY.read_text()))
    assert asked - {"database_url", "redis_url", "base_url"} <= {name.lower() for name in switches}


def test_every_target_of_make_explains_itself() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    explained = {line.split()[0] for line in said.splitlines() if line.strip()}
    assert explained == {"help", "run", "test", "check", "bench", "soak", "extension", "sbom", "lock"}


def test_every_folder_has_its_line_on_the_map() -> None:
    text = MAP.read_text()
    folders = {path.split("/")[0] for path in tracked() if "/" in path}
    floors = {"/".join(path.split("/")[:2]) for path in tracked() if re.match(r"(api|workers)/\w+/", path)}
    for folder in sorted(folders | floors):
        assert f"`{folder}/`" in text, folder


def test_every_file_of_the_house_that_is_on_no_floor_is_on_the_map() -> None:
    text = MAP.read_text()
    for path in tracked():
        if re.fullmatch(r"(api|workers)/\w+\.py", path) and not path.endswith("__init__.py"):
            assert f"`{path}`" in text, path


def routes() -> set[str]:
    """The routes of our own handlers, as the contract writes them."""
    return {
        f"{method} {route.path_format}"
        for route in create_app(Settings(secret_key="k" * 32)).routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.fn.__module__.startswith("api.")
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    }


def kinds(above: type[ScholiumError] = ScholiumError) -> Iterator[type[ScholiumError]]:
    for kind in above.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_route_is_in_the_contract_and_no_other() -> None:
    written = re.findall(r"`((?:GET|POST|PATCH|PUT|DELETE) /[^`?]*)`", HTTP.read_text())
    assert set(written) == routes()


def test_every_route_is_in_the_matrix_of_who_may_use_it_and_no_other() -> None:
    """A new route needs a row in `tests/security/doors.py` (the API) or `tests/security/pages.py`."""
    there = {
        route for route in listed(create_app(Settings(secret_key="x" * 32))) if not route.startswith("GET /openapi")
    }
    assert there | {"GET /openapi.json"} == known()


def test_every_code_of_an_error_is_in_the_contract_under_its_status() -> None:
    rows = re.findall(r"^\| ([45][\d, ]+) \| (.*) \|$", HTTP.read_text(), re.M)
    written = {(int(status), code) for cells, text in rows for status in cells.split(",") for code in _codes(text)}
    for kind in kinds():
        if kind.__module__ in {errors.__name__, fields.__name__, edit_object.__name__}:
            assert (problems.status_of(kind("")), kind.code) in written, kind
    for status, code in problems._CODES.items():
        assert (status, code) in written, code


def _codes(text: str) -> list[str]:
    return re.findall(r"`([a-z_]+)`", text)


@pytest.mark.parametrize(
    "page",
    [
        *("README.md", "CONTRIBUTING.md", "SECURITY.md"),
        *(f"docs/{name}.md" for name in ("architecture", "deploy", "http-api", "privacy", "scaling", "protocol")),
    ],
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!http|#|mailto)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists() or target.startswith("docs/images/"), target
