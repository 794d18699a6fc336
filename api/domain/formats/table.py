"""Library records become a table: CSV (RFC 4180), with a line of column names.

Refuses to hand a spreadsheet a formula: a cell that begins like one gets an apostrophe, which spreadsheets hide.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from api.domain.formats.records import (
    BibEntry,
    address_of,
    arxiv_of,
    date_of,
    doi_of,
    isbn_of,
    plain,
    with_safe_keys,
)
from api.domain.papers import Author

COLUMNS = (
    "key",
    "kind",
    "title",
    "authors",
    "year",
    "date",
    "venue",
    "volume",
    "issue",
    "pages",
    "publisher",
    "doi",
    "arxiv",
    "isbn",
    "url",
    "tags",
    "status",
    "starred",
    "rating",
    "saved",
    "abstract",
    "note",
)
_FORMULA = re.compile(r"[=+\-@]")


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """The line of column names, then one line a record; several authors or tags in a cell have `; ` between them."""
    yield _line(COLUMNS)
    for key, entry in with_safe_keys(entries):
        yield _line([_defused(cell) for cell in _cells(key, entry)])


def _cells(key: str, entry: BibEntry) -> tuple[str, ...]:
    paper, date = entry.paper, date_of(entry.paper)
    return (
        key,
        paper.kind,
        plain(paper.title),
        "; ".join(name for name in map(_name, paper.authors) if name),
        f"{date[0]}" if date else "",
        "-".join(f"{part:02}" for part in date),
        plain(paper.venue),
        plain(paper.volume),
        plain(paper.issue),
        plain(paper.pages),
        plain(paper.publisher),
        plain(doi_of(paper)),
        arxiv_of(paper),
        isbn_of(paper),
        address_of(entry),
        "; ".join(map(plain, entry.tags)),
        entry.status,
        "yes" if entry.starred else "",
        "" if entry.rating is None else str(entry.rating),
        entry.accessed or "",
        plain(paper.abstract),
        plain(entry.note),
    )


def _name(author: Author) -> str:
    last = " ".join(plain(part) for part in (author.particle, author.family) if plain(part))
    parts = (last or plain(author.literal), plain(author.given), plain(author.suffix))
    return ", ".join(part for part in parts if part)


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
