"""Count the reading list: the figures at the head of the library page.

What was counted is remembered for the library's version, which every change that counts moves on. Refuses to remember
for long: the last few hundred answers of a process.
"""

from __future__ import annotations

from collections import OrderedDict
from weakref import WeakKeyDictionary

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.entries import EVERY_ENTRY, EntryFilter
from api.store import entries, ledger, search_reading
from api.store.database import Database, Tx

MOST_KNOWN = 500  # answers that a process remembers

_Key = tuple[str, str, int, EntryFilter]


class EntryCounts(Struct, frozen=True):
    """How many papers there are, how many are still to read, how many have code, and how many a filter names."""

    papers: int
    to_read: int
    with_code: int
    shown: int


_known: WeakKeyDictionary[Database, OrderedDict[_Key, EntryCounts]] = WeakKeyDictionary()


async def count_entries(desk: Desk, library_id: str, wanted: EntryFilter) -> EntryCounts:
    """The counts at one moment; `shown` is that of the filter."""
    if wanted.words:
        await search_reading.read_all(desk.database, library_id)
    known = _known.setdefault(desk.database, OrderedDict())

    async def work(tx: Tx) -> EntryCounts:
        head = await ledger.head(tx, library_id)
        place = (library_id, head.epoch, head.version)
        whole = known.get((*place, EVERY_ENTRY)) or EntryCounts(*await entries.tally(tx, library_id), shown=0)
        _remember(known, (*place, EVERY_ENTRY), whole)
        if wanted == EVERY_ENTRY:
            return EntryCounts(whole.papers, whole.to_read, whole.with_code, whole.papers)
        found = known.get((*place, wanted))
        shown = found.shown if found else await entries.count(tx, library_id, wanted)
        counts = EntryCounts(whole.papers, whole.to_read, whole.with_code, shown)
        _remember(known, (*place, wanted), counts)
        return counts

    return await desk.database.read(work)


def _remember(known: OrderedDict[_Key, EntryCounts], key: _Key, counts: EntryCounts) -> None:
    known[key] = counts
    known.move_to_end(key)
    if len(known) > MOST_KNOWN:
        known.popitem(last=False)
