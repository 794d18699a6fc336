"""The title of the work on a page, without the site's name around it.

Refuses what names no paper (`titles.is_gated_title`): the next best title of the page is taken, or none.
"""

from __future__ import annotations

import re

from api.domain.errors import BadUrl
from api.domain.markup import plain_text
from api.domain.page_jsonld import Work
from api.domain.page_tags import Tags
from api.domain.page_walls import is_wall
from api.domain.titles import is_gated_title
from api.domain.web_address import parse_address

_SEPARATOR = r"\s+[|·•:‖–—-]\s+"
_SITES = re.compile(
    r"pubmed|pubmed central|pmc|ncbi|europe pmc|sciencedirect|springerlink|springer nature link|iopscience|ieee xplore"
    r"|ieee (?:conference publication|journals & magazine)|semantic scholar|openreview|wiley online library"
    r"|acm digital library|acl anthology|jstor|arxiv(?:\.org)?|hal|zenodo|researchgate|nature|plos one|science|cell"
    r"|proceedings of the .*|ssrn|acs publications|taylor & francis online|oxford academic"
    r"|cambridge core|frontiers|mdpi",
    re.I,
)
_JOURNAL = re.compile(
    r"\b(?:journal|reviews?|annals|proceedings|transactions|letters|acta|bulletin|archives|advances|quarterly|magazine"
    r"|physics|chemistry|biology|medicine|photonics|zeitschrift|revue|revista)\b",
    re.I,
)


def page_title(url: str, page_title: str | None, tags: Tags, work: Work) -> str | None:
    """The best title that the page offers; None where every one of them is gated."""
    windows = (tags.first("og_title"), plain_text(page_title or ""))
    is_shown = work.type != "webpage" and any(_letters(work.title or "") in _letters(title or "") for title in windows)
    named = (
        tags.first("citation_title"),
        work.title if work.is_scholarly else None,
        tags.first("dc_title", "dcterms_title", "eprints_title", "bepress_citation_title"),
        work.title if is_shown or not any(windows) else None,
    )
    sites = {_letters(site) for site in (tags.first("og_site_name") or "", *_host_words(url)) if len(site) > 2}
    shown = (*(_without_site(title, sites, url) for title in windows if title), work.title)
    return next(
        (title for title in (*named, *shown) if title and not is_wall(title) and not is_gated_title(title)), None
    )


def venue_in(page_title: str | None, title: str | None) -> str | None:
    """The journal in a page title of the form `Title | Journal` or `Title: Journal: Vol 1, No 2`."""
    shown = plain_text(page_title or "")
    if not title or not shown.startswith(title):
        return None
    rest = re.sub(r":?\s+vol(?:ume)?\.?\s+\d.*", "", shown[len(title) :], flags=re.I)
    match = re.fullmatch(r"\s*[|:–—-]\s+([^|]{4,120}?)(?:\s+\|.*)?", rest)
    return match.group(1) if match and _JOURNAL.search(match.group(1)) else None


def _without_site(title: str, sites: set[str], url: str) -> str:
    title = re.sub(r"^\[[^\]]{5,30}\]\s+(?=\S)", "", title)  # `[1706.03762] Title`, as arXiv prints it
    while match := re.fullmatch(rf"(.*\S){_SEPARATOR}(\S.*?)", title, re.S):
        head, tail = match.groups()
        if not (_letters(tail) in sites or _SITES.fullmatch(tail) or tail in url):
            break
        title = head
    return _without_site_before(title, sites)


def _without_site_before(title: str, sites: set[str]) -> str:
    match = re.fullmatch(rf"(\S.*?)(?:{_SEPARATOR}|:\s+)(\S.*)", title, re.S)
    return (
        match.group(2) if match and _letters(match.group(1)) in sites and len(_letters(match.group(1))) > 3 else title
    )


def _host_words(url: str) -> list[str]:
    """`example` and `example.org` for a page of www.example.org."""
    try:
        labels = parse_address(url).site.split(".")
    except BadUrl:
        return []
    return [*(label for label in labels[:-1]), ".".join(labels[-2:]), ".".join(labels)]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
