"""Form bodies (`application/x-www-form-urlencoded`) as text fields.

Refuses bytes that are no UTF-8, NUL, and more fields than any form of ours has. Not the framework's own reader: that
one keeps the last thousand forms in memory, passwords and all, and puts a mark for bytes that it cannot read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from api.domain.errors import BadInput, BadText

MOST_FIELDS = 50


async def form_fields(request: Request[Any, Any, Any], most: int = MOST_FIELDS) -> dict[str, str]:
    """The fields of a form by name, the last one where a name comes twice; raises BadInput."""
    try:
        text = (await request.body()).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=most, errors="strict")
    except UnicodeError:
        raise BadText("the form is not valid UTF-8") from None
    except ValueError:
        raise BadInput(f"a form has at most {most} fields") from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise BadText("the form holds NUL")
    return dict(pairs)
