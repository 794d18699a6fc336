"""Whether the database has the schema of this version of the program."""

from __future__ import annotations

from api.store.database import Database, Tx
from api.store.migrate import migrations


async def is_current(database: Database) -> bool:
    """Whether every migration that this program knows has run, and none that it does not know."""

    async def work(tx: Tx) -> set[int]:
        return {row["number"] for row in await tx.rows("SELECT number FROM schema_migration")}

    return await database.read(work) == {number for number, _, _ in migrations(database.dialect)}
