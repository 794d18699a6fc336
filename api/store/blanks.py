"""The trash emptied: of what has lain there for long only the tombstone stays, and nothing that a person wrote.

Refuses to touch what became another object: its survivor may be taken apart again.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.domain.edits import edit_now
from api.store import objects
from api.store.batches import open_batch
from api.store.database import Tx, in_list

SERVER = "server"  # the device that deletes the highlights of an emptied entry
_MOST = 200  # objects of the trash in one transaction
_MOST_HIGHLIGHTS = 1000  # that go with them
_OLD = "deleted = 1 AND blank = 0 AND merged_into IS NULL AND type <> 'paper' AND updated_at < :before"


async def libraries_with_old(tx: Tx, before_ms: int) -> list[str]:
    """The libraries whose trash holds something older than this, sorted."""
    rows = await tx.rows(f"SELECT DISTINCT library_id FROM object WHERE {_OLD} ORDER BY library_id", before=before_ms)
    return [row["library_id"] for row in rows]


async def empty_some(tx: Tx, library_id: str, before_ms: int, now_ms: int) -> int:
    """Empty some of what came into the trash before this; returns how many objects, 0 where nothing is left.

    The highlights of an emptied entry can never be seen again: they are deleted and emptied with it.
    """
    await tx.lock(f"library:{library_id}")
    rows = await tx.rows(
        f"SELECT key FROM object WHERE library_id = :library_id AND {_OLD} ORDER BY updated_at, key LIMIT :most",
        library_id=library_id,
        before=before_ms,
        most=_MOST,
    )
    keys = [row["key"] for row in rows]
    highlights = await _delete_highlights(tx, library_id, keys, now_ms) if keys else []
    emptied = highlights if len(highlights) == _MOST_HIGHLIGHTS else keys + highlights  # the entries last
    if emptied:
        await _blank(tx, library_id, emptied)
    return len(emptied)


async def _delete_highlights(tx: Tx, library_id: str, entries: list[str], now_ms: int) -> list[str]:
    """Delete what lives on these entries, under all their names, so that devices hear of it; returns the keys."""
    names = [name for merged in (await objects.aliases_of(tx, library_id, entries)).values() for name in merged]
    text, values = in_list("e", entries + names)
    rows = await tx.rows(
        f"SELECT key FROM object WHERE library_id = :library_id AND deleted = 0 AND parent_key IN ({text}) "
        "ORDER BY key LIMIT :most",
        library_id=library_id,
        most=_MOST_HIGHLIGHTS,
        **values,
    )
    keys = [row["key"] for row in rows]
    edits = [edit_now("highlight", key, SERVER, now_ms, op="delete", index=n) for n, key in enumerate(keys)]
    batch = await open_batch(tx, library_id, edits)
    for edit in edits:
        batch.take(edit.key, edit)
    if edits:
        await objects.save(tx, library_id, batch, now_ms)
    return keys


async def _blank(tx: Tx, library_id: str, keys: Sequence[str]) -> None:
    text, values = in_list("k", keys)
    where = f"library_id = :library_id AND {{}} IN ({text})"
    await tx.run(
        "UPDATE object SET blank = 1, fields = '{}', stamps = '{}', other_versions = '{}', paper_id = NULL, "
        "parent_key = NULL, name_folded = NULL, citekey = NULL, has_note = 0, status = NULL, saved_at = NULL "
        f"WHERE {where.format('key')}",
        library_id=library_id,
        **values,
    )
    await tx.run(f"DELETE FROM member WHERE {where.format('key')}", library_id=library_id, **values)
    await tx.run(f"DELETE FROM citekey WHERE {where.format('entry_key')}", library_id=library_id, **values)
