"""What the library page was asked for, as one value that reads from a query string and writes back to one.

Refuses nothing: a status, sort or filter that does not exist is left out, and the page shows what it did apply.
"""

from __future__ import annotations

from typing import TypeVar, get_args
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct, structs

from api.domain.entries import MOST_WORDS, EntryFilter, Has, Sort
from api.domain.fields import Status
from api.domain.ids import is_uuid

T = TypeVar("T")
MOST_QUERY = 500  # characters of a search
MOST_TAGS = 20
STATUSES: tuple[Status, ...] = get_args(Status)
HAVING: tuple[Has, ...] = get_args(Has)
SORTS: tuple[Sort, ...] = get_args(Sort)


class LibraryQuery(Struct, frozen=True):
    """The filters, the order and the place in the list."""

    q: str = ""
    status: Status | None = None
    list_: str = ""  # an id
    tags: tuple[str, ...] = ()
    has: tuple[Has, ...] = ()
    sort: Sort = "saved"
    cursor: str = ""

    @property
    def ranked(self) -> bool:
        """Whether the best come first: there is something to look for, and no other order was asked for."""
        return bool(self.q) and self.sort == "rank"

    @property
    def filter(self) -> EntryFilter:
        """The entries that are wanted."""
        words = tuple(self.q.split()[:MOST_WORDS])
        return EntryFilter(tags=self.tags, list_=self.list_ or None, status=self.status, has=self.has, words=words)

    @property
    def by_hand(self) -> bool:
        """Whether it shows a whole list in the order that a person gave it."""
        return self.sort == "position" and self.filter == EntryFilter(list_=self.list_) and bool(self.list_)

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return self.filter != EntryFilter()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters as query parameters, without order and place."""
        found = [("q", self.q)] if self.q else []
        found += [("list", self.list_)] if self.list_ else []
        found += [("status", self.status)] if self.status else []
        found += [("tag", tag) for tag in self.tags]
        return found + [("has", has) for has in self.has]

    @property
    def text(self) -> str:
        """The whole as a query string; empty for the plain page."""
        found = self.pairs
        found += [("sort", self.sort)] if self.sort != self.usual_sort else []
        found += [("cursor", self.cursor)] if self.cursor else []
        return urlencode(found)

    @property
    def usual_sort(self) -> Sort:
        """The order where nobody asks for another."""
        return _usual_sort(self.q, self.list_)

    @property
    def path(self) -> str:
        """The page's address on this site."""
        return f"/?{self.text}" if self.text else "/"

    @property
    def export_path(self) -> str:
        """Where the same entries come as a .bib file."""
        return "/v1/export?" + urlencode([("format", "bibtex"), *self.pairs])

    @property
    def references_path(self) -> str:
        """Where the same entries stand as formatted references."""
        return "/library/references" + (f"?{urlencode({'back': urlencode(self.pairs)})}" if self.pairs else "")

    @property
    def only_q(self) -> LibraryQuery:
        """The same search without other filters."""
        return LibraryQuery(q=self.q, sort=_usual_sort(self.q, ""))

    def at(self, cursor: str) -> LibraryQuery:
        """The same list from another place on."""
        return structs.replace(self, cursor=cursor)

    def with_status(self, status: Status | None) -> LibraryQuery:
        """The first page of the same list in one status, or in all."""
        return structs.replace(self, status=status, cursor="")

    def toggled_list(self, list_: str) -> LibraryQuery:
        """The first page of the same list with this reading list alone, or with all papers again."""
        wanted = "" if self.list_ == list_ else list_
        usual = self.sort == self.usual_sort or (self.sort == "position" and not wanted)
        sort = _usual_sort(self.q, wanted) if usual else self.sort
        return structs.replace(self, list_=wanted, sort=sort, cursor="")

    def with_sort(self, sort: Sort) -> LibraryQuery:
        """The first page of the same list in another order."""
        return structs.replace(self, sort=sort, cursor="")

    def toggled_tag(self, tag: str) -> LibraryQuery:
        """The first page with this tag asked for, or no longer."""
        return structs.replace(self, tags=_toggled(self.tags, tag), cursor="")

    def toggled_has(self, has: Has) -> LibraryQuery:
        """The first page with this thing asked for, or no longer."""
        return structs.replace(self, has=_toggled(self.has, has), cursor="")


def words_of(query: LibraryQuery) -> str:
    """The same filters as one line that searches, feeds and exports read (`docs/search.md`)."""
    said = [query.q] if query.q else []
    said += [f"list:{query.list_}"] if query.list_ else []
    said += [f"is:{query.status}"] if query.status else []
    said += ['tag:"{}"'.format(tag.replace('"', " ")) for tag in query.tags]
    return " ".join(said + [f"has:{has}" for has in query.has])


def read_query(text: str) -> LibraryQuery:
    """The query in a query string; whatever is no part of one is left out."""
    pairs = parse_qsl(text, max_num_fields=None, errors="replace")
    return make_query([(name, value) for name, value in pairs if value])


def make_query(pairs: list[tuple[str, str]]) -> LibraryQuery:
    """The query that these parameters name."""
    last = dict(pairs)
    status, sort = last.get("status"), last.get("sort")
    tags = dict.fromkeys(value[:255] for name, value in pairs if name == "tag")
    having = {value for name, value in pairs if name == "has"}
    list_ = last.get("list", "")
    list_ = list_ if is_uuid(list_) else ""
    return LibraryQuery(
        list_=list_,
        q=" ".join(last.get("q", "")[:MOST_QUERY].split()),
        status=status if status in STATUSES else None,
        tags=tuple(tags)[:MOST_TAGS],
        has=tuple(has for has in HAVING if has in having),
        sort=sort if sort in SORTS else _usual_sort(last.get("q", "").strip(), list_),
        cursor=last.get("cursor", "")[:1024],
    )


def _usual_sort(q: str, list_: str) -> Sort:
    return "rank" if q else "position" if list_ else "saved"


def _toggled(held: tuple[T, ...], one: T) -> tuple[T, ...]:
    return tuple(other for other in held if other != one) if one in held else (*held, one)
