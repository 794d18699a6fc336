"""Searches that a person keeps, by library."""

from __future__ import annotations

from api.domain.saved_searches import SavedSearch
from api.store.database import Tx, Value, upsert


async def listed(tx: Tx, library_id: str) -> list[SavedSearch]:
    """All of a library, by name."""
    rows = await tx.rows(
        "SELECT s.id, s.name, s.query, s.created_at FROM saved_search s WHERE s.library_id = :library_id",
        library_id=library_id,
    )
    found = [SavedSearch(row["id"], row["name"], row["query"], row["created_at"]) for row in rows]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


async def put(tx: Tx, library_id: str, search: SavedSearch) -> None:
    """Keep one, or what it is now."""
    row: dict[str, Value] = {
        "library_id": library_id,
        "id": search.id,
        "name": search.name,
        "query": search.query,
        "created_at": search.created_at,
    }
    await upsert(tx, "saved_search", ("library_id", "id"), [row])


async def remove(tx: Tx, library_id: str, search_id: str) -> None:
    """Keep one no longer."""
    await tx.run(
        "DELETE FROM saved_search WHERE library_id = :library_id AND id = :id", library_id=library_id, id=search_id
    )
