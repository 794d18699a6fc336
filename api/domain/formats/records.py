"""What a library hands to the writers, and the facts that every format draws from it alike.

One place decides which year, which DOI, which arXiv id and which address a record has, so that its BibTeX, RIS and
CSL-JSON never disagree. Refuses to guess: an unknown month, a DOI of the wrong kind or a local path is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from api.domain.citekeys import folded, is_safe, next_free, propose
from api.domain.entries import ShelvedEntry
from api.domain.formats.latex import clean, verbatim_url
from api.domain.papers import Paper

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z-]+)?/\d{7})(?:v\d+)?", re.ASCII | re.IGNORECASE)
_ARXIV_CLASS = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)
_ARXIV_DOI = "10.48550/arxiv."
_ISBN = re.compile(r"[0-9Xx-]{10,17}", re.ASCII)
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]", re.ASCII)
_RANGE = re.compile(r"(\w+)\s?[-‐‑‒–—−]{1,3}\s?(\w+)")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:i|sub|sup)>")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class BibEntry(Struct, frozen=True):
    """One record of a library: its stored key, the paper, and what belongs to the reader.

    `url` is the saved or canonical address, `accessed` the day it was seen (`YYYY-MM-DD`), `note` the reader's own
    words, which styles do not print; leave it out unless asked for.
    """

    key: str
    paper: Paper
    tags: tuple[str, ...] = ()
    url: str | None = None
    note: str | None = None
    accessed: str | None = None
    status: str = "to_read"
    starred: bool = False
    rating: int | None = None


def bib_entry(one: ShelvedEntry, names: Mapping[str, str]) -> BibEntry:
    """An entry of the shelf with its paper; `names` are those of the library's tags."""
    entry = one.entry
    return BibEntry(
        key=entry.citekey or entry.id,
        paper=one.paper,
        tags=tuple(sorted(names[tag] for tag in entry.tags if tag in names)),
        url=entry.saved_from.url if entry.saved_from else None,
        note=entry.note,
        accessed=(entry.saved_at or "")[:10] or None,
        status=entry.status,
        starred=entry.starred,
        rating=entry.rating,
    )


def with_safe_keys(entries: Iterable[BibEntry]) -> Iterator[tuple[str, BibEntry]]:
    """Each entry with a key that is safe and was not given before (case makes no difference).

    A key that would break a file is folded to a safe one, one that was given gets a letter.
    """
    given: set[str] = set()
    for entry in entries:
        wanted = entry.key if is_safe(entry.key) else folded(entry.key) or propose(entry.paper)
        key = next_free(wanted, given.__contains__)
        given.add(key.casefold())
        yield key, entry


def date_of(paper: Paper) -> tuple[int, ...]:
    """Year, month and day as far as they are known, the empty tuple where not even the year is.

    The first of issued, online and preprinted that names a month of the paper's year: no month of another year.
    """
    texts = (paper.dates.issued, paper.dates.online, paper.dates.preprinted)
    dates = [date for text in texts if (date := read_date(text))]
    year = paper.year or next((date[0] for date in dates), 0)
    if not 0 < year < 10_000:
        return ()
    same = [date for date in dates if date[0] == year and len(date) > 1]
    return same[0] if same else (year,)


def read_date(text: str | None) -> tuple[int, ...]:
    """The known parts of `YYYY`, `YYYY-MM` or `YYYY-MM-DD…`; what no calendar has is cut."""
    found = _DATE.match(text or "")
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if not year:
        return ()
    if not 1 <= month <= 12:
        return (year,)
    return (year, month, day) if 1 <= day <= _DAYS[month - 1] else (year, month)


def accessed_day(entry: BibEntry) -> str:
    """The day on which the address was seen, for what may change or vanish: pages and data; else empty."""
    matters = entry.paper.kind in ("webpage", "dataset") and address_of(entry)
    return entry.accessed if matters and entry.accessed and _DAY.fullmatch(entry.accessed) else ""


def address_of(entry: BibEntry) -> str:
    """The address for others to open, percent-encoded where it must be: never a path on the reader's own machine."""
    addresses = (entry.url or "", *entry.paper.identifiers.get("url", ()))
    return next((verbatim_url(address) for address in addresses if _WEB.match(address.strip())), "")


def arxiv_of(paper: Paper) -> str:
    """The arXiv id, without prefix and version; empty where there is none."""
    if not paper.identifiers:
        return ""
    claims = list(paper.identifiers.get("arxiv", ()))
    claims += [doi[len(_ARXIV_DOI) :] for doi in _dois(paper) if _is_arxivs(doi)]
    return next((found[1] for claim in claims if (found := _ARXIV.fullmatch(claim))), "")


def arxiv_class_of(paper: Paper) -> str:
    """The primary class of a paper that has an arXiv id."""
    primary = paper.primary_class or ""
    return primary if arxiv_of(paper) and _ARXIV_CLASS.fullmatch(primary) else ""


def is_at_arxiv_alone(paper: Paper) -> bool:
    """Whether the eprint fields say where it is: an arXiv preprint that names no other venue."""
    home = clean(paper.venue or paper.publisher or "arXiv").casefold()
    return paper.kind == "preprint" and bool(arxiv_of(paper)) and (home.startswith("arxiv") or home == "corr")


def doi_of(paper: Paper) -> str:
    """The bare DOI of the publication; a preprint has that of its arXiv record, which nothing else gets."""
    published = [doi for doi in _dois(paper) if not _is_arxivs(doi)]
    arxiv = arxiv_of(paper)
    return published[0] if published else f"10.48550/arXiv.{arxiv}" if arxiv and paper.kind == "preprint" else ""


def isbn_of(paper: Paper) -> str:
    """The ISBN; empty where there is none."""
    isbn = next(iter(paper.identifiers.get("isbn", ())), "") or paper.extra.isbn
    return isbn if _ISBN.fullmatch(isbn) else ""


def issn_of(paper: Paper) -> str:
    """The ISSN, where its last digit checks the others; empty for anything else."""
    digits = [10 if char in "xX" else int(char) for char in re.findall(r"[\dxX]", paper.extra.issn)]
    is_one = (
        _ISSN.fullmatch(paper.extra.issn) and sum(d * w for d, w in zip(digits, range(8, 0, -1), strict=True)) % 11 == 0
    )
    return paper.extra.issn if is_one else ""


def page_span(pages: str) -> tuple[str, str]:
    """The first and the last page of a range, or what there is and an empty string."""
    span = _RANGE.fullmatch(clean(pages))
    return (span[1], span[2]) if span else (clean(pages), "")


def plain(text: str | None) -> str:
    """The text on one line for a format without markup: light tags gone, no control characters."""
    return clean(_MARKUP.sub("", text or ""))


def _dois(paper: Paper) -> list[str]:
    return [doi for doi in paper.identifiers.get("doi", ()) if doi.startswith("10.")]


def _is_arxivs(doi: str) -> bool:
    return doi.lower().startswith(_ARXIV_DOI)
