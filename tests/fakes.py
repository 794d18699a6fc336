"""The outside world, by hand: a web server on loopback that answers as it is told and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import unquote

Reply = tuple[int, Mapping[str, str], bytes | Iterator[bytes]]
Route = Callable[[str, str], Reply]


class Seen(NamedTuple):
    """One request: the path without percent-encoding, the raw query, headers with lower-case names, a POST's body."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes = b""
    at: float = 0.0  # seconds of the machine's own clock


def not_found(path: str, query: str) -> Reply:
    """What a server says that knows nothing."""
    return 404, {"Content-Type": "text/plain"}, b"Resource not found."


class ReplayServer:
    """Answers GET and POST by `route(path, query)` on a free loopback port while the `with` block lasts.

    A `Content-Length` among a reply's headers stands as it is, so that a body may be cut off; a body in pieces ends
    with the connection. `route` runs on the server's own thread and may be replaced at any time; the request that it
    answers is this thread's `current`.
    """

    def __init__(self, route: Route = not_found) -> None:
        self.route = route
        self.seen: list[Seen] = []
        self._asking = threading.local()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False  # a route that waits for its test must not hold up the end of it
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The server's origin, `http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def current(self) -> Seen:
        """What this thread answers."""
        seen: Seen = self._asking.seen
        return seen

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        replay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                path = unquote(path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = self.rfile.read(int(headers.get("content-length", "0")))
                replay._asking.seen = Seen(path, query, headers, asked, time.monotonic())
                replay.seen.append(replay.current)
                status, headers, body = replay.route(path, query)
                self.send_response(status)
                length = {"Content-Length": str(len(body))} if isinstance(body, bytes) else {}
                for name, value in {**length, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in (body,) if isinstance(body, bytes) else body:
                        self.wfile.write(piece)
                except OSError:
                    return  # the client heard enough

            do_POST = do_GET  # noqa: N815  the name is the standard library's

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the tests look at `seen`."""

        return Handler
