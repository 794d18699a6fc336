"""`/v1/digest`: how somebody wants the daily mail, and what it would tell now; its feed.

Refuses to mail anybody who did not say yes twice: here, and by the link of a mail.
"""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct, structs

from api.actions.desk import Desk
from api.actions.get_account import get_account
from api.actions.keep_digest import get_digest, keep_digest
from api.actions.open_digest_feed import read_digest_feed
from api.actions.preview_digest import preview_digest
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.digest import Digest, DigestState, DigestWish
from api.domain.formats import atom
from api.http.auth import requires
from api.http.limits import Limits


class DigestAnswer(DigestWish, frozen=True):
    """A wish with where it stands: when the next issue is due, to which address, why it is paused."""

    state: DigestState = "off"
    next_at: str | None = None
    email: str = ""
    paused: str | None = None


class PreviewAnswer(Struct, frozen=True):
    """A letter as it would be sent now."""

    subject: str
    text: str
    html: str


@get("/v1/digest", guards=[requires("account")])
async def shown(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> DigestAnswer:
    """What is wanted, and where it stands."""
    return await _answer(desk, who, await get_digest(desk, who.library_id))


@put("/v1/digest", guards=[requires("account")])
async def chosen(data: JSONBody[DigestWish], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> DigestAnswer:
    """Want it so from now on; the first time a mail asks whether that is meant."""
    return await _answer(desk, who, await keep_digest(desk, who, data))


@post("/v1/digest/preview", status_code=200, guards=[requires("account")])
async def preview(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> PreviewAnswer:
    """The issue as it would be now; nothing of it counts as told."""
    written = await preview_digest(desk, who.library_id)
    return PreviewAnswer(written.subject, written.text, written.html)


@get("/digest/feed/{feed_secret:str}", opt={"public": True, "media": ("application/atom+xml",), "answers": (304,)})
async def feed(
    request: Request[Any, Any, Any],
    feed_secret: FromPath[str],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
) -> Response[Any]:
    """What the issues told, as Atom, the newest first; 304 where it did not change."""
    await limits.read_feed(request)
    library_id, entries = await read_digest_feed(desk, feed_secret)
    body = "".join(atom.render(entries, f"urn:uuid:{library_id}")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers=headers)


async def _answer(desk: Desk, who: Who, digest: Digest) -> DigestAnswer:
    account = await get_account(desk, who.account_id)
    return DigestAnswer(
        **structs.asdict(digest.wish),
        state=digest.state,
        next_at=rfc3339(digest.next_at) if digest.next_at else None,
        email=account.email,
        paused=digest.paused or None,
    )
