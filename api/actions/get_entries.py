"""Get entries by their ids, those that are gone left out: what a page asks for that already shows them."""

from __future__ import annotations

from collections.abc import Sequence

from api.actions.desk import Desk
from api.domain.entries import MOST_PAGE, ShelvedEntry
from api.domain.errors import TooLarge
from api.store import entries


async def get_entries(desk: Desk, library_id: str, keys: Sequence[str]) -> list[ShelvedEntry]:
    """The live entries with these keys, in the order given, each once; raises TooLarge over a page's worth."""
    wanted = list(dict.fromkeys(keys))
    if len(wanted) > MOST_PAGE:
        raise TooLarge(f"at most {MOST_PAGE} entries at once")
    found = await desk.database.read(lambda tx: entries.get_many(tx, library_id, wanted))
    return [found[key] for key in wanted if key in found]
