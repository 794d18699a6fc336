"""Each planted fault of restores, purges and holds is found within as few histories; see `test_faults.py`."""

from __future__ import annotations

from itertools import count, islice

import pytest

from api.store.database import Database
from tests.simulation.faults_of_returning import FAULTS
from tests.simulation.planting import MOST, START, find
from tests.simulation.steps import plan_of


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_restores_purges_and_holds_is_found(
    fault: str, quick_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAULTS[fault](monkeypatch)
    plans = (plan for plan in map(plan_of, count(START)) if plan.flavour != "plain")
    await find(quick_arena, islice(plans, MOST))
