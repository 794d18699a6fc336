"""Remind the workers of the papers that are due, however they came to be: what the database says waits is said again.

Refuses to remind of more than 500 at once, the oldest first; the next round comes soon.
"""

from __future__ import annotations

import asyncio

from api.actions.desk import Desk
from api.store import enrichment

MOST_PAPERS = 500


async def remind_of_papers(desk: Desk) -> int:
    """Remind of papers that are due and that nobody holds, new work first, then what is to be looked at again."""
    now = desk.now()
    papers = await desk.database.read(lambda tx: enrichment.due(tx, now, MOST_PAPERS))
    papers += await desk.database.read(lambda tx: enrichment.stale(tx, now, MOST_PAPERS - len(papers)))
    await asyncio.to_thread(desk.reminders.enrich_papers, papers)
    return len(papers)
