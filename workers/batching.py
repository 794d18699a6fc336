"""Whose turn it is to ask for many papers at once: one worker at a time at each source.

The others wait for what it brings, for their own papers are most likely among it. Refuses many at once for a while at
a source that could not answer such a question: one odd id spoils it for all, and then each paper is asked for alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis import RedisError
from redis.asyncio import Redis

from workers.rate_limit import RateLimiter
from workers.single_flight import SingleFlight

NAME = "many:"
PATIENCE_SECONDS = 15.0  # how long the others wait
LEASE_SECONDS = 45.0  # longer than its turn (5 s) and its request (30 s) can take
SHUN_SECONDS = 600.0


class Batching:
    """The right to ask for many; one for each way out."""

    def __init__(self, redis: Redis) -> None:
        self._flight = SingleFlight(redis)
        self._pace = RateLimiter(redis)

    @asynccontextmanager
    async def turn(self, source: str) -> AsyncIterator[bool]:
        """Whether the caller may ask for many now, which nobody else does meanwhile; False where that cannot be known.

        Waits up to 15 s for whoever does so just now.
        """
        async with self._flight.alone(NAME + source, LEASE_SECONDS, PATIENCE_SECONDS) as alone:
            yield alone and await self._pace.take(NAME + source, 0.0, 0.0) == 0

    async def shun(self, source: str) -> None:
        """Ask for one at a time for the next ten minutes."""
        try:
            await self._pace.hold(NAME + source, SHUN_SECONDS)
        except (RedisError, OSError):
            return  # the next one finds out for itself
