"""`/pair`: a signed-in person types the code that a device shows, sees which device it is, and lets it in or not.

Refuses to approve by a link alone: the address may carry the code, but somebody has to press the button.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.approve_pairing import approve_pairing, find_pairing
from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.errors import NotAllowed, NotFound, ScholiumError
from api.domain.pairings import read_user_code
from api.http.auth import visitor
from api.http.limits import Limits
from api.http.problems import status_of
from api.web.forms import checked_form, page, sentence

AnyRequest = Request[Any, Any, Any]
PUBLIC = {"public": True}  # who is not signed in is sent to sign in, not refused


@get("/pair", opt=PUBLIC, include_in_schema=False)
async def show_pair(
    request: AnyRequest,
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
    code: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Response[Any]:
    """Ask for a code, or show the device that waits with it."""
    who = await visitor(request)
    if who is None:
        here = "/pair" + (f"?{urlencode({'code': code})}" if code else "")
        return Redirect("/sign-in?" + urlencode({"next": here}), status_code=303)
    if not code:
        return page(request, "pair.html")
    try:
        await limits.guess_code(who.account_id)
        grant = await find_pairing(desk, code)
    except ScholiumError as wrong:
        return _refused(request, wrong, code)
    return page(request, "pair.html", grant=grant)


@post("/pair", opt=PUBLIC, include_in_schema=False)
async def decide(request: AnyRequest, desk: NamedDependency[Desk], limits: NamedDependency[Limits]) -> Response[Any]:
    """Let the device in, or turn it away."""
    form = await checked_form(request)
    who = await _person(request)
    code = read_user_code(str(form.get("code", "")))
    approve = form.get("decision") == "approve"
    try:
        await limits.guess_code(who.account_id)
        await approve_pairing(desk, who.account_id, code, approve=approve)
    except ScholiumError as wrong:
        return _refused(request, wrong, code)
    return page(request, "pair.html", done="approved" if approve else "denied")


def _refused(request: AnyRequest, wrong: ScholiumError, code: str) -> Template:
    unknown = "No device waits with this code. It may have expired: ask the device for a new one."
    said = unknown if isinstance(wrong, NotFound) else sentence(wrong)
    return page(request, "pair.html", status_of(wrong), wrong=said, code=code)


async def _person(request: AnyRequest) -> Who:
    """Who is signed in; raises NotAllowed for a token that may not manage the account."""
    who = await visitor(request)
    if who is None or "account" not in who.scopes:
        raise NotAllowed("sign in first")
    return who
