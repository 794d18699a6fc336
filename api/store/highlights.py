"""Live highlights and lists of a library. Refuses highlights whose entry lies in the trash."""

from __future__ import annotations

from collections.abc import Collection

from api.domain.changes import Change
from api.domain.fields import TextQuoteSelector
from api.domain.highlights import highlight_of
from api.store.database import Tx, Value, in_list
from api.store.feed import changes_of
from api.store.objects import COLUMNS, aliases_of, state_of

ALL = 2**31 - 1  # a limit that limits nothing


async def page(tx: Tx, library_id: str, entry_id: str | None, after_key: str, limit: int) -> list[Change]:
    """Highlights (of one entry, or all) in the order of their keys, after a key."""
    of_entry, key, values = "", "o.key", dict[str, Value]()
    if entry_id:
        parents = (entry_id, *(await aliases_of(tx, library_id, [entry_id])).get(entry_id, ()))
        text, values = in_list("k", parents)
        of_entry, key = f"AND o.parent_key IN ({text}) ", "o.key || ''"  # few: not by the index of all objects' keys
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o JOIN object e ON e.library_id = o.library_id AND e.key = o.parent_key "
        "WHERE o.library_id = :library_id AND o.type = 'highlight' AND o.deleted = 0 "
        f"AND (e.deleted = 0 OR e.merged_into IS NOT NULL) {of_entry}AND {key} > :after ORDER BY {key} LIMIT :most",
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
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'highlight' AND +o.deleted = 0 "
        f"AND o.parent_key IN ({text})",  # the sign keeps SQLite from walking over all that lives, in another order
        library_id=library_id,
        **values,
    )
    return await changes_of(
        tx, library_id, {row["key"]: state_of(row) for row in sorted(rows, key=lambda row: str(row["key"]))}
    )


async def texts_of(tx: Tx, library_id: str, entry_ids: Collection[str]) -> dict[str, list[str]]:
    """What these entries' highlights quote and remark, by entry."""
    found: dict[str, list[str]] = {}
    for change in await of_entries(tx, library_id, entry_ids):
        one = highlight_of(change)
        quotes = [s.exact for s in one.selectors or [] if isinstance(s, TextQuoteSelector)]
        found.setdefault(one.entry_id or "", []).extend([*quotes, *([one.comment] if one.comment else [])])
    return found


async def lists(tx: Tx, library_id: str, after_key: str, limit: int) -> list[Change]:
    """Lists in the order of their keys, after a key."""
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM object o WHERE o.library_id = :library_id AND o.type = 'list' AND o.deleted = 0 "
        "AND o.key || '' > :after ORDER BY o.key || '' LIMIT :most",  # few, as above
        library_id=library_id,
        after=after_key,
        most=limit,
    )
    return await changes_of(tx, library_id, {row["key"]: state_of(row) for row in rows})
