"""`/v1/feeds` and `/f/{secret}/{name}`: addresses that keep themselves up to date, for Overleaf, Typst and Zotero.

Whoever knows the address reads the list, without cookies. Refuses to show notes and highlights there.
"""

from __future__ import annotations

import hashlib
from email.utils import formatdate, parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, delete, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta, Struct, structs

from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.actions.keep_feeds import end_feed, list_feeds, make_feed
from api.actions.open_feed import open_feed
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.formats.catalog import FORMATS, FormatName
from api.domain.public_feeds import OPEN_FORMATS, OpenFeed, PublicFeed, ending, wish_for
from api.http.auth import requires
from api.http.limits import Limits

Filter = Annotated[str, Meta(min_length=1, max_length=255)]


MEDIA = tuple(sorted({one.media_type for one in FORMATS.values()}))


class FeedWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A name, a format, and which entries: of a tag, a list, a search; all where none is named."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    format: Annotated[FormatName, Meta(extra_json_schema={"enum": sorted(OPEN_FORMATS)})] = "bibtex"
    tag: Filter | None = None
    list: Filter | None = None
    q: Annotated[str, Meta(min_length=1, max_length=500)] | None = None


class FeedItem(Struct, frozen=True):
    """A feed without its secret."""

    id: str
    name: str
    format: FormatName
    tag: str | None
    list: str | None
    q: str | None
    created_at: str


class NewFeedAnswer(FeedItem, frozen=True):
    """A new feed with its address, this once."""

    url: str


class FeedList(Struct, frozen=True):
    """All feeds of the library."""

    items: list[FeedItem]
    cursor: str | None = None


@post("/v1/feeds", guards=[requires("account")])
async def make(data: JSONBody[FeedWish], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> NewFeedAnswer:
    """Make an address for the entries that are named."""
    feed, secret = await make_feed(desk, who.library_id, data.name, data.format, data.tag, data.list, data.q)
    name = quote(feed.name, safe="")
    url = f"{desk.settings.base_url}/f/{secret}/{name}.{ending(feed.format)}"
    return NewFeedAnswer(**structs.asdict(_item(feed)), url=url)


@get("/v1/feeds", guards=[requires("account")])
async def listed(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> FeedList:
    """The feeds, the newest first."""
    return FeedList([_item(feed) for feed in await list_feeds(desk, who.library_id)])


@delete("/v1/feeds/{feed_id:str}", guards=[requires("account")])
async def end(feed_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> None:
    """End an address at once and for good."""
    await end_feed(desk, who.library_id, feed_id)


@route(
    "/f/{secret:str}/{filename:str}",
    http_method=["GET", "HEAD"],
    opt={"public": True, "media": MEDIA, "answers": (304,)},
)
async def read(
    request: Request[Any, Any, Any],
    secret: FromPath[str],
    filename: FromPath[str],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
) -> Response[Any]:
    """The list as it is now; 304 where it did not change."""
    await limits.read_feed(request)
    opened = await open_feed(desk, secret)
    wish = wish_for(opened.feed, filename)
    headers = feed_headers(opened, wish.format)
    if is_known(request, headers["ETag"], opened.changed_at):
        return Response(None, status_code=304, headers=headers)
    media_type = FORMATS[wish.format].content_type
    if request.method == "HEAD":
        return Response(b"", media_type=media_type, headers=headers)
    pieces = export_library(desk, opened.library_id, opened.feed.wanted, wish)
    return Stream(pieces, media_type=media_type, headers=headers)


def feed_headers(opened: OpenFeed, what: str) -> dict[str, str]:
    """What an address answers beside `what` it shows: how long that holds, and who may read and find it."""
    told = f"{opened.feed.id} {opened.epoch} {opened.version} {what}"
    found = {} if opened.feed.slug else {"X-Robots-Tag": "noindex"}
    return found | {
        "ETag": f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"',
        "Last-Modified": formatdate(opened.changed_at, usegmt=True),
        # an ended address ends everywhere
        "Cache-Control": "public, no-cache" if opened.feed.slug else "private, no-cache",
        "Access-Control-Allow-Origin": "*",  # editors in the browser read it; no cookie opens more
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def is_known(request: Request[Any, Any, Any], etag: str, changed_at: int) -> bool:
    """Whether the reader has what there is already."""
    # RFC 9110 13.2.2: If-None-Match, and only without it If-Modified-Since.
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        return parsedate_to_datetime(request.headers.get("if-modified-since", "")).timestamp() >= changed_at
    except (ValueError, TypeError, OverflowError):
        return False


def _item(feed: PublicFeed) -> FeedItem:
    return FeedItem(feed.id, feed.name, feed.format, feed.tag, feed.list_, feed.q, rfc3339(feed.created_at))
