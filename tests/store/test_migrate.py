"""Migrations beside a running service: each alone, giving way to who holds a table, and known for what they end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from api.domain.errors import Unavailable
from api.store import migrate as of_store
from api.store.database import Database, Tx, open_database
from api.store.migrate import beyond_us, bring_to, migrate, migrations, statements
from api.store.schema import can_serve, is_current

FIRST_RULED = 38  # those before were never run beside an older program
TAKES_AWAY = re.compile(
    r"DROP TABLE|DROP COLUMN|RENAME|TRUNCATE|ALTER COLUMN|ADD CONSTRAINT|UNIQUE INDEX|(?<!IS )NOT NULL(?!.*DEFAULT)",
    re.I,
)


@pytest.fixture
async def newest(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def note(database: Database, number: int, name: str) -> None:
    await database.write(
        lambda tx: tx.run("INSERT INTO schema_migration (number, name) VALUES (:n, :name)", n=number, name=name)
    )


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_only_what_says_so_takes_something_away(dialect: str) -> None:
    """A migration without `contract` in its name leaves a program that does not know it able to read and to write."""
    found = [
        (name, statement)
        for number, name, sql in migrations(dialect)
        for statement in statements(sql)
        if number >= FIRST_RULED and "_contract_" not in name and not statement.startswith("CREATE TABLE")
        if TAKES_AWAY.search(statement)
    ]
    assert found == []


def test_what_takes_away_is_known_by_its_words() -> None:
    ruled = {name: sql for _, name, sql in migrations("postgres")}
    assert any(TAKES_AWAY.search(one) for one in statements(ruled["0033_quicker"]))
    assert not any(TAKES_AWAY.search(one) for one in statements(ruled["0036_open_links"]))


async def test_a_program_serves_on_what_a_newer_one_added(newest: Database) -> None:
    assert await is_current(newest)
    await note(newest, 9001, "9001_more_words")
    assert await can_serve(newest)
    assert not await is_current(newest)
    assert await migrate(newest) == []  # so it starts, too


async def test_a_program_ends_on_what_took_away_what_it_needs(newest: Database) -> None:
    known = max(number for number, _, _ in migrations(newest.dialect))
    await note(newest, 9001, f"9001_contract_{known:04}_old_words")  # spares who knows our newest one
    assert await can_serve(newest)
    await note(newest, 9003, "9003_contract_9001_older_words")
    assert not await can_serve(newest)
    with pytest.raises(RuntimeError, match="9003_contract_9001_older_words"):
        await migrate(newest)


async def test_a_program_does_not_serve_on_what_is_behind_it(newest: Database) -> None:
    await newest.write(lambda tx: tx.run("DELETE FROM schema_migration WHERE number = 1"))
    assert not await can_serve(newest)


def test_what_a_migration_spares_is_in_its_name() -> None:
    assert beyond_us({41: "0041_contract_0039_old"}, {38}) == "0041_contract_0039_old"
    assert beyond_us({41: "0041_contract_0039_old"}, {38, 39}) is None
    assert beyond_us({41: "0041_contract_0039_old"}, {38, 39, 40, 41}) is None
    assert beyond_us({41: "0041_more"}, {38}) is None


async def test_each_migration_is_a_transaction_of_its_own_and_is_taken_up_where_it_ended(
    newest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*sql: str) -> list[tuple[int, str, str]]:
        more = [(9001 + n, f"{9001 + n}_more", one) for n, one in enumerate(sql)]
        return migrations(newest.dialect) + more

    broken = told("CREATE TABLE first (id BIGINT)", "CREATE TABLE second (id BIGINT);\nSELECT broken")
    monkeypatch.setattr(of_store, "migrations", lambda dialect: broken)
    with pytest.raises(Exception, match="broken"):
        await migrate(newest)
    mended = told("CREATE TABLE first (id BIGINT)", "CREATE TABLE second (id BIGINT)")
    monkeypatch.setattr(of_store, "migrations", lambda dialect: mended)
    assert await migrate(newest) == ["9002_more"]
    await newest.write(lambda tx: tx.run("INSERT INTO second SELECT id FROM first"))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_migration_gives_way_to_who_holds_its_table_and_comes_back(
    newest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [*migrations("postgres"), (9001, "9001_more", "ALTER TABLE account ADD COLUMN more BIGINT")]
    monkeypatch.setattr(of_store, "migrations", lambda dialect: more)
    monkeypatch.setattr(of_store, "PAUSE_SECONDS", 0.01)
    holds, let_go = asyncio.Event(), asyncio.Event()

    async def hold(tx: Tx) -> None:
        await tx.rows("SELECT * FROM account")
        holds.set()
        await let_go.wait()

    holder = asyncio.create_task(newest.read(hold))
    try:
        await asyncio.wait_for(holds.wait(), 10)
        with pytest.raises(Unavailable, match="LockNotAvailable"):
            await newest.write(lambda tx: bring_to(tx, "postgres"))
        migrating = asyncio.create_task(migrate(newest))
        await asyncio.wait({migrating}, timeout=3)
        assert not migrating.done()  # it gave way once at least, and comes back
    finally:
        let_go.set()
        await holder
    assert await migrating == ["9001_more"]
