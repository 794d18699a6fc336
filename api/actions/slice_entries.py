"""A slice of the reading list by its place in it: what a list that shows only what is in sight asks for.

Refuses to be a way through the whole list: a place moves when something is saved, a cursor does not.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.entries import MOST_PAGE, EntryFilter, ShelvedEntry, Sort
from api.store import entries, search_reading


async def slice_entries(
    desk: Desk, library_id: str, wanted: EntryFilter, sort: Sort, first: int, limit: int
) -> list[ShelvedEntry]:
    """Up to `limit` entries from number `first` on, counted from 0."""
    if wanted.words:
        await search_reading.read_all(desk.database, library_id)
    most = min(limit, MOST_PAGE)
    return await desk.database.read(lambda tx: entries.slice_of(tx, library_id, wanted, sort, first, most))
