"""`/trending`: what trends, with abstract, code and project links, the reason in words and a picture of 30 days.

Plain HTML and a picture that the server draws. Refuses names: whoever wants to is not even counted.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.list_trending import TrendingPaper, count_library, is_counted, list_trending
from api.domain.accounts import Who
from api.domain.addresses import paper_url
from api.domain.trending import SPANS, Span
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page
from api.web.refusals import FOR_PEOPLE
from api.web.rows import KINDS, Resource, authors_line, resources_of

AnyRequest = Request[Any, Any, Any]
MOST = 50
BAR, GAP, HEIGHT = 4, 2, 28  # of the picture, in its own units
SPAN_NAMES: dict[Span, str] = {"day": "Today", "week": "This week", "month": "This month"}


class TrendRow(Struct, frozen=True):
    """A paper that trends, ready to print; `bars` are (x, y, height) and `told` says the picture in words."""

    title: str
    url: str | None
    authors: str
    where: str
    abstract: str
    resources: tuple[Resource, ...]
    reasons: str
    bars: tuple[tuple[int, float, float], ...]
    told: str
    entry_path: str


@get("/trending", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    window: Annotated[Span, QueryParameter()] = "week",
) -> Template:
    """The page of a window."""
    rows = [_row(one) for one in await list_trending(desk, who.library_id, window, MOST)]
    return page(
        request,
        "trending.html",
        rows=rows,
        window=window,
        windows=[(span, SPAN_NAMES[span]) for span in SPANS],
        counted=await is_counted(desk, who.library_id),
        counts=None,
        wrong="",
        wrong_url="",
    )


@post(
    "/trending",
    opt={"bodies": FORM},
    guards=[requires("account")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def count(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Count this library from now on, or no more."""
    form = await checked_form(request)
    await count_library(desk, who.library_id, counted=form.get("count") == "yes")
    return Redirect("/trending", status_code=303)


def _row(one: TrendingPaper) -> TrendRow:
    paper, trend = one.paper, one.trend
    top = max(trend.days, default=0)
    bars = tuple(
        (place * (BAR + GAP), HEIGHT - HEIGHT * people / top, HEIGHT * people / top)
        for place, people in enumerate(trend.days)
        if people
    )
    return TrendRow(
        title=paper.title or "Untitled",
        url=paper_url(paper),
        authors=authors_line(paper.authors),
        where=" · ".join(part for part in (paper.venue, str(paper.year or ""), KINDS[paper.kind]) if part),
        abstract=paper.abstract or "",
        resources=resources_of(paper),
        reasons=" · ".join(trend.reasons),
        bars=bars,
        told=f"People in the week up to each of the last {len(trend.days)} days: at most {top}." if top else "",
        entry_path=f"/library/entries/{one.entry_id}" if one.entry_id else "",
    )
