"""Many papers at once with real workers: each host hears of us at its pace, and a click does not wait for the rest.

60 papers at a quarter of the real pauses; `SCHOLIUM_TEST_SCALE=full` is 1,000 papers at the real ones, a quarter of an
hour. The figures are measured where the requests arrive.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.settings import Settings
from api.store.database import Tx
from tests.make import LAPTOP, OFFLINE, make_id, make_library
from tests.workers.outside_world import ManyPapers
from tests.workers.test_recovery import running, states

FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"
PAPERS = 1000 if FULL else 60
PART = 1.0 if FULL else 1 / 4  # of the real pauses
WORKERS = 2
CLICKS = 10 if FULL else 3
CLICK_SECONDS = 5.0
END_SECONDS = 3600 if FULL else 90
SOURCES = ("arxiv", "datacite", "openalex", "semantic_scholar", "huggingface")
PAUSES = {name: getattr(Settings(), f"{name}_interval_seconds") * PART for name in SOURCES}


@pytest.fixture
def world() -> Iterator[ManyPapers]:
    """The outside, which counts."""
    many = ManyPapers()
    with many.server:
        yield many


@pytest.fixture
async def at_work(desk: Desk, world: ManyPapers) -> AsyncIterator[None]:
    """Workers and a ticker, as processes."""
    environment = {
        **OFFLINE,
        **{f"SCHOLIUM_{name.upper()}_URL": f"{world.server.url}/{name}" for name in SOURCES},
        **{f"SCHOLIUM_{name.upper()}_INTERVAL_SECONDS": str(pause) for name, pause in PAUSES.items()},
        "SCHOLIUM_OPENALEX_KEY": "open",
        "SCHOLIUM_DATABASE_URL": desk.settings.database_url,
        "SCHOLIUM_REDIS_URL": desk.settings.redis_url,
        "SCHOLIUM_DATA_DIR": str(desk.settings.data_dir),
        "SCHOLIUM_SECRET_KEY": desk.settings.secret_key,
        "SCHOLIUM_ALLOW_PRIVATE_SOURCES": "1",
        "SCHOLIUM_SWEEP_SECONDS": "2",
    }
    with ExitStack() as stack:
        stack.enter_context(running("workers.ticker", environment))
        for _ in range(WORKERS):
            stack.enter_context(running("workers.main", environment))
        yield


async def save(desk: Desk, who: Who, number: int) -> str:
    """A paper from arXiv."""
    url = f"https://arxiv.org/abs/1706.{10000 + number}"
    return (await save_paper(desk, who, SaveWish(make_id(url), url))).paper.id


async def column(desk: Desk, paper_id: str) -> tuple[int, str]:
    """How often a paper was taken, and its state."""

    async def read(tx: Tx) -> tuple[int, str]:
        row = await tx.row("SELECT attempts, enrich_state FROM paper WHERE id = :id", id=paper_id)
        assert row is not None
        return row["attempts"], row["enrich_state"]

    return await desk.database.read(read)


async def click(desk: Desk, who: Who, number: int) -> tuple[float, float]:
    """Save one more: the seconds until its turn, and from there until it was enriched."""
    began = time.monotonic()
    paper_id = await save(desk, who, number)
    async with asyncio.timeout(END_SECONDS):
        while (await column(desk, paper_id))[0] == 0:
            await asyncio.sleep(0.02)
        turn = time.monotonic()
        while (await column(desk, paper_id))[1] != "done":
            await asyncio.sleep(0.02)
    return turn - began, time.monotonic() - turn


def most_in(times: list[float], window: float) -> int:
    """The most requests that arrived within any span of so many seconds."""
    return max(sum(1 for other in times if one <= other < one + window) for one in times)


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"] if FULL else ["sqlite"], indirect=True)
async def test_many_papers_at_once_are_asked_for_at_each_host_s_pace_and_clicks_go_first(
    desk: Desk, world: ManyPapers, at_work: None
) -> None:
    real = Desk(desk.database, desk.reminders, desk.settings, lambda: time.time_ns() // 10**6)
    who = (await make_library(real, "ada", {"laptop": LAPTOP}))["laptop"]
    began = time.monotonic()
    for number in range(PAPERS):
        await save(real, who, number)
    clicks = []
    for number in range(CLICKS):
        clicks.append(await click(real, who, 5000 + number))
    async with asyncio.timeout(END_SECONDS):
        while await states(real) != {"done": PAPERS + CLICKS}:
            await asyncio.sleep(0.1)
    times = defaultdict(list)
    for seen in world.server.seen:
        times[seen.path.split("/")[1]].append(seen.at)
    counts = {name: len(each) for name, each in times.items()}
    print(f"\n{PAPERS} papers in {time.monotonic() - began:.0f} s; requests {counts}")
    print("clicks: until their turn, and enriched from there:", [f"{a:.1f} + {b:.1f} s" for a, b in clicks])
    for name, pause in PAUSES.items():
        # 21 turns lie in 20 pauses, and each worker may have been late with one.
        assert most_in(times[name], 20 * pause) <= 21 + WORKERS, name
    for name in ("arxiv", "semantic_scholar"):
        assert len(times[name]) <= PAPERS // 20 + CLICKS + WORKERS, name
    assert max(enriched for _, enriched in clicks) <= CLICK_SECONDS
