"""A paper's record as its page prints it: each field with its value and the source that says so."""

from __future__ import annotations

from typing import NamedTuple

from api.actions.get_paper import KnownPaper
from api.domain.changes import Change
from api.domain.disagreements import FIELDS, shown_value
from api.domain.entries import Entry
from api.domain.fields import TextQuoteSelector
from api.domain.highlights import highlight_of
from api.domain.papers import Manifestation
from api.domain.source_ranks import PERSON
from api.web.rows import KINDS, day

_SCHEME_NAMES = {
    "arxiv": "arXiv",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "openreview": "OpenReview",
    "acl": "ACL",
    "url": "Page",
}
_MORE_NAMES = {
    "datacite": "DataCite",
    "openalex": "OpenAlex",
    "s2": "Semantic Scholar",
    "pubmed": "PubMed",
    "europepmc": "Europe PMC",
    "biorxiv": "bioRxiv",
    "huggingface": "Hugging Face",
    "unpaywall": "Unpaywall",
    "zenodo": "Zenodo",
    "github": "GitHub",
    "huggingface_link": "Hugging Face",
    "datacite_link": "DataCite",
}
_SOURCE_NAMES = {
    "arxiv": "arXiv",
    "crossref": "Crossref",
    "page": "the page",
    "import": "an import",
    "user": "you",
} | _MORE_NAMES
_KIND_NAMES = {str(kind): name for kind, name in KINDS.items()}
_TOLD_ABOVE = ("title", "authors", "kind")  # the page's head shows them; the record says whose they are


class Other(NamedTuple):
    """A value that was not taken, and who says it."""

    value: str
    source: str


class RecordLine(NamedTuple):
    """One line of the record; `source` is empty where there is none to name."""

    name: str
    value: str
    source: str = ""
    others: tuple[Other, ...] = ()


class Mark(NamedTuple):
    """A highlight as the page prints it."""

    quote: str
    comment: str
    color: str


def record_of(entry: Entry, known: KnownPaper) -> list[RecordLine]:
    """What is known about the paper with what others say, and then about its place on the list."""
    paper = known.paper
    lines = [
        RecordLine(scheme_name(scheme), value, _claimed_by(known, scheme, value))
        for scheme, values in paper.identifiers.items()
        for value in values
    ]
    lines += [line for field in FIELDS if (line := _field(known, field)) is not None]
    lines += [RecordLine(_form(one), one.url) for one in paper.manifestations]
    lines += [RecordLine("Citation key", entry.citekey)] if entry.citekey else []
    lines += [RecordLine("Saved", day(entry.saved_at))] if entry.saved_at else []
    return lines + ([RecordLine("Saved from", entry.saved_from.url)] if entry.saved_from else [])


def scheme_name(scheme: str) -> str:
    """How people call a scheme of identifiers."""
    return _SCHEME_NAMES.get(scheme, scheme)


def source_name(source: str) -> str:
    """How people call a source."""
    return _SOURCE_NAMES.get(source, source)


def _claimed_by(known: KnownPaper, scheme: str, value: str) -> str:
    """Who says first that an identifier is the paper's, and who else says so."""
    said = sorted((c.at, c.source) for c in known.claims.identifiers if (c.scheme, c.value) == (scheme, value))
    if not said:
        return ""
    others = ", ".join(source_name(source) for _, source in said[1:])
    return _said_by(said[0][1], said[0][0]) + (f"; also {others}" if others else "")


def _field(known: KnownPaper, field: str) -> RecordLine | None:
    value, found = shown_value(known.paper, field), known.provenance.get(field)
    if not value or (found is None and field in _TOLD_ABOVE):
        return None
    others = tuple(Other(_word(field, one.value), _said_by(one.source, one.at)) for one in known.others.get(field, ()))
    name = field.removeprefix("dates.").capitalize()
    return RecordLine(name, _word(field, value), _said_by(found.source, found.at) if found else "", others)


def _word(field: str, value: str) -> str:
    return _KIND_NAMES.get(value, value) if field == "kind" else value


def _said_by(source: str, at: str) -> str:
    name = source_name(source)
    return f"{name}, on {day(at)}" if source == PERSON else f"from {name}, {day(at)}"


def _form(one: Manifestation) -> str:
    name = one.kind.upper() if one.kind in ("pdf", "html") else "Page"
    return f"{name}, version {one.version}" if one.version else name


def mark_of(change: Change) -> Mark:
    """The quoted text and the comment of a highlight."""
    one = highlight_of(change)
    quotes = [s.exact for s in one.selectors or [] if isinstance(s, TextQuoteSelector)]
    return Mark(quotes[0] if quotes else "(an area of a page)", one.comment or "", one.color)
