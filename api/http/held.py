"""`/v1/sync/held`: deletions by the hundred, which wait until a person says whether they were meant."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from api.actions.desk import Desk
from api.actions.settle_held import (
    MOST_HELD,
    HeldPage,
    SettleAnswer,
    SettledAll,
    SettleWish,
    list_held,
    settle_all,
    settle_held,
)
from api.domain.accounts import Who
from api.http.auth import requires
from api.http.bodies import json_body


@get("/v1/sync/held", guards=[requires("sync")])
async def listed(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    cursor: Annotated[str | None, QueryParameter(max_length=1024)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_HELD)] = MOST_HELD,
) -> HeldPage:
    """The held ops of the library."""
    return await list_held(desk, who, limit, cursor)


@post("/v1/sync/held", status_code=200, guards=[requires("sync")], opt={"body": SettleWish})
async def settle_every(
    request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> SettledAll:
    """Confirm or discard all that is held, at most 5000 ops at once."""
    wish = await json_body(request, SettleWish)
    return await settle_all(desk, who, wish.action)


@post("/v1/sync/held/{op_id:str}", status_code=200, guards=[requires("sync")], opt={"body": SettleWish})
async def settle(
    op_id: FromPath[str], request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> SettleAnswer:
    """Confirm or discard a held op, with the whole of its group."""
    wish = await json_body(request, SettleWish)
    return await settle_held(desk, who, op_id, wish.action)
