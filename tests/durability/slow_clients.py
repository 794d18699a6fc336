"""Clients that take for ever: half a request's head, a body of a byte a second, an answer that is never read."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

HALF = b"POST /v1/sync/push HTTP/1.1\r\nHost: HOST\r\nX-Half: "
SLOW = b"POST /v1/sessions HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
UNREAD = b"GET /openapi.json HTTP/1.1\r\nHost: HOST\r\n\r\n" * 40  # more than all buffers on the way hold
KINDS = {"half a head": HALF, "a byte a second": SLOW, "unread answer": UNREAD}
READ_BUFFER = 4096  # bytes that a client's kernel takes for it unasked
TICK, AT_ONCE = 0.1, 5  # seconds, and how many of them come in each: fifty a second


class SlowClients:
    """So many of each kind, open until the server closes them or the block ends."""

    def __init__(self, url: str, many: int) -> None:
        parts = urlsplit(url)
        self._address, self._host = (parts.hostname, parts.port), parts.netloc
        self._to_come = [kind for _ in range(many) for kind in KINDS]
        self._sockets: dict[socket.socket, str] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._come_and_dribble)

    def __enter__(self) -> SlowClients:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()
        for one in self._sockets:
            one.close()

    def open(self) -> dict[str, int]:
        """How many of each kind the server has not closed; raises OSError where not all have come yet."""
        if self._to_come:
            raise OSError(f"{len(self._to_come)} have not come yet")
        return {kind: sum(not _closed(one) for one, k in self._sockets.items() if k == kind) for kind in KINDS}

    def _come_and_dribble(self) -> None:
        ticks = 0
        while not self._over.wait(TICK):
            ticks += 1
            for _ in range(min(AT_ONCE, len(self._to_come))):
                self._come(self._to_come.pop())
            for one, kind in self._sockets.items() if ticks % 10 == 0 else ():
                if kind == "a byte a second":
                    with contextlib.suppress(OSError):
                        one.send(b" ")

    def _come(self, kind: str) -> None:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, READ_BUFFER)
        one.connect(self._address)
        one.setblocking(False)
        one.send(KINDS[kind].replace(b"HOST", self._host.encode()))
        self._sockets[one] = kind


def _closed(one: socket.socket) -> bool:
    """Whether the other side has closed: an end of file behind what it said, or a reset."""
    try:
        while True:
            if not one.recv(65536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
