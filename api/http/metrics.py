"""`/metrics`: the figures of the whole instance, for Prometheus; the same whichever process is asked.

Refuses everybody but who has the token of the settings; where none is set, all but this machine itself. What came
through a proxy is not this machine, though the socket says so.
"""

from __future__ import annotations

import asyncio
import hmac
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from api.actions.desk import Desk
from api.actions.retry_jobs import Work, look_at_work
from api.counters import Counters, series
from api.domain.errors import NotAllowed, NotSignedIn
from api.domain.exposition import MEDIA_TYPE, Figure, expose
from api.domain.jobs import age_seconds
from api.http.addresses import socket_address
from api.settings import Settings
from api.standing import shut_seconds, switched_on

FIGURES = (
    Figure("scholium_http_requests_total", "Requests answered, by route and status.", "counter"),
    Figure("scholium_http_request_seconds", "Time to the first byte of the answer.", "histogram"),
    Figure("scholium_sync_ops_total", "Ops that devices pushed, by result.", "counter"),
    Figure("scholium_sync_changes_total", "Changes that devices pulled.", "counter"),
    Figure("scholium_jobs_total", "Jobs run by the workers, by kind and outcome.", "counter"),
    Figure("scholium_jobs_buried_total", "Jobs that became dead letters.", "counter"),
    Figure("scholium_lane_waiting", "Work that is due and that nobody holds, by lane.", "gauge"),
    Figure("scholium_lane_oldest_seconds", "How long the oldest of a lane waits.", "gauge"),
    Figure("scholium_jobs_dead", "Dead letters that wait for a person.", "gauge"),
    Figure("scholium_jobs_resting", "Papers that no source answered for, tried again after a day or more.", "gauge"),
    Figure("scholium_clock_round_age_seconds", "Time since the last round of the clock work began.", "gauge"),
    Figure("scholium_clock_round_failed", "Whether the last round of the clock work failed.", "gauge"),
    Figure("scholium_queue_up", "Whether the queue's Redis answers.", "gauge"),
    Figure("scholium_queue_reminders", "Reminders in the queue.", "gauge"),
    Figure("scholium_workers", "Workers that gave a sign of life.", "gauge"),
    Figure("scholium_source_shut_seconds", "For how long a source is still left alone; 0: it is asked.", "gauge"),
)
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


@get("/metrics", opt={"public": True, "paced": False, "any_host": True, "media": (MEDIA_TYPE,), "refusals": (401, 403)})
async def metrics(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk], counters: NamedDependency[Counters]
) -> Response[str]:
    """All figures; 401 without the token, 403 from elsewhere where there is none."""
    _check(request, desk.settings)
    values = await counters.read() or {}
    values |= _of_work(await look_at_work(desk), desk.now())
    values |= await _of_queue(desk)
    return Response(expose(FIGURES, values), media_type=MEDIA_TYPE)


def _check(request: Request[Any, Any, Any], settings: Settings) -> None:
    if settings.metrics_token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), settings.metrics_token.encode())
        if scheme.lower() != "bearer" or not right:
            raise NotSignedIn("the token of the metrics is needed")
    elif not _is_near(request) or any(name in request.headers for name in _FORWARDED):
        raise NotAllowed("metrics are for this machine, or for who has their token")


def _is_near(request: Request[Any, Any, Any]) -> bool:
    """Whether this machine asks, by a name of its own: a foreign page may lead its own name to this address."""
    return _is_this_machine(socket_address(request)) and _is_this_machine(request.url.hostname or "")


def _is_this_machine(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _of_work(work: Work, now: int) -> dict[str, float]:
    values: dict[str, float] = {"scholium_jobs_dead": work.dead, "scholium_jobs_resting": work.resting}
    for lane in work.lanes:
        values[series("scholium_lane_waiting", lane=lane.name)] = lane.waiting
        values[series("scholium_lane_oldest_seconds", lane=lane.name)] = age_seconds(lane, now)
    for turn in work.rounds:
        values[series("scholium_clock_round_age_seconds", round=turn.name)] = (now - turn.began_at) / 1000
        values[series("scholium_clock_round_failed", round=turn.name)] = float(turn.trouble is not None)
    return values


async def _of_queue(desk: Desk) -> dict[str, float]:
    waiting, workers = await asyncio.to_thread(lambda: (desk.reminders.waiting(), desk.reminders.workers()))
    shut = await shut_seconds(desk.settings.redis_url, switched_on(desk.settings))
    if waiting is None or workers is None or shut is None:
        return {"scholium_queue_up": 0}
    values: dict[str, float] = {
        "scholium_queue_up": 1,
        "scholium_queue_reminders": waiting,
        "scholium_workers": workers,
    }
    return values | {series("scholium_source_shut_seconds", source=name): left for name, left in shut.items()}
