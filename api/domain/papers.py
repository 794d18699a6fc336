"""A paper: shared by all users, made by enrichment, one record whichever of its pages it was saved from.

Holds the shapes only. How findings become fields is `derive.py`; what a URL means is `identifiers.py`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal[
    "article",
    "inproceedings",
    "preprint",
    "thesis",
    "book",
    "chapter",
    "report",
    "dataset",
    "software",
    "webpage",
]
LinkKind = Literal["code", "project", "dataset", "model", "demo", "video"]
LinkStatus = Literal["available", "promised", "gone", "moved", "archived", "shared", "mention", "unknown"]
ManifestationKind = Literal["abs", "pdf", "html", "landing"]
EnrichState = Literal["pending", "partial", "done", "failed"]


class Identifier(Struct, frozen=True, order=True):
    """One claim of identity: `scheme` as in the HTTP contract (arxiv, doi, pmid, …) and its canonical value."""

    scheme: str
    value: str


class Author(Struct, frozen=True, omit_defaults=True):
    """A person as name parts, or an organisation or single name as `literal`."""

    family: str | None = None
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    literal: str | None = None


class Dates(Struct, frozen=True):
    """Three dates that differ in real life; each `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or unknown."""

    preprinted: str | None = None
    online: str | None = None
    issued: str | None = None


class Extra(Struct, frozen=True, omit_defaults=True):
    """What bibliographies say beyond the fields that all papers have; empty where unknown, plain text.

    `type` is the kind's own word (`Master's thesis`); `note` is printed by styles, unlike a reader's note.
    """

    editors: tuple[Author, ...] = ()
    edition: str = ""
    series: str = ""
    place: str = ""
    organization: str = ""
    chapter: str = ""
    type: str = ""
    howpublished: str = ""
    note: str = ""
    isbn: str = ""
    issn: str = ""
    event: str = ""
    short_venue: str = ""
    software_version: str = ""


class Link(Struct, frozen=True):
    """An outside resource of the paper; `confidence` 0..1, `evidence` the sentence or field that says so."""

    kind: LinkKind
    url: str
    status: LinkStatus
    confidence: float
    evidence: str
    source: str


class Manifestation(Struct, frozen=True):
    """One concrete form of the paper: an abstract page, a PDF, an HTML rendering; `version` where it has one.

    `id` is made of its address, the same on every instance.
    """

    kind: ManifestationKind
    url: str
    version: int | None = None
    id: str = ""


class Description(Struct, frozen=True, kw_only=True):
    """What there is to say of a work beside its kind and title, whoever says it; empty where nobody does."""

    authors: tuple[Author, ...] = ()
    abstract: str | None = None
    dates: Dates = Dates()
    venue: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    language: str | None = None
    primary_class: str | None = None
    extra: Extra = Extra()
    manifestations: tuple[Manifestation, ...] = ()
    links: tuple[Link, ...] = ()


class Finding(Description, frozen=True, omit_defaults=True):
    """What one source says about one paper: every field optional, nothing judged yet.

    `source` is `page`, `arxiv`, `crossref`, `user`, `import`, …; `identifiers` are claims, not merges.
    """

    source: str
    identifiers: tuple[Identifier, ...] = ()
    kind: Kind | None = None
    title: str | None = None
    comment: str | None = None


class Provenance(Struct, frozen=True):
    """Where a field's value comes from: the source's name and when it was asked (RFC 3339)."""

    source: str
    at: str


class Paper(Description, frozen=True):
    """The record that everyone sees: derived fields, all identifiers, manifestations and links.

    `year` is that of `dates.issued`, else `online`, else `preprinted`. `version` is the paper's own counter.
    """

    id: str
    kind: Kind
    title: str
    year: int | None = None
    identifiers: dict[str, tuple[str, ...]] = {}
    enrich_state: EnrichState = "pending"
    version: int = 0
