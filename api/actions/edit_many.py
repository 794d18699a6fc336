"""Change many entries at once, and take that back.

It goes in pieces, each a transaction of its own, so that nobody's save waits for a whole library; every piece notes
what it changed, and undoing takes back what still stands. Refuses a tag, list or status that is not there; deletions
by the hundred are held until a person says that they were meant, as a device's are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args
from uuid import UUID, uuid5

from msgspec import structs

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.errors import BadInput, NotFound
from api.domain.fields import Status
from api.domain.many_edits import KEPT_DAYS, MOST_CHOSEN, PIECE, ManyDone, ManyWish, edit_for, stands, undoing
from api.domain.sent import as_sent
from api.domain.states import Edit
from api.store import entries, holds, many_edits, objects, search_reading
from api.store.batches import open_batch
from api.store.database import Tx

DAY_MS = 86_400_000


async def edit_many(desk: Desk, who: Who, wish: ManyWish, chosen: Sequence[str] | EntryFilter) -> ManyDone:
    """Make the change on these entries, or on all that a filter names; raises BadInput, NotFound."""
    await _check(desk, who, wish)
    keys = await _keys(desk, who, chosen)
    done = desk.new_id()
    changed = held = 0
    for number, piece in enumerate(_pieces(keys)):

        async def work(
            tx: Tx, piece: Sequence[str] = piece, number: int = number, held_before: bool = held > 0
        ) -> tuple[int, int]:
            was, kept_back = await _make(tx, desk, who, wish, piece, held_before=held_before)
            if was:
                await many_edits.keep(tx, who.library_id, done, number, many_edits.Piece(wish, was), desk.now())
            return sum(map(len, was.values())), kept_back

        made, kept_back = await desk.database.write(work)
        changed, held = changed + made, held + kept_back
    await desk.database.write(lambda tx: many_edits.forget(tx, who.library_id, desk.now() - KEPT_DAYS * DAY_MS))
    desk.poke(who.library_id)
    return ManyDone(done, wish, changed, held)


async def undo_many(desk: Desk, who: Who, id_: str) -> int:
    """Take back what a change did and nobody changed since; how many entries that were. Raises NotFound."""
    found = await desk.database.read(lambda tx: many_edits.pieces(tx, who.library_id, id_))
    if not found:
        raise NotFound("this was undone already, or is too long ago")
    changed = 0
    for one in found:
        for wish, keys in undoing(one.wish, one.was):

            async def work(tx: Tx, wish: ManyWish = wish, keys: list[str] = keys) -> int:
                was, _ = await _make(tx, desk, who, wish, keys)
                return sum(map(len, was.values()))

            changed += await desk.database.write(work)
    await desk.database.write(lambda tx: many_edits.drop(tx, who.library_id, id_))
    desk.poke(who.library_id)
    return changed


async def what_was_done(desk: Desk, library_id: str, id_: str) -> ManyDone | None:
    """A change that can still be undone; None where there is none."""
    found = await desk.database.read(lambda tx: many_edits.pieces(tx, library_id, id_))
    changed = sum(len(keys) for one in found for keys in one.was.values())
    return ManyDone(id_, found[0].wish, changed) if found else None


async def _check(desk: Desk, who: Who, wish: ManyWish) -> None:
    if wish.field == "status" and wish.value not in get_args(Status):
        raise BadInput("no such status")
    if wish.field in ("tags", "lists"):
        known = await desk.database.read(lambda tx: objects.load(tx, who.library_id, [wish.value]))
        state = known.states.get(wish.value)
        if state is None or state.type != wish.field.removesuffix("s") or state.deleted:
            raise NotFound(f"no such {wish.field.removesuffix('s')}")


async def _keys(desk: Desk, who: Who, chosen: Sequence[str] | EntryFilter) -> list[str]:
    if not isinstance(chosen, EntryFilter):
        if len(chosen) > MOST_CHOSEN:
            raise BadInput(f"at most {MOST_CHOSEN} entries can be chosen one by one")
        return list(dict.fromkeys(chosen))
    if chosen.words:
        await search_reading.read_all(desk.database, who.library_id)
    found = await desk.database.read(lambda tx: entries.keys(tx, who.library_id, chosen))
    return sorted(key for key, _, _ in found)


def _pieces(keys: list[str]) -> list[list[str]]:
    return [keys[start : start + PIECE] for start in range(0, len(keys), PIECE)]


async def _make(
    tx: Tx, desk: Desk, who: Who, wish: ManyWish, keys: Sequence[str], *, held_before: bool = False
) -> tuple[dict[str, list[str]], int]:
    """Change these; which had what before, and how many deletions are held instead."""
    now = desk.now()
    edits = [edit_for(wish, key, who.device_id, now, index) for index, key in enumerate(keys)]
    batch = await open_batch(tx, who.library_id, edits)
    was: dict[str, list[str]] = {}
    due: list[Edit] = []
    for edit in edits:
        before = stands(batch.states.get(edit.key), wish)
        if before is not None:
            was.setdefault(before, []).append(edit.key)
            due.append(structs.replace(edit, base=batch.states[edit.key].version))  # knows no edit made while it waits
    if wish.field == "trash" and wish.on and await _held(tx, who, due, now, held_before):
        return {}, len(due)
    for edit in due:
        batch.take(desk.new_id(), edit)
    await objects.save(tx, who.library_id, batch, now)
    return was, 0


async def _held(tx: Tx, who: Who, edits: list[Edit], now: int, held_before: bool) -> bool:
    """Whether these deletions wait for a person's word, as all do once one piece of them does."""
    library = UUID(who.library_id)
    sent = [as_sent(str(uuid5(library, edit.key)), edit) for edit in edits]
    if not held_before and not await holds.guarded(tx, who.library_id, who.device_id, sent, now):
        return False
    if edits:
        await holds.hold(tx, who.library_id, edits[0].stamp.device, sent, now)
    return bool(edits)
