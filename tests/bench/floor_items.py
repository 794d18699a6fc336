"""Where the floor keeps its items: one row an item, last writer wins, the whole body kept as it came.

Its tags and its words are found by an index, in the same transaction: a page of a tag, and a search without any rank.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any, Protocol

import asyncpg
import msgspec
from msgspec import Raw, Struct

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS shelf (id TEXT PRIMARY KEY, version BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS item (shelf TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, "
    "body TEXT NOT NULL, PRIMARY KEY (shelf, id))",
    "CREATE UNIQUE INDEX IF NOT EXISTS item_version ON item (shelf, version)",
    "CREATE TABLE IF NOT EXISTS tagged (shelf TEXT NOT NULL, tag TEXT NOT NULL, version BIGINT NOT NULL, "
    "id TEXT NOT NULL, PRIMARY KEY (shelf, tag, id))",
    "CREATE INDEX IF NOT EXISTS tagged_version ON tagged (shelf, tag, version)",
    "CREATE INDEX IF NOT EXISTS tagged_id ON tagged (shelf, id)",
)
SQLITE_WORDS = (
    "CREATE TABLE IF NOT EXISTS numbers (n INTEGER PRIMARY KEY, shelf TEXT NOT NULL, id TEXT NOT NULL, "
    "UNIQUE (shelf, id))",
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(shelf, id UNINDEXED, text)",
)
POSTGRES_WORDS = (
    "CREATE TABLE IF NOT EXISTS words (shelf TEXT NOT NULL, id TEXT NOT NULL, text tsvector NOT NULL, "
    "PRIMARY KEY (shelf, id))",
    "CREATE INDEX IF NOT EXISTS words_text ON words USING gin (text)",
)
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
NEXT = "INSERT INTO shelf VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET version = shelf.version + $2 RETURNING version"
CLASH = "ON CONFLICT (shelf, id) DO UPDATE SET version = excluded.version, body = excluded.body"
AFTER = "SELECT version, body FROM item WHERE shelf = $1 AND version > $2 ORDER BY version LIMIT $3"
TAGGED = (
    "SELECT i.version, i.body FROM tagged t JOIN item i ON i.shelf = t.shelf AND i.id = t.id "
    "WHERE t.shelf = $1 AND t.tag = $2 ORDER BY t.version DESC LIMIT $3"
)
FOUND = {
    "sqlite": "SELECT i.version, i.body FROM words w JOIN item i ON i.shelf = $1 AND i.id = w.id "
    "WHERE words MATCH $2 LIMIT $3",
    "postgres": "SELECT i.version, i.body FROM words w JOIN item i ON i.shelf = w.shelf AND i.id = w.id "
    "WHERE w.shelf = $1 AND w.text @@ plainto_tsquery('simple', $2) LIMIT $3",
}


class Page(Struct):
    """What is indexed of a page."""

    metas: list[list[str]] = []


class Item(Struct):
    """What is looked at of an item; its body is kept whole."""

    id: str
    tags: list[str] = []
    note: str = ""
    page: Page = msgspec.field(default_factory=Page)

    @property
    def text(self) -> str:
        """Its words: the note, and what its page says."""
        return " ".join([self.note, *(content for _, content in self.page.metas)])


class Items(Protocol):
    """Where items are kept."""

    async def put(self, shelf: str, bodies: list[Raw]) -> int: ...
    async def after(self, shelf: str, version: int, limit: int) -> list[Any]: ...
    async def tagged(self, shelf: str, tag: str, limit: int) -> list[Any]: ...
    async def found(self, shelf: str, words: str, limit: int) -> list[Any]: ...
    async def close(self) -> None: ...


class Rows(Struct):
    """The rows of a batch, by table."""

    items: list[tuple[str, str, int, str]]
    tags: list[tuple[str, str, int, str]]
    words: list[tuple[str, str, str]]
    ids: list[tuple[str, str]]


def _rows(shelf: str, last: int, bodies: list[Raw]) -> Rows:
    items = [msgspec.json.decode(body, type=Item) for body in bodies]
    numbered = list(enumerate(items, last - len(bodies) + 1))
    return Rows(
        [(shelf, one.id, n, bytes(body).decode()) for (n, one), body in zip(numbered, bodies, strict=True)],
        [(shelf, tag, n, one.id) for n, one in numbered for tag in one.tags],
        [(shelf, one.id, one.text) for _, one in numbered],
        [(shelf, one.id) for _, one in numbered],
    )


class PostgresItems:
    """Items in PostgreSQL: one transaction, two statements."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(self, shelf: str, bodies: list[Raw]) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            last: int = await connection.fetchval(NEXT, shelf, len(bodies))
            rows = _rows(shelf, last, bodies)
            four = "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[])"
            await connection.execute(f"INSERT INTO item {four} {CLASH}", *map(list, zip(*rows.items, strict=True)))
            await connection.execute(
                "INSERT INTO words SELECT a, b, to_tsvector('simple', c) "
                "FROM unnest($1::text[], $2::text[], $3::text[]) AS t(a, b, c) "
                "ON CONFLICT (shelf, id) DO UPDATE SET text = excluded.text",
                *map(list, zip(*rows.words, strict=True)),
            )
            await connection.execute(
                "DELETE FROM tagged WHERE shelf = $1 AND id = ANY($2)", shelf, [i for _, i in rows.ids]
            )
            if rows.tags:
                await connection.execute(f"INSERT INTO tagged {four}", *map(list, zip(*rows.tags, strict=True)))
        return last

    async def after(self, shelf: str, version: int, limit: int) -> list[Any]:
        return list(await self._pool.fetch(AFTER, shelf, version, limit))

    async def tagged(self, shelf: str, tag: str, limit: int) -> list[Any]:
        return list(await self._pool.fetch(TAGGED, shelf, tag, limit))

    async def found(self, shelf: str, words: str, limit: int) -> list[Any]:
        return list(await self._pool.fetch(FOUND["postgres"], shelf, words, limit))

    async def close(self) -> None:
        await self._pool.close()


class SqliteItems:
    """Items in SQLite: whoever gets the turn commits for all that wait in one visit to a thread; reads are in place."""

    def __init__(self, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self._writer, self._reader = writer, reader
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[str, list[Raw], asyncio.Future[int]]] = []

    async def put(self, shelf: str, bodies: list[Raw]) -> int:
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((shelf, bodies, done))
        async with self._turn:
            if not done.done():
                group, self._waiting = self._waiting, []
                lasts = await asyncio.to_thread(self._commit, [(shelf, bodies) for shelf, bodies, _ in group])
                for (_, _, one), last in zip(group, lasts, strict=True):
                    one.set_result(last)
        return await done

    def _commit(self, group: list[tuple[str, list[Raw]]]) -> list[int]:
        self._writer.execute("BEGIN IMMEDIATE")
        lasts = []
        for shelf, bodies in group:
            [(last,)] = self._writer.execute(NEXT, (shelf, len(bodies))).fetchall()
            rows = _rows(shelf, last, bodies)
            self._writer.executemany(f"INSERT INTO item VALUES (?, ?, ?, ?) {CLASH}", rows.items)
            each = self._writer.executemany
            each("DELETE FROM words WHERE rowid = (SELECT n FROM numbers WHERE shelf = ? AND id = ?)", rows.ids)
            each("INSERT OR REPLACE INTO numbers (shelf, id) VALUES (?, ?)", rows.ids)
            each(
                "INSERT INTO words (rowid, shelf, id, text) "
                "SELECT n, shelf, id, ?3 FROM numbers WHERE shelf = ?1 AND id = ?2",
                rows.words,
            )
            each("DELETE FROM tagged WHERE shelf = ? AND id = ?", rows.ids)
            each("INSERT INTO tagged VALUES (?, ?, ?, ?)", rows.tags)
            lasts.append(last)
        self._writer.execute("COMMIT")
        return lasts

    async def after(self, shelf: str, version: int, limit: int) -> list[Any]:
        return self._reader.execute(AFTER, (shelf, version, limit)).fetchall()

    async def tagged(self, shelf: str, tag: str, limit: int) -> list[Any]:
        return self._reader.execute(TAGGED, (shelf, tag, limit)).fetchall()

    async def found(self, shelf: str, words: str, limit: int) -> list[Any]:
        return self._reader.execute(FOUND["sqlite"], (shelf, f'text : "{words}"', limit)).fetchall()

    async def close(self) -> None:
        self._writer.close()
        self._reader.close()


async def open_items(url: str) -> Items:
    """Open the database at an address, with its tables."""
    if not url.startswith("sqlite:///"):
        pool = await asyncpg.create_pool(url, min_size=1, max_size=10)
        for statement in (*SCHEMA, *POSTGRES_WORDS):
            await pool.execute(statement)
        return PostgresItems(pool)
    path = url.removeprefix("sqlite:///")
    connections = [sqlite3.connect(path, isolation_level=None, check_same_thread=False) for _ in range(2)]
    for connection in connections:
        for statement in (*PRAGMAS, *SCHEMA, *SQLITE_WORDS):
            connection.execute(statement)
    return SqliteItems(connections[0], connections[1])
