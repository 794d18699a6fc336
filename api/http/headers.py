"""What every answer carries: a request id, and headers that keep browsers from doing more with it than was meant.

Refuses nothing; a handler that sets one of these headers itself knows better.
"""

from __future__ import annotations

import secrets

from litestar.datastructures import MutableScopeHeaders
from litestar.routes import HTTPRoute
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from api.tracing import is_plain

_KEY = "scholium_request_id"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ANSWER = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
# Under no-referrer a browser sends `Origin: null` with our own forms, and we could not tell them from foreign ones.
_DONE = 204
_PAGE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}


def request_id(scope: Scope) -> str:
    """The id of this request: the client's own where it is a plain one, else one made when it is first asked for."""
    state: dict[str, object] = scope["state"]
    if _KEY not in state:
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        state[_KEY] = given if is_plain(given) else secrets.token_hex(8)
    return str(state[_KEY])


def headers_hook(*, tls: bool) -> BeforeMessageSendHookHandler:
    """A hook that adds the headers to each answer; with `tls` browsers are told to stay on it."""
    fixed = dict(_ALWAYS)
    if tls:
        fixed["Strict-Transport-Security"] = "max-age=31536000"
    on_pages, on_answers = _encoded(fixed | _PAGE), _encoded(fixed | _ANSWER)

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        if scope.get("method") == "OPTIONS" and message["status"] == _DONE:
            MutableScopeHeaders.from_message(message)["Allow"] = _methods_of(scope)
        given = {name.lower(): value for name, value in message["headers"]}
        is_page = given.get(b"content-type", b"").startswith(b"text/html")
        added = [(name, value) for name, value in (on_pages if is_page else on_answers) if name not in given]
        message["headers"] = [*message["headers"], (b"x-request-id", request_id(scope).encode("latin-1")), *added]

    return add


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _methods_of(scope: Scope) -> str:
    """The methods of a path; the framework names those of one handler alone."""
    found = {"OPTIONS"}
    for route in scope["litestar_app"].routes:
        if isinstance(route, HTTPRoute) and route.path_format == scope.get("path_template"):
            found |= set(route.methods)
    return ", ".join(sorted(found))
