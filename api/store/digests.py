"""What a digest is made of: the live objects of a library in the order of their keys, a chunk at a time.

Refuses tombstones: a device that came late never had them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from api.domain.changes import Change
from api.store.database import Tx, in_list
from api.store.feed import changes_of
from api.store.objects import COLUMNS, state_of

CHUNK = 5000


async def versions(tx: Tx, library_id: str, after: str = "") -> AsyncIterator[list[tuple[str, int]]]:
    """Keys and versions after a key, in chunks."""
    while True:
        rows = await tx.rows(
            "SELECT key, version FROM object WHERE library_id = :library_id AND deleted = 0 AND key > :after "
            "ORDER BY key LIMIT :most",
            library_id=library_id,
            after=after,
            most=CHUNK,
        )
        if not rows:
            return
        yield [(row["key"], row["version"]) for row in rows]
        after = rows[-1]["key"]


async def changes(tx: Tx, library_id: str, keys: Collection[str]) -> list[Change]:
    """How the feed shows these objects, in the order of their keys."""
    text, values = in_list("k", keys)
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.key IN ({text}) ORDER BY o.key",
        library_id=library_id,
        **values,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})
