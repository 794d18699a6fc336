"""Numbered migrations, applied in order, each once, each in its own transaction, while the service runs.

The program before works on with what a migration made (expand). One that takes away says in its name the oldest program
that it spares: after `0041_contract_0039_old_words` only those that know 0039 go on (contract). Refuses a database that
a newer program changed so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from importlib.resources import files

from api.domain.errors import Unavailable
from api.store.database import Database, Tx

TRIES = 30  # for tables that others hold
PAUSE_SECONDS = 1.0  # after which others had their turn
_CONTRACT = re.compile(r"\d{4}_contract_(\d{4})_")


async def migrate(database: Database) -> list[str]:
    """Bring the schema up to date; returns the names of the migrations that ran now.

    Raises Unavailable where others would not let go of a table, and RuntimeError where this program is too old.
    """
    ran: list[str] = []
    while step := await _next(database):
        ran += step
    return ran


async def _next(database: Database) -> list[str]:
    for left in range(TRIES - 1, -1, -1):
        try:
            return await database.write(lambda tx: bring_to(tx, database.dialect, most=1))
        except Unavailable:
            if left == 0:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError("unreachable")


async def bring_to(tx: Tx, dialect: str, last: int | None = None, most: int | None = None) -> list[str]:
    """Apply, within a transaction, what is missing up to `last` (all where it is not named), `most` of it at most."""
    await tx.take_time()
    await tx.lock("migrate")
    if dialect == "postgres":  # a change that must wait for a table longer than this gives way, and is tried again
        await tx.run("SET LOCAL lock_timeout = '2s'")
    await tx.run("CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
    done = {row["number"]: row["name"] for row in await tx.rows("SELECT number, name FROM schema_migration")}
    wanted = migrations(dialect)
    if beyond := beyond_us(done, {number for number, _, _ in wanted}):
        raise RuntimeError(f"the database has migration {beyond}, which this version does not know")
    missing = [one for one in wanted if one[0] not in done and (last is None or one[0] <= last)][:most]
    for number, name, sql in missing:
        for statement in statements(sql):
            await tx.run(statement)
        await tx.run("INSERT INTO schema_migration (number, name) VALUES (:n, :name)", n=number, name=name)
    return [name for _, name, _ in missing]


def beyond_us(done: Mapping[int, str], known: set[int]) -> str | None:
    """The migration of a newer program that took away what one who knows these needs; None where there is none."""
    newest = max(known)
    for number, name in done.items():
        contract = _CONTRACT.match(name)
        if number not in known and contract and int(contract.group(1)) > newest:
            return name
    return None


def migrations(dialect: str) -> list[tuple[int, str, str]]:
    """All migrations of a dialect in order: number, name, SQL text."""
    folder = files("api.store").joinpath("migrations", dialect)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(name[:4]), name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8")) for name in names]


def statements(sql: str) -> list[str]:
    """The statements of a file: comment lines dropped, split at a semicolon that ends a line."""
    text = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in text.split(";\n") if part.strip().rstrip(";")]
