"""The HTTP side as a process: uvicorn, which tells the streams to go before it waits for them.

Refuses to wait at its end for anybody longer than `GRACE_SECONDS`, and at any time for one who takes nothing of an
answer for `UNREAD_SECONDS`: the kernel drops that connection.
"""

from __future__ import annotations

import contextlib
import socket
import sys

import uvicorn
from litestar import Litestar

from api.actions.desk import Desk
from api.settings import Settings

GRACE_SECONDS = 4
UNREAD_SECONDS = 45
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
                h11_max_incomplete_event_size=16_384,
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
