"""How a planted fault has to be found: within few histories, and by its effect."""

from __future__ import annotations

from collections.abc import Iterable

from api.store.database import Database
from tests.simulation.histories import broken
from tests.simulation.steps import Plan

MOST = 300
START = 10_000  # other histories than those that are known to keep every promise


async def find(database: Database, plans: Iterable[Plan]) -> None:
    """Assert that one of these breaks a promise, and not by falling over."""
    found = await broken(database, plans, lambda: None)
    assert found is not None
    assert not found[1].startswith("error"), found[1]
