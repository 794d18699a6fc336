"""The library in a browser tab, for phones and for machines without the extension: plain HTML that reads, filters
and exports without scripts.

Refuses nobody without saying where to go: who is not signed in is sent to `/sign-in` and comes back.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.edit_many import what_was_done
from api.domain.accounts import Who
from api.domain.errors import BadCursor
from api.http.auth import requires
from api.references import Style
from api.web.contexts import ROWS, library_context, paper_context, rows_context, slice_context
from api.web.forms import page
from api.web.queries import make_query, read_query
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
Text = Annotated[str, QueryParameter(max_length=2048)]
Texts = Annotated[list[str] | None, QueryParameter(max_items=ROWS)]


@get("/", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def library(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    q: Text = "",
    status: Text = "",
    tag: Texts = None,
    has: Texts = None,
    list_: Annotated[str, QueryParameter(name="list", max_length=2048)] = "",
    sort: Text = "",
    cursor: Text = "",
    saved: Text = "",
    found: Text = "",
    removed: Text = "",
    changed: Text = "",
) -> Template | Redirect:
    """The list; `saved` and `found` name the entry that a save made or found, `removed` one to offer back, `changed` a
    change of many that can be undone."""
    pairs = [("q", q), ("status", status), ("list", list_), ("sort", sort), ("cursor", cursor)]
    query = make_query(pairs + [("tag", t) for t in tag or ()] + [("has", h) for h in has or ()])
    few = request.headers.get("X-Scholium") == "few" and not cursor
    try:
        context = await library_context(desk, who, query, top=saved or found, new=bool(saved), removed=removed, few=few)
        context["done"] = await what_was_done(desk, who.library_id, changed) if changed else None
    except BadCursor:
        return Redirect(query.at("").path, status_code=303)
    return page(request, "library.html", **context)


@get("/library/rows", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def rows(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    entry: Texts = None,
    back: Text = "",
) -> Template:
    """Some rows anew, for a page that shows them already."""
    return page(request, "rows.html", **await rows_context(desk, who, entry or [], read_query(back)))


@get("/library/slice", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def some_rows(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    back: Text = "",
    first: Annotated[int, QueryParameter(ge=0, le=10_000_000)] = 0,
) -> Template:
    """The rows of a list from a number on, for a page that shows only what is in sight."""
    return page(request, "rows.html", **await slice_context(desk, who, read_query(back), first))


@get(
    "/library/entries/{entry_id:str}", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False
)
async def paper(
    request: AnyRequest,
    entry_id: FromPath[str],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    style: Annotated[Style | None, QueryParameter()] = None,
) -> Template:
    """One entry with everything that is known of its paper; `style` shows how it is cited."""
    return page(request, "paper.html", **await paper_context(desk, who, entry_id, style))
