"""Who registered a DOI, so that only the agency that has its record is asked for it.

The common prefixes are known; any other is asked about once and remembered for a season, by prefix, as agencies take
over publishers and not papers. Refuses to hold a paper up: where nobody can tell, Crossref is the guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from redis import RedisError
from redis.asyncio import Redis

from api.domain.papers import Identifier
from workers.doi_prefixes import Agency, known_agency, prefix_of
from workers.gateway import Gateway
from workers.refusals import Refused, TryLater
from workers.sources.base import BadAnswer
from workers.sources.doi_agency import DoiAgency

KEY = "scholium:agency:"
KEEP_SECONDS = 90 * 86_400
KEEP_UNKNOWN_SECONDS = 86_400  # a DOI may be printed before it is registered
KEEPERS = ("crossref", "datacite")  # the sources that keep an agency's records, by the agency's name
NAMES: dict[str, Agency] = {"crossref": "crossref", "datacite": "datacite", "other": "other"}


class Agencies:
    """What is known of DOIs' agencies; `resolver` is asked about the rest, None asks nobody."""

    def __init__(self, redis: Redis, gateway: Gateway, resolver: DoiAgency | None) -> None:
        self._redis = redis
        self._gateway = gateway
        self._resolver = resolver

    async def allowed(self, source: str, identifiers: Iterable[Identifier]) -> list[Identifier]:
        """The identifiers that this source may be asked about: for an agency's own, no DOI of another agency."""
        if source not in KEEPERS:
            return list(identifiers)
        return [each for each in identifiers if each.scheme != "doi" or await self._agency(each.value) == source]

    async def _agency(self, doi: str) -> Agency:
        known = known_agency(doi) or await self._remembered(doi)
        if known is not None:
            return known
        try:
            found = await self._asked(doi)
        except TryLater:
            return "crossref"  # for now: the next paper finds out
        await self._remember(doi, found)
        return found or "crossref"

    async def _asked(self, doi: str) -> Agency | None:
        if self._resolver is None:
            return None
        try:
            return await self._gateway.ask(self._resolver.ask_agency(doi), self._resolver.read_agency)
        except (Refused, BadAnswer):
            return None

    async def _remembered(self, doi: str) -> Agency | None:
        try:
            found = await self._redis.get(KEY + prefix_of(doi))
        except (RedisError, OSError):
            return None
        return NAMES.get(found.decode(), "crossref") if isinstance(found, bytes) else None

    async def _remember(self, doi: str, agency: Agency | None) -> None:
        seconds = KEEP_UNKNOWN_SECONDS if agency is None else KEEP_SECONDS
        try:
            await self._redis.set(KEY + prefix_of(doi), agency or "", ex=seconds)
        except (RedisError, OSError):
            return  # it is asked again
