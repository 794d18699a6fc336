"""Which identifiers a page claims for itself.

The address speaks first, then the page's tags in order of trust; a later claim never contradicts an earlier one of
the same scheme. Refuses a DOI out of running text where several differ, because reference lists hold other papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.domain import schemes
from api.domain.errors import BadUrl
from api.domain.identifiers import Identity, identify
from api.domain.page_jsonld import Work
from api.domain.page_tags import Tags
from api.domain.papers import Identifier

_TAGGED = (
    ("arxiv", ("citation_arxiv_id",)),
    ("doi", ("citation_doi",)),
    ("pmid", ("citation_pmid",)),
    ("pmcid", ("citation_pmcid",)),
    ("pii", ("citation_pii",)),
    ("doi", ("prism_doi", "doi", "bepress_citation_doi", "eprints_doi", "dc_identifier_doi", "dcterms_identifier_doi")),
)
_FREE = ("dc_identifier", "dcterms_identifier", "eprints_id_number", "prism_url")
_PAGES = ("citation_pdf_url", "citation_abstract_html_url", "citation_fulltext_html_url", "og_url")
_DOI_IN_TEXT = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.A)


def page_claims(identity: Identity, tags: Tags, work: Work, canonical: str | None) -> tuple[Identifier, ...]:
    """All identifiers of the page, the address's first; `canonical` is its canonical link, absolute."""
    claims = _Claims(identity.identifiers if identity.kind == "paper" else ())
    for scheme, names in _TAGGED:
        for value in tags.every(*names):
            bare = re.sub(rf"^(?:https?://[^/]+/)?(?:{scheme}:)?\s*", "", value, flags=re.I)
            claims.take(schemes.claim(scheme, bare) or _named(value))
    for group in (tags.every(*_FREE), work.ids, (canonical or "",), tags.every(*_PAGES)):
        claims.take_one(group)
    return tuple(claims.taken) or identity.identifiers


def dois_in(text: str) -> tuple[Identifier, ...]:
    """The DOIs named in a text, each once."""
    found = (schemes.claim("doi", match.group()) for match in _DOI_IN_TEXT.finditer(text))
    return tuple(dict.fromkeys(one.identifiers[-1] for one in found if one))


class _Claims:
    def __init__(self, first: tuple[Identifier, ...]) -> None:
        self.taken = list(first)

    def take(self, claim: schemes.Claim | Identity | None) -> None:
        """Take a claim whole, or not at all where it contradicts one taken before."""
        known = {identifier.scheme: identifier.value for identifier in self.taken}
        named = claim.identifiers if claim else ()
        if all(known.get(identifier.scheme, identifier.value) == identifier.value for identifier in named):
            self.taken.extend(identifier for identifier in named if identifier not in self.taken)

    def take_one(self, texts: Iterable[str]) -> None:
        """Take what a group of texts agrees on: two different DOIs in it are none."""
        found = [claim for claim in map(_named, texts) if claim]
        dois = {identifier for claim in found for identifier in claim.identifiers if identifier.scheme == "doi"}
        for claim in found:
            if len(dois) < 2 or not dois & set(claim.identifiers):
                self.take(claim)


def _named(text: str) -> Identity | None:
    try:
        found = identify(re.sub(r"^(?:doi|uri|url):\s*(?=https?:)", "", text.strip(), flags=re.I))
    except BadUrl:
        return None
    return found if found.kind == "paper" else None
