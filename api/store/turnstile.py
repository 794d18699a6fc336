"""Whose turn it is to write to one SQLite file, among processes: one after the other, and nobody barges.

SQLite itself lets whoever asks at the right moment write next, so that a busy process starves the others for seconds.
Here a writer first stands in line (one lock), waits there for its turn (the other), and only then leaves the line:
who has just written must queue behind it. The kernel gives both locks back when a process dies. Refuses to wait for
ever.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
import time

LOOK_SECONDS = 0.001
MOST_SECONDS = 15.0


class Turnstile:
    """Two locks beside a database file; held by one database object at a time, also within a process."""

    def __init__(self, path: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._line, self._turn = (os.open(path + end, flags, 0o600) for end in ("-line", "-turn"))
        self._held = False

    async def enter(self) -> None:
        """Wait for the turn, unless it is held already; raises sqlite3.OperationalError after 15 seconds."""
        if self._held:
            return
        end = time.monotonic() + MOST_SECONDS
        await _take(self._line, end)
        try:
            await _take(self._turn, end)
            self._held = True
        finally:
            fcntl.flock(self._line, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Give the turn to whoever is first in line."""
        if self._held:
            self._held = False
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give everything back."""
        os.close(self._line)
        os.close(self._turn)


async def _take(lock: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > end:
                raise sqlite3.OperationalError("database is locked") from None
        await asyncio.sleep(LOOK_SECONDS)
