"""All workers together keep a source's pace."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from redis.asyncio import Redis

from workers.rate_limit import KEY, RateLimiter

PATIENT = 3600.0


@pytest.fixture
async def gateway_redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


async def test_the_first_turn_is_at_once_and_the_next_ones_an_interval_apart(gateway_redis: Redis) -> None:
    limiter = RateLimiter(gateway_redis)
    waits = [await limiter.take("arxiv", 3.0, PATIENT) for _ in range(4)]
    assert waits[0] == 0
    for turn, wait in enumerate(waits):
        assert 3.0 * turn - 1 < wait <= 3.0 * turn


async def test_sources_do_not_wait_for_each_other(gateway_redis: Redis) -> None:
    limiter = RateLimiter(gateway_redis)
    await limiter.take("arxiv", 3.0, PATIENT)
    assert await limiter.take("crossref", 0.2, PATIENT) == 0


async def test_a_turn_that_nobody_waits_for_is_left_to_others(gateway_redis: Redis) -> None:
    limiter = RateLimiter(gateway_redis)
    await limiter.take("arxiv", 60.0, PATIENT)
    refused = [await limiter.take("arxiv", 60.0, 5.0) for _ in range(3)]
    assert all(50 < wait <= 60 for wait in refused)
    assert 50 < await limiter.take("arxiv", 60.0, PATIENT) <= 60


async def test_a_source_that_asked_for_quiet_gets_it_and_a_longer_hold_stands(gateway_redis: Redis) -> None:
    limiter = RateLimiter(gateway_redis)
    await limiter.hold("arxiv", 100.0)
    await limiter.hold("arxiv", 10.0)
    assert 90 < await limiter.take("arxiv", 3.0, 5.0) <= 100


async def test_a_pace_that_nobody_needs_any_more_leaves_nothing_behind(gateway_redis: Redis) -> None:
    await RateLimiter(gateway_redis).take("arxiv", 3.0, PATIENT)
    assert 3000 <= await gateway_redis.pttl(KEY + "arxiv") <= 4000


TAKER = """
import asyncio, sys
from redis.asyncio import Redis
from workers.rate_limit import RateLimiter

async def main():
    redis = Redis.from_url(sys.argv[1])
    for _ in range(10):
        limiter = RateLimiter(redis)
        wait = await limiter.take("shared", 100.0, 1e6)
        print(wait)
    await redis.aclose()

asyncio.run(main())
"""


async def test_three_processes_share_one_pace(redis_url: str) -> None:
    takers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", TAKER, redis_url, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    printed = [(await taker.communicate())[0] for taker in takers]
    waits = sorted(float(line) for text in printed for line in text.split())
    assert len(waits) == 30
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert min(gaps) > 80  # each of the thirty turns is its own; time passes while they are taken
