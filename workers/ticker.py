"""The clock work: looks in the database for work that waits, reminds the workers of it, and forgets what is too old.

The queue may have lost everything; what the database says is due is said again. Any number may tick, also on several
hosts: each slot of a round is one ticker's. Refuses to die of a database or queue that is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable

from api.actions.bury_jobs import bury_jobs
from api.actions.desk import Desk
from api.actions.empty_trash import empty_trash
from api.actions.index_search import index_search
from api.actions.purge_answers import purge_answers
from api.actions.purge_tombstones import purge_tombstones
from api.actions.rank_trending import rank_trending
from api.actions.read_meaning import wait_for_meaning
from api.actions.remind_of_papers import remind_of_papers
from api.children import FOLLOW, follow_keeper
from api.counters import Counters
from api.domain.mails import KEPT_MS
from api.instance import open_desk, read_instance
from api.logs import set_up_logs
from api.settings import Settings
from api.store import digest_wishes, imports, mails, rounds
from workers.behind import stand_behind
from workers.source_table import lists_of

log = logging.getLogger(__name__)

PURGE_SECONDS = 3600.0  # how often deletions and answers are looked at whose time is over
TRENDING_SECONDS = 600.0  # how often what trends is ranked anew
LISTS_SECONDS = 7200.0  # how often the outside lists of the day are asked for, where they are switched on
MOST_MAILS = 500  # libraries whose mails are reminded of in one round
Work = Callable[[Desk], Awaitable[int]]


async def sweep(desk: Desk) -> int:
    """Remind of every paper and import that is due and that nobody holds, new work first; returns how many.

    Jobs that were begun too often are laid aside before.
    """
    if buried := await bury_jobs(desk):
        counters = Counters(desk.settings.redis_url)
        counters.add("scholium_jobs_buried_total", buried)
        await counters.close()
    now = desk.now()
    papers = await remind_of_papers(desk)
    files = await desk.database.read(lambda tx: imports.due(tx, now))
    for library_id, import_id in files:
        await asyncio.to_thread(desk.reminders.run_import, library_id, import_id)
    return papers + len(files)


async def remind_of_mails(desk: Desk) -> int:
    """Remind of every library whose issue of the daily mail, or whose outbox, is due; returns how many."""
    now = desk.now()
    due = await desk.database.read(lambda tx: digest_wishes.due(tx, now, MOST_MAILS))
    due += await desk.database.read(lambda tx: mails.due(tx, now, MOST_MAILS))
    for library_id in dict.fromkeys(due):
        await asyncio.to_thread(desk.reminders.send_mails, library_id)
    return len(set(due))


async def remind_of_lists(desk: Desk) -> int:
    """Remind of every outside list that is switched on; returns how many."""
    names = list(lists_of(desk.settings))
    for name in names:
        await asyncio.to_thread(desk.reminders.hear_list, name)
    return len(names)


async def remind_of_meaning(desk: Desk) -> int:
    """Remind of every library with texts that wait for vectors, where searching by meaning is on; returns how many."""
    waiting = await wait_for_meaning(desk)
    for library_id in waiting:
        await asyncio.to_thread(desk.reminders.read_meaning, library_id)
    return len(waiting)


async def purge(desk: Desk) -> int:
    """Empty the trash, forget deletions, answers and mails whose time is over; returns 0, for nobody counts them."""
    await empty_trash(desk)
    await purge_tombstones(desk)
    await purge_answers(desk)
    await desk.database.write(lambda tx: mails.forget(tx, desk.now() - KEPT_MS))
    return 0


async def turn(desk: Desk, name: str, seconds: float, work: Work) -> bool:
    """Do a round in its present slot unless a ticker has taken that; says whether this one did it."""
    slot = desk.now() // max(1, int(seconds * 1000))
    if not await desk.database.write(lambda tx: rounds.take(tx, name, slot, desk.now())):
        return False
    try:
        found = await work(desk)
    except Exception as wrong:
        trouble = type(wrong).__name__
        await desk.database.write(lambda tx: rounds.end(tx, name, slot, desk.now(), 0, trouble))
        raise
    await desk.database.write(lambda tx: rounds.end(tx, name, slot, desk.now(), found))
    return True


async def tick(settings: Settings, stop: asyncio.Event) -> None:
    """Take each round's turns, looking every `sweep_seconds`, until `stop` is set."""
    while not stop.is_set():
        try:
            async with open_desk(settings) as desk:
                await turn(desk, "sweep", settings.sweep_seconds, sweep)
                await turn(desk, "index", settings.sweep_seconds, index_search)
                await turn(desk, "meaning", settings.sweep_seconds, remind_of_meaning)
                await turn(desk, "mail", settings.sweep_seconds, remind_of_mails)
                await turn(desk, "purge", PURGE_SECONDS, purge)
                await turn(desk, "lists", LISTS_SECONDS, remind_of_lists)
                await turn(desk, "trending", TRENDING_SECONDS, rank_trending)
        except Exception:  # the outer loop: whatever the drivers raise, the next round comes
            log.exception("a round failed; the next one comes in %.0f s", settings.sweep_seconds)
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
    settings = read_instance(os.environ)
    set_up_logs(settings.log_format)
    stand_behind()
    if FOLLOW in sys.argv[1:]:
        follow_keeper()
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
