"""Many papers go into one question, and each is told what it would be told alone."""

from __future__ import annotations

import asyncio
import threading

import pytest
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.store import enrichment, waiting
from tests.conftest import Clock
from tests.make import NOW
from tests.workers.many_papers import heard, one_database, reaching, rows, saved
from tests.workers.outside_world import ManyPapers
from tests.workers.test_asking import asked_again
from workers.batching import NAME
from workers.enrich import enrich
from workers.rate_limit import RateLimiter
from workers.single_flight import KEY

PAPERS = 12


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
async def test_a_click_while_a_turn_is_waited_for_is_among_the_many(desk: Desk, who: Who, world: ManyPapers) -> None:
    (first,) = await saved(desk, who)
    async with reaching(desk, world) as outer, Redis.from_url(desk.settings.redis_url) as redis:
        await RateLimiter(redis).hold("arxiv", 1.5)
        waiting_for_it = asyncio.create_task(enrich(desk, outer, first))
        while not await redis.exists(KEY + NAME + "arxiv"):
            await asyncio.sleep(0.01)
        clicked = (await saved(desk, who, 2))[1]
        await waiting_for_it
        await enrich(desk, outer, clicked)
    assert world.at_once == [2]


async def test_who_came_last_goes_first_before_the_longest_waiting(desk: Desk, who: Who, clock: Clock) -> None:
    papers = []
    for count in range(1, 13):
        papers.append((await saved(desk, who, count))[-1])
        clock.forward(1)
    found = list(await desk.database.read(lambda tx: waiting.waiting(tx, desk.now(), 1)))
    assert found == [*reversed(papers[2:]), papers[0]]


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
