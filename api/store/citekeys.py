"""Citation keys: made once for an entry, unique without regard to case in its library, never handed out again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from msgspec import structs

from api.domain.citekeys import next_free, propose
from api.domain.clock import hlc, rfc3339
from api.domain.ids import uuid7
from api.domain.papers import Paper
from api.domain.states import PENDING, Edit, Stamp
from api.store import entries, library_settings, objects
from api.store.batches import open_batch
from api.store.database import Database, Tx, Value, insert_missing

MOST_AT_ONCE = 500  # entries of one transaction
SERVER = "00000000-0000-7000-8000-000000000000"  # the device that the server's own edits name


async def give_missing(database: Database, library_id: str, now_ms: int) -> None:
    """Give every live entry that has no key one, in the order in which they were saved, some at a time."""
    before = ""
    while wanting := await database.read(lambda tx: entries.without_citekey(tx, library_id, limit=1)):
        if wanting[0][0] == before:
            return  # it takes none
        before = wanting[0][0]
        await database.write(lambda tx: _give_some(tx, library_id, now_ms))


async def _give_some(tx: Tx, library_id: str, now_ms: int) -> None:
    await give(tx, library_id, await entries.without_citekey(tx, library_id, limit=MOST_AT_ONCE), now_ms)


async def give(tx: Tx, library_id: str, wanting: Sequence[tuple[str, Paper]], now_ms: int) -> int:
    """Give each of these entries, in order, a key that is free; returns how many got one.

    Takes the library's next versions, so it is the last writing of its transaction.
    """
    if not wanting:
        return 0
    await tx.lock(f"library:{library_id}")
    pattern = await library_settings.key_pattern(tx, library_id)
    edits: list[Edit] = []
    taken: dict[str, set[str]] = {}
    for index, (entry_key, paper) in enumerate(wanting):
        base = propose(paper, pattern)
        like = base.casefold()
        if like not in taken:
            taken[like] = await _like(tx, library_id, like)
        key = next_free(base, taken[like])
        for known in taken.values():
            known.add(key.casefold())
        # a person's key that did not know of this one is later, whatever its clock says
        stamp = Stamp(PENDING, hlc(0, 0, SERVER), SERVER, now_ms * 1000 + index)
        edits.append(Edit("put", "entry", entry_key, 2**53, stamp, rfc3339(now_ms), {"citekey": key}))
    batch = await open_batch(tx, library_id, edits)
    for edit in edits:
        batch.take(uuid7(now_ms, secrets.token_bytes(10)), edit)
        state = batch.states[batch.survivor(edit.key)]
        # nobody wrote it, so it speaks against no deletion
        batch.put(structs.replace(state, edited=tuple(one for one in state.edited if one.device != SERVER)))
    await objects.save(tx, library_id, batch, now_ms)
    return len(edits)


async def former(tx: Tx, library_id: str) -> list[tuple[str, str]]:
    """Keys (folded) that lead to an entry which has another one now, or is gone, with the entry's id; sorted."""
    rows = await tx.rows(
        "SELECT k.folded, k.entry_key, o.citekey FROM citekey k LEFT JOIN object o ON o.library_id = k.library_id "
        "AND o.key = k.entry_key WHERE k.library_id = :library_id",
        library_id=library_id,
    )
    return sorted((r["folded"], r["entry_key"]) for r in rows if (r["citekey"] or "").casefold() != r["folded"])


async def reserve(tx: Tx, library_id: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Let these keys lead to these entries (ids), there or gone, where nobody has them."""
    rows: list[dict[str, Value]] = [
        {"library_id": library_id, "folded": key.casefold(), "entry_key": entry} for key, entry in pairs
    ]
    await insert_missing(tx, "citekey", ("library_id", "folded"), rows)


async def _like(tx: Tx, library_id: str, base: str) -> set[str]:
    """The keys taken that start with this one, folded."""
    rows = await tx.rows(
        "SELECT folded FROM citekey WHERE library_id = :library_id AND folded >= :base AND folded < :past",
        library_id=library_id,
        base=base,
        past=base + "{",
    )
    return {row["folded"] for row in rows}
