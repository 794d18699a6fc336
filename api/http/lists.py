"""`/v1/lists`: reading lists read, made, changed and thrown away one by one."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.edit_object import edit_object
from api.actions.list_objects import get_object, list_objects
from api.domain.accounts import Who
from api.domain.highlights import Collection, ListPatch, ListWish, collection_of
from api.http.auth import requires
from api.http.filters import IfMatch
from api.http.objects import CursorText, Limit, removal_of, tagged, wish_of


class ListPage(Struct, frozen=True):
    """A page of lists."""

    items: list[Collection]
    cursor: str | None


@get("/v1/lists", guards=[requires("read")])
async def listed(
    who: NamedDependency[Who], desk: NamedDependency[Desk], limit: Limit = 50, cursor: CursorText = None
) -> ListPage:
    """The library's reading lists."""
    page = await list_objects(desk, who.library_id, "list", limit, cursor)
    return ListPage([collection_of(change) for change in page.items], page.cursor)


@get("/v1/lists/{key:str}", guards=[requires("read")])
async def one(key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[Collection]:
    """One list."""
    change = await get_object(desk, who.library_id, "list", key)
    return tagged(collection_of(change), change.version)


@post("/v1/lists", guards=[requires("save")])
async def make(
    data: JSONBody[ListWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Collection]:
    """Make one; a late copy gets what there is now."""
    change = await edit_object(desk, who, wish_of("list", data.id, data, create=True))
    return tagged(collection_of(change), change.version, 201)


@patch("/v1/lists/{key:str}", guards=[requires("save")])
async def change(
    key: FromPath[str],
    data: JSONBody[ListPatch],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    if_match: IfMatch = None,
) -> Response[Collection]:
    """Change one; what is left out stays."""
    changed = await edit_object(desk, who, wish_of("list", key, data, if_match))
    return tagged(collection_of(changed), changed.version)


@delete("/v1/lists/{key:str}", guards=[requires("save")])
async def throw_away(
    key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk], if_match: IfMatch = None
) -> None:
    """Put one into the trash."""
    await edit_object(desk, who, removal_of("list", key, if_match))
