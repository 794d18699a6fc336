"""`/health/live` and `/health/ready`: whether this process answers, and whether it can serve."""

from __future__ import annotations

import logging

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from api.actions.desk import Desk
from api.store.schema import is_current

log = logging.getLogger(__name__)


class Health(Struct, frozen=True):
    """One word on the whole, and one on each part."""

    status: str
    database: str = "ok"
    migrations: str = "ok"


@get("/health/live", opt={"public": True})
async def live() -> Health:
    """This process answers."""
    return Health("ok")


@get("/health/ready", opt={"public": True})
async def ready(desk: NamedDependency[Desk]) -> Response[Health]:
    """The database answers and has this version's schema; 503 where it does not."""
    health = await _look(desk)
    return Response(health, status_code=200 if health.status == "ok" else 503)


async def _look(desk: Desk) -> Health:
    try:
        current = await is_current(desk.database)
    except Exception:  # each driver has its own errors, and all of them mean that it cannot serve
        log.warning("the database does not answer", exc_info=True)
        return Health("unavailable", database="unavailable", migrations="unknown")
    return Health("ok") if current else Health("unavailable", migrations="behind")
