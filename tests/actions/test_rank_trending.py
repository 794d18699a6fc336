"""What trends is read off the libraries: saved by two, undone, imported, not counted, gone with an account."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.import_library import run_import, start_import
from api.actions.list_trending import count_library, list_trending
from api.actions.push_changes import push_changes
from api.actions.rank_trending import rank_trending
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Account, Who
from api.domain.changes import PushWish
from api.domain.clock import rfc3339
from api.domain.page_meta import Page
from api.domain.trending import HOUR_MS
from api.store import leaving, signals
from api.store.database import Tx
from tests.conftest import Clock
from tests.make import make_id, make_library, make_op

ARXIV = "https://arxiv.org/abs/2101.00001"
PAGE = Page(metas=(("citation_title", "Weaving algebra"), ("citation_arxiv_id", "2101.00001")))


@pytest.fixture
async def people(desk: Desk) -> list[Who]:
    """Three readers."""
    return [(await make_library(desk, name, {"one": make_id(f"{name}'s")}))["one"] for name in ("ada", "bob", "cyd")]


async def save(desk: Desk, who: Who, url: str = ARXIV) -> str:
    return (await save_paper(desk, who, SaveWish(make_id(f"{who.library_id} {url}"), url, PAGE))).entry.id


async def ranked(desk: Desk, who: Who) -> list[tuple[str, tuple[str, ...]]]:
    await rank_trending(desk)
    return [(one.paper.title, one.trend.reasons) for one in await list_trending(desk, who.library_id, "week", 50)]


async def test_a_paper_trends_once_a_second_person_saved_it(desk: Desk, people: list[Who]) -> None:
    await save(desk, people[0])
    assert await ranked(desk, people[2]) == []
    entry = await save(desk, people[1])
    assert await ranked(desk, people[2]) == [("Weaving algebra", ("2 people saved it this week",))]
    [shown] = await list_trending(desk, people[1].library_id, "week", 50)
    assert shown.entry_id == entry
    [shown] = await list_trending(desk, people[2].library_id, "week", 50)
    assert shown.entry_id is None


async def test_only_papers_of_several_readers_are_read_for_a_ranking(desk: Desk, people: list[Who]) -> None:
    for who in people[:2]:
        await save(desk, who)
    other = Page(metas=(("citation_title", "Knots"), ("citation_doi", "10.5555/knots")))
    await save_paper(desk, people[0], SaveWish(make_id("knots"), "https://example.org/knots", other))
    await rank_trending(desk)
    read = [await desk.database.read(lambda tx, n=n: signals.since(tx, 0, n)) for n in (1, 2, 3)]
    assert [len(found) for found in read] == [3, 2, 0]


async def test_what_is_undone_counts_no_more(desk: Desk, people: list[Who]) -> None:
    entry = [await save(desk, who) for who in people[:2]][1]
    assert await ranked(desk, people[2])
    await edit_object(desk, people[1], EditWish("entry", entry, "delete"))
    assert await ranked(desk, people[2]) == []
    await edit_object(desk, people[1], EditWish("entry", entry, "restore"))
    assert await ranked(desk, people[2])


async def test_highlights_notes_and_reading_count_and_each_once(desk: Desk, people: list[Who]) -> None:
    for who in people:
        entry = await save(desk, who)
        await edit_object(desk, who, EditWish("entry", entry, set={"status": "read", "note": "Yes."}))
        selectors = [{"type": "TextQuoteSelector", "exact": "loom"}]
        for number in range(3):
            told = {"entry_id": entry, "selectors": selectors}
            key = make_id(f"{entry} {number}")
            await edit_object(desk, who, EditWish("highlight", key, set=told, create=True))
    [(_, reasons)] = await ranked(desk, people[0])
    deeds = ("saved it", "highlighted it", "wrote a note on it", "read it")
    assert reasons == tuple(f"3 people {deed} this week" for deed in deeds)


async def test_a_file_that_was_brought_along_makes_nothing_trend(desk: Desk, people: list[Who]) -> None:
    papers = msgspec.json.encode([{"title": f"Paper {n}", "url": f"https://arxiv.org/abs/2102.{n:05}"} for n in (1, 2)])
    for who in people:
        started = await start_import(desk, who.account_id, who.library_id, "papers.json", papers)
        run = await run_import(desk, who.library_id, started)
        assert run.state == "done", run
    assert await ranked(desk, people[0]) == []


async def test_a_save_that_was_made_offline_counts_when_it_was_made(
    desk: Desk, clock: Clock, people: list[Who]
) -> None:
    await save(desk, people[0])
    clock.forward(6 * 86_400)
    await save(desk, people[1])
    at = desk.now() - 8 * 24 * HOUR_MS
    op: dict[str, Any] = make_op(
        device=people[2].device_id,
        hlc=f"{at:012x}-0000-{people[2].device_id}",
        set={"saved_from": {"url": ARXIV}, "saved_at": rfc3339(at)},
    )
    wish = PushWish(1, people[2].library_id, people[2].device_id, 1, [msgspec.Raw(msgspec.json.encode(op))])
    [result] = (await push_changes(desk, people[2], wish)).results
    assert result.status == "applied"
    assert await ranked(desk, people[0]) == [("Weaving algebra", ("2 people saved it this week",))]


async def test_who_does_not_want_to_be_counted_is_not_and_may_come_back(desk: Desk, people: list[Who]) -> None:
    for who in people[:2]:
        await save(desk, who)
    assert await ranked(desk, people[2])
    await count_library(desk, people[1].library_id, counted=False)
    assert await ranked(desk, people[2]) == []
    await save(desk, people[1], "https://arxiv.org/abs/2101.00002")
    await save(desk, people[0], "https://arxiv.org/abs/2101.00002")
    assert await ranked(desk, people[2]) == []
    await count_library(desk, people[1].library_id, counted=True)
    assert len(await ranked(desk, people[2])) == 2


async def test_an_account_that_is_gone_counts_no_more(desk: Desk, people: list[Who]) -> None:
    for who in people[:2]:
        await save(desk, who)
    assert await ranked(desk, people[2])
    gone = Account(people[1].account_id, "bob@example.org", people[1].library_id, 1)
    await desk.database.write(lambda tx: leaving.erase(tx, gone))
    assert await ranked(desk, people[2]) == []


async def test_many_tickers_at_once_come_to_one_ranking(desk: Desk, people: list[Who]) -> None:
    for who in people:
        await save(desk, who)
    assert await asyncio.gather(*(rank_trending(desk) for _ in range(4))) == [1, 1, 1, 1]

    async def count(tx: Tx) -> int:
        row = await tx.row("SELECT COUNT(*) AS n FROM signal")
        return int(row["n"]) if row else 0

    assert await desk.database.read(count) == 3
    assert len(await list_trending(desk, people[0].library_id, "week", 50)) == 1


async def test_a_library_that_was_set_back_is_read_anew(desk: Desk, people: list[Who]) -> None:
    for who in people[:2]:
        await save(desk, who)
    assert await ranked(desk, people[2])

    async def set_back(tx: Tx) -> None:
        await tx.run("UPDATE signal_seen SET version = version + 100")
        await tx.run("DELETE FROM signal")

    await desk.database.write(set_back)
    assert await ranked(desk, people[2])
