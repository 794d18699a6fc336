"""The jobs that `api/queue.py` names: each takes one id, reads fresh state, and may run twice.

A reminder is a hint: a job that finds nothing to do returns quietly. One that raises writes down why, for a person to
read. Refuses to hold anything from one job to the next; each opens its own desk in its own process.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from redis.asyncio import Redis

from api.actions import import_library
from api.actions import send_mails as outbox
from api.actions.desk import Desk
from api.actions.read_meaning import read_meaning as read_texts
from api.actions.remind_of_papers import remind_of_fresh_papers
from api.actions.write_digest import write_digest
from api.counters import Counters
from api.instance import open_desk, read_instance
from api.store import enrichment, imports
from api.store.database import Tx
from workers.agencies import Agencies
from workers.enrich import Outside, enrich
from workers.gateway import Gateway
from workers.listings import hear
from workers.mail import deliver
from workers.source_table import doi_agency_of, limits_of, link_hosts_of, lists_of, sources_of

log = logging.getLogger(__name__)


async def enrich_paper(paper_id: str) -> None:
    """Ask the sources about a paper, if it is due and nobody else has it."""

    async def stumbled(tx: Tx, trouble: str) -> None:
        await enrichment.stumble(tx, paper_id, trouble)

    async with (
        _desk() as desk,
        _counting(desk, "paper") as count,
        _owning_up(desk, stumbled),
        _outside(desk) as outside,
    ):
        if await enrich(desk, outside, paper_id):
            log.info("paper %s was looked up", paper_id)
            count("done")
        else:
            count("idle")


async def enrich_due(_: str) -> None:
    """Remind of every paper that is due and of which no reminder waits: a device brought many at once."""
    async with _desk() as desk, _counting(desk, "due") as count:
        count("done" if await remind_of_fresh_papers(desk) else "idle")


async def run_import(which: str) -> None:
    """Read a queued file into its library; `which` is `library/import`."""
    library_id, _, import_id = which.partition("/")

    async def stumbled(tx: Tx, trouble: str) -> None:
        await imports.stumble(tx, library_id, import_id, trouble)

    async with _desk() as desk, _counting(desk, "import") as count, _owning_up(desk, stumbled):
        run = await import_library.run_import(desk, library_id, import_id)
        log.info("import %s is %s", import_id, run.state)
        count("done" if run.state == "done" else "idle" if run.state == "running" else "failed")


async def send_mails(library_id: str) -> None:
    """Write a library's issue of the daily mail if it is due, and send what waits in its outbox."""
    async with _desk() as desk, _counting(desk, "mail") as count:
        await write_digest(desk, library_id)
        sent = await outbox.send_mails(desk, library_id, partial(deliver, desk))
        log.info("%d mails of library %s went out", sent, library_id)
        count("done" if sent else "idle")


async def hear_list(name: str) -> None:
    """Read an outside list of what trends, if it is switched on."""
    async with _desk() as desk, _counting(desk, "list") as count, _outside(desk) as outside:
        wanted = lists_of(desk.settings).get(name)
        found = await hear(desk, outside.gateway, wanted) if wanted else 0
        count("failed" if found is None else "done" if found else "idle")


async def read_meaning(library_id: str) -> None:
    """Make the vectors that a library's texts wait for, as many as the time of a job allows."""
    async with _desk() as desk, _counting(desk, "meaning") as count:
        made = await read_texts(desk, library_id)
        log.info("%d vectors of library %r were made", made, library_id)
        count("done" if made else "idle")


@asynccontextmanager
async def _counting(desk: Desk, kind: str) -> AsyncIterator[Callable[[str], None]]:
    """Yields what counts this job's outcome; one that raises counts as raised."""
    counters = Counters(desk.settings.redis_url)
    outcome = "raised"

    def count(word: str) -> None:
        nonlocal outcome
        outcome = word

    try:
        yield count
    finally:
        counters.add("scholium_jobs_total", kind=kind, outcome=outcome)
        await counters.close()


@asynccontextmanager
async def _owning_up(desk: Desk, stumbled: Callable[[Tx, str], Awaitable[None]]) -> AsyncIterator[None]:
    """Write down the kind of an error that ends a job, never its words: they may hold what is nobody's business."""
    try:
        yield
    except Exception as wrong:
        trouble = f"it ended with {type(wrong).__name__}"
        await desk.database.write(lambda tx: stumbled(tx, trouble))
        raise


@asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    """A desk of this job, by the settings in the environment."""
    async with open_desk(read_instance(os.environ)) as desk:
        yield desk


@asynccontextmanager
async def _outside(desk: Desk) -> AsyncIterator[Outside]:
    """Whom to ask, at a pace that all workers share through the queue's Redis."""
    async with (
        Redis.from_url(desk.settings.redis_url) as redis,
        Gateway(limits_of(desk.settings), redis, desk.now) as gateway,
    ):
        settings = desk.settings
        agencies = Agencies(redis, gateway, doi_agency_of(settings))
        yield Outside(gateway, sources_of(settings), agencies, link_hosts_of(settings))
