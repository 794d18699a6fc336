"""Join: a person says that two papers of their library are the same, or that they are not.

Refuses a paper that the library does not hold. Other libraries see nothing of it, and no source undoes it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.store import libraries, own_identifiers, own_papers
from api.store.database import Tx


class OtherWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The other paper, by its id."""

    other: Annotated[str, Meta(max_length=64)]


async def join_papers(desk: Desk, who: Who, paper_id: str, wish: OtherWish) -> str:
    """Make one paper of two, with one entry; returns its id. Asked again, it changes nothing. Raises NotFound."""
    now = desk.now()

    async def work(tx: Tx) -> str:
        one, other = await _both(tx, who.library_id, paper_id, wish.other)
        if one == other:
            return one
        own = [each for each in sorted((one, other)) if await own_papers.is_own(tx, who.library_id, each)]
        survivor = own[0] if own else desk.new_id()
        for each in sorted({one, other} - {survivor}):
            await own_papers.take_over(tx, who.library_id, survivor, each, now)
        await own_papers.give_key(tx, who.library_id, survivor, now)
        return survivor

    found = await desk.database.write(work)
    desk.remind([found])
    desk.poke(who.library_id)
    return found


async def keep_apart(desk: Desk, who: Who, paper_id: str, wish: OtherWish) -> str:
    """Say that two papers are not the same, whatever sources say; returns the id of the first.

    From now on the library has both as papers of its own. Raises NotFound or BadInput.
    """
    now = desk.now()

    async def work(tx: Tx) -> tuple[str, str]:
        both = await _both(tx, who.library_id, paper_id, wish.other)
        if both[0] == both[1]:
            raise BadInput("these are one paper in this library; split it instead")
        one, other = [
            each
            if await own_papers.is_own(tx, who.library_id, each)
            else await own_papers.detach(tx, who.library_id, each, now)
            for each in both
        ]
        await own_identifiers.set_apart(tx, who.library_id, one, other, now)
        return one, other

    found = await desk.database.write(work)
    desk.remind(found)
    desk.poke(who.library_id)
    return found[0]


async def _both(tx: Tx, library_id: str, paper_id: str, other: str) -> tuple[str, str]:
    """The two papers that stand for those that are named; the library is locked from here."""
    await tx.lock(f"library:{library_id}")
    return await libraries.held_paper(tx, library_id, paper_id), await libraries.held_paper(tx, library_id, other)
