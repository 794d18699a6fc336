"""A list of papers as title and abstract, as copied from a search page: JSON `[{"title": …, "abstract": …}, …]`.

One bad record is reported and costs nobody else. Refuses what is no such list at all, and to repair texts: damaged
LaTeX stays as it is, only white space and a button's label glued in front of a title go.
Limits: 20,000,000 bytes, 50,000 records, titles of 2,000 and abstracts of 100,000 characters.
"""

from __future__ import annotations

import json
import re

import msgspec
from msgspec import Struct

from api.domain.errors import BadInput, TooLarge

MOST_BYTES = 20_000_000
MOST_PAPERS = 50_000
LONGEST_TITLE = 2_000
LONGEST_ABSTRACT = 100_000

_BUTTON = re.compile(r"Subscribe(?=[^\W\d_])")  # the label of a button above the list
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")  # what not every database keeps


class ListedPaper(Struct, frozen=True):
    """One paper of the list; `line` is the record's place in it, from 1."""

    line: int
    title: str
    abstract: str | None = None


class Refusal(Struct, frozen=True):
    """Why a record was not taken: `line` from 1, a stable `code` for programs, `detail` for people."""

    line: int
    code: str
    detail: str


class _Record(Struct, frozen=True):
    """A record as it comes; fields that we do not know are none of our business."""

    title: str | None = None
    abstract: str | None = None


def read_papers_list(raw: bytes) -> tuple[tuple[ListedPaper, ...], tuple[Refusal, ...]]:
    """The papers of the list, and a refusal for each record that is none; together they account for every record.

    Raises TooLarge beyond the limits of bytes and records, BadInput if it is not UTF-8, not JSON or not a list.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"a list of papers may have {MOST_BYTES:,} bytes", limit=MOST_BYTES)
    records = _records(raw)
    if len(records) > MOST_PAPERS:
        raise TooLarge(f"a list of papers may have {MOST_PAPERS:,} records", limit=MOST_PAPERS)
    taken = [_read(line, record) for line, record in enumerate(records, 1)]
    papers = tuple(one for one in taken if isinstance(one, ListedPaper))
    return papers, tuple(one for one in taken if isinstance(one, Refusal))


def _records(raw: bytes) -> list[object]:
    """The list's items. The standard reader, for it lets half of a surrogate pair spoil its own record alone."""
    try:
        records = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput("the list is not UTF-8 text", at=error.start) from None
    except ValueError as error:
        raise BadInput(f"the list is not JSON: {error}") from None
    except RecursionError:
        raise BadInput("the list is nested too deeply") from None
    if not isinstance(records, list):
        raise BadInput("not a JSON list of papers")
    return records


def _read(line: int, item: object) -> ListedPaper | Refusal:
    try:
        record = msgspec.convert(item, _Record)
    except msgspec.ValidationError as error:
        return Refusal(line, "invalid_record", str(error))
    title = _cleaned(record.title)
    if title is None:
        return Refusal(line, "no_title", "a paper needs a title")
    return _checked(ListedPaper(line, _without_button(title), _cleaned(record.abstract)))


def _checked(paper: ListedPaper) -> ListedPaper | Refusal:
    if _UNKEEPABLE.search(paper.title + (paper.abstract or "")):
        return Refusal(paper.line, "invalid_text", "the text has a NUL or half of a surrogate pair")
    if len(paper.title) > LONGEST_TITLE:
        return Refusal(paper.line, "too_large", f"a title may have {LONGEST_TITLE:,} characters")
    if len(paper.abstract or "") > LONGEST_ABSTRACT:
        return Refusal(paper.line, "too_large", f"an abstract may have {LONGEST_ABSTRACT:,} characters")
    return paper


def _cleaned(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _without_button(title: str) -> str:
    match = _BUTTON.match(title)
    return title[match.end() :] if match and title[match.end()].isupper() else title
