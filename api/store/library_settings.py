"""What the owner of a library chose for it."""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.key_pattern import USUAL, Part, read_pattern
from api.store.database import Tx


async def key_pattern(tx: Tx, library_id: str) -> tuple[Part, ...]:
    """The parts of its new citation keys."""
    row = await tx.row("SELECT key_pattern FROM library WHERE id = :id", id=library_id)
    return read_pattern(row["key_pattern"]) if row and row["key_pattern"] else USUAL


async def set_key_pattern(tx: Tx, library_id: str, parts: Sequence[Part]) -> None:
    """Choose other parts; the keys that there are stay."""
    text = "" if tuple(parts) == USUAL else " ".join(parts)
    await tx.run("UPDATE library SET key_pattern = :text WHERE id = :id", text=text, id=library_id)
