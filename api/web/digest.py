"""`/digest`: the daily mail chosen, looked at beforehand, and its feed; plain forms, no scripts.

Refuses what the API refuses, in a sentence above the form.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from msgspec import ValidationError, convert

from api.actions.desk import Desk
from api.actions.get_account import get_account
from api.actions.keep_digest import get_digest, keep_digest
from api.actions.list_outbox import last_mail
from api.actions.open_digest_feed import end_digest_feed, make_digest_feed
from api.actions.preview_digest import preview_digest
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.digest import PARTS, Digest, DigestWish
from api.domain.errors import BadInput, ScholiumError
from api.http.auth import requires
from api.http.problems import status_of
from api.http.request_rules import FORM
from api.letters.digest import PART_NAMES
from api.store.zones import names, zone_of
from api.web.forms import checked_form, page, sentence
from api.web.letters import PAGE_WITH_LETTER, letter_page
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPEN: dict[str, Any] = {
    "guards": [requires("account")],
    "exception_handlers": FOR_PEOPLE,
    "include_in_schema": False,
}


@get("/digest", **_OPEN)
async def show(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """The choice there is, where it stands, and the issue as it would be now."""
    return await _page(request, desk, who)


@post("/digest", opt={"bodies": FORM}, **_OPEN)
async def choose(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Want it so from now on."""
    form = await checked_form(request)
    try:
        await keep_digest(desk, who, _wish(form))
    except ScholiumError as wrong:
        return await _page(request, desk, who, status_of(wrong), wrong=sentence(wrong))
    return Redirect("/digest", status_code=303)


@post("/digest/feed", opt={"bodies": FORM}, **_OPEN)
async def feed(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Make the feed's address and show it this once, or end it."""
    form = await checked_form(request)
    if form.get("end"):
        await end_digest_feed(desk, who.library_id)
        return Redirect("/digest", status_code=303)
    secret = await make_digest_feed(desk, who.library_id)
    return await _page(request, desk, who, url=f"{desk.settings.base_url}/digest/feed/{secret}")


@get("/digest/preview", **_OPEN)
async def preview(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[str]:
    """The letter by itself, for the frame on the page."""
    return letter_page((await preview_digest(desk, who.library_id)).html)


def _wish(form: FormMultiDict) -> DigestWish:
    told = {name: str(form[name]) for name in ("frequency", "way", "hour", "weekday", "zone", "most") if name in form}
    parts = [part for part in PARTS if form.get(part)]
    try:
        return convert({**told, "parts": parts}, DigestWish, strict=False)
    except ValidationError:
        raise BadInput("choose what it tells, and how often") from None


async def _page(
    request: AnyRequest, desk: Desk, who: Who, status: int = 200, *, wrong: str = "", url: str = ""
) -> Template:
    digest, mail = await get_digest(desk, who.library_id), await last_mail(desk, who.library_id)
    shown = page(
        request,
        "digest.html",
        status,
        digest=digest,
        email=(await get_account(desk, who.account_id)).email,
        next_issue=_when(digest),
        parts=[(part, PART_NAMES[part]) for part in PARTS],
        weekdays=WEEKDAYS,
        zones=names(),
        has_server=bool(desk.settings.smtp_url),
        trouble=mail.trouble if mail and mail.state == "failed" else "",
        sent=rfc3339(mail.sent_at)[:10] if mail and mail.sent_at else "",
        wrong=wrong,
        url=url,
    )
    shown.headers.update(PAGE_WITH_LETTER)
    return shown


def _when(digest: Digest) -> str:
    """The next issue by the reader's own clock."""
    if not digest.next_at:
        return ""
    there = datetime.fromtimestamp(digest.next_at / 1000, zone_of(digest.wish.zone))
    return f"{there:%A}, {there.day} {there:%B} {there.year}, {there:%H:%M}"
