"""A library's two entries of what turned out to be one paper become one, whoever said so: a source or a person."""

from __future__ import annotations

from msgspec import structs

from api.domain.batch import Batch
from api.domain.clock import rfc3339
from api.domain.joining import joined_entry, merged_key
from api.domain.states import State
from api.store import corrections, objects
from api.store.database import Tx


async def join_in(tx: Tx, library_id: str, survivor: str, loser: str, now_ms: int) -> None:
    """Let the paper `survivor` take the place of `loser` in a library, with its entry and its corrections."""
    known = await objects.load(tx, library_id, (), (survivor, loser))
    batch = Batch(known)
    moved = known.states.get(known.entry_of_paper.get(loser, ""))
    stays = known.states.get(known.entry_of_paper.get(survivor, ""))
    if moved is not None and stays is None:
        batch.put(structs.replace(moved, fields=moved.fields | {"paper_id": survivor}))
    elif moved is not None and stays is not None:
        old, young = sorted((stays, moved), key=lambda state: state.key)
        entry = joined_entry(old, young, rfc3339(now_ms))
        batch.put(merged_key(young, old.key))
        batch.put(structs.replace(entry, fields=entry.fields | {"paper_id": survivor}))
    await corrections.move(tx, library_id, loser, survivor)
    batch.put(State("paper", loser, deleted=True, merged_into=survivor))
    batch.put(known.states.get(survivor) or State("paper", survivor))
    await objects.save(tx, library_id, batch, now_ms)
