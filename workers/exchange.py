"""One request over the wire and what came of it: judged addresses only, few redirects, an end to size and time.

The only file that knows the HTTP client. Sends no cookies and uses no proxy from the environment; a key goes to the
origin that it is for, never along a redirect to another. Refuses to send a question's body anywhere but to the address
asked, and to read the body of an answer that is none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpcore

from api.domain.clock import rfc3339
from workers.address_guard import GuardedDialer
from workers.bounded_body import BoundedBody
from workers.gateway_limits import GatewayLimits
from workers.origins import dialled, origin_of, place_of, redirect_target
from workers.refusals import UNSAID_SECONDS, Refused, TryLater
from workers.sources.base import Answer, Request

REDIRECTS = (301, 302, 303, 307, 308)
LONGEST_VALIDATOR = 256
Verdict = Callable[[int, Mapping[str, str]], None]


class Exchange:
    """Sends requests from one pool of connections; `now` gives Unix milliseconds."""

    def __init__(self, limits: GatewayLimits, now: Callable[[], int]) -> None:
        self._limits = limits
        self._now = now
        excepted = frozenset(place_of(origin)[1:] for origin in limits.allow_private_for)
        self._pool = httpcore.AsyncConnectionPool(network_backend=GuardedDialer(excepted))

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.aclose()

    async def send(self, request: Request, verdict: Verdict) -> Answer:
        """What came back, whatever it says, unless `verdict` raises at its status and headers (names in lower case).

        Raises TryLater for failed connections, time-outs and cut-off bodies; Refused for what breaks our limits.
        """
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._follow(request, verdict)
        except (TimeoutError, httpcore.TimeoutException):
            raise TryLater(UNSAID_SECONDS, "timeout") from None
        except httpcore.ConnectError:
            raise TryLater(UNSAID_SECONDS, "connect") from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            raise TryLater(UNSAID_SECONDS, "cut_off") from None
        except httpcore.LocalProtocolError:
            raise Refused("url") from None

    async def _follow(self, request: Request, verdict: Verdict) -> Answer:
        url = request.url
        for _ in range(self._limits.redirects + 1):
            async with self._open(url, request) as response:
                headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in REDIRECTS and "location" in headers and not request.body:
                    url = redirect_target(url, headers["location"])
                    continue
                verdict(response.status, headers)
                body = await self._body(response, headers)
                return _answer(request, response.status, headers, body, self._now())
        raise Refused("redirects")

    @asynccontextmanager
    async def _open(self, url: str, request: Request) -> AsyncIterator[httpcore.Response]:
        at_home = origin_of(url) == origin_of(request.url)
        limits = self._limits
        headers: list[tuple[bytes | str, bytes | str]] = [
            ("User-Agent", limits.user_agent),
            ("Accept", request.accept),
            ("Accept-Encoding", "gzip"),
            *((("Content-Type", "application/json"),) if request.body else ()),
            *(request.headers if at_home else ()),
        ]
        timeout = {
            "connect": limits.connect_seconds,
            "pool": limits.total_seconds,
            "read": limits.total_seconds,
            "write": limits.total_seconds,
        }
        address = dialled(url, request.secret_query if at_home else ())
        async with self._pool.stream(
            "POST" if request.body else "GET",
            address,
            headers=headers,
            content=request.body or None,
            extensions={"timeout": timeout},
        ) as response:
            yield response

    async def _body(self, response: httpcore.Response, headers: Mapping[str, str]) -> bytes:
        collected = BoundedBody(headers.get("content-encoding", ""), self._limits.body_bytes)
        async for piece in response.aiter_stream():
            collected.add(piece)
        body = collected.whole()
        if body is None:
            raise TryLater(UNSAID_SECONDS, "cut_off")
        return body


def _answer(request: Request, status: int, headers: Mapping[str, str], body: bytes, now: int) -> Answer:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(
        request.source,
        request.url,
        status,
        kind,
        body,
        rfc3339(now),
        _validator(headers, "etag"),
        _validator(headers, "last-modified"),
    )


def _validator(headers: Mapping[str, str], name: str) -> str:
    """A word to ask by again (RFC 9110 8.8), or nothing where it could not stand in a header of ours."""
    value = headers.get(name, "").strip()
    return value if len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable() else ""
