"""An issue of the daily mail as a letter: subject, text and HTML, with the way out of it.

No picture and nothing that tells us who read it. Refuses markup: titles and abstracts are what they say.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from api.domain.addresses import link_url, paper_url
from api.domain.digest import PARTS, DigestWish, Part
from api.domain.disagreements import printed
from api.domain.formats.records import plain
from api.domain.issues import Issue, Item
from api.letters.envelope import LONGEST_SUBJECT, one_line
from api.letters.pages import filled

LONGEST_ABSTRACT, MOST_AUTHORS = 320, 3
PART_NAMES: dict[Part, str] = {
    "trending": "Worth reading",
    "code": "Now has code",
    "published": "Now published",
    "waiting": "Waiting on your list",
}


class Written(Struct, frozen=True):
    """A letter as it is shown or sent."""

    subject: str
    text: str
    html: str


class _Line(Struct, frozen=True):
    title: str
    url: str
    authors: str
    where: str
    abstract: str
    why: str
    code: str
    project: str


def write_digest(issue: Issue, wish: DigestWish, base_url: str, way_out: str) -> Written:
    """The letter of an issue; the same for the same issue."""
    parts = [(PART_NAMES[part], [_line(item, base_url) for item in issue.of(part)]) for part in PARTS]
    parts = [(name, lines) for name, lines in parts if lines]
    day = date.fromisoformat(issue.date)
    text, html = filled(
        "digest",
        day=f"{day:%A}, {day.day} {day:%B} {day.year}",
        subject=_subject(parts),
        parts=parts,
        frequency="every day" if wish.frequency == "daily" else "every week",
        settings_url=f"{base_url}/digest",
        way_out=way_out,
    )
    return Written(_subject(parts), text, html)


def _subject(parts: list[tuple[str, list[_Line]]]) -> str:
    lines = [line for _, its in parts for line in its]
    if not lines:
        return "Nothing new"
    first = lines[0].title
    return one_line(f"{first}, and {len(lines) - 1} more" if len(lines) > 1 else first, LONGEST_SUBJECT)


def _line(item: Item, base_url: str) -> _Line:
    paper = item.paper
    own = f"{base_url}/library/entries/{item.entry_id}" if item.entry_id else ""
    names = [name for name in map(printed, paper.authors) if name]
    abstract = one_line(plain(paper.abstract), LONGEST_ABSTRACT)
    return _Line(
        title=one_line(plain(paper.title), 1000) or "Untitled",
        url=own or paper_url(paper) or base_url,
        authors=one_line(", ".join(names[:MOST_AUTHORS]) + (" et al." if len(names) > MOST_AUTHORS else ""), 300),
        where=one_line(" · ".join(part for part in (paper.venue or "", str(paper.year or "")) if part), 300),
        abstract=abstract,
        why=one_line(item.why, 500),
        code=link_url(paper, "code") or "",
        project=link_url(paper, "project") or "",
    )
