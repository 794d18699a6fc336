"""What objects are called, for a page that knows only their keys: what is held, a log."""

from __future__ import annotations

from collections.abc import Collection

from api.actions.desk import Desk
from api.store import trash


async def name_objects(desk: Desk, library_id: str, keys: Collection[str]) -> dict[str, str]:
    """Names by key, in the trash or not; an unknown key is left out, and a name may be empty."""
    return await desk.database.read(lambda tx: trash.names_of_keys(tx, library_id, keys))
