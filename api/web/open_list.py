"""`/f/{secret}`: a list, tag or search that somebody shows to others, as a page that only reads.

Whoever has the address reads it, without cookies or scripts. Refuses all that is the reader's own: notes, highlights,
tags, status, stars, dates of saving, and addresses that only a browser of theirs was at.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Template
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.open_feed import open_feed
from api.actions.slice_entries import slice_entries
from api.domain.addresses import paper_url
from api.domain.entries import ShelvedEntry, Sort
from api.http.feeds import feed_headers, is_known
from api.http.limits import Limits
from api.web.refusals import FOR_PEOPLE
from api.web.rows import Labels, Resource, resources_of, row_of

ROWS = 50


class OpenRow(Struct, frozen=True):
    """A paper as others see it."""

    title: str
    url: str | None
    authors: str
    where: str
    abstract: str
    resources: tuple[Resource, ...]


@route(
    "/f/{secret:str}",
    http_method=["GET", "HEAD"],
    opt={"public": True},
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def show(
    request: Request[Any, Any, Any],
    secret: FromPath[str],
    desk: NamedDependency[Desk],
    limits: NamedDependency[Limits],
    first: Annotated[int, QueryParameter(ge=0, le=10_000_000)] = 0,
) -> Response[Any]:
    """The papers from number `first` on; 304 where nothing changed."""
    await limits.read_feed(request)
    opened = await open_feed(desk, secret)
    headers = feed_headers(opened, f"page {first}")
    if is_known(request, headers["ETag"], opened.changed_at):
        return Response(None, status_code=304, headers=headers)
    sort: Sort = "position" if opened.feed.list_ else "saved"
    found = await slice_entries(desk, opened.library_id, opened.feed.wanted, sort, first, ROWS + 1)
    here = f"/f/{quote(secret, safe='')}"
    context = {
        "name": opened.feed.name,
        "is_open": opened.feed.slug is not None,
        "here": here,
        "file": f"{here}/{quote(opened.feed.name, safe='')}",
        "rows": [_row(one) for one in found[:ROWS]],
        "earlier": max(first - ROWS, 0) if first else None,
        "later": first + ROWS if len(found) > ROWS else None,
    }
    return Template("open_list.html", context=context, headers=headers)


def _row(shelved: ShelvedEntry) -> OpenRow:
    row = row_of(shelved, Labels())
    url = paper_url(shelved.paper)
    return OpenRow(row.title, url, row.authors, row.where, row.abstract, resources_of(shelved.paper))
