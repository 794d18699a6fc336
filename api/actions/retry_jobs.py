"""Retry jobs: the operator looks at what failed, and asks for one of them or for all of them once more.

Refuses a job that has not failed: what waits is done by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.jobs import FailedJob, Lane, Round
from api.store import accounts, backlog, failed_jobs, rounds
from api.store.database import Tx
from api.tracing import current_request

MOST_LISTED = 200


class Work(Struct, frozen=True):
    """What waits by lane, what failed (200 at most), how much in all, and the last rounds of the clock work."""

    lanes: list[Lane]
    failed: list[FailedJob]
    dead: int
    resting: int  # failed, and tried again by themselves after a day or more
    rounds: list[Round]


async def is_operator(desk: Desk, account_id: str) -> bool:
    """Whether this account may look at the machine's work: that of the owner may."""
    return await desk.database.read(lambda tx: accounts.is_owner(tx, account_id))


async def look_at_work(desk: Desk) -> Work:
    """All that an operator may want to know of the jobs, from one moment."""

    async def read(tx: Tx) -> Work:
        dead, resting = await failed_jobs.count(tx)
        return Work(
            await backlog.lanes(tx, desk.now()),
            await failed_jobs.listed(tx, MOST_LISTED),
            dead,
            resting,
            await rounds.last(tx),
        )

    return await desk.database.read(read)


async def retry_job(desk: Desk, job_id: str) -> None:
    """Make a failed job due now and remind a worker of it; raises NotFound."""

    async def work(tx: Tx) -> str | None:
        if await failed_jobs.revive_paper(tx, job_id, desk.now(), current_request()):
            return ""
        return await failed_jobs.revive_import(tx, job_id, current_request())

    library_id = await desk.database.write(work)
    if library_id is None:
        raise NotFound(f"no failed job {job_id}")
    if library_id:
        desk.reminders.run_import(library_id, job_id)
    else:
        desk.remind([job_id])


async def retry_all(desk: Desk, show: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Retry every failed job, in portions; returns how many. `show` is told how many of how many are under way."""
    done = 0
    total = sum(await desk.database.read(failed_jobs.count))
    while failed := await desk.database.read(lambda tx: failed_jobs.listed(tx, MOST_LISTED)):
        before = done
        for job in failed:
            try:
                await retry_job(desk, job.id)
            except NotFound:  # somebody else was faster
                continue
            done += 1
            show(done, max(total, done))
        if done == before:
            break
    return done
