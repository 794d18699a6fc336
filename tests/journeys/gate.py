"""A gate between a browser and its library: everything passes, until one crossing is held while a test does its worst.

A crossing is a sync request on its way in, or its answer on its way out. Refuses the stream of pokes, which would let
syncs begin at moments that no test chose.
"""

from __future__ import annotations

import threading
from typing import Self

import httpx

from tests.fakes import ReplayServer, Reply, not_found

SECONDS = 30  # the longest that a crossing is held
KEPT = ("content-type", "retry-after")
SENT = ("authorization", "content-type", "content-length")


class Gate:
    """Forwards to one instance while the `with` block lasts; holds the crossing that it is told to."""

    def __init__(self, target: str) -> None:
        self._server = ReplayServer(self._forward)
        self._client = httpx.Client(base_url=target, timeout=SECONDS)
        self._lock = threading.Lock()
        self._left = -1  # crossings to let through before one is held; below 0: hold none
        self._caught, self._open = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        """Where the browser finds the library."""
        return self._server.url

    @property
    def caught(self) -> bool:
        """Whether a crossing is being held."""
        return self._caught.is_set()

    @property
    def asked(self) -> list[str]:
        """The paths of all requests that ever came."""
        return [one.path for one in self._server.seen]

    def arm(self, crossing: int) -> None:
        """Hold the crossing of this number, counted from 0 and from now."""
        with self._lock:
            self._left = crossing
            self._caught.clear()
            self._open.clear()

    def release(self) -> None:
        """Let go what is held, and hold nothing more."""
        with self._lock:
            self._left = -1
            self._caught.clear()
            self._open.set()

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.__exit__(None, None, None)
        self._client.close()

    def _forward(self, path: str, query: str) -> Reply:
        if path == "/v1/sync/stream":
            return not_found(path, query)
        asked = self._server.current
        counts = path.startswith("/v1/sync/")
        if counts and self._held():
            return 503, {}, b""  # whoever asked is gone
        headers = {name: asked.headers[name] for name in SENT if name in asked.headers}
        answer = self._client.request(
            "POST" if asked.body else "GET", f"{path}?{query}" if query else path, headers=headers, content=asked.body
        )
        if counts:
            self._held()
        return answer.status_code, {n: answer.headers[n] for n in KEPT if n in answer.headers}, answer.content

    def _held(self) -> bool:
        """Cross, or wait until the gate is opened; says whether it had to."""
        with self._lock:
            turn, self._left = self._left, self._left - 1 if self._left >= 0 else -1
            if turn:
                return False
            self._caught.set()
        self._open.wait(SECONDS)
        return True
