"""`/openapi.json`: the whole contract as a document, made from the routes themselves."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.openapi import OpenAPIConfig

CONFIG = OpenAPIConfig(
    title="Scholium",
    version="1",
    # The framework's own pages are not ours: they load scripts from other hosts.
    openapi_router=Router("/openapi", route_handlers=[], include_in_schema=False, opt={"public": True}),
)


@get("/openapi.json", opt={"public": True}, include_in_schema=False)
async def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document."""
    return Response(msgspec.json.encode(request.app.openapi_schema.to_schema()), media_type="application/json")
