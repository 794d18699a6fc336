"""How often somebody may ask: counted in Redis by one script, so that no two processes both see the last free try.

Guesses (passwords, codes, new accounts) are counted one by one, and nobody signs in while they cannot be counted. All
other requests are counted by account, or by address where nobody is signed in; a process takes a few at a time, and
lets everybody pass while Redis is away: reads and saves never wait for a counter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
from litestar import Request
from litestar.connection import ASGIConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.domain.errors import TooMany, Unavailable
from api.domain.one_way import hashed
from api.domain.passwords import fold_email
from api.http.addresses import client_address, household
from api.settings import Settings

GUESS_SECONDS = 900  # the window of guesses and of feeds
PACE_SECONDS = 60  # the window of all other requests
HANDFUL = 10  # requests that a process takes at once, in the first half of a window's requests
_SILENT_SECONDS = 5.0  # how long Redis is left alone once it did not answer
_MOST_TAKEN = 10_000
# Takes up to so many from what is left of a window; answers how many it got, and the seconds to the window's end.
_TAKE = """
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
local most = tonumber(ARGV[2])
local take = math.min(n * 2 < most and tonumber(ARGV[3]) or 1, most - n)
if take < 1 then return {0, redis.call('TTL', KEYS[1])} end
if redis.call('INCRBY', KEYS[1], take) == take then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {take, redis.call('TTL', KEYS[1])}
"""
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Limits:
    """Counters of guesses and requests; without effect where limits are off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._taken: dict[str, tuple[int, float]] = {}  # of a key: requests in hand, and until when
        self._silent_until = 0.0
        self._redis = redis.asyncio.Redis.from_url(
            settings.redis_url, socket_connect_timeout=0.25, socket_timeout=2, retry=Retry(NoBackoff(), 1)
        )

    @asynccontextmanager
    async def guess_password(self, request: Request[Any, Any, Any], email: str) -> AsyncIterator[None]:
        """Count a try to name an account's password, and forget its tries where the body did not refuse it.

        Raises TooMany, or Unavailable where nobody counts.
        """
        await self._guess("address", self._asker(request), self._settings.login_per_address)
        await self._guess("account", fold_email(email), self._settings.login_per_account)
        yield
        await self._forgive(email)

    async def register(self, request: Request[Any, Any, Any]) -> None:
        """Count a try to make an account."""
        await self._guess("register", self._asker(request), self._settings.login_per_address)

    async def read_feed(self, request: Request[Any, Any, Any]) -> None:
        """Count a read of an open address; its secret can't be guessed, so nobody is turned away where none counts."""
        try:
            await self._guess("feed", self._asker(request), self._settings.feed_per_address)
        except Unavailable:
            return

    async def guess_code(self, account_id: str) -> None:
        """Count a code that a person typed, lest codes of others be guessed."""
        await self._guess("code", account_id, self._settings.login_per_address)

    async def pace(self, account_id: str) -> None:
        """Count a request of an account; raises TooMany."""
        await self._pace(_key("requests", account_id), self._settings.requests_per_account)

    async def pace_heavy(self, account_id: str) -> None:
        """Count a request that makes or takes a whole library; raises TooMany."""
        await self._pace(_key("heavy", account_id), self._settings.heavy_per_account)

    async def pace_stranger(self, connection: AnyConnection) -> None:
        """Count a request of somebody who is not signed in; raises TooMany."""
        await self._pace(_key("strangers", self._asker(connection)), self._settings.requests_per_address)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

    def _asker(self, connection: AnyConnection) -> str:
        return household(client_address(connection, self._settings))

    async def _forgive(self, email: str) -> None:
        if self._settings.limits:
            try:
                await self._redis.delete(_key("account", fold_email(email)))
            except RedisError:
                return  # the counter ends by itself

    async def _guess(self, what: str, whose: str, most: int) -> None:
        if not self._settings.limits:
            return
        try:
            got, seconds = await self._redis.eval(_TAKE, 1, _key(what, whose), GUESS_SECONDS, most, 1)
        except (RedisError, OSError):
            raise Unavailable("sign-in is not possible at the moment", retry_after=10) from None
        if not got:
            raise TooMany("too many tries; wait a little", retry_after=max(1, seconds))

    async def _pace(self, key: str, most: int) -> None:
        clock = asyncio.get_running_loop().time()
        if not self._settings.limits or clock < self._silent_until:
            return
        in_hand, until = self._taken.pop(key, (0, 0.0))
        if not in_hand or clock >= until:
            try:
                in_hand, seconds = await self._redis.eval(_TAKE, 1, key, PACE_SECONDS, most, HANDFUL)
            except (RedisError, OSError):
                self._silent_until = clock + _SILENT_SECONDS
                return
            if not in_hand:
                raise TooMany("too many requests; wait a little", retry_after=max(1, seconds))
            until = clock + seconds
        self._keep(key, in_hand - 1, until)

    def _keep(self, key: str, left: int, until: float) -> None:
        if len(self._taken) >= _MOST_TAKEN:
            self._taken.clear()
        before, ends = self._taken.get(key, (0, until))  # another request may have taken some meanwhile
        if before + left:
            self._taken[key] = (before + left, min(until, ends))


def _key(what: str, whose: str) -> str:
    return f"scholium:limit:{what}:{hashed(whose)[:32]}"
