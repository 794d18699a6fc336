"""The HTTP side as a process: uvicorn, which tells the streams to go before it waits for them.

Refuses to wait for anybody longer than `GRACE_SECONDS`.
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
STARTUP_FAILURE = 3  # exit status


def serve(app: Litestar, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; exits with status 3 where it cannot start."""
    server = Server(app, settings)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams and waiting pulls end by themselves, then the rest."""
        desk: Desk = self._app.state.desk
        desk.pokes.end()
        await super().shutdown(sockets)
