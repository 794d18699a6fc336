"""The trash, page by page, the latest first; bringing back is `edit_object` with `restore`."""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.clock import rfc3339
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.errors import BadCursor
from api.store import trash
from api.store.database import Tx

_NAME = "trash"


class TrashItem(Struct, frozen=True):
    """What lies in the trash, what it is called (empty where it has no name), and since when (RFC 3339)."""

    type: str
    key: str
    name: str
    deleted_at: str


class TrashPage(Struct, frozen=True):
    """A page of the trash; `cursor` leads to the next one, None ends it."""

    items: list[TrashItem]
    cursor: str | None


async def list_trash(desk: Desk, library_id: str, limit: int, cursor: str | None) -> TrashPage:
    """What was deleted in this library and can be brought back; raises BadCursor."""
    after = _after(desk, library_id, cursor) if cursor else None

    async def work(tx: Tx) -> TrashPage:
        found = await trash.page(tx, library_id, after, limit + 1)
        shown = found[:limit]
        names = await trash.names(tx, library_id, [one.state for one in shown])
        items = [TrashItem(o.state.type, o.state.key, names[o.state.key], rfc3339(o.updated_at)) for o in shown]
        if len(found) <= limit:
            return TrashPage(items, None)
        at = Place(library_id, _NAME, shown[-1].updated_at, shown[-1].state.key)
        return TrashPage(items, write_cursor(at, desk.settings.secret_key))

    return await desk.database.read(work)


def _after(desk: Desk, library_id: str, cursor: str) -> tuple[int, str]:
    place = read_place(cursor, *desk.settings.secret_keys)
    if (place.library_id, place.filters) != (library_id, _NAME) or not isinstance(place.value, int):
        raise BadCursor("this cursor is of another list")
    return place.value, place.key
