"""A file becomes records, whatever it is: what it holds says its format, its name only where the text could be two.

Bytes are UTF-8 or UTF-16 by their mark, else UTF-8, else Windows' Latin letters. Refuses files that are no text, that
are nested beyond reason, and that are more than the limits: 20,000,000 bytes (100,000,000 of our own JSON, so that a
large account can come back), 50,000 records.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from api.domain.errors import BadInput, TooLarge
from api.domain.formats.belongings import Belongings
from api.domain.formats.imported import Imported, Read, Unread
from api.domain.formats.papers_list import read_papers_list
from api.domain.formats.read_belongings import read_belongings
from api.domain.formats.read_bibtex import read_bibtex
from api.domain.formats.read_csl import is_csl, read_csl
from api.domain.formats.read_library import FORMAT, read_library
from api.domain.formats.read_ris import read_ris
from api.domain.formats.read_table import columns_of, read_table
from api.domain.formats.read_web_lists import (
    is_hypothesis,
    is_omnivore,
    read_bookmarks,
    read_hypothesis,
    read_omnivore,
)
from api.domain.formats.read_zotero import is_zotero, read_zotero
from api.domain.papers import Finding

MOST_BYTES = 20_000_000
MOST_OWN_BYTES = 100_000_000
MOST_RECORDS = 50_000
_DEEPEST = 200
_BIB = re.compile(r"^[ \t]*@[ \t]*[^\W\d]\w*\s*[({]", re.MULTILINE)
_OWN = re.compile(rb'\s*\{\s*"format"\s*:\s*"%b"' % FORMAT.encode())
_RIS = re.compile(r"^[ \t\ufeff]*TY[ \t]{1,3}-", re.MULTILINE | re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype|html|title|dl|ul|h1)\b", re.IGNORECASE)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"SQLite format")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class Reading(NamedTuple):
    """The records of a file, a line for each that was not taken, and what one of our own files holds beside entries."""

    records: list[Imported]
    lines: list[Unread]
    belongings: Belongings = Belongings()


def read_any(raw: bytes) -> Reading:
    """The records of a file and a line for each that was not taken, together all of it, in its order.

    Raises TooLarge or BadInput where it cannot be read as a whole.
    """
    most = MOST_OWN_BYTES if _OWN.match(raw) else MOST_BYTES
    if len(raw) > most:
        raise TooLarge(f"a file may have {most:,} bytes", limit=most)
    text = decoded(raw)
    whole = _parsed(text) if text.lstrip()[:1] in ("{", "[") else None
    records: list[Imported] = []
    lines: list[Unread] = []
    belongings = Belongings()
    if isinstance(whole, dict) and whole.get("format") == FORMAT:
        belongings, lines = read_belongings(whole)
    for one in _reads(text, raw, whole):
        if len(records) + len(lines) >= MOST_RECORDS:
            raise TooLarge(f"a file may have {MOST_RECORDS:,} records", limit=MOST_RECORDS)
        if isinstance(one, Imported):
            records.append(one)
        else:
            lines.append(one)
    return Reading(records, lines, belongings)


def decoded(raw: bytes) -> str:
    """The file's text with line ends as `\\n`; raises BadInput for what is none."""
    if raw.startswith(_BINARY):
        raise BadInput("this is no text file")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    if text.count("\0") > len(text) // 1000:
        raise BadInput("this is no text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reads(text: str, raw: bytes, whole: Any) -> Iterator[Read]:
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return _json(whole, raw)
    bib, ris = _BIB.search(text), _RIS.search(text)
    if bib and not (ris and ris.start() < bib.start()) and start != "<":
        return read_bibtex(text)
    if ris:
        return read_ris(text)
    if start == "<" and _HTML.search(text[:10_000]):
        return read_bookmarks(text)
    if columns_of(text[: min(text.find("\n") + 1 or len(text), 100_000)]):
        return read_table(text)
    raise BadInput("no format that this server reads: BibTeX, RIS, CSL-JSON, Zotero, Hypothesis, bookmarks, CSV, …")


def _json(whole: Any, raw: bytes) -> Iterator[Read]:
    if isinstance(whole, dict) and whole.get("format") == FORMAT:
        return read_library(whole)
    items = _items(whole)
    first = next((item for item in items if isinstance(item, dict)), None)
    collections = whole.get("collections") if isinstance(whole, dict) else None
    tests: tuple[tuple[Callable[[object], bool], Callable[[], Iterator[Read]]], ...] = (
        (is_zotero, lambda: read_zotero(items, collections if isinstance(collections, dict) else {})),
        (is_hypothesis, lambda: read_hypothesis(items)),
        (is_omnivore, lambda: read_omnivore(items)),
        (is_csl, lambda: read_csl(items)),
    )
    for fits, read in tests:
        if fits(first):
            return read()
    if items is whole and (not items or (first and "title" in first)):
        return _papers(raw)
    raise BadInput("JSON, but neither a library, CSL, Zotero, Hypothesis, Omnivore nor a list of papers")


def _parsed(text: str) -> Any:
    depth = 0
    for mark in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > _DEEPEST:
            raise BadInput(f"nested more than {_DEEPEST} deep")
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise BadInput(f"no JSON: {wrong}") from None


def _items(whole: Any) -> list[Any]:
    if isinstance(whole, list):
        return whole
    for name in ("items", "rows", "annotations", "data"):
        if isinstance(whole, dict) and isinstance(whole.get(name), list):
            return whole[name]  # type: ignore[no-any-return]
    message = whole.get("message") if isinstance(whole, dict) else None
    return [message if isinstance(message, dict) else whole]


def _papers(raw: bytes) -> Iterator[Read]:
    listed, refused = read_papers_list(raw)
    for one in listed:
        finding = Finding("import", kind="article", title=one.title, abstract=one.abstract)
        yield Imported(one.line, finding)
    for line in refused:
        yield Unread(line.line, line.code, line.detail)
