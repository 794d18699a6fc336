"""The one way to a database: transactions with `:name` parameters, the same SQL text on SQLite and PostgreSQL.

Refuses reads outside a transaction and work that holds a write open while it waits for the network: give
`write` a function that only talks to its transaction. Acknowledged means on the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

Value = str | int | float | bytes | None
T = TypeVar("T")

MOST_PARAMETERS = 30_000  # of one statement; SQLite takes 32,766 and PostgreSQL 32,767


class Tie(Exception):
    """Another writer was faster with what this one built on: `write` runs the work again, which then sees it."""


class Row(Protocol):
    """A result row, read by column name."""

    def __getitem__(self, name: str, /) -> Any: ...  # Any: what a column holds only the statement knows


class Tx(Protocol):
    """An open transaction."""

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement."""
        ...

    async def row(self, sql: str, **values: Value) -> Row | None:
        """The first row of a statement, or None."""
        ...

    async def run(self, sql: str, **values: Value) -> None:
        """Run a statement for its effect."""
        ...

    async def lock(self, name: str) -> None:
        """Wait until no other open transaction holds this name; held to the end of this one."""
        ...


class Database(Protocol):
    """A pool of connections; `write` and `read` run a function inside one transaction and return its result."""

    dialect: str

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit what `work` did, durably, or nothing of it.

        `work` may run again from the start when the database had to break a tie between two writers.
        """
        ...

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work` on one snapshot; it must not write."""
        ...

    async def close(self) -> None:
        """Give every connection back."""
        ...


async def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; raises ValueError for any other address."""
    if url.startswith("sqlite:///"):
        from api.store.sqlite import SqliteDatabase

        return await SqliteDatabase.open(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from api.store.postgres import PostgresDatabase

        return await PostgresDatabase.open(url)
    raise ValueError("SCHOLIUM_DATABASE_URL must start with sqlite:/// or postgresql://")


def in_list(name: str, members: Iterable[Value]) -> tuple[str, dict[str, Value]]:
    """The text and the values of `IN (…)`: `in_list("key", keys)` → `(":key0, :key1", {"key0": …})`.

    An empty list gives `NULL`, which matches nothing.
    """
    values = {f"{name}{i}": member for i, member in enumerate(members)}
    return ", ".join(f":{n}" for n in values) or "NULL", values


async def upsert(tx: Tx, table: str, key: Sequence[str], rows: Sequence[dict[str, Value]]) -> None:
    """Insert rows, or overwrite those with the same key: as few statements as the parameter limit allows.

    Every row has the same columns; a table whose columns are all key keeps what it has.
    """
    rest = [c for c in rows[0] if c not in key] if rows else []
    clash = "DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in rest) if rest else "DO NOTHING"
    for sql, values in _inserts(table, key, rows, clash):
        await tx.run(sql, **values)


async def insert_missing(tx: Tx, table: str, key: Sequence[str], rows: Sequence[dict[str, Value]]) -> int:
    """Insert the rows whose key is new, in as few statements, and say how many; the others stay as they are."""
    count = 0
    for sql, values in _inserts(table, key, rows, f"DO NOTHING RETURNING {key[0]}"):
        count += len(await tx.rows(sql, **values))
    return count


def _inserts(
    table: str, key: Sequence[str], rows: Sequence[dict[str, Value]], clash: str
) -> Iterator[tuple[str, dict[str, Value]]]:
    columns = list(rows[0]) if rows else []
    size = MOST_PARAMETERS // max(1, len(columns))
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        lines = ", ".join("(" + ", ".join(f":{c}_{i}" for c in columns) + ")" for i in range(len(chunk)))
        values = {f"{c}_{i}": row[c] for i, row in enumerate(chunk) for c in columns}
        yield (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {lines} ON CONFLICT ({', '.join(key)}) {clash}",
            values,
        )
