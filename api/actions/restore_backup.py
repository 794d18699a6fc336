"""Restore: a checked backup becomes the database, in one transaction, and every library starts a new epoch.

So each device finds out and pushes again what the backup lacks. Refuses a backup that is damaged, foreign or newer than
this program before anything changes, and to overwrite what somebody has here unless told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from api.actions.desk import Desk
from api.domain.backups import Manifest, Table, read_manifest, read_row
from api.domain.errors import BadInput, Conflict
from api.store import backup_file, search_docs, snapshots
from api.store.database import Database, Tx
from api.store.epochs import start_epoch
from api.store.migrate import bring_to, migrations

Show = Callable[[int, int], None]


def check_backup(path: Path, dialect: str) -> Manifest:
    """Read a backup through to its last row and say what is in it; raises BadInput, OSError."""
    backup_file.check_whole(path)
    lines = backup_file.lines(path)
    manifest = read_manifest(next(lines, b""))
    known = max(number for number, _, _ in migrations(dialect))
    if manifest.migration > known:
        raise BadInput(f"the backup has migration {manifest.migration}, which this version does not know")
    for table in manifest.tables:
        for line in _exactly(lines, table.rows):
            read_row(table, line)
    if next(lines, None) is not None:
        raise BadInput("the backup holds more rows than its manifest says")
    return manifest


async def restore_backup(desk: Desk, path: Path, *, replace: bool, show: Show) -> Manifest:
    """Make the database what the backup holds; raises BadInput, and Conflict where there is something already.

    `show(done, total)` counts rows. Nothing else may be writing: stop the service first.
    """
    manifest = check_backup(path, desk.database.dialect)

    async def work(tx: Tx) -> None:
        here = await _room(tx, desk.database, manifest, replace)
        _check_shapes(manifest, here)
        await _fill(tx, path, manifest, show)
        for library_id, version in (await snapshots.libraries(tx)).items():
            await start_epoch(tx, library_id, version, desk.now())
        await bring_to(tx, desk.database.dialect)
        await search_docs.forget_all(tx)

    await desk.database.write(work)
    return manifest


async def _room(tx: Tx, database: Database, manifest: Manifest, replace: bool) -> list[Table]:
    """The tables of the backup's schema, empty."""
    await bring_to(tx, database.dialect, manifest.migration)
    here = await snapshots.tables(tx, database.dialect)
    if not replace and not await snapshots.is_empty(tx, here):
        raise Conflict("there are accounts in this database; `--replace` overwrites them")
    if (number := await snapshots.schema_number(tx)) != manifest.migration:
        raise Conflict(
            f"the backup has migration {manifest.migration} and this database {number}; "
            "restore into a new database, which is then brought up to date"
        )
    await snapshots.clear(tx, here)
    return here


def _check_shapes(manifest: Manifest, here: Sequence[Table]) -> None:
    there = [(table.name, sorted(table.columns), table.key) for table in manifest.tables]
    if there != [(table.name, sorted(table.columns), table.key) for table in here]:
        raise BadInput("the backup has other tables than this program; it was not made by this version's schema")


async def _fill(tx: Tx, path: Path, manifest: Manifest, show: Show) -> None:
    lines = backup_file.lines(path)
    next(lines)
    done = 0
    for table in manifest.tables:
        rows = (read_row(table, line) for line in _exactly(lines, table.rows))
        while page := list(islice(rows, snapshots.SIZE)):
            await snapshots.fill(tx, table, page)
            done += len(page)
            show(done, manifest.rows)


def _exactly(lines: Iterator[bytes], count: int) -> Iterator[bytes]:
    for _ in range(count):
        line = next(lines, None)
        if line is None:
            raise BadInput("the backup holds fewer rows than its manifest says")
        yield line
