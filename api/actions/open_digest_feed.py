"""The issues as a feed: an address of its own, made, read and ended; it tells what was told, the newest first.

The secret is shown once and kept as a hash.
"""

from __future__ import annotations

import secrets

from api.actions.desk import Desk
from api.domain.clock import rfc3339
from api.domain.errors import NotFound
from api.domain.formats.records import BibEntry
from api.domain.one_way import SECRET_BYTES, hashed
from api.store import digest_issues, digest_wishes, papers
from api.store.database import Tx

MOST_TOLD = 100


async def make_digest_feed(desk: Desk, library_id: str) -> str:
    """The secret of a new address, this once; an older one leads nowhere any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)

    async def work(tx: Tx) -> None:
        await tx.lock(f"digest {library_id}")
        await digest_wishes.keep(tx, library_id, await digest_wishes.get(tx, library_id), desk.now())
        await digest_wishes.open_feed(tx, library_id, hashed(secret))

    await desk.database.write(work)
    return secret


async def end_digest_feed(desk: Desk, library_id: str) -> None:
    """End the address, if there is one."""
    await desk.database.write(lambda tx: digest_wishes.open_feed(tx, library_id, None))


async def read_digest_feed(desk: Desk, secret: str) -> tuple[str, list[BibEntry]]:
    """Whose feed it is (the library), and what was told last, each paper once, with why as its tag; raises NotFound."""

    async def work(tx: Tx) -> tuple[str, list[BibEntry]]:
        library_id = await digest_wishes.by_feed(tx, hashed(secret))
        if library_id is None:
            raise NotFound("this address is not in use, or was ended")
        told = await digest_issues.last_told(tx, library_id, MOST_TOLD)
        found = await papers.get_many(tx, {one.paper_id for one in told}, library_id)
        entries: dict[str, BibEntry] = {}
        for one in told:
            if paper := found.get(one.paper_id):
                entry = BibEntry("", paper, (one.why,), accessed=rfc3339(one.made_at)[:10])
                entries.setdefault(paper.id, entry)
        return library_id, list(entries.values())

    return await desk.database.read(work)
