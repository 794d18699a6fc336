"""One SQLite connection: short statements run where they are asked, long ones in a thread of its own.

Waking a thread and being woken by it costs more than most statements take. Refuses to hold up everybody else for it: a
question that SQLite has not answered within a budget of its own steps is broken off and asked again in the thread, and
so is the same text for a while; what may wait for the disk or another process, or touches rows that nobody counted
(COMMIT, BEGIN IMMEDIATE, UPDATE, DELETE), goes there at once. What reads there for longer than it may is ended; what
writes never is, for SQLite would undo the whole transaction with it, and with that the work of other writers.
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from api.domain.errors import Unavailable
from api.store.database import AGAIN_SECONDS

T = TypeVar("T")
# The last is one row by its key, in every write.
SHORT = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN DEFERRED", "UPDATE library SET version")
STEPS = 60_000  # instructions of SQLite's machine, two or three milliseconds: a page of a tag takes half of them
LONG_SECONDS = 0.004  # of work; some instructions are long themselves: a full text index answers within one
AWAY_SECONDS = 0.020  # from asking to answer: the disk is slow, or the machine so busy that a thread is fairer
AWAY = 200  # times that a text which took long is asked in the thread at once
ROWS = 128  # most rows that are inserted in place


class Connection:
    """A connection for one task at a time; raises what sqlite3 raises."""

    def __init__(self, path: str, pragmas: Sequence[str]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in pragmas:
            self._connection.execute(pragma)
        self._connection.set_progress_handler(self._enough, STEPS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._last: Future[Any] | None = None
        self._asking_here = False
        self._end = math.inf  # of what the thread reads, on the monotonic clock
        self._long: dict[str, int] = {}

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    async def rows(self, sql: str, values: Mapping[str, Any], seconds: float = 0) -> list[sqlite3.Row]:
        """All rows of one statement; raises Unavailable where it reads for longer than `seconds` (0: no limit)."""
        if self._is_short(sql):
            found = self._within_budget(sql, values)
            if found is not None:
                return found
        if seconds and sql.startswith("SELECT"):
            return await self._elsewhere(lambda: self._in_time(sql, values, seconds))
        return await self._elsewhere(lambda: self._connection.execute(sql, values).fetchall())

    async def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run a statement for each row of values; how many rows it wrote."""
        if len(rows) <= ROWS and self._idle():
            return self._connection.executemany(sql, rows).rowcount
        return await self._elsewhere(lambda: self._connection.executemany(sql, rows).rowcount)

    async def rollback(self) -> None:
        """Undo the open transaction, where there is one, once what runs has ended."""
        if self._idle():
            self._connection.rollback()
        else:
            await self._elsewhere(self._connection.rollback)

    async def close(self) -> None:
        """Close it, once what runs has ended."""
        await self._elsewhere(self._connection.close)
        self._thread.shutdown(wait=False)

    def _idle(self) -> bool:
        """Whether the thread has nothing to do: who gave up waiting may have left a statement there."""
        return self._last is None or self._last.done()

    def _is_short(self, sql: str) -> bool:
        counted = sql.startswith(SHORT) or (sql.startswith("INSERT") and "SELECT" not in sql)
        if not (counted and self._idle()):
            return False
        left = self._long.get(sql, 0)
        if left:
            self._long[sql] = left - 1
        return not left

    def _within_budget(self, sql: str, values: Mapping[str, Any]) -> list[sqlite3.Row] | None:
        """The rows, or None where SQLite would have gone on for too long; only what reads is ever broken off."""
        found = None
        began, worked = time.perf_counter(), time.thread_time()
        self._asking_here = sql.startswith("SELECT")
        try:
            found = self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self._asking_here = False
        took = time.perf_counter() - began
        # On a busy machine the clock goes on while others have the processor: that is not the statement's doing.
        if found is None or took > AWAY_SECONDS or (took > LONG_SECONDS < time.thread_time() - worked):
            self._long[sql] = AWAY
        return found

    def _in_time(self, sql: str, values: Mapping[str, Any], seconds: float) -> list[sqlite3.Row]:
        """The rows, in the thread; raises Unavailable where SQLite would have gone on for too long."""
        self._end = time.monotonic() + seconds
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            said = f"the database did not find this within {seconds:g} s; try again"
            raise Unavailable(said, retry_after=AGAIN_SECONDS) from error
        finally:
            self._end = math.inf

    def _enough(self) -> bool:
        """Whether SQLite is to break off what it does; asked every `STEPS`."""
        return self._asking_here or time.monotonic() > self._end

    async def _elsewhere(self, work: Callable[[], T]) -> T:
        """Do it in the thread, after what is done there already; it is done to its end, whoever gives up waiting."""
        job = self._last = self._thread.submit(work)
        return await asyncio.shield(asyncio.wrap_future(job))
