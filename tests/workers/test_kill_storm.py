"""Workers killed again and again, the queue forgotten twice: every paper ends enriched, each effect once.

`SCHOLIUM_TEST_KILLS` and `SCHOLIUM_TEST_PAPERS` make it as long as wanted; the full one is 50 kills over 200 papers.
"""

from __future__ import annotations

import asyncio
import os
import random
import time

import redis

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.store.database import Tx
from tests.fakes import ReplayServer, Reply
from tests.make import LAPTOP, OFFLINE, make_id, make_library
from tests.workers.outside_world import atom
from tests.workers.test_recovery import kill, running, states

KILLS = int(os.environ.get("SCHOLIUM_TEST_KILLS", "3"))
PAPERS = int(os.environ.get("SCHOLIUM_TEST_PAPERS", "10"))
BACK_SECONDS = 120  # within which something more is done, however slow the machine


def arxiv(path: str, query: str) -> Reply:
    """Answers for any id, after as long as an answer may take, so that kills fall into the middle."""
    time.sleep(0.15)
    ids = query.split("id_list=")[1].split("&")[0]
    return 200, {"Content-Type": "application/atom+xml"}, atom(ids.split(","))


def told(desk: Desk, address: str) -> dict[str, str]:
    """What the processes are told."""
    return {
        **OFFLINE,
        "SCHOLIUM_DATABASE_URL": desk.settings.database_url,
        "SCHOLIUM_REDIS_URL": desk.settings.redis_url,
        "SCHOLIUM_DATA_DIR": str(desk.settings.data_dir),
        "SCHOLIUM_SECRET_KEY": desk.settings.secret_key,
        "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
        "SCHOLIUM_ARXIV_URL": address,
        "SCHOLIUM_ARXIV_INTERVAL_SECONDS": "0.001",
        "SCHOLIUM_ENRICH_LEASE_SECONDS": "2",
        "SCHOLIUM_SWEEP_SECONDS": "0.5",
    }


async def storm(desk: Desk, environment: dict[str, str]) -> None:
    """Workers that live for a moment each, at times that the seed decides; two of them lose their queue as well."""
    dice = random.Random(7)  # noqa: S311  the same storm each time
    for number in range(KILLS):
        with running("workers.main", environment) as worker:
            await asyncio.sleep(dice.uniform(0.6, 1.6))  # the length of a life, not a wait for something
            await asyncio.to_thread(kill, worker)
        if number in (KILLS // 3, 2 * KILLS // 3):
            with redis.Redis.from_url(desk.settings.redis_url) as queue:
                queue.flushall()


async def drained(desk: Desk) -> None:
    """Wait until every paper is done, as long as it goes on."""
    done, end = -1, 0.0
    while done < PAPERS and (done < 0 or time.monotonic() < end):
        now = (await states(desk))["done"]
        if now > done:
            done, end = now, time.monotonic() + BACK_SECONDS
        await asyncio.sleep(0.1)


async def test_killed_again_and_again_workers_lose_nothing_and_do_nothing_twice(desk: Desk) -> None:
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    for number in range(PAPERS):
        url = f"https://arxiv.org/abs/1706.0{1000 + number}"
        await save_paper(desk, who, SaveWish(make_id(url), url))
    with ReplayServer(arxiv) as server:
        environment = told(desk, server.url)
        with running("workers.ticker", environment):
            await storm(desk, environment)
            with running("workers.main", environment):
                await drained(desk)
    assert await states(desk) == {"done": PAPERS}

    async def read(tx: Tx) -> None:
        answers = await tx.rows("SELECT COUNT(*) AS n FROM observation WHERE source = 'arxiv' GROUP BY paper_id")
        assert [row["n"] for row in answers] == [1] * PAPERS
        ends = await tx.rows("SELECT version, looks, lease_until FROM paper")
        assert {(row["looks"], row["lease_until"]) for row in ends} == {(1, 0)}
        assert {row["version"] for row in ends} <= {2, 3}  # 3: it was told to wait once, and was shown as partial

    await desk.database.read(read)
