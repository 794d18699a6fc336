"""The issue that a reader would get now, as it would look; nothing of it counts as told."""

from __future__ import annotations

from datetime import datetime

from api.actions.desk import Desk
from api.domain.digest import DigestWish
from api.domain.issues import choose
from api.letters.digest import Written, write_digest
from api.store.database import Tx
from api.store.digest_material import material
from api.store.digest_wishes import get
from api.store.zones import zone_of


async def preview_digest(desk: Desk, library_id: str) -> Written:
    """The letter as it would be written now, with a way out that leads to the settings."""
    now = desk.now()

    async def work(tx: Tx) -> Written:
        digest = await get(tx, library_id)
        wish = digest.wish if digest.wish.frequency != "off" else DigestWish("daily", parts=digest.wish.parts)
        today = datetime.fromtimestamp(now / 1000, zone_of(wish.zone)).date().isoformat()
        issue = choose(await material(tx, library_id, now), wish, today)
        return write_digest(issue, wish, desk.settings.base_url, f"{desk.settings.base_url}/digest")

    return await desk.database.read(work)
