"""The reading list, filtered and sorted, page by page; and one entry with its paper."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import Struct

from api.actions.desk import Desk
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.entries import MOST_PAGE, EntryFilter, ShelvedEntry, Sort
from api.domain.errors import BadCursor, NotFound
from api.store import entries, search_reading
from api.store.database import Tx


class EntryPage(Struct, frozen=True):
    """A page of entries with their papers; `cursor` leads to the next one, None ends the list."""

    items: list[ShelvedEntry]
    cursor: str | None


async def list_entries(
    desk: Desk, library_id: str, wanted: EntryFilter, sort: Sort = "saved", limit: int = 50, cursor: str | None = None
) -> EntryPage:
    """A page of the entries that the filter names; raises BadCursor for a cursor of other filters."""
    filters = hashlib.sha256(msgspec.json.encode((wanted, sort))).hexdigest()[:16]
    after = _after(desk, library_id, filters, cursor) if cursor else None

    if wanted.words:
        await search_reading.read_all(desk.database, library_id)

    async def work(tx: Tx) -> EntryPage:
        items, place = await entries.page(tx, library_id, wanted, sort, min(limit, MOST_PAGE), after)
        if place is None:
            return EntryPage(items, None)
        at = Place(library_id, filters, place[0], place[1])
        return EntryPage(items, write_cursor(at, desk.settings.secret_key))

    return await desk.database.read(work)


async def get_entry(desk: Desk, library_id: str, key: str) -> ShelvedEntry:
    """One live entry with its paper; raises NotFound."""
    found = await desk.database.read(lambda tx: entries.get_many(tx, library_id, [key]))
    if key not in found:
        raise NotFound("no such entry")
    return found[key]


def _after(desk: Desk, library_id: str, filters: str, cursor: str) -> tuple[str | int | None, str]:
    place = read_place(cursor, desk.settings.secret_key)
    if (place.library_id, place.filters) != (library_id, filters):
        raise BadCursor("this cursor is of another list")
    return place.value, place.key
