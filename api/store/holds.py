"""The guard against mass deletion: what each device deleted lately, and the ops that wait for a person's word.

Refuses to count what deletes nothing: an object that is gone already, or was never there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID, uuid5

from msgspec import Raw, Struct

from api.domain.mass_delete import FEWEST, WINDOW_MINUTES, deleted_keys, held_of, is_mass_delete
from api.domain.sent import Sent, as_sent
from api.domain.states import Edit
from api.store.database import Tx, Value, in_list, upsert

_MINUTE_MS = 60_000


class HeldOp(Struct, frozen=True):
    """An op that waits, as it came; `held_at` in Unix milliseconds."""

    op_id: str
    device_id: str
    seq: int
    group: str | None
    raw: Raw
    held_at: int


async def guarded(tx: Tx, library_id: str, device_id: str, ops: Sequence[Sent], now_ms: int) -> list[Sent]:
    """Those of a device's ops that are to be held; where none is, its deletions are counted.

    The library must be locked.
    """
    keys = deleted_keys(ops)
    live = await _live_of(tx, library_id, keys) if keys else 0
    if not live:
        return []
    minute = now_ms // _MINUTE_MS
    before = await _tally(tx, library_id, device_id, minute - WINDOW_MINUTES)
    if live + before >= FEWEST and is_mass_delete(live + before, await _live(tx, library_id) + before):
        return held_of(ops)
    await _count(tx, library_id, device_id, minute, live)
    return []


async def held_edit(tx: Tx, library_id: str, device_id: str, edit: Edit, now_ms: int) -> str | None:
    """The op id under which a deletion by form or script waits, now or since it was first asked; None: it may be made.

    One id for each object, so that a script that asks again holds nothing twice. The library must be locked.
    """
    op_id = str(uuid5(UUID(library_id), edit.key))
    if await _select(tx, library_id, "op_id = :op_id", op_id=op_id):
        return op_id
    one = as_sent(op_id, edit)
    if not await guarded(tx, library_id, device_id, [one], now_ms):
        return None
    await hold(tx, library_id, edit.stamp.device, [one], now_ms)
    return op_id


async def hold(tx: Tx, library_id: str, device_id: str, ops: Sequence[Sent], now_ms: int) -> None:
    """Keep ops whole until somebody decides."""
    rows: list[dict[str, Value]] = [
        {
            "library_id": library_id,
            "op_id": one.id,
            "device_id": device_id,
            "seq": one.seq,
            "group_id": one.group,
            "op": bytes(one.raw).decode(),
            "held_at": now_ms,
        }
        for one in ops
    ]
    await upsert(tx, "held_op", ("library_id", "op_id"), rows)


async def count(tx: Tx, library_id: str) -> int:
    """How many ops of a library are held."""
    row = await tx.row("SELECT COUNT(*) AS n FROM held_op WHERE library_id = :library_id", library_id=library_id)
    return int(row["n"]) if row else 0


async def page(tx: Tx, library_id: str, after: str, limit: int) -> list[HeldOp]:
    """The next held ops after an op id, in the order of their ids."""
    return await _select(tx, library_id, "op_id > :after ORDER BY op_id LIMIT :most", after=after, most=limit)


async def together(tx: Tx, library_id: str, op_id: str) -> list[HeldOp]:
    """A held op with the whole of its group, in the order in which they came; empty where it is not held."""
    found = await _select(tx, library_id, "op_id = :op_id", op_id=op_id)
    if not found or found[0].group is None:
        return found
    return await _select(tx, library_id, "group_id = :group_id ORDER BY seq", group_id=found[0].group)


async def oldest(tx: Tx, library_id: str, most: int) -> list[HeldOp]:
    """The held ops of a library, by device and in the order in which they came: so many, and no part of a group."""
    found = await _select(tx, library_id, "1 = 1 ORDER BY device_id, seq LIMIT :most", most=most + 1)
    if len(found) <= most:
        return found
    cut = found.pop().group
    while cut is not None and found and found[-1].group == cut:
        found.pop()
    return found


async def release(tx: Tx, library_id: str, op_ids: Collection[str]) -> None:
    """Hold these ops no longer."""
    text, values = in_list("op", op_ids)
    await tx.run(
        f"DELETE FROM held_op WHERE library_id = :library_id AND op_id IN ({text})", library_id=library_id, **values
    )


async def _select(tx: Tx, library_id: str, which: str, **values: Value) -> list[HeldOp]:
    rows = await tx.rows(
        f"SELECT op_id, device_id, seq, group_id, op, held_at FROM held_op WHERE library_id = :library_id AND {which}",
        library_id=library_id,
        **values,
    )
    return [
        HeldOp(r["op_id"], r["device_id"], r["seq"], r["group_id"], Raw(r["op"].encode()), r["held_at"]) for r in rows
    ]


async def _live_of(tx: Tx, library_id: str, keys: Collection[str]) -> int:
    text, values = in_list("k", keys)
    row = await tx.row(
        f"SELECT COUNT(*) AS n FROM object WHERE library_id = :library_id AND deleted = 0 AND key IN ({text})",
        library_id=library_id,
        **values,
    )
    n: int = row["n"] if row else 0
    return n


async def _live(tx: Tx, library_id: str) -> int:
    row = await tx.row(
        "SELECT COUNT(*) AS n FROM object WHERE library_id = :library_id AND deleted = 0 AND type <> 'paper'",
        library_id=library_id,
    )
    n: int = row["n"] if row else 0
    return n


async def _tally(tx: Tx, library_id: str, device_id: str, after_minute: int) -> int:
    row = await tx.row(
        "SELECT COALESCE(SUM(deletes), 0) AS n FROM delete_tally "
        "WHERE library_id = :library_id AND device_id = :device_id AND minute > :after",
        library_id=library_id,
        device_id=device_id,
        after=after_minute,
    )
    return int(row["n"]) if row else 0


async def _count(tx: Tx, library_id: str, device_id: str, minute: int, deletes: int) -> None:
    of = {"library_id": library_id, "device_id": device_id}
    await tx.run(
        "DELETE FROM delete_tally WHERE library_id = :library_id AND device_id = :device_id AND minute < :old",
        old=minute - WINDOW_MINUTES,
        **of,
    )
    await tx.run(
        "INSERT INTO delete_tally (library_id, device_id, minute, deletes) "
        "VALUES (:library_id, :device_id, :minute, :deletes) ON CONFLICT (library_id, device_id, minute) "
        "DO UPDATE SET deletes = delete_tally.deletes + excluded.deletes",
        minute=minute,
        deletes=deletes,
        **of,
    )
