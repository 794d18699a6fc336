"""Processes that write to one SQLite file take turns: whoever waits is next, however busy the others are."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.store import turnstile
from api.store.database import Tx
from api.store.sqlite import GROUP, SqliteDatabase
from api.store.turnstile import Turnstile

BUSY = 16
WRITES = 15


async def _note(tx: Tx) -> None:
    await tx.run("INSERT INTO note (text) VALUES ('x')")


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[SqliteDatabase, SqliteDatabase]]:
    """Two databases on one file, as two processes have them."""
    path = str(tmp_path / "shared.db")
    opened = [await SqliteDatabase.open(path) for _ in range(2)]
    await opened[0].write(lambda tx: tx.run("CREATE TABLE note (text TEXT)"))
    yield opened[0], opened[1]
    for one in opened:
        await one.close()


async def test_a_writer_beside_a_busy_process_waits_for_two_groups_at_most(
    pair: tuple[SqliteDatabase, SqliteDatabase],
) -> None:
    busy, other = pair
    done = 0

    async def write_on() -> None:
        nonlocal done
        while True:
            await busy.write(_note)
            done += 1

    writers = [asyncio.create_task(write_on()) for _ in range(BUSY)]
    waited = []
    for _ in range(WRITES):
        before = done
        await other.write(_note)
        waited.append(done - before)
    for one in writers:
        one.cancel()
    await asyncio.gather(*writers, return_exceptions=True)
    assert done > WRITES  # the busy one went on as well
    assert max(waited) <= 2 * GROUP


async def test_a_write_that_fails_gives_the_turn_back(pair: tuple[SqliteDatabase, SqliteDatabase]) -> None:
    one, other = pair
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await one.write(lambda tx: tx.run("INSERT INTO nowhere VALUES (1)"))
        await asyncio.wait_for(other.write(_note), 5)


async def test_who_gives_up_waiting_holds_nobody_up(pair: tuple[SqliteDatabase, SqliteDatabase]) -> None:
    one, other = pair
    go_on = asyncio.Event()

    async def long(tx: Tx) -> None:
        await go_on.wait()

    holding = asyncio.create_task(one.write(long))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(other.write(_note), 0.05)
    go_on.set()
    await holding
    await asyncio.wait_for(asyncio.gather(one.write(_note), other.write(_note)), 5)


async def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "MOST_SECONDS", 0.05)
    holder, waiter = Turnstile(str(tmp_path / "a.db")), Turnstile(str(tmp_path / "a.db"))
    await holder.enter()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await waiter.enter()
    holder.leave()
    await waiter.enter()
    with open(tmp_path / "a.db-line") as line:
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody stands in line any more
    holder.close()
    waiter.close()
