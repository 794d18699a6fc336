"""A highlight, a tag and a list as people and scripts see them, made from their synced state."""

from __future__ import annotations

from msgspec import Struct, convert

from api.domain.changes import Change
from api.domain.fields import Selector


class Highlight(Struct, frozen=True):
    """A marked passage of a paper, with its W3C selectors."""

    id: str
    entry_id: str | None
    manifestation: str | None
    selectors: list[Selector] | None
    color: str
    comment: str | None
    tags: list[str]
    created_at: str | None
    version: int


class Collection(Struct, frozen=True):
    """A reading list by name."""

    id: str
    name: str | None
    color: str | None
    position: str | None
    public: bool
    description: str | None
    created_at: str | None
    version: int


def highlight_of(change: Change) -> Highlight:
    """The highlight in a live change of the feed."""
    return convert({**dict(change.data or {}), "id": change.key, "version": change.version}, Highlight)


def collection_of(change: Change) -> Collection:
    """The list in a live change of the feed."""
    return convert({**dict(change.data or {}), "id": change.key, "version": change.version}, Collection)
