"""How often one may try to sign in, or read an open address: counted atomically over all processes.

Refuses to sign anybody in while it cannot count. The address is that of the socket: what a header says about it
anybody can write.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
from litestar import Request
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.domain.errors import TooMany, Unavailable
from api.domain.one_way import hashed
from api.domain.passwords import fold_email
from api.settings import Settings

WINDOW_SECONDS = 900
# One step inside Redis: two processes can never both see the last free try.
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


class Limits:
    """Counters of tries in the last quarter of an hour; without effect where limits are off."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = redis.asyncio.Redis.from_url(
            settings.redis_url, socket_connect_timeout=0.25, socket_timeout=2, retry=Retry(NoBackoff(), 1)
        )

    @asynccontextmanager
    async def guess_password(self, request: Request[Any, Any, Any], email: str) -> AsyncIterator[None]:
        """Count a try to name an account's password, and forget its tries where the body did not refuse it.

        Raises TooMany, or Unavailable where nobody counts.
        """
        await self._count("address", client_address(request), self._settings.login_per_address)
        await self._count("account", fold_email(email), self._settings.login_per_account)
        yield
        await self._forgive(email)

    async def register(self, request: Request[Any, Any, Any]) -> None:
        """Count a try to make an account."""
        await self._count("register", client_address(request), self._settings.login_per_address)

    async def read_feed(self, request: Request[Any, Any, Any]) -> None:
        """Count a read of an open address; its secret can't be guessed, so nobody is turned away where none counts."""
        try:
            await self._count("feed", client_address(request), self._settings.feed_per_address)
        except Unavailable:
            return

    async def guess_code(self, account_id: str) -> None:
        """Count a code that a person typed, lest codes of others be guessed."""
        await self._count("code", account_id, self._settings.login_per_address)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

    async def _forgive(self, email: str) -> None:
        if self._settings.limits:
            try:
                await self._redis.delete(_key("account", fold_email(email)))
            except RedisError:
                return  # the counter ends by itself

    async def _count(self, what: str, whose: str, most: int) -> None:
        if not self._settings.limits:
            return
        try:
            tries, seconds = await self._redis.eval(_COUNT, 1, _key(what, whose), WINDOW_SECONDS)
        except (RedisError, OSError):
            raise Unavailable("sign-in is not possible at the moment", retry_after=10) from None
        if tries > most:
            raise TooMany("too many tries; wait a little", retry_after=max(1, seconds))


def client_address(request: Request[Any, Any, Any]) -> str:
    """The address at the other end of the socket."""
    return request.client.host if request.client else "unknown"


def _key(what: str, whose: str) -> str:
    return f"scholium:limit:{what}:{hashed(whose)[:32]}"
