"""What was asked once is not asked again while it holds, and many papers go into one question."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.actions.purge_answers import KEEP_MS, purge_answers
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.store import answers, enrichment, snapshots
from api.store.answers import KeptAnswer
from api.store.database import Tx
from tests.conftest import Clock
from tests.fakes import Reply
from tests.make import LAPTOP, NOW, make_id, make_library
from tests.workers.outside_world import ManyPapers
from tests.workers.test_asking import asked_again, outside
from workers.enrich import Outside, enrich
from workers.rate_limit import RateLimiter

DAY = 86_400
PAPERS = 12
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the others meet the statements


@pytest.fixture
async def who(desk: Desk) -> Who:
    """Whose library holds the papers."""
    return (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]


@pytest.fixture
def world() -> Iterator[ManyPapers]:
    """The outside, which counts."""
    many = ManyPapers()
    with many.server:
        yield many


def reaching(desk: Desk, world: ManyPapers) -> AbstractAsyncContextManager[Outside]:
    """The way to it."""
    return outside(desk, world.server)


async def saved(desk: Desk, who: Who, count: int = 1) -> list[str]:
    """Papers from arXiv, just saved."""
    urls = [f"https://arxiv.org/abs/1706.0{1000 + number}" for number in range(count)]
    return [(await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id for url in urls]


async def rows(desk: Desk, sql: str) -> list[dict[str, Any]]:
    """Rows of the database."""

    async def read(tx: Tx) -> list[dict[str, Any]]:
        return [dict(row) for row in await tx.rows(sql)]

    return await desk.database.read(read)


async def heard(desk: Desk) -> list[tuple[Any, ...]]:
    """What stands with the papers: who was asked what and what was understood."""
    found = await rows(desk, "SELECT paper_id, source, asked, status, finding FROM observation ORDER BY 1, 2, 3")
    return [tuple(row.values()) for row in found]


async def test_an_answer_that_still_holds_is_not_asked_for_again(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        first, before = list(world.asked), await heard(desk)
        clock.forward(2 * DAY)  # arXiv's day is over, Semantic Scholar's three are not
        await asked_again(desk, outer, paper_id)
        assert world.asked[len(first) :].count("arxiv") == 1
        assert world.asked.count("semantic_scholar") == 1
        clock.forward(2 * DAY)
        await asked_again(desk, outer, paper_id)
        assert world.asked.count("semantic_scholar") == 2
    assert await heard(desk) == before


@one_database
async def test_another_paper_with_the_same_question_gets_the_same_answer(
    desk: Desk, who: Who, world: ManyPapers
) -> None:
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        first, before = list(world.asked), await heard(desk)
        await desk.database.write(lambda tx: tx.run("DELETE FROM observation WHERE source <> 'page'"))
        await asked_again(desk, outer, paper_id)
    assert world.asked == first
    assert await heard(desk) == before


@one_database
async def test_what_was_not_changed_is_asked_by_again_and_said_anew(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    def route(path: str, query: str) -> Reply:
        asked_by = world.server.current.headers.get("if-none-match")
        return (304, {}, b"") if asked_by == '"7"' else world(path, query)

    world.server.route = route
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        before = await heard(desk)
        for days in (2, 4):
            clock.forward(2 * DAY)
            await asked_again(desk, outer, paper_id)
            told = await rows(desk, "SELECT asked_at FROM observation WHERE source = 'arxiv'")
            assert told == [{"asked_at": NOW + days * DAY * 1000}]
    assert await heard(desk) == before
    assert len([seen for seen in world.server.seen if seen.path.startswith("/arxiv")]) == 3
    assert world.asked.count("arxiv") == 1


@one_database
async def test_a_304_that_nobody_asked_for_is_no_answer(desk: Desk, who: Who, world: ManyPapers) -> None:
    world.server.route = lambda path, query: (304, {"ETag": '"7"'}, b"")
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
    assert [row[1] for row in await heard(desk)] == ["page"]


@one_database
async def test_a_304_for_what_was_said_without_a_mark_is_no_answer(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        clock.forward(4 * DAY)
        world.server.route = lambda path, query: (304, {}, b"") if "scholar" in path else world(path, query)
        await asked_again(desk, outer, paper_id)
    told = await rows(desk, "SELECT asked_at FROM observation WHERE source = 's2'")
    assert told == [{"asked_at": NOW}]
    assert await rows(desk, "SELECT enrich_state FROM paper") == [{"enrich_state": "partial"}]


@one_database
async def test_who_has_no_such_paper_is_believed_for_longer_each_time(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        for times, days in enumerate((1, 3, 7, 30, 30), 1):
            assert world.asked.count("datacite") == times
            clock.forward(days * DAY - 1)
            await asked_again(desk, outer, paper_id)
            assert world.asked.count("datacite") == times
            clock.forward(2)
            await asked_again(desk, outer, paper_id)


@one_database
async def test_a_paper_that_came_is_news_and_its_absence_is_forgotten(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    (paper_id,) = await saved(desk, who)
    world.absent = {"1706.01000"}
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
        world.absent = set()
        clock.forward(DAY + 1)
        await asked_again(desk, outer, paper_id)
    assert [row["misses"] for row in await rows(desk, "SELECT misses FROM answer WHERE source = 'arxiv'")] == [0]
    assert '"title":"Paper 1706.01000"' in str([row for row in await heard(desk) if row[1] == "arxiv"])


@one_database
@pytest.mark.parametrize("body", [b"<!doctype html><title>Just a moment...</title>", b'{"a": ', b"[]"])
async def test_what_could_not_be_read_is_not_remembered(desk: Desk, who: Who, world: ManyPapers, body: bytes) -> None:
    world.server.route = lambda path, query: (200, {}, body)
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
    assert await rows(desk, "SELECT * FROM answer") == []


async def test_a_dozen_papers_are_one_question_and_each_is_told_what_it_would_be_alone(
    desk: Desk, who: Who, world: ManyPapers, clock: Clock
) -> None:
    papers = await saved(desk, who, PAPERS)
    world.absent = {"1706.01003"}
    async with reaching(desk, world) as outer:
        for paper_id in papers:
            await enrich(desk, outer, paper_id)
    assert (world.asked.count("arxiv"), world.asked.count("semantic_scholar")) == (1, 1)
    together = await heard(desk)
    for table in ("answer", "observation"):  # and now each alone, in another order
        await desk.database.write(lambda tx, table=table: tx.run(f"DELETE FROM {table} WHERE source <> 'page'"))
    await desk.database.write(lambda tx: tx.run("UPDATE paper SET enrich_state = 'done', again_at = 0"))
    async with reaching(desk, world) as outer:
        for paper_id in reversed(papers):
            await asked_again(desk, outer, paper_id)
    assert world.asked.count("arxiv") == 1 + PAPERS
    assert await heard(desk) == together
    assert {row["enrich_state"] for row in await rows(desk, "SELECT enrich_state FROM paper")} == {"done"}


@one_database
async def test_papers_that_have_their_answer_already_are_not_asked_about_again(
    desk: Desk, who: Who, world: ManyPapers
) -> None:
    papers = await saved(desk, who, 3)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, papers[0])
        late = (await saved(desk, who, 4))[-1]
        await enrich(desk, outer, late)
    assert world.at_once == [3, 1]


@one_database
@pytest.mark.parametrize(("status", "turns"), [(200, 1), (500, 0)])
async def test_a_turn_that_does_not_come_is_told_from_trouble(
    desk: Desk, who: Who, world: ManyPapers, status: int, turns: int
) -> None:
    world.server.route = lambda path, query: (500, {}, b"") if status == 500 else world(path, query)
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        if status == 200:
            async with Redis.from_url(desk.settings.redis_url) as redis:
                await RateLimiter(redis).hold("arxiv", 60)
        await enrich(desk, outer, paper_id)
    assert await rows(desk, "SELECT paced FROM paper") == [{"paced": turns}]


@one_database
async def test_workers_that_begin_together_ask_once(desk: Desk, who: Who, world: ManyPapers) -> None:
    papers = await saved(desk, who, 6)
    async with reaching(desk, world) as outer:
        assert await asyncio.gather(*(enrich(desk, outer, paper_id) for paper_id in papers)) == [True] * 6
    assert world.at_once == [6]


@one_database
async def test_the_waits_for_arxiv_and_semantic_scholar_are_one_wait(desk: Desk, who: Who, world: ManyPapers) -> None:
    (paper_id,) = await saved(desk, who)
    others = threading.Semaphore(0)

    def before(source: str) -> None:
        if source in ("semantic_scholar", "huggingface"):
            others.release()
        elif source == "arxiv":
            assert others.acquire(timeout=10)
            assert others.acquire(timeout=10)

    world.before = before
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
    assert {row[1] for row in await heard(desk)} >= {"arxiv", "s2", "huggingface"}


@one_database
async def test_one_odd_paper_does_not_keep_the_others_from_their_answers(
    desk: Desk, who: Who, world: ManyPapers
) -> None:
    papers = await saved(desk, who, 5)
    world.odd = {"1706.01002"}
    async with reaching(desk, world) as outer:
        for paper_id in papers:
            await enrich(desk, outer, paper_id)
    assert world.at_once == [5, 1, 1, 1, 1, 1]
    found = [row for row in await heard(desk) if row[1] == "arxiv"]
    assert sum(row[4] is not None for row in found) == 4
    assert {row["enrich_state"] for row in await rows(desk, "SELECT enrich_state FROM paper")} == {"done"}


@one_database
async def test_a_feed_that_is_empty_for_all_is_not_believed(desk: Desk, who: Who, world: ManyPapers) -> None:
    papers = await saved(desk, who, 3)
    everything = {f"1706.0{1000 + number}" for number in range(3)}
    world.before = lambda source: setattr(world, "absent", everything if len(world.at_once) == 0 else set())
    async with reaching(desk, world) as outer:
        for paper_id in papers:
            await enrich(desk, outer, paper_id)
    assert sum(row[4] is not None for row in await heard(desk) if row[1] == "arxiv") == 3


async def test_a_paper_that_was_answered_today_is_not_asked_about_with_others(
    desk: Desk, who: Who, world: ManyPapers
) -> None:
    first, second = await saved(desk, who, 2)
    async with reaching(desk, world) as outer:
        await desk.database.write(
            lambda tx: tx.run("UPDATE paper SET next_try_at = :late WHERE id = :one", late=NOW + 1, one=second)
        )
        await enrich(desk, outer, first)
        await desk.database.write(lambda tx: tx.run("DELETE FROM answer"))
        await desk.database.write(lambda tx: enrichment.wake(tx, [first, second], NOW))
        await enrich(desk, outer, second)
    assert world.at_once == [1, 1]


async def test_a_backup_leaves_remembered_answers_out(desk: Desk, who: Who, world: ManyPapers) -> None:
    (paper_id,) = await saved(desk, who)
    async with reaching(desk, world) as outer:
        await enrich(desk, outer, paper_id)
    assert await rows(desk, "SELECT asked FROM answer") != []
    tables = await desk.database.read(lambda tx: snapshots.tables(tx, desk.database.dialect))
    names = {table.name for table in tables}
    assert "observation" in names
    assert "answer" not in names


async def test_old_answers_go_and_the_oldest_above_the_size(desk: Desk, clock: Clock) -> None:
    async def put(tx: Tx) -> None:
        for number in range(10):
            at = NOW - number * DAY * 1000
            await answers.keep(
                tx, [KeptAnswer("s", f"https://s.example/{number}", 200, "", bytes(50), "", "", at, at, 0)]
            )

    await desk.database.write(put)
    (total,) = await rows(desk, "SELECT SUM(size) AS n FROM answer")
    await desk.database.write(lambda tx: answers.purge(tx, NOW - 8 * DAY * 1000, int(total["n"])))
    assert len(await rows(desk, "SELECT asked FROM answer")) == 9
    await desk.database.write(lambda tx: answers.purge(tx, 0, int(total["n"]) // 2))
    left = [row["asked"] for row in await rows(desk, "SELECT asked FROM answer ORDER BY asked")]
    assert left == [f"https://s.example/{number}" for number in range(5)]
    await purge_answers(desk)
    assert len(await rows(desk, "SELECT asked FROM answer")) == 5
    clock.forward(KEEP_MS / 1000)
    await purge_answers(desk)
    assert await rows(desk, "SELECT asked FROM answer") == [{"asked": "https://s.example/0"}]
