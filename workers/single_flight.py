"""One request at a time at sources that ask for one connection, over all workers.

A lease in Redis with the holder's own token: a killed worker's lease ends by itself, and a worker that was late cannot
give back what another one holds by then. Refuses to queue: whoever finds it taken asks again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis import RedisError
from redis.asyncio import Redis

KEY = "scholium:flight:"
LOOK_SECONDS = 0.1

_END = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class SingleFlight:
    """Who may ask a source alone."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._end = redis.register_script(_END)

    @asynccontextmanager
    async def alone(self, source: str, lease: float, patience: float) -> AsyncIterator[bool]:
        """Whether this caller is the only one, for `lease` seconds at most; False after `patience` seconds of waiting.

        Raises redis.RedisError when that cannot be known.
        """
        token = secrets.token_hex(16)
        taken = await self._taken(KEY + source, token, lease, patience)
        try:
            yield taken
        finally:
            if taken:
                with suppress(RedisError, OSError):  # the lease ends by itself
                    await self._end(keys=[KEY + source], args=[token])

    async def _taken(self, key: str, token: str, lease: float, patience: float) -> bool:
        until = asyncio.get_running_loop().time() + patience
        while not await self._redis.set(key, token, nx=True, px=round(lease * 1000)):
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True
