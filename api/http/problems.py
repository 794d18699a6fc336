"""Errors as answers (RFC 9457): the only place that knows which error has which status code.

Refuses to say more than the error's own words: no stack, no SQL, no path, and of a request that was not understood
only which field it was.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from api.domain import errors
from api.domain.errors import ScholiumError
from api.http.headers import request_id

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
GONE = "client disconnected"  # what the framework says where a body ended before its end
STATUS: dict[type[ScholiumError], int] = {
    errors.BadInput: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.WrongHost: 421,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Resync: 410,
    errors.EditedMeanwhile: 412,
    errors.TooLarge: 413,
    errors.SchemaTooOld: 426,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
_CODES = {
    400: "bad_input",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}
AnyRequest = Request[Any, Any, Any]


def status_of(error: ScholiumError) -> int:
    """The status of an error: its own, or that of the nearest class above it."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    request: AnyRequest, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **extra: object
) -> Response[bytes]:
    """A problem as an answer."""
    content = {
        **extra,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id(request.scope),
    }
    body = msgspec.json.encode(content, enc_hook=str)
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _named(request: AnyRequest, error: ScholiumError) -> Response[bytes]:
    headers = {}
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.extra:
        headers["Retry-After"] = str(error.extra["retry_after"])
    return problem(request, status_of(error), error.code, error.detail, headers, **error.extra)


def framework(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refused by itself, as a problem."""
    status = error.status_code
    if status >= 500 and GONE in error.detail:  # no failure of ours, and nobody hears the answer
        return problem(request, 400, "bad_input", "the request was cut off")
    if status >= 500:
        return _unknown(request, error)
    fields = _fields(error)
    code = _CODES.get(status, "bad_input")
    if any("unknown field" in str(field.get("message", "")) for field in fields):
        code = "unknown_field"
    detail = HTTPStatus(status).phrase
    if status == HTTPStatus.BAD_REQUEST:
        # The framework's own words may repeat the address with all that stands in it.
        detail = "; ".join(str(f["message"]) for f in fields) or "the request is not what this route takes"
    elif error.detail and status != HTTPStatus.NOT_FOUND:
        detail = error.detail
    return problem(request, status, code, detail, error.headers, **({"errors": fields} if fields else {}))


def _fields(error: HTTPException) -> list[dict[str, object]]:
    # Parameters that share a name with a builtin end in an underscore in our code, and nowhere outside.
    extra = error.extra if isinstance(error.extra, list) else []
    return [
        {"field": str(one.get("key", "")).rstrip("_"), "message": str(one.get("message", ""))}
        for one in extra
        if isinstance(one, dict)
    ]


def _garbled(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Bytes that are no UTF-8, nesting without end, numbers and dates out of range: msgspec raises these bare."""
    log.warning("request %s was not understood: %s", request_id(request.scope), type(error).__name__, exc_info=error)
    return problem(request, 400, "bad_input", "the body is not what this route takes")


def _unknown(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.error("request %s failed", request_id(request.scope), exc_info=error)
    return problem(request, 500, "internal_error", "something went wrong here; the request id finds it in the log")


HANDLERS: ExceptionHandlersMap = {
    ScholiumError: _named,
    HTTPException: framework,
    UnicodeError: _garbled,
    RecursionError: _garbled,
    OverflowError: _garbled,
    Exception: _unknown,
}
