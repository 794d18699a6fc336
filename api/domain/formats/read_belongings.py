"""Our own JSON beside its entries becomes belongings again: tags, lists, the pattern of keys, keys that were.

Takes what `library_json` and `account_json` write. Refuses labels that are none, each with a line; a pattern or a key
that is none is passed over, for nothing of a library hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct, convert

from api.domain.citekeys import is_safe
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.errors import BadInput, BadText
from api.domain.fields import Color, Name, Note, Position, check_text
from api.domain.formats.belongings import Belongings, ImportedLabel
from api.domain.formats.imported import Unread
from api.domain.key_pattern import Part, checked_pattern
from api.domain.states import OtherVersion

_NOT_FIELDS = ("id", "description_versions")


class _Tag(Struct, frozen=True):
    id: str
    name: Name
    color: Color | None = None
    created_at: str | None = None


class _List(_Tag, frozen=True):
    position: Position | None = None
    public: bool = False
    description: Note | None = None
    description_versions: list[OtherVersion] = []


def read_belongings(whole: dict[str, Any]) -> tuple[Belongings, list[Unread]]:
    """What the file holds beside entries, and a line for each tag or list that is none; lines count those."""
    labels: list[ImportedLabel] = []
    lines: list[Unread] = []
    for line, (type_, item, deleted) in enumerate(_labels(whole), 1):
        try:
            check_text(type_, item)
            labels.append(_label(type_, item, deleted))
        except BadText as wrong:
            lines.append(Unread(line, wrong.code, f"{type_}: {wrong.detail}"))
        except (msgspec.ValidationError, ValueError) as wrong:
            lines.append(Unread(line, "invalid_record", f"{type_}: {wrong}"))
    entries = {str(one.get("id")) for one in _dicts(whole.get("entries")) + _dicts(whole.get("trash"))}
    former = tuple(pair for pair in former_keys(whole) if pair[1] not in entries)
    return Belongings(tuple(labels), _pattern(whole.get("key_pattern")), former), lines


def former_keys(whole: dict[str, Any]) -> list[tuple[str, str]]:
    """Keys that entries once had, each with the entry's id."""
    pairs = whole.get("former_keys")
    found: list[tuple[str, str]] = []
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair) and is_safe(pair[0]):
            found.append((pair[0], pair[1]))
    return found


def _labels(whole: dict[str, Any]) -> Iterator[tuple[Literal["tag", "list"], dict[str, Any], bool]]:
    for item in _dicts(whole.get("tags")):
        yield "tag", item, False
    for item in _dicts(whole.get("lists")):
        yield "list", item, False
    for item in _dicts(whole.get("trash")):
        if item.get("type") == "tag":
            yield "tag", item, True
        elif item.get("type") == "list":
            yield "list", item, True


def _label(type_: Literal["tag", "list"], item: dict[str, Any], deleted: bool) -> ImportedLabel:
    one = convert(item, _List if type_ == "list" else _Tag)
    named = {name: getattr(one, name) for name in one.__struct_fields__ if name not in _NOT_FIELDS}
    fields = {name: value for name, value in named.items() if value not in (None, False)}
    if one.created_at:
        fields["created_at"] = rfc3339(read_rfc3339(one.created_at))
    versions = tuple(one.description_versions) if isinstance(one, _List) else ()
    return ImportedLabel(type_, one.id, fields, versions, deleted)


def _pattern(value: object) -> tuple[Part, ...]:
    try:
        return checked_pattern(convert(value, list[Part]))
    except (msgspec.ValidationError, BadInput):
        return ()


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
