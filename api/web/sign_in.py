"""Making one's account by a one-time link, signing in and out, in plain HTML forms that work without scripts.

Refuses to send anybody to another site after signing in: `next` is a path of ours or it is nothing.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.sign_in import sign_in
from api.actions.sign_out import sign_out
from api.actions.use_link import find_link, use_link
from api.domain.accounts import WEB_CLIENT
from api.domain.errors import NotFound, ScholiumError
from api.http.auth import Doorkeeper, visitor
from api.http.limits import Limits
from api.http.problems import status_of
from api.web.forms import checked_form, page, sentence, session_cookie

PUBLIC = {"public": True}
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
AnyRequest = Request[Any, Any, Any]


@get("/claim/{token:str}", opt=PUBLIC, include_in_schema=False)
async def show_claim(request: AnyRequest, token: FromPath[str], desk: NamedDependency[Desk]) -> Template:
    """The form behind a one-time link."""
    try:
        link = await find_link(desk, token)
    except NotFound as gone:
        return page(request, "claim.html", 404, gone=gone.detail)
    return page(request, "claim.html", purpose=link.purpose, email=link.email or "", fixed=bool(link.email))


@post("/claim/{token:str}", opt=PUBLIC, include_in_schema=False)
async def claim(
    request: AnyRequest,
    token: FromPath[str],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
    doorkeeper: NamedDependency[Doorkeeper],
) -> Response[Any]:
    """Make the account, or set its new password, and sign this browser in."""
    form = await checked_form(request)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    try:
        await limits.register(request)
        link = await find_link(desk, token)
        account = await use_link(desk, token, email, password)
    except NotFound as gone:
        return page(request, "claim.html", 404, gone=gone.detail)
    except ScholiumError as wrong:
        context = {"purpose": link.purpose, "email": link.email or email, "fixed": bool(link.email)}
        return page(request, "claim.html", status_of(wrong), wrong=sentence(wrong), **context)
    doorkeeper.forget_account(account.id)
    return await _enter(request, desk, account.email, password, "/")


@get("/sign-in", opt=PUBLIC, include_in_schema=False)
async def show_sign_in(
    request: AnyRequest, next_: Annotated[str, QueryParameter(name="next", max_length=2048)] = "/"
) -> Template:
    """The form."""
    return page(request, "sign_in.html", next=local_path(next_))


@post("/sign-in", opt=PUBLIC, include_in_schema=False)
async def enter(request: AnyRequest, desk: NamedDependency[Desk], limits: NamedDependency[Limits]) -> Response[Any]:
    """Sign this browser in and go where it wanted to."""
    form = await checked_form(request)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    onward = local_path(str(form.get("next", "/")))
    try:
        async with limits.guess_password(request, email):
            return await _enter(request, desk, email, password, onward)
    except ScholiumError as wrong:
        return page(request, "sign_in.html", status_of(wrong), wrong=sentence(wrong), email=email, next=onward)


@post("/sign-out", opt=PUBLIC, include_in_schema=False)
async def leave(request: AnyRequest, desk: NamedDependency[Desk], doorkeeper: NamedDependency[Doorkeeper]) -> Redirect:
    """Sign this browser out, for good and on the server too."""
    await checked_form(request)
    who = await visitor(request)
    if who:
        await sign_out(desk, who.account_id, who.device_id)
        doorkeeper.forget(who.device_id)
    return _onward("/sign-in", session_cookie(request, ""))


def local_path(wanted: str) -> str:
    """The path, if it is one of ours; else the front page."""
    return wanted if _LOCAL.fullmatch(wanted) else "/"


async def _enter(request: AnyRequest, desk: Desk, email: str, password: str, onward: str) -> Redirect:
    session = await sign_in(desk, email, password, _browser_name(request), WEB_CLIENT)
    return _onward(onward, session_cookie(request, session.refresh_token))


def _onward(path: str, cookie: Cookie) -> Redirect:
    return Redirect(path, status_code=303, cookies=[cookie])


def _browser_name(request: AnyRequest) -> str:
    agent = request.headers.get("user-agent", "")
    found = re.search(r"(Edg|Firefox|OPR|Chrome|Safari)/", agent)
    names = {"Edg": "Edge", "OPR": "Opera"}
    return f"{names.get(found[1], found[1])} (web)" if found else "Web browser"
