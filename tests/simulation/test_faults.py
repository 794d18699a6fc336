"""The simulation finds what it is there to find: each planted fault within a few histories, and none without one.

Most are found within 30 histories, the shyest within about 50; 300 are allowed.
"""

from __future__ import annotations

from itertools import count, islice

import pytest

from api.store.database import Database
from tests.simulation import faults_of_returning
from tests.simulation.faults import FAULTS
from tests.simulation.histories import broken
from tests.simulation.steps import plan_of

MOST = 300
START = 10_000  # other histories than those that are known to keep every promise


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found(fault: str, quick_arena: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    found = await broken(quick_arena, range(START, START + MOST), lambda: None)
    assert found is not None
    assert not found[1].startswith("error"), found[1]  # the fault is to be found by its effect, not by falling over


@pytest.mark.parametrize("fault", faults_of_returning.FAULTS)
async def test_a_fault_of_restores_purges_and_holds_is_found(
    fault: str, quick_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults_of_returning.FAULTS[fault](monkeypatch)
    seeds = (seed for seed in count(START) if plan_of(seed).flavour != "plain")
    found = await broken(quick_arena, islice(seeds, MOST), lambda: None)
    assert found is not None
    assert not found[1].startswith("error"), found[1]


async def test_nothing_is_found_where_nothing_was_planted(quick_arena: Database) -> None:
    assert await broken(quick_arena, range(START, START + MOST), lambda: None) is None
