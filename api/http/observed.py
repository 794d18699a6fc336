"""Every request is followed and counted: its id is the context of all that is done for it, its time is measured.

The time is that to the first byte of the answer, so that a stream does not count as a slow request. Refuses to use
what a client may choose, an address above all, as the name of a series.
"""

from __future__ import annotations

import time
from typing import cast

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import HTTPScope, LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from api.counters import Counters
from api.http.headers import request_id
from api.tracing import following

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
NO_ROUTE = "(none)"


class ObservedApp(Litestar):
    """An application that follows and counts its requests."""

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Serve one request, or the application's life."""
        if scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
            return
        scope = cast(HTTPScope, scope)
        scope.setdefault("state", {})
        began = time.perf_counter()
        give = cast(Send, send)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], time.perf_counter() - began)
            await give(message)

        with following(request_id(scope)):
            await super().__call__(scope, receive, counted)

    def _count(self, scope: HTTPScope, status: int, seconds: float) -> None:
        counters: Counters | None = self.state.get("counters")
        if counters is None:
            return
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = str(scope.get("path_template") or NO_ROUTE)
        counters.add("scholium_http_requests_total", method=method, route=route, status=str(status))
        counters.observe("scholium_http_request_seconds", seconds, method=method, route=route)
