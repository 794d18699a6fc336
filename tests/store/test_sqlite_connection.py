"""What is short is answered in place, what is long in the thread, and neither is ever lost or done twice."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from api.store.sqlite import PRAGMAS
from api.store.sqlite_connection import ROWS, STEPS, Connection

# Counts to far more steps than the budget allows.
LONG = f"""SELECT COUNT(*) AS n, (SELECT COUNT(*) FROM note) AS notes FROM (
  WITH RECURSIVE up(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up WHERE x < {STEPS}) SELECT x FROM up)"""


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    """A connection to a new file with one table."""
    opened = Connection(str(tmp_path / "new.db"), PRAGMAS)
    await opened.rows("CREATE TABLE note (text TEXT NOT NULL)", {})
    yield opened
    await opened.close()


def in_place(asked: Coroutine[Any, Any, Any]) -> bool:
    """Whether it ends without waiting for anything."""
    try:
        asked.send(None)
    except StopIteration:
        return True
    asked.close()
    return False


async def test_a_short_question_and_a_few_rows_wait_for_no_thread(connection: Connection) -> None:
    await connection.rows("BEGIN IMMEDIATE", {})
    assert in_place(connection.many("INSERT INTO note (text) VALUES (?)", [("x",)] * ROWS))
    assert in_place(connection.rows("INSERT INTO note (text) VALUES (:text)", {"text": "y"}))
    assert in_place(connection.rows("SELECT text FROM note WHERE text = :text", {"text": "y"}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note SET text = 'z'",
        "DELETE FROM note",
        "INSERT INTO note (text) SELECT text FROM note",
        "BEGIN IMMEDIATE",
    ],
)
async def test_what_touches_uncounted_rows_or_may_wait_goes_to_the_thread(
    connection: Connection, statement: str
) -> None:
    assert not in_place(connection.rows(statement, {}))


async def test_many_rows_go_to_the_thread(connection: Connection) -> None:
    assert not in_place(connection.many("INSERT INTO note (text) VALUES (?)", [("x",)] * (ROWS + 1)))


async def test_a_long_question_is_broken_off_and_answered_from_the_thread(connection: Connection) -> None:
    await connection.rows("BEGIN IMMEDIATE", {})
    await connection.many("INSERT INTO note (text) VALUES (?)", [("x",)])
    begun: list[str] = []
    connection._connection.set_trace_callback(begun.append)
    for times in (2, 3):  # broken off and asked again; then there at once
        waiting = asyncio.ensure_future(connection.rows(LONG, {}))
        await asyncio.sleep(0)
        assert not waiting.done()
        [row] = await waiting
        assert (row["n"], row["notes"]) == (STEPS, 1)
        assert len(begun) == times
    assert connection.in_transaction  # breaking off a question undid nothing
    await connection.rows("COMMIT", {})
    [row] = await connection.rows("SELECT COUNT(*) AS n FROM note", {})
    assert row["n"] == 1


async def test_an_error_is_told_from_either_place(connection: Connection) -> None:
    for statement in ("SELECT * FROM nowhere", "DELETE FROM nowhere"):
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await connection.rows(statement, {})


async def test_who_gives_up_leaves_a_statement_that_ends_before_the_next_one(connection: Connection) -> None:
    entered, go_on = threading.Event(), threading.Event()
    hold = asyncio.ensure_future(connection._elsewhere(lambda: (entered.set(), go_on.wait(10))))
    await asyncio.to_thread(entered.wait, 10)
    leaving = asyncio.ensure_future(connection.rows("UPDATE note SET text = 'late'", {}))
    await asyncio.sleep(0)
    for one in (hold, leaving):
        one.cancel()
    await asyncio.wait({hold, leaving})
    next_one = asyncio.ensure_future(connection.rows("SELECT 1 AS one", {}))
    await asyncio.sleep(0)
    assert not next_one.done()  # short as it is, it stands in line
    go_on.set()
    [row] = await asyncio.wait_for(next_one, 10)
    assert row["one"] == 1
    await connection.rollback()
