"""The synced objects' fields: each has one kind, and one type that its values must have.

Refuses unknown fields, wrong values, and text that not every database keeps (NUL, unpaired surrogates).
The table is that of the HTTP contract; limits: text 500,000 characters, names 255, selectors 65,535 bytes.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from api.domain.citekeys import is_safe
from api.domain.clock import read_rfc3339, rfc3339
from api.domain.errors import BadInput, BadText, UnknownField
from api.domain.ids import is_uuid

ObjectType = Literal["entry", "highlight", "tag", "list", "paper"]
FieldKind = Literal["immutable", "register", "text", "max", "set", "server"]
Json = Any  # a decoded JSON value that was checked against its field's type

MOST_TEXT = 500_000
MOST_SELECTORS = 65_535

UUID_PATTERN = "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"
Uuid = Annotated[str, Meta(pattern=UUID_PATTERN)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Note = Annotated[str, Meta(max_length=MOST_TEXT)]
Position = Annotated[str, Meta(max_length=255)]
COLOR_NAMES = ("yellow", "green", "blue", "red", "purple", "orange", "gray")
Color = Annotated[str, Meta(pattern=f"^({'|'.join(COLOR_NAMES)}|#[0-9a-f]{{6}})$")]
# What reads a time refuses by itself; a document of the types says so with these.
TIME_SCHEMA = {"format": "date-time", "pattern": "^(19|20)[0-9]{2}-"}
Time = Annotated[str, Meta(extra_json_schema=TIME_SCHEMA)]
Status = Literal["to_read", "reading", "read", "archived"]
Rating = Annotated[int, Meta(ge=0, le=5)]
Offset = Annotated[int, Meta(ge=0, le=2**53)]


class SavedFrom(Struct, frozen=True, forbid_unknown_fields=True):
    """The address that a paper was saved from, and the version that it showed."""

    url: Annotated[str, Meta(max_length=8192)]
    version: int | None = None


class TextQuoteSelector(Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """W3C Web Annotation 4.2.4: the quoted text with its neighbourhood."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class TextPositionSelector(Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """W3C Web Annotation 4.2.5: offsets into the text, in UTF-16 code units."""

    start: Offset
    end: Offset


class PathSelector(Struct, frozen=True, tag="XPathSelector", tag_field="type", forbid_unknown_fields=True):
    """W3C Web Annotation 4.2.3: a node by XPath, refined by an offset."""

    value: str
    refinedBy: TextPositionSelector | None = None  # noqa: N815 - the standard's own spelling


class RangeSelector(Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """W3C Web Annotation 4.2.7: from one node to another."""

    startSelector: PathSelector  # noqa: N815 - the standard's own spelling
    endSelector: PathSelector  # noqa: N815 - the standard's own spelling


class FragmentSelector(Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """W3C Web Annotation 4.2.1: a fragment, for example a page of a PDF (RFC 8118)."""

    value: str
    conformsTo: str | None = None  # noqa: N815 - the standard's own spelling


class PageSelector(Struct, frozen=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """A page of a PDF by its place, from 0, and the label that it has in the PDF (`iv`), in the words of Hypothesis."""

    index: Offset
    label: Annotated[str, Meta(max_length=255)] | None = None


Selector = TextQuoteSelector | TextPositionSelector | RangeSelector | FragmentSelector | PageSelector


class Field(Struct, frozen=True):
    """One field: how it merges, what its values are, and what an object has that never got one."""

    kind: FieldKind
    type: Any  # a type that msgspec decodes to
    default: Json = None
    time: bool = False  # an RFC 3339 time, kept in UTC with milliseconds


def _f(kind: FieldKind, of: Any, default: Json = None, *, time: bool = False) -> Field:
    return Field(kind, of, default, time)


FIELDS: dict[str, dict[str, Field]] = {
    "entry": {
        "paper_id": _f("immutable", Uuid),
        "saved_at": _f("immutable", str, time=True),
        "saved_from": _f("immutable", SavedFrom),
        "status": _f("register", Status, "to_read"),
        "starred": _f("register", bool, False),
        "rating": _f("register", Rating | None),
        "position": _f("register", Position | None),
        "citekey": _f("register", Annotated[str, Meta(min_length=1, max_length=255)] | None),
        "note": _f("text", Note | None),
        "last_read": _f("max", str, time=True),
        "tags": _f("set", Uuid),
        "lists": _f("set", Uuid),
        "merged_into": _f("server", str),
    },
    "highlight": {
        "entry_id": _f("immutable", Uuid),
        "manifestation": _f("immutable", Annotated[str, Meta(max_length=8192)] | None),
        "selectors": _f("immutable", Annotated[list[Selector], Meta(min_length=1, max_length=8)]),
        "created_at": _f("immutable", str, time=True),
        "color": _f("register", Color, "yellow"),
        "anchor": _f("register", Annotated[list[Selector], Meta(min_length=1, max_length=8)] | None),
        "comment": _f("text", Note | None),
        "tags": _f("set", Uuid),
    },
    "tag": {
        "created_at": _f("immutable", str, time=True),
        "name": _f("register", Name),
        "color": _f("register", Color | None),
        "merged_into": _f("server", str),
    },
    "list": {
        "created_at": _f("immutable", str, time=True),
        "name": _f("register", Name),
        "color": _f("register", Color | None),
        "position": _f("register", Position | None),
        "public": _f("register", bool, False),
        "description": _f("text", Note | None),
    },
    "paper": {},
}


def field_of(type_: str, name: str) -> Field:
    """The field's rule; raises UnknownField, also for those that only the server writes."""
    field = FIELDS[type_].get(name)
    if field is None or field.kind == "server":
        raise UnknownField(f"{type_} has no field {name!r}")
    return field


def read_value(type_: str, name: str, raw: Raw) -> Json:
    """The checked value of a field as it came, times in UTC; raises BadInput (`invalid_value`) or BadText."""
    field = field_of(type_, name)
    if field.kind == "set":
        raise UnknownField(f"{name!r} is a set: use add and del")
    if len(raw) > MOST_SELECTORS and name in ("selectors", "anchor"):
        raise InvalidValue(f"{name} is over {MOST_SELECTORS} bytes")
    try:
        msgspec.json.decode(raw, type=field.type)
        value = msgspec.json.decode(raw)
        if field.time:
            value = rfc3339(read_rfc3339(value))
    except UnicodeDecodeError:
        raise BadText(f"{name} is not valid UTF-8") from None
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError) as wrong:
        code = BadText if "surrogate" in str(wrong).lower() else InvalidValue
        raise code(f"{name}: {wrong}") from None
    check_text(name, value)
    if name == "citekey" and value is not None and not is_safe(value):
        raise InvalidValue(f"{value!r} cannot be a citation key")
    return value


def read_member(type_: str, name: str, member: str) -> str:
    """A checked member of a set field; raises UnknownField or InvalidValue."""
    if field_of(type_, name).kind != "set":
        raise UnknownField(f"{name!r} is not a set")
    if not is_uuid(member):
        raise InvalidValue(f"{name} holds ids")
    return member


class InvalidValue(BadInput):
    """A value that its field does not take."""

    code = "invalid_value"


_UNSAFE = re.compile("[\0\ud800-\udfff]")


def check_text(name: str, value: Json) -> None:
    """Refuse NUL and unpaired surrogates anywhere in a value; raises BadText."""
    if isinstance(value, str):
        if _UNSAFE.search(value):
            raise BadText(f"{name} holds NUL or an unpaired surrogate")
    elif isinstance(value, list):
        for part in value:
            check_text(name, part)
    elif isinstance(value, dict):
        for key, part in value.items():
            check_text(name, key)
            check_text(name, part)
