"""Remind the workers of the papers that are due, however they came to be: what the database says waits is said again.

Refuses to look at more than so many at once, the oldest first; the next round comes soon.
"""

from __future__ import annotations

import asyncio

from api.actions.desk import Desk
from api.store import enrichment

MOST_PAPERS = 500  # of a round, in which each is looked at by itself
MOST_FRESH = 10_000  # that are looked at together


async def remind_of_papers(desk: Desk) -> int:
    """Remind of papers that are due and that nobody holds, new work first, then what is to be looked at again."""
    now = desk.now()
    papers = await desk.database.read(lambda tx: enrichment.due(tx, now, MOST_PAPERS))
    papers += await desk.database.read(lambda tx: enrichment.stale(tx, now, MOST_PAPERS - len(papers)))
    await asyncio.to_thread(desk.reminders.enrich_papers, papers)
    return len(papers)


async def remind_of_fresh_papers(desk: Desk) -> int:
    """Remind of the papers that are due and of which no reminder waits, as when a device brought many at once."""
    now = desk.now()
    papers = await desk.database.read(lambda tx: enrichment.due(tx, now, MOST_FRESH))
    return await asyncio.to_thread(desk.reminders.enrich_fresh, papers)
