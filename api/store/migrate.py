"""Numbered migrations, applied in order, each once, each in its own transaction.

Refuses to run a database that is newer than this program.
"""

from __future__ import annotations

from importlib.resources import files

from api.store.database import Database, Tx


async def migrate(database: Database) -> list[str]:
    """Bring the schema up to date; returns the names of the migrations that ran now."""
    return await database.write(lambda tx: bring_to(tx, database.dialect))


async def bring_to(tx: Tx, dialect: str, last: int | None = None) -> list[str]:
    """Apply, within a transaction, what is missing up to a migration (all of them where none is named)."""
    wanted = migrations(dialect)
    await tx.lock("migrate")
    await tx.run("CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
    done = {row["number"] for row in await tx.rows("SELECT number FROM schema_migration")}
    newer = done - {number for number, _, _ in wanted}
    if newer:
        raise RuntimeError(f"the database has migration {max(newer)}, which this version does not know")
    ran = []
    for number, name, sql in wanted:
        if number not in done and (last is None or number <= last):
            for statement in statements(sql):
                await tx.run(statement)
            await tx.run("INSERT INTO schema_migration (number, name) VALUES (:n, :name)", n=number, name=name)
            ran.append(name)
    return ran


def migrations(dialect: str) -> list[tuple[int, str, str]]:
    """All migrations of a dialect in order: number, name, SQL text."""
    folder = files("api.store").joinpath("migrations", dialect)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(name[:4]), name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8")) for name in names]


def statements(sql: str) -> list[str]:
    """The statements of a file: comment lines dropped, split at a semicolon that ends a line."""
    text = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in text.split(";\n") if part.strip().rstrip(";")]
