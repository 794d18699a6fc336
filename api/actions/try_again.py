"""Try again: a person asks for a paper now that the sources could not be asked about, or not all of them.

Refuses a paper that the library does not hold. One that is done stays so, for it has its own times to be looked at
again, and one that a worker holds is at work already.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.store import enrichment, libraries, own_papers
from api.store.database import Tx


async def try_again(desk: Desk, who: Who, paper_id: str) -> str:
    """Make a paper due now; returns the id of the record that now stands for it. Raises NotFound."""
    due: list[str] = []

    async def work(tx: Tx) -> str:
        due.clear()
        found = await libraries.held_paper(tx, who.library_id, paper_id)
        for shared in await own_papers.beneath(tx, who.library_id, found):
            if await enrichment.hasten(tx, shared, desk.now()):
                due.append(shared)
        return found

    stands = await desk.database.write(work)
    desk.remind(due)
    return stands
