"""The contract as an OpenAPI document, made of the routes and of the very types that read and write their bodies.

The framework finds the routes and their parameters; it loses the constraints of list items and knows nothing of our
errors, so bodies and answers are described by msgspec, which checks them. A route says in its `opt` what its signature
cannot: `body` (the type that its handler reads by itself), `form` (that of a form), `answers` (other
statuses than its usual one) and `media` (what it sends, where that is no JSON).
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from api.http.problems import MEDIA_TYPE as PROBLEM
from api.http.request_rules import FORM, JSON

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"
_BEARER = {"type": "http", "scheme": "bearer", "description": "an access token, or a personal one (`sch_…`)"}
_EVERYWHERE = (400, 421, 429, 503)
_NO_NUL = "^[^\\u0000]*$"
_MULTIPART = "multipart/form-data"
_FILE: Json = {"type": "string", "format": "binary", "minLength": 1}
_DOCUMENT: Json = {"type": ["object", "array"]}
_PART: Json = {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}


class Problem(Struct, frozen=True):
    """RFC 9457; rely on `code`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


class Refusal(Struct, frozen=True):
    """RFC 6749 5.2."""

    error: str
    error_description: str


class _Route(Struct, frozen=True):
    """One operation: where it is, who handles it, and the framework's draft of it."""

    path: str
    method: str
    handler: HTTPRouteHandler
    draft: Json

    @property
    def body(self) -> Any:
        """The type of its body, if it takes one."""
        field, opt = self.handler.parsed_data_field, self.handler.opt
        return opt.get("body", opt.get("form", field.annotation if field else None))

    @property
    def answers(self) -> tuple[Any, ...]:
        """The types of its answer, one of which it is; none where that is no JSON."""
        if "media" in self.handler.opt:
            return ()
        found = self.handler.parsed_return_field.annotation
        found = get_args(found)[0] if get_origin(found) is Response else found
        each = get_args(found) if isinstance(found, UnionType) else (found,)
        return tuple(one for one in each if one is not type(None))


def contract(app: Litestar) -> bytes:
    """The document."""
    drawn = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    routes = list(_routes(app, drawn["paths"]))
    types = [each for route in routes for each in (route.body, *route.answers) if each is not None]
    shapes, parts = msgspec.json.schema_components([*types, Problem, Refusal], ref_template=_REF)
    named = dict(zip(map(repr, [*types, Problem, Refusal]), shapes, strict=True))
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, named)
    schemes = {"bearer": _BEARER}
    parts = {name: _plain(part) for name, part in parts.items()}
    found = drawn | {"paths": paths, "components": {"schemas": parts, "securitySchemes": schemes}}
    return msgspec.json.encode(found, order="deterministic")


def _plain(schema: Any) -> Any:
    """A schema whose texts hold no NUL."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain(one) for name, one in schema.items()}
    if found.get("type") == "string" and not found.keys() & {"pattern", "enum", "const", "format"}:
        found["pattern"] = _NO_NUL
    return found


def _routes(app: Litestar, drafts: Json) -> Iterator[_Route]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods):
                    draft = drafts.get(route.path_format, {}).get(method.lower())
                    if draft is not None and method != "OPTIONS":
                        yield _Route(route.path_format, method, handler, draft)


def _operation(route: _Route, named: Json) -> Json:
    opt = route.handler.opt
    found = {
        "operationId": route.draft["operationId"],
        "summary": (route.handler.fn.__doc__ or "").strip().partition("\n")[0],
        "parameters": [_parameter(one) for one in route.draft.get("parameters", [])],
        "responses": _answers(route, named),
        "security": [] if opt.get("public") else [{"bearer": []}],
    }
    body = _body(route, named)
    return found | ({"requestBody": body} if body else {})


def _parameter(drawn: Json) -> Json:
    """A parameter without the null that none can be, its constraints beside what they are of."""
    schema = dict(drawn["schema"])
    for one in schema.pop("oneOf", ()):
        if one != {"type": "null"}:
            schema = one | schema
    if isinstance(schema.get("type"), list):
        schema["type"] = next(one for one in schema["type"] if one != "null")
    if "enum" in schema:
        schema["enum"] = ["null" if one is None else one for one in schema["enum"]]  # the word says nothing, too
    found = {"name": drawn["name"], "in": drawn["in"], "required": drawn["required"], "schema": schema}
    plain: Json = _plain(found)
    return plain


def _body(route: _Route, named: Json) -> Json | None:
    opt = route.handler.opt
    if route.body is not None:
        media = FORM if "form" in opt else JSON
        return {"required": True, "content": {media[0]: {"schema": named[repr(route.body)]}}}
    shapes = {_MULTIPART: _PART, JSON[0]: _DOCUMENT}
    files: Json = {media: {"schema": shapes.get(media, _FILE)} for media in opt.get("bodies", ())}
    return {"required": True, "content": files} if files else None


def _answers(route: _Route, named: Json) -> Json:
    opt, usual = route.handler.opt, route.handler.status_code
    found = {str(status): _good(route, status, named) for status in (usual, *opt.get("answers", ()))}
    is_oauth = route.path.startswith("/oauth/")
    media, shape = (JSON[0], named[repr(Refusal)]) if is_oauth else (PROBLEM, named[repr(Problem)])
    for status in _refusals(route):
        refusal = {"description": HTTPStatus(status).phrase, "content": {media: {"schema": shape}}}
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            refusal["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
        found.setdefault(str(status), refusal)
    return found


def _good(route: _Route, status: int, named: Json) -> Json:
    found: Json = {"description": HTTPStatus(status).phrase}
    if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        return found
    media = route.handler.opt.get("media", JSON)
    each = [named[repr(one)] for one in route.answers]
    schema = {"anyOf": each} if len(each) > 1 else each[0] if each else {}
    return found | {"content": {one: {"schema": schema} for one in media}}


def _refusals(route: _Route) -> list[int]:
    opt = route.handler.opt
    found = list(_EVERYWHERE)
    if not opt.get("public"):
        found += [401, 403]
    if "{" in route.path:
        found += [404]
    if route.method not in ("GET", "HEAD"):
        found += [409, 413, 415]
    if any(one["name"] == "If-Match" for one in route.draft.get("parameters", [])):
        found += [412]
    return [*found, *opt.get("refusals", ())]
