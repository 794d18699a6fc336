"""Correct: a person's word about a paper, in their own library.

Refuses a paper that the library does not hold: nobody corrects what they did not save.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.corrections import CorrectionWish, correct
from api.store import corrections, libraries
from api.store.database import Tx


async def correct_paper(desk: Desk, who: Who, paper_id: str, wish: CorrectionWish) -> str:
    """Correct fields, or withdraw corrections; returns the id of the record that now stands for the paper.

    The library's devices get the paper anew; its citation keys stay. Raises NotFound, InvalidValue or BadText.
    """

    async def work(tx: Tx) -> str:
        await tx.lock(f"library:{who.library_id}")
        found = await libraries.held_paper(tx, who.library_id, paper_id)
        before = await corrections.of_paper(tx, who.library_id, found)
        after = correct(before, wish, rfc3339(desk.now()))
        if after != before:
            await corrections.keep(tx, who.library_id, found, after)
            await libraries.touch_paper(tx, who.library_id, found, desk.now())
        return found

    stands = await desk.database.write(work)
    desk.poke(who.library_id)
    return stands
