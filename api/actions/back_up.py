"""Back up: the whole database as it is at one instant, with the instance's own key, in one file, while it runs.

Refuses to leave half a file, and a database whose schema is not this program's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from api.actions.desk import Desk
from api.domain.backups import Manifest, write_row
from api.domain.errors import Unavailable
from api.store import backup_file, snapshots
from api.store.database import Tx
from api.store.schema import is_current

Show = Callable[[int, int], None]


async def back_up(desk: Desk, path: Path, secret_key: str, show: Show) -> Manifest:
    """Write the backup and say what is in it; writers go on meanwhile, and the file shows none of what they add.

    `show(done, total)` counts rows. Raises Unavailable, OSError.
    """
    if not await is_current(desk.database):
        raise Unavailable("the database has another schema than this program; run `scholium migrate` first")

    async def work(tx: Tx) -> Manifest:
        await tx.take_time()
        found = await snapshots.tables(tx, desk.database.dialect)
        manifest = Manifest(desk.now(), await snapshots.schema_number(tx), found, secret_key)
        with backup_file.writing(path) as write:
            await _write(tx, manifest, write, show)
        return manifest

    return await desk.database.read(work)


async def _write(tx: Tx, manifest: Manifest, write: backup_file.Write, show: Show) -> None:
    write(msgspec.json.encode(manifest))
    done = 0
    for table in manifest.tables:
        async for rows in snapshots.pages(tx, table):
            for row in rows:
                write(write_row(table, row))
            done += len(rows)
            show(done, manifest.rows)
