"""`POST /v1/saves` and `GET /v1/identify`: one click, and what an address is, both without any network."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.entries import Entry
from api.domain.identifiers import identify
from api.domain.papers import Paper
from api.http.auth import requires
from api.http.bodies import json_body


class SavedAnswer(Struct, frozen=True):
    """The entry, its paper, and the library's version of the entry."""

    entry: Entry
    paper: Paper
    version: int


class IdentifyAnswer(Struct, frozen=True):
    """What an address is: identifiers by scheme, and the page that people cite."""

    kind: str
    identifiers: dict[str, list[str]]
    version: int | None
    canonical_url: str


@post("/v1/saves", guards=[requires("save")], opt={"body": SaveWish, "answers": (200,)})
async def save(
    request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[SavedAnswer]:
    """Save a page: 201 when it is new, 200 when it was there."""
    saved = await save_paper(desk, who, await json_body(request, SaveWish))
    return Response(SavedAnswer(saved.entry, saved.paper, saved.version), status_code=201 if saved.new else 200)


@get("/v1/identify", guards=[requires("read", "save")])
async def identify_url(url: Annotated[str, QueryParameter(max_length=8192)]) -> IdentifyAnswer:
    """What this address or identifier is."""
    identity = identify(url)
    named: dict[str, list[str]] = {}
    for identifier in identity.identifiers:
        named.setdefault(identifier.scheme, []).append(identifier.value)
    return IdentifyAnswer(identity.kind, named, identity.version, identity.canonical_url)
