"""The sweep: what the database says is due reaches the queue, however often the queue forgot it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from msgspec.structs import replace

from api.actions.desk import Desk
from api.actions.remind_of_papers import remind_of_fresh_papers
from api.actions.save_paper import SaveWish, save_paper
from api.instance import open_desk
from api.queue import QUEUE
from api.store import imports, rounds
from api.store.database import Tx
from api.store.imports import ImportFile
from tests.conftest import ROOT, Clock
from tests.make import LAPTOP, make_id, make_library
from workers import ticker
from workers.behind import STEPS


@pytest.fixture
async def work_to_do(desk: Desk) -> None:
    """A paper and a file that wait."""

    async def work(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO paper (id, kind, title, title_folded, record, provenance, search_text, enrich_state, "
            "next_try_at, created_at) VALUES ('p1', 'preprint', 'A title', 'a title', '{}', '{}', '', 'pending', "
            ":now, :now)",
            now=desk.now(),
        )
        await imports.add(tx, "library", "i1", "account", ImportFile("a.json", "papers", b"[]"), desk.now())

    await desk.database.write(work)


def waiting(desk: Desk) -> set[str]:
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        return {name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)}


async def test_a_sweep_reminds_of_what_waits_and_once_only(desk: Desk, work_to_do: None) -> None:
    await ticker.sweep(desk)
    await ticker.sweep(desk)
    assert waiting(desk) == {"enrich-p1", "import-i1"}


async def test_a_sweep_finds_again_what_the_queue_lost(desk: Desk, work_to_do: None) -> None:
    await ticker.sweep(desk)
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        client.flushall()
    await ticker.sweep(desk)
    assert waiting(desk) == {"enrich-p1", "import-i1"}


async def test_work_that_a_worker_holds_is_left_alone_until_its_lease_ran_out(
    desk: Desk, clock: Clock, work_to_do: None
) -> None:
    async def claim(tx: Tx) -> None:
        await imports.claim(tx, "library", "i1", desk.now(), 60_000)
        await tx.run("UPDATE paper SET lease_until = :until", until=desk.now() + 60_000)

    await desk.database.write(claim)
    assert await ticker.sweep(desk) == 0
    clock.forward(61)
    assert await ticker.sweep(desk) == 2


async def test_a_sweep_without_a_queue_raises_nothing(desk: Desk, work_to_do: None, tmp_path: Path) -> None:
    away = replace(desk.settings, redis_url=f"unix://{tmp_path / 'nobody.sock'}")
    async with open_desk(away) as other:
        assert await ticker.sweep(Desk(other.database, other.reminders, away, desk.now)) == 2


async def test_ticking_goes_on_while_the_database_is_away(
    desk: Desk, work_to_do: None, caplog: pytest.LogCaptureFixture
) -> None:
    away = replace(desk.settings, database_url="postgresql://nobody@127.0.0.1:1/nothing", sweep_seconds=0.01)
    stop = asyncio.Event()
    ticking = asyncio.create_task(ticker.tick(away, stop))
    while caplog.text.count("a round failed") < 2:
        await asyncio.sleep(0.01)
    assert not ticking.done()
    stop.set()
    await ticking


def test_the_process_ends_though_it_still_tries_to_reach_its_database(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import workers.ticker as t; t.log.setLevel('CRITICAL'); print(1, flush=True); t.main()",
        ],
        cwd=ROOT,
        env=os.environ | {"SCHOLIUM_DATA_DIR": str(tmp_path), "SCHOLIUM_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)  # it is past its start and goes on
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + STEPS)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()


async def test_a_click_is_taken_next_although_a_thousand_papers_wait(desk: Desk) -> None:
    desk.reminders.enrich_papers(f"imported-{number}" for number in range(1000))
    desk.reminders.enrich_paper("imported-700", first=True)
    desk.reminders.enrich_paper("clicked", first=True)
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        order = [name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)]
    assert order[:3] == ["enrich-clicked", "enrich-imported-700", "enrich-imported-0"]
    assert len(order) == len(set(order)) == 1001


async def test_what_one_request_saves_goes_first_if_it_is_a_few(desk: Desk) -> None:
    desk.reminders.enrich_paper("waiting")
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        desk.remind([f"backlog-{number}" for number in range(6)])
        await until_waiting(client, 2)
        desk.remind(["clicked"])
        await until_waiting(client, 3)
        order = [name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)]
    assert order == ["enrich-clicked", "enrich-waiting", "enrich-due"]


async def test_many_clicks_are_sent_together_and_none_is_left(desk: Desk) -> None:
    def sent(client: redis.Redis) -> int:  # each sending names the queue once
        return int(client.info("commandstats").get("cmdstat_sadd", {"calls": 0})["calls"])

    with redis.Redis.from_url(desk.settings.redis_url) as client:
        before = sent(client)
        for number in range(200):
            desk.remind([f"clicked-{number}"])
        await until_waiting(client, 200)
        assert 1 <= sent(client) - before <= 20


async def test_a_worker_writes_the_reminders_of_a_backlog_once(desk: Desk) -> None:
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    urls = [f"https://arxiv.org/abs/1706.0{1000 + number}" for number in range(7)]
    ids = [(await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id for url in urls]
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        await until_waiting(client, 7)
        client.delete(f"rq:queue:{QUEUE}", *(f"rq:job:enrich-{one}" for one in ids[:5]))
        found = [await remind_of_fresh_papers(desk) for _ in range(2)]
        order = [name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)]
    assert found == [5, 0]
    assert sorted(order) == sorted(f"enrich-{one}" for one in ids[:5])


async def test_a_backlog_that_comes_while_another_is_looked_at_has_a_reminder_of_its_own(desk: Desk) -> None:
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        desk.reminders.enrich_due()
        assert client.lpop(f"rq:queue:{QUEUE}") == b"enrich-due"  # as a worker takes it
        for _ in range(3):
            desk.reminders.enrich_due()
        assert client.lrange(f"rq:queue:{QUEUE}", 0, -1) == [b"enrich-due-again"]


async def until_waiting(client: redis.Redis, many: int) -> None:
    """The reminders of clicks are sent by a thread."""
    while client.llen(f"rq:queue:{QUEUE}") != many:
        await asyncio.sleep(0.01)


async def test_many_reminders_wait_once_each_though_some_wait_already_or_were_left_by_a_killed_worker(
    desk: Desk,
) -> None:
    desk.reminders.enrich_papers(["one", "two"])
    with redis.Redis.from_url(desk.settings.redis_url) as client:
        client.lrem(f"rq:queue:{QUEUE}", 1, "enrich-two")  # as a worker does that is then killed
        desk.reminders.enrich_papers(["three", "two", "one"])
        order = [name.decode() for name in client.lrange(f"rq:queue:{QUEUE}", 0, -1)]
    assert order == ["enrich-one", "enrich-three", "enrich-two"]


async def test_of_five_tickers_one_does_each_slot(desk: Desk, clock: Clock) -> None:
    done: list[int] = []

    async def work(desk: Desk) -> int:
        done.append(desk.now())
        return 7

    for _ in range(20):
        taken = await asyncio.gather(*(ticker.turn(desk, "sweep", 30, work) for _ in range(5)))
        assert sum(taken) == 1
        clock.forward(30)
    assert len(done) == 20
    [last] = await desk.database.read(rounds.last)
    assert (last.name, last.began_at, last.found, last.trouble) == ("sweep", done[-1], 7, None)


async def test_a_slot_that_was_taken_is_not_done_again_and_a_clock_once_far_ahead_stops_nobody(
    desk: Desk, clock: Clock
) -> None:
    async def work(desk: Desk) -> int:
        return 0

    assert await ticker.turn(desk, "sweep", 30, work)
    assert not await ticker.turn(desk, "sweep", 30, work)
    clock.forward(-30)
    assert not await ticker.turn(desk, "sweep", 30, work)
    clock.forward(365 * 86_400)
    assert await ticker.turn(desk, "sweep", 30, work)
    clock.forward(-365 * 86_400)
    assert await ticker.turn(desk, "sweep", 30, work)


async def test_a_round_that_fails_says_why_and_the_next_slot_comes(desk: Desk, clock: Clock) -> None:
    async def work(desk: Desk) -> int:
        raise ValueError("words that are nobody's business")

    with pytest.raises(ValueError, match="nobody"):
        await ticker.turn(desk, "sweep", 30, work)
    [last] = await desk.database.read(rounds.last)
    assert last.trouble == "ValueError"
    clock.forward(30)
    with pytest.raises(ValueError, match="nobody"):
        await ticker.turn(desk, "sweep", 30, work)
