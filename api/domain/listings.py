"""What an outside list of papers said on a day, and what a place on it is worth.

Lists count differently (votes, or nothing at all), so each is brought to shares of its own day. Refuses to prefer one
of those that a list holds to be equal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from api.domain.papers import Finding

MOST_LISTED = 100  # papers of one list and day


class Listed(Struct, frozen=True):
    """A paper of a list: what the list says of it, its votes (0 where nobody votes), and where it stands in words."""

    finding: Finding
    votes: int
    words: str


class Listing(Struct, frozen=True):
    """A list of one day (`YYYY-MM-DD`): the papers with the most votes first, 100 at most, each once."""

    source: str
    day: str
    papers: tuple[Listed, ...]


def listing(source: str, day: str, papers: Sequence[Listed]) -> Listing:
    """The list of a day from its papers in any order; of equal ones those that came first stay."""
    ordered = sorted(papers, key=lambda one: -one.votes)
    once = {one.finding.identifiers[0]: one for one in reversed(ordered)}
    kept = [one for one in ordered if once[one.finding.identifiers[0]] is one]
    return Listing(source, day, tuple(kept[:MOST_LISTED]))


def shares(votes: Sequence[int]) -> list[float]:
    """The share of the list that each leaves behind, equal ones counting half: between 0 and 1, in the same order."""
    ordered = sorted(votes)
    return [(bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 / len(ordered) for one in votes]


def day_words(day: str) -> str:
    """A day as it is said: `18 November`."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B}"
