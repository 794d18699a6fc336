"""Bury jobs: what was begun as often as may be and never came to an end is laid aside, and kills no more workers.

Refuses to ask anything outside; a person may bring each of them back.
"""

from __future__ import annotations

import logging

from api.actions.desk import Desk
from api.store import failed_jobs, libraries
from api.store.database import Tx

log = logging.getLogger(__name__)


async def bury_jobs(desk: Desk) -> int:
    """Make dead letters of worn-out jobs and tell the libraries that wait for them; returns how many."""
    now = desk.now()
    worn = await desk.database.read(lambda tx: failed_jobs.worn_papers(tx, now))
    papers = [paper_id for paper_id in worn if await _bury(desk, paper_id)]
    files = await desk.database.write(lambda tx: failed_jobs.bury_imports(tx, now)) if await _any_file(desk) else []
    if papers or files:
        log.error("%d papers and %d imports were given up; `scholium jobs list` says why", len(papers), len(files))
    return len(papers) + len(files)


async def _any_file(desk: Desk) -> bool:
    """Whether a write is worth its while: most sweeps find nothing to bury."""
    return await desk.database.read(lambda tx: failed_jobs.any_worn_import(tx, desk.now()))


async def _bury(desk: Desk, paper_id: str) -> bool:
    told: list[str] = []

    async def work(tx: Tx) -> bool:
        told.clear()
        holders = sorted(await libraries.holding(tx, paper_id))
        for library_id in holders:
            await tx.lock(f"library:{library_id}")
        if not await failed_jobs.bury_paper(tx, paper_id, desk.now()):
            return False
        for library_id in holders:
            await libraries.touch_paper(tx, library_id, paper_id, desk.now())
        told.extend(holders)
        return True

    buried = await desk.database.write(work)
    desk.poke(*told)
    return buried
