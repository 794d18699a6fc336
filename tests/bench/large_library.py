"""The export of a large library, measured on a real process: its peak of memory, its first byte, its speed.

The process is started anew on a library that lies there already, so that its peak is that of the exports.
"""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from msgspec import Struct
from rich import box
from rich.table import Table

from api.store.database import Database, Tx, open_database, upsert
from api.store.objects import next_version
from tests.bench import servers
from tests.bench.caller import Caller
from tests.bench.device import PASSWORD
from tests.bench.targets import Service

ENTRY = {"bibtex": b"\n  title ", "json": b'"enrich_state":'}  # what each entry has once
_LIBRARIES = 100  # copied in one transaction
SEED = 500  # entries that are saved; the others are copies of their rows
MOST_MEBIBYTES = 400
MOST_MILLISECONDS = 100


class Measure(Struct, frozen=True):
    """One figure: a number with its unit, and what it is to be (empty: nothing is asked of it)."""

    database: str
    work: str
    number: float
    unit: str
    wanted: str = ""

    @property
    def shown(self) -> str:
        """The number; one without a unit is an exponent, of which hundredths count."""
        return f"{self.number:,.0f}" if self.unit else f"{self.number:.2f}"


def measure(folder: Path, database: str, entries: int) -> Iterator[Measure]:
    """Fill a library of this size, start anew, export it; yields each figure."""
    home = folder / f"large_{database}"
    with ExitStack() as stack:
        address, redis_url = stack.enter_context(servers.stores(home, database))
        with servers.service_process(home, address, redis_url) as (url, _):
            Service(url).fill(min(SEED, entries))
        asyncio.run(multiply(address, entries))
        url, pid = stack.enter_context(servers.service_process(home, address, redis_url))
        account = {"email": "reader@example.org", "password": PASSWORD}
        token = Caller(url).json("POST", "/v1/sessions", account)["access_token"]
        rest = servers.peak(pid)
        for format_ in ENTRY:
            first, whole = _exported(url, token, format_, entries)
            work = f"export of {entries:,} as {format_}"
            yield Measure(database, f"{work}, first byte", first * 1000, "ms", f"< {MOST_MILLISECONDS}")
            yield Measure(database, work, entries / whole, "entries/s")
        yield Measure(database, "peak of memory at rest", rest, "MiB")
        yield Measure(database, "peak of memory after these", servers.peak(pid), "MiB", f"< {MOST_MEBIBYTES}")


async def multiply(address: str, entries: int, have: int = SEED) -> None:
    """Copy rows of the largest library until it has so many entries, each with a paper and a key of its own.

    `have` are there already; the first of them, which were saved, are what is copied.
    """
    async with _growing(address) as database:
        ours = (await database.read(_rows))[:SEED]
        for first in range(have, entries, len(ours)):
            await database.write(partial(_copy, ours[: entries - first], first))


async def multiply_libraries(address: str, more: int) -> None:
    """Make so many libraries more that hold what the only one holds."""
    async with _growing(address) as database:
        for start in range(0, more, _LIBRARIES):
            await database.write(partial(_copy_libraries, min(_LIBRARIES, more - start)))


@asynccontextmanager
async def _growing(address: str) -> AsyncIterator[Database]:
    """The database, which knows at the end what it holds."""
    database = await open_database(address)
    try:
        yield database
        if database.dialect == "postgres":
            await database.write(lambda tx: tx.run("ANALYZE"))  # as its autovacuum does within a minute
    finally:
        await database.close()


async def _copy_libraries(more: int, tx: Tx) -> None:
    first = await tx.row("SELECT id FROM library ORDER BY created_at, id LIMIT 1")
    old: str = first["id"] if first else ""
    copies = []
    for name, key in (("library", "id"), ("object", "library_id"), ("member", "library_id")):
        where = f"{name} WHERE {key} = :old"
        row = await tx.row(f"SELECT * FROM {where} LIMIT 1", old=old)
        rest = ", ".join(column for column in dict(row) if column != key)  # type: ignore[call-overload]
        copies.append(f"INSERT INTO {name} ({key}, {rest}) SELECT CAST(:new AS text), {rest} FROM {where}")
    for new in [str(uuid4()) for _ in range(more)]:
        for copy in copies:
            await tx.run(copy, old=old, new=new)


class _Copied(Struct):
    """The rows of one entry: its own, its paper's object, its paper, its members."""

    entry: dict[str, Any]
    held: dict[str, Any]
    paper: dict[str, Any]
    members: list[dict[str, Any]]


async def _rows(tx: Tx) -> list[_Copied]:
    """The rows of the first entries of the library that has most, in the order in which they were saved."""
    most = await tx.row("SELECT library_id FROM object GROUP BY library_id ORDER BY COUNT(*) DESC LIMIT 1")
    library = most["library_id"] if most else ""
    found: list[_Copied] = []
    for row in await tx.rows(
        "SELECT * FROM object WHERE library_id = :library_id AND type = 'entry' ORDER BY saved_at, key LIMIT :most",
        library_id=library,
        most=SEED,
    ):
        entry: dict[str, Any] = dict(row)  # type: ignore[call-overload]
        named = {"library_id": library, "key": entry["paper_id"]}
        held = await tx.row("SELECT * FROM object WHERE library_id = :library_id AND key = :key", **named)
        paper = await tx.row("SELECT * FROM paper WHERE id = :key", key=entry["paper_id"])
        named["key"] = entry["key"]
        members = await tx.rows("SELECT * FROM member WHERE library_id = :library_id AND key = :key", **named)
        found.append(_Copied(entry, dict(held), dict(paper), [dict(one) for one in members]))  # type: ignore[call-overload]
    return found


async def _copy(rows: list[_Copied], first: int, tx: Tx) -> None:
    library = rows[0].entry["library_id"]
    version = await next_version(tx, library, 2 * len(rows))
    objects, papers, keys, members = [], [], [], []
    for number, one in enumerate(rows):
        names = {one.entry["key"]: str(uuid4()), one.paper["id"]: str(uuid4())}
        if citekey := one.entry["citekey"]:
            names[citekey] = f"{citekey}x{first}"
        for row in (one.entry, one.held):
            objects.append(_renamed(row, names) | {"version": version})
            version += 1
        papers.append(_renamed(one.paper, names) | {"created_at": one.paper["created_at"] + first + number})
        members += [_renamed(row, names) for row in one.members]
        if citekey:
            keys.append({"library_id": library, "folded": names[citekey].casefold(), "entry_key": objects[-2]["key"]})
    await upsert(tx, "paper", ("id",), papers)
    await upsert(tx, "object", ("library_id", "key"), objects)
    await upsert(tx, "citekey", ("library_id", "folded"), keys)
    await upsert(tx, "member", ("library_id", "key", "field", "member"), members)


def _renamed(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    copied = {}
    for column, value in row.items():
        for old, new in names.items() if isinstance(value, str) else ():
            value = value.replace(old, new)
        copied[column] = value
    return copied


def table(measures: list[Measure]) -> Table:
    """The figures as lines, with what they are to be."""
    shown = Table("database", "work", "measured", "unit", "wanted", box=box.SIMPLE_HEAD)
    shown.columns[2].justify = "right"
    for one in measures:
        shown.add_row(one.database, one.work, one.shown, one.unit, one.wanted)
    return shown


def _exported(url: str, token: str, format_: str, entries: int) -> tuple[float, float]:
    """Seconds to the first byte of the file, and to its end: of one request, for one that is given up works on."""
    connection = _connection(url)
    began = time.perf_counter()
    answer = _asked(connection, token, format_)
    found = answer.read(1)
    first = time.perf_counter() - began
    count = 0
    while piece := answer.read(1 << 20):
        found = found[-20:] + piece
        count += found.count(ENTRY[format_]) - found[:20].count(ENTRY[format_])
    took = time.perf_counter() - began
    connection.close()
    if count != entries:
        raise OSError(f"{count} entries instead of {entries}: this was not the work")
    return first, took


def _asked(connection: http.client.HTTPConnection, token: str, format_: str) -> http.client.HTTPResponse:
    connection.request("GET", f"/v1/export?format={format_}", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise OSError(f"export as {format_}: {answer.status}")
    return answer


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)
