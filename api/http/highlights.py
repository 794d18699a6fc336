"""`/v1/highlights`: highlights read, made, changed and thrown away one by one."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.edit_object import edit_object
from api.actions.list_objects import get_object, list_objects
from api.domain.accounts import Who
from api.domain.highlights import Highlight, HighlightPatch, HighlightWish, highlight_of
from api.http.auth import requires
from api.http.filters import IfMatch
from api.http.objects import CursorText, Limit, removal_of, tagged, wish_of


class HighlightPage(Struct, frozen=True):
    """A page of highlights."""

    items: list[Highlight]
    cursor: str | None


@get("/v1/highlights", guards=[requires("read")])
async def listed(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    entry: Annotated[str, QueryParameter(max_length=36)] = "",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> HighlightPage:
    """Highlights of one entry, or of all."""
    page = await list_objects(desk, who.library_id, "highlight", limit, cursor, entry)
    return HighlightPage([highlight_of(change) for change in page.items], page.cursor)


@get("/v1/highlights/{key:str}", guards=[requires("read")])
async def one(key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[Highlight]:
    """One highlight."""
    change = await get_object(desk, who.library_id, "highlight", key)
    return tagged(highlight_of(change), change.version)


@post("/v1/highlights", guards=[requires("save")])
async def make(
    data: JSONBody[HighlightWish], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Highlight]:
    """Make one; a late copy gets what there is now."""
    change = await edit_object(desk, who, wish_of("highlight", data.id, data, create=True))
    return tagged(highlight_of(change), change.version, 201)


@patch("/v1/highlights/{key:str}", guards=[requires("save")])
async def change(
    key: FromPath[str],
    data: JSONBody[HighlightPatch],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    if_match: IfMatch = None,
) -> Response[Highlight]:
    """Change one; what is left out stays."""
    changed = await edit_object(desk, who, wish_of("highlight", key, data, if_match))
    return tagged(highlight_of(changed), changed.version)


@delete("/v1/highlights/{key:str}", guards=[requires("save")])
async def throw_away(
    key: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk], if_match: IfMatch = None
) -> None:
    """Put one into the trash."""
    await edit_object(desk, who, removal_of("highlight", key, if_match))
