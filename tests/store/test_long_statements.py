"""What takes too long is ended and said to be unavailable; what may take long, as migrations, is left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from api.domain.errors import Unavailable
from api.store import postgres
from api.store.database import Database, Tx, open_database

SECONDS = 0.3  # that a statement may take here
PROMPT_SECONDS = 10  # within which it ends on a busy machine
RUNAWAY = {
    "sqlite": "SELECT COUNT(*) FROM (WITH RECURSIVE up(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up) "
    "SELECT x FROM up)",
    "postgres": "SELECT pg_sleep(3600)",
}
SLOW = {  # about a second, which is too long here
    "sqlite": "SELECT COUNT(*) AS n FROM (WITH RECURSIVE up(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up "
    "WHERE x < 10000000) SELECT x FROM up)",
    "postgres": "SELECT 1 AS n FROM pg_sleep(1)",
}


@pytest.fixture
async def hurried(database_url: str) -> AsyncIterator[Database]:
    """A database whose statements may take a moment."""
    opened = await open_database(database_url, SECONDS)
    yield opened
    await opened.close()


async def _note(tx: Tx, name: str) -> None:
    await tx.run("INSERT INTO tally (name) VALUES (:name)", name=name)


async def test_a_runaway_question_is_ended_and_costs_nobody_else_anything(hurried: Database) -> None:
    await hurried.write(lambda tx: tx.run("CREATE TABLE tally (name TEXT)"))

    async def doomed(tx: Tx) -> None:
        await _note(tx, "doomed")
        await tx.rows(RUNAWAY[hurried.dialect])

    began = time.monotonic()
    for ask in (
        lambda: hurried.read(lambda tx: tx.rows(RUNAWAY[hurried.dialect])),
        lambda: hurried.write(doomed),
    ):
        others = [asyncio.ensure_future(hurried.write(lambda tx, n=n: _note(tx, f"good {n}"))) for n in range(3)]  # type: ignore[misc]
        with pytest.raises(Unavailable) as told:
            await ask()
        assert told.value.extra["retry_after"]
        await asyncio.gather(*others)
    assert time.monotonic() - began < PROMPT_SECONDS
    found = await hurried.read(lambda tx: tx.rows("SELECT name FROM tally"))
    assert sorted(row["name"] for row in found) == sorted([f"good {n}" for n in range(3)] * 2)


async def test_who_takes_time_has_it_whatever_the_limits(hurried: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def patient(tx: Tx) -> int:
        await tx.take_time()
        row = await tx.row(SLOW[hurried.dialect])
        assert row is not None
        n: int = row["n"]
        return n

    for run in (hurried.read, hurried.write):
        assert await run(patient) > 0
    with pytest.raises(Unavailable):  # and nobody after it
        await hurried.read(lambda tx: tx.rows(SLOW[hurried.dialect]))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_server_that_says_nothing_is_taken_for_dead_but_not_by_who_takes_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver has a limit of its own, which a migration must not meet either."""
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", SECONDS)
    database = await open_database(database_url)  # without a limit of the server's

    async def patient(tx: Tx) -> None:
        await tx.take_time()
        await tx.run("SELECT pg_sleep(1)")
        await tx.rows("SELECT pg_sleep(1)")

    with pytest.raises(Unavailable):
        await database.read(lambda tx: tx.rows("SELECT pg_sleep(1)"))
    await database.write(patient)
    await database.close()
