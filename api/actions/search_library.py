"""Search a library: the best entries for a line of text, with the places where its words stand.

Finds what was saved a moment ago, with or without a worker: what changed since is read first, up to a limit; of a large
import the ticker reads the rest. Refuses nothing that a person types.
"""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import structs

from api.actions.desk import Desk
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.entries import EVERY_ENTRY, EntryFilter, ShelvedEntry
from api.domain.errors import BadCursor
from api.domain.search_documents import Document
from api.domain.search_query import SearchQuery, read_search
from api.domain.search_ranks import Asked
from api.domain.search_results import Correction, Hit, SearchPage, snippets_of
from api.meaning import Sought
from api.store import entries, highlights, search_near, search_reading, search_vocabulary
from api.store.database import Tx

CATCH_UP = 300  # changes that a search reads before it answers


async def search_library(
    desk: Desk,
    library_id: str,
    text: str,
    wanted: EntryFilter = EVERY_ENTRY,
    limit: int = 50,
    cursor: str | None = None,
    *,
    whole_first: bool = False,
) -> SearchPage:
    """A page of the entries that answer, the best first; raises BadCursor for one of another search.

    `wanted` are filters beside the text, whose own field words count too. `whole_first`: where some entries have every
    word, those that lack one are left out.
    """
    query = read_search(text)
    wanted = structs.replace(wanted, conditions=wanted.conditions + query.conditions)
    filters = hashlib.sha256(msgspec.json.encode(("search", text, wanted, whole_first))).hexdigest()[:16]
    after = _after(desk, library_id, filters, cursor) if cursor else None
    if query.asks_text and await desk.database.read(lambda tx: search_reading.is_behind(tx, library_id)):
        await desk.database.write(lambda tx: search_reading.read_on(tx, library_id, CATCH_UP))

    sought = await desk.meaning.seek(query.said) if desk.meaning and query.words else None

    async def work(tx: Tx) -> SearchPage:
        place: tuple[str | int, str] | None
        if query.asks_text:
            page, place = await _ranked(tx, library_id, query, wanted, limit, after, whole_first, sought)
        else:
            page, place = await _listed(tx, library_id, wanted, limit, after)
        onward = write_cursor(Place(library_id, filters, *place), desk.settings.secret_key) if place else None
        return structs.replace(page, cursor=onward, unread=query.unread)

    return await desk.database.read(work)


async def _ranked(
    tx: Tx,
    library_id: str,
    query: SearchQuery,
    wanted: EntryFilter,
    limit: int,
    after: Place | None,
    whole_first: bool,
    sought: Sought | None,
) -> tuple[SearchPage, tuple[int, str] | None]:
    """What answers the words, from a number on."""
    ranked = await search_near.rank(tx, [library_id], query, wanted, sought)
    first = int(after.value or 0) if after else 0
    found = ranked.found
    partly = not any(one.whole for one in found)
    if whole_first and not partly:
        found = tuple(one for one in found if one.whole or one.near)
    documents = {one.key: one.document for one in found[first : first + limit]}
    shelved = await entries.get_many(tx, library_id, list(documents))
    marks = await highlights.texts_of(tx, library_id, list(shelved))
    items = tuple(
        _hit(shelved[key], ranked.asked, marks.get(key, []), document)
        for key, document in documents.items()
        if key in shelved
    )
    more = first + limit < len(found)
    page = SearchPage(items, None, len(found), bool(found) and partly, await _corrections(tx, library_id, ranked.asked))
    return page, (first + limit, "") if more else None


async def _listed(
    tx: Tx, library_id: str, wanted: EntryFilter, limit: int, after: Place | None
) -> tuple[SearchPage, tuple[str | int, str] | None]:
    """What meets the conditions where no words are asked for: the last saved first."""
    place = (after.value, after.key) if after else None
    found, onward = await entries.page(tx, library_id, wanted, "saved", limit, place)
    total = await entries.count(tx, library_id, wanted)
    return SearchPage(tuple(Hit(one, ()) for one in found), None, total), onward


def _hit(shelved: ShelvedEntry, asked: tuple[Asked, ...], marks: list[str], document: Document) -> Hit:
    return Hit(shelved, snippets_of(asked, shelved.paper, shelved.entry.note or "", marks, document))


async def _corrections(tx: Tx, library_id: str, asked: tuple[Asked, ...]) -> tuple[Correction, ...]:
    meant = {one.meant: one.term.shown for one in asked if one.meant}
    shown = await search_vocabulary.shown(tx, [library_id], meant)
    return tuple(Correction(word, shown.get(one, one)) for one, word in meant.items())


def _after(desk: Desk, library_id: str, filters: str, cursor: str) -> Place:
    place = read_place(cursor, desk.settings.secret_key)
    if (place.library_id, place.filters) != (library_id, filters):
        raise BadCursor("this cursor is of another search")
    return place
