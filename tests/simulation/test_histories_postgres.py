"""The same random histories keep every promise on PostgreSQL; see `test_histories_sqlite.py`.

Measured on 2 cores that others kept busy as well (load 7): 2,000 histories in 148 s, 43 s of it this process's own.
"""

from __future__ import annotations

from api.store.database import Database
from tests.simulation.histories import search
from tests.simulation.steps import plan_of

HISTORIES = 2000


async def test_no_history_breaks_a_promise(postgres_arena: Database) -> None:
    broken = await search(postgres_arena, map(plan_of, range(HISTORIES)))
    assert broken is None, str(broken)
