"""What a person may turn, type or open is written down, and what is written down is there."""

from __future__ import annotations

import re
import subprocess

import click
import pytest

from api.cli import scholium
from api.settings import PREFIX, Settings
from tests.conftest import ROOT

DEPLOYING = ROOT / "docs" / "deploy.md"
MAP = ROOT / "docs" / "architecture.md"
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


def test_every_target_of_make_explains_itself() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    explained = {line.split()[0] for line in said.splitlines() if line.strip()}
    assert explained == {"help", "run", "test", "check", "bench", "soak", "extension", "lock"}


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


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/deploy.md"]
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!http|#|mailto)([^)#]+)", path.read_text()):
        assert (path.parent / target).exists() or target.startswith("docs/images/"), target
