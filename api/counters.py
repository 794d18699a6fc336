"""Counters of the whole instance: each process collects its own for a second and adds them to one hash in Redis.

So a scrape of any process tells of all of them, API and workers on whatever host, and a worker's short life leaves
nothing to tidy up. What a killed process had not added is lost, and a flushed Redis starts at 0: both are what
`rate()` is made for. Refuses to hold anybody up, and to grow without end while Redis is away.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_left
from functools import lru_cache

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api import tasks

log = logging.getLogger(__name__)

KEY = "scholium:counters"
FLUSH_SECONDS = 1.0
MOST_SERIES = 20_000  # of one process; there are far fewer routes than that
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


@lru_cache(maxsize=MOST_SERIES)
def series(name: str, **labels: str) -> str:
    """A series as Prometheus writes it: `name{label="value"}`, labels in the given order."""
    if not labels:
        return name
    pairs = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items())
    return f"{name}{{{pairs}}}"


@lru_cache(maxsize=MOST_SERIES)
def _histogram(name: str, **labels: str) -> tuple[tuple[str, ...], str, str]:
    """The series of a histogram: its buckets, its sum, its count; made once, for every request needs them."""
    bounds = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")
    buckets = tuple(series(f"{name}_bucket", **labels, le=bound) for bound in bounds)
    return buckets, series(f"{name}_sum", **labels), series(f"{name}_count", **labels)


class Counters:
    """What this process counted and has not yet added; without an address it counts for itself alone."""

    def __init__(self, url: str = "") -> None:
        self._redis = _client(url) if url else None
        self._unsent: dict[str, float] = {}
        self._flushing: asyncio.Task[None] | None = None

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count something; at once and without any network."""
        self._add(series(name, **labels), amount)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Count how long something took, in a histogram."""
        buckets, total, count = _histogram(name, **labels)
        for bucket in buckets[bisect_left(BUCKETS, seconds) :]:
            self._add(bucket, 1)
        self._add(total, seconds)
        self._add(count, 1)

    def start(self) -> None:
        """Add what was counted every second from now on."""
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_on())

    async def flush(self) -> None:
        """Add what was counted; it is kept for the next time while Redis is away."""
        if self._redis is None or not self._unsent:
            return
        unsent, self._unsent = self._unsent, {}
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                for name, amount in unsent.items():
                    pipe.hincrbyfloat(KEY, name, amount)
                await pipe.execute()
        except (RedisError, OSError) as failure:
            log.debug("counters not added: %s", type(failure).__name__)
            for name, amount in unsent.items():
                self._add(name, amount)

    async def read(self) -> dict[str, float] | None:
        """Every series of the instance with its value; None where Redis does not answer."""
        await self.flush()
        if self._redis is None:
            return dict(self._unsent)
        try:
            found = await self._redis.hgetall(KEY)
        except (RedisError, OSError):
            return None
        return {_text(name): float(value) for name, value in found.items()}

    async def close(self) -> None:
        """Add what is left, and give the connections back."""
        if self._flushing is not None:
            await tasks.end(self._flushing)
            self._flushing = None
        await self.flush()
        if self._redis is not None:
            await self._redis.aclose()

    def _add(self, name: str, amount: float) -> None:
        if name in self._unsent or len(self._unsent) < MOST_SERIES:
            self._unsent[name] = self._unsent.get(name, 0) + amount

    async def _flush_on(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()


def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=0.25, socket_timeout=1, retry=Retry(NoBackoff(), 1))


def _text(found: bytes | str) -> str:
    return found if isinstance(found, str) else found.decode()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
