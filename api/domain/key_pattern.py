"""How a library makes its citation keys: a row of parts, no formulas.

Refuses a pattern that tells no two papers apart, and one that begins with a separator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from api.domain.errors import BadInput

Part = Literal[
    "author",
    "Author",
    "authors",
    "Authors",
    "year",
    "shortyear",
    "title",
    "Title",
    "words",
    "Words",
    "-",
    "_",
    ":",
    ".",
]
PARTS: tuple[Part, ...] = get_args(Part)
USUAL: tuple[Part, ...] = ("author", "year", "title")
MOST_PARTS = 12
_SEPARATORS = "-_:."


def checked_pattern(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts as they are; raises BadInput for none, too many, and for separators alone or first."""
    if not 1 <= len(parts) <= MOST_PARTS:
        raise BadInput(f"a citation key has 1 to {MOST_PARTS} parts")
    if parts[0] in _SEPARATORS:
        raise BadInput("a citation key begins with a letter, not with a separator")
    return tuple(parts)


def read_pattern(text: str) -> tuple[Part, ...]:
    """Parts with spaces between them, as a person types them; raises BadInput that names a word that is none."""
    parts: list[Part] = []
    for word in text.split():
        part = next((one for one in PARTS if one == word), None)
        if part is None:
            raise BadInput(f"“{word[:30]}” is no part of a citation key; the parts are {' '.join(PARTS)}")
        parts.append(part)
    return checked_pattern(parts)
