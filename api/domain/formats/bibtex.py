"""Library records become BibTeX that compiles: one entry for each record, in any style, without a warning.

A type is chosen by what the record holds, not only by its kind: an @article without a journal, an author or a year
would make the engine warn, so it is written as @misc, with the same facts. Refuses to print anything as TeX that came
in as text (`latex`), to name local files, and to write two entries under one key. Fields that are unknown are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from api.domain.citekeys import folded, is_safe, next_free, propose
from api.domain.formats.latex import clean, name_to_tex, title_to_tex, to_tex, verbatim_doi, verbatim_url
from api.domain.papers import Author, Paper


class BibEntry(Struct, frozen=True):
    """One record of a library: its stored key, the paper, and what belongs to the reader.

    `url` is the saved or canonical address, `accessed` the day it was seen (`YYYY-MM-DD`), `note` the reader's own
    words, written as `annote`, which styles do not print; leave it out unless asked for.
    """

    key: str
    paper: Paper
    tags: tuple[str, ...] = ()
    url: str | None = None
    note: str | None = None
    accessed: str | None = None


class _Form(Struct, frozen=True):
    # A BibTeX type, where it keeps venue and publisher, and the fields without which the standard styles warn.
    type: str
    venue: str
    publisher: str
    required: frozenset[str]


_ALWAYS = {"author", "title", "year"}
_FORMS: dict[str, _Form] = {
    "article": _Form("article", "journal", "publisher", frozenset(_ALWAYS | {"journal"})),
    "inproceedings": _Form("inproceedings", "booktitle", "publisher", frozenset(_ALWAYS | {"booktitle"})),
    "chapter": _Form("incollection", "booktitle", "publisher", frozenset(_ALWAYS | {"booktitle", "publisher"})),
    "book": _Form("book", "series", "publisher", frozenset(_ALWAYS | {"publisher"})),
    "report": _Form("techreport", "series", "institution", frozenset(_ALWAYS | {"institution"})),
    "thesis": _Form("phdthesis", "series", "school", frozenset(_ALWAYS | {"school"})),
}
_SAID_IN_PRINT = {"software": "Software", "dataset": "Dataset", "thesis": "Thesis", "report": "Report"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEY_WORDS = 4  # of the title, for a style that needs something to sort by where there is no author

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z-]+)?/\d{7})(?:v\d+)?", re.ASCII | re.IGNORECASE)
_ARXIV_CLASS = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)
_ARXIV_DOI = "10.48550/arxiv."
_ISBN = re.compile(r"[0-9Xx-]{10,17}", re.ASCII)
_RANGE = re.compile(r"(\w+)\s?[-‐‑‒–—−]{1,3}\s?(\w+)")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """One BibTeX entry after the other, each ending in an empty line; order and keys are the caller's.

    The same entries give the same bytes. A key that would break the file is folded to a safe one, and one that was
    written before (case makes no difference) gets a letter: an export never fails for one bad record.
    """
    written: set[str] = set()
    for entry in entries:
        wanted = entry.key if is_safe(entry.key) else folded(entry.key) or propose(entry.paper)
        key = next_free(wanted, written.__contains__)
        written.add(key.casefold())
        yield _entry(key, entry)


def _entry(key: str, entry: BibEntry) -> str:
    kind, fields = _publication(entry)
    fields = {name: value for name, value in (fields | _readers(entry)).items() if value}
    if "author" not in fields:
        fields["key"] = _sort_key(entry.paper) or key
    width = max(len(name) for name in fields)
    lines = [f"  {name:<{width}} = {_delimited(name, value)},\n" for name, value in fields.items()]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n\n"


def _delimited(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"  # months are macros, which each style spells its own way


def _publication(entry: BibEntry) -> tuple[str, dict[str, str]]:
    paper = entry.paper
    form = _FORMS.get(paper.kind)
    shared = _dates(paper) | _identifiers(paper)
    if form is not None:
        fields = _people_and_title(paper) | _home(paper, form) | _numbers(paper, form.type) | shared
        if all(fields.get(name) for name in form.required):
            return form.type, fields
    fields = _people_and_title(paper) | _loose_home(entry) | _numbers(paper, "misc") | shared
    if not any(fields.get(name) for name in ("author", "title", "howpublished", "year")):
        fields["note"] = "Untitled"  # a @misc with nothing at all to print is a warning too
    return "misc", fields


def _people_and_title(paper: Paper) -> dict[str, str]:
    return {"author": _authors(paper.authors), "title": title_to_tex(paper.title)}


def _authors(authors: tuple[Author, ...]) -> str:
    names = [name for name in map(name_to_tex, authors) if name]
    if len(names) > 1 and names[-1].casefold() in ("{others}", "{et al.}", "{et al}"):
        names[-1] = "others"
    return " and ".join(names)


def _home(paper: Paper, form: _Form) -> dict[str, str]:
    venue, publisher = paper.venue or "", paper.publisher or ""
    if form.venue == "series" and not publisher:
        venue, publisher = "", venue
    in_tex = title_to_tex if form.venue == "booktitle" else to_tex
    return {form.venue: in_tex(venue), form.publisher: to_tex(publisher)}


def _loose_home(entry: BibEntry) -> dict[str, str]:
    # Where a @misc says what it is and where it is from; of an arXiv preprint the eprint fields say it.
    paper, url = entry.paper, _address(entry)
    if url and (paper.kind == "webpage" or not clean(paper.title)):
        return {"howpublished": rf"\url{{{url}}}"}
    if paper.kind == "preprint" and _arxiv_id(paper):
        return {}
    said = [_SAID_IN_PRINT.get(paper.kind, ""), to_tex(paper.venue or paper.publisher or "")]
    return {
        "howpublished": ", ".join(part for part in said if part),
        "publisher": to_tex(paper.publisher or "") if paper.venue else "",
    }


def _numbers(paper: Paper, entry_type: str) -> dict[str, str]:
    # Styles warn of a number without a volume in an article, and without a series elsewhere; `issue` none minds.
    numbered = (entry_type == "article" and clean(paper.volume or "")) or entry_type == "techreport"
    return {
        "volume": to_tex(paper.volume or ""),
        "number" if numbered else "issue": to_tex(paper.issue or ""),
        "pages": ", ".join(_page_range(part) for part in (paper.pages or "").split(",") if clean(part)),
    }


def _page_range(pages: str) -> str:
    span = _RANGE.fullmatch(clean(pages))
    return f"{to_tex(span[1])}--{to_tex(span[2])}" if span else to_tex(pages)


def _dates(paper: Paper) -> dict[str, str]:
    # Unknown stays unknown: no year from nothing, no month of another year, nothing from 0000-00.
    texts = (paper.dates.issued, paper.dates.online, paper.dates.preprinted)
    dates = [(int(found[1]), int(found[2] or 0)) for text in texts if text and (found := _DATE.match(text))]
    year = paper.year or next((year for year, _ in dates if year), 0)
    if not 0 < year < 10_000:
        return {}
    month = next((month for of_year, month in dates if of_year == year and 1 <= month <= 12), 0)
    return {"year": str(year), "month": _MONTHS[month - 1] if month else ""}


def _identifiers(paper: Paper) -> dict[str, str]:
    arxiv = _arxiv_id(paper)
    dois = [doi for doi in paper.identifiers.get("doi", ()) if doi.startswith("10.")]
    published = [doi for doi in dois if not doi.lower().startswith(_ARXIV_DOI)]
    own = f"10.48550/arXiv.{arxiv}" if arxiv and paper.kind == "preprint" else ""
    primary = paper.primary_class or ""
    isbn = next(iter(paper.identifiers.get("isbn", ())), "")
    return {
        "doi": verbatim_doi(published[0]) if published else own,
        "eprint": arxiv,
        "archivePrefix": "arXiv" if arxiv else "",
        "primaryClass": primary if arxiv and _ARXIV_CLASS.fullmatch(primary) else "",
        "isbn": isbn if _ISBN.fullmatch(isbn) else "",
    }


def _arxiv_id(paper: Paper) -> str:
    claims = list(paper.identifiers.get("arxiv", ()))
    dois = paper.identifiers.get("doi", ())
    claims += [doi[len(_ARXIV_DOI) :] for doi in dois if doi.lower().startswith(_ARXIV_DOI)]
    return next((found[1] for claim in claims if (found := _ARXIV.fullmatch(claim))), "")


def _readers(entry: BibEntry) -> dict[str, str]:
    url, paper = _address(entry), entry.paper
    seen = entry.accessed if url and paper.kind == "webpage" and _DAY.fullmatch(entry.accessed or "") else None
    noted = {"urldate": seen, "note": f"Accessed {seen}"} if seen else {}
    return {
        "url": url,
        **noted,
        "keywords": ", ".join(_keyword(tag) for tag in entry.tags if clean(tag)),
        "abstract": to_tex(paper.abstract or ""),
        "annote": to_tex(entry.note or ""),
    }


def _keyword(tag: str) -> str:
    return f"{{{to_tex(tag)}}}" if "," in tag else to_tex(tag)


def _address(entry: BibEntry) -> str:
    # Only what others can open: never a path on the reader's own machine.
    addresses = (entry.url or "", *entry.paper.identifiers.get("url", ()))
    return next((verbatim_url(address) for address in addresses if _WEB.match(address.strip())), "")


def _sort_key(paper: Paper) -> str:
    return name_to_tex(Author(literal=" ".join(clean(paper.title).split()[:_KEY_WORDS])))
