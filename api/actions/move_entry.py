"""Move an entry to another place among those of a list, by hand.

An entry has one place (`position`), which every list that holds it shows; so a move is one edit of one entry, and
merges like any other. Refuses an entry that the list does not hold.
"""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.edits import edit_now
from api.domain.entries import EntryFilter
from api.domain.errors import NotFound
from api.domain.positions import LONGEST, between, spread
from api.store import entries, objects
from api.store.batches import open_batch
from api.store.database import Tx


class Moved(Struct, frozen=True):
    """Where an entry is now, counted from 1, among how many."""

    number: int
    of: int


async def move_entry(desk: Desk, who: Who, list_id: str, entry_id: str, *, by: int = 0, after: str = "") -> Moved:
    """Move an entry down the list `by` so many places (up where negative), or `after` another one; "" is the top.

    A move beyond an end stops there. Raises NotFound.
    """
    moved = await desk.database.write(lambda tx: _move(tx, desk, who, list_id, entry_id, by, after))
    desk.poke(who.library_id)
    return moved


async def _move(tx: Tx, desk: Desk, who: Who, list_id: str, entry_id: str, by: int, after: str) -> Moved:
    await tx.lock(f"library:{who.library_id}")
    listed = await entries.places(tx, who.library_id, EntryFilter(list_=list_id))
    keys = [key for key, _ in listed]
    if entry_id not in keys or (after and after not in keys):
        raise NotFound("no such entry on this list")
    at = keys.index(entry_id)
    rest = listed[:at] + listed[at + 1 :]
    goes = at + by if by else next((n for n, (key, _) in enumerate(rest, 1) if key == after), 0)
    goes = min(max(goes, 0), len(rest))
    if goes != at and after != entry_id:
        await _write(tx, desk, who, _new_places(rest, entry_id, goes))
    return Moved((at if after == entry_id else goes) + 1, len(keys))


def _new_places(rest: list[tuple[str, str]], entry_id: str, goes: int) -> dict[str, str]:
    """The place that the entry gets, or new ones for all where there is no room for it."""
    before = rest[goes - 1][1] if goes else ""
    place = between(before, rest[goes][1] if goes < len(rest) else None)
    if place is not None and len(place) <= LONGEST:
        return {entry_id: place}
    keys = [key for key, _ in rest]
    keys.insert(goes, entry_id)
    return dict(zip(keys, spread(len(keys)), strict=True))


async def _write(tx: Tx, desk: Desk, who: Who, places: dict[str, str]) -> None:
    now = desk.now()
    edits = [
        edit_now("entry", key, who.device_id, now, set_={"position": place}, index=index)
        for index, (key, place) in enumerate(places.items())
    ]
    batch = await open_batch(tx, who.library_id, edits)
    for edit in edits:
        batch.take(desk.new_id(), edit)
    await objects.save(tx, who.library_id, batch, now)
