"""The links of a paper: what its sources gave and what its texts say, each resource once.

Refuses addresses that are no outside resource, whoever gave them, and never lets a repository of many papers, or a
person's page, pass as this paper's own. A host that was asked about a link (`CHECKS`) names none of its own: it only
says what became of one that somebody else named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from api.domain.link_hosts import place_of
from api.domain.link_words import MENTION
from api.domain.links import find_links
from api.domain.papers import Link, LinkStatus
from api.domain.source_ranks import PERSON

# Hosts that answer for links; their findings hold checks.
CHECKS = frozenset({"github", "huggingface_link", "datacite_link"})
DEPOSITS = frozenset({"datacite_link"})  # of these, also what a thing is: its address does not say
CHECKABLE: frozenset[LinkStatus] = frozenset({"available", "promised", "unknown"})


class Said(NamedTuple):
    """A text that may name links, and whose it is."""

    text: str
    source: str


def merge_links(given: Iterable[Link], said: Iterable[Said]) -> tuple[Link, ...]:
    """One link for each resource: a person's, else the most confident; the most confident come first.

    Of several checks of one resource the first given counts: the newest.
    """
    named = [*given, *(link for one in said for link in find_links(one.text, one.source))]
    checks = {place.key: link for link in reversed(named) if link.source in CHECKS and (place := place_of(link.url))}
    links = [link for link in named if link.source not in CHECKS]
    best: dict[str, Link] = {}
    for link in sorted(links, key=_believed_first):
        place = place_of(link.url)
        if place is None:
            continue
        one = replace(link, url=place.url, kind=place.kind if place.sure else link.kind)
        if place.standing != "own" and link.source != PERSON:
            status = "shared" if place.standing == "shared" else "mention"
            one = replace(one, status=status, confidence=min(link.confidence, MENTION))
        best.setdefault(place.key, _checked(one, checks.get(place.key)))
    return tuple(sorted(best.values(), key=lambda link: (-link.confidence, link.kind, link.url)))


def _checked(link: Link, check: Link | None) -> Link:
    """The link as its host sees it; what a person said, and whose the resource is, stays as it was."""
    if check is None or link.source == PERSON or link.status not in CHECKABLE:
        return link
    if link.status == "promised" and check.status == "gone":
        return link  # it is not there yet
    kind = check.kind if check.source in DEPOSITS else link.kind
    if (kind, check.status) == (link.kind, link.status):
        return link
    return replace(link, kind=kind, status=check.status, evidence=check.evidence, source=check.source)


def _believed_first(link: Link) -> tuple[bool, float, bytes]:
    return link.source != PERSON, -link.confidence, msgspec.json.encode(link)
