"""The jobs that `api/queue.py` names: each takes one id, reads fresh state, and may run twice.

A reminder is a hint: a job that finds nothing to do returns quietly. Refuses to hold anything from one job to the
next; each opens its own desk in its own process.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.actions import import_library
from api.actions.desk import Desk
from api.instance import open_desk, read_instance


async def enrich_paper(paper_id: str) -> None:
    """Ask the sources about a paper, if it is due and nobody else has it."""
    from workers.enrich import enrich

    async with _desk() as desk:
        await enrich(desk, paper_id)


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
