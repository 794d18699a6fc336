"""Search all papers that this instance knows: those of the asker's library, and what public sources told of others.

Refuses what only other people's pages, files and corrections say: a paper that nobody but them knows is not found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import structs

from api.actions.desk import Desk
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.errors import BadCursor
from api.domain.papers import Paper
from api.domain.search_query import SearchQuery, read_search
from api.domain.search_ranks import Asked
from api.domain.search_results import Correction, PaperHit, PaperPage, paper_hit, public_hit
from api.meaning import Sought
from api.store import papers, search_docs, search_near, search_reading, search_vocabulary
from api.store.database import Tx
from api.store.search_matches import Found

CATCH_UP = 300  # changes of the library, and papers, that a search reads before it answers


async def search_papers(
    desk: Desk, library_id: str, text: str, limit: int = 50, cursor: str | None = None
) -> PaperPage:
    """A page of the papers that answer, the best first; raises BadCursor for one of another search.

    Field words about entries (`tag:`, `is:` …) say nothing of papers, and are named in `unread`.
    """
    query = read_search(text)
    filters = hashlib.sha256(msgspec.json.encode(("papers", text))).hexdigest()[:16]
    first = _first(desk, library_id, filters, cursor) if cursor else 0
    await _catch_up(desk, library_id)
    sought = await desk.meaning.seek(query.said) if desk.meaning and query.words else None

    async def work(tx: Tx) -> PaperPage:
        page, more = await _page(tx, library_id, query, first, limit, sought)
        at = Place(library_id, filters, first + limit, "")
        return structs.replace(page, cursor=write_cursor(at, desk.settings.secret_key) if more else None)

    return await desk.database.read(work)


async def _catch_up(desk: Desk, library_id: str) -> None:
    if await desk.database.read(lambda tx: search_reading.is_behind(tx, library_id)):
        await desk.database.write(lambda tx: search_reading.read_on(tx, library_id, CATCH_UP))
    if await desk.database.read(search_reading.papers_behind):
        await desk.database.write(lambda tx: search_reading.read_papers(tx, CATCH_UP))


async def _page(
    tx: Tx, library_id: str, query: SearchQuery, first: int, limit: int, sought: Sought | None
) -> tuple[PaperPage, bool]:
    libraries = [library_id, search_docs.EVERYBODY]
    told = tuple(f"{one.name}:{one.value}".rstrip(":") for one in query.conditions)
    if not query.asks_text:
        return PaperPage((), None, 0, unread=query.unread + told), False
    ranked = await search_near.rank(tx, libraries, query, sought=sought)
    own = await search_docs.papers_of(tx, library_id, [one.key for one in ranked.found if one.library_id])
    by_paper = _by_paper(ranked.found, own)
    wanted = list(by_paper)[first : first + limit]
    known = await papers.get_many(tx, wanted, library_id)
    items = [await _hit(tx, known[each], by_paper[each], ranked.asked) for each in wanted if each in known]
    corrections = await _corrections(tx, libraries, ranked.asked)
    page = PaperPage(tuple(items), None, len(by_paper), corrections, query.unread + told)
    return page, first + limit < len(by_paper)


def _by_paper(found: Sequence[Found], own: Mapping[str, str]) -> dict[str, str | None]:
    """The papers in their order, each once, with the asker's entry of it."""
    entries = {paper_id: key for key, paper_id in own.items()}
    order = [own.get(one.key) if one.library_id else one.key for one in found]
    return {paper_id: entries.get(paper_id) for paper_id in order if paper_id is not None}


async def _hit(tx: Tx, paper: Paper, entry_id: str | None, asked: tuple[Asked, ...]) -> PaperHit:
    if entry_id is not None:
        return paper_hit(asked, paper, entry_id)
    return public_hit(asked, paper, await papers.provenance(tx, paper.id))


async def _corrections(tx: Tx, libraries: list[str], asked: tuple[Asked, ...]) -> tuple[Correction, ...]:
    meant = {one.meant: one.term.shown for one in asked if one.meant}
    shown = await search_vocabulary.shown(tx, libraries, meant)
    return tuple(Correction(word, shown.get(one, one)) for one, word in meant.items())


def _first(desk: Desk, library_id: str, filters: str, cursor: str) -> int:
    place = read_place(cursor, desk.settings.secret_key)
    if (place.library_id, place.filters) != (library_id, filters):
        raise BadCursor("this cursor is of another search")
    return int(place.value or 0)
