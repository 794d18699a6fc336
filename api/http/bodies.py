"""JSON bodies read straight into their type, for routes whose bodies hold parts that are read later, one by one.

The framework would decode the whole into dicts first and knows no raw parts. Refuses what is no JSON, wrong types and
unknown fields. An unpaired surrogate becomes NUL, which every text field refuses by itself, so that one bad op of a
push does not take its neighbours down.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from litestar import Request

from api.domain.errors import BadInput, UnknownField

T = TypeVar("T")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)


async def json_body(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """The body as this type; raises BadInput or UnknownField."""
    body = await request.body()
    if b"\\ud" in body or b"\\uD" in body:
        body = _ESCAPE.sub(lambda match: rb"\u0000" if match.group(1) else match.group(0), body)
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as wrong:
        raise (UnknownField if "unknown field" in str(wrong) else BadInput)(str(wrong)) from None
    except msgspec.DecodeError as wrong:
        raise BadInput(f"the body is no JSON: {wrong}") from None
