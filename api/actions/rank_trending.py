"""Rank what trends, once in a slot of the clock: read what changed in the libraries, then rank all of it anew.

Refuses to make anybody wait: libraries are read behind their backs, in small transactions.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.trending import DAY_MS, FEWEST_PEOPLE, SPANS, rank
from api.store import signals, trends
from api.store.database import Tx

KNOWN_MS = 120 * DAY_MS  # eight half-lives of the longest span: what is older weighs nothing
_MOST_OBJECTS = 500  # of a library in one transaction


async def rank_trending(desk: Desk) -> int:
    """Rank every span; returns how many papers trend this week."""
    for library_id, seen, version in await desk.database.read(signals.behind):
        await _collect(desk, library_id, 0 if version < seen else seen)  # below: a backup was restored
    now = desk.now()
    after = now - KNOWN_MS
    done = await desk.database.read(lambda tx: signals.since(tx, after, FEWEST_PEOPLE))
    heard = await desk.database.read(lambda tx: trends.picks(tx, after))
    named = {one.paper_id for one in done} | {one.paper_id for one in heard}
    facts = await desk.database.read(lambda tx: trends.facts(tx, named))
    rankings = {span: rank(done, facts, span, now, picks=heard) for span in SPANS}

    async def keep(tx: Tx) -> None:
        await trends.forget_picks(tx, after)
        for span, ranking in rankings.items():
            await trends.keep(tx, span, ranking, now)

    await desk.database.write(keep)
    return len(rankings["week"])


async def _collect(desk: Desk, library_id: str, seen: int) -> None:
    """Read what changed in a library since a version, bit by bit."""

    async def work(tx: Tx) -> int:
        if not await signals.is_counted(tx, library_id):
            return 0
        papers, version = await signals.changed_papers(tx, library_id, seen, _MOST_OBJECTS)
        if version:
            await signals.renew(tx, library_id, papers)
            await signals.saw(tx, library_id, version)
        return version

    while version := await desk.database.write(work):
        seen = version
