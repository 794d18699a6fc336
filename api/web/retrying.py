"""The button on the page of a paper whose sources could not be asked: they are asked again, now.

Refuses a form without this session's token, as all our pages do.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.actions.desk import Desk
from api.actions.list_entries import get_entry
from api.actions.try_again import try_again
from api.domain.accounts import Who
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form
from api.web.refusals import FOR_PEOPLE


@post(
    "/library/entries/{entry_id:str}/try-again",
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def again(
    request: Request[Any, Any, Any], entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Redirect:
    """Make the entry's paper due now, and show its page."""
    await checked_form(request)
    shelved = await get_entry(desk, who.library_id, entry_id)
    await try_again(desk, who, shelved.paper.id)
    return Redirect(f"/library/entries/{shelved.entry.id}", status_code=303)
