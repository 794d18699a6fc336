"""Our own JSON becomes records again: ids, tags, lists, notes, highlights and their history as they were.

Takes what `library_json` and `account_json` write, and the same with more fields. Refuses records that are none, each
with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, convert, to_builtins
from msgspec.structs import replace

from api.domain.clock import read_rfc3339, rfc3339
from api.domain.corrections import Corrections, CorrectionWish, correct
from api.domain.errors import BadInput
from api.domain.fields import Color, Note, Position, Rating, SavedFrom, Selector, Status, check_text
from api.domain.formats.imported import SOURCE, Imported, ImportedMark, Read, Unread, checked
from api.domain.formats.library_json import VERSION
from api.domain.formats.read_belongings import former_keys
from api.domain.ids import is_uuid
from api.domain.papers import Finding, Identifier, Paper
from api.domain.states import OtherVersion

FORMAT = "scholium-library"
_Selectors = Annotated[list[Selector], Meta(max_length=8)]


class _Mark(Struct, frozen=True):
    id: str
    selectors: _Selectors | None = None
    anchor: _Selectors | None = None
    manifestation: Annotated[str, Meta(max_length=8192)] | None = None
    comment: Note | None = None
    comment_versions: list[OtherVersion] = []
    color: Color | None = None
    created_at: str | None = None
    tags: list[str] = []
    deleted: bool = False


class _Entry(Struct, frozen=True):
    id: str
    paper: Paper
    citekey: str | None = None
    status: Status | None = None
    starred: bool | None = None
    rating: Rating | None = None
    position: Position | None = None
    note: Note | None = None
    note_versions: list[OtherVersion] = []
    last_read: str | None = None
    saved_at: str | None = None
    saved_from: SavedFrom | None = None
    tags: list[str] = []
    lists: list[str] = []
    highlights: list[_Mark] = []


class _Around(Struct, frozen=True):
    """What the file says of entries elsewhere: highlights that were deleted by themselves, and former keys, by the
    entry's id; corrections by the paper's."""

    marks: dict[str, list[dict[str, Any]]]
    keys: dict[str, list[str]]
    corrections: dict[str, dict[str, Any]]


def read_library(whole: dict[str, Any]) -> Iterator[Read]:
    """A record or a line for each entry, those in the trash last; lines count entries. Raises BadInput for a later
    version."""
    if whole.get("version") != VERSION:
        raise BadInput(f"a library of version {str(whole.get('version'))[:20]}; this server reads version {VERSION}")
    around = _around(whole)
    live = [(item, False) for item in _list(whole, "entries")]
    trash = [(one, True) for one in _list(whole, "trash") if isinstance(one, dict) and one.get("type") == "entry"]
    for line, (item, deleted) in enumerate(live + trash, 1):
        try:
            check_text("entry", item)
            yield checked(_record(line, item, deleted, around))
        except BadInput as wrong:
            yield Unread(line, wrong.code, wrong.detail)
        except (msgspec.ValidationError, ValueError) as wrong:
            yield Unread(line, "invalid_record", str(wrong))


def _around(whole: dict[str, Any]) -> _Around:
    around = _Around({}, {}, {})
    for item in _list(whole, "trash"):
        if isinstance(item, dict) and item.get("type") == "highlight":
            around.marks.setdefault(str(item.get("entry_id")), []).append(item | {"deleted": True})
    for key, entry_id in former_keys(whole):
        around.keys.setdefault(entry_id, []).append(key)
    for item in _list(whole, "corrections"):
        if isinstance(item, dict):
            around.corrections[str(item.get("paper_id"))] = item
    return around


def _record(line: int, item: Any, deleted: bool, around: _Around) -> Imported:
    entry = convert(item, _Entry)
    said = around.corrections.get(entry.paper.id)
    thrown = convert(around.marks.get(entry.id, []), list[_Mark])
    for time in (entry.saved_at, entry.last_read, *(one.created_at for one in (*entry.highlights, *thrown))):
        read_rfc3339(time) if time else None
    return Imported(
        line=line,
        finding=_finding(entry.paper),
        citekey=entry.citekey,
        url=entry.saved_from.url if entry.saved_from else None,
        saved_version=entry.saved_from.version if entry.saved_from else None,
        tag_refs=tuple(entry.tags),
        list_refs=tuple(entry.lists),
        note=entry.note,
        note_versions=tuple(entry.note_versions),
        status=entry.status,
        starred=bool(entry.starred),
        rating=entry.rating,
        position=entry.position,
        last_read=entry.last_read,
        saved_at=entry.saved_at,
        marks=tuple(_mark(one) for one in (*entry.highlights, *thrown) if one.selectors),
        id=entry.id if is_uuid(entry.id) else None,
        deleted=deleted,
        claims=tuple(dict.fromkeys(one for one in _identifiers(entry.paper) if one.scheme != "isbn")),
        corrections=_said(convert(said, Corrections)) if said else None,
        former_keys=tuple(around.keys.get(entry.id, ())),
    )


def _said(said: Corrections) -> Corrections:
    """The corrections as a person may make them; raises ValidationError, ValueError or BadInput."""
    given = {name: value for name, value in to_builtins(said).items() if name != "at" and value is not None}
    dates = {name: given.pop(name) for name in ("preprinted", "online", "issued") if name in given}
    stands = correct(Corrections(), convert(given | {"dates": dates}, CorrectionWish), "")
    return replace(stands, at={name: rfc3339(read_rfc3339(said.at.get(name, ""))) for name in stands.at})


def _mark(one: _Mark) -> ImportedMark:
    return ImportedMark(
        selectors=tuple(one.selectors or ()),
        anchor=tuple(one.anchor or ()),
        manifestation=one.manifestation,
        comment=one.comment,
        comment_versions=tuple(one.comment_versions),
        tag_refs=tuple(one.tags),
        color=one.color or "yellow",
        created_at=one.created_at,
        id=one.id if is_uuid(one.id) else None,
        deleted=one.deleted,
    )


def _finding(paper: Paper) -> Finding:
    shared = {name: getattr(paper, name) for name in Finding.__struct_fields__ if hasattr(paper, name)}
    return Finding(**{**shared, "source": SOURCE, "identifiers": _identifiers(paper)})


def _identifiers(paper: Paper) -> tuple[Identifier, ...]:
    return tuple(Identifier(scheme, value) for scheme, values in paper.identifiers.items() for value in values)


def _list(whole: dict[str, Any], name: str) -> list[Any]:
    found = whole.get(name)
    return found if isinstance(found, list) else []
