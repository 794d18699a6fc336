"""The way out of every mail: one click ends them all, without signing in, at once.

Says the same whether a link is known or not, and however often it is used.
"""

from __future__ import annotations

from msgspec.structs import replace

from api.actions.desk import Desk
from api.domain.one_way import hashed
from api.store import digest_wishes, mails
from api.store.database import Tx


async def end_digest(desk: Desk, token: str) -> None:
    """Send the reader of the mail that had this way out no more, also not what waits; nothing where there is none."""
    now = desk.now()

    async def work(tx: Tx) -> None:
        library_id = await mails.by_way_out(tx, hashed(token))
        if library_id is None:
            return
        await tx.lock(f"digest {library_id}")
        digest = await digest_wishes.get(tx, library_id)
        ended = replace(digest, wish=replace(digest.wish, frequency="off"), confirmed_at=0, next_at=0, next_date="")
        await digest_wishes.keep(tx, library_id, ended, now)
        await mails.call_back(tx, library_id)

    await desk.database.write(work)
