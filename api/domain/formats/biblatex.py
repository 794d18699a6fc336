"""Library records become BibLaTeX: the types and fields of biber's data model, letters as they are in UTF-8.

A type is chosen by what the record holds, as in `bibtex`: one that lacks what the data model asks of its kind is
written as @misc. Refuses what the model refuses (a publisher in @article, a volume that is no number) and keeps it
elsewhere; escaping, names and layout are those of the other dialect.
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
    issn_of,
    with_safe_keys,
)
from api.domain.formats.theses import is_masters
from api.domain.papers import Paper


class _Form(Struct, frozen=True):
    # A type: where it keeps venue and publisher (`note` where the model has no place), what it takes of the numbers,
    # and what the model asks for.
    type: str
    venue: str
    publisher: str
    numbers: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


_IN_BOOK = frozenset({"volume", "number", "pages", "isbn"})
_FORMS: dict[str, _Form] = {
    "article": _Form(
        "article", "journaltitle", "", frozenset({"volume", "number", "pages"}), frozenset({"author", "journaltitle"})
    ),
    "inproceedings": _Form("inproceedings", "booktitle", "publisher", _IN_BOOK, frozenset({"author", "booktitle"})),
    # Not @incollection: the model asks it for an editor.
    "chapter": _Form("inbook", "booktitle", "publisher", _IN_BOOK, frozenset({"author", "booktitle"})),
    "book": _Form("book", "series", "publisher", _IN_BOOK, frozenset({"author"})),
    "report": _Form(
        "report", "note", "institution", frozenset({"number", "pages"}), frozenset({"author", "institution"})
    ),
    "thesis": _Form("thesis", "note", "institution", frozenset({"pages"}), frozenset({"author", "institution"})),
    "software": _Form("software", "note", "organization"),
    "dataset": _Form("dataset", "series", "publisher", frozenset({"number"})),
    "preprint": _Form("online", "note", "organization"),
    "webpage": _Form("online", "organization", "note"),
}
_EXTRA = {
    "article": "editor series note issn shortjournal",
    "inproceedings": "editor series location organization eventtitle note issn",
    "inbook": "editor edition series location chapter note",
    "book": "editor edition series location note",
    "report": "location note type",
    "thesis": "location note type",
    "software": "version note",
    "dataset": "edition location version note type",
    "online": "note version",
    "misc": "howpublished location note type version editor",
}
_NAMES = {"place": "location", "event": "eventtitle", "short_venue": "shortjournal", "software_version": "version"}
_MISC = _Form("misc", "howpublished", "organization")
_TYPES = {"thesis": "phdthesis", "report": "techreport"}
_EDITED = _Form("collection", "series", "publisher", _IN_BOOK, frozenset({"editor"}))
_EXTRA["collection"] = _EXTRA["book"]
_UNDATED = "XXXX"  # EDTF for a year that nobody knows: the model wants a date, styles print nothing


def render(entries: Iterable[BibEntry]) -> Iterator[str]:
    """One BibLaTeX entry after the other, each ending in an empty line; order and keys are the caller's.

    The same entries give the same bytes; keys are made safe and unique as in BibTeX.
    """
    for key, entry in with_safe_keys(entries):
        kind, fields = _publication(entry)
        fields = {name: value for name, value in (fields | _readers(entry)).items() if value}
        if "author" not in fields:
            fields["key"] = sort_key(entry.paper, "utf8") or to_tex(key, "utf8")
        yield entry_text(kind, key, fields)


def _publication(entry: BibEntry) -> tuple[str, dict[str, str]]:
    paper = entry.paper
    form = _FORMS.get(paper.kind, _MISC)
    if form.type == "book" and not paper.authors and paper.extra.editors:
        form = _EDITED
    fields = _written(paper, form)
    openable = form.type != "online" or any((address_of(entry), doi_of(paper), arxiv_of(paper)))
    if not openable or not all(fields.get(name) for name in form.required):
        form = _MISC
        fields = _written(paper, form)
    return form.type, fields | _identifiers(paper, isbn="isbn" in form.numbers)


def _written(paper: Paper, form: _Form) -> dict[str, str]:
    fields = _usual(paper, form)
    said = {_NAMES.get(name, name): text for name, text in extra_texts(paper, "utf8").items()}
    said["issn"] = issn_of(paper)
    if form.type == "thesis" and is_masters(paper.extra.type):
        said["type"] = "mathesis"
    for name in _EXTRA.get(form.type, "").split():
        if said[name] and (name == "type" or not fields.get(name)):
            fields[name] = said[name]
        elif said[name] and name == "note":
            fields[name] = f"{fields[name]}; {said[name]}"
    return fields


def _usual(paper: Paper, form: _Form) -> dict[str, str]:
    return {
        "author": people(paper.authors, "utf8"),
        "title": title_to_tex(paper.title, "utf8") or "Untitled",
        "type": _TYPES.get(paper.kind, "") if form.type in ("thesis", "report") else "",
        **_home(paper, form),
        **_numbers(paper, form),
        "date": _date(paper),
        "pubstate": "prepublished" if form.type == "online" and paper.kind == "preprint" else "",
    }


def _home(paper: Paper, form: _Form) -> dict[str, str]:
    venue, publisher = paper.venue or "", paper.publisher or ""
    if form.publisher in ("institution", "organization") and not publisher:
        venue, publisher = "", venue
    if form.type == "online" and is_at_arxiv_alone(paper):
        venue = publisher = ""  # of an arXiv preprint the eprint fields say it
    in_tex = title_to_tex if form.venue == "booktitle" else to_tex
    home = {form.venue: in_tex(venue, "utf8")}
    return home | ({form.publisher: to_tex(publisher, "utf8")} if form.publisher else {})


def _numbers(paper: Paper, form: _Form) -> dict[str, str]:
    volume, is_number = clean(paper.volume or ""), (paper.volume or "").strip().isdecimal()
    numbers = {
        "volume": volume if is_number and volume.isascii() else "",
        "number": to_tex(paper.issue or "", "utf8"),
        "pages": page_ranges(paper.pages, "utf8"),
    }
    kept = {name: value for name, value in numbers.items() if name in form.numbers}
    if volume and "volume" in form.numbers and not kept["volume"]:
        kept["note"] = f"Vol. {to_tex(volume, 'utf8')}"
    return kept


def _date(paper: Paper) -> str:
    year, *rest = date_of(paper) or (0,)
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)]) if year else _UNDATED


def _identifiers(paper: Paper, *, isbn: bool) -> dict[str, str]:
    arxiv = arxiv_of(paper)
    return {
        "doi": verbatim_doi(doi_of(paper)),
        "eprint": arxiv,
        "eprinttype": "arXiv" if arxiv else "",
        "eprintclass": arxiv_class_of(paper),
        "isbn": isbn_of(paper) if isbn else "",
    }


def _readers(entry: BibEntry) -> dict[str, str]:
    return {
        "url": address_of(entry),
        "urldate": accessed_day(entry),
        "keywords": keywords(entry, "utf8"),
        "abstract": to_tex(entry.paper.abstract or "", "utf8"),
        "annotation": to_tex(entry.note or "", "utf8"),
    }
