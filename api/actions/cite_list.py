"""Cite a list: the references of all entries that a filter names, as a bibliography in one style prints them.

Refuses more than 1,000 at once: whoever asks for more is told to name a tag, a list or a search.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from api.actions.desk import Desk
from api.domain.entries import EntryFilter
from api.domain.errors import TooLarge
from api.domain.formats.catalog import Order, in_order_of
from api.domain.formats.records import BibEntry, bib_entry
from api.domain.formats.reference_list import MOST_REFERENCES
from api.references import Style, in_order, listed
from api.store import citekeys, entries, search_reading


async def cite_list(
    desk: Desk,
    library_id: str,
    wanted: EntryFilter,
    style: Style,
    order: Order = "key",
    *,
    as_html: bool,
    most: int = MOST_REFERENCES,
) -> AsyncIterator[str]:
    """The references one by one, numbered where the style numbers; raises TooLarge at once for more than `most`.

    A style that sorts by author does so; in one that goes by citation they stand in the order that is named.
    """
    await citekeys.give_missing(desk.database, library_id, desk.now())
    if wanted.words:
        await search_reading.read_all(desk.database, library_id)
    found = await desk.database.read(lambda tx: entries.keys(tx, library_id, wanted))
    if len(found) > most:
        raise TooLarge(f"these are {len(found):,} entries; a list of references has {most:,} at most", limit=most)
    keys = in_order_of(found, order)
    shelved = await desk.database.read(lambda tx: entries.get_many(tx, library_id, keys))
    records = [bib_entry(shelved[key], {}) for key in keys if key in shelved]
    return _set(await asyncio.to_thread(in_order, records, style), style, as_html)


async def _set(records: list[BibEntry], style: Style, as_html: bool) -> AsyncIterator[str]:
    for number, record in enumerate(records, 1):
        yield await asyncio.to_thread(listed, record, style, number, as_html=as_html)
