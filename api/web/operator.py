"""`/operator`: what the machine has to do, what failed and why, which sources are left alone, and the clock work.

For the instance's owner alone, and nothing on it says who reads what. For everybody else there is no such page.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.retry_jobs import MOST_LISTED, is_operator, look_at_work, retry_all, retry_job
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.errors import NotFound
from api.domain.jobs import FailedJob, Lane, Round, age_seconds
from api.http.auth import requires
from api.http.request_rules import FORM
from api.standing import shut_seconds, switched_on
from api.web.forms import checked_form, page
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
_LANES = {
    "new": "New papers",
    "retry": "Papers to ask about once more",
    "again": "Known papers to look at again",
    "import": "Files to import",
}
_ROUNDS = {
    "sweep": "Look for forgotten work",
    "index": "Read for searching",
    "purge": "Forget what is too old",
    "trending": "Rank what trends",
    "mail": "Look for mails to send",
}


@get("/operator", guards=[requires("account")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    retried: Annotated[int | None, QueryParameter(ge=0)] = None,
) -> Template:
    """The page; `retried` is how many jobs a form has just made due."""
    await _check(desk, who)
    work = await look_at_work(desk)
    reminders, workers = await asyncio.to_thread(lambda: (desk.reminders.waiting(), desk.reminders.workers()))
    shut = await shut_seconds(desk.settings.redis_url, switched_on(desk.settings))
    now = desk.now()
    return page(
        request,
        "operator.html",
        said="" if retried is None else f"{retried} {'job is' if retried == 1 else 'jobs are'} to be tried again.",
        lanes=[_lane(one, now) for one in work.lanes],
        failed=[_failed(one) for one in work.failed],
        count=work.dead + work.resting,
        more=max(0, work.dead + work.resting - MOST_LISTED),
        rounds=[_round(one, now) for one in work.rounds],
        reminders=reminders,
        workers=workers,
        sources=[(name.replace("_", " "), length(left) if left else "") for name, left in sorted((shut or {}).items())],
    )


@post(
    "/operator",
    opt={"bodies": FORM},
    guards=[requires("account")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def retry(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Redirect:
    """Make one failed job due now, or all of them."""
    form = await checked_form(request)
    await _check(desk, who)
    if form.get("job"):
        await retry_job(desk, str(form["job"]))
        count = 1
    else:
        count = await retry_all(desk)
    return Redirect(f"/operator?retried={count}", status_code=303)


async def _check(desk: Desk, who: Who) -> None:
    if not await is_operator(desk, who.account_id):
        raise NotFound("no such page")


def _lane(lane: Lane, now: int) -> tuple[str, int, str]:
    return _LANES[lane.name], lane.waiting, length(age_seconds(lane, now)) if lane.waiting else ""


def _failed(job: FailedJob) -> tuple[FailedJob, str]:
    again = f"again by itself {_moment(job.next_try_at)}" if job.next_try_at else f"given up {_moment(job.dead_at)}"
    return job, again


def _round(turn: Round, now: int) -> tuple[str, str, str]:
    ago = f"{length((now - turn.began_at) / 1000)} ago"
    came_to = ("nothing to do" if turn.found == 0 else f"found {turn.found}") if turn.ended_at else "not ended"
    return _ROUNDS.get(turn.name, turn.name), ago, f"failed: {turn.trouble}" if turn.trouble else came_to


def _moment(at_ms: int) -> str:
    text = rfc3339(at_ms)
    return f"{text[:10]} {text[11:16]} UTC"


def length(seconds: float) -> str:
    """A length of time in the largest unit that says enough: `45 s`, `12 min`, `5 h`, `3 days`."""
    for most, unit, size in ((100, "s", 1), (6000, "min", 60), (172_800, "h", 3600)):
        if seconds < most:
            return f"{max(0, round(seconds / size))} {unit}"
    return f"{round(seconds / 86_400)} days"
