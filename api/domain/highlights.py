"""A highlight, a tag and a list as people and scripts see them, and what they may send to make or change one."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, convert

from api.domain.changes import Change
from api.domain.fields import Color, Name, Note, Position, Selector, Time, Uuid

Selectors = Annotated[list[Selector], Meta(min_length=1, max_length=8)]
Tags = Annotated[list[Uuid], Meta(max_length=200)]


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


class Tag(Struct, frozen=True):
    """A tag."""

    id: str
    name: str | None
    color: str | None
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


class HighlightWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A highlight to make, with the id that the client made."""

    id: Uuid
    entry_id: Uuid
    selectors: Selectors
    manifestation: Annotated[str, Meta(max_length=8192)] | UnsetType | None = UNSET
    color: Color | UnsetType = UNSET
    comment: Note | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    created_at: Time | UnsetType = UNSET


class HighlightPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes on a highlight; `anchor` is where a person put it back."""

    color: Color | UnsetType = UNSET
    comment: Note | UnsetType | None = UNSET
    anchor: Selectors | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET


class TagWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A tag to make, with the id that the client made."""

    id: Uuid
    name: Name
    color: Color | UnsetType | None = UNSET
    created_at: Time | UnsetType = UNSET


class TagPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes on a tag; a name that another tag has makes them one."""

    name: Name | UnsetType = UNSET
    color: Color | UnsetType | None = UNSET


class ListWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A list to make, with the id that the client made."""

    id: Uuid
    name: Name
    color: Color | UnsetType | None = UNSET
    position: Position | UnsetType | None = UNSET
    public: bool | UnsetType = UNSET
    description: Note | UnsetType | None = UNSET
    created_at: Time | UnsetType = UNSET


class ListPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes on a list."""

    name: Name | UnsetType = UNSET
    color: Color | UnsetType | None = UNSET
    position: Position | UnsetType | None = UNSET
    public: bool | UnsetType = UNSET
    description: Note | UnsetType | None = UNSET


def highlight_of(change: Change) -> Highlight:
    """The highlight in a live change of the feed."""
    return convert({**dict(change.data or {}), "id": change.key, "version": change.version}, Highlight)


def collection_of(change: Change) -> Collection:
    """The list in a live change of the feed."""
    return convert({**dict(change.data or {}), "id": change.key, "version": change.version}, Collection)


def tag_of(change: Change) -> Tag:
    """The tag in a live change of the feed."""
    return convert({**dict(change.data or {}), "id": change.key, "version": change.version}, Tag)
