"""Library records become BibTeX that compiles: one entry for each record, in any style, without a warning.

A type is chosen by what the record holds, not only by its kind: an @article without a journal, an author or a year
would make the engine warn, so it is written as @misc, with the same facts. Refuses to print anything as TeX that came
in as text (`latex`), to name local files, and to write two entries under one key. Fields that are unknown are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from api.domain.formats.bib_text import entry_text, extra_texts, keywords, page_ranges, people, sort_key
from api.domain.formats.latex import clean, title_to_tex, to_tex, verbatim_doi
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
    with_safe_keys,
)
from api.domain.formats.theses import MASTERS, is_masters
from api.domain.papers import Paper


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
_MASTERS = "mastersthesis"
_NAMES = {"place": "address"}
_UNKNOWN = ("event", "short_venue", "software_version", "howpublished", "isbn")  # to BibTeX, or written elsewhere
_SAID_IN_PRINT = {"software": "Software", "dataset": "Dataset", "thesis": "Thesis", "report": "Report"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """One BibTeX entry after the other, each ending in an empty line; order and keys are the caller's.

    The same entries give the same bytes. A key that would break the file is folded to a safe one, and one that was
    written before (case makes no difference) gets a letter: an export never fails for one bad record.
    """
    for key, entry in with_safe_keys(entries):
        yield _entry(key, entry)


def _entry(key: str, entry: BibEntry) -> str:
    kind, fields = _publication(entry)
    fields = {name: value for name, value in (fields | _readers(entry)).items() if value}
    if "author" not in fields:
        fields["key"] = sort_key(entry.paper, "tex") or to_tex(key)
    return entry_text(kind, key, fields)


def _publication(entry: BibEntry) -> tuple[str, dict[str, str]]:
    paper = entry.paper
    form = _FORMS.get(paper.kind)
    shared = _dates(paper) | _identifiers(paper)
    if form is not None:
        fields = _people_and_title(paper) | _home(paper, form) | _numbers(paper, form.type) | shared
        fields |= _extra(paper, form.type, fields)
        edited = form.type == "book" and fields["editor"]
        if all(fields.get(name) or (edited and name == "author") for name in form.required):
            return _MASTERS if form.type == "phdthesis" and is_masters(paper.extra.type) else form.type, fields
    fields = _people_and_title(paper) | _loose_home(entry) | _numbers(paper, "misc") | shared
    fields |= _extra(paper, "misc", fields)
    if not any(fields.get(name) for name in ("author", "title", "howpublished", "year")):
        fields["note"] = "Untitled"  # a @misc with nothing at all to print is a warning too
    return "misc", fields


def _people_and_title(paper: Paper) -> dict[str, str]:
    return {"author": people(paper.authors, "tex"), "title": title_to_tex(paper.title)}


def _home(paper: Paper, form: _Form) -> dict[str, str]:
    venue, publisher = paper.venue or "", paper.publisher or ""
    if form.venue == "series" and not publisher:
        venue, publisher = "", venue
    in_tex = title_to_tex if form.venue == "booktitle" else to_tex
    return {form.venue: in_tex(venue), form.publisher: to_tex(publisher)}


def _extra(paper: Paper, entry_type: str, fields: dict[str, str]) -> dict[str, str]:
    said = extra_texts(paper, "tex")
    if entry_type == "book" and fields["author"]:
        del said["editor"]  # styles take one of the two
    if entry_type == "phdthesis" and paper.extra.type in ("", MASTERS):
        del said["type"]
    wanted = {_NAMES.get(name, name): text for name, text in said.items() if name not in _UNKNOWN}
    return {"editor": "", **{name: text for name, text in wanted.items() if not fields.get(name)}}


def _loose_home(entry: BibEntry) -> dict[str, str]:
    # Where a @misc says what it is and where it is from; of an arXiv preprint the eprint fields say it.
    paper, url = entry.paper, address_of(entry)
    if how := to_tex(paper.extra.howpublished):
        return {"howpublished": how, "publisher": to_tex(paper.publisher or "")}
    if url and (paper.kind == "webpage" or not clean(paper.title)):
        return {"howpublished": rf"\url{{{url}}}"}
    if is_at_arxiv_alone(paper):
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
        "pages": page_ranges(paper.pages, "tex"),
    }


def _dates(paper: Paper) -> dict[str, str]:
    year, month, *_ = (*date_of(paper), 0, 0)
    return {"year": str(year or ""), "month": _MONTHS[month - 1] if month else ""}


def _identifiers(paper: Paper) -> dict[str, str]:
    arxiv = arxiv_of(paper)
    return {
        "doi": verbatim_doi(doi_of(paper)),
        "eprint": arxiv,
        "archivePrefix": "arXiv" if arxiv else "",
        "primaryClass": arxiv_class_of(paper),
        "isbn": isbn_of(paper),
    }


def _readers(entry: BibEntry) -> dict[str, str]:
    url, paper = address_of(entry), entry.paper
    seen = accessed_day(entry) if paper.kind == "webpage" else ""
    noted = {"urldate": seen, "note": to_tex(paper.extra.note) or f"Accessed {seen}"} if seen else {}
    return {
        "url": url,
        **noted,
        "keywords": keywords(entry, "tex"),
        "abstract": to_tex(paper.abstract or ""),
        "annote": to_tex(entry.note or ""),
    }
