"""PostgreSQL through asyncpg: the same `:name` statements, rewritten once to `$1` and cached.

Refuses nothing that SQLite takes; where two writers meet, the one that the server turned back runs again.
"""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TypeVar

import asyncpg

from api.domain.errors import Unavailable
from api.store.database import AGAIN_SECONDS, Insert, Row, Tie, Tx, Value

T = TypeVar("T")
POOL = 10
TRIES = 6  # of one transaction that met another
TURN_SECONDS = 4.0  # how long a transaction waits for a connection while others hold them all
ANSWER_SECONDS = 30.0  # after which a server that says nothing is taken for dead
DAY_SECONDS = 86_400.0  # what may take long has that much: to no limit at all the driver listens less well
_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
# A host whose cable is cut says no goodbye: without these the server keeps its open transaction, and with it the lock
# of a library, for two hours.
_WHEN_WE_ARE_GONE = {
    "idle_in_transaction_session_timeout": "15s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
}
_TYPES = (
    "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute "
    "WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"
)
_TIE = (Tie, asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


_AWAY = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)


@lru_cache(maxsize=4096)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`WHERE id = :id` → `WHERE id = $1` and the names in order. A literal may not hold `:word`."""
    places: dict[str, int] = {}
    text = _NAME.sub(lambda m: f"${places.setdefault(m.group(1), len(places) + 1)}", sql)
    return text, tuple(places)


@asynccontextmanager
async def _there() -> AsyncIterator[None]:
    """Raise Unavailable where the server is away, ends our session, or does not answer in time."""
    try:
        yield
    except _AWAY as failure:
        said = f"the database does not answer ({type(failure).__name__}); try again"
        raise Unavailable(said, retry_after=AGAIN_SECONDS) from failure


async def _leave_as_it_is(connection: object) -> None:
    """Save the round trip that tidies a session up: each use is one transaction, and all that it sets ends with it."""


class PostgresTx:
    """One open transaction on a connection."""

    dialect = "postgres"

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy, inserts: dict[Insert, str]) -> None:
        self._connection = connection
        self._inserts = inserts
        self._seconds: float | None = None  # of a statement; None: what the pool says
        self._locked: set[str] = set()

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement."""
        text, names = numbered(sql)
        found: Sequence[Row] = await self._connection.fetch(text, *(values[n] for n in names), timeout=self._seconds)
        return found

    async def row(self, sql: str, **values: Value) -> Row | None:
        """The first row of a statement, or None."""
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def run(self, sql: str, **values: Value) -> None:
        """Run a statement for its effect."""
        text, names = numbered(sql)
        await self._connection.execute(text, *(values[n] for n in names), timeout=self._seconds)

    async def insert(self, insert: Insert, rows: Sequence[tuple[Value, ...]]) -> int:
        """Insert rows, sent as one array for each column; how many were written."""
        if insert not in self._inserts:
            self._inserts[insert] = await self._unnested(insert)
        columns = map(list, zip(*rows, strict=True))
        done: str = await self._connection.execute(self._inserts[insert], *columns, timeout=self._seconds)
        return int(done.rsplit(" ", 1)[1])

    async def _unnested(self, insert: Insert) -> str:
        types = {row["attname"]: row["type"] for row in await self._connection.fetch(_TYPES, insert.table)}
        arrays = ", ".join(f"${i}::{types[column]}[]" for i, column in enumerate(insert.columns, 1))
        return f"INSERT INTO {insert.table} ({', '.join(insert.columns)}) SELECT * FROM unnest({arrays}) {insert.clash}"

    async def lock(self, name: str) -> None:
        """Wait for an advisory lock of this name, held to the end of the transaction."""
        if name in self._locked:
            return
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        await self._connection.execute("SELECT pg_advisory_xact_lock($1)", number, timeout=self._seconds)
        self._locked.add(name)

    async def take_time(self) -> None:
        """Let the statements of this transaction take as long as they need."""
        self._seconds = DAY_SECONDS
        await self.run("SET LOCAL statement_timeout = 0")


class PostgresDatabase:
    """A pool of connections to one server."""

    dialect = "postgres"

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._inserts: dict[Insert, str] = {}

    @classmethod
    async def open(cls, url: str, statement_seconds: float) -> PostgresDatabase:
        """Connect; the server ends a statement that takes longer (0: never). Raises what asyncpg raises."""
        told = _WHEN_WE_ARE_GONE | {"statement_timeout": str(int(statement_seconds * 1000))}
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=POOL, command_timeout=ANSWER_SECONDS, server_settings=told, reset=_leave_as_it_is
        )
        return cls(pool)

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit what `work` did, or nothing of it; a tie with another writer runs it again."""
        for left in range(TRIES - 1, -1, -1):
            try:
                async with _there(), self._pool.acquire(timeout=TURN_SECONDS) as connection, connection.transaction():
                    return await work(PostgresTx(connection, self._inserts))
            except _TIE:
                if left == 0:
                    raise
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` on one snapshot."""
        async with (
            _there(),
            self._pool.acquire(timeout=TURN_SECONDS) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await work(PostgresTx(connection, self._inserts))

    async def close(self) -> None:
        """Close the pool once its connections are back."""
        await self._pool.close()
