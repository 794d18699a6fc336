"""The table of promises is whole: I1 to I22, every name that a violation bears, and every place in it exists."""

from __future__ import annotations

import re
from functools import reduce
from importlib import import_module

import pytest

from tests.conftest import ROOT
from tests.simulation.promises import PROMISES

HERE = ROOT / "tests/simulation"


def test_every_promise_and_every_violation_is_in_the_table() -> None:
    names = {
        name for path in HERE.glob("*.py") for name in re.findall(r"Violation\(\s*\"([A-Za-z0-9]+)\"", path.read_text())
    }
    assert {f"I{n}" for n in range(1, 23)} | names == set(PROMISES)


@pytest.mark.parametrize("place", sorted({place for promise in PROMISES.values() for place in promise.places}))
def test_where_a_promise_is_looked_after_there_is_something(place: str) -> None:
    if "/" in place:
        assert (ROOT / place).is_file()
        return
    module, *names = place.split(".")
    assert callable(reduce(getattr, names, import_module(f"tests.simulation.{module}")))
