"""`/library/searches`: keep what the library page shows by a name; rename it, delete it and undo that, by plain forms.

Each leads to its papers, to a .bib file of them, and to a feed. Refuses to keep the whole library.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.keep_searches import drop_search, keep_search, list_searches, rename_search
from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.domain.saved_searches import SavedSearch
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page, sentence
from api.web.queries import read_query, words_of
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
PATH = "/library/searches"


@get(PATH, guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """All searches by name."""
    return await _page(request, desk, who)


@post(PATH, opt={"bodies": FORM}, guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def change(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Keep one and show its papers; or rename or delete the one that the form names."""
    form = await checked_form(request)
    search_id, name = str(form.get("search", "")), str(form.get("name", ""))
    try:
        if form.get("op") == "delete":
            return await _page(request, desk, who, dropped=await drop_search(desk, who.library_id, search_id))
        if search_id:
            await rename_search(desk, who.library_id, search_id, name)
            return Redirect(PATH, status_code=303)
        await keep_search(desk, who.library_id, name, _query(form))
    except BadInput as wrong:
        return await _page(request, desk, who, 400, wrong=sentence(wrong))
    back = PATH if form.get("undo") else read_query(str(form.get("query", ""))).path
    return Redirect(back, status_code=303)


def _query(form: FormMultiDict) -> str:
    """What is to be kept: filters and order, as the page writes them."""
    return read_query(str(form.get("query", ""))).at("").text


async def _page(
    request: AnyRequest,
    desk: Desk,
    who: Who,
    status: int = 200,
    *,
    dropped: SavedSearch | None = None,
    wrong: str = "",
) -> Template:
    found = await list_searches(desk, who.library_id)
    lines = [(one, read_query(one.query), words_of(read_query(one.query))) for one in found]
    return page(request, "searches.html", status, lines=lines, dropped=dropped, wrong=wrong)
