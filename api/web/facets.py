"""The filters beside the list, as links: each leads to the same list with one of them changed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from api.domain.entries import Has, Sort
from api.store.tags import TagCount
from api.web.queries import HAVING, STATUSES, LibraryQuery
from api.web.rows import STATUS_NAMES

MOST_SHOWN = 20  # tags before "more"
_HAS_NAMES: dict[Has, str] = {
    "code": "Code",
    "pdf": "PDF",
    "highlights": "Highlights",
    "note": "Note",
}
_SORT_NAMES: dict[Sort, str] = {
    "saved": "Newest",
    "updated": "Changed",
    "title": "Title",
    "year": "Year",
    "venue": "Venue",
}


class Choice(Struct, frozen=True):
    """One link: its words, where it leads, whether it is on, and how many entries it names where that is known."""

    words: str
    path: str
    on: bool
    n: int | None = None


class Facet(Struct, frozen=True):
    """Choices under one heading; `rest` are those that are folded away."""

    name: str
    choices: tuple[Choice, ...]
    rest: tuple[Choice, ...] = ()


def facets_of(query: LibraryQuery, tags: Sequence[TagCount]) -> tuple[Facet, ...]:
    """Status, what entries have, the order, and tags; a tag that is asked for is always in sight."""
    status = tuple(
        Choice(STATUS_NAMES[one] if one else "All", query.with_status(one).path, query.status == one)
        for one in (None, *STATUSES)
    )
    having = tuple(Choice(_HAS_NAMES[has], query.toggled_has(has).path, has in query.has) for has in HAVING)
    sorts = tuple(Choice(words, query.with_sort(sort).path, query.sort == sort) for sort, words in _SORT_NAMES.items())
    return Facet("Status", status), Facet("Has", having), Facet("Order", sorts), _tag_facet(query, tags)


def _tag_facet(query: LibraryQuery, tags: Sequence[TagCount]) -> Facet:
    used = [tag for tag in tags if tag.entries]
    known = {tag.name for tag in used}
    choices = [Choice(name, query.toggled_tag(name).path, True) for name in query.tags if name not in known]
    choices += [
        Choice(tag.name, query.toggled_tag(tag.name).path, tag.name in query.tags, tag.entries)
        for tag in sorted(used, key=lambda tag: tag.name not in query.tags)
    ]
    return Facet("Tags", tuple(choices[:MOST_SHOWN]), tuple(choices[MOST_SHOWN:]))
