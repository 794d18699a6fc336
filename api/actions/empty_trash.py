"""Empty the trash: what has lain there for longer than the setting says loses everything but its tombstone.

Refuses to do anything where the setting is 0: then what was deleted can be brought back for as long as it is known.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.store import blanks
from api.store.database import Tx

DAY_MS = 86_400_000


async def empty_trash(desk: Desk) -> int:
    """Empty the trash of every library, a few hundred objects in a transaction; returns how many."""
    days = desk.settings.trash_days
    if days == 0:
        return 0
    now = desk.now()
    count = 0
    for library_id in await desk.database.read(lambda tx: blanks.libraries_with_old(tx, now - days * DAY_MS)):

        async def work(tx: Tx, library_id: str = library_id) -> int:
            return await blanks.empty_some(tx, library_id, now - days * DAY_MS, now)

        while done := await desk.database.write(work):
            count += done
        desk.poke(library_id)
    return count
