"""The slim index of a library, page by page, newest first: for the badge that says what is saved."""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.errors import BadCursor
from api.store import shelf_index
from api.store.database import Tx
from api.store.shelf_index import IndexItem

MOST_ITEMS = 1000  # of one page
_NAME = "index"


class IndexPage(Struct, frozen=True):
    """A page of the index; `cursor` leads to the next one, None ends it."""

    items: list[IndexItem]
    cursor: str | None


async def read_index(desk: Desk, who: Who, limit: int, cursor: str | None) -> IndexPage:
    """A page of what is saved: entry key, identifiers, title and status; raises BadCursor."""
    after = _after(desk, who, cursor) if cursor else None

    async def work(tx: Tx) -> IndexPage:
        items, place = await shelf_index.page(tx, who.library_id, min(limit, MOST_ITEMS), after)
        if place is None:
            return IndexPage(items, None)
        return IndexPage(items, write_cursor(Place(who.library_id, _NAME, *place), desk.settings.secret_key))

    return await desk.database.read(work)


def _after(desk: Desk, who: Who, cursor: str) -> tuple[str, str]:
    place = read_place(cursor, *desk.settings.secret_keys)
    if (place.library_id, place.filters) != (who.library_id, _NAME):
        raise BadCursor("this cursor is of another list")
    return str(place.value), place.key
