"""Edit one object by name, outside a device's outbox: the same merge as a sync op.

A highlight is brought back together with its entry: without that nobody would see it. Refuses an object that is not
there or lies in the trash (but for a restore, which takes it out again), a write whose `If-Match` names an older
version, and one deletion too many: that one is held until a person confirms it.
"""

from __future__ import annotations

from typing import NoReturn

import msgspec
from msgspec import Raw, Struct, structs

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.batch import Batch
from api.domain.changes import Change, change
from api.domain.edits import edit_now
from api.domain.errors import BadInput, Conflict, EditedMeanwhile, NotFound
from api.domain.fields import FIELDS, Json, check_text, read_member, read_value
from api.domain.states import Edit, State
from api.store import holds, objects
from api.store.batches import open_batch
from api.store.database import Tx

HELD = (
    "nothing was deleted: so many deletions at once wait until a person says that they were meant, "
    "on the page /library/held or by POST /v1/sync/held"
)


class EditWish(Struct, frozen=True):
    """What is to change: `set` fields; sets given whole, or members to `add` and `remove`; or `op` delete, restore."""

    type: str
    key: str
    op: str = "put"
    set: dict[str, Json] = {}
    whole: dict[str, list[str]] = {}
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    if_match: int | None = None
    create: bool = False


async def edit_object(desk: Desk, who: Who, wish: EditWish) -> Change:
    """Make the change, or find it made; returns the object as the feed shows it, followed where it was merged.

    Raises NotFound, EditedMeanwhile, CitekeyTaken, Conflict, DeletionHeld, or BadInput for a value that its field does
    not take.
    """
    checked = structs.replace(wish, set={n: _checked(wish.type, n, v) for n, v in wish.set.items()})
    edited = await desk.database.write(lambda tx: _edit(tx, desk, who, checked))
    if isinstance(edited, str):
        raise DeletionHeld(HELD, held=edited)
    desk.poke(who.library_id)
    return edited


def _checked(type_: str, name: str, value: Json) -> Json:
    check_text(name, value)
    return read_value(type_, name, Raw(msgspec.json.encode(value)))


async def _edit(tx: Tx, desk: Desk, who: Who, wish: EditWish) -> Change | str:
    """The object as it is now, or the id under which its deletion is held."""
    now = desk.now()
    await tx.lock(f"library:{who.library_id}")
    known = await objects.load(tx, who.library_id, [wish.key])
    current = _live(Batch(known), wish)
    if wish.create and current is not None:
        return _as_before(current, wish)
    add, remove = _difference(current, wish)
    base = 0 if wish.create else 2**53
    edit = edit_now(
        wish.type, wish.key, who.device_id, now, op=wish.op, set_=wish.set, add=add, remove=remove, base=base
    )
    if held := await _held(tx, who, edit, current, now):
        return held
    batch = await open_batch(tx, who.library_id, [edit])
    outcome = batch.take(desk.new_id(), edit)
    if outcome.result.status == "rejected":
        _refuse(str(outcome.result.code))
    if edit.op == "restore" and (entry := batch.in_trash_with(batch.states[outcome.key])):
        batch.take(desk.new_id(), edit_now("entry", entry, who.device_id, now, op="restore", base=2**53))
    await objects.save(tx, who.library_id, batch, now)
    return change(batch.states[batch.survivor(wish.key)])


async def _held(tx: Tx, who: Who, edit: Edit, current: State | None, now: int) -> str | None:
    """The id under which a deletion is held; it knows the object as it is now, and no edit made while it waits."""
    if edit.op != "delete" or current is None:
        return None
    knowing = structs.replace(edit, key=current.key, base=current.version)
    return await holds.held_edit(tx, who.library_id, who.device_id, knowing, now)


def _live(batch: Batch, wish: EditWish) -> State | None:
    state = batch.states.get(batch.survivor(wish.key))
    if wish.create:
        return state
    if state is None or state.type != wish.type or state.blank or (state.deleted and wish.op != "restore"):
        raise NotFound(f"no such {wish.type}")
    if wish.if_match is not None and wish.if_match != state.version:
        raise EditedMeanwhile("it changed meanwhile", current=change(state))
    return state


def _as_before(state: State, wish: EditWish) -> Change:
    """The answer to a late copy of a creation: what there is now; it revives and overwrites nothing."""
    if state.type != wish.type or state.deleted:
        raise Conflict("this id is another object's, or was thrown away")
    return change(state)


def _difference(state: State | None, wish: EditWish) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Which members to add and remove: those named, and those that make each set given whole what was given."""
    add: dict[str, tuple[str, ...]] = {}
    remove: dict[str, tuple[str, ...]] = {}
    for field, wanted in wish.whole.items():
        if FIELDS[wish.type][field].kind != "set":
            raise BadInput(f"{field} is not a set")
        rows = state.members.get(field, {}) if state else {}
        held = {m for m, row in rows.items() if row.present}
        add[field] = tuple(sorted(set(wanted) - held))
        remove[field] = tuple(sorted(held - set(wanted)))
    for given, members in ((wish.add, add), (wish.remove, remove)):
        members |= {f: tuple(read_member(wish.type, f, m) for m in names) for f, names in given.items()}
    return {f: m for f, m in add.items() if m}, {f: m for f, m in remove.items() if m}


def _refuse(code: str) -> NoReturn:
    if code == "citekey_taken":
        raise CitekeyTaken("another entry of this library has this citation key")
    if code == "immutable":
        raise Conflict("this id is another object's, or the field never changes")
    raise BadInput(code)


class CitekeyTaken(Conflict):
    """Another entry of the library has this citation key, or had it."""

    code = "citekey_taken"


class DeletionHeld(Conflict):
    """So much was deleted lately that this deletion waits for a person's word; `held` is its id."""

    code = "held"
