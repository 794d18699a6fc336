"""Cite an entry: its formatted reference in a style, and its record for a BibTeX file.

Refuses to keep the loop waiting: setting a reference is work of some milliseconds, done in a thread.
"""

from __future__ import annotations

import asyncio

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.formats import bibtex
from api.domain.formats.records import bib_entry
from api.references import Reference, Style, reference
from api.store import citekeys, entries


class CitedEntry(Struct, frozen=True):
    """A reference in one style as text and as HTML, and the entry in BibTeX."""

    reference: Reference
    bibtex: str


async def cite_entry(desk: Desk, library_id: str, key: str, style: Style) -> CitedEntry:
    """One live entry cited, by the key that it has from now on; raises NotFound."""
    await citekeys.give_missing(desk.database, library_id, desk.now())
    found = await desk.database.read(lambda tx: entries.get_many(tx, library_id, [key]))
    if key not in found:
        raise NotFound("no such entry")
    entry = bib_entry(found[key], {})
    return CitedEntry(await asyncio.to_thread(reference, entry, style), "".join(bibtex.render([entry])).strip())
