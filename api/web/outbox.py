"""`/outbox`: the reader's own mails, where this instance has no mail server and keeps them in its data folder.

Refuses mails of others: whoever owns the machine can read the folder, the page shows each person their own.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from api.actions.desk import Desk
from api.actions.list_outbox import list_outbox, read_outbox
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.http.auth import requires
from api.web.forms import page
from api.web.letters import letter_page
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]


@get("/outbox", guards=[requires("account")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """The mails there are."""
    mails = [(one, rfc3339(one.at)[:16].replace("T", " ")) for one in await list_outbox(desk, who.library_id)]
    return page(request, "outbox.html", mails=mails, has_server=bool(desk.settings.smtp_url))


@get("/outbox/{name:str}", guards=[requires("account")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def read(name: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[str]:
    """One mail."""
    return letter_page(await read_outbox(desk, who.library_id, name))
