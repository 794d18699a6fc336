"""What several routes ask for alike: the filters of a list of entries, and a version in `If-Match`."""

from __future__ import annotations

from typing import Annotated

from litestar.params import HeaderParameter, QueryParameter

from api.domain.clock import read_rfc3339
from api.domain.entries import MOST_WORDS, EntryFilter, Has
from api.domain.errors import BadInput
from api.domain.fields import TIME_SCHEMA, Status

IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", schema_extra={"pattern": r'^(\*|(W/)?"?[0-9]{1,16}"?)$'}),
]
Since = Annotated[str | None, QueryParameter(max_length=64, schema_extra=TIME_SCHEMA)]


def entry_filter(
    tag: list[str] | None,
    list_: str | None,
    status: Status | None,
    has: list[Has] | None,
    q: str | None,
    since: str | None,
) -> EntryFilter:
    """The filter that query parameters name; raises BadInput for a `since` that is no time."""
    try:
        since_ms = read_rfc3339(since) if since is not None else None
    except ValueError as wrong:
        raise BadInput(f"since: {wrong}") from None
    words = tuple((q or "").split()[:MOST_WORDS])
    return EntryFilter(tuple(tag or ()), list_, status, tuple(has or ()), words, since_ms)


def version_of(if_match: str | None) -> int | None:
    """The version that an `If-Match` header names; raises BadInput for what is no version."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 16:
        raise BadInput("If-Match must be a version in quotes")
    return int(text)
