"""Open an address by its secret: whose it is, and whether its library changed since it was last read.

Refuses an unknown, an ended and a disabled person's secret alike. A change is dated by the first read that finds it,
each at least a second after the one before: programs that ask by the second then miss none.
"""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.errors import NotFound
from api.domain.one_way import hashed
from api.domain.public_feeds import OpenFeed
from api.store import ledger, public_feeds
from api.store.database import Tx


async def open_feed(desk: Desk, secret: str) -> OpenFeed:
    """The feed with this secret, its library's head, and since when it is as it is; raises NotFound."""
    opened, is_news = await desk.database.read(lambda tx: _read(tx, secret, desk.now() // 1000))
    if not is_news:
        return opened

    async def work(tx: Tx) -> OpenFeed:
        again, still_news = await _read(tx, secret, desk.now() // 1000)
        if still_news:
            await public_feeds.changed(tx, again.library_id, again.feed.id, again.version, again.changed_at)
        return again

    return await desk.database.write(work)


async def _read(tx: Tx, secret: str, now: int) -> tuple[OpenFeed, bool]:
    found = await public_feeds.by_secret(tx, hashed(secret))
    if found is None:
        raise NotFound("this address is not in use, or was ended")
    library_id, feed, seen, changed_at = found
    head = await ledger.head(tx, library_id)
    is_news = head.version != seen
    at = max(now, changed_at + 1) if is_news else changed_at
    return OpenFeed(feed, library_id, head.epoch, head.version, at), is_news
