"""Export: a person's library as a file, streamed, the same bytes for the same library on every run.

Entries come in the order of their citation keys or, when asked, the last saved first. An entry without a key gets one
first, and keeps it. Refuses to hold more than a chunk of entries in memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from functools import partial
from itertools import count
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from msgspec import convert

from api.actions.desk import Desk
from api.domain.changes import Change
from api.domain.entries import EntryFilter, ShelvedEntry
from api.domain.fields import Selector
from api.domain.formats import (
    atom,
    biblatex,
    bibtex,
    csl,
    library_json,
    markdown,
    markdown_notes,
    ris,
    table,
    webannotation,
)
from api.domain.formats.ascii_only import ascii_writer
from api.domain.formats.catalog import ExportWish, FormatName, Order, Part, in_order_of, trimmed
from api.domain.formats.markdown_notes import NotedRecord
from api.domain.formats.records import BibEntry, address_of, bib_entry
from api.domain.formats.shelf import Mark, ShelfRecord, reading_order
from api.domain.formats.zipped import zipped
from api.domain.highlights import highlight_of
from api.store import citekeys, entries, highlights, search_reading, tags
from api.store.database import Tx

CHUNK = 500  # entries held in memory at a time
FIRST = 50  # entries of the first chunk
AT_A_TIME = 16  # pieces that are written before others have their turn: two milliseconds
R = TypeVar("R")
P = TypeVar("P", str, bytes)
_WRITERS: dict[str, Callable[[Iterable[BibEntry]], Iterator[str]]] = {
    "bibtex": bibtex.render,
    "biblatex": biblatex.render,
    "ris": ris.render,
    "csl-json": csl.render,
    "markdown": markdown.render,
    "csv": table.render,
}


async def export_library(
    desk: Desk, library_id: str, wanted: EntryFilter, wish: ExportWish | None = None
) -> AsyncIterator[bytes]:
    """The entries that the filter names in the format of the wish (BibTeX), piece by piece, text in UTF-8."""
    wish = wish or ExportWish()
    await citekeys.give_missing(desk.database, library_id, desk.now())
    keys = _chunks(desk, library_id, wanted, wish.order)
    if wish.format in _WRITERS:
        writer = _WRITERS[wish.format]
        if wish.ascii_only:
            writer = ascii_writer(writer, tex=wish.format != "ris")
        pieces = _bibliography(desk, library_id, keys, writer, wish.parts)
    elif wish.format == "atom":
        # The same for the same question to the same library, and nobody's id.
        feed_id = uuid5(NAMESPACE_URL, f"{library_id} {wanted}").urn
        pieces = _bibliography(desk, library_id, keys, partial(atom.render, feed_id=feed_id), wish.parts)
    elif wish.format == "markdown-notes":
        async for part in _notes(desk, library_id, keys):
            yield part
        return
    else:
        pieces = _shelf(desk, library_id, keys, wish.format)
    async for piece in pieces:
        if piece:
            yield piece.encode()


async def _bibliography(
    desk: Desk,
    library_id: str,
    keys: AsyncIterator[list[str]],
    render: Callable[[Iterable[BibEntry]], Iterator[str]],
    parts: frozenset[Part],
) -> AsyncIterator[str]:
    names = await desk.database.read(lambda tx: tags.names(tx, library_id))

    async def get(chunk: list[str]) -> list[ShelvedEntry]:
        shelved = await desk.database.read(partial(_get, library_id, chunk))
        return [shelved[key] for key in chunk if key in shelved]

    supply = _Supply(keys, get)
    async for piece in supply.poured(render(trimmed(bib_entry(one, names), parts) for one in supply)):
        yield piece


async def _shelf(
    desk: Desk, library_id: str, keys: AsyncIterator[list[str]], format_: FormatName
) -> AsyncIterator[str]:
    shelf_tags = await desk.database.read(lambda tx: tags.live(tx, library_id))
    lists = await desk.database.read(lambda tx: highlights.lists(tx, library_id, "", highlights.ALL))
    names = {one.key: str((one.data or {}).get("name", "")) for one in shelf_tags}

    async def get(chunk: list[str]) -> list[ShelfRecord]:
        return await desk.database.read(partial(_shelf_records, library_id, chunk, names))

    supply = _Supply(keys, get)
    if format_ == "json":
        writer = library_json.render(supply, shelf_tags, lists)
    else:
        writer = webannotation.render(supply, f"urn:uuid:{library_id}")
    async for piece in supply.poured(writer):
        yield piece


async def _notes(desk: Desk, library_id: str, keys: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    names = await desk.database.read(lambda tx: tags.names(tx, library_id))

    async def get(chunk: list[str]) -> list[NotedRecord]:
        return await desk.database.read(partial(_noted, library_id, chunk, names))

    supply = _Supply(keys, get)
    async for piece in supply.poured(zipped(markdown_notes.render(supply))):
        yield piece


class _Supply(Iterator[R]):
    """Records for a writer that knows no waiting: fetched chunk by chunk between the pieces that it writes.

    A writer takes one record at most for each piece; one that takes more is stopped before it could lose any.
    """

    def __init__(self, chunks: AsyncIterator[list[str]], get: Callable[[list[str]], Awaitable[list[R]]]) -> None:
        self._chunks, self._get = chunks, get
        self._ready: deque[R] = deque()
        self._ended = False

    def __next__(self) -> R:
        if self._ready:
            return self._ready.popleft()
        if not self._ended:
            raise RuntimeError("a writer took two records for one piece")
        raise StopIteration

    async def poured(self, writer: Iterator[P]) -> AsyncIterator[P]:
        """The writer's pieces; now and then others in this process have their turn."""
        for turn in count(1):
            if turn % AT_A_TIME == 0:
                await asyncio.sleep(0)
            while not self._ready and not self._ended:
                chunk = await anext(self._chunks, None)
                self._ended = chunk is None
                self._ready.extend(await self._get(chunk or []))
            piece = next(writer, None)
            if piece is None:
                return
            yield piece


async def _chunks(desk: Desk, library_id: str, wanted: EntryFilter, order: Order) -> AsyncIterator[list[str]]:
    """The keys in their order: by citation key the first few at once, for whoever waits; then all the others."""
    if wanted.words:
        await search_reading.read_all(desk.database, library_id)
    first: list[str] = []
    if order == "key":
        first = await desk.database.read(lambda tx: entries.first_keys(tx, library_id, wanted, FIRST))
        yield first
    given = set(first)
    found = await desk.database.read(lambda tx: entries.keys(tx, library_id, wanted))
    rest = in_order_of([one for one in found if one[0] not in given], order)
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]


async def _get(library_id: str, keys: list[str], tx: Tx) -> dict[str, ShelvedEntry]:
    return await entries.get_many(tx, library_id, keys)


async def _noted(library_id: str, keys: list[str], names: dict[str, str], tx: Tx) -> list[NotedRecord]:
    shelved = await entries.get_many(tx, library_id, keys)
    marks = await _marks(library_id, keys, names, tx)
    return [NotedRecord(bib_entry(shelved[key], names), marks.get(key, ())) for key in keys if key in shelved]


async def _marks(library_id: str, keys: list[str], names: dict[str, str], tx: Tx) -> dict[str, tuple[Mark, ...]]:
    marks: dict[str, list[Mark]] = {}
    for change in await highlights.of_entries(tx, library_id, keys):
        marks.setdefault(str((change.data or {})["entry_id"]), []).append(_mark(change, names))
    return {key: reading_order(found) for key, found in marks.items()}


async def _shelf_records(library_id: str, keys: list[str], names: dict[str, str], tx: Tx) -> list[ShelfRecord]:
    shelved = await entries.get_many(tx, library_id, keys)
    stored = await entries.fields_of(tx, library_id, list(shelved))
    marks = await _marks(library_id, keys, names, tx)
    return [
        ShelfRecord(
            id=key,
            paper=shelved[key].paper,
            url=address_of(bib_entry(shelved[key], names)),
            fields=stored[key],
            marks=marks.get(key, ()),
        )
        for key in keys
        if key in stored
    ]


def _mark(change: Change, names: dict[str, str]) -> Mark:
    fields = change.data or {}
    highlight = highlight_of(change)
    return Mark(
        highlight=highlight,
        anchor=convert(fields.get("anchor"), list[Selector] | None),
        tags=tuple(sorted(names[tag] for tag in highlight.tags if tag in names)),
        fields=fields,
    )
