"""Workers killed in the middle and a queue that forgot everything: every paper still ends enriched, once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.store.database import Tx
from tests.fakes import ReplayServer, Reply
from tests.make import LAPTOP, OFFLINE, make_id, make_library
from tests.workers.outside_world import atom

ROOT = Path(__file__).parents[2]
PAPERS = 8


class SlowArxiv:
    """Answers for any id, but holds its breath until it is told to go on; counts what it answered."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, path: str, query: str) -> Reply:
        self.asked.set()
        self.go_on.wait(60)
        ids = query.split("id_list=")[1].split("&")[0]
        return 200, {"Content-Type": "application/atom+xml"}, atom(ids.split(","))


@contextmanager
def running(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, ended at the end."""
    process = subprocess.Popen([sys.executable, "-m", module], env=os.environ | environment, cwd=ROOT)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a process and its children, so that nobody can tidy up."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    victims = [process.pid, *map(int, children.read_text().split())] if children.exists() else []
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(10)


async def eventually(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds, looking often."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.05)


async def states(desk: Desk) -> Counter[str]:
    """How many papers are in which state."""

    async def read(tx: Tx) -> Counter[str]:
        return Counter(row["enrich_state"] for row in await tx.rows("SELECT enrich_state FROM paper"))

    return await desk.database.read(read)


async def all_done(desk: Desk) -> None:
    """Wait until every paper is enriched."""
    async with asyncio.timeout(90):
        while await states(desk) != {"done": PAPERS}:
            await asyncio.sleep(0.1)


@pytest.fixture
def environment(desk: Desk) -> dict[str, str]:
    """What the processes are told: short leases, quick sweeps, no pauses between requests."""
    return {
        **OFFLINE,
        "SCHOLIUM_DATABASE_URL": desk.settings.database_url,
        "SCHOLIUM_REDIS_URL": desk.settings.redis_url,
        "SCHOLIUM_DATA_DIR": str(desk.settings.data_dir),
        "SCHOLIUM_SECRET_KEY": desk.settings.secret_key,
        "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
        "SCHOLIUM_ARXIV_INTERVAL_SECONDS": "0.001",
        "SCHOLIUM_ENRICH_LEASE_SECONDS": "2",
        "SCHOLIUM_SWEEP_SECONDS": "0.5",
    }


async def save_papers(desk: Desk) -> None:
    """Save some papers, each to be enriched."""
    who: Who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    for number in range(PAPERS):
        url = f"https://arxiv.org/abs/1706.0{1000 + number}"
        await save_paper(desk, who, SaveWish(make_id(url), url))


async def test_a_killed_worker_and_a_flushed_queue_cost_time_but_no_paper(
    desk: Desk, environment: dict[str, str]
) -> None:
    arxiv = SlowArxiv()
    with ReplayServer(arxiv) as server:
        environment["SCHOLIUM_ARXIV_URL"] = server.url
        await save_papers(desk)
        with running("workers.ticker", environment):
            with running("workers.main", environment) as worker:
                await eventually(arxiv.asked.is_set)
                await asyncio.to_thread(kill, worker)
            with redis.Redis.from_url(desk.settings.redis_url) as queue:
                queue.flushall()
            arxiv.go_on.set()
            with running("workers.main", environment):
                await all_done(desk)

    async def read(tx: Tx) -> None:
        told = await tx.rows("SELECT paper_id, COUNT(*) AS n FROM observation WHERE source = 'arxiv' GROUP BY paper_id")
        assert [row["n"] for row in told] == [1] * PAPERS
        written = await tx.rows("SELECT version, attempts FROM paper ORDER BY attempts")
        assert {row["version"] for row in written} == {2}  # made, then enriched once
        assert [row["attempts"] for row in written] == [1] * (PAPERS - 1) + [2]  # the one in the middle came again

    await desk.database.read(read)


async def test_a_killed_worker_is_followed_although_the_queue_remembers_its_job(
    desk: Desk, environment: dict[str, str]
) -> None:
    arxiv = SlowArxiv()
    with ReplayServer(arxiv) as server:
        environment["SCHOLIUM_ARXIV_URL"] = server.url
        await save_papers(desk)
        with running("workers.ticker", environment):
            with running("workers.main", environment) as worker:
                await eventually(arxiv.asked.is_set)
                await asyncio.to_thread(kill, worker)
            arxiv.go_on.set()
            with running("workers.main", environment):
                await all_done(desk)
