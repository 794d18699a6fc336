"""`GET /v1/sync/stream`: a poke whenever the library changed (server-sent events); what changed is for the pull.

Refuses to carry content, and to outlive the right to hear it: a stream ends within 15 seconds after its token or
device does, and as soon as the server takes its leave.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Stream
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.read_head import read_head
from api.domain.accounts import Who
from api.domain.errors import NotSignedIn
from api.http.auth import requires, visitor

QUIET_SECONDS = 15.0  # after which a comment says that the stream lives
RETRY_MS = 3000  # how soon a client that lost its stream should come back
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Poke(Struct, frozen=True):
    """The library stands at this version."""

    library_id: str
    version: int


@get(
    "/v1/sync/stream",
    guards=[requires("sync")],
    media_type="text/event-stream",
    opt={"media": ("text/event-stream",)},
)
async def stream(request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Stream:
    """Events `ready` and `poke`, each with the library's version."""

    async def allowed() -> bool:
        try:
            return await visitor(request) is not None
        except NotSignedIn:
            return False

    return Stream(_events(desk, who, allowed), media_type="text/event-stream", headers=_HEADERS)


async def _events(desk: Desk, who: Who, allowed: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    with desk.pokes.watch(who.library_id) as news:
        version = (await read_head(desk, who)).version
        yield _event("ready", Poke(who.library_id, version), f"retry: {RETRY_MS}\n")
        said = clock()
        while not desk.pokes.ended:
            await news.wait(said + QUIET_SECONDS - clock())
            if not await allowed():
                return
            now = (await read_head(desk, who)).version
            if now != version:
                version = now
                yield _event("poke", Poke(who.library_id, version))
                said = clock()
            elif clock() >= said + QUIET_SECONDS:
                yield b": here\n\n"
                said = clock()


def _event(name: str, poke: Poke, more: str = "") -> bytes:
    return f"event: {name}\n{more}data: {msgspec.json.encode(poke).decode()}\n\n".encode()
