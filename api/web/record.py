"""A paper's record as its page prints it: each field with its value and the source that says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from api.domain.changes import Change
from api.domain.entries import Entry
from api.domain.fields import TextQuoteSelector
from api.domain.highlights import highlight_of
from api.domain.papers import Paper, Provenance
from api.web.rows import day

_SCHEME_NAMES = {"arxiv": "arXiv", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "openreview": "OpenReview"}
_SOURCE_NAMES = {"arxiv": "arXiv", "crossref": "Crossref", "page": "the page", "import": "an import", "user": "you"}
_FIELDS = ("venue", "volume", "issue", "pages", "publisher", "language")


class RecordLine(NamedTuple):
    """One line of the record; `source` is empty where there is none to name."""

    name: str
    value: str
    source: str = ""


class Mark(NamedTuple):
    """A highlight as the page prints it."""

    quote: str
    comment: str
    color: str


def record_of(entry: Entry, paper: Paper, provenance: Mapping[str, Provenance]) -> list[RecordLine]:
    """What is known about the paper, and then about its place on the list."""

    def source(field: str) -> str:
        found = provenance.get(field)
        return f"from {_SOURCE_NAMES.get(found.source, found.source)}, {day(found.at)}" if found else ""

    lines = [
        RecordLine(_SCHEME_NAMES.get(scheme, scheme), value)
        for scheme, values in paper.identifiers.items()
        for value in values
    ]
    lines += [RecordLine(f.capitalize(), str(getattr(paper, f)), source(f)) for f in _FIELDS if getattr(paper, f)]
    for name in ("preprinted", "online", "issued"):
        if getattr(paper.dates, name):
            lines.append(RecordLine(name.capitalize(), getattr(paper.dates, name), source(f"dates.{name}")))
    lines += [RecordLine(m.kind.upper() if m.kind in ("pdf", "html") else "Page", m.url) for m in paper.manifestations]
    lines += [RecordLine("Title", paper.title, source("title"))] if source("title") else []
    lines += [RecordLine("Citation key", entry.citekey)] if entry.citekey else []
    lines += [RecordLine("Saved", day(entry.saved_at))] if entry.saved_at else []
    return lines + ([RecordLine("Saved from", entry.saved_from.url)] if entry.saved_from else [])


def mark_of(change: Change) -> Mark:
    """The quoted text and the comment of a highlight."""
    one = highlight_of(change)
    quotes = [s.exact for s in one.selectors or [] if isinstance(s, TextQuoteSelector)]
    return Mark(quotes[0] if quotes else "(an area of a page)", one.comment or "", one.color)
