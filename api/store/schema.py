"""Whether the database has the schema of this version of the program, or of a newer one that spares it."""

from __future__ import annotations

from api.store.database import Database, Tx
from api.store.migrate import beyond_us, migrations


async def is_current(database: Database) -> bool:
    """Whether every migration that this program knows has run, and none that it does not know."""
    return (await _done(database)).keys() == _known(database)


async def can_serve(database: Database) -> bool:
    """Whether every migration that this program knows has run, and no other took away what it needs."""
    done, known = await _done(database), _known(database)
    return known <= done.keys() and beyond_us(done, known) is None


def _known(database: Database) -> set[int]:
    return {number for number, _, _ in migrations(database.dialect)}


async def _done(database: Database) -> dict[int, str]:
    async def work(tx: Tx) -> dict[int, str]:
        return {row["number"]: row["name"] for row in await tx.rows("SELECT number, name FROM schema_migration")}

    return await database.read(work)
