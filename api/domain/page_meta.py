"""What a page says about the paper on it, from the tags that the browser collected.

Precedence: Highwire, JSON-LD of a scholarly type, Dublin Core and PRISM, EPrints, bepress, other JSON-LD, Open Graph,
the page's title. Refuses to speak for pages that stand in the paper's place: a bot check or an error page gives the
identity of its address and nothing else.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from api.domain.errors import BadUrl
from api.domain.identifiers import Identity, identify, shown_page
from api.domain.page_byline import byline
from api.domain.page_citation import printed_tags
from api.domain.page_claims import dois_in, page_claims
from api.domain.page_fields import page_fields
from api.domain.page_jsonld import Work, page_work
from api.domain.page_kinds import kind_in, page_kind
from api.domain.page_tags import Tags
from api.domain.page_titles import page_title, venue_in
from api.domain.page_walls import is_wall, is_wall_text
from api.domain.papers import Finding, Identifier, Kind, Manifestation
from api.domain.web_address import parse_address

_LONGEST_TEXT = 20_000
_LONGEST_TITLE = 2000
_RESOLVERS = ("doi.org", "dx.doi.org")


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page as the browser saw it; every meta tag in order as (name, content), links as (href, text)."""

    title: str | None = None
    canonical: str | None = None
    lang: str | None = None
    content_type: str | None = None
    metas: tuple[tuple[str, str], ...] = ()
    jsonld: tuple[msgspec.Raw, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    text: str | None = None


def read_page(url: str, page: Page) -> Finding:
    """The finding of source `page`; raises BadUrl for a bad `url`, and for nothing in the page whatever it holds."""
    identity = identify(url)
    work = page_work(page.jsonld)
    tags = _all_tags(url, page, work)
    if _is_behind_wall(page, tags, work):
        return Finding("page", identity.identifiers, manifestations=(itself(url, identity),))
    claims = () if identity.kind == "list" else page_claims(identity, tags, work, _absolute(url, page.canonical))
    kind = page_kind(identity, tags, work, claims)
    if kind != "webpage":
        claims = _told_doi(page, tags, claims) or claims
    title = page_title(url, _title(page), tags, work, is_paper=identity.kind == "paper" and not _is_resolver(url))
    found = page_fields(tags, work, kind, page.lang, is_arxiv=any(claim.scheme == "arxiv" for claim in claims))
    venue = found.venue or (None if kind == "webpage" else venue_in(_title(page), title))
    return msgspec.structs.replace(
        found,
        identifiers=(claims or identity.identifiers) + _isbn(kind, tags),
        kind=kind if found.venue else kind_in(venue, kind),
        title=title,
        authors=found.authors or (() if kind == "webpage" else byline(title or "", page.text or "")),
        venue=venue,
        manifestations=(itself(url, identity),) if kind == "webpage" else _manifestations(url, tags, identity),
    )


def _all_tags(url: str, page: Page, work: Work) -> Tags:
    """The page's tags, and where it has none of a work, those that its own printed citation amounts to."""
    tags = Tags(page.metas)
    if work.type or tags.has("citation_title", "dc_title", "prism_doi", "bepress_citation_title", "eprints_title"):
        return tags
    printed = printed_tags(_title(page), tags.first("description") or "", page.text or "")
    titled = (("citation_title", page_title(url, _title(page), tags, work) or ""),) if printed else ()
    return Tags((*page.metas, *printed, *titled))


def _title(page: Page) -> str:
    return (page.title or "")[:_LONGEST_TITLE]


def _is_behind_wall(page: Page, tags: Tags, work: Work) -> bool:
    if tags.has("citation_title", "dc_title") or work.is_scholarly:
        return False
    is_document = (page.content_type or "").lower().startswith("application/pdf")
    return not is_document and (is_wall(_title(page)) or is_wall_text(page.text or ""))


def _is_resolver(url: str) -> bool:
    return parse_address(shown_page(url)).site in _RESOLVERS


def _told_doi(page: Page, tags: Tags, claims: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """The claims with the only DOI of the description, or else of the text; none where nothing is to be added.

    Not for arXiv pages, which name other papers' DOIs."""
    if any(claim.scheme in ("doi", "arxiv") for claim in claims):
        return ()
    for text in (" ".join(tags.every("description", "og_description", "dc_source")), (page.text or "")[:_LONGEST_TEXT]):
        if found := dois_in(text):
            return (*(one for one in claims if one.scheme != "url"), *found) if len(found) == 1 else ()
    return ()


def _isbn(kind: Kind | None, tags: Tags) -> tuple[Identifier, ...]:
    """A book's ISBN; that of a proceedings volume would make all its papers one."""
    digits = re.sub(r"[\s-]", "", tags.first("citation_isbn", "prism_isbn") or "").upper()
    known = kind == "book" and re.fullmatch(r"97[89]\d{10}|\d{9}[\dX]", digits, re.A)
    return (Identifier("isbn", digits),) if known else ()


def itself(url: str, identity: Identity) -> Manifestation:
    """The page that was saved, as it was saved: a PDF stays the PDF, whichever page the paper is known by."""
    return Manifestation(identity.manifestation, shown_page(url), identity.version)


def _manifestations(url: str, tags: Tags, identity: Identity) -> tuple[Manifestation, ...]:
    """The page itself, its PDF and its HTML, each address once."""
    found = [itself(url, identity)]
    pdf = _absolute(url, tags.first("citation_pdf_url", "bepress_citation_pdf_url", "eprints_document_url"))
    arxiv = next((one.value for one in identity.identifiers if one.scheme == "arxiv"), None)
    if arxiv:
        suffix = f"v{identity.version}" if identity.version else ""
        found.append(Manifestation("pdf", f"https://arxiv.org/pdf/{arxiv}{suffix}", identity.version))
    elif pdf and parse_address(pdf).site not in _RESOLVERS:  # a resolver's link is a landing page
        found.append(Manifestation("pdf", pdf))
    if html := _absolute(url, tags.first("citation_fulltext_html_url")):
        found.append(Manifestation("html", html))
    first = {manifestation.url: manifestation for manifestation in reversed(found)}
    return tuple(reversed(first.values()))


def _absolute(url: str, link: str | None) -> str | None:
    """The link as an http(s) address, resolved against the page's own; None where it leads nowhere public."""
    if not link or not link.strip():
        return None
    try:
        address = parse_address(urljoin(shown_page(url), link.strip()))
    except (BadUrl, ValueError):
        return None
    local = re.fullmatch(r"(?:.*\.)?(?:localhost|local|internal)|(?:\d+\.){3}\d+|\[.*\]|[^.]+", address.host)
    return None if local else address.page
