"""The guard against mass deletion, lowered so that a handful of deletions meets it, and counted a second time.

Histories without it keep the real numbers. Refuses to share a threshold between histories played side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from api.domain import mass_delete
from api.store import holds
from tests.simulation.truth import Truth
from tests.simulation.waiting import Waiting

FEWEST, ALWAYS, SHARE, MINUTES = 2, 4, 4, 10
is_low: ContextVar[bool] = ContextVar("is_low", default=False)
Tally = list[tuple[str, int, int]]  # device, minute, objects deleted


def _is_mass_delete(deletes: int, of: int) -> bool:
    if not is_low.get():
        return mass_delete.is_mass_delete(deletes, of)
    return deletes >= ALWAYS or (deletes >= FEWEST and deletes * SHARE > of)


@contextmanager
def lowered() -> Iterator[None]:
    """Within this, a history may ask for the low guard by `is_low`."""
    before = holds.FEWEST, holds.is_mass_delete
    holds.FEWEST, holds.is_mass_delete = FEWEST, _is_mass_delete  # type: ignore[misc]
    try:
        yield
    finally:
        holds.FEWEST, holds.is_mass_delete = before  # type: ignore[misc]


def to_hold(ops: Sequence[Waiting], device: str, before: Truth, tally: Tally, now: int) -> set[str]:
    """The ids of a batch's new ops that are to be held; where none is, its deletions are noted in the tally."""
    deletes = [op for op in ops if op.op == "delete"]
    keys = {op.key for op in deletes if op.key in before.facts and not before.facts[op.key].deleted}
    if not keys:
        return set()
    minute = now // 60_000
    lately = sum(n for name, when, n in tally if name == device and when > minute - MINUTES)
    live = sum(1 for fact in before.facts.values() if fact.type != "paper" and not fact.deleted)
    count, of = len(keys) + lately, live + lately
    low = is_low.get() and (count >= ALWAYS or (count >= FEWEST and count * SHARE > of))
    if not low:
        tally.append((device, minute, len(keys)))
        return set()
    groups = {op.group for op in deletes if op.group}
    return {op.id for op in ops if op.op == "delete" or op.group in groups}
