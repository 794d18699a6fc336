"""`/health/live` and `/health/ready`: whether this process answers, and whether it can serve.

Refuses to send people away for want of the queue: without it everything is served, and work waits in the database.
"""

from __future__ import annotations

import asyncio
import logging

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from api.actions.desk import Desk
from api.domain.jobs import age_seconds
from api.store import backlog
from api.store.schema import can_serve

log = logging.getLogger(__name__)
_PROBE = {"public": True, "paced": False, "any_host": True}  # whoever watches us knows us by an inner name


class Health(Struct, frozen=True):
    """This process answers."""

    status: str


class Readiness(Struct, frozen=True):
    """One word on the whole, one on each part, and for how long the oldest work waits."""

    status: str
    database: str = "ok"
    migrations: str = "ok"
    queue: str = "ok"
    oldest_seconds: float = 0.0


@get("/health/live", opt=_PROBE)
async def live() -> Health:
    """This process answers."""
    return Health("ok")


@get("/health/ready", opt={**_PROBE, "answers": (503,)})
async def ready(desk: NamedDependency[Desk]) -> Response[Readiness]:
    """The database answers and has a schema that this version works on; else 503. Degraded is ready."""
    found = await _look(desk)
    return Response(found, status_code=503 if found.status == "unavailable" else 200)


async def _look(desk: Desk) -> Readiness:
    try:
        if not await can_serve(desk.database):
            return Readiness("unavailable", migrations="behind", queue="unknown")
        lanes = await desk.database.read(lambda tx: backlog.lanes(tx, desk.now()))
    except Exception:  # each driver has its own errors, and all of them mean that it cannot serve
        log.warning("the database does not answer", exc_info=True)
        return Readiness("unavailable", database="unavailable", migrations="unknown", queue="unknown")
    oldest = max(age_seconds(lane, desk.now()) for lane in lanes)
    if await asyncio.to_thread(desk.reminders.waiting) is None:
        return Readiness("degraded", queue="unavailable", oldest_seconds=oldest)
    return Readiness("ok", oldest_seconds=oldest)
