"""An entry as the library page prints it: every text chosen here, so that the templates only place it.

Refuses addresses that are not http or https: what a page or source called a link may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode
from zlib import crc32

from msgspec import Struct

from api.domain.addresses import paper_url, safe_url
from api.domain.disagreements import printed
from api.domain.entries import ShelvedEntry
from api.domain.fields import Status
from api.domain.papers import Author, EnrichState, Kind, Link, Paper
from api.store.tags import TagCount

MOST_AUTHORS = 3  # named before "et al."

KINDS: dict[Kind, str] = {
    "article": "article",
    "inproceedings": "conference paper",
    "preprint": "preprint",
    "thesis": "thesis",
    "book": "book",
    "chapter": "chapter",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "webpage": "web page",
}
STATUS_NAMES: dict[Status, str] = {
    "to_read": "To read",
    "reading": "Reading",
    "read": "Read",
    "archived": "Archived",
}
_NEWS: dict[EnrichState, str] = {
    "pending": "fetching details…",
    "partial": "more details to come",
    "failed": "no details found",
    "done": "",
}
_LINK_NOTES = {
    "promised": "{} promised",
    "gone": "{} gone",
    "moved": "{} moved",
    "archived": "{} archived",
    "shared": "{} in a shared repository",
    "mention": "{} mentioned",
}


class Resource(Struct, frozen=True):
    """A link beside a paper: its words, its address, how sure it is, and the sentence that says so."""

    label: str
    url: str
    kind: str
    status: str
    evidence: str


class Chip(Struct, frozen=True):
    """A tag on an entry, or a list that holds it."""

    id: str
    name: str
    path: str
    color: str | None


class Labels(Struct, frozen=True):
    """The library's tags and lists by id, as entries name them."""

    tags: dict[str, TagCount] = {}
    lists: dict[str, TagCount] = {}


def labels_of(tags: Iterable[TagCount], lists: Iterable[TagCount]) -> Labels:
    """Tags and lists by id."""
    return Labels({one.id: one for one in tags}, {one.id: one for one in lists})


class EntryRow(Struct, frozen=True):
    """One entry, ready to print."""

    id: str
    state: str  # changes whenever anything shown may have changed
    title: str
    url: str | None
    authors: str
    where: str
    abstract: str
    resources: tuple[Resource, ...]
    tags: tuple[Chip, ...]
    lists: tuple[Chip, ...]
    status: Status
    starred: bool
    note: str
    saved_at: str
    saved_on: str
    citekey: str
    news: str
    pending: bool

    @property
    def path(self) -> str:
        """The entry's own page."""
        return f"/library/entries/{self.id}"


def _seen(paper: Paper) -> str:
    """What a correction may change without a new version of the shared record."""
    return f"{paper.title}\n{paper.venue}\n{paper.year}\n{paper.kind}\n{authors_line(paper.authors)}"


def row_of(shelved: ShelvedEntry, labels: Labels) -> EntryRow:
    """The row of an entry with those of its tags and lists that there are."""
    entry, paper = shelved.entry, shelved.paper
    tags = [one for i in entry.tags if (one := labels.tags.get(i))]
    lists = [one for i in entry.lists if (one := labels.lists.get(i))]
    return EntryRow(
        id=entry.id,
        state=f"{entry.version}.{paper.version}.{paper.enrich_state}.{crc32(_seen(paper).encode()):x}",
        title=paper.title or "Untitled",
        url=paper_url(paper) or (safe_url(entry.saved_from.url) if entry.saved_from else None),
        authors=authors_line(paper.authors),
        where=" · ".join(part for part in (paper.venue, str(paper.year or ""), _kind(paper)) if part),
        abstract=paper.abstract or "",
        resources=resources_of(paper),
        tags=_chips((one, {"tag": one.name}) for one in tags),
        lists=_chips((one, {"list": one.id}) for one in lists),
        status=entry.status,
        starred=entry.starred,
        note=entry.note or "",
        saved_at=entry.saved_at or "",
        saved_on=day(entry.saved_at),
        citekey=entry.citekey or "",
        news=_NEWS[paper.enrich_state],
        pending=paper.enrich_state == "pending",
    )


def _chips(named: Iterable[tuple[TagCount, dict[str, str]]]) -> tuple[Chip, ...]:
    chips = (Chip(one.id, one.name, "/?" + urlencode(wanted), one.color) for one, wanted in named)
    return tuple(sorted(chips, key=lambda chip: chip.name.casefold()))


def _kind(paper: Paper) -> str:
    """What the paper is; one that came as a title alone is no web page, though nothing better is known yet."""
    return "" if paper.kind == "webpage" and paper_url(paper) is None else KINDS[paper.kind]


def authors_line(authors: Iterable[Author]) -> str:
    """The first authors, and `et al.` for the others."""
    names = [name for name in map(printed, authors) if name]
    return ", ".join(names[:MOST_AUTHORS]) + (" et al." if len(names) > MOST_AUTHORS else "")


def resources_of(paper: Paper) -> tuple[Resource, ...]:
    """The paper's PDF and its links, the surest first."""
    pdf = next((url for m in paper.manifestations if m.kind == "pdf" and (url := safe_url(m.url))), None)
    found = [Resource("PDF", pdf, "pdf", "available", "")] if pdf else []
    for link in sorted(paper.links, key=lambda link: (link.status == "mention", link.kind != "code", -link.confidence)):
        url = safe_url(link.url)
        if url:
            found.append(Resource(_words(link), url, link.kind, link.status, link.evidence))
    return tuple(found)


def _words(link: Link) -> str:
    return _LINK_NOTES.get(link.status, "{}").format("project page" if link.kind == "project" else link.kind)


def day(time: str | None) -> str:
    """The day of an RFC 3339 time as people write it: `18 Nov 2026`."""
    if not time:
        return ""
    moment = date.fromisoformat(time[:10])
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
