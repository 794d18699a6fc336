"""Where the links of mails lead: yes to the first one, no more of all others; without signing in.

Looking changes nothing, for programs that read mails open every link. Refuses nobody: the way out says the same whether
its link is known or not.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from api.actions.confirm_digest import confirm_digest, find_question
from api.actions.desk import Desk
from api.actions.end_digest import end_digest
from api.domain.errors import NotFound
from api.http.request_rules import FORM
from api.web.forms import checked_form, page

AnyRequest = Request[Any, Any, Any]
# RFC 8058 3.2: the one click comes as either kind of form, from the mail's own server, without cookie or token.
_PRESS: dict[str, Any] = {
    "opt": {"public": True, "bodies": (*FORM, "multipart/form-data")},
    "include_in_schema": False,
    "status_code": 200,
}


@get("/digest/confirm/{token:str}", opt={"public": True}, include_in_schema=False)
async def show_confirm(request: AnyRequest, token: FromPath[str], desk: NamedDependency[Desk]) -> Template:
    """The button that says yes."""
    try:
        digest = await find_question(desk, token)
    except NotFound as gone:
        return page(request, "mail_link.html", 404, says="gone", gone=gone.detail)
    return page(request, "mail_link.html", says="ask", frequency=digest.wish.frequency)


@post("/digest/confirm/{token:str}", opt={"public": True}, include_in_schema=False, status_code=200)
async def confirm(request: AnyRequest, token: FromPath[str], desk: NamedDependency[Desk]) -> Template:
    """Yes."""
    await checked_form(request)
    try:
        digest = await confirm_digest(desk, token)
    except NotFound as gone:
        return page(request, "mail_link.html", 404, says="gone", gone=gone.detail)
    return page(request, "mail_link.html", says="confirmed", frequency=digest.wish.frequency)


@get("/digest/unsubscribe/{token:str}", opt={"public": True}, include_in_schema=False)
async def show_unsubscribe(request: AnyRequest, token: FromPath[str]) -> Template:
    """The button that says no more."""
    return page(request, "mail_link.html", says="leave")


@post("/digest/unsubscribe/{token:str}", **_PRESS)
async def unsubscribe(request: AnyRequest, token: FromPath[str], desk: NamedDependency[Desk]) -> Template:
    """No more."""
    await end_digest(desk, token)
    return page(request, "mail_link.html", says="left")
