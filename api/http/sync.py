"""`/v1/sync/*`: push, pull and what keeps them honest, the floor that devices stand on."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter
from msgspec import Struct

from api.actions.compare_digest import BucketAnswer, DigestAnswer, DigestWish, compare_digest
from api.actions.desk import Desk
from api.actions.pull_changes import MOST_CHANGES, MOST_WAIT, PullAnswer, pull_changes
from api.actions.push_changes import PushAnswer, Quota, push_changes
from api.actions.read_head import read_head
from api.actions.read_index import MOST_ITEMS, IndexPage, read_index
from api.actions.resync import ResyncAnswer, ResyncWish, resync
from api.counters import Counters
from api.domain.accounts import Who
from api.domain.changes import SCHEMA, PushWish
from api.domain.clock import rfc3339
from api.http.auth import requires
from api.http.bodies import json_body


class SyncInfo(Struct, frozen=True):
    """What a device should know before it syncs."""

    schema_min: int
    schema_max: int
    epoch: str
    version: int
    library_id: str
    device_id: str
    server_time: str
    quota: Quota


@get("/v1/sync/info", guards=[requires("sync")])
async def info(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> SyncInfo:
    """Schema range, epoch, limits and the server's time."""
    head = await read_head(desk, who)
    return SyncInfo(
        SCHEMA, SCHEMA, head.epoch, head.version, who.library_id, who.device_id, rfc3339(desk.now()), Quota()
    )


@post("/v1/sync/push", status_code=200, guards=[requires("sync")], opt={"body": PushWish, "refusals": (410, 426)})
async def push(
    request: Request[Any, Any, Any],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    counters: NamedDependency[Counters],
) -> PushAnswer:
    """Take a batch of ops; one result each."""
    answer = await push_changes(desk, who, await json_body(request, PushWish))
    for status, many in Counter(result.status for result in answer.results).items():
        counters.add("scholium_sync_ops_total", many, result=status)
    return answer


@get("/v1/sync/pull", guards=[requires("sync")], opt={"answers": (304,), "refusals": (410,)})
async def pull(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    counters: NamedDependency[Counters],
    cursor: Annotated[str | None, QueryParameter(max_length=1024)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_CHANGES)] = MOST_CHANGES,
    wait: Annotated[float, QueryParameter(ge=0, le=MOST_WAIT)] = 0,
    tombstones: Annotated[bool, QueryParameter()] = False,
    if_none_match: Annotated[str | None, HeaderParameter(name="If-None-Match")] = None,
) -> Response[PullAnswer | None]:
    """The next page of what changed; 304 where nothing did and the client names its version."""
    page = await pull_changes(desk, who, cursor, limit, wait, tombstones=tombstones)
    counters.add("scholium_sync_changes_total", len(page.changes))
    etag = f'"{page.upto}"'
    if cursor and not page.changes and not page.more and if_none_match == etag:
        return Response(None, status_code=304, headers={"ETag": etag})
    return Response(page, headers={"ETag": etag})


@get("/v1/sync/index", guards=[requires("sync", "read")])
async def index(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    cursor: Annotated[str | None, QueryParameter(max_length=1024)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_ITEMS)] = MOST_ITEMS,
) -> IndexPage:
    """What is saved, newest first: entry key, identifiers, title, status."""
    return await read_index(desk, who, limit, cursor)


@post("/v1/sync/resync", status_code=200, guards=[requires("sync")], opt={"body": ResyncWish})
async def find_common(
    request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> ResyncAnswer:
    """How far back the device and the server tell the same history."""
    return await resync(desk, who, await json_body(request, ResyncWish))


@post("/v1/sync/digest", status_code=200, guards=[requires("sync")], opt={"body": DigestWish})
async def digest(
    request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> DigestAnswer | BucketAnswer:
    """Counts and sums of 256 buckets, or the objects of one of them."""
    return await compare_digest(desk, who, await json_body(request, DigestWish))
