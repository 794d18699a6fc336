"""The citation that a page prints of its own work, for pages whose tags do not say it.

Three forms are sure enough: the line that PubMed puts in the description, a statement "Published in: …", and a line
that repeats the journal named in the page's title and ends with the DOI. Refuses everything else: a citation in running
text is as often that of another paper.
"""

from __future__ import annotations

import re

from api.domain.markup import plain_text

_HEAD = 5000  # characters: what a page says of itself stands at its top
_NLM = re.compile(
    r"(?P<venue>[^.\d]{2,120})\. (?P<date>\d{4}(?: [A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?: \d{1,2})?)?);"
    r"(?P<volume>\d+)(?:\((?P<issue>[^)]{1,20})\))?:(?P<pages>[\w-]{1,20})\.(?: doi: (?P<doi>10\.\S+))?.*",
    re.A,
)
_LOCATED = (
    r"(?P<volume>\d{1,4})(?: ?\((?P<issue>[^)]{1,20})\))?(?:, (?P<year>\d{4}))?: ?(?P<pages>\w{1,9}[-–]\w{1,9})"
    r"(?: \([^)]{1,60}\))?[.,;]? (?:doi:? ?|https?://(?:dx\.)?doi\.org/)(?P<doi>10\.\S+)"
)
_PUBLISHED = re.compile(rf"\bPublished in:? (?P<date>\d{{4}})\. (?P<venue>[^\d.:]{{3,120}}?),? {_LOCATED}", re.A)
_TITLE = re.compile(r"(.{10,400}?)\s+[|–—-]\s+([^|]{4,120})", re.S)


def printed_tags(title: str, description: str, text: str) -> tuple[tuple[str, str], ...]:
    """The citation tags that would say what the page prints in its title, description or visible text; else none."""
    if match := _NLM.fullmatch(description):
        return _tags(match, match.group("venue"), match.group("date"))
    head = " ".join(text[:_HEAD].split())
    if match := _PUBLISHED.search(head):
        return _tags(match, match.group("venue"), match.group("date"))
    return _repeated(plain_text(title), head)


def _repeated(title: str, head: str) -> tuple[tuple[str, str], ...]:
    """`Title - Journal` on top of the window, and `Title Authors Journal 68 (4), 2023: 709-718 doi:…` on the page."""
    named = _TITLE.fullmatch(title)
    if named is None:
        return ()
    work, venue = named.groups()
    match = re.search(rf"{re.escape(venue)} {_LOCATED}", head, re.A)
    if match is None or match.group("year") is None:
        return ()
    _, known, byline = head[: match.start()].rpartition(work)
    people = byline.strip() if known and len(byline) < 500 else ""
    return (*_tags(match, venue, match.group("year")), ("citation_title", work), ("citation_authors", people))


def _tags(match: re.Match[str], venue: str, date: str) -> tuple[tuple[str, str], ...]:
    named = {"journal_title": venue, "publication_date": date, "firstpage": match.group("pages")}
    named |= {field: match.group(field) or "" for field in ("volume", "issue", "doi")}
    return tuple((f"citation_{field}", value) for field, value in named.items())
