"""SQLite without its threads: the service's own writer and readers, on connections that answer at once.

Nine tenths of a history's time went into waking threads. Refuses to be fit for a service: it blocks the loop, and it
leaves the disk alone, for nobody keeps what a history wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from api.store.sqlite import PRAGMAS, READERS, SqliteDatabase
from api.store.sqlite_connection import Connection
from api.store.turnstile import Turnstile

T = TypeVar("T")


class _Inline(Connection):
    """A connection that does everything in place."""

    async def _elsewhere(self, work: Callable[[], T]) -> T:
        return work()


def open_inline(path: str) -> SqliteDatabase:
    """The database in this file, which is migrated already."""
    connections = [_Inline(path, (*PRAGMAS, "PRAGMA synchronous=OFF")) for _ in range(1 + READERS)]
    return SqliteDatabase(connections[0], connections[1:], Turnstile(path))
