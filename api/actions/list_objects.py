"""Highlights, lists and tags of a library, as pages."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.batch import Batch
from api.domain.changes import Change
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.errors import BadCursor, NotFound
from api.store import feed, highlights, objects, tags
from api.store.database import Tx


class ChangePage(Struct, frozen=True):
    """A page of live objects; `cursor` leads to the next one, None ends the list."""

    items: list[Change]
    cursor: str | None


async def list_objects(
    desk: Desk, library_id: str, type_: Literal["highlight", "list"], limit: int, cursor: str | None, of: str = ""
) -> ChangePage:
    """Highlights (`of` one entry, or all) or lists, in the order of their ids."""
    secret = desk.settings.secret_key
    filters = f"{type_} {of}"
    after = Place(library_id, filters, None, "")
    if cursor:
        after = read_place(cursor, secret)
        if (after.library_id, after.filters) != (library_id, filters):
            raise BadCursor("this cursor is of another list")

    async def work(tx: Tx) -> list[Change]:
        if type_ == "list":
            return await highlights.lists(tx, library_id, after.key, limit + 1)
        return await highlights.page(tx, library_id, of or None, after.key, limit + 1)

    found = await desk.database.read(work)
    more = len(found) > limit
    page = found[:limit]
    return ChangePage(page, write_cursor(Place(library_id, filters, None, page[-1].key), secret) if more else None)


async def get_object(desk: Desk, library_id: str, type_: str, key: str) -> Change:
    """One live object, followed where it was merged; raises NotFound."""

    async def work(tx: Tx) -> Change | None:
        known = await objects.load(tx, library_id, [key])
        state = known.states.get(Batch(known).survivor(key))
        if state is None or state.type != type_ or state.deleted:
            return None
        return (await feed.changes_of(tx, library_id, {state.key: state}))[0]

    found = await desk.database.read(work)
    if found is None:
        raise NotFound(f"no such {type_}")
    return found


async def list_lists(desk: Desk, library_id: str) -> list[tags.TagCount]:
    """All reading lists with the number of their entries, by name."""
    found = await desk.database.read(lambda tx: tags.counted(tx, library_id, "list"))
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


async def list_tags(desk: Desk, library_id: str, prefix: str = "") -> list[tags.TagCount]:
    """Tags whose name starts so (without regard to case), with counts, most used first."""
    found = await desk.database.read(lambda tx: tags.counted(tx, library_id))
    return [tag for tag in found if tag.name.casefold().startswith(prefix.casefold())]
