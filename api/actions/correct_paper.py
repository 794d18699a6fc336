"""Correct: a person's word about a paper, in their own library.

Refuses a paper that the library does not hold: nobody corrects what they did not save.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.corrections import CorrectionWish, correct
from api.domain.errors import NotFound
from api.store import corrections, libraries, papers
from api.store.database import Tx


async def correct_paper(desk: Desk, who: Who, paper_id: str, wish: CorrectionWish) -> str:
    """Correct fields, or withdraw corrections; returns the id of the record that now stands for the paper.

    The library's devices get the paper anew; its citation keys stay. Raises NotFound, InvalidValue or BadText.
    """

    async def work(tx: Tx) -> str:
        await tx.lock(f"library:{who.library_id}")
        paper = (await papers.get_many(tx, [paper_id])).get(paper_id)
        if paper is None or not await libraries.holds(tx, who.library_id, paper.id):
            raise NotFound("no such paper in this library")
        before = await corrections.of_paper(tx, who.library_id, paper.id)
        after = correct(before, wish, rfc3339(desk.now()))
        if after != before:
            await corrections.keep(tx, who.library_id, paper.id, after)
            await libraries.touch_paper(tx, who.library_id, paper.id, desk.now())
        return paper.id

    found = await desk.database.write(work)
    desk.poke(who.library_id)
    return found
