"""The HTTP side as a process: uvicorn, which tells the streams to go before it waits for them.

Refuses to wait at its end for anybody longer than `GRACE_SECONDS`, and at any time for one who takes nothing of an
answer for `UNREAD_SECONDS`: the kernel drops that connection. Refuses heads of more than `MOST_HEAD` bytes.
"""

from __future__ import annotations

import contextlib
import socket
import sys

import uvicorn
from litestar import Litestar
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.actions.desk import Desk
from api.settings import Settings

GRACE_SECONDS = 4
UNREAD_SECONDS = 45
MOST_HEAD = 16_384
STARTUP_FAILURE = 3  # exit status


def serve(app: Litestar, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; exits with status 3 where it cannot start."""
    server = Server(app, settings)
    with contextlib.suppress(KeyboardInterrupt):
        server.run([server.listen()])
    if not server.started:
        sys.exit(STARTUP_FAILURE)


class Server(uvicorn.Server):
    """Serves the application until a signal says otherwise."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                access_log=False,  # addresses hold search terms; problems have ids of their own
                log_config=None,
                proxy_headers=False,
                server_header=False,
                ws="none",
                http=Protocol,
                loop="uvloop",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._app = app

    def listen(self) -> socket.socket:
        """The bound socket; what is accepted there inherits its options. Exits with status 3 where it is taken."""
        bound = self.config.bind_socket()
        # asyncio does so itself only for sockets that name their protocol; without it an answer waits 40 ms for an ACK
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere the proxy alone bounds such clients
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        return bound

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams and waiting pulls end by themselves, then the rest."""
        desk: Desk = self._app.state.desk
        desk.pokes.end()
        await super().shutdown(sockets)


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 whose heads have an end: the parser takes them byte by byte, for as long as somebody sends."""

    _head = 0  # bytes of the head that is being read

    def data_received(self, data: bytes) -> None:
        """Read on; answer 400 and close where a head is too long."""
        self._head += len(data)
        super().data_received(data)
        if self._head > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """Take the request; what follows is its body. Its head is counted without what came with it."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD:
            raise ValueError("the head is too long")  # which the parser answers with 400
        self._head = -sys.maxsize
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head begins."""
        self._head = 0
        super().on_message_complete()
