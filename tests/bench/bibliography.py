"""BibTeX written and read, beside pybtex on the same records: the one peer that both writes and reads the format."""

from __future__ import annotations

from functools import cache
from typing import Any

from pybtex.database import BibliographyData, parse_string

from api.domain.formats import bibtex
from api.domain.formats.read_bibtex import read_bibtex
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Dates, Paper
from tests.bench.papers import paper

RECORDS = 500


def writes() -> int:
    """Our writer."""
    return sum(1 for piece in bibtex.render(_entries()) if piece.startswith("@") or "\n@" in piece)


def peer_writes() -> int:
    """pybtex's writer."""
    _parsed().to_string("bibtex")
    return RECORDS


def reads() -> int:
    """Our reader, markup and names taken apart."""
    return sum(1 for _ in read_bibtex(_text()))


def peer_reads() -> int:
    """pybtex's reader, which leaves TeX as it is."""
    return len(parse_string(_text(), "bibtex").entries)


@cache
def _entries() -> tuple[BibEntry, ...]:
    return tuple(BibEntry(f"key{number}", _paper(number, paper()["page"]["metas"])) for number in range(RECORDS))


@cache
def _text() -> str:
    return "".join(bibtex.render(_entries()))


@cache
def _parsed() -> BibliographyData:
    return parse_string(_text(), "bibtex")


def _paper(number: int, metas: list[list[str]]) -> Paper:
    said: dict[str, Any] = dict(map(tuple, metas))
    people = [content.split(", ") for name, content in metas if name == "citation_author"]
    return Paper(
        id=str(number),
        kind="article",
        title=said["citation_title"],
        authors=tuple(Author(family=family, given=given) for family, given in people),
        abstract=said["citation_abstract"],
        year=int(said["citation_publication_date"][:4]),
        dates=Dates(issued=said["citation_publication_date"].replace("/", "-")),
        venue=said["citation_journal_title"],
        volume=str(number % 40),
        pages=f"{number}-{number + 12}",
        identifiers={"doi": (said["citation_doi"],)},
    )
