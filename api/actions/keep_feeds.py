"""Make, list and end the open addresses of a library.

The secret is shown once and kept as a hash. Refuses more than a hundred for one library.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.errors import BadInput, NotFound
from api.domain.fields import check_text
from api.domain.formats.catalog import FormatName
from api.domain.one_way import SECRET_BYTES, hashed
from api.domain.public_feeds import MOST_FEEDS, PublicFeed, check_format, slug_of
from api.store import public_feeds
from api.store.database import Tx

OPEN_BYTES = 4  # of chance in an open link, so that two lists of one name have two


async def make_feed(
    desk: Desk,
    library_id: str,
    name: str,
    format_: FormatName,
    tag: str | None = None,
    list_: str | None = None,
    q: str | None = None,
    *,
    is_open: bool = False,
) -> tuple[PublicFeed, str]:
    """A new address and its secret, this once; where it `is_open`, what everybody may know. Raises BadInput."""
    check_format(format_)
    for field, text in (("name", name), ("tag", tag), ("list", list_), ("q", q)):
        check_text(field, text or "")
    slug = slug_of(name, secrets.token_hex(OPEN_BYTES)) if is_open else None
    feed = PublicFeed(desk.new_id(), name, format_, tag, list_, q, desk.now(), slug)
    secret = slug or secrets.token_urlsafe(SECRET_BYTES)

    async def work(tx: Tx) -> None:
        await tx.lock(f"feeds {library_id}")
        if len(await public_feeds.listed(tx, library_id)) >= MOST_FEEDS:
            raise BadInput(f"a library has at most {MOST_FEEDS} feeds; end one first")
        await public_feeds.add(tx, library_id, hashed(secret), feed)

    await desk.database.write(work)
    return feed, secret


async def list_feeds(desk: Desk, library_id: str) -> list[PublicFeed]:
    """The addresses, the newest first, without their secrets."""
    return await desk.database.read(lambda tx: public_feeds.listed(tx, library_id))


async def end_feed(desk: Desk, library_id: str, feed_id: str) -> None:
    """End one at once and for good; raises NotFound."""
    if not await desk.database.write(lambda tx: public_feeds.remove(tx, library_id, feed_id)):
        raise NotFound("no such feed")
