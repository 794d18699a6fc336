"""Library records become CSL-JSON (CSL 1.0.2), which pandoc, Quarto, Obsidian and Zotero read.

Refuses anything that the data schema does not know: numbers are strings, date parts integers, a DOI is bare, and of
HTML only the tags that CSL allows in titles remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from api.domain.formats.latex import clean
from api.domain.formats.records import (
    BibEntry,
    accessed_day,
    address_of,
    arxiv_class_of,
    arxiv_of,
    date_of,
    doi_of,
    is_at_arxiv_alone,
    isbn_of,
    page_span,
    plain,
    read_date,
    with_safe_keys,
)
from api.domain.papers import Author, Kind, Paper

_TYPES: dict[Kind, str] = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "preprint": "article",
    "thesis": "thesis",
    "book": "book",
    "chapter": "chapter",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "webpage": "webpage",
}


class CslName(Struct, frozen=True, omit_defaults=True, rename="kebab"):
    """A person by parts, or an organisation as `literal`."""

    family: str = ""
    given: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""


class CslDate(Struct, frozen=True, rename="kebab"):
    """Year, month and day, as far as they are known."""

    date_parts: tuple[tuple[int, ...]]


class CslItem(Struct, frozen=True, omit_defaults=True, rename="kebab"):
    """One item; what is unknown is not written."""

    id: str
    type: str
    title: str = ""
    author: tuple[CslName, ...] = ()
    editor: tuple[CslName, ...] = ()
    container_title: str = ""
    collection_title: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    genre: str = ""
    number: str = ""
    publisher: str = ""
    publisher_place: str = ""
    edition: str = ""
    version: str = ""
    event_title: str = ""
    container_title_short: str = ""
    issued: CslDate | None = None
    accessed: CslDate | None = None
    doi: str = msgspec.field(default="", name="DOI")
    isbn: str = msgspec.field(default="", name="ISBN")
    issn: str = msgspec.field(default="", name="ISSN")
    url: str = msgspec.field(default="", name="URL")
    language: str = ""
    keyword: str = ""
    abstract: str = ""
    note: str = ""


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """A JSON array, one item a line; keys are made safe and unique as in BibTeX."""
    opening = "["
    for key, entry in with_safe_keys(entries):
        yield f"{opening}\n{msgspec.json.encode(item(key, entry)).decode()}"
        opening = ","
    yield "[]\n" if opening == "[" else "\n]\n"


def item(key: str, entry: BibEntry) -> CslItem:
    """The entry as an item under this key."""
    extra = entry.paper.extra
    paper, is_preprint = entry.paper, entry.paper.kind == "preprint"
    arxiv, date, seen = arxiv_of(paper), date_of(paper), read_date(accessed_day(entry))
    return CslItem(
        id=key,
        type=_TYPES[paper.kind],
        title=clean(paper.title),
        author=tuple(name for name in map(_name, paper.authors) if name != CslName()),
        editor=tuple(name for name in map(_name, extra.editors) if name != CslName()),
        container_title="" if paper.kind == "book" or is_at_arxiv_alone(paper) else plain(paper.venue),
        collection_title=plain(paper.venue) if paper.kind == "book" else plain(extra.series),
        volume=plain(paper.volume),
        issue=plain(paper.issue),
        page=_pages(paper),
        genre="preprint" if is_preprint else plain(extra.type),
        publisher_place=plain(extra.place),
        edition=plain(extra.edition),
        version=plain(extra.software_version),
        event_title=plain(extra.event),
        container_title_short=plain(extra.short_venue),
        issn=plain(extra.issn),
        number=f"arXiv:{arxiv}" if is_preprint and arxiv else "",
        publisher=plain(paper.publisher) or ("arXiv" if is_preprint and arxiv else ""),
        issued=CslDate((date,)) if date else None,
        accessed=CslDate((seen,)) if seen else None,
        doi=clean(doi_of(paper)),
        isbn=isbn_of(paper),
        url=address_of(entry),
        language=plain(paper.language),
        keyword=", ".join(tag for tag in map(plain, entry.tags) if tag),
        abstract=plain(paper.abstract),
        note=_note(entry, "" if is_preprint else arxiv),
    )


def _name(author: Author) -> CslName:
    family, given = plain(author.family), plain(author.given)
    if not (family or given):
        return CslName(literal=" ".join(part for part in (plain(author.literal), plain(author.suffix)) if part))
    return CslName(family, given, plain(author.particle), plain(author.suffix))


def _pages(paper: Paper) -> str:
    spans = [page_span(part) for part in (paper.pages or "").split(",")]
    return ", ".join(f"{first}-{last}" if last else first for first, last in spans if first)


def _note(entry: BibEntry, arxiv: str) -> str:
    # A published paper has no field for its eprint: the first line of the note says it, as Zotero reads it.
    primary = arxiv_class_of(entry.paper)
    eprint = f"arXiv:{arxiv}" + (f" [{primary}]" if primary else "") if arxiv else ""
    return "\n".join(part for part in (eprint, plain(entry.note)) if part)
