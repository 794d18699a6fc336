"""The floor: the least code that does the same work on the same server and drivers, for the bench to compare with.

Refuses nothing: no rules, no limits, no sign-in, so that what separates it from the service is what the service's
promises cost.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post
from msgspec import Raw, Struct

from tests.bench.floor_items import Page, open_items

PAGE = 50


class Shown(Struct):
    """What an export needs of an item."""

    id: str
    url: str = ""
    page: Page = msgspec.field(default_factory=Page)


class Push(Struct):
    """A batch of items."""

    items: list[Raw]


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


@get("/items")
async def items(request: Request[Any, Any, Any], tag: str = "", words: str = "") -> Response[bytes]:
    """The first page of the items with a tag, or with words in them."""
    shelves, shelf = request.app.state.shelves, _shelf(request)
    rows = await (shelves.tagged(shelf, tag, PAGE) if tag else shelves.found(shelf, words, PAGE))
    return _json({"items": [{"version": row[0], "data": Raw(row[1].encode())} for row in rows]})


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


app = Litestar([live, save, push, changes, items, export], lifespan=[_life], openapi_config=None, logging_config=None)

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(os.environ["FLOOR_PORT"]), access_log=False, log_config=None, ws="none", server_header=False
    )
