"""CSL-JSON becomes records, as pandoc, Zotero, Mendeley and Crossref write it: a list, one item, or a message.

Takes numbers where strings should be and the other way round. Refuses an item without a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from api.domain.formats.imported import SOURCE, Imported, Read, Unread, checked
from api.domain.formats.read_bib_fields import claims
from api.domain.formats.read_tex import verbatim
from api.domain.formats.theses import type_named
from api.domain.markup import plain_text
from api.domain.papers import Author, Dates, Extra, Finding, Identifier, Kind

Item = dict[str, Any]
_KINDS: dict[str, Kind] = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "review": "article",
    "journal-article": "article", "paper-conference": "inproceedings", "proceedings-article": "inproceedings",
    "speech": "inproceedings", "article": "preprint", "posted-content": "preprint", "manuscript": "preprint",
    "thesis": "thesis", "dissertation": "thesis", "book": "book", "monograph": "book", "collection": "book",
    "chapter": "chapter", "book-chapter": "chapter", "entry-encyclopedia": "chapter", "entry-dictionary": "chapter",
    "entry": "chapter", "report": "report", "patent": "report", "standard": "report", "dataset": "dataset",
    "software": "software", "webpage": "webpage", "post": "webpage", "post-weblog": "webpage", "document": "webpage",
}  # fmt: skip
_ARXIV = re.compile(r"arxiv:\s*([^\s\[\]]+)(?:\s*\[([\w.-]+)\])?", re.IGNORECASE)
_LIGHT = re.compile(r"<(/?)(i|sub|sup)>")


def is_csl(item: object) -> bool:
    """Whether a JSON value looks like one CSL item."""
    return isinstance(item, dict) and "title" in item and isinstance(item.get("type"), str) and item["type"] in _KINDS


def read_csl(items: list[Any]) -> Iterator[Read]:
    """A record or a line for each item; lines count items."""
    for line, item in enumerate(items, 1):
        yield checked(_record(line, item)) if isinstance(item, dict) else Unread(line, "invalid_record", "no object")


def _record(line: int, item: Item) -> Imported:
    kind = _KINDS.get(text(item, "type"), "article")
    said = _ARXIV.match(text(item, "number")) or _ARXIV.match(text(item, "note"))
    arxiv = claims("arxiv", said[1]) if said else ()
    note = text(item, "note")
    if said and note.startswith(said[0]):
        note = note[len(said[0]) :].strip()
    url = verbatim(text(item, "URL"))
    seen = _date(item.get("accessed")) if kind in ("webpage", "dataset") else None
    words = item.get("keyword")
    tags = words if isinstance(words, list) else re.split(r"[,;]", str(words or ""))
    return Imported(
        line=line,
        finding=_finding(item, kind, arxiv, said[2] if said and said[2] else None),
        citekey=text(item, "citation-key") or text(item, "id") or None,
        url=url if url.lower().startswith(("http://", "https://")) else None,
        tags=tuple(dict.fromkeys(tag for word in tags if (tag := plain_text(str(word))[:255]))),
        note=note or None,
        saved_at=f"{seen}T00:00:00.000Z" if seen and len(seen) == 10 else None,
    )


def _finding(item: Item, kind: Kind, arxiv: tuple[Identifier, ...], primary: str | None) -> Finding:
    date, publisher = _date(item.get("issued")), text(item, "publisher")
    venue = text(item, "collection-title") if kind == "book" else text(item, "container-title")
    ids = [*claims("doi", text(item, "DOI")), *arxiv, *claims("pmid", text(item, "PMID"))]
    return Finding(
        SOURCE,
        identifiers=tuple(dict.fromkeys((*ids, *claims("pmcid", text(item, "PMCID"))))),
        kind=kind,
        title=_title(item) or None,
        authors=_people(item.get("author")),
        abstract=text(item, "abstract") or None,
        dates=Dates(preprinted=date) if kind == "preprint" else Dates(issued=date),
        venue=venue or None,
        volume=text(item, "volume") or None,
        issue=text(item, "issue") or (text(item, "number") if kind == "report" else "") or None,
        pages=text(item, "page") or None,
        publisher=None if publisher == "arXiv" and arxiv else publisher or None,
        language=text(item, "language") or None,
        primary_class=primary,
        extra=_extra(item, kind),
    )


def _extra(item: Item, kind: Kind) -> Extra:
    genre = text(item, "genre")
    return Extra(
        editors=_people(item.get("editor")),
        edition=text(item, "edition"),
        series="" if kind == "book" else text(item, "collection-title"),
        place=text(item, "publisher-place") or text(item, "event-place"),
        type=type_named(genre),
        isbn=text(item, "ISBN"),
        issn=text(item, "ISSN"),
        event=text(item, "event-title") or text(item, "event"),
        short_venue=text(item, "container-title-short") or text(item, "journalAbbreviation"),
        software_version=text(item, "version"),
    )


def text(item: Item, name: str) -> str:
    """A member as plain text: a string, a number, or the first of a list; else empty."""
    value = item.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return plain_text(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _title(item: Item) -> str:
    value = item.get("title")
    value = value[0] if isinstance(value, list) and value else value
    # Light markup outlives the cleaning, which takes every tag away.
    held = _LIGHT.sub(lambda tag: f"\ue000{tag[1]}{tag[2]}\ue001", value) if isinstance(value, str) else ""
    return plain_text(held).replace("\ue000", "<").replace("\ue001", ">")


def _people(names: object) -> tuple[Author, ...]:
    people = [_person(name) for name in names[:10_000]] if isinstance(names, list) else []
    return tuple(one for one in people if one is not None)


def _person(name: object) -> Author | None:
    if not isinstance(name, dict):
        return None
    family, given = text(name, "family"), text(name, "given")
    particle = text(name, "non-dropping-particle") or text(name, "dropping-particle")
    if family and given:
        return Author(family, given, particle or None, text(name, "suffix") or None)
    literal = text(name, "literal") or " ".join(part for part in (given, particle, family) if part)
    return Author(literal=literal) if literal else None


def _date(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list)):
        found = re.match(r"\d{4}(?:-\d\d){0,2}", text(value, "raw") or text(value, "literal"), re.ASCII)
        return found[0] if found else None
    numbers = [str(part) for part in parts[0][:3]]
    if not numbers or not all(re.fullmatch(r"\d{1,4}", number, re.ASCII) for number in numbers):
        return None
    return "-".join([f"{int(numbers[0]):04}", *(f"{int(number):02}" for number in numbers[1:] if int(number))])
