"""One contract for both databases: what is acknowledged is there, what failed left nothing."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from api.domain.errors import Unavailable
from api.store.database import Database, Tx, Value, in_list, upsert
from api.store.migrate import bring_to, migrations, statements
from api.store.sqlite import SqliteDatabase


async def _names(database: Database) -> list[str]:
    async def read(tx: Tx) -> list[str]:
        return [row["name"] for row in await tx.rows("SELECT name FROM schema_migration ORDER BY number")]

    return await database.read(read)


async def test_every_migration_has_run_in_its_order(database: Database) -> None:
    assert await _names(database) == [name for _, name, _ in migrations(database.dialect)]


EACH_ITS_OWN = {"0020_search", "0033_quicker"}  # each database has a full-text index in words of its own


def test_the_schema_is_the_same_on_both_databases() -> None:
    postgres = {
        name: [one.replace(' COLLATE "C"', "").replace("BYTEA", "BLOB") for one in statements(sql)]
        for _, name, sql in migrations("postgres")
    }
    sqlite = {name: statements(sql) for _, name, sql in migrations("sqlite")}
    assert {name for name in postgres.keys() | sqlite if postgres.get(name) != sqlite.get(name)} == EACH_ITS_OWN


async def _add_account(tx: Tx, name: str) -> None:
    await tx.run(
        "INSERT INTO account (id, email, email_folded, password_hash, created_at) VALUES (:n, :n, :n, 'x', 1)", n=name
    )


async def _accounts(database: Database) -> list[str]:
    async def read(tx: Tx) -> list[str]:
        return [row["id"] for row in await tx.rows("SELECT id FROM account ORDER BY id")]

    return await database.read(read)


async def test_a_failed_write_leaves_nothing_and_spares_its_neighbours(database: Database) -> None:
    async def good(name: str) -> None:
        await database.write(lambda tx: _add_account(tx, name))

    async def bad() -> None:
        async def work(tx: Tx) -> None:
            await _add_account(tx, "bad")
            raise RuntimeError("stop")

        with pytest.raises(RuntimeError, match="stop"):
            await database.write(work)

    await asyncio.gather(*(good(f"a{i}") for i in range(5)), bad(), *(good(f"b{i}") for i in range(5)))
    assert await _accounts(database) == [f"a{i}" for i in range(5)] + [f"b{i}" for i in range(5)]


async def test_writers_that_give_up_while_waiting_do_not_hold_up_the_others(database: Database) -> None:
    started = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(tx: Tx) -> None:
        await _add_account(tx, "slow")
        started.set()
        await go_on.wait()

    first = asyncio.create_task(database.write(slow))
    await started.wait()
    second = asyncio.create_task(database.write(lambda tx: _add_account(tx, "gone")))
    await asyncio.sleep(0)
    second.cancel()
    go_on.set()
    await asyncio.wait_for(first, 5)
    with pytest.raises(asyncio.CancelledError):
        await second
    await asyncio.wait_for(database.write(lambda tx: _add_account(tx, "next")), 5)
    assert {"slow", "next"} <= set(await _accounts(database))


async def test_readers_that_give_up_leave_their_connection_fit_for_others(database: Database) -> None:
    for steps in range(40):
        reading = asyncio.create_task(_accounts(database))
        for _ in range(steps % 8):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait({reading})
    assert await asyncio.gather(*(_accounts(database) for _ in range(8))) == [[]] * 8


async def test_upsert_overwrites_rows_of_the_same_key_and_takes_more_rows_than_one_statement_may(
    database: Database,
) -> None:
    rows: list[dict[str, Value]] = [{"library_id": "l", "device_id": f"{i:05}", "seq": i} for i in range(12_000)]

    async def work(tx: Tx) -> int:
        await upsert(tx, "ack", ("library_id", "device_id"), rows)
        await upsert(tx, "ack", ("library_id", "device_id"), [{"library_id": "l", "device_id": "00000", "seq": 99}])
        text, values = in_list("d", ["00000", "00001"])
        found = await tx.rows(f"SELECT seq FROM ack WHERE library_id = 'l' AND device_id IN ({text})", **values)
        assert sorted(r["seq"] for r in found) == [1, 99]
        row = await tx.row("SELECT COUNT(*) AS n FROM ack")
        assert row is not None
        n: int = row["n"]
        return n

    assert await database.write(work) == 12_000


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_server_that_ends_our_session_is_unavailable_and_then_there_again(database: Database) -> None:
    async def work(tx: Tx) -> None:
        await _add_account(tx, "lost")
        await tx.rows("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Unavailable):
        await database.write(work)
    with pytest.raises(Unavailable):
        await database.read(lambda tx: tx.rows("SELECT pg_terminate_backend(pg_backend_pid())"))
    await database.write(lambda tx: _add_account(tx, "next"))
    assert await _accounts(database) == ["next"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_server_gives_up_a_session_that_stands_still_within_a_transaction(database: Database) -> None:
    rows = await database.read(lambda tx: tx.rows("SELECT name, setting FROM pg_settings"))
    told = {row["name"]: row["setting"] for row in rows}
    assert told["idle_in_transaction_session_timeout"] == "15000"  # milliseconds


async def test_nobody_else_on_the_machine_reads_a_new_database_file(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(str(tmp_path / "new.db"))
    await database.write(lambda tx: tx.run("CREATE TABLE anything (id INTEGER)"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    await database.close()
    assert "new.db-wal" in modes
    assert set(modes.values()) == {0o600}


async def test_the_first_account_of_an_older_instance_is_its_owner(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(str(tmp_path / "older.db"))
    await database.write(lambda tx: bring_to(tx, "sqlite", 10))
    for at, name in ((2, "later"), (1, "first")):
        await database.write(
            lambda tx, at=at, name=name: tx.run(  # type: ignore[misc]
                "INSERT INTO account (id, email, email_folded, password_hash, created_at) "
                "VALUES (:name, :name, :name, 'x', :at)",
                name=name,
                at=at,
            )
        )
    await database.write(lambda tx: bring_to(tx, "sqlite"))
    found = await database.read(lambda tx: tx.rows("SELECT id FROM account WHERE is_owner = 1"))
    assert [row["id"] for row in found] == ["first"]
    await database.close()
