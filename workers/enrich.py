"""Enrich one paper: ask each source that may know it, in order, and hand what they said to the database.

Nothing is held open while waiting for the network. Refuses to ask again what a source answered within a day.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from api.actions.desk import Desk
from api.actions.enrich_paper import Task, finish_paper, take_paper
from api.domain.clock import read_rfc3339
from api.domain.papers import Identifier
from api.settings import Settings
from api.store.enrichment import Observation
from workers.gateway import Gateway, GatewayLimits, origin_of, user_agent
from workers.refusals import Refused, TryLater
from workers.sources.arxiv import Arxiv
from workers.sources.base import BadAnswer, Source
from workers.sources.crossref import Crossref

log = logging.getLogger(__name__)

VERSION = "0.1"
WALL_SECONDS = 3600.0  # how long to leave a source alone that refused us, or answered with nonsense


def sources_of(settings: Settings) -> list[Source]:
    """The sources that are switched on, in the order in which they are asked: each may name ids for the next."""
    sources: list[Source] = []
    if settings.arxiv_url:
        sources.append(Arxiv(settings.arxiv_url))
    if settings.crossref_url:
        sources.append(Crossref(settings.crossref_url, settings.contact_email))
    return sources


def limits_of(settings: Settings) -> GatewayLimits:
    """The gateway's manners, from the settings."""
    private = (settings.arxiv_url, settings.crossref_url) if settings.allow_private_sources else ()
    return GatewayLimits(
        user_agent=user_agent(VERSION, settings.base_url, settings.contact_email),
        intervals={"arxiv": settings.arxiv_interval_seconds, "crossref": settings.crossref_interval_seconds},
        allow_private_for=frozenset(origin_of(url) for url in private if url),
    )


async def enrich(desk: Desk, gateway: Gateway, sources: Sequence[Source], paper_id: str) -> bool:
    """Enrich a paper if it is due and nobody has it; says whether this attempt put anything down."""
    task = await take_paper(desk, paper_id)
    if task is None:
        return False
    observations, wait = await _ask(gateway, sources, task)
    return await finish_paper(desk, task, observations, wait)


async def _ask(gateway: Gateway, sources: Sequence[Source], task: Task) -> tuple[list[Observation], float | None]:
    identifiers = dict.fromkeys(task.identifiers)
    observations: list[Observation] = []
    wait: float | None = None
    for source in sources:
        if source.name in task.answered:
            continue
        try:
            seen = await _one(gateway, source, list(identifiers))
        except TryLater as later:
            log.info("%s asks to wait %.0f s: %s", source.name, later.after_seconds, later.reason)
            wait = max(wait or 0, later.after_seconds)
            continue
        except (Refused, BadAnswer) as wall:
            log.warning("%s gave no answer: %s", source.name, wall)
            wait = max(wait or 0, WALL_SECONDS)
            continue
        if seen is not None:
            observations.append(seen)
            identifiers |= dict.fromkeys(seen.finding.identifiers if seen.finding else ())
    return observations, wait


async def _one(gateway: Gateway, source: Source, identifiers: list[Identifier]) -> Observation | None:
    """One source's answer, kept raw; None where it cannot know the paper."""
    request = source.ask(identifiers)
    if request is None:
        return None
    answer = await gateway.fetch(request)
    finding = source.read(answer)
    at = read_rfc3339(answer.fetched_at)
    return Observation(source.name, request.url, at, answer.status, answer.body, finding)
