"""A reading-list entry as people and scripts see it, and what a list of entries can be asked for.

Limits: 200 entries a page, 20 tags and 20 words in a filter.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from api.domain.clock import rfc3339
from api.domain.fields import Note, Rating, SavedFrom, Status, Uuid
from api.domain.papers import Paper
from api.domain.states import State

Sort = Literal["saved", "updated", "title", "year", "venue", "rank", "position"]
Has = Literal["code", "pdf", "highlights", "note"]
MOST_PAGE = 200
MOST_WORDS = 20


class Entry(Struct, frozen=True):
    """One paper on one person's list."""

    id: str
    paper_id: str | None
    status: Status
    starred: bool
    rating: int | None
    note: str | None
    tags: list[str]
    lists: list[str]
    citekey: str | None
    position: str | None
    saved_at: str | None
    saved_from: SavedFrom | None
    updated_at: str
    version: int


class ShelvedEntry(Struct, frozen=True):
    """An entry with its paper."""

    entry: Entry
    paper: Paper


class Condition(Struct, frozen=True):
    """What a field word asks of an entry: a tag or list (id or name), a status, a thing it has, a star, or years.

    `not_` turns it round; a year is from `first` to `last`, both included.
    """

    name: Literal["tag", "list", "status", "has", "starred", "year"]
    value: str
    not_: bool = False
    first: int = 0
    last: int = 0


class EntryFilter(Struct, frozen=True):
    """Which entries: every tag (id or name), a list, a status, things that it has, words, changed since (ms).

    `conditions` are those of field words, all of them.
    """

    tags: tuple[str, ...] = ()
    list_: str | None = None
    status: Status | None = None
    has: tuple[Has, ...] = ()
    words: tuple[str, ...] = ()
    since_ms: int | None = None
    conditions: tuple[Condition, ...] = ()


EVERY_ENTRY = EntryFilter()


class EntryPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person changes on an entry; what is left out stays."""

    status: Status | UnsetType = UNSET
    starred: bool | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET
    position: Annotated[str, Meta(max_length=255)] | UnsetType | None = UNSET
    citekey: Annotated[str, Meta(min_length=1, max_length=255)] | UnsetType = UNSET
    tags: Annotated[list[Uuid], Meta(max_length=200)] | UnsetType = UNSET
    lists: Annotated[list[Uuid], Meta(max_length=200)] | UnsetType = UNSET


_ENTRY = Decoder(Entry)


def entry_shown(shown: str, key: str, version: int, updated_at_ms: int) -> Entry:
    """The entry of which this was written down (`changes.shown` as JSON)."""
    return _ENTRY.decode(f'{shown[:-1]},"id":"{key}","version":{version},"updated_at":"{rfc3339(updated_at_ms)}"}}')


def entry_of(state: State, updated_at_ms: int) -> Entry:
    """The entry in a state, sets in a stable order."""
    fields = state.fields

    def members(field: str) -> list[str]:
        return sorted(m for m, row in state.members.get(field, {}).items() if row.present)

    saved_from = fields.get("saved_from")
    return Entry(
        id=state.key,
        paper_id=fields.get("paper_id"),
        status=fields.get("status", "to_read"),
        starred=fields.get("starred", False),
        rating=fields.get("rating"),
        note=fields.get("note"),
        tags=members("tags"),
        lists=members("lists"),
        citekey=fields.get("citekey"),
        position=fields.get("position"),
        saved_at=fields.get("saved_at"),
        saved_from=SavedFrom(**saved_from) if saved_from else None,
        updated_at=rfc3339(updated_at_ms),
        version=state.version,
    )
