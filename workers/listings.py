"""An outside list of a day: asked for through the one way out, and handed to the database.

Refuses to press: a list that cannot be had now is asked for in the next slot of the clock, and what was heard before
stands.
"""

from __future__ import annotations

import logging

from api.actions.desk import Desk
from api.actions.keep_listing import keep_listing
from api.domain.clock import rfc3339
from api.domain.listings import Listing
from workers.answers import Answers
from workers.gateway import Gateway
from workers.refusals import Refused, TryLater
from workers.sources.base import Answer, BadAnswer, DailyList

log = logging.getLogger(__name__)


async def hear(desk: Desk, gateway: Gateway, wanted: DailyList) -> int | None:
    """Ask for today's list and keep it; returns how many papers it holds, None where there was no answer."""
    answers, today = Answers(desk, gateway), rfc3339(desk.now())[:10]

    def read(answer: Answer) -> Listing:
        found = wanted.read(answer)
        if found.day > today:  # it would be the newest of all for as long as that day is ahead
            raise BadAnswer("malformed")
        return found

    try:
        listing = await answers.ask_again(wanted.ask(today), read)
    except (TryLater, Refused, BadAnswer) as wall:
        log.warning("the list of %s was not to be had: %s", wanted.name, wall)
        return None
    found = await keep_listing(desk, listing, answers.fresh)
    log.info("%d papers on the list of %s of %s", found, wanted.name, listing.day)
    return found
