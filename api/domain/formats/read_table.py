"""A CSV file becomes records: Readwise's highlights, Pocket's list, our own, and any with a column for url or title.

Columns are known by their names, whatever their order and case. Refuses a table that has neither column, and rows
that say neither.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from api.domain.clock import read_rfc3339, rfc3339
from api.domain.errors import BadInput
from api.domain.fields import Status, TextQuoteSelector
from api.domain.formats.imported import SOURCE, Imported, ImportedMark, Read, Unread, checked
from api.domain.formats.read_bib_fields import claims
from api.domain.formats.read_web_lists import at_seconds, page_record, tag_names
from api.domain.markup import plain_text
from api.domain.names import authors
from api.domain.papers import Dates, Finding

MOST_COLUMNS = 500
MOST_CELL = 1_000_000
_COLUMNS = {
    "title": "title booktitle articletitle name publicationtitle documenttitle",
    "url": "url link uri href address sourceurl articleurl",
    "doi": "doi",
    "arxiv": "arxiv arxivid",
    "key": "key citekey citationkey bibtexkey",
    "authors": "authors author bookauthor creators creator",
    "year": "year publicationyear date published issued",
    "venue": "venue journal publication containertitle",
    "abstract": "abstract summary description",
    "tags": "tags tag labels label keywords manualtags documenttags",
    "lists": "lists list folder folders collection",
    "note": "note notes",
    "status": "status state",
    "saved": "timeadded saved savedat added addedat created highlightedat dateadded",
    "highlight": "highlight quote selection",
    "comment": "comment",
    "rating": "rating",
}
_NAMES = {spelled: name for name, spellings in _COLUMNS.items() for spelled in spellings.split()}
_STATUSES: dict[str, Status] = {
    "unread": "to_read", "to_read": "to_read", "to read": "to_read", "later": "to_read", "new": "to_read",
    "reading": "reading", "read": "read", "archive": "read", "archived": "archived",
}  # fmt: skip


def columns_of(first_line: str) -> dict[str, int]:
    """Which of our names stands in which column of a header; empty where it has neither an address nor a title."""
    try:
        header = next(csv.reader([first_line], delimiter=_delimiter(first_line)), [])
    except csv.Error:
        return {}
    found: dict[str, int] = {}
    for place, word in enumerate(header[:MOST_COLUMNS]):
        name = _NAMES.get(re.sub(r"[^a-z]", "", word.lower()))
        if name:
            found.setdefault(name, place)
    return found if found.keys() & {"url", "title", "doi"} else {}


def read_table(text: str) -> Iterator[Read]:
    """A record or a line for each row; raises BadInput for a table without a column that names papers."""
    csv.field_size_limit(MOST_CELL)
    header = text[: text.find("\n") + 1 or len(text)]
    columns = columns_of(header[:100_000])
    if not columns:
        raise BadInput("no column for an address, a DOI or a title in the first line")
    rows = csv.reader(io.StringIO(text), delimiter=_delimiter(header[:100_000]))
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield Unread(line, "unreadable", str(wrong))
            continue
        if line > 1 and any(cell.strip() for cell in row):
            cells = {name: row[place].strip() for name, place in columns.items() if place < len(row)}
            yield _record(line, cells)


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _record(line: int, cells: dict[str, str]) -> Read:
    found = [*claims("doi", cells.get("doi", "")), *claims("arxiv", cells.get("arxiv", ""))]
    url, mark = cells.get("url", ""), _mark(cells)
    own = {
        "tags": tag_names(cells.get("tags", "")),
        "lists": tag_names(cells.get("lists", "")),
        "status": _STATUSES.get(cells.get("status", "").lower()),
        "saved_at": _time(cells.get("saved", "")),
        "note": (cells.get("note") or None) if mark is None else None,
        "marks": (mark,) if mark else (),
    }
    dates, people = (
        Dates(issued=_date(cells.get("year", ""))),
        authors([cells["authors"]]) if cells.get("authors") else (),
    )
    abstract = plain_text(cells.get("abstract", "")) or None
    if url and not found:
        return page_record(line, url, cells.get("title", ""), abstract=abstract, authors=people, dates=dates, **own)
    title = plain_text(cells.get("title", "")) or (f"{found[0].scheme}:{found[0].value}" if found else "")
    finding = Finding(
        SOURCE,
        identifiers=tuple(dict.fromkeys(found)),
        kind="article",
        title=title or None,
        authors=people,
        abstract=abstract,
        dates=dates,
        venue=plain_text(cells.get("venue", "")) or None,
    )
    return checked(Imported(line, finding, citekey=cells.get("key") or None, url=url or None, **own))  # type: ignore[arg-type]


def _mark(cells: dict[str, str]) -> ImportedMark | None:
    if not cells.get("highlight"):
        return None
    comment = cells.get("comment") or cells.get("note") or None
    return ImportedMark(
        (TextQuoteSelector(cells["highlight"][:8000]),), comment, created_at=_time(cells.get("saved", ""))
    )


def _date(text: str) -> str | None:
    found = re.match(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", text, re.ASCII)
    return found[0] if found else None


def _time(text: str) -> str | None:
    if seconds := at_seconds(text):
        return seconds
    try:
        spelled = re.sub(r"^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$", r"\1T\2Z", text)
        spelled = re.sub(r"^(\d{4}-\d\d-\d\d)$", r"\1T00:00:00Z", spelled)
        return rfc3339(read_rfc3339(spelled.replace(" ", "T", 1))) if spelled else None
    except ValueError:
        return None
