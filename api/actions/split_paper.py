"""Split: a person says that one paper of their library is two, and which identifiers are whose.

Refuses a paper that the library does not hold, and a split that leaves one half without any identifier. Other libraries
see nothing of it, and no source undoes it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.domain.fields import Uuid
from api.domain.papers import Identifier, Paper
from api.domain.states import State
from api.store import libraries, own_identifiers, own_papers, splits
from api.store.database import Tx

MOST_IDENTIFIERS = 100


class SplitWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The identifiers (`scheme:value`) that are another paper's, and the highlights that go along with them.

    Without `highlights` each goes with the page that it was made on.
    """

    identifiers: Annotated[list[Annotated[str, Meta(max_length=8192)]], Meta(min_length=1, max_length=MOST_IDENTIFIERS)]
    highlights: Annotated[list[Uuid], Meta(max_length=10_000)] | None = None


class SplitView(Struct, frozen=True):
    """What a split would make: both papers, and all live highlights with whether each would go along."""

    stay: Paper
    go: Paper
    marks: list[tuple[State, bool]]


async def split_paper(desk: Desk, who: Who, paper_id: str, wish: SplitWish) -> tuple[str, str]:
    """Make two papers of one; returns the ids of what stays and of what goes. Asked again, it changes nothing.

    Raises NotFound or BadInput.
    """
    goes = _identifiers(wish)
    now = desk.now()

    async def work(tx: Tx) -> tuple[str, str]:
        await tx.lock(f"library:{who.library_id}")
        found = await libraries.held_paper(tx, who.library_id, paper_id)
        if done := await _done(tx, who.library_id, found, goes):
            return found, done
        split = await splits.open_split(tx, who.library_id, found, goes, desk.new_id)
        halves = split.halves
        live = [] if wish.highlights is None else [mark.key for mark in split.marks if not mark.deleted]
        along = set(wish.highlights or ())
        chosen = {key: halves.go if key in along else halves.stay for key in live}
        await splits.save_split(tx, who.library_id, split, chosen, now, desk.new_id)
        return halves.stay, halves.go

    halves = await desk.database.write(work)
    desk.remind(halves)  # nobody may have been asked about one of them alone
    desk.poke(who.library_id)
    return halves


async def show_split(desk: Desk, who: Who, paper_id: str, identifiers: list[str]) -> SplitView:
    """What a split would make, with nothing written; raises NotFound or BadInput."""
    goes = _identifiers(SplitWish(identifiers))
    now = desk.now()

    async def work(tx: Tx) -> SplitView:
        found = await libraries.held_paper(tx, who.library_id, paper_id)
        split = await splits.open_split(tx, who.library_id, found, goes, desk.new_id)
        halves = split.halves
        stay = await own_papers.would_be(tx, who.library_id, found, sorted(halves.stays), halves.goes, now)
        go = await own_papers.would_be(tx, who.library_id, found, sorted(halves.goes), halves.stays, now)
        live = [mark for mark in split.marks if not mark.deleted]
        return SplitView(stay, go, [(mark, split.sides[mark.key] == halves.go) for mark in live])

    return await desk.database.read(work)


def _identifiers(wish: SplitWish) -> set[Identifier]:
    found = set()
    for text in wish.identifiers:
        scheme, _, value = text.partition(":")
        if not value:
            raise BadInput("an identifier is scheme:value")
        found.add(Identifier(scheme, value))
    return found


async def _done(tx: Tx, library_id: str, paper_id: str, goes: set[Identifier]) -> str | None:
    """The paper that has all these identifiers already, by a split that was asked for before."""
    owners = await own_identifiers.owners(tx, library_id, goes)
    apart = await own_identifiers.apart_from(tx, library_id, paper_id)
    others = set(owners.values())
    return others.pop() if len(others) == 1 and set(owners) == goes and others <= apart else None
