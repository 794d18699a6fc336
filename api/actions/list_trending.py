"""What trends, as somebody who looks sees it: with their own corrections, and which of it is on their list.

Refuses to rank: it shows what the clock work ranked last.
"""

from __future__ import annotations

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.papers import Paper
from api.domain.trending import Span, Trend
from api.store import entries, papers, signals, trends
from api.store.database import Tx


class TrendingPaper(Struct, frozen=True):
    """A paper that trends, why, and the entry of the reader's that holds it."""

    paper: Paper
    trend: Trend
    entry_id: str | None


async def list_trending(desk: Desk, library_id: str, span: Span, most: int) -> list[TrendingPaper]:
    """The papers that trend, the first first."""

    async def work(tx: Tx) -> list[TrendingPaper]:
        ranking = await trends.ranking(tx, span, most)
        ids = [one.paper_id for one in ranking]
        found = await papers.get_many(tx, ids, library_id)
        own = await entries.of_papers(tx, library_id, ids)
        return [
            TrendingPaper(found[one.paper_id], one, own.get(one.paper_id)) for one in ranking if one.paper_id in found
        ]

    return await desk.database.read(work)


async def is_counted(desk: Desk, library_id: str) -> bool:
    """Whether what happens in a library counts, without a name."""
    return await desk.database.read(lambda tx: signals.is_counted(tx, library_id))


async def count_library(desk: Desk, library_id: str, *, counted: bool) -> None:
    """Count a library from now on, or no more."""
    await desk.database.write(lambda tx: signals.count(tx, library_id, counted=counted))
