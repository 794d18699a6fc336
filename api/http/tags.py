"""`GET /v1/tags`, `/v1/highlights`, `/v1/lists`: the library's other objects, read as pages."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.list_objects import list_objects, list_tags
from api.domain.accounts import Who
from api.domain.entries import MOST_PAGE
from api.domain.highlights import Collection, Highlight, collection_of, highlight_of
from api.http.auth import requires
from api.store.tags import TagCount


class TagList(Struct, frozen=True):
    """All tags with their counts."""

    items: list[TagCount]
    cursor: str | None = None


class HighlightPage(Struct, frozen=True):
    """A page of highlights."""

    items: list[Highlight]
    cursor: str | None


class ListPage(Struct, frozen=True):
    """A page of lists."""

    items: list[Collection]
    cursor: str | None


Limit = Annotated[int, QueryParameter(ge=1, le=MOST_PAGE)]
CursorText = Annotated[str | None, QueryParameter(max_length=1024)]


@get("/v1/tags", guards=[requires("read")])
async def tags(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    prefix: Annotated[str, QueryParameter(max_length=255)] = "",
) -> TagList:
    """Tags whose name starts so, with counts, most used first."""
    return TagList(await list_tags(desk, who.library_id, prefix))


@get("/v1/highlights", guards=[requires("read")])
async def highlights(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    entry: Annotated[str, QueryParameter(max_length=36)] = "",
    limit: Limit = 50,
    cursor: CursorText = None,
) -> HighlightPage:
    """Highlights of one entry, or of all."""
    page = await list_objects(desk, who.library_id, "highlight", limit, cursor, entry)
    return HighlightPage([highlight_of(change) for change in page.items], page.cursor)


@get("/v1/lists", guards=[requires("read")])
async def lists(
    who: NamedDependency[Who], desk: NamedDependency[Desk], limit: Limit = 50, cursor: CursorText = None
) -> ListPage:
    """The library's reading lists."""
    page = await list_objects(desk, who.library_id, "list", limit, cursor)
    return ListPage([collection_of(change) for change in page.items], page.cursor)
