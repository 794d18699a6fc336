"""Read and choose the pattern of a library's citation keys.

Refuses to touch a key that there is: a key that somebody may have cited stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from api.actions.desk import Desk
from api.domain.citekeys import propose
from api.domain.key_pattern import Part, checked_pattern
from api.domain.papers import Author, Paper
from api.store import library_settings

_SAMPLE = Paper(
    id="",
    kind="inproceedings",
    title="Attention is all you need",
    authors=tuple(Author(family=name) for name in ("Vaswani", "Shazeer", "Parmar", "Uszkoreit")),
    year=2017,
)


class KeyPattern(Struct, frozen=True):
    """The parts of new keys, and the key that a known paper would get."""

    parts: tuple[Part, ...]
    example: str


async def get_key_pattern(desk: Desk, library_id: str) -> KeyPattern:
    """The pattern as it is."""
    parts = await desk.database.read(lambda tx: library_settings.key_pattern(tx, library_id))
    return KeyPattern(parts, propose(_SAMPLE, parts))


async def set_key_pattern(desk: Desk, library_id: str, parts: Sequence[Part]) -> KeyPattern:
    """Another pattern for the keys to come; raises BadInput."""
    checked = checked_pattern(parts)
    await desk.database.write(lambda tx: library_settings.set_key_pattern(tx, library_id, checked))
    return KeyPattern(checked, propose(_SAMPLE, checked))
