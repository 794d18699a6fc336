"""`/account`: devices and tokens to end, another password, everything as a file, and leaving; plain forms, no scripts.

Refuses another password and leaving without the password, and counts wrong ones as tries to sign in.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from api.actions.change_password import change_password
from api.actions.delete_account import delete_account
from api.actions.desk import Desk
from api.actions.get_account import get_account
from api.actions.keep_key_pattern import get_key_pattern, set_key_pattern
from api.actions.list_devices import list_devices
from api.actions.list_tokens import list_tokens
from api.actions.retry_jobs import is_operator
from api.actions.revoke_token import revoke_token
from api.actions.sign_out import sign_out
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.errors import BadInput, ScholiumError
from api.domain.key_pattern import read_pattern
from api.http.auth import Doorkeeper, requires
from api.http.limits import Limits
from api.http.problems import status_of
from api.http.request_rules import FORM
from api.web.forms import checked_form, page, sentence, session_cookie
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
KEY_PARTS = (  # as a person types them; a capital letter asks for one in the key
    ("author Author", "the first author"),
    ("authors Authors", "up to three authors"),
    ("year shortyear", "2017, or 17"),
    ("title Title", "the title’s first telling word"),
    ("words Words", "the first three of these"),
    ("- _ : .", "what stands between"),
)
_FORMS: dict[str, Any] = {
    "opt": {"bodies": FORM},
    "guards": [requires("account")],
    "exception_handlers": FOR_PEOPLE,
    "include_in_schema": False,
}


@get("/account", guards=[requires("account")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """The account with its devices and tokens."""
    return page(request, "account.html", **await _context(desk, who))


@post("/account/devices", **_FORMS)
async def end(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> Redirect:
    """Sign one device out, or end one personal token."""
    form = await checked_form(request)
    device, token = str(form.get("device", "")), str(form.get("token", ""))
    if token:
        await revoke_token(desk, who.account_id, token)
    else:
        await sign_out(desk, who.account_id, device)
    doorkeeper.forget(token or device)
    return Redirect("/account", status_code=303)


@post("/account/password", **_FORMS)
async def password(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    limits: NamedDependency[Limits],
) -> Response[Any]:
    """Change the password; every other device is signed out."""
    form = await checked_form(request)
    account = await get_account(desk, who.account_id)
    try:
        async with limits.guess_password(request, account.email):
            await change_password(desk, who, str(form.get("old", "")), str(form.get("new", "")))
    except ScholiumError as wrong:
        context = await _context(desk, who)
        return page(request, "account.html", status_of(wrong), **context, wrong_password=sentence(wrong))
    doorkeeper.forget_account(account.id)
    said = "The password is changed; every other device is signed out."
    return page(request, "account.html", **await _context(desk, who), said=said)


@post("/account/key-pattern", **_FORMS)
async def key_pattern(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """Make new citation keys of other parts."""
    form = await checked_form(request)
    try:
        kept = await set_key_pattern(desk, who.library_id, read_pattern(str(form.get("parts", ""))))
    except BadInput as wrong:
        context = await _context(desk, who)
        return page(request, "account.html", status_of(wrong), **context, wrong_pattern=sentence(wrong))
    said = f"New keys look like {kept.example}; those that there are stay."
    return page(request, "account.html", **await _context(desk, who), said=said)


@post("/account/delete", **_FORMS)
async def leave(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    limits: NamedDependency[Limits],
) -> Response[Any]:
    """Delete the account and say so on the sign-in page."""
    form = await checked_form(request)
    account = await get_account(desk, who.account_id)
    try:
        async with limits.guess_password(request, account.email):
            await delete_account(desk, account.id, str(form.get("password", "")))
    except ScholiumError as wrong:
        context = await _context(desk, who)
        return page(request, "account.html", status_of(wrong), **context, wrong_leaving=sentence(wrong))
    doorkeeper.forget_account(account.id)
    return Redirect("/sign-in", status_code=303, cookies=[session_cookie(request, "")])


async def _context(desk: Desk, who: Who) -> dict[str, Any]:
    devices = await list_devices(desk, who.account_id)
    tokens = await list_tokens(desk, who.account_id)
    return {
        "account": await get_account(desk, who.account_id),
        "key_pattern": await get_key_pattern(desk, who.library_id),
        "key_parts": KEY_PARTS,
        "is_operator": await is_operator(desk, who.account_id),
        "devices": [(one, rfc3339(one.seen_at)[:10], one.id == who.device_id) for one in devices],
        "tokens": [
            (one, ", ".join(sorted(one.scopes)), rfc3339(one.expires_at)[:10] if one.expires_at else "")
            for one in tokens
        ],
    }
