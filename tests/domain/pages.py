"""Pages for tests: any tags by name, and what is read from them in short."""

from __future__ import annotations

import json

import msgspec

from api.domain.page_meta import Page, read_page
from api.domain.papers import Author, Finding

JOURNAL = "https://journal.example.org/articles/7"


def read(url: str = JOURNAL, jsonld: object = None, **fields: object) -> Finding:
    """A page with these tags (`citation_title="…"`, or a list of values), and the rest of a page by its own name."""
    own = {
        name: fields.pop(name)
        for name in ("title", "canonical", "lang", "content_type", "links", "text")
        if name in fields
    }
    metas = [
        (name, value)
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else list(values))
    ]
    blocks = () if jsonld is None else (msgspec.Raw(json.dumps(jsonld).encode()),)
    return read_page(url, Page(metas=tuple(metas), jsonld=blocks, **own))


def an_article(**fields: object) -> Finding:
    return read(**{"citation_title": "On Tests", "citation_journal_title": "Journal of Tests"} | fields)


def named(finding: Finding) -> list[str]:
    return [f"{identifier.scheme}:{identifier.value}" for identifier in finding.identifiers]


def shown(person: Author) -> str:
    return person.literal or " ".join(p for p in (person.given, person.particle, person.family, person.suffix) if p)
