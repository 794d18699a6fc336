"""`/library/references`: the list's references in a citation style, to read, to copy and to take along.

Refuses to keep anybody waiting: beyond 200 entries it offers the files alone.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from api.actions.cite_list import cite_list
from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.errors import TooLarge
from api.http.auth import requires
from api.references import STYLE_NAMES, Style
from api.web.forms import page, sentence
from api.web.queries import LibraryQuery, read_query
from api.web.refusals import FOR_PEOPLE

MOST_SHOWN = 200  # references on the page
_FILES = (("As text", "references"), ("As HTML", "references-html"))


@get("/library/references", guards=[requires("export")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    back: Annotated[str, QueryParameter(max_length=2048)] = "",
    style: Annotated[Style, QueryParameter()] = "apa",
) -> Template:
    """The references of the entries that `back`, the query of the library page, names."""
    query = read_query(back)
    lines: list[str] = []
    beyond = ""
    try:
        cited = await cite_list(desk, who.library_id, query.filter, style, as_html=True, most=MOST_SHOWN)
        lines = [line async for line in cited]
    except TooLarge as wrong:
        beyond = sentence(wrong)
    return page(
        request,
        "references.html",
        query=query,
        lines=lines,
        beyond=beyond,
        style=style,
        styles=STYLE_NAMES,
        files=[(words, _address(query, format_, style)) for words, format_ in _FILES],
    )


def _address(query: LibraryQuery, format_: str, style: Style) -> str:
    return "/v1/export?" + urlencode([("format", format_), ("style", style), *query.pairs])
