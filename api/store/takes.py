"""Ops taken into a library inside one transaction: papers found for saves, edits merged, everything written once.

Refuses an entry of a paper that nobody knows, that one op alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from api.domain.changes import Result
from api.domain.sent import Sent, apply_all
from api.store import objects, papers
from api.store.arrivals import shelve
from api.store.batches import open_batch
from api.store.database import Tx


class Taken(Struct, frozen=True):
    """The result of each op by its id, the papers that have something new to read, and how many versions it took."""

    results: dict[str, Result]
    due: list[str]
    versions: int


async def take(tx: Tx, library_id: str, ops: Sequence[Sent], now_ms: int, new_id: Callable[[], str]) -> Taken:
    """Take ops whose ids differ from each other; the caller keeps their results."""
    due = await _shelve(tx, ops, now_ms, new_id)
    await _check_papers(tx, ops)
    batch = await open_batch(tx, library_id, [one.edit for one in ops if one.edit])
    outcomes = apply_all(batch, ops)
    await objects.save(tx, library_id, batch, now_ms)
    results = {one.id: batch.result(outcome) for one, outcome in zip(ops, outcomes, strict=True)}
    return Taken(results, due, len(batch.changed))


async def _shelve(tx: Tx, ops: Sequence[Sent], now_ms: int, new_id: Callable[[], str]) -> list[str]:
    """Give each save its paper."""
    saves = [(one, one.edit, one.arrival) for one in ops if one.edit and one.arrival and not one.code]
    shelved = await shelve(tx, [arrival for _, _, arrival in saves], now_ms, new_id)
    for (one, edit, arrival), paper_id in zip(saves, shelved.paper_ids, strict=True):
        values = {"paper_id": paper_id, "saved_from": {"url": arrival.url, "version": arrival.identity.version}}
        one.edit = structs.replace(edit, set=edit.set | values)
    return shelved.due


async def _check_papers(tx: Tx, ops: Sequence[Sent]) -> None:
    named = {one.id: one.edit.set["paper_id"] for one in ops if one.edit and "paper_id" in one.edit.set}
    known = await papers.get_many(tx, named.values())
    for one in ops:
        if one.id in named and named[one.id] not in known:
            one.edit, one.code = None, "unknown_paper"
