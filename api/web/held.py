"""`/library/held`: deletions that were so many that a person is asked, confirmed or discarded by plain forms.

Refuses a form without this session's token, to settle anything that the form does not name, and to confirm all where
others came since the page was shown: it is shown again.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.name_objects import name_objects
from api.actions.settle_held import Action, count_held, list_held, settle_all, settle_held
from api.domain.accounts import Who
from api.domain.errors import BadCursor, BadInput, NotFound
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page
from api.web.refusals import FOR_PEOPLE
from api.web.rows import day
from api.web.trash import KINDS

AnyRequest = Request[Any, Any, Any]
ROWS = 50
ACTIONS: dict[str, Action] = {"confirm": "confirm", "discard": "discard"}


@get("/library/held", guards=[requires("sync")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    cursor: Annotated[str, QueryParameter(max_length=1024)] = "",
) -> Template | Redirect:
    """What is held, with a form for all and one for each."""
    try:
        found = await list_held(desk, who, ROWS, cursor or None)
    except BadCursor:
        return Redirect("/library/held", status_code=303)
    names = await name_objects(desk, who.library_id, {one.key for one in found.items})
    lines = [(one, KINDS[one.type], names.get(one.key, ""), day(one.held_at)) for one in found.items]
    return page(request, "held.html", lines=lines, more=found.cursor, count=await count_held(desk, who))


@post(
    "/library/held",
    opt={"bodies": FORM},
    guards=[requires("sync")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def settle(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Settle one or all, and show what is left; what another device settled meanwhile is settled."""
    form = await checked_form(request)
    action = ACTIONS.get(str(form.get("action", "")))
    if action is None:
        raise BadInput("a held deletion is confirmed or discarded")
    try:
        if form.get("which") == "all":
            if action == "discard" or form.get("seen") == str(await count_held(desk, who)):
                await settle_all(desk, who, action)
        else:
            await settle_held(desk, who, str(form.get("which", "")), action)
    except NotFound:
        pass
    return Redirect("/library/held", status_code=303)
