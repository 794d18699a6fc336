"""Known papers are looked at again: at their time and no sooner, once, with no news where nothing is new."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import structs

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.look_again import DAY_MS, look_again
from api.domain.papers import Finding, Identifier, Link, Paper
from api.store import enrichment
from api.store.enrichment import Observation
from tests.conftest import Clock
from tests.make import NOW, make_id
from workers import ticker

DAY = 86_400
ARXIV = Finding("arxiv", (Identifier("arxiv", "1706.03762"),), "preprint", "On Engines", abstract="We build.")
PROMISE = Link("code", "https://github.com/a/b", "promised", 0.95, "will be", "arxiv")


@pytest.fixture
async def paper_id(desk: Desk, who: Who) -> str:
    """A preprint that was looked at once."""
    wish = SaveWish(make_id("entry"), "https://arxiv.org/abs/1706.03762")
    found = (await save_paper(desk, who, wish)).paper.id
    assert await look(desk, found)
    return found


async def look(desk: Desk, paper_id: str, finding: Finding = ARXIV) -> bool:
    """One look that ends well; says whether it was due."""
    task = await take_paper(desk, paper_id)
    seen = Observation(finding.source, "https://example.org/ask", desk.now(), 200, b"{}", finding)
    return task is not None and await finish_paper(desk, task, [seen])


async def paper_version(desk: Desk, who: Who) -> int:
    """Where the paper stands in the library's feed."""
    changes = (await pull_changes(desk, who, None, 100)).changes
    return max(one.version for one in changes if one.type == "paper")


async def stale(desk: Desk) -> list[str]:
    """What a sweep would find to look at again."""
    return await desk.database.read(lambda tx: enrichment.stale(tx, desk.now(), 10))


@pytest.mark.parametrize(
    ("kind", "links", "days"),
    [
        ("preprint", (), [1, 7, 30, 90, 90]),
        ("article", (), [365, 365]),
        ("article", (PROMISE,), [7, 30, 90, 180, 180]),
        ("preprint", (PROMISE,), [1, 7, 30, 90, 90]),
    ],
)
def test_the_gaps_grow_and_are_never_shorter_than_written(kind: str, links: tuple[Link, ...], days: list[int]) -> None:
    for looks, least in enumerate(days, 1):
        for name in ("a", "b", "c"):
            paper = structs.replace(Paper(name, "article", "T"), kind=kind, links=links)
            assert least <= (look_again(paper, looks, NOW) - NOW) / DAY_MS <= least * 1.2


def test_a_page_that_is_no_paper_is_never_asked_about_again_and_a_wave_spreads() -> None:
    assert look_again(Paper("a", "webpage", "T"), 1, NOW) == 0
    assert len({look_again(Paper(f"{n}", "preprint", "T"), 1, NOW) // 60_000 for n in range(100)}) > 50


async def test_a_preprint_is_due_again_after_its_day_and_not_before(desk: Desk, clock: Clock, paper_id: str) -> None:
    clock.forward(DAY - 1)
    assert await stale(desk) == []
    assert not await look(desk, paper_id)
    clock.forward(DAY * 0.2 + 2)
    assert await stale(desk) == [paper_id]
    assert await look(desk, paper_id)
    clock.forward(DAY * 7 - 1)
    assert await stale(desk) == []


async def test_a_look_that_finds_nothing_new_is_no_news_and_one_that_does_is(
    desk: Desk, clock: Clock, who: Who, paper_id: str
) -> None:
    before = await paper_version(desk, who)
    clock.forward(DAY * 2)
    assert await look(desk, paper_id)
    assert await paper_version(desk, who) == before
    clock.forward(DAY * 10)
    assert await look(desk, paper_id, structs.replace(ARXIV, abstract="We have built."))
    assert await paper_version(desk, who) > before


async def test_five_tickers_and_five_workers_look_once(desk: Desk, clock: Clock, paper_id: str) -> None:
    clock.forward(DAY * 2)
    assert await asyncio.gather(*(ticker.sweep(desk) for _ in range(5))) == [1] * 5
    assert sum(await asyncio.gather(*(look(desk, paper_id) for _ in range(5)))) == 1
    assert await stale(desk) == []


async def test_a_paper_that_nobody_has_any_more_is_not_asked_about(
    desk: Desk, clock: Clock, who: Who, paper_id: str
) -> None:
    await edit_object(desk, who, EditWish("entry", make_id("entry"), "delete"))
    clock.forward(DAY * 2)
    assert await stale(desk) == []


async def test_the_waits_of_a_paper_that_no_source_answers_for_grow(desk: Desk, clock: Clock, who: Who) -> None:
    wish = SaveWish(make_id("entry"), "https://arxiv.org/abs/1706.03762")
    paper_id = (await save_paper(desk, who, wish)).paper.id
    for wait in (10, 60, 300, 900, 900, DAY, 2 * DAY, 4 * DAY):
        task = await take_paper(desk, paper_id)
        assert task is not None
        await finish_paper(desk, task, [], 1.0)
        clock.forward(wait - 1)
        assert await take_paper(desk, paper_id) is None
        clock.forward(wait * 0.2 + 1)  # each wait is up to a fifth longer
