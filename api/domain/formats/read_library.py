"""Our own JSON becomes records again: ids, tags, lists, notes and highlights as they were.

Takes what `library_json` writes, and the same with more fields. Refuses records that are none, each with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, convert

from api.domain.errors import BadInput
from api.domain.fields import SavedFrom, Selector, Status
from api.domain.formats.imported import SOURCE, Imported, ImportedMark, Read, Unread, checked
from api.domain.formats.library_json import VERSION
from api.domain.ids import is_uuid
from api.domain.papers import Finding, Identifier, Paper

FORMAT = "scholium-library"


class _Named(Struct, frozen=True):
    id: str
    name: str | None = None


class _Mark(Struct, frozen=True):
    id: str
    selectors: list[Selector] | None = None
    comment: str | None = None
    color: str | None = None
    created_at: str | None = None
    tags: list[str] = []


class _Entry(Struct, frozen=True):
    id: str
    paper: Paper
    citekey: str | None = None
    status: Status | None = None
    starred: bool | None = None
    rating: int | None = None
    note: str | None = None
    saved_at: str | None = None
    saved_from: SavedFrom | None = None
    tags: list[str] = []
    lists: list[str] = []
    highlights: list[_Mark] = []


def read_library(whole: dict[str, Any]) -> Iterator[Read]:
    """A record or a line for each entry; lines count entries. Raises BadInput for a later version."""
    if whole.get("version") != VERSION:
        raise BadInput(f"a library of version {str(whole.get('version'))[:20]}; this server reads version {VERSION}")
    tags, lists = _names(whole.get("tags")), _names(whole.get("lists"))
    entries = whole.get("entries")
    for line, item in enumerate(entries if isinstance(entries, list) else [], 1):
        try:
            entry = convert(item, _Entry)
        except msgspec.ValidationError as wrong:
            yield Unread(line, "invalid_record", str(wrong))
            continue
        yield checked(_record(line, entry, tags, lists))


def _names(values: object) -> dict[str, str]:
    names: dict[str, str] = {}
    for value in values if isinstance(values, list) else []:
        try:
            one = convert(value, _Named)
        except msgspec.ValidationError:
            continue  # a tag without a name; its entries lose nothing else
        if one.name:
            names[one.id] = one.name
    return names


def _record(line: int, entry: _Entry, tags: dict[str, str], lists: dict[str, str]) -> Imported:
    return Imported(
        line=line,
        finding=_finding(entry.paper),
        citekey=entry.citekey,
        url=entry.saved_from.url if entry.saved_from else None,
        tags=tuple(tags[one] for one in entry.tags if one in tags),
        lists=tuple(lists[one] for one in entry.lists if one in lists),
        note=entry.note,
        status=entry.status,
        starred=bool(entry.starred),
        rating=entry.rating,
        saved_at=entry.saved_at,
        marks=tuple(_mark(one, tags) for one in entry.highlights if one.selectors),
        id=entry.id if is_uuid(entry.id) else None,
    )


def _mark(one: _Mark, tags: dict[str, str]) -> ImportedMark:
    return ImportedMark(
        selectors=tuple(one.selectors or ()),
        comment=one.comment,
        tags=tuple(tags[tag] for tag in one.tags if tag in tags),
        color=one.color or "yellow",
        created_at=one.created_at,
        id=one.id if is_uuid(one.id) else None,
    )


def _finding(paper: Paper) -> Finding:
    shared = {name: getattr(paper, name) for name in Finding.__struct_fields__ if hasattr(paper, name)}
    named = tuple(Identifier(scheme, value) for scheme, values in paper.identifiers.items() for value in values)
    return Finding(**{**shared, "source": SOURCE, "identifiers": named})
