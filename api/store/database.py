"""The one way to a database: transactions with `:name` parameters, the same SQL text on SQLite and PostgreSQL.

Refuses reads outside a transaction and work that holds a write open while it waits for the network: give
`write` a function that only talks to its transaction. Acknowledged means on the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

Value = str | int | float | bytes | None
T = TypeVar("T")
AGAIN_SECONDS = 5  # after which it is worth asking a busy database again


class Insert(NamedTuple):
    """An insertion into columns of a table, and what happens where a row is there already."""

    table: str
    columns: tuple[str, ...]
    clash: str


class Tie(Exception):
    """Another writer was faster with what this one built on: `write` runs the work again, which then sees it."""


class Row(Protocol):
    """A result row, read by column name."""

    def __getitem__(self, name: str, /) -> Any: ...  # Any: what a column holds only the statement knows


class Tx(Protocol):
    """An open transaction; `dialect` is the database's."""

    dialect: str

    async def rows(self, sql: str, **values: Value) -> Sequence[Row]:
        """All rows of a statement."""
        ...

    async def row(self, sql: str, **values: Value) -> Row | None:
        """The first row of a statement, or None."""
        ...

    async def run(self, sql: str, **values: Value) -> None:
        """Run a statement for its effect."""
        ...

    async def insert(self, insert: Insert, rows: Sequence[tuple[Value, ...]]) -> int:
        """Insert rows, as one statement whose text is the same however many they are; how many were written."""
        ...

    async def lock(self, name: str) -> None:
        """Wait until no other open transaction holds this name; held to the end of this one."""
        ...

    async def take_time(self) -> None:
        """Let the statements of this transaction take as long as they need."""
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


async def open_database(url: str, statement_seconds: float = 0) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; raises ValueError for any other address.

    A statement that takes longer than `statement_seconds` (0: never) is ended, which raises Unavailable: any on
    PostgreSQL, and on SQLite one that reads.
    """
    if url.startswith("sqlite:///"):
        from api.store.sqlite import SqliteDatabase

        return await SqliteDatabase.open(url.removeprefix("sqlite:///"), statement_seconds)
    if url.startswith(("postgresql://", "postgres://")):
        from api.store.postgres import PostgresDatabase

        return await PostgresDatabase.open(url, statement_seconds)
    raise ValueError("SCHOLIUM_DATABASE_URL must start with sqlite:/// or postgresql://")


def in_list(name: str, members: Iterable[Value]) -> tuple[str, dict[str, Value]]:
    """The text and the values of `IN (…)`: `in_list("key", keys)` → `(":key0, :key1", {"key0": …})`.

    An empty list gives `NULL`, which matches nothing. The last member is repeated up to a power of two, so that lists
    of any length come in a few texts, which the databases have planned already.
    """
    given = list(members)
    given += given[-1:] * ((1 << (len(given) - 1).bit_length()) - len(given) if given else 0)
    values = {f"{name}{i}": member for i, member in enumerate(given)}
    return ", ".join(f":{n}" for n in values) or "NULL", values


async def upsert(tx: Tx, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> None:
    """Insert rows, or overwrite those with the same key: one statement, however many there are.

    Every row has the same columns; a table whose columns are all key keeps what it has.
    """
    if rows:
        rest = [c for c in rows[0] if c not in key]
        clash = "DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in rest) if rest else "DO NOTHING"
        await _insert(tx, table, key, rows, clash)


async def insert_missing(tx: Tx, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Value]]) -> int:
    """Insert the rows whose key is new, in one statement, and say how many; the others stay as they are."""
    return await _insert(tx, table, key, rows, "DO NOTHING") if rows else 0


async def _insert(tx: Tx, table: str, key: Sequence[str], rows: Sequence[Mapping[str, Value]], clash: str) -> int:
    insert = Insert(table, tuple(rows[0]), f"ON CONFLICT ({', '.join(key)}) {clash}")
    return await tx.insert(insert, [tuple(row[column] for column in insert.columns) for row in rows])
