"""The floor: the least code that does the same work on the same server and drivers, for the bench to compare with.

One row an item, last writer wins, the whole body kept as it came. Refuses nothing: no rules, no limits, no sign-in,
so that what separates it from the service is what the service's promises cost.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post
from msgspec import Raw, Struct

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS shelf (id TEXT PRIMARY KEY, version BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS item (shelf TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, "
    "body TEXT NOT NULL, PRIMARY KEY (shelf, id))",
    "CREATE UNIQUE INDEX IF NOT EXISTS item_version ON item (shelf, version)",
)
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
NEXT = "INSERT INTO shelf VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET version = shelf.version + $2 RETURNING version"
CLASH = "ON CONFLICT (shelf, id) DO UPDATE SET version = excluded.version, body = excluded.body"
AFTER = "SELECT version, body FROM item WHERE shelf = $1 AND version > $2 ORDER BY version LIMIT $3"


class Item(Struct):
    """What is looked at of an item; its body is kept whole."""

    id: str


class Page(Struct):
    """What an export needs of a page."""

    metas: list[list[str]] = []


class Shown(Struct):
    """What an export needs of an item."""

    id: str
    url: str = ""
    page: Page = msgspec.field(default_factory=Page)


class Push(Struct):
    """A batch of items."""

    items: list[Raw]


class Items(Protocol):
    """Where items are kept."""

    async def put(self, shelf: str, bodies: list[Raw]) -> int: ...
    async def after(self, shelf: str, version: int, limit: int) -> list[Any]: ...
    async def close(self) -> None: ...


def _rows(shelf: str, last: int, bodies: list[Raw]) -> list[tuple[str, str, int, str]]:
    ids = [msgspec.json.decode(body, type=Item).id for body in bodies]
    first = last - len(bodies) + 1
    return [(shelf, i, first + n, bytes(body).decode()) for n, (i, body) in enumerate(zip(ids, bodies, strict=True))]


class PostgresItems:
    """Items in PostgreSQL: one transaction, two statements."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(self, shelf: str, bodies: list[Raw]) -> int:
        async with self._pool.acquire() as connection, connection.transaction():
            last: int = await connection.fetchval(NEXT, shelf, len(bodies))
            columns = zip(*_rows(shelf, last, bodies), strict=True)
            await connection.execute(
                f"INSERT INTO item SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) {CLASH}",
                *map(list, columns),
            )
        return last

    async def after(self, shelf: str, version: int, limit: int) -> list[Any]:
        return list(await self._pool.fetch(AFTER, shelf, version, limit))

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
            self._writer.executemany(f"INSERT INTO item VALUES (?, ?, ?, ?) {CLASH}", _rows(shelf, last, bodies))
            lasts.append(last)
        self._writer.execute("COMMIT")
        return lasts

    async def after(self, shelf: str, version: int, limit: int) -> list[Any]:
        return self._reader.execute(AFTER, (shelf, version, limit)).fetchall()

    async def close(self) -> None:
        self._writer.close()
        self._reader.close()


async def open_items(url: str) -> Items:
    """Open the database at an address, with its tables."""
    if not url.startswith("sqlite:///"):
        pool = await asyncpg.create_pool(url, min_size=1, max_size=10)
        for statement in SCHEMA:
            await pool.execute(statement)
        return PostgresItems(pool)
    path = url.removeprefix("sqlite:///")
    connections = [sqlite3.connect(path, isolation_level=None, check_same_thread=False) for _ in range(2)]
    for connection in connections:
        for statement in (*PRAGMAS, *SCHEMA):
            connection.execute(statement)
    return SqliteItems(connections[0], connections[1])


def _shelf(request: Request[Any, Any, Any]) -> str:
    return request.headers["authorization"].removeprefix("Bearer ")


def _json(value: object, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


@get("/health/live")
async def live() -> None:
    """This process answers."""


@post("/saves")
async def save(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Keep one item."""
    body = Raw(await request.body())
    return _json({"version": await request.app.state.shelves.put(_shelf(request), [body]), "item": body}, 201)


@post("/push")
async def push(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Keep a batch of items."""
    sent = msgspec.json.decode(await request.body(), type=Push)
    return _json({"version": await request.app.state.shelves.put(_shelf(request), sent.items)})


@get("/changes")
async def changes(request: Request[Any, Any, Any], since: int = 0, limit: int = 1000) -> Response[bytes]:
    """The items after a version."""
    rows = await request.app.state.shelves.after(_shelf(request), since, limit)
    return _json(
        {
            "changes": [{"version": row[0], "data": Raw(row[1].encode())} for row in rows],
            "cursor": rows[-1][0] if rows else since,
            "more": len(rows) == limit,
        }
    )


@get("/export")
async def export(request: Request[Any, Any, Any]) -> Response[str]:
    """All items as BibTeX, without any care for what is in them."""
    rows = await request.app.state.shelves.after(_shelf(request), 0, 1_000_000)
    shown = [msgspec.json.decode(row[1], type=Shown) for row in rows]
    return Response("".join(map(_entry, shown)), media_type="application/x-bibtex")


def _entry(item: Shown) -> str:
    fields = "".join(f"  {name} = {{{content}}},\n" for name, content in item.page.metas)
    return f"@article{{{item.id},\n{fields}  url = {{{item.url}}},\n}}\n\n"


@asynccontextmanager
async def _life(app: Litestar) -> AsyncIterator[None]:
    app.state.shelves = await open_items(os.environ["FLOOR_DATABASE_URL"])
    yield
    await app.state.shelves.close()


app = Litestar([live, save, push, changes, export], lifespan=[_life], openapi_config=None, logging_config=None)

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(os.environ["FLOOR_PORT"]), access_log=False, log_config=None, ws="none", server_header=False
    )
