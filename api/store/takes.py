"""Ops taken into a library inside one transaction: papers found for saves, edits merged, everything written once.

Refuses an entry of a paper that nobody knows, that one op alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from api.domain.changes import Result
from api.domain.sent import Sent, apply_all
from api.store import libraries, objects, own_identifiers, own_papers, papers
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
    due = await _shelve(tx, library_id, ops, now_ms, new_id)
    await _check_papers(tx, library_id, ops)
    batch = await open_batch(tx, library_id, [one.edit for one in ops if one.edit])
    outcomes = apply_all(batch, ops)
    await objects.save(tx, library_id, batch, now_ms)
    results = {one.id: batch.result(outcome) for one, outcome in zip(ops, outcomes, strict=True)}
    return Taken(results, due, len(batch.changed))


async def _shelve(tx: Tx, library_id: str, ops: Sequence[Sent], now_ms: int, new_id: Callable[[], str]) -> list[str]:
    """Give each save its paper."""
    saves = [(one, one.edit, one.arrival) for one in ops if one.edit and one.arrival and not one.code]
    shelved = await shelve(tx, [arrival for _, _, arrival in saves], now_ms, new_id)
    claims = [arrival.claims for _, _, arrival in saves]
    standing = await own_papers.standing(tx, library_id, claims, shelved.paper_ids, now_ms)
    for (one, edit, arrival), paper_id in zip(saves, standing, strict=True):
        values = {"paper_id": paper_id, "saved_from": {"url": arrival.url, "version": arrival.identity.version}}
        one.edit = structs.replace(edit, set=edit.set | values)
    return shelved.due


async def _check_papers(tx: Tx, library_id: str, ops: Sequence[Sent]) -> None:
    """Follow the papers that ops name to those that stand for them, and refuse those that nobody knows."""
    named = {o.id: o.edit.set["paper_id"] for o in ops if o.edit and not o.arrival and "paper_id" in o.edit.set}
    if not named:
        return
    current = await libraries.current(tx, library_id, named.values())
    known = await papers.get_many(tx, {current.get(one, one) for one in named.values()}, library_id)
    over = await own_identifiers.over(tx, library_id, {paper.id for paper in known.values()})
    for one in ops:
        if one.id not in named or one.edit is None:
            continue
        found = known.get(current.get(named[one.id], named[one.id]))
        if found is None:
            one.edit, one.code = None, "unknown_paper"
        else:
            stands = next(iter(over.get(found.id, ())), found.id)
            one.edit = structs.replace(one.edit, set=one.edit.set | {"paper_id": stands})
