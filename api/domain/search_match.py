"""What the index is asked: groups of words that all have to be met, each by any of its words. Plain values."""

from __future__ import annotations

from msgspec import Struct

from api.domain.search_query import Term


class Need(Struct, frozen=True):
    """One of these words has to be there, in the title where that is asked."""

    any_of: tuple[Term, ...]
    in_title: bool = False


class Match(Struct, frozen=True):
    """All of these needs, and none of these words."""

    needs: tuple[Need, ...]
    without: tuple[Term, ...] = ()


def any_word(match: Match) -> Match:
    """The same with one word being enough."""
    return Match((Need(tuple(term for need in match.needs for term in need.any_of)),), match.without)


def in_title(match: Match) -> Match:
    """The same with every word in the title."""
    return Match(tuple(Need(need.any_of, True) for need in match.needs), match.without)
