"""The clock work: looks in the database for work that waits, reminds the workers of it, and forgets what is too old.

The queue may have lost everything; what the database says is due is said again. Each round may run twice or on
several hosts, for a reminder that waits already is sent once. Refuses to die of a database or queue that is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time

from api.actions.desk import Desk
from api.actions.purge_answers import purge_answers
from api.actions.purge_tombstones import purge_tombstones
from api.children import FOLLOW, follow_keeper
from api.instance import open_desk, read_instance
from api.settings import Settings
from api.store import enrichment, imports

log = logging.getLogger(__name__)

PURGE_SECONDS = 3600.0  # how often deletions are looked at whose time is over
MOST_PAPERS = 500  # reminders of papers in one round; the oldest first


async def sweep(desk: Desk) -> int:
    """Remind of every paper and import that is due and that nobody holds, new work first; returns how many."""
    now = desk.now()
    papers = await desk.database.read(lambda tx: enrichment.due(tx, now, MOST_PAPERS))
    papers += await desk.database.read(lambda tx: enrichment.stale(tx, now, MOST_PAPERS - len(papers)))
    files = await desk.database.read(lambda tx: imports.due(tx, now))
    for paper_id in papers:  # one hop each, so that a dead queue does not hold up the end of the process
        await asyncio.to_thread(desk.reminders.enrich_paper, paper_id)
    for library_id, import_id in files:
        await asyncio.to_thread(desk.reminders.run_import, library_id, import_id)
    return len(papers) + len(files)


async def tick(settings: Settings, stop: asyncio.Event) -> None:
    """Sweep every `sweep_seconds`, purge now and then, until `stop` is set."""
    purge_at = 0.0
    while not stop.is_set():
        try:
            async with open_desk(settings) as desk:
                await sweep(desk)
                if time.monotonic() >= purge_at:
                    await purge_tombstones(desk)
                    await purge_answers(desk)
                    purge_at = time.monotonic() + PURGE_SECONDS
        except Exception:  # the outer loop: whatever the drivers raise, the next round comes
            log.exception("a sweep failed; the next one comes in %.0f s", settings.sweep_seconds)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), settings.sweep_seconds)


async def run(settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    ticking = asyncio.create_task(tick(settings, stop))
    await stop.wait()
    ticking.cancel()  # a round is cut between transactions; one that hangs in a dead database need not end
    with contextlib.suppress(asyncio.CancelledError):
        await ticking


def main() -> None:
    """The process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if FOLLOW in sys.argv[1:]:
        follow_keeper()
    asyncio.run(run(read_instance(os.environ)))


if __name__ == "__main__":
    main()
