"""`/library/many`: one change of all entries that were ticked, or of all that the list shows, and its undo.

Refuses a change that names nothing, and never guesses which entries were meant.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.response import Redirect

from api.actions.desk import Desk
from api.actions.edit_many import edit_many, undo_many
from api.domain.accounts import Who
from api.domain.entries import EntryFilter
from api.domain.errors import BadInput
from api.domain.many_edits import ManyWish
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.edits import tag_id
from api.web.forms import checked_form
from api.web.queries import LibraryQuery, read_query
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
BODIES = {"bodies": FORM}
MOST_FIELDS = 300  # every row of a page has one


@post("/library/many", opt=BODIES, guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def change(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Make the change, and show the list again with the way back."""
    form = await checked_form(request, MOST_FIELDS)
    query = read_query(str(form.get("back", ""))).at("")
    chosen = _chosen(form, query)
    done = await edit_many(desk, who, await _wish(desk, who, form), chosen)
    if done.held:
        return Redirect("/library/held", status_code=303)
    return Redirect(query.path + ("&" if query.text else "?") + urlencode({"changed": done.id}), status_code=303)


@post(
    "/library/many/undo", opt=BODIES, guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False
)
async def undo(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Take a change back where it still stands."""
    form = await checked_form(request)
    await undo_many(desk, who, str(form.get("id", "")))
    return Redirect(read_query(str(form.get("back", ""))).path, status_code=303)


def _chosen(form: FormMultiDict, query: LibraryQuery) -> list[str] | EntryFilter:
    if form.get("all") == "yes":
        return query.filter
    keys = [key for key in str(form.get("keys", "")).split(",") if key]
    keys += [name.removeprefix("pick.") for name in form if name.startswith("pick.")]
    if not keys:
        raise BadInput("tick the papers first, or “all”")
    return keys


async def _wish(desk: Desk, who: Who, form: FormMultiDict) -> ManyWish:
    act, _, off = str(form.get("act", "")).partition("-")
    if act == "tag":
        return ManyWish("tags", await tag_id(desk, who, " ".join(str(form.get("tag", "")).split())), on=not off)
    if act == "list":
        return ManyWish("lists", str(form.get("list", "")), on=not off)
    if act == "status":
        return ManyWish("status", str(form.get("status", "")))
    if act == "trash":
        return ManyWish("trash")
    raise BadInput("no such change")
