"""A paper of a library taken apart: the two halves, and its entry and highlights on either side.

Refuses to split what does not have both halves: the identifiers that go, and some that stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from api.domain.batch import Batch
from api.domain.claims import Answer, by_rule, subject
from api.domain.clock import rfc3339
from api.domain.errors import BadInput
from api.domain.papers import Identifier
from api.domain.parting import Halves, entry_sides, mark_side, part_entries
from api.domain.states import State
from api.store import corrections, enrichment, objects, own_identifiers, own_papers
from api.store.database import Tx, in_list
from api.store.objects import COLUMNS, aliases_of, load_members, state_of


class Split(Struct, frozen=True):
    """A split that is not made yet: the paper, its halves, its entry with all that was merged into it, its highlights.

    `sides` says to which half (paper id) each highlight goes by itself.
    """

    paper_id: str
    halves: Halves
    whole: State
    merged: list[State]
    marks: list[State]
    sides: dict[str, str]


async def open_split(
    tx: Tx, library_id: str, paper_id: str, goes: Collection[Identifier], new_id: Callable[[], str]
) -> Split:
    """What a split would do; those that follow by rule go along. Raises BadInput where nothing would go, or stay."""
    named = frozenset(await own_papers.identifiers_of(tx, library_id, paper_id))
    going = frozenset(each for one in goes for each in by_rule(one)) & named
    if not set(goes) <= named:
        raise BadInput("not all of these are identifiers of this paper")
    if not going or going == named:
        raise BadInput("name some of the paper's identifiers, and not all; some go together by rule")
    known = await objects.load(tx, library_id, (), (paper_id,))
    whole = known.states[known.entry_of_paper[paper_id]]
    stay, go = (
        (paper_id, new_id())
        if await own_papers.is_own(tx, library_id, paper_id)
        else sorted((new_id(), new_id()))  # ops that name the paper find the first of those that it became
    )
    halves = Halves(stay, go, named - going, going)
    merged = await _merged(tx, library_id, whole.key)
    marks = await _marks(tx, library_id, [whole.key, *(one.key for one in merged)])
    sides = entry_sides(whole, merged, halves)
    return Split(paper_id, halves, whole, merged, marks, {one.key: mark_side(one, halves, sides) for one in marks})


async def save_split(
    tx: Tx, library_id: str, split: Split, chosen: Mapping[str, str], now_ms: int, new_id: Callable[[], str]
) -> None:
    """Make a split; `chosen` says of highlights (keys) to which half they go where somebody decided that."""
    halves = split.halves
    own = dict.fromkeys(halves.stays, halves.stay) | dict.fromkeys(halves.goes, halves.go)
    await own_identifiers.give(tx, library_id, own, now_ms)
    await own_papers.write(tx, library_id, halves.go, now_ms)
    if split.paper_id == halves.stay:
        await _move_answers(tx, halves)
        await own_papers.write(tx, library_id, halves.go, now_ms)
    await own_papers.write(tx, library_id, halves.stay, now_ms)
    await own_papers.ask_anew(tx, (halves.stay, halves.go), now_ms)
    if split.paper_id != halves.stay:
        await own_identifiers.merge_apart(tx, library_id, split.paper_id, halves.stay, now_ms)
    await own_identifiers.set_apart(tx, library_id, halves.stay, halves.go, now_ms)
    marks = [(one, chosen.get(one.key, split.sides[one.key])) for one in split.marks]
    states = part_entries(split.whole, split.merged, marks, halves, new_id(), rfc3339(now_ms))
    batch = Batch(await objects.load(tx, library_id, [halves.stay, halves.go, split.paper_id]))
    for state in states:
        batch.put(state)
    batch.put(State("paper", halves.go))
    batch.put(batch.states.get(halves.stay) or State("paper", halves.stay))
    if split.paper_id != halves.stay:
        batch.put(State("paper", split.paper_id, deleted=True, merged_into=halves.stay))
    await corrections.move(tx, library_id, split.paper_id, str(states[0].fields["paper_id"]))
    await objects.save(tx, library_id, batch, now_ms)
    for paper_id in (halves.stay, halves.go):
        await own_papers.give_key(tx, library_id, paper_id, now_ms)


async def _move_answers(tx: Tx, halves: Halves) -> None:
    """Let answers that one of the library's own papers got go with the half that they are about."""
    for one in await enrichment.told(tx, halves.stay):
        about = subject(Answer(one.asked, rfc3339(one.asked_at), one.finding), halves.stays | halves.goes)
        if about in halves.goes:
            await enrichment.move(tx, halves.stay, halves.go, one)


async def _merged(tx: Tx, library_id: str, key: str) -> list[State]:
    """All that was merged into an entry, or into what was."""
    found = (await aliases_of(tx, library_id, [key])).get(key, ())
    known = await objects.load(tx, library_id, found)
    return [known.states[k] for k in sorted(found)]


async def _marks(tx: Tx, library_id: str, keys: Collection[str]) -> list[State]:
    """The highlights on these entries, those in the trash too, in the order of their keys."""
    text, values = in_list("k", sorted(keys))
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'highlight' "
        f"AND o.parent_key IN ({text}) ORDER BY o.key",
        library_id=library_id,
        **values,
    )
    states = {row["key"]: state_of(row) for row in rows}
    await load_members(tx, library_id, states)
    return list(states.values())
