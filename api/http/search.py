"""`/v1/search` and `/v1/papers`: the asker's library, or all papers, by a line of text.

Refuses nothing that a person types: what is no field word is searched as words, and named in `unread`.
"""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.find_alike import find_alike
from api.actions.search_library import search_library
from api.actions.search_papers import search_papers
from api.domain.accounts import Who
from api.domain.entries import MOST_PAGE, Entry
from api.domain.papers import Paper
from api.domain.search_query import MOST_QUERY
from api.domain.search_results import Correction, Hit, PaperHit
from api.domain.snippets import Snippet
from api.http.auth import requires

Query = Annotated[str, QueryParameter(max_length=MOST_QUERY)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_PAGE)]
Cursor = Annotated[str | None, QueryParameter(max_length=1024)]


class EntryHit(Entry, frozen=True):
    """An entry that answers, with its paper, and pieces of text with the offsets of what was found."""

    paper: Paper
    snippets: tuple[Snippet, ...]


class SearchAnswer(Struct, frozen=True):
    """A page of entries; `total` are ranked, `corrections` what was looked for in place of a slip."""

    items: list[EntryHit]
    cursor: str | None
    total: int
    corrections: tuple[Correction, ...]
    unread: tuple[str, ...]


class PapersAnswer(Struct, frozen=True):
    """A page of papers, as above."""

    items: tuple[PaperHit, ...]
    cursor: str | None
    total: int
    corrections: tuple[Correction, ...]
    unread: tuple[str, ...]


class AlikeAnswer(Struct, frozen=True):
    """Entries whose papers are most like one."""

    items: list[EntryHit]
    cursor: str | None = None


@get("/v1/search", guards=[requires("read")])
async def library(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    q: Query = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> SearchAnswer:
    """The entries that answer, the best first; without words those that meet the field words, the last saved first."""
    page = await search_library(desk, who.library_id, q, limit=limit, cursor=cursor)
    return SearchAnswer([_shown(hit) for hit in page.items], page.cursor, page.total, page.corrections, page.unread)


@get("/v1/papers", guards=[requires("read")])
async def papers(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    q: Query = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PapersAnswer:
    """The papers that answer, of the library and of what public sources tell, the best first."""
    page = await search_papers(desk, who.library_id, q, limit=limit, cursor=cursor)
    return PapersAnswer(page.items, page.cursor, page.total, page.corrections, page.unread)


@get("/v1/entries/{entry_id:str}/alike", guards=[requires("read")])
async def alike(entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> AlikeAnswer:
    """The entries of the library that are most like this one, at most six."""
    return AlikeAnswer([_shown(Hit(one, ())) for one in await find_alike(desk, who.library_id, entry_id)])


def _shown(hit: Hit) -> EntryHit:
    entry = hit.shelved.entry
    values = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return EntryHit(**values, paper=hit.shelved.paper, snippets=hit.snippets)
