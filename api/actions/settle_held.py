"""Held ops: what a device deleted by the hundred waits here until a person says whether it was meant.

Refuses to decide by itself, and to settle a part of a group.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import Result, WireOp, read_op
from api.domain.clock import rfc3339
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.edits import session_of
from api.domain.errors import BadCursor, NotFound
from api.domain.sent import read_sent
from api.store import holds, ledger
from api.store.database import Tx
from api.store.holds import HeldOp
from api.store.takes import take

MOST_HELD = 200  # of one page
MOST_SETTLED = 5000  # by one request
_NAME = "held"
Action = Literal["confirm", "discard"]


class HeldItem(Struct, frozen=True):
    """A held op: which object, what it would do, who sent it and when (RFC 3339)."""

    id: str
    type: str
    key: str
    op: str
    group: str | None
    device_id: str
    held_at: str


class HeldPage(Struct, frozen=True):
    """A page of held ops; `cursor` leads to the next one, None ends it."""

    items: list[HeldItem]
    cursor: str | None


class SettleWish(Struct, frozen=True, forbid_unknown_fields=True):
    """`confirm`: take it as it came; `discard`: as if it had never been."""

    action: Action


class SettleAnswer(Struct, frozen=True):
    """The results of the op and of its group, and the library's version."""

    version: int
    results: list[Result]


class SettledAll(Struct, frozen=True):
    """The library's version, how many ops were settled, and whether more wait: ask again."""

    version: int
    settled: int
    more: bool


async def list_held(desk: Desk, who: Who, limit: int, cursor: str | None) -> HeldPage:
    """What waits in this library, in the order of the ops' ids; raises BadCursor."""
    after = _after(desk, who, cursor) if cursor else ""
    found = await desk.database.read(lambda tx: holds.page(tx, who.library_id, after, limit + 1))
    items = [_item(one) for one in found[:limit]]
    if len(found) <= limit:
        return HeldPage(items, None)
    at = Place(who.library_id, _NAME, None, items[-1].id)
    return HeldPage(items, write_cursor(at, desk.settings.secret_key))


async def count_held(desk: Desk, who: Who) -> int:
    """How many ops wait in this library."""
    return await desk.database.read(lambda tx: holds.count(tx, who.library_id))


async def settle_held(desk: Desk, who: Who, op_id: str, action: Action) -> SettleAnswer:
    """Take a held op (and its group) now, or drop it; whoever sends it again gets that result. Raises NotFound."""
    due: list[str] = []

    async def work(tx: Tx) -> SettleAnswer:
        due.clear()
        await tx.lock(f"library:{who.library_id}")
        found = await holds.together(tx, who.library_id, op_id)
        if not found:
            raise NotFound("no such held op")
        results = await _settled(tx, desk, who, found, action, due)
        await holds.release(tx, who.library_id, list(results))
        await ledger.answer_anew(tx, who.library_id, results)
        return SettleAnswer((await ledger.head(tx, who.library_id)).version, list(results.values()))

    answer = await desk.database.write(work)
    desk.remind(due)
    desk.poke(who.library_id)
    return answer


async def settle_all(desk: Desk, who: Who, action: Action) -> SettledAll:
    """Settle what is held, whichever device sent it, at most 5000 ops in one transaction and no part of a group."""
    due: list[str] = []

    async def work(tx: Tx) -> SettledAll:
        due.clear()
        await tx.lock(f"library:{who.library_id}")
        found = await holds.oldest(tx, who.library_id, MOST_SETTLED)
        results = await _settled(tx, desk, who, found, action, due) if found else {}
        await holds.release(tx, who.library_id, list(results))
        await ledger.answer_anew(tx, who.library_id, results)
        more = bool(await holds.page(tx, who.library_id, "", 1))
        return SettledAll((await ledger.head(tx, who.library_id)).version, len(results), more)

    answer = await desk.database.write(work)
    desk.remind(due)
    desk.poke(who.library_id)
    return answer


async def _settled(
    tx: Tx, desk: Desk, who: Who, found: list[HeldOp], action: Action, due: list[str]
) -> dict[str, Result]:
    if action == "discard":
        return {one.op_id: Result(one.op_id, "rejected", code="discarded") for one in found}
    now = desk.now()
    ops = [read_sent(one.raw, one.device_id, one.seq, now) for one in found]
    done = await take(tx, who.library_id, ops, now, desk.new_id)
    due += done.due
    return done.results


def _item(one: HeldOp) -> HeldItem:
    op: WireOp = read_op(one.raw)
    return HeldItem(one.op_id, op.type, op.key, op.op, one.group, session_of(one.device_id), rfc3339(one.held_at))


def _after(desk: Desk, who: Who, cursor: str) -> str:
    place = read_place(cursor, *desk.settings.secret_keys)
    if (place.library_id, place.filters) != (who.library_id, _NAME):
        raise BadCursor("this cursor is of another list")
    return place.key
