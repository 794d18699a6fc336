"""Each planted fault of devices that come back one by one to a restored server is found; see `test_faults.py`."""

from __future__ import annotations

import pytest

from api.store.database import Database
from tests.simulation.faults_of_homecoming import FAULTS
from tests.simulation.planting import MOST, find
from tests.simulation.steps import homecoming_of


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_devices_that_come_back_one_by_one_is_found(
    fault: str, quick_arena: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    FAULTS[fault](monkeypatch)
    await find(quick_arena, map(homecoming_of, range(MOST)))
