"""`GET /v1/export`: the reading list as a file, streamed."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.domain.accounts import Who
from api.domain.entries import EntryFilter, Has
from api.domain.fields import Status
from api.http.auth import requires
from api.http.filters import entry_filter


@get("/v1/export", guards=[requires("export")])
async def export(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    format_: Annotated[Literal["bibtex"], QueryParameter(name="format")] = "bibtex",
    tag: Annotated[list[str] | None, QueryParameter(max_items=20)] = None,
    list_: Annotated[str | None, QueryParameter(name="list", max_length=255)] = None,
    status: Annotated[Status | None, QueryParameter()] = None,
    has: Annotated[list[Has] | None, QueryParameter(max_items=4)] = None,
    q: Annotated[str | None, QueryParameter(max_length=500)] = None,
    since: Annotated[str | None, QueryParameter(max_length=64)] = None,
) -> Stream:
    """The entries that the filters name, in the order of their citation keys."""
    wanted: EntryFilter = entry_filter(tag, list_, status, has, q, since)
    return Stream(
        export_library(desk, who.library_id, wanted),
        media_type="application/x-bibtex; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="scholium.bib"'},
    )
