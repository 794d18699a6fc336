"""The slim index of a library: which papers are saved, newest first, and nothing more of them.

Refuses entries in the trash. Small enough that a badge knows what is saved long before a first sync is through.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from api.store import papers
from api.store.database import Row, Tx

_PLACE = "COALESCE(o.saved_at, '')"  # the very expression of the index `object_shelf`

IndexItem = tuple[str, list[str], str, str]  # entry key, identifiers `scheme:value`, title, status


class _Slim(Struct):
    """The part of a paper's record that the index shows."""

    identifiers: dict[str, list[str]] = {}


class _Said(Struct):
    """The part of a library's corrections that the index shows."""

    title: str | None = None


async def page(
    tx: Tx, library_id: str, limit: int, after: tuple[str, str] | None
) -> tuple[list[IndexItem], tuple[str, str] | None]:
    """A page of the index, and the place to go on from: the last one's `saved_at` and key; None at the end."""
    saved_at, key = after or ("", "")
    below = "" if after is None else f"AND ({_PLACE}, o.key) < (:saved_at, :key) "
    rows = await tx.rows(
        f"SELECT o.key, o.status, {_PLACE} AS saved_at, p.title, p.record, c.fields AS corrected "
        f"FROM object o JOIN paper p ON p.id = o.paper_id {papers.CORRECTED.format('o.library_id')} "
        f"WHERE o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0 {below}"
        f"ORDER BY {_PLACE} DESC, o.key DESC LIMIT :most",
        library_id=library_id,
        most=limit + 1,
        **({"saved_at": saved_at, "key": key} if after else {}),
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return [_item(row) for row in rows[:limit]], (last["saved_at"], last["key"]) if last else None


def _item(row: Row) -> IndexItem:
    named = msgspec.json.decode(row["record"], type=_Slim).identifiers
    identifiers = [f"{scheme}:{value}" for scheme in sorted(named) for value in named[scheme]]
    said = msgspec.json.decode(row["corrected"], type=_Said).title if row["corrected"] else None
    return row["key"], identifiers, said or row["title"], row["status"]
