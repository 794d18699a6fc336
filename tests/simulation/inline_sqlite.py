"""SQLite without its threads: the service's own writer and readers, on connections that answer at once.

Nine tenths of a history's time went into waking aiosqlite's threads. Refuses to be fit for a service: it blocks the
loop, and it leaves the disk alone, for nobody keeps what a history wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, cast

import aiosqlite

from api.store.sqlite import PRAGMAS, READERS, SqliteDatabase
from api.store.turnstile import Turnstile


class _Inline:
    """What the service asks of a connection, done in place."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._connection.row_factory = sqlite3.Row
        for pragma in (*PRAGMAS, "PRAGMA synchronous=OFF"):
            self._connection.execute(pragma)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    async def execute_fetchall(self, sql: str, values: Mapping[str, Any] | tuple[()] = ()) -> Iterable[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    async def close(self) -> None:
        self._connection.close()


def open_inline(path: str) -> SqliteDatabase:
    """The database in this file, which is migrated already."""
    connections = cast(list[aiosqlite.Connection], [_Inline(path) for _ in range(1 + READERS)])
    return SqliteDatabase(connections[0], connections[1:], Turnstile(path))
