"""The jobs that `api/queue.py` names: each takes one id, reads fresh state, and may run twice.

A reminder is a hint: a job that finds nothing to do returns quietly. Refuses to hold anything from one job to the
next; each opens its own desk in its own process.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from api.actions import import_library
from api.actions.desk import Desk
from api.instance import open_desk, read_instance
from workers.enrich import enrich, limits_of, sources_of
from workers.gateway import Gateway


async def enrich_paper(paper_id: str) -> None:
    """Ask the sources about a paper, if it is due and nobody else has it."""
    async with _desk() as desk, _gateway(desk) as gateway:
        await enrich(desk, gateway, sources_of(desk.settings), paper_id)


async def run_import(which: str) -> None:
    """Read a queued file into its library; `which` is `library/import`."""
    library_id, _, import_id = which.partition("/")
    async with _desk() as desk:
        await import_library.run_import(desk, library_id, import_id)


@asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    """A desk of this job, by the settings in the environment."""
    async with open_desk(read_instance(os.environ)) as desk:
        yield desk


@asynccontextmanager
async def _gateway(desk: Desk) -> AsyncIterator[Gateway]:
    """The way out, its pace shared with all workers through the queue's Redis."""
    async with (
        Redis.from_url(desk.settings.redis_url) as redis,
        Gateway(limits_of(desk.settings), redis, desk.now) as gateway,
    ):
        yield gateway
