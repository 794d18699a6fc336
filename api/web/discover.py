"""`/discover`: the search over all papers that this instance knows, as a page without scripts.

Refuses what only other people's pages, files and corrections say: `actions/search_papers` tells none of it.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.search_papers import search_papers
from api.domain.accounts import Who
from api.domain.addresses import paper_url
from api.domain.errors import BadCursor
from api.domain.papers import Paper
from api.domain.search_query import MOST_QUERY
from api.domain.search_results import PaperHit
from api.http.auth import requires
from api.web.findings import Piece, pieces_of
from api.web.forms import page
from api.web.refusals import FOR_PEOPLE
from api.web.rows import KINDS, authors_line

ROWS = 30  # papers a page


class PaperRow(Struct, frozen=True):
    """A paper that was found, ready to print; `entry_path` leads to the asker's own entry of it."""

    title: str
    url: str | None
    authors: str
    where: str
    pieces: tuple[Piece, ...]
    entry_path: str


@get("/discover", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(max_length=2048)] = "",
    cursor: Annotated[str, QueryParameter(max_length=1024)] = "",
) -> Template | Redirect:
    """The papers that answer, the best first; without words what may be typed."""
    text = " ".join(q[:MOST_QUERY].split())
    try:
        found = await search_papers(desk, who.library_id, text, ROWS, cursor or None)
    except BadCursor:
        return Redirect(_path(text), status_code=303)
    return page(
        request,
        "discover.html",
        q=text,
        rows=[_row(one) for one in found.items],
        found=found,
        more=_path(text, found.cursor) if found.cursor else "",
        first=_path(text) if cursor else "",
        counts=None,
        wrong="",
        wrong_url="",
    )


def _row(hit: PaperHit) -> PaperRow:
    return PaperRow(
        title=hit.title or "Untitled",
        url=paper_url(Paper(id=hit.id, kind=hit.kind, title=hit.title, identifiers=hit.identifiers)),
        authors=authors_line(hit.authors),
        where=" · ".join(part for part in (hit.venue, str(hit.year or ""), KINDS[hit.kind]) if part),
        pieces=tuple(pieces_of(hit.snippets)),
        entry_path=f"/library/entries/{hit.entry_id}" if hit.entry_id else "",
    )


def _path(text: str, cursor: str = "") -> str:
    asked = [(name, value) for name, value in (("q", text), ("cursor", cursor)) if value]
    return f"/discover?{urlencode(asked)}" if asked else "/discover"
