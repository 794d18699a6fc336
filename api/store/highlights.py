"""Live highlights and lists of a library. Refuses highlights whose entry lies in the trash."""

from __future__ import annotations

from collections.abc import Collection

from api.domain.changes import Change
from api.store.database import Tx, in_list
from api.store.feed import changes_of
from api.store.objects import COLUMNS, aliases_of, state_of

ALL = 2**31 - 1  # a limit that limits nothing


async def page(tx: Tx, library_id: str, entry_id: str | None, after_key: str, limit: int) -> list[Change]:
    """Highlights (of one entry, or all) in the order of their keys, after a key."""
    of_entry = "AND (o.parent_key = :entry OR e.merged_into = :entry) " if entry_id else ""
    values = {"entry": entry_id} if entry_id else {}
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o JOIN object e ON e.library_id = o.library_id AND e.key = o.parent_key "
        "WHERE o.library_id = :library_id AND o.type = 'highlight' AND o.deleted = 0 "
        f"AND (e.deleted = 0 OR e.merged_into IS NOT NULL) {of_entry}AND o.key > :after ORDER BY o.key LIMIT :most",
        library_id=library_id,
        after=after_key,
        most=limit,
        **values,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})


async def of_entries(tx: Tx, library_id: str, entry_ids: Collection[str]) -> list[Change]:
    """The highlights of these entries and of those that were merged into them, in the order of their keys."""
    aliases = await aliases_of(tx, library_id, entry_ids)
    parents = {*entry_ids, *(name for names in aliases.values() for name in names)}
    text, values = in_list("k", sorted(parents))
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'highlight' AND o.deleted = 0 "
        f"AND o.parent_key IN ({text}) ORDER BY o.key",
        library_id=library_id,
        **values,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})


async def lists(tx: Tx, library_id: str, after_key: str, limit: int) -> list[Change]:
    """Lists in the order of their keys, after a key."""
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'list' AND o.deleted = 0 "
        "AND o.key > :after ORDER BY o.key LIMIT :most",
        library_id=library_id,
        after=after_key,
        most=limit,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})
