"""Export: a person's reading list as a file, streamed, the same bytes for the same library on every run.

Entries come in the order of their citation keys. An entry without a key gets one first, and keeps it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from itertools import islice

from api.actions.desk import Desk
from api.domain.entries import EntryFilter, ShelvedEntry
from api.domain.formats.bibtex import render
from api.domain.formats.records import BibEntry
from api.store import citekeys, entries, tags
from api.store.database import Tx

CHUNK = 500  # entries held in memory at a time


async def export_library(desk: Desk, library_id: str, wanted: EntryFilter) -> AsyncIterator[str]:
    """The entries that the filter names as BibTeX, piece by piece."""
    await desk.database.write(lambda tx: _give_keys(tx, library_id, desk.now()))
    found = await desk.database.read(lambda tx: entries.keys(tx, library_id, wanted))
    names = await desk.database.read(lambda tx: tags.names(tx, library_id))
    ordered = iter(sorted((citekey.casefold(), key) for key, citekey in found if citekey))
    while chunk := [key for _, key in islice(ordered, CHUNK)]:
        shelved = await desk.database.read(partial(_get, library_id, chunk))
        records = [_bib_entry(shelved[key], names) for key in chunk if key in shelved]
        for text in render(records):
            yield text


async def _get(library_id: str, keys: list[str], tx: Tx) -> dict[str, ShelvedEntry]:
    return await entries.get_many(tx, library_id, keys)


async def _give_keys(tx: Tx, library_id: str, now_ms: int) -> None:
    await citekeys.give(tx, library_id, await entries.without_citekey(tx, library_id), now_ms)


def _bib_entry(one: ShelvedEntry, names: dict[str, str]) -> BibEntry:
    entry = one.entry
    return BibEntry(
        key=entry.citekey or entry.id,
        paper=one.paper,
        tags=tuple(sorted(names[tag] for tag in entry.tags if tag in names)),
        url=entry.saved_from.url if entry.saved_from else None,
        accessed=(entry.saved_at or "")[:10] or None,
    )
