"""SQLite: one file, WAL, one writer with group commit, a few readers.

Writers take turns on one connection; each after the first is a savepoint, and whoever leaves last commits for all
that came together, so one fsync serves many. Processes take turns too (`turnstile`). Refuses to acknowledge before
that commit.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from api.store.database import Insert, Row, Tx, Value
from api.store.sqlite_connection import Connection
from api.store.turnstile import Turnstile

T = TypeVar("T")
READERS = 4
GROUP = 64  # most writers that share one commit
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
)


class SqliteTx:
    """One open transaction on a connection."""

    dialect = "sqlite"

    def __init__(self, connection: Connection, seconds: float = 0) -> None:
        self._connection = connection
        self._seconds = seconds  # of a statement that reads; 0: as long as it needs

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement; raises Unavailable where it reads for too long."""
        return await self._connection.rows(sql, values, self._seconds)

    async def row(self, sql: str, **values: Value) -> Row | None:
        """The first row of a statement, or None."""
        found = await self.rows(sql, **values)
        return found[0] if found else None

    async def run(self, sql: str, **values: Value) -> None:
        """Run a statement for its effect."""
        await self._connection.rows(sql, values, self._seconds)

    async def insert(self, insert: Insert, rows: Sequence[tuple[Value, ...]]) -> int:
        """Insert rows with one statement, run once for each of them in one go; how many were written."""
        return await self._connection.many(_text(insert), rows)

    async def lock(self, name: str) -> None:
        """SQLite has one writer at a time: every name is held already."""

    async def take_time(self) -> None:
        """Let the statements of this transaction take as long as they need."""
        self._seconds = 0


class SqliteDatabase:
    """A writer that commits in groups and a queue of readers."""

    dialect = "sqlite"

    def __init__(
        self, writer: Connection, readers: list[Connection], turnstile: Turnstile, statement_seconds: float = 0
    ) -> None:
        self._writer = writer
        self._seconds = statement_seconds
        self._turnstile = turnstile
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._group: list[asyncio.Future[None]] = []

    @classmethod
    async def open(cls, path: str, statement_seconds: float = 0) -> SqliteDatabase:
        """Open the file, making it and its folder where missing; a new file is its owner's alone.

        What reads for longer than `statement_seconds` (0: never) is ended.
        """
        _make_file(Path(path))
        connections = [await _connect(path) for _ in range(1 + READERS)]
        return cls(connections[0], connections[1:], Turnstile(path), statement_seconds)

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit what `work` did together with the writers that came meanwhile, or nothing of it."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._take_turn()
        try:
            result = await self._one(work, committed)
        finally:
            self._turn.release()
        await committed
        return result

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            self._waiting -= 1
            if not self._turn.locked():
                await asyncio.shield(self._settle())
            raise
        self._waiting -= 1

    async def _one(self, work: Callable[[Tx], Awaitable[T]], committed: asyncio.Future[None]) -> T:
        tx = SqliteTx(self._writer, self._seconds)
        first = not self._writer.in_transaction  # alone in its group so far, it needs no savepoint to be undone
        await (self._begin() if first else tx.run("SAVEPOINT turn"))
        try:
            try:
                result = await work(tx)
            except BaseException:
                await tx.run("ROLLBACK" if first else "ROLLBACK TO turn")
                raise
            self._group.append(committed)
            return result
        finally:
            if not first:
                await tx.run("RELEASE turn")
            if self._waiting == 0 or len(self._group) >= GROUP:
                await self._commit()

    async def _begin(self) -> None:
        await self._turnstile.enter()
        try:
            await self._writer.rows("BEGIN IMMEDIATE", {})
        except BaseException:
            try:
                await self._writer.rollback()  # as in `read`
            finally:
                self._turnstile.leave()
            raise

    async def _settle(self) -> None:
        """Commit for those who were left by a writer that gave up waiting for its turn."""
        async with self._turn:
            if self._waiting == 0:
                await self._commit()

    async def _commit(self) -> None:
        group, self._group = self._group, []
        try:
            if self._writer.in_transaction:
                await self._writer.rows("COMMIT", {})
        except sqlite3.Error as failure:
            await self._writer.rows("ROLLBACK", {})
            for one in group:
                _fail(one, failure)
            return
        finally:
            self._turnstile.leave()
        for one in group:
            if not one.done():
                one.set_result(None)

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` on one snapshot."""
        reader = await self._readers.get()
        tx = SqliteTx(reader, self._seconds)
        try:
            await tx.run("BEGIN DEFERRED")  # whoever gives up here has begun all the same: what was asked is done
            return await work(tx)
        finally:
            try:
                await reader.rollback()
            finally:
                self._readers.put_nowait(reader)

    async def close(self) -> None:
        """Close every connection; waits for the writer's turn."""
        async with self._turn:
            await self._writer.close()
        for _ in range(READERS):
            await (await self._readers.get()).close()
        self._turnstile.close()


def _text(insert: Insert) -> str:
    places = ", ".join("?" * len(insert.columns))
    return f"INSERT INTO {insert.table} ({', '.join(insert.columns)}) VALUES ({places}) {insert.clash}"


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # the log beside it gets the same mode from SQLite


async def _connect(path: str) -> Connection:
    return await asyncio.to_thread(Connection, path, PRAGMAS)  # a log that a crash left is read again here


def _fail(waiter: asyncio.Future[None], failure: Exception) -> None:
    if not waiter.done():
        waiter.set_exception(failure)
