"""What was asked once is not asked again while it holds, and after that by what the source said."""

from __future__ import annotations

import pytest

from api.actions.desk import Desk
from api.actions.purge_answers import KEEP_MS, purge_answers
from api.domain.accounts import Who
from api.store import answers, snapshots
from api.store.answers import KeptAnswer
from api.store.database import Tx
from tests.conftest import Clock
from tests.fakes import Reply
from tests.make import NOW
from tests.workers.many_papers import heard, one_database, reaching, rows, saved
from tests.workers.outside_world import ManyPapers
from tests.workers.test_asking import asked_again
from workers.enrich import enrich

DAY = 86_400


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
