"""Every criterion of docs/security.md has its row and a test of its name, and what the rows name is there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
HERE = ROOT / "tests" / "security"
COUNTS = {"a": 11, "t": 7, "w": 5, "e": 7, "d": 7}
CRITERIA = [f"{letter}{n}" for letter, many in COUNTS.items() for n in range(1, many + 1)]


def rows() -> dict[str, str]:
    return {name.lower(): rest for name, rest in re.findall(r"^\| ([ATWED]\d+) \| (.*) \|$", PAGE, re.M)}


def named_after(criterion: str) -> list[str]:
    text = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    return re.findall(rf"^(?:async )?def (test_{criterion}_\w+)", text, re.M)


def test_the_table_has_each_criterion_once_and_no_other() -> None:
    assert re.findall(r"^\| ([ATWED]\d+) \|", PAGE, re.M) == [one.upper() for one in CRITERIA]


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_criterion_has_a_test_of_its_name(criterion: str) -> None:
    assert named_after(criterion)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_what_a_row_names_is_there(criterion: str) -> None:
    folder = ""
    for named in re.findall(r"`((?:tests/)?[\w/.]+\.(?:py|mjs))`", rows()[criterion]):
        folder = named.rpartition("/")[0] or folder
        path = named if "/" in named else f"{folder}/{named}"
        assert (ROOT / path).exists(), path
