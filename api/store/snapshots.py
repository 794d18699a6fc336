"""A whole database as rows, table by table: read in one snapshot, written into an empty one of either dialect.

Refuses a table or a column that this program's schema does not have, and leaves out what the database derives by
itself.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence

from api.domain.backups import Cell, Table
from api.domain.errors import BadInput
from api.store.database import Tx, insert_missing
from api.store.migrate import migrations

SIZE = 100  # rows in one statement; a row may be megabytes
_CREATE = re.compile(r"^CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)", re.MULTILINE)
_COLUMNS = {
    "sqlite": "SELECT name, LOWER(type) AS type, pk FROM pragma_table_info(:table) ORDER BY cid",
    "postgres": (
        "SELECT c.column_name AS name, c.data_type AS type, COALESCE(k.ordinal_position, 0) AS pk "
        "FROM information_schema.columns c LEFT JOIN information_schema.table_constraints t "
        "ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' "
        "LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema "
        "AND k.constraint_name = t.constraint_name AND k.table_name = c.table_name AND k.column_name = c.column_name "
        "WHERE c.table_schema = current_schema() AND c.table_name = :table AND c.is_generated = 'NEVER' "
        "ORDER BY c.ordinal_position"
    ),
}


async def tables(tx: Tx, dialect: str) -> list[Table]:
    """Every table of user data with its number of rows, each after those that it refers to."""
    made = dict.fromkeys(name for _, _, sql in migrations(dialect) for name in _CREATE.findall(sql))
    made = dict.fromkeys(name for name in made if name not in _CACHES)
    shapes = [await _shape(tx, dialect, name) for name in made]
    return [shape for shape in shapes if shape.columns]


async def pages(tx: Tx, table: Table) -> AsyncIterator[list[dict[str, Cell]]]:
    """The rows of a table in the order of its key."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    after = ", ".join(f":{name}" for name in table.key)
    where, values = "", dict[str, Cell]()
    while True:
        found = await tx.rows(
            f"SELECT {columns} FROM {table.name} {where} ORDER BY {key} LIMIT :most_rows", most_rows=SIZE, **values
        )
        rows = [{column: row[column] for column in table.columns} for row in found]
        if rows:
            yield rows
        if len(rows) < SIZE:
            return
        where, values = f"WHERE ({key}) > ({after})", {name: rows[-1][name] for name in table.key}


async def is_empty(tx: Tx, found: Sequence[Table]) -> bool:
    """Whether nobody has anything here yet."""
    return all(table.rows == 0 for table in found if table.name not in _NOBODYS)


async def clear(tx: Tx, found: Sequence[Table]) -> None:
    """Take every row out."""
    for table in reversed(found):
        await tx.run(f"DELETE FROM {table.name}")


async def fill(tx: Tx, table: Table, rows: list[dict[str, Cell]]) -> None:
    """Put rows into a table; raises BadInput where one is there already."""
    if await insert_missing(tx, table.name, table.key, rows) != len(rows):
        raise BadInput(f"the backup has a row of {table.name} twice")


async def schema_number(tx: Tx) -> int:
    """The newest migration that ran here."""
    row = await tx.row("SELECT MAX(number) AS n FROM schema_migration")
    return int(row["n"] or 0) if row else 0


async def libraries(tx: Tx) -> dict[str, int]:
    """Every library with its version."""
    return {row["id"]: row["version"] for row in await tx.rows("SELECT id, version FROM library ORDER BY id")}


async def _shape(tx: Tx, dialect: str, name: str) -> Table:
    found = await tx.rows(_COLUMNS[dialect], table=name)
    columns = [row["name"] for row in found]
    key = [row["name"] for row in sorted(found, key=lambda row: int(row["pk"])) if row["pk"]]
    binary = [row["name"] for row in found if row["type"] in ("blob", "bytea")]
    counted = await tx.row(f"SELECT COUNT(*) AS n FROM {name}") if columns else None
    return Table(name, columns, key, binary, counted["n"] if counted else 0)


_SEARCHES = {"search_place", "search_doc", "search_vector", "search_word", "search_gram"}
_CACHES = {"answer", "clock_round"} | _SEARCHES  # lost without loss
_NOBODYS = {"one_time_link"}  # the link that a first start prints
