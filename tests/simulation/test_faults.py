"""The simulation finds what it is there to find: each planted fault within a few histories, and none without one.

Most are found within 30 histories, the shyest within about 50; 300 are allowed. A file for each kind of fault, so that
they may run side by side.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.store.database import Database
from tests.simulation.faults import FAULTS
from tests.simulation.histories import broken
from tests.simulation.planting import MOST, START, find
from tests.simulation.steps import Plan, homecoming_of, plan_of


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found(fault: str, quick_arena: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    await find(quick_arena, map(plan_of, range(START, START + MOST)))


@pytest.mark.parametrize(("plan_of", "start"), [(plan_of, START), (homecoming_of, 0)])
async def test_nothing_is_found_where_nothing_was_planted(
    plan_of: Callable[[int], Plan], start: int, quick_arena: Database
) -> None:
    assert await broken(quick_arena, map(plan_of, range(start, start + MOST)), lambda: None) is None
