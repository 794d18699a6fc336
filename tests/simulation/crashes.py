"""A database that dies when told to: in the middle of a transaction, before its commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from api.store.database import Database, Insert, Row, Tx, Value

T = TypeVar("T")


class Crash(Exception):
    """The server's process ended before the commit."""


class _CrashingTx:
    """Lets a number of statements pass."""

    def __init__(self, tx: Tx, left: int) -> None:
        self._tx = tx
        self.dialect = tx.dialect
        self._left = left

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Crash

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        self._count()
        return await self._tx.rows(sql, **values)

    async def row(self, sql: str, **values: Value) -> Row | None:
        self._count()
        return await self._tx.row(sql, **values)

    async def run(self, sql: str, **values: Value) -> None:
        self._count()
        await self._tx.run(sql, **values)

    async def insert(self, insert: Insert, rows: Sequence[tuple[Value, ...]]) -> int:
        self._count()
        return await self._tx.insert(insert, rows)

    async def lock(self, name: str) -> None:
        await self._tx.lock(name)

    async def take_time(self) -> None:
        await self._tx.take_time()


class CrashingDatabase:
    """Another database's transactions; the next one that writes crashes once `crash_after` statements have run."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.dialect = inner.dialect
        self.crash_after: int | None = None

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit what `work` did, or crash at the latest before its commit."""
        left, self.crash_after = self.crash_after, None
        if left is None:
            return await self._inner.write(work)

        async def crash(tx: Tx) -> T:
            await work(_CrashingTx(tx, left))
            raise Crash

        return await self._inner.write(crash)

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` on one snapshot."""
        return await self._inner.read(work)

    async def close(self) -> None:
        """Leaves the inner one open, for it is shared."""
