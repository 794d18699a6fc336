"""One connection that is kept open, as a device keeps its own: the bench's client, with next to no cost of its own."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec

SECONDS = 60  # more than any answer takes
IDLE_SECONDS = 3  # less than the time after which a server drops a connection that is silent


class Caller:
    """Asks one server, with one token."""

    def __init__(self, url: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
        self._used = 0.0
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """The body of the answer; raises OSError for one that is no success, so that no failure counts as work.

        Bytes go out as a file, anything else as JSON.
        """
        is_file = isinstance(body, bytes)
        content = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
        headers = self._headers | {"Content-Type": "application/octet-stream" if is_file else "application/json"}
        if time.monotonic() > self._used + IDLE_SECONDS:
            self._connection.close()  # the next request opens it again
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        self._used = time.monotonic()
        if answer.status >= 300:
            raise OSError(f"{method} {path}: {answer.status} {read[:300]!r}")
        return read

    def json(self, method: str, path: str, body: object = None) -> Any:
        """The answer, decoded."""
        return msgspec.json.decode(self.ask(method, path, body))

    def close(self) -> None:
        """Give the connection up."""
        self._connection.close()
