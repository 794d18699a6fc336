"""Enrich one paper: ask each source that may know it, in order, and hand what they said to the database.

Nothing is held open while waiting for the network, and the asking ends well before the worker's lease does: who was
not reached is asked next time. Refuses to ask again what was answered within a day, also where the answer was "none".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from msgspec import Struct

from api.actions.desk import Desk
from api.actions.enrich_paper import Task, finish_paper, take_paper
from api.domain.clock import read_rfc3339
from api.domain.joining import claimable
from api.store.enrichment import Observation
from workers.agencies import Agencies
from workers.gateway import Gateway
from workers.refusals import Refused, TryLater
from workers.sources.base import BadAnswer, Request, Source

log = logging.getLogger(__name__)

WALL_SECONDS = 3600.0  # how long to leave a source alone that refused us, or answered with nonsense
BUDGET_SECONDS = 60.0  # for all questions about one paper; the lease is 90 s, and a job may take 80 s
SOON_SECONDS = 10.0  # when to go on where the budget ended
ROUNDS = 2  # a DOI that a later source names is a question to an earlier one


class Outside(Struct, frozen=True):
    """Whom a job may ask: the way out, the sources in their order, and who registered which DOI."""

    gateway: Gateway
    sources: Sequence[Source]
    agencies: Agencies
    budget_seconds: float = BUDGET_SECONDS


async def enrich(desk: Desk, outside: Outside, paper_id: str) -> bool:
    """Enrich a paper if it is due and nobody has it; says whether this attempt put anything down."""
    task = await take_paper(desk, paper_id)
    if task is None:
        return False
    asking = _Asking(outside, task)
    try:
        async with asyncio.timeout(outside.budget_seconds):
            await asking.run()
    except TimeoutError:
        log.info("out of time: %d answers so far, the other sources are asked next time", len(asking.observations))
        asking.wait = SOON_SECONDS  # also where others ask for longer: the gateway holds them back
    return await finish_paper(desk, task, asking.observations, asking.wait)


class _Asking:
    """One attempt: what was heard so far, and how long those ask to wait who could not answer (None: all could)."""

    def __init__(self, outside: Outside, task: Task) -> None:
        self.observations: list[Observation] = []
        self.wait: float | None = None
        self._outside = outside
        self._asked = set(task.answered)
        self._identifiers = dict.fromkeys(task.identifiers)
        self._findings = list(task.findings)

    async def run(self) -> None:
        """Ask every source what it was not asked yet, and once more what others' ids made askable."""
        for source in [*self._outside.sources] * ROUNDS:
            known = await self._outside.agencies.allowed(source.name, self._identifiers)
            request = source.ask(known)
            if request is not None and request.url not in self._asked:
                self._asked.add(request.url)
                await self._one(source, request)

    async def _one(self, source: Source, request: Request) -> None:
        try:
            answer = await self._outside.gateway.fetch(request)
            finding = source.read(answer)
        except TryLater as later:
            log.info("%s asks to wait %.0f s: %s", source.name, later.after_seconds, later.reason)
            self.wait = max(self.wait or 0, later.after_seconds)
            return
        except (Refused, BadAnswer) as wall:
            log.warning("%s gave no answer: %s", source.name, wall)
            self.wait = max(self.wait or 0, WALL_SECONDS)
            return
        at = read_rfc3339(answer.fetched_at)
        self.observations.append(Observation(source.name, request.url, at, answer.status, answer.body, finding))
        if finding is not None:
            self._identifiers |= dict.fromkeys(claimable(finding, self._findings))
            self._findings.append(finding)
