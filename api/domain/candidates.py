"""The candidates for one field of a paper, best first: the part of `derive.py` that no field can do without.

Refuses to depend on the order in which findings came: they are put into one order by time and content before anything
is chosen, and every later choice is stable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import msgspec

from api.domain.clock import read_rfc3339
from api.domain.papers import Finding
from api.domain.source_ranks import PERSON, Column, is_preprint, rank

T = TypeVar("T")


class Asked(NamedTuple):
    """A finding with the time when its source was asked (RFC 3339)."""

    at: str
    finding: Finding


class Pick(NamedTuple, Generic[T]):
    """A candidate for a field, with the finding that says so."""

    value: T
    asked: Asked


def in_order(findings: Iterable[tuple[str, Finding]]) -> tuple[Asked, ...]:
    """Newest first, of one moment by content. Raises ValueError for a time that is not RFC 3339."""
    asked = [Asked(at, finding) for at, finding in findings]
    if len(asked) > 1:
        asked.sort(key=lambda one: (one.at, msgspec.json.encode(one.finding)))
    asked.sort(key=lambda one: read_rfc3339(one.at), reverse=True)
    return tuple(asked)


def candidates(
    asked: Iterable[Asked], column: Column, read: Callable[[Finding], T | None], *, published_first: bool = False
) -> list[Pick[T]]:
    """All values of a field, a person's first, then by rank, then the published before the preprint, then the newer.

    With `published_first` a published version's word counts before the rank. Blank values are none.
    """
    ranked: list[tuple[tuple[int, int, int], Pick[T]]] = []
    for one in asked:
        value = read(one.finding)
        if not value or (isinstance(value, str) and not value.strip()):
            continue
        place = rank(one.finding, column)
        if place is None:
            continue
        preprint, other = int(is_preprint(one.finding)), int(one.finding.source != PERSON)
        order = (other, preprint, place) if published_first else (other, place, preprint)
        ranked.append((order, Pick(value, one)))
    return [pick for _, pick in sorted(ranked, key=lambda item: item[0])]


def first(picks: Sequence[Pick[T]]) -> Pick[T] | None:
    """The best candidate, if there is any."""
    return picks[0] if picks else None


def by_person(picks: Sequence[Pick[T]]) -> bool:
    """Whether the best candidate is a person's word, which no gate may refuse."""
    return bool(picks) and picks[0].asked.finding.source == PERSON
