"""PostgreSQL through asyncpg: the same `:name` statements, rewritten once to `$1` and cached.

Refuses nothing that SQLite takes; where two writers meet, the one that the server turned back runs again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import TypeVar

import asyncpg

from api.store.database import Row, Tie, Tx, Value

T = TypeVar("T")
POOL = 10
TRIES = 6  # of one transaction that met another
_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_TIE = (Tie, asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@lru_cache(maxsize=4096)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`WHERE id = :id` → `WHERE id = $1` and the names in order. A literal may not hold `:word`."""
    places: dict[str, int] = {}
    text = _NAME.sub(lambda m: f"${places.setdefault(m.group(1), len(places) + 1)}", sql)
    return text, tuple(places)


class PostgresTx:
    """One open transaction on a connection."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        self._connection = connection

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement."""
        text, names = numbered(sql)
        found: Sequence[Row] = await self._connection.fetch(text, *(values[n] for n in names))
        return found

    async def row(self, sql: str, **values: Value) -> Row | None:
        """The first row of a statement, or None."""
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def run(self, sql: str, **values: Value) -> None:
        """Run a statement for its effect."""
        text, names = numbered(sql)
        await self._connection.execute(text, *(values[n] for n in names))

    async def lock(self, name: str) -> None:
        """Wait for an advisory lock of this name, held to the end of the transaction."""
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        await self._connection.execute("SELECT pg_advisory_xact_lock($1)", number)


class PostgresDatabase:
    """A pool of connections to one server."""

    dialect = "postgres"

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str) -> PostgresDatabase:
        """Connect; raises what asyncpg raises when the server is not there."""
        pool = await asyncpg.create_pool(url, min_size=1, max_size=POOL, command_timeout=30)
        return cls(pool)

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit what `work` did, or nothing of it; a tie with another writer runs it again."""
        for left in range(TRIES - 1, -1, -1):
            try:
                async with self._pool.acquire() as connection, connection.transaction():
                    return await work(PostgresTx(connection))
            except _TIE:
                if left == 0:
                    raise
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` on one snapshot."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await work(PostgresTx(connection))

    async def close(self) -> None:
        """Close the pool once its connections are back."""
        await self._pool.close()
