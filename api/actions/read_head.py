"""Where a library stands: its version, tombstone floor and epoch."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.store import ledger


async def read_head(desk: Desk, who: Who) -> ledger.LibraryHead:
    """The head of the library that is asked about."""
    return await desk.database.read(lambda tx: ledger.head(tx, who.library_id))
