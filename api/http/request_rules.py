"""What a request may look like before anybody reads it.

Refuses query parameters that the route does not know, NUL and bytes that are no UTF-8 in an address, bodies of
another media type than the route takes (so that no foreign page can post one without being asked first), and
encoded bodies, whose size nobody knows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from api.domain.errors import BadInput, BadText, UnknownField

AnyConnection = ASGIConnection[Any, Any, Any, Any]
JSON = ("application/json",)
FORM = ("application/x-www-form-urlencoded",)
MOST_PARAMETERS = 100
_BODILESS = ("GET", "HEAD", "OPTIONS")


async def request_rules(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A guard for every route: JSON under `/v1/`, forms elsewhere, or what `opt={"bodies": (media type, …)}` names."""
    _check_address(connection)
    if isinstance(handler, HTTPRouteHandler):
        _check_query(connection)
    if connection.scope.get("method") not in _BODILESS:
        usual = JSON if connection.scope["path"].startswith("/v1/") else FORM
        _check_body(connection, handler.opt.get("bodies", usual))


def _check_address(connection: AnyConnection) -> None:
    raw = connection.scope["query_string"].replace(b"+", b" ")
    path = connection.scope["path"]
    try:
        query = unquote_to_bytes(raw).decode("utf-8")
        path.encode("utf-8")
    except UnicodeError:
        raise BadText("the address is not valid UTF-8") from None
    if "\0" in query or "\0" in path or "\N{REPLACEMENT CHARACTER}" in path:
        raise BadText("the address holds what is no text")


def _check_query(connection: AnyConnection) -> None:
    given = connection.query_params
    if not given:
        return
    if len(list(given.multi_items())) > MOST_PARAMETERS:
        raise BadInput(f"more than {MOST_PARAMETERS} query parameters")
    unknown = set(given.keys()) - _known(connection)
    if unknown:
        raise UnknownField(f"unknown query parameter {sorted(unknown)[0][:100]!r}")


def _known(connection: AnyConnection) -> frozenset[str]:
    """The query parameters that the route declares, its dependencies' among them."""
    return _declared(connection.scope["route_handler"], frozenset(connection.scope["path_params"]))


@lru_cache(maxsize=1024)
def _declared(handler: BaseRouteHandler, path_parameters: frozenset[str]) -> frozenset[str]:
    names: Any = dict.fromkeys(path_parameters)  # only the names are looked at
    model = handler.create_kwargs_model(path_parameters=names)
    return frozenset(one.field_alias for one in model.expected_query_params)


def _check_body(connection: AnyConnection, media_types: tuple[str, ...]) -> None:
    headers = connection.headers
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ClientException("bodies are taken as they are, without Content-Encoding", status_code=415)
    if headers.get("content-length", "") in ("", "0") and "transfer-encoding" not in headers:
        return
    media_type, _, options = headers.get("content-type", "").partition(";")
    charset = options.strip().lower().replace('"', "").partition("charset=")[2] or "utf-8"
    if media_type.strip().lower() not in media_types or charset.partition(";")[0].strip() not in ("utf-8", "utf8"):
        raise ClientException(f"the body must be {' or '.join(media_types)}", status_code=415)
