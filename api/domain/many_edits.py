"""One change of many entries at once, and the way back from it.

Refuses to know more than one value of one field: whoever wants two changes makes two, and can undo each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from api.domain.edits import edit_now
from api.domain.states import Edit, State

MOST_CHOSEN = 20_000  # keys that a form names; all that a search finds may be more
PIECE = 500  # entries of one transaction
KEPT_DAYS = 7  # how long a change can be undone

Field = Literal["tags", "lists", "status", "trash"]
_IN, _OUT = "in", "out"


class ManyWish(Struct, frozen=True):
    """`value` (an id, a status) put `on` or taken off; of status `only` where an entry has this one now.

    `trash` puts entries into it, or takes them out where not `on`.
    """

    field: Field
    value: str = ""
    on: bool = True
    only: str = ""


class ManyDone(Struct, frozen=True):
    """What a change did: its id, how many entries it changed, and how many deletions wait for a person's word."""

    id: str
    wish: ManyWish
    changed: int
    held: int = 0


def stands(state: State | None, wish: ManyWish) -> str | None:
    """What an entry has of this field now; None where the change has nothing to do with it."""
    if state is None or state.type != "entry" or state.blank or state.merged_into:
        return None
    if wish.field == "trash":
        return None if state.deleted == wish.on else _OUT if wish.on else _IN
    if state.deleted:
        return None
    if wish.field == "status":
        status: str = state.fields.get("status", "to_read")
        return None if status == wish.value or (wish.only and status != wish.only) else status
    member = state.members.get(wish.field, {}).get(wish.value)
    is_in = member is not None and member.present
    return None if is_in == wish.on else _IN if is_in else _OUT


def edit_for(wish: ManyWish, key: str, device_id: str, now_ms: int, index: int) -> Edit:
    """The edit of one entry."""
    if wish.field == "trash":
        return edit_now("entry", key, device_id, now_ms, op="delete" if wish.on else "restore", index=index)
    if wish.field == "status":
        return edit_now("entry", key, device_id, now_ms, set_={"status": wish.value}, index=index)
    members: dict[str, tuple[str, ...]] = {wish.field: (wish.value,)}
    if wish.on:
        return edit_now("entry", key, device_id, now_ms, add=members, index=index)
    return edit_now("entry", key, device_id, now_ms, remove=members, index=index)


def undoing(wish: ManyWish, was: Mapping[str, list[str]]) -> Iterator[tuple[ManyWish, list[str]]]:
    """The changes that take this one back where it still stands, each with its entries."""
    for before, keys in was.items():
        if wish.field == "status":
            yield ManyWish("status", before, only=wish.value), keys
        else:
            yield ManyWish(wish.field, wish.value, on=not wish.on), keys
