"""The title of the work on a page, without the site's name around it.

Refuses what names no paper (`titles.is_gated_title`): the next best title of the page is taken, or none.
"""

from __future__ import annotations

import re
from itertools import chain

from api.domain.markup import plain_text
from api.domain.page_jsonld import Work
from api.domain.page_sites import is_site, letters, without_site
from api.domain.page_tags import Tags
from api.domain.page_walls import is_wall
from api.domain.titles import is_gated_title

_JOURNAL = re.compile(
    r"\b(?:journal|reviews?|annals|proceedings|transactions|letters|acta|bulletin|archives|advances|quarterly|magazine"
    r"|physics|chemistry|biology|medicine|photonics|zeitschrift|revue|revista)\b",
    re.I,
)


def page_title(url: str, page_title: str | None, tags: Tags, work: Work, *, is_paper: bool = False) -> str | None:
    """The best title that the page offers; None where every one of them is gated.

    `is_paper` where the address is that of a paper."""
    windows = (tags.first("og_title"), plain_text(page_title or ""))
    is_shown = work.type != "webpage" and any(letters(work.title or "") in letters(title or "") for title in windows)
    named = (
        tags.first("citation_title"),
        work.title if work.is_scholarly else None,
        tags.first("dc_title", "dcterms_title", "eprints_title", "bepress_citation_title"),
        work.title if is_shown or not any(windows) else None,
    )
    site = tags.first("og_site_name") or ""
    shown = (without_site(title, url, site, is_paper=is_paper) for title in windows if title)
    offered = chain(named, shown, (work.title,))
    return next((title for title in offered if title and not is_wall(title) and not is_gated_title(title)), None)


def venue_in(page_title: str | None, title: str | None) -> str | None:
    """The journal in a page title of the form `Title | Journal` or `Title: Journal: Vol 1, No 2`."""
    shown = plain_text(page_title or "")
    if not title or not shown.startswith(title):
        return None
    rest = re.sub(r":?\s+vol(?:ume)?\.?\s+\d.*", "", shown[len(title) :], flags=re.I)
    match = re.fullmatch(r"\s*[|:–—-]\s+([^|]{4,120}?)(?:\s+\|\s+(.*))?", rest)
    if match is None or is_site(match.group(1)):
        return None
    return match.group(1) if _JOURNAL.search(match.group(1)) or is_site(match.group(2) or "") else None
