"""Pokes: which library changed, told to whoever waits for it, in this process and through Redis in the others.

A poke carries nothing: who hears it reads the database. It may come twice or never, so whoever waits looks again
after a while. Refuses to fail a write, to hold one up, and to pile up while Redis is away.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from api import tasks

log = logging.getLogger(__name__)

CHANNEL = "scholium:poke:"
HEARD_SECONDS = 10.0  # how long a waiter trusts that it would have been poked
DEAF_SECONDS = 2.0  # the same, while nobody listens to the other processes
QUIET_SECONDS = 10.0  # without a word from Redis, after which it is asked whether it is there
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds between tries to reach Redis
_AWAY = (RedisError, OSError)


class Watch:
    """One waiter on one library."""

    def __init__(self, pokes: Pokes) -> None:
        self._pokes = pokes
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Say that something may have changed."""
        self._event.set()

    async def wait(self, most: float) -> None:
        """Until the library was poked, `most` seconds went by, or it is time to look again unasked."""
        patience = HEARD_SECONDS if self._pokes.hears else DEAF_SECONDS
        try:
            await asyncio.wait_for(self._event.wait(), min(most, patience))
        except TimeoutError:
            return
        finally:
            self._event.clear()


class Pokes:
    """The hub of one process; without an address it reaches this process alone."""

    def __init__(self, url: str = "") -> None:
        self._url = url
        self._redis: redis.asyncio.Redis | None = None
        self._watches: dict[str, set[Watch]] = {}
        self._unsent: set[str] = set()
        self._sending: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self.hears = False  # whether pokes of other processes arrive
        self.ended = False  # whether this process takes its leave: waiters should go

    @contextmanager
    def watch(self, library_id: str) -> Iterator[Watch]:
        """Be poked about a library from now on."""
        watch = Watch(self)
        self._watches.setdefault(library_id, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[library_id].discard(watch)
            if not self._watches[library_id]:
                del self._watches[library_id]

    def poke(self, library_id: str) -> None:
        """Say that a library changed: here at once, elsewhere as soon as Redis takes it, once for many."""
        self._wake(library_id)
        if not self._url:
            return
        self._unsent.add(library_id)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    def listen(self) -> None:
        """Hear the other processes from now on, whatever Redis does meanwhile."""
        if self._url and self._listening is None:
            self._listening = asyncio.create_task(self._listen())

    def end(self) -> None:
        """Wake every waiter for the last time."""
        self.ended = True
        self._wake_all()

    async def close(self) -> None:
        """Send what is unsent, stop to listen, and give the connections back."""
        if self._sending is not None:
            await asyncio.gather(self._sending, return_exceptions=True)
        if self._listening is not None:
            await tasks.end(self._listening)
            self._listening = None
        if self._redis is not None:
            await self._redis.aclose()
            self._redis = None

    def _wake(self, library_id: str) -> None:
        for watch in self._watches.get(library_id, ()):
            watch.wake()

    def _wake_all(self) -> None:
        for library_id in self._watches:
            self._wake(library_id)

    async def _send(self) -> None:
        while self._unsent:
            library_ids, self._unsent = self._unsent, set()
            try:
                async with self._client().pipeline(transaction=False) as pipe:
                    for library_id in library_ids:
                        pipe.publish(CHANNEL + library_id, "")
                    await pipe.execute()
            except _AWAY as failure:
                log.debug("pokes not sent: %s; who waits looks again by itself", type(failure).__name__)

    def _client(self) -> redis.asyncio.Redis:
        if self._redis is None:
            self._redis = redis.asyncio.Redis.from_url(
                self._url, socket_connect_timeout=0.25, socket_timeout=1, retry=Retry(NoBackoff(), 0)
            )
        return self._redis

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._hear()
            except _AWAY as failure:
                pause = FIRST_PAUSE if self.hears else min(pause * 2, LONGEST_PAUSE)
                log.warning("pokes are not heard: %s; next try in %.1f s", type(failure).__name__, pause)
            finally:
                self.hears = False
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  processes spread out, no secret

    async def _hear(self) -> None:
        """One subscription, from its start to its loss."""
        client = redis.asyncio.Redis.from_url(
            self._url, socket_connect_timeout=0.25, socket_timeout=None, retry=Retry(NoBackoff(), 0)
        )
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(f"{CHANNEL}*")
            asked = False
            while True:
                message = await subscription.get_message(timeout=QUIET_SECONDS)
                if message is None and asked:
                    raise RedisConnectionError("it does not answer")
                if message is None:  # a host that vanished closes nothing: only a question finds it out
                    await subscription.ping()
                asked = message is None
                self._take(message)

    def _take(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        if message["type"] == "psubscribe":
            self.hears = True
            self._wake_all()  # what was poked meanwhile went unheard
        elif message["type"] == "pmessage":
            self._wake(message["channel"].decode().removeprefix(CHANNEL))
