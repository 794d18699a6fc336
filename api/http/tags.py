"""`/v1/tags`: tags read, made, changed and thrown away one by one."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_objects import get_object, list_tags
from api.domain.accounts import Who
from api.domain.fields import Name, Uuid
from api.domain.highlights import Tag, TagPatch, TagWish, tag_of
from api.http.auth import requires
from api.http.filters import IfMatch
from api.http.objects import merging_of, removal_of, tagged, wish_of
from api.store.tags import TagCount


class TagList(Struct, frozen=True):
    """All tags with their counts."""

    items: list[TagCount]
    cursor: str | None = None


@get("/v1/tags", guards=[requires("read")])
async def listed(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    prefix: Annotated[str, QueryParameter(max_length=255)] = "",
) -> TagList:
    """Tags whose name starts so, with counts, most used first."""
    return TagList(await list_tags(desk, who.library_id, prefix))


@get("/v1/tags/{key:str}", guards=[requires("read")])
async def one(key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[Tag]:
    """One tag."""
    change = await get_object(desk, who.library_id, "tag", key)
    return tagged(tag_of(change), change.version)


@post("/v1/tags", guards=[requires("save")])
async def make(data: JSONBody[TagWish], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[Tag]:
    """Make one; a late copy gets what there is now."""
    change = await edit_object(desk, who, wish_of("tag", data.id, data, create=True))
    return tagged(tag_of(change), change.version, 201)


@patch("/v1/tags/{key:str}", guards=[requires("save")])
async def change(
    key: FromPath[str],
    data: JSONBody[TagPatch],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    if_match: IfMatch = None,
) -> Response[Tag]:
    """Change one; what is left out stays."""
    changed = await edit_object(desk, who, wish_of("tag", key, data, if_match))
    return tagged(tag_of(changed), changed.version)


@delete("/v1/tags/{key:str}", guards=[requires("save")])
async def throw_away(
    key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk], if_match: IfMatch = None
) -> None:
    """Put one into the trash."""
    await edit_object(desk, who, removal_of("tag", key, if_match))


class NewName(Struct, frozen=True, forbid_unknown_fields=True):
    """The name that a tag shall have."""

    name: Name


class MergeWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The tag that shall be one with this one."""

    into: Uuid


@post("/v1/tags/{key:str}/rename", status_code=200, guards=[requires("save")])
async def rename(
    key: FromPath[str], data: JSONBody[NewName], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Tag]:
    """Rename a tag everywhere; a name that another tag has makes them one."""
    renamed = await edit_object(desk, who, EditWish("tag", key, set={"name": data.name}))
    return tagged(tag_of(renamed), renamed.version)


@post("/v1/tags/{key:str}/merge", status_code=200, guards=[requires("save")])
async def merge(
    key: FromPath[str], data: JSONBody[MergeWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Tag]:
    """Make two tags one, under the name and colour of the other; the older id lives on."""
    other = tag_of(await get_object(desk, who.library_id, "tag", data.into))
    merged = await edit_object(desk, who, merging_of(key, other.name, other.color))
    return tagged(tag_of(merged), merged.version)
