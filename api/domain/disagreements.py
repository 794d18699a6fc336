"""What other sources say of a paper's fields where they disagree with the value that was taken.

Refuses to call a difference of case, accents or punctuation a disagreement, or a date that only says more or less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from api.domain.candidates import in_order
from api.domain.papers import Author, Finding, Paper
from api.domain.titles import title_fold


class OtherWord(Struct, frozen=True):
    """A value that was not taken, in words; whose it is, and when it was asked (RFC 3339)."""

    value: str
    source: str
    at: str


def printed(author: Author) -> str:
    """A name in the order in which it is printed."""
    parts = (author.given, author.particle, author.family, author.suffix)
    return author.literal or " ".join(part for part in parts if part)


def _people(of: Paper | Finding) -> str:
    return ", ".join(printed(author) for author in of.authors)


_READS: dict[str, Callable[[Paper | Finding], str | None]] = {
    "title": lambda of: of.title,
    "authors": _people,
    "kind": lambda of: of.kind,
    "venue": lambda of: of.venue,
    "volume": lambda of: of.volume,
    "issue": lambda of: of.issue,
    "pages": lambda of: of.pages,
    "publisher": lambda of: of.publisher,
    "language": lambda of: of.language,
    "dates.preprinted": lambda of: of.dates.preprinted,
    "dates.online": lambda of: of.dates.online,
    "dates.issued": lambda of: of.dates.issued,
}
FIELDS = tuple(_READS)


def shown_value(paper: Paper, field: str) -> str:
    """The value that was taken for a field, in words; empty where there is none."""
    return _READS[field](paper) or ""


def _less_exact(field: str, taken: str, value: str) -> bool:
    """Whether of two dates one only says less: `2017` and `2017-12`."""
    return field.startswith("dates.") and bool(taken) and (value.startswith(taken) or taken.startswith(value))


def disagreements(paper: Paper, findings: Sequence[tuple[str, Finding]]) -> dict[str, tuple[OtherWord, ...]]:
    """By field, each other value once, the newest word for it; fields that all agree on are left out."""
    found: dict[str, tuple[OtherWord, ...]] = {}
    asked = in_order(findings)
    for field, read in _READS.items():
        seen = {title_fold(shown_value(paper, field))}
        for one in asked:
            value = read(one.finding)
            if value and title_fold(value) not in seen and not _less_exact(field, shown_value(paper, field), value):
                seen.add(title_fold(value))
                found[field] = (*found.get(field, ()), OtherWord(value, one.finding.source, one.at))
    return found
