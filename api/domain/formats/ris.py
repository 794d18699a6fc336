"""Library records become RIS, which EndNote, Zotero, Mendeley and library catalogues read.

Lines end in CRLF, a value is one line however long, so that no text can end its record or start another. Refuses
line wrapping and byte-order marks, which readers take for text. RIS has no type for a preprint: it is written as GEN.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.domain.formats.latex import clean
from api.domain.formats.records import (
    BibEntry,
    accessed_day,
    address_of,
    arxiv_of,
    date_of,
    doi_of,
    isbn_of,
    page_span,
    plain,
    with_safe_keys,
)
from api.domain.papers import Author, Kind, Paper

Line = tuple[str, str]  # a tag and its value
_TYPES: dict[Kind, str] = {
    "article": "JOUR",
    "inproceedings": "CONF",
    "preprint": "GEN",
    "thesis": "THES",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "webpage": "ELEC",
}
_VENUE_TAGS: dict[Kind, tuple[str, ...]] = {"inproceedings": ("T2", "C3"), "book": ("T3",)}


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """One RIS record after the other, each ending in an empty line; keys are made safe and unique as in BibTeX."""
    for key, entry in with_safe_keys(entries):
        lines = [("TY", _TYPES[entry.paper.kind]), ("ID", key), *_publication(entry.paper), *_readers(entry)]
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _publication(paper: Paper) -> Iterator[Line]:
    yield from (("AU", _name(author)) for author in paper.authors)
    yield "TI", plain(paper.title)
    yield from ((tag, plain(paper.venue)) for tag in _VENUE_TAGS.get(paper.kind, ("T2",)))
    yield from _dates(paper)
    yield "VL", plain(paper.volume)
    yield "IS", plain(paper.issue)
    first, last = page_span(paper.pages or "")
    yield from (("SP", first), ("EP", last))
    arxiv = arxiv_of(paper) if paper.kind == "preprint" else ""
    extra = paper.extra
    yield "PB", plain(paper.publisher) or ("arXiv" if arxiv else "")
    yield "AN", f"arXiv:{arxiv}" if arxiv else ""
    yield "M3", "preprint" if paper.kind == "preprint" else plain(extra.type)
    yield from (("A2", _name(editor)) for editor in extra.editors)
    yield "ET", plain(extra.software_version if paper.kind == "software" else extra.edition)
    yield "CY", plain(extra.place)
    yield "J2", plain(extra.short_venue)
    yield "SN", isbn_of(paper) or plain(extra.issn)
    yield "DO", "".join(clean(doi_of(paper)).split())
    yield "LA", plain(paper.language)


def _dates(paper: Paper) -> Iterator[Line]:
    # The date is written where a month is known, with its slashes kept: 2019/06//
    date = date_of(paper)
    if date:
        yield "PY", f"{date[0]:04}"
    if len(date) > 1:
        yield "DA", _slashed(date)


def _slashed(date: tuple[int, ...]) -> str:
    year, month, *day = date
    return f"{year:04}/{month:02}/{day[0]:02}/" if day else f"{year:04}/{month:02}//"


def _readers(entry: BibEntry) -> Iterator[Line]:
    seen = accessed_day(entry)
    yield "Y2", seen.replace("-", "/") + "/" if seen else ""
    yield "UR", address_of(entry)
    yield from (("KW", plain(tag)) for tag in entry.tags)
    yield "AB", plain(entry.paper.abstract)
    yield "N1", plain(entry.note)


def _name(author: Author) -> str:
    # The comma divides family, given and suffix, so none may stand inside them, nor in an organisation.
    parts = [" ".join(filter(None, (author.particle, author.family))), author.given, author.suffix]
    family, given, suffix = (" ".join(plain(part).replace(",", "").split()) for part in parts)
    if not (family and given):
        single = family or given or " ".join(plain(author.literal).replace(",", "").split())
        return " ".join(part for part in (single, suffix) if part)
    return ", ".join(part for part in (family, given, suffix) if part)
