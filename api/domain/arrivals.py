"""What arrives with a save: an address or identifier, and what the page said; and the first record made of it.

Refuses pages over 512 KiB. Pure: identity comes from the address and the page, never from the network.
"""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import Struct, structs

from api.domain.derive import Derived, derive
from api.domain.errors import TooLarge
from api.domain.identifiers import Identity, identify
from api.domain.page_meta import Page, itself, read_page
from api.domain.papers import Finding, Identifier, Manifestation, Paper, Provenance

MOST_PAGE_BYTES = 512 * 1024
NO_PAGE = b"{}"  # kept of a save by address alone


class SavedFromWish(Struct, frozen=True, forbid_unknown_fields=True):
    """`saved_from` as a client sends it: where the save was made, and what the page said."""

    url: str
    page: Page | None = None


class Arrival(Struct, frozen=True):
    """One save, identified: its claims of identity in order of trust, and the finding made of address and page."""

    url: str
    identity: Identity
    finding: Finding
    raw: bytes

    @property
    def has_page(self) -> bool:
        """Whether the save brought what its page said, or an address alone."""
        return self.raw != NO_PAGE

    @property
    def claims(self) -> tuple[Identifier, ...]:
        """Every identifier that the address and the page name, the address itself last where it names no paper."""
        found = dict.fromkeys((*self.identity.identifiers, *self.finding.identifiers))
        return tuple(sorted(found, key=lambda claim: claim.scheme == "url"))


def arrive(url: str, page: Page | None = None) -> Arrival:
    """Identify a save; raises BadUrl, or TooLarge for a page over 512 KiB."""
    raw = msgspec.json.encode(page) if page else NO_PAGE
    if len(raw) > MOST_PAGE_BYTES:
        raise TooLarge(f"a page may have {MOST_PAGE_BYTES} bytes in all")
    identity = identify(url)
    finding = read_page(url, page) if page else _by_address(url, identity)
    return Arrival(url, identity, finding, raw)


def _by_address(url: str, identity: Identity) -> Finding:
    return Finding(
        "page",
        identifiers=identity.identifiers,
        kind="webpage" if identity.kind == "webpage" else None,
        manifestations=(itself(url, identity),),
    )


def paper_from(
    paper_id: str, findings: list[tuple[str, Finding]], identifiers: tuple[Identifier, ...]
) -> tuple[Paper, dict[str, Provenance]]:
    """The record that these findings make, with provenance; a paper without any title goes by its identifier."""
    derived = derive(findings)
    named: dict[str, tuple[str, ...]] = {}
    strong = any(identifier.scheme not in ("url", *_HIDDEN) for identifier in identifiers)
    for identifier in sorted(set(identifiers)):
        if identifier.scheme not in _HIDDEN and (identifier.scheme != "url" or not strong):
            named[identifier.scheme] = (*named.get(identifier.scheme, ()), identifier.value)
    values = {name: getattr(derived, name) for name in Derived.__struct_fields__ if name != "provenance"}
    values["title"] = derived.title or _name(named)
    values["manifestations"] = tuple(structs.replace(m, id=_id(m)) for m in derived.manifestations)
    return Paper(id=paper_id, identifiers=named, **values), derived.provenance


def _id(manifestation: Manifestation) -> str:
    return hashlib.sha256(manifestation.url.encode()).hexdigest()[:16]


def _name(identifiers: dict[str, tuple[str, ...]]) -> str:
    for scheme in ("arxiv", "doi", *sorted(identifiers)):
        if scheme in identifiers:
            value = identifiers[scheme][0]
            return value if scheme == "url" else f"{scheme}:{value}"
    return "untitled"


_HIDDEN = frozenset(("text",))  # the scheme of papers that came as title and abstract only
