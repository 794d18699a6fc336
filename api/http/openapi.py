"""`/openapi.json`: the whole contract as a document, made from the routes themselves."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig

from api.http.contract import contract


def _nothing_here(_: Request[Any, Any, Any]) -> None:
    raise NotFoundException


CONFIG = OpenAPIConfig(
    title="Scholium",
    version="1",
    # The framework's own pages are not ours: they load scripts from other hosts. It insists on making them.
    openapi_router=Router(
        "/openapi", route_handlers=[], include_in_schema=False, opt={"public": True}, before_request=_nothing_here
    ),
)


@get("/openapi.json", opt={"public": True}, include_in_schema=False)
async def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document."""
    state = request.app.state
    if "contract" not in state:  # made once: it costs a hundred times what a request may
        state["contract"] = contract(request.app)
    return Response(state["contract"], media_type="application/json")
