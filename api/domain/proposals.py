"""Two papers of a library that might be one: what is proposed to a person, and never done by itself.

A title proposes where an author and the year agree. Refuses pairs that are two by rule: part and whole, a dataset and
its article, two published versions with a DOI each, two arXiv ids.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.domain.papers import Author, Kind, Paper
from api.domain.source_ranks import PUBLISHED
from api.domain.titles import is_gated_title, title_fold

MOST_PROPOSALS = 10  # of one paper
_NOT_WRITTEN = frozenset(("dataset", "software"))
_WHOLE_AND_PART = (frozenset(("book", "chapter")),)


class Proposal(Struct, frozen=True):
    """Another paper of the library that might be the same, its entry, and why: its title, or a source's word.

    Or one that is not the same, and was never to be asked about again: by a person's word.
    """

    paper_id: str
    entry_id: str
    title: str
    kind: Kind
    year: int | None
    venue: str | None
    why: Literal["title", "claim", "person"]
    source: str | None = None


def same_title(one: Paper, other: Paper) -> bool:
    """Whether title, an author and the year of two papers agree, so that a person may be asked whether they are one."""
    if is_gated_title(one.title) or title_fold(one.title) != title_fold(other.title):
        return False
    return _kinds_fit(one, other) and _years_fit(one, other) and bool(_people(one) & _people(other))


def _kinds_fit(one: Paper, other: Paper) -> bool:
    kinds = frozenset((one.kind, other.kind))
    if kinds in _WHOLE_AND_PART or len(kinds & _NOT_WRITTEN) == 1:
        return False
    published = kinds <= PUBLISHED
    return not (published and _differ(one, other, "doi")) and not _differ(one, other, "arxiv")


def _differ(one: Paper, other: Paper, scheme: str) -> bool:
    mine, yours = set(one.identifiers.get(scheme, ())), set(other.identifiers.get(scheme, ()))
    return bool(mine and yours and not mine & yours)


def _years_fit(one: Paper, other: Paper) -> bool:
    if one.year is None or other.year is None:
        return True
    most = 3 if "preprint" in (one.kind, other.kind) else 1  # journals take their time
    return abs(one.year - other.year) <= most


def _people(paper: Paper) -> set[tuple[str, str]]:
    return {_initialled(author) for author in paper.authors}


def _initialled(author: Author) -> tuple[str, str]:
    if author.family:
        return title_fold(author.family), title_fold(author.given or "")[:1]
    given, _, family = (author.literal or "").rpartition(" ")
    return title_fold(family), title_fold(given)[:1]
