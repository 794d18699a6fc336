"""The filters beside the list, as links: each leads to the same list with one of them changed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from api.domain.entries import Has, Sort
from api.domain.saved_searches import SavedSearch
from api.store.tags import TagCount
from api.web.queries import HAVING, STATUSES, LibraryQuery, read_query
from api.web.rows import STATUS_NAMES

MOST_SHOWN = 20  # tags before "more"
_HAS_NAMES: dict[Has, str] = {
    "code": "Code",
    "pdf": "PDF",
    "highlights": "Highlights",
    "note": "Note",
}
_SORT_NAMES: dict[Sort, str] = {
    "rank": "Best match",
    "position": "By hand",
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
    color: str | None = None


class Facet(Struct, frozen=True):
    """Choices under one heading; `rest` are those that are folded away, `path` is where they are changed."""

    name: str
    choices: tuple[Choice, ...]
    rest: tuple[Choice, ...] = ()
    path: str = ""


def facets_of(
    query: LibraryQuery, tags: Sequence[TagCount], lists: Sequence[TagCount], searches: Sequence[SavedSearch]
) -> tuple[Facet, ...]:
    """Status, lists, searches, what entries have, the order, tags; a tag that is asked for is always in sight."""
    status = tuple(
        Choice(STATUS_NAMES[one] if one else "All", query.with_status(one).path, query.status == one)
        for one in (None, *STATUSES)
    )
    having = tuple(Choice(_HAS_NAMES[has], query.toggled_has(has).path, has in query.has) for has in HAVING)
    sorts = tuple(
        Choice(words, query.with_sort(sort).path, query.sort == sort)
        for sort, words in _SORT_NAMES.items()
        if (sort != "rank" or query.q) and (sort != "position" or query.list_)
    )
    listed = Facet("Lists", *_folded([_choice(one, query) for one in lists]), path="/library/lists")
    kept = [Choice(one.name, read_query(one.query).path, query.at("").text == one.query) for one in searches]
    searched = Facet("Searches", *_folded(kept), path="/library/searches")
    found = (Facet("Status", status), listed, searched, Facet("Has", having), Facet("Order", sorts))
    return (*found, _tag_facet(query, tags))


def _choice(one: TagCount, query: LibraryQuery) -> Choice:
    return Choice(one.name, query.toggled_list(one.id).path, query.list_ == one.id, one.entries, one.color)


def _folded(choices: list[Choice]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Those in sight, those that are on among them, and those that are folded away."""
    ordered = sorted(choices, key=lambda one: not one.on) if len(choices) > MOST_SHOWN else choices
    return tuple(ordered[:MOST_SHOWN]), tuple(ordered[MOST_SHOWN:])


def _tag_facet(query: LibraryQuery, tags: Sequence[TagCount]) -> Facet:
    used = [tag for tag in tags if tag.entries]
    known = {tag.name for tag in used}
    choices = [Choice(name, query.toggled_tag(name).path, True) for name in query.tags if name not in known]
    choices += [
        Choice(tag.name, query.toggled_tag(tag.name).path, tag.name in query.tags, tag.entries, tag.color)
        for tag in sorted(used, key=lambda tag: tag.name not in query.tags)
    ]
    return Facet("Tags", *_folded(choices), path="/library/tags")
