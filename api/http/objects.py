"""What the routes of highlights, tags and lists have in common: a wish made of a body, and an answer with its ETag."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from litestar import Response
from litestar.params import QueryParameter
from msgspec import Struct

from api.actions.edit_object import EditWish
from api.domain.entries import MOST_PAGE
from api.domain.fields import FIELDS
from api.http.filters import version_of

T = TypeVar("T")
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_PAGE)]
CursorText = Annotated[str | None, QueryParameter(max_length=1024)]


def wish_of(type_: str, key: str, body: Struct, if_match: str | None = None, *, create: bool = False) -> EditWish:
    """The edit that a body asks for; sets are given whole, what is left out stays."""
    given = msgspec.to_builtins(body)
    given.pop("id", None)
    sets = {name for name, field in FIELDS[type_].items() if field.kind == "set"}
    whole = {name: given.pop(name) for name in sets & set(given)}
    return EditWish(type_, key, set=given, whole=whole, if_match=version_of(if_match), create=create)


def removal_of(type_: str, key: str, if_match: str | None) -> EditWish:
    """The edit that puts an object into the trash."""
    return EditWish(type_, key, op="delete", if_match=version_of(if_match))


def merging_of(key: str, name: str | None, color: str | None) -> EditWish:
    """The edit that makes a tag one with another: it gets the other's name and colour; the older id lives on."""
    return EditWish("tag", key, set={"name": name, "color": color})


def tagged(shown: T, version: int, status_code: int = 200) -> Response[T]:
    """An answer with the object's version as its ETag."""
    return Response(shown, status_code=status_code, headers={"ETag": f'"{version}"'})
