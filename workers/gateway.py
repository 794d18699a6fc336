"""The one way out: every request to an outside source goes through here, and nothing else may import a client.

Keeps the pace that sources ask for, one connection where they ask for one, and leaves alone who fails. Refuses to
retry by itself: it says what came of one request, and the work in the database is what comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from redis import RedisError
from redis.asyncio import Redis

from workers.batching import Batching
from workers.breaker import Breaker
from workers.exchange import Exchange
from workers.gateway_limits import GatewayLimits
from workers.rate_limit import RateLimiter
from workers.refusals import UNSAID_SECONDS, Refused, TryLater, retry_after
from workers.single_flight import SingleFlight
from workers.sources.base import Answer, BadAnswer, BadAnswerCode, Request

PACE_UNKNOWN_SECONDS = 5.0
WALLS = ("status_401", "status_403")
BROKEN: frozenset[BadAnswerCode] = frozenset({"web_page", "malformed", "source_error"})  # the source's fault
T = TypeVar("T")


class Gateway:
    """Fetches outside answers; an async context manager, one for each event loop.

    `now` gives Unix milliseconds. Redis holds the shared pace and who is left alone, and nothing else.
    """

    def __init__(self, limits: GatewayLimits, redis: Redis, now: Callable[[], int]) -> None:
        self.batching = Batching(redis)
        self._limits = limits
        self._pace = RateLimiter(redis)
        self._breaker = Breaker(redis)
        self._flight = SingleFlight(redis)
        self._now = now
        self._exchange = Exchange(limits, now)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        await self._exchange.close()

    async def fetch(self, request: Request) -> Answer:
        """One answer, whatever it says (200, 404, …); raises as `ask` does, but for BadAnswer."""
        return await self.ask(request, lambda answer: answer)

    async def ask(self, request: Request, read: Callable[[Answer], T]) -> T:
        """What `read` makes of one answer, whatever its status.

        Raises TryLater for 408, 425, 429, 5xx, a 403 that names a time, failed connections, time-outs, cut-off bodies,
        turns further away than the patience and sources that are left alone; Refused for 401, 403 and whatever breaks
        our limits; BadAnswer as `read` does, which counts against the source where the answer is none at all. With
        Redis down the shared pace is unknown, and rather than risk the instance's standing at a source nothing is
        asked: TryLater.
        """

        async def made() -> Request:
            return request

        return await self.ask_when(request.source, made, read)

    async def ask_when(self, source: str, make: Callable[[], Awaitable[Request]], read: Callable[[Answer], T]) -> T:
        """As `ask`, of a question that is made when the turn has come, from what is known by then."""
        patience = self._limits.patience_seconds
        if source not in self._limits.one_at_a_time:
            return await self._asked(source, make, read)
        lease = 2 * patience + self._limits.total_seconds  # longer than the pause before and the request can take
        try:
            async with self._flight.alone(source, lease, patience) as alone:
                if alone:
                    return await self._asked(source, make, read)
            raise TryLater(patience, "pace")
        except (RedisError, OSError):
            raise TryLater(PACE_UNKNOWN_SECONDS, "pace_unknown") from None

    async def _asked(self, source: str, make: Callable[[], Awaitable[Request]], read: Callable[[Answer], T]) -> T:
        await self._take_turn(source)
        request = await make()
        try:
            found = read(await self._exchange.send(request, partial(self._verdict, request)))
        except TryLater as later:
            if later.reason == "connect" or later.said:  # it is so for everybody: not each paper need find that out
                await self._hold(source, later.after_seconds)
            wait = max(later.after_seconds, await self._failed(source))
            raise TryLater(wait, later.reason, said=later.said) from None
        except Refused as wall:
            if wall.reason in WALLS:
                await self._failed(source)
            raise
        except BadAnswer as bad:
            await (self._failed if bad.code in BROKEN else self._answered)(source)
            raise
        await self._answered(source)
        return found

    async def _take_turn(self, source: str) -> None:
        interval = self._limits.intervals.get(source, self._limits.interval_seconds)
        try:
            shut = await self._breaker.allow(source)
            wait = shut or await self._pace.take(source, interval, self._limits.patience_seconds)
        except (RedisError, OSError):
            raise TryLater(PACE_UNKNOWN_SECONDS, "pace_unknown") from None
        if shut:
            raise TryLater(shut, "left_alone")
        if wait > self._limits.patience_seconds:
            raise TryLater(wait, "pace")
        await asyncio.sleep(wait)

    def _verdict(self, request: Request, status: int, headers: Mapping[str, str]) -> None:
        """Whether an answer is worth reading; raises TryLater and Refused as `ask` says."""
        if status in request.absent_statuses:
            return
        asked = retry_after(headers, self._now())
        if status == 401 or (status == 403 and asked is None):
            raise Refused(f"status_{status}")
        if status not in (403, 408, 425, 429) and status < 500:
            return
        said = asked is not None and status in (403, 429, 503)
        raise TryLater(UNSAID_SECONDS if asked is None else asked, f"status_{status}", said=said)

    async def _hold(self, source: str, seconds: float) -> None:
        with suppress(RedisError, OSError):  # the caller waits all the same, and without Redis nobody else asks
            await self._pace.hold(source, seconds)

    async def _failed(self, source: str) -> float:
        try:
            return await self._breaker.failed(source)
        except (RedisError, OSError):
            return 0.0

    async def _answered(self, source: str) -> float:
        with suppress(RedisError, OSError):  # the answer stands, and the failures are forgotten with the next one
            await self._breaker.answered(source)
        return 0.0
