"""A backup is the database at one instant, restored whole or not at all, and devices hear of it."""

from __future__ import annotations

import random
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from api.actions.back_up import back_up
from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.restore_backup import check_backup, restore_backup
from api.domain.accounts import Who
from api.domain.errors import BadInput, Conflict, Resync
from api.store import snapshots
from api.store.database import Database, Tx, open_database
from tests.actions.syncing import pull, push, save
from tests.make import make_id, make_op


def quiet(done: int, total: int) -> None:
    """Nobody looks on."""


async def everything(database: Database) -> dict[str, Any]:
    """Every row of every table."""

    async def work(tx: Tx) -> dict[str, Any]:
        found = await snapshots.tables(tx, database.dialect)
        return {table.name: [row async for page in snapshots.pages(tx, table) for row in page] for table in found}

    return await database.read(work)


async def fill(desk: Desk, who: Who, first: int, count: int) -> None:
    ops = [make_op(name=f"op {n}", type="tag", key=make_id(f"t{n}"), set={"name": f"é {n}"}) for n in range(count)]
    await push(desk, who, *ops[first:], first_seq=first + 1)


class Busy:
    """A database in which others write before each thing that a reader asks."""

    def __init__(self, database: Database, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.database, self.dialect, self.meanwhile = database, database.dialect, meanwhile

    async def read(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Run `work` on one snapshot, which is taken first."""

        async def disturbed(tx: Tx) -> Any:
            await tx.rows("SELECT count(*) FROM object")
            return await work(BusyTx(tx, self.meanwhile))

        return await self.database.read(disturbed)


class BusyTx:
    """A reader's transaction of a Busy database."""

    def __init__(self, tx: Tx, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.tx, self.meanwhile = tx, meanwhile

    async def take_time(self) -> None:
        """No limits."""
        await self.tx.take_time()

    async def rows(self, sql: str, **values: Any) -> Any:
        """All rows of a statement."""
        await self.meanwhile()
        return await self.tx.rows(sql, **values)

    async def row(self, sql: str, **values: Any) -> Any:
        """The first row of a statement, or None."""
        await self.meanwhile()
        return await self.tx.row(sql, **values)


@pytest.fixture
async def emptied(tmp_path: Path) -> Any:
    """A SQLite file that nothing has touched yet."""
    opened = await open_database(f"sqlite:///{tmp_path / 'other.db'}")
    yield opened
    await opened.close()


def without_epochs(rows: dict[str, Any]) -> dict[str, Any]:
    libraries = [{**row, "epoch": None} for row in rows["library"]]
    return {**rows, "library": libraries, "library_epoch": None}


def told(rows: dict[str, Any]) -> dict[str, list[str]]:
    """The rows of the tables that have any, in whichever order the columns and the rows were made."""
    kept = without_epochs(rows).items()
    return {name: sorted(str(sorted(row.items())) for row in found) for name, found in kept if found}


async def test_what_is_restored_is_what_was_there_row_by_row_in_either_database(
    desk: Desk, ada: dict[str, Who], tmp_path: Path, emptied: Database
) -> None:
    await push(desk, ada["laptop"], save(), first_seq=900)
    await fill(desk, ada["laptop"], 0, 150)
    before = await everything(desk.database)
    made = await back_up(desk, tmp_path / "b", "k" * 40, quiet)
    assert made.rows == sum(map(len, before.values()))
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    shown: list[tuple[int, int]] = []
    other = replace(desk, database=emptied)
    back = await restore_backup(other, tmp_path / "b", replace=False, show=lambda *now: shown.append(now))
    assert shown[-1] == (made.rows, made.rows)
    assert back.secret_key == "k" * 40
    after = await everything(emptied)
    assert told(after) == told(before)


async def test_a_backup_during_writes_is_one_instant_and_restores_over_what_came_later(
    desk: Desk, ada: dict[str, Who], tmp_path: Path
) -> None:
    for start in range(0, 600, 200):
        await fill(desk, ada["laptop"], start, start + 200)

    starts = iter(range(600, 680, 4))

    async def write_more() -> None:
        if (start := next(starts, None)) is not None:
            await fill(desk, ada["laptop"], start, start + 4)

    made = await back_up(replace(desk, database=Busy(desk.database, write_more)), tmp_path / "b", "", quiet)
    assert next(starts, None) is None, "not all was written during the backup"
    cursor = (await pull_changes(desk, ada["phone"], None, 1000)).cursor
    await restore_backup(desk, tmp_path / "b", replace=True, show=quiet)
    rows = await everything(desk.database)
    assert {t.name: t.rows for t in made.tables if t.name != "library_epoch"} == {
        name: len(found) for name, found in rows.items() if name != "library_epoch"
    }
    version = rows["library"][0]["version"]
    assert version == max(row["version"] for row in rows["object"]) == len(rows["object"])
    with pytest.raises(Resync) as told:
        await pull_changes(desk, ada["phone"], cursor, 1000)
    assert told.value.extra["reason"] == "epoch"
    assert len(await pull(desk, ada["phone"])) == version


async def test_a_backup_with_one_other_byte_anywhere_is_refused(
    desk: Desk, ada: dict[str, Who], tmp_path: Path
) -> None:
    await fill(desk, ada["laptop"], 0, 20)
    whole = tmp_path / "b"
    await back_up(desk, whole, "", quiet)
    assert check_backup(whole, desk.database.dialect).rows
    good, draw = whole.read_bytes(), random.Random(7)  # noqa: S311  places to break, not a secret
    before = await everything(desk.database)
    for place in [0, len(good) - 1, *(draw.randrange(len(good)) for _ in range(48))]:
        broken = bytearray(good)
        broken[place] ^= 1 << draw.randrange(8)
        whole.write_bytes(broken)
        with pytest.raises(BadInput):
            await restore_backup(desk, whole, replace=True, show=quiet)
    for cut in (b"", good[:10], good[:40], good[: len(good) // 2], good[:-1], good + b"x", b"PK\x03\x04" + good):
        whole.write_bytes(cut)
        with pytest.raises(BadInput):
            await restore_backup(desk, whole, replace=True, show=quiet)
    assert await everything(desk.database) == before


async def test_a_database_with_accounts_is_not_overwritten_unasked(
    desk: Desk, ada: dict[str, Who], tmp_path: Path
) -> None:
    await back_up(desk, tmp_path / "b", "", quiet)
    await fill(desk, ada["laptop"], 0, 3)
    before = await everything(desk.database)
    with pytest.raises(Conflict):
        await restore_backup(desk, tmp_path / "b", replace=False, show=quiet)
    assert await everything(desk.database) == before


async def test_a_backup_of_a_newer_version_is_refused(
    desk: Desk, ada: dict[str, Who], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await back_up(desk, tmp_path / "b", "", quiet)
    monkeypatch.setattr("api.actions.restore_backup.migrations", lambda dialect: [(1, "start", "")])
    with pytest.raises(BadInput, match="does not know"):
        check_backup(tmp_path / "b", desk.database.dialect)


async def test_a_failed_backup_leaves_the_older_file(desk: Desk, ada: dict[str, Who], tmp_path: Path) -> None:
    (tmp_path / "b").write_text("older")

    def stop(done: int, total: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await back_up(desk, tmp_path / "b", "", stop)
    assert (tmp_path / "b").read_text() == "older"
    assert list(tmp_path.glob(".b*")) == []


def test_a_manifest_that_promises_more_than_it_knows_is_refused() -> None:
    from api.domain.backups import read_manifest

    with pytest.raises(BadInput):
        read_manifest(msgspec.json.encode({"made_at": 1, "migration": 1, "tables": [], "more": 1}))
