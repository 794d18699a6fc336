"""Tombstones purged: deletions that are old enough are forgotten, and the floor says up to which version.

A device whose cursor is below the floor may have missed one of them, and starts anew. Refuses to purge a key that was
merged while its survivor is there: members and ops may name it for ever.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.store.database import Row, Tx, in_list

_SIZE = 1000  # keys in one statement
_OLD = (
    "library_id = :library_id AND deleted = 1 AND updated_at < :before AND (merged_into IS NULL OR NOT EXISTS "
    "(SELECT 1 FROM object s WHERE s.library_id = object.library_id AND s.key = object.merged_into))"
)


async def libraries_with_old(tx: Tx, before_ms: int) -> list[str]:
    """The libraries that hold deletions older than this, sorted."""
    rows = await tx.rows(
        "SELECT DISTINCT library_id FROM object WHERE deleted = 1 AND merged_into IS NULL AND updated_at < :before "
        "ORDER BY library_id",
        before=before_ms,
    )
    return [row["library_id"] for row in rows]


async def purge(tx: Tx, library_id: str, before_ms: int) -> int:
    """Forget the deletions that are older than this, and raise the floor to the latest of them; returns how many.

    What was merged into a forgotten object goes with it.
    """
    await tx.lock(f"library:{library_id}")
    count = 0
    while rows := await _old(tx, library_id, before_ms):
        await _drop(tx, library_id, [row["key"] for row in rows])
        await _raise_floor(tx, library_id, max(row["version"] for row in rows))
        count += len(rows)
    return count


async def _old(tx: Tx, library_id: str, before_ms: int) -> Sequence[Row]:
    return await tx.rows(
        f"SELECT key, version FROM object WHERE {_OLD} ORDER BY version LIMIT :most",
        library_id=library_id,
        before=before_ms,
        most=_SIZE,
    )


async def _drop(tx: Tx, library_id: str, keys: list[str]) -> None:
    text, values = in_list("k", keys)
    await tx.run(
        f"DELETE FROM member WHERE library_id = :library_id AND key IN ({text})", library_id=library_id, **values
    )
    await tx.run(
        f"DELETE FROM citekey WHERE library_id = :library_id AND entry_key IN ({text})",
        library_id=library_id,
        **values,
    )
    await tx.run(
        f"DELETE FROM object WHERE library_id = :library_id AND key IN ({text})", library_id=library_id, **values
    )


async def _raise_floor(tx: Tx, library_id: str, version: int) -> None:
    """Raise the floor. Commits below it stay: after a restore they tell what a device and the server have in common."""
    await tx.run(
        "UPDATE library SET floor = :version WHERE id = :library_id AND floor < :version",
        version=version,
        library_id=library_id,
    )
