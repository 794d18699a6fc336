"""Count the reading list: the figures at the head of the library page."""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.entries import EntryFilter
from api.store import entries
from api.store.database import Tx


class EntryCounts(Struct, frozen=True):
    """How many papers there are, how many are still to read, how many have code, and how many a filter names."""

    papers: int
    to_read: int
    with_code: int
    shown: int


async def count_entries(desk: Desk, library_id: str, wanted: EntryFilter) -> EntryCounts:
    """The counts at one moment; `shown` is that of the filter."""
    everything = EntryFilter()

    async def work(tx: Tx) -> EntryCounts:
        papers = await entries.count(tx, library_id, everything)
        to_read = await entries.count(tx, library_id, EntryFilter(status="to_read"))
        with_code = await entries.count(tx, library_id, EntryFilter(has=("code",)))
        shown = papers if wanted == everything else await entries.count(tx, library_id, wanted)
        return EntryCounts(papers, to_read, with_code, shown)

    return await desk.database.read(work)
