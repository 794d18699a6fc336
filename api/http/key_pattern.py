"""`/v1/library/key-pattern`: of which parts new citation keys are made."""

from __future__ import annotations

from typing import Annotated

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.actions.keep_key_pattern import KeyPattern, get_key_pattern, set_key_pattern
from api.domain.accounts import Who
from api.domain.key_pattern import MOST_PARTS, Part
from api.http.auth import requires


class PatternWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The parts in their order."""

    parts: Annotated[list[Part], Meta(min_length=1, max_length=MOST_PARTS)]


@get("/v1/library/key-pattern", guards=[requires("read")])
async def shown(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> KeyPattern:
    """The pattern, and the key that a known paper would get."""
    return await get_key_pattern(desk, who.library_id)


@put("/v1/library/key-pattern", guards=[requires("save")])
async def chosen(data: JSONBody[PatternWish], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> KeyPattern:
    """Another pattern for the keys to come; keys that there are stay."""
    return await set_key_pattern(desk, who.library_id, data.parts)
