"""Purge: deletions that are older than the setting says are forgotten, library by library.

Refuses to do anything where the setting is 0: then deletions are kept for good.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.store import tombstones
from api.store.database import Tx

DAY_MS = 86_400_000


async def purge_tombstones(desk: Desk) -> int:
    """Forget old deletions in every library, each in a transaction of its own; returns how many."""
    days = desk.settings.tombstone_days
    if days == 0:
        return 0
    before = desk.now() - days * DAY_MS
    count = 0
    for library_id in await desk.database.read(lambda tx: tombstones.libraries_with_old(tx, before)):

        async def work(tx: Tx, library_id: str = library_id) -> int:
            return await tombstones.purge(tx, library_id, before)

        count += await desk.database.write(work)
    return count
