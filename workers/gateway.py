"""The one way out: every request to an outside source goes through here, and nothing else may import a client.

Keeps the pace that sources ask for, dials judged addresses only, follows few redirects, and stops at a size and a
time. Sends no cookies and uses no proxy from the environment; a key goes to the origin that it is for, never along a
redirect to another, and into no answer. Refuses to retry by itself: it says what came of one request, and the work in
the database is what comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpcore
from msgspec import Struct
from redis import RedisError
from redis.asyncio import Redis

from api.domain.clock import rfc3339
from workers.address_guard import GuardedDialer, Place
from workers.bounded_body import BoundedBody
from workers.breaker import Breaker
from workers.rate_limit import RateLimiter
from workers.refusals import UNSAID_SECONDS, Refused, TryLater, retry_after
from workers.single_flight import SingleFlight
from workers.sources.base import MOST_BYTES, Answer, Request

PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
PACE_UNKNOWN_SECONDS = 5.0
WALLS = ("status_401", "status_403")


class GatewayLimits(Struct, frozen=True):
    """Who we say we are, how often we ask, and when we stop.

    `intervals`: seconds between two requests for each source, over all workers; a source without one gets a second.
    `allow_private_for`: origins as `origin_of` gives them that may be on loopback, at any port; for tests.
    """

    user_agent: str
    intervals: Mapping[str, float]
    allow_private_for: frozenset[str] = frozenset()
    one_at_a_time: frozenset[str] = frozenset()  # sources that ask for one connection
    interval_seconds: float = 1.0
    patience_seconds: float = 5.0
    connect_seconds: float = 5.0
    total_seconds: float = 30.0
    body_bytes: int = MOST_BYTES
    redirects: int = 5


def user_agent(version: str, instance_url: str, contact: str) -> str:
    """`Scholium/<version> (+<instance url>; mailto:<contact>)`, as Crossref's and others' rules of politeness ask."""
    mail = f"; mailto:{contact}" if contact else ""
    return "".join(c for c in f"Scholium/{version} (+{instance_url}{mail})" if " " <= c <= "~")


def origin_of(url: str) -> str:
    """`scheme://host:port` with the port always named; raises Refused for what is no plain web address."""
    scheme, (host, port) = _place(url)
    return f"{scheme}://{host}:{port}"


def redirect_target(url: str, location: str) -> str:
    """Where a redirect leads; raises Refused when it would leave TLS or leads nowhere."""
    try:
        target = urljoin(url, location.strip())
        leaves_tls = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
    except ValueError:
        raise Refused("redirects") from None
    if leaves_tls:
        raise Refused("redirects")
    return target


class Gateway:
    """Fetches outside answers; an async context manager, one for each event loop.

    `now` gives Unix milliseconds. Redis holds the shared pace and who is left alone, and nothing else.
    """

    def __init__(self, limits: GatewayLimits, redis: Redis, now: Callable[[], int]) -> None:
        self._limits = limits
        self._pace = RateLimiter(redis)
        self._breaker = Breaker(redis)
        self._flight = SingleFlight(redis)
        self._now = now
        excepted = frozenset(_place(origin)[1] for origin in limits.allow_private_for)
        self._pool = httpcore.AsyncConnectionPool(network_backend=GuardedDialer(excepted))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        await self._pool.aclose()

    async def fetch(self, request: Request) -> Answer:
        """One answer, whatever it says (200, 404, …).

        Raises TryLater for 408, 425, 429, 5xx, a 403 that names a time, failed connections, time-outs, cut-off bodies,
        turns further away than the patience and sources that failed five times in a row; Refused for 401, 403 and
        whatever breaks our limits. With Redis down the shared pace is unknown, and rather than risk the instance's
        standing at a source nothing is asked: TryLater.
        """
        patience = self._limits.patience_seconds
        if request.source not in self._limits.one_at_a_time:
            return await self._asked(request)
        lease = 2 * patience + self._limits.total_seconds  # longer than the pause before and the request can take
        try:
            async with self._flight.alone(request.source, lease, patience) as alone:
                if alone:
                    return await self._asked(request)
            raise TryLater(patience, "pace")
        except (RedisError, OSError):
            raise TryLater(PACE_UNKNOWN_SECONDS, "pace_unknown") from None

    async def _asked(self, request: Request) -> Answer:
        await self._take_turn(request.source)
        try:
            answer = await self._once(request)
        except TryLater as later:
            if later.reason == "connect":  # it is away for everybody: not each paper need find that out
                await self._hold(request.source, later.after_seconds)
            raise TryLater(max(later.after_seconds, await self._failed(request.source)), later.reason) from None
        except Refused as wall:
            if wall.reason in WALLS:
                await self._failed(request.source)
            raise
        await self._answered(request.source)
        return answer

    async def _once(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._follow(request)
        except (TimeoutError, httpcore.TimeoutException):
            raise TryLater(UNSAID_SECONDS, "timeout") from None
        except httpcore.ConnectError:
            raise TryLater(UNSAID_SECONDS, "connect") from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            raise TryLater(UNSAID_SECONDS, "cut_off") from None
        except httpcore.LocalProtocolError:
            raise Refused("url") from None

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

    async def _follow(self, request: Request) -> Answer:
        url = request.url
        for _ in range(self._limits.redirects + 1):
            async with self._get(url, request) as response:
                headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in REDIRECTS and "location" in headers:
                    url = redirect_target(url, headers["location"])
                    continue
                await self._judge(request.source, response.status, headers)
                body = await self._body(response, headers)
                kind = headers.get("content-type", "").partition(";")[0].strip().lower()
                return Answer(request.source, request.url, response.status, kind, body, rfc3339(self._now()))
        raise Refused("redirects")

    @asynccontextmanager
    async def _get(self, url: str, request: Request) -> AsyncIterator[httpcore.Response]:
        at_home = origin_of(url) == origin_of(request.url)
        limits = self._limits
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("User-Agent", limits.user_agent),
            ("Accept", request.accept),
            ("Accept-Encoding", "gzip"),
            *(request.headers if at_home else ()),
        ]
        timeout = {
            "connect": limits.connect_seconds,
            "pool": limits.total_seconds,
            "read": limits.total_seconds,
            "write": limits.total_seconds,
        }
        address = _address(url, request.secret_query if at_home else ())
        async with self._pool.stream("GET", address, headers=headers, extensions={"timeout": timeout}) as response:
            yield response

    async def _judge(self, source: str, status: int, headers: Mapping[str, str]) -> None:
        asked = retry_after(headers, self._now())
        if status == 401 or (status == 403 and asked is None):
            raise Refused(f"status_{status}")
        if status not in (403, 408, 425, 429) and status < 500:
            return
        if asked is not None and status in (403, 429, 503):
            await self._hold(source, asked)
        raise TryLater(UNSAID_SECONDS if asked is None else asked, f"status_{status}")

    async def _hold(self, source: str, seconds: float) -> None:
        try:
            await self._pace.hold(source, seconds)
        except (RedisError, OSError):
            return  # the caller waits all the same, and without Redis nobody else asks

    async def _failed(self, source: str) -> float:
        try:
            return await self._breaker.failed(source)
        except (RedisError, OSError):
            return 0.0

    async def _answered(self, source: str) -> None:
        with suppress(RedisError, OSError):  # the answer stands, and the failures are forgotten with the next one
            await self._breaker.answered(source)

    async def _body(self, response: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        collected = BoundedBody(headers.get("content-encoding", ""), self._limits.body_bytes)
        async for piece in response.aiter_stream():
            collected.add(piece)
        body = collected.whole()
        if body is None:
            raise TryLater(UNSAID_SECONDS, "cut_off")
        return body


def _address(url: str, secret_query: tuple[tuple[str, str], ...]) -> str:
    """What is dialled: without the fragment, and with the key where the source takes it there."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(secret_query)) if part)
    return parts._replace(query=query, fragment="").geturl()


def _place(url: str) -> tuple[str, Place]:
    """The scheme, host and port of a plain web address; raises Refused for credentials, odd schemes and odd bytes."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("url") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise Refused("url")
    return parts.scheme, (parts.hostname, PORTS[parts.scheme] if port is None else port)
