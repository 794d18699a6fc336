"""Papers like this: the entries of a library that share the most telling words with one (tf-idf), or its meaning.

Refuses an entry that is not in the library.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.entries import ShelvedEntry
from api.domain.errors import NotFound
from api.meaning import Sought
from api.store import entries, meanings, search_near, search_reading
from api.store.database import Tx

MOST_ALIKE = 6
CATCH_UP = 300  # changes that are read before


async def find_alike(desk: Desk, library_id: str, entry_id: str) -> list[ShelvedEntry]:
    """The entries most like this one, the likest first, at most six; raises NotFound."""
    if await desk.database.read(lambda tx: search_reading.is_behind(tx, library_id)):
        await desk.database.write(lambda tx: search_reading.read_on(tx, library_id, CATCH_UP))

    async def sought(tx: Tx) -> Sought | None:
        meaning = desk.meaning
        vector = await meanings.get(tx, library_id, meaning.name, entry_id) if meaning else None
        return Sought(meaning, vector) if meaning and vector else None

    async def work(tx: Tx) -> list[ShelvedEntry]:
        if entry_id not in await entries.get_many(tx, library_id, [entry_id]):
            raise NotFound("no such entry")
        keys = (await search_near.alike(tx, library_id, entry_id, await sought(tx)))[:MOST_ALIKE]
        found = await entries.get_many(tx, library_id, keys)
        return [found[key] for key in keys if key in found]

    return await desk.database.read(work)
