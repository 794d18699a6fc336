"""Enrich one paper: ask each source that may know it, in order, and hand what they said to the database.

Nothing is held open while waiting for the network, and the asking ends well before the worker's lease does: who was
not reached is asked next time. Refuses to ask again what was answered within a day, also where the answer was "none".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from api.actions.desk import Desk
from api.actions.enrich_paper import Task, finish_paper, take_paper
from api.domain.clock import read_rfc3339
from api.domain.derive import derive
from api.domain.derive_links import CHECKABLE, CHECKS
from api.domain.joining import claimable
from api.domain.papers import Finding, Link
from api.domain.source_ranks import PERSON
from api.store.enrichment import Observation
from workers.agencies import Agencies
from workers.answers import Answers, Understood
from workers.gateway import Gateway
from workers.refusals import Refused, TryLater
from workers.sources.base import Answer, BadAnswer, BatchSource, LinkHost, Request, Source

log = logging.getLogger(__name__)

WALL_SECONDS = 3600.0  # how long to leave a source alone that refused us, or answered with nonsense
BUDGET_SECONDS = 60.0  # for all questions about one paper; the lease is 90 s, and a job may take 80 s
SOON_SECONDS = 10.0  # when to go on where the budget ended
MOST_LINKS = 3  # of one paper that are asked about
SAME_TIME = "2000-01-01T00:00:00.000Z"  # of all claims: who names a link does not change by when it did
OUR_TURN = ("pace", "pace_unknown")  # reasons to wait that tell nothing of this paper
BY_ARXIV = ("arxiv", "s2", "huggingface")  # asked by the arXiv id where there is one, whatever else is learned
ROUNDS = 2  # a DOI that a later source names is a question to an earlier one


class Outside(Struct, frozen=True):
    """Whom a job may ask: the way out, the sources in their order, and who registered which DOI."""

    gateway: Gateway
    sources: Sequence[Source]
    agencies: Agencies
    hosts: Sequence[LinkHost] = ()  # they answer for links, once the papers' sources named them
    budget_seconds: float = BUDGET_SECONDS


async def enrich(desk: Desk, outside: Outside, paper_id: str) -> bool:
    """Enrich a paper if it is due and nobody has it; says whether this attempt put anything down."""
    task = await take_paper(desk, paper_id)
    if task is None:
        return False
    asking = _Asking(outside, task, Answers(desk, outside.gateway))
    try:
        async with asyncio.timeout(outside.budget_seconds):
            await asking.run()
    except TimeoutError:
        log.info("out of time: %d answers so far, the other sources are asked next time", len(asking.observations))
        asking.wait = SOON_SECONDS  # also where others ask for longer: the gateway holds them back
        asking.troubled = True
    return await finish_paper(
        desk, task, asking.observations, asking.wait, paced=not asking.troubled, kept=asking.answers.fresh
    )


class _Asking:
    """One attempt: what was heard so far, and how long those ask to wait who could not answer (None: all could).

    `troubled`: one of them could not for a reason of its own, and not only because it was not our turn.
    """

    def __init__(self, outside: Outside, task: Task, answers: Answers) -> None:
        self.observations: list[Observation] = []
        self.wait: float | None = None
        self.troubled = False
        self.answers = answers
        self._outside = outside
        self._asked = set(task.answered)
        self._identifiers = dict.fromkeys(task.identifiers)
        self._findings = list(task.findings)
        self._foreign = task.foreign
        self._begun: dict[str, asyncio.Future[Understood]] = {}

    async def run(self) -> None:
        """Ask every source what it was not asked yet, and once more what others' ids made askable."""
        self._begin()
        try:
            await self._sources()
            await self._links()
        finally:
            for asking in self._begun.values():
                asking.cancel()
            await asyncio.gather(*self._begun.values(), return_exceptions=True)

    def _begin(self) -> None:
        """Begin with those whose question stands, so that the waits for their turns are one wait."""
        if not any(each.scheme == "arxiv" for each in self._identifiers):
            return
        for source in self._outside.sources:
            request = source.ask(list(self._identifiers)) if source.name in BY_ARXIV else None
            if request is not None and request.url not in self._asked:
                many = source if isinstance(source, BatchSource) else None
                self._begun[request.url] = asyncio.ensure_future(self.answers.ask(request, source.read, many))

    async def _sources(self) -> None:
        for source in [*self._outside.sources] * ROUNDS:
            known = await self._outside.agencies.allowed(source.name, self._identifiers)
            request = source.ask(known)
            if request is not None and request.url not in self._asked:
                self._asked.add(request.url)
                await self._one(request, source.read, source if isinstance(source, BatchSource) else None)

    async def _links(self) -> None:
        """Ask their hosts what became of the things that this paper calls its own."""
        for link in self._own_links():
            for host in self._outside.hosts:
                request = host.ask_link(link.url)
                while request is not None:  # one that was asked today is answered from memory, and may need more
                    answer = await self._one(request, partial(host.check, link))
                    request = host.go_on(answer) if answer else None

    def _own_links(self) -> Iterator[Link]:
        """The links as they were claimed, for a check answers to the claim and not to the last check."""
        claims = [(SAME_TIME, finding) for finding in self._findings if finding.source not in CHECKS]
        own = [link for link in derive(claims).links if link.status in CHECKABLE and link.source != PERSON]
        yield from own[:MOST_LINKS]

    async def _one(
        self, request: Request, read: Callable[[Answer], Finding | None], many: BatchSource | None = None
    ) -> Answer | None:
        begun = self._begun.pop(request.url) if request.url in self._begun else self.answers.ask(request, read, many)
        try:
            answer, finding = await begun
        except TryLater as later:
            log.info("%s asks to wait %.0f s: %s", request.source, later.after_seconds, later.reason)
            self.wait = max(self.wait or 0, later.after_seconds)
            self.troubled |= later.reason not in OUR_TURN
            return None
        except (Refused, BadAnswer) as wall:
            log.warning("%s gave no answer: %s", request.source, wall)
            self.wait = max(self.wait or 0, WALL_SECONDS)
            self.troubled = True
            return None
        at = read_rfc3339(answer.fetched_at)
        source = finding.source if finding else request.source
        self.observations.append(Observation(source, request.url, at, answer.status, answer.body, finding))
        if finding is not None:
            claimed = (each for each in claimable(finding, self._findings) if each not in self._foreign)
            self._identifiers |= dict.fromkeys(claimed)
            self._findings.append(finding)
        return answer
