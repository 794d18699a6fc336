"""Where a paper's own pages are: addresses that a browser may be sent to.

Refuses addresses that are not http or https: what a page or source called a link may be anything.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from api.domain.papers import LinkKind, Paper
from api.domain.schemes import SCHEMES

_PAGES = {"arxiv": "https://arxiv.org/abs/$1", "doi": "https://doi.org/$1"} | {
    scheme: page for scheme, (_, page) in SCHEMES.items() if page
}


def paper_url(paper: Paper) -> str | None:
    """The page that people cite, or else the first page that shows the paper."""
    for scheme, page in _PAGES.items():
        for value in paper.identifiers.get(scheme, ()):
            return page.replace("$1", quote(value, safe="/:;()._-"))
    shown = sorted(paper.manifestations, key=lambda m: m.kind == "pdf")
    addresses = (*(m.url for m in shown), *paper.identifiers.get("url", ()))
    return next((url for url in map(safe_url, addresses) if url), None)


def link_url(paper: Paper, kind: LinkKind) -> str | None:
    """The surest link of a kind that leads somewhere."""
    links = [link for link in paper.links if link.kind == kind and link.status in ("available", "moved", "archived")]
    surest = sorted(links, key=lambda link: -link.confidence)
    return next((url for link in surest if (url := safe_url(link.url))), None)


def safe_url(url: str) -> str | None:
    """The address if a browser may be sent there: http or https with a host; None otherwise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
