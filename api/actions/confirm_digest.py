"""A reader says by the link of the first mail that they want the others: once, within 48 hours.

Refuses a link that was used, replaced or is too old, all alike.
"""

from __future__ import annotations

from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.clock import rfc3339
from api.domain.digest import CONSENT, Digest, next_issue
from api.domain.errors import NotFound
from api.domain.one_way import hashed
from api.store import digest_wishes
from api.store.database import Tx
from api.store.zones import zone_of


async def find_question(desk: Desk, token: str) -> Digest:
    """The wish that a link would confirm; raises NotFound."""

    async def work(tx: Tx) -> Digest:
        return await digest_wishes.get(tx, await _whose(tx, token, desk.now()))

    return await desk.database.read(work)


async def confirm_digest(desk: Desk, token: str) -> Digest:
    """The wish, which is confirmed now; raises NotFound."""
    now = desk.now()

    async def work(tx: Tx) -> Digest:
        library_id = await _whose(tx, token, now)
        await tx.lock(f"digest {library_id}")
        digest = replace(await digest_wishes.get(tx, library_id), confirmed_at=now, paused="")
        if digest.runs:
            date, at = next_issue(digest.wish, zone_of(digest.wish.zone), now)
            digest = replace(digest, next_at=at, next_date=date)
        await digest_wishes.keep(tx, library_id, digest, now)
        await digest_wishes.agree(tx, library_id, f"{CONSENT}, by the link of a mail, {rfc3339(now)}")
        return digest

    return await desk.database.write(work)


async def _whose(tx: Tx, token: str, now: int) -> str:
    library_id = await digest_wishes.asked_by(tx, hashed(token), now)
    if library_id is None:
        raise NotFound("this link was used or has expired")
    return library_id
