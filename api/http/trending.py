"""`/v1/trending`: what several people did something with lately, and why it is shown.

Refuses what fewer than two people did, and names: a reason is a number of people.
"""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.list_trending import TrendingPaper, list_trending
from api.domain.accounts import Who
from api.domain.papers import Paper
from api.domain.trending import Span
from api.http.auth import requires


class TrendItem(Struct, frozen=True):
    """A paper that trends; `days` are the people of the week up to each of the last 30 days, oldest first."""

    paper: Paper
    score: float
    people: int
    reasons: tuple[str, ...]
    days: tuple[int, ...]
    entry_id: str | None


class TrendList(Struct, frozen=True):
    """What trends, the first first."""

    items: list[TrendItem]
    cursor: str | None = None


@get("/v1/trending", guards=[requires("read")])
async def trending(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    window: Annotated[Span, QueryParameter()] = "week",
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> TrendList:
    """The papers that trend in a window."""
    return TrendList([_item(one) for one in await list_trending(desk, who.library_id, window, limit)])


def _item(one: TrendingPaper) -> TrendItem:
    trend = one.trend
    return TrendItem(one.paper, trend.score, trend.people, trend.reasons, trend.days, one.entry_id)
