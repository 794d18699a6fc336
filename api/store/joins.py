"""Two records of one paper become one: identifiers, answers, and every library's entries go to the survivor.

The other id stays as a redirect, so that whoever holds it still finds the paper.
"""

from __future__ import annotations

from msgspec import structs

from api.domain.batch import Batch
from api.domain.clock import rfc3339
from api.domain.joining import joined_entry
from api.domain.states import State
from api.store import corrections, libraries, objects
from api.store.database import Tx


async def join(tx: Tx, survivor: str, loser: str, now_ms: int) -> None:
    """Let `survivor` take over `loser`; the survivor becomes due, for there is more to ask."""
    ids = {"survivor": survivor, "loser": loser}
    await tx.run("UPDATE paper_identifier SET paper_id = :survivor WHERE paper_id = :loser", **ids)
    await tx.run(
        "INSERT INTO observation (paper_id, source, asked, asked_at, status, raw, finding, parser_version) "
        "SELECT :survivor, source, asked, asked_at, status, raw, finding, parser_version FROM observation "
        "WHERE paper_id = :loser ON CONFLICT (paper_id, source, asked) DO NOTHING",
        **ids,
    )
    await tx.run("DELETE FROM observation WHERE paper_id = :loser", loser=loser)
    await tx.run(
        "UPDATE paper SET redirect_to = :survivor WHERE id = :loser OR redirect_to = :loser",
        **ids,
    )
    await tx.run(
        "UPDATE paper SET enrich_state = 'pending', next_try_at = :now, lease_until = 0, attempts = attempts + 1 "
        "WHERE id = :survivor",
        survivor=survivor,
        now=now_ms,
    )
    for library_id in await libraries.holding(tx, loser):
        await _join_in(tx, library_id, survivor, loser, now_ms)


async def _join_in(tx: Tx, library_id: str, survivor: str, loser: str, now_ms: int) -> None:
    known = await objects.load(tx, library_id, (), (survivor, loser))
    batch = Batch(known)
    moved = known.states.get(known.entry_of_paper.get(loser, ""))
    stays = known.states.get(known.entry_of_paper.get(survivor, ""))
    if moved is not None and stays is None:
        batch.put(structs.replace(moved, fields=moved.fields | {"paper_id": survivor}))
    elif moved is not None and stays is not None:
        old, young = sorted((stays, moved), key=lambda state: state.key)
        entry = joined_entry(old, young, rfc3339(now_ms))
        batch.put(structs.replace(young, deleted=True, merged_into=old.key, fields=_without_paper(young)))
        batch.put(structs.replace(entry, fields=entry.fields | {"paper_id": survivor}))
    await corrections.move(tx, library_id, loser, survivor)
    batch.put(State("paper", loser, deleted=True, merged_into=survivor))
    batch.put(known.states.get(survivor) or State("paper", survivor))
    await objects.save(tx, library_id, batch, now_ms)


def _without_paper(state: State) -> dict[str, object]:
    return {name: value for name, value in state.fields.items() if name != "paper_id"}
