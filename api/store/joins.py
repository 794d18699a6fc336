"""Two records of one paper become one: identifiers, answers, and every library's entries go to the survivor.

The other id stays as a redirect, so that whoever holds it still finds the paper. Refuses to join them in a library
where a person said what the identifiers of either one are.
"""

from __future__ import annotations

from api.store import enrichment, libraries, own_identifiers, own_papers
from api.store.database import Tx
from api.store.entry_joins import join_in


async def join(tx: Tx, survivor: str, loser: str, now_ms: int) -> None:
    """Let `survivor` take over `loser`; the survivor becomes due, for there is more to ask."""
    ids = {"survivor": survivor, "loser": loser}
    await _spare_those_who_spoke(tx, (survivor, loser), now_ms)
    await tx.run("UPDATE paper_identifier SET paper_id = :survivor WHERE paper_id = :loser", **ids)
    await enrichment.move(tx, loser, survivor)
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
        await join_in(tx, library_id, survivor, loser, now_ms)


async def _spare_those_who_spoke(tx: Tx, both: tuple[str, str], now_ms: int) -> None:
    """Let libraries that have a person's word about either record keep the other one for itself, too.

    No source undoes what a person said; such a library is asked whether the two are one, like of any proposal.
    """
    for library_id in await own_identifiers.speaking(tx, both):
        for paper_id in both:
            if await libraries.shows(tx, library_id, paper_id):
                await own_papers.detach(tx, library_id, paper_id, now_ms)
