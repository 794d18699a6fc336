"""`/library/trash`: what was deleted and when, and a plain form that brings it back.

Refuses a form without this session's token, as all our pages do.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_trash import list_trash
from api.domain.accounts import Who
from api.domain.errors import BadCursor, BadInput
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page
from api.web.refusals import FOR_PEOPLE
from api.web.rows import day

AnyRequest = Request[Any, Any, Any]
ROWS = 50
KINDS = {"entry": "Paper", "highlight": "Highlight", "tag": "Tag", "list": "List"}


@get("/library/trash", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    cursor: Annotated[str, QueryParameter(max_length=1024)] = "",
    back: Annotated[str, QueryParameter(max_length=16)] = "",
) -> Template | Redirect:
    """The trash, the latest first; `back` is the kind of what was just brought back."""
    try:
        found = await list_trash(desk, who.library_id, ROWS, cursor or None)
    except BadCursor:
        return Redirect("/library/trash", status_code=303)
    lines = [(one, KINDS[one.type], day(one.deleted_at)) for one in found.items]
    said = f"{KINDS[back]} brought back." if back in KINDS else ""
    return page(
        request,
        "trash.html",
        lines=lines,
        older=found.cursor,
        first=not cursor,
        said=said,
        days=desk.settings.trash_days,
    )


@post(
    "/library/trash",
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def bring_back(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Bring one thing back, and show the trash again."""
    form = await checked_form(request)
    kind, key = str(form.get("type", "")), str(form.get("key", ""))
    if kind not in KINDS:
        raise BadInput("no such kind of thing")
    await edit_object(desk, who, EditWish(kind, key, op="restore"))
    return Redirect(f"/library/trash?back={kind}", status_code=303)
