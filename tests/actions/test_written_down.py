"""What was written down of an object is what would be made of its state: nobody can tell which of the two was sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.join_papers import OtherWish, join_papers
from api.actions.list_entries import list_entries
from api.domain.accounts import Who
from api.domain.corrections import CorrectionWish
from api.domain.entries import EntryFilter
from api.store.database import Tx
from tests.actions.syncing import data, pull, push, save
from tests.make import make_id, make_op

QUOTE = [{"type": "TextQuoteSelector", "exact": 'say "this"', "prefix": "", "suffix": ""}]
OLD, YOUNG, OTHER = sorted(make_id(f"t{number}") for number in range(3))
SAID = 'a "quoted" note \u2028 with \\ and , "enrich_state":"done","version":9'


@pytest.fixture
async def full(desk: Desk, ada: dict[str, Who]) -> Who:
    """A library with something of everything: texts that lost, marks, lists, the trash, a correction."""
    who = ada["laptop"]
    await push(
        desk,
        who,
        make_op(name="tag", type="tag", key=YOUNG, set={"name": "Thesis", "color": "red"}),
        make_op(name="other tag", type="tag", key=OTHER, set={"name": "other"}),
        make_op(name="list", type="list", key=make_id("list"), set={"name": "a list", "description": SAID}),
        save(add={"tags": [YOUNG, OTHER], "lists": [make_id("list")]}, set={"note": SAID, "rating": 4}),
        save("two", "https://example.org/two", key=make_id("two"), add={"tags": [YOUNG]}),
        save("gone", "https://example.org/gone", key=make_id("gone"), add={"tags": [OTHER]}),
        make_op(
            name="mark",
            type="highlight",
            key=make_id("mark"),
            set={"entry_id": make_id("key"), "selectors": QUOTE, "comment": SAID},
        ),
    )
    await push(desk, ada["phone"], make_op(name="late", at=-5, device=ada["phone"].device_id, set={"note": "lost"}))
    await push(desk, who, make_op("delete", name="trash", key=make_id("gone"), base=99), first_seq=50)
    paper = data((await pull(desk, who))[make_id("two")])["paper_id"]
    await correct_paper(desk, who, paper, CorrectionWish(title='Mine "enrich_state":"done","version":9'))
    return who


async def forget(desk: Desk) -> None:
    """Leave nothing written down, as in a library of the version before."""

    async def work(tx: Tx) -> None:
        await tx.run("UPDATE object SET shown = NULL")
        await tx.run("UPDATE paper SET in_full = 0")
        await tx.run("UPDATE member SET saved_at = NULL")

    await desk.database.write(work)


async def shown(desk: Desk, who: Who) -> object:
    """All that a new device and a list show."""
    listed = await list_entries(desk, who.library_id, EntryFilter())
    tagged = await list_entries(desk, who.library_id, EntryFilter(tags=(OTHER,)))
    return await pull(desk, who), listed.items, tagged.items


async def nothing(desk: Desk, who: Who) -> None:
    """Leave it as it is."""


async def merge_names(desk: Desk, who: Who) -> None:
    """Make two tags one."""
    await push(desk, who, make_op(name="same", type="tag", key=OLD, set={"name": "thesis"}), first_seq=60)


async def merge_entries(desk: Desk, who: Who) -> None:
    """Say that two papers are one, each of whose entries has a mark."""
    other = make_op(name="m", type="highlight", key=make_id("m"), set={"entry_id": make_id("two"), "selectors": QUOTE})
    await push(desk, who, other, first_seq=70)
    seen = await pull(desk, who)
    one, two = (data(seen[make_id(name)])["paper_id"] for name in ("key", "two"))
    await join_papers(desk, who, one, OtherWish(two))


@pytest.mark.parametrize("change", [nothing, merge_names, merge_entries])
async def test_what_lies_there_is_what_would_be_made(
    desk: Desk, full: Who, change: Callable[[Desk, Who], Awaitable[None]]
) -> None:
    await change(desk, full)
    as_written = await shown(desk, full)
    await forget(desk)
    assert await shown(desk, full) == as_written


async def test_a_merged_name_is_followed_in_what_was_written_before(desk: Desk, full: Who) -> None:
    assert data((await pull(desk, full))[make_id("two")])["tags"] == [YOUNG]
    await merge_names(desk, full)
    assert data((await pull(desk, full))[make_id("two")])["tags"] == [OLD]
