"""Pull: what changed in a library since a cursor, page by page, on one snapshot each.

A first sync walks downwards from where the library stands, so that the newest papers come first, then upwards from
there; each page is a place to go on from.

Refuses cursors that can no longer be honoured with `resync` and its reason; the client keeps its outbox.
"""

from __future__ import annotations

import asyncio

from msgspec import UNSET, Struct, structs

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import SCHEMA, Told
from api.domain.clock import rfc3339
from api.domain.cursors import Cursor, read_cursor, write_cursor
from api.domain.errors import BadCursor, Resync
from api.store import feed, ledger
from api.store.database import Tx

MOST_CHANGES = 1000  # of one page
MOST_BYTES = 2 * 1024 * 1024  # of one page
_AROUND = 128  # bytes of a change beside its data
MOST_WAIT = 25  # seconds
MOST_COMMITS = 1000  # of one page


class PullAnswer(Struct, frozen=True):
    """A page of the feed; only `more: false` ends the loop.

    `commit` is where the library stands, `commits` are those before it that the page passes: a device that knows them
    can tell where a restored server's history and its own part.
    """

    epoch: str
    changes: list[Told]
    cursor: str
    more: bool
    upto: int
    commit: tuple[int, str]
    commits: list[tuple[int, str]]
    acks: dict[str, int]
    server_time: str


async def pull_changes(
    desk: Desk, who: Who, cursor: str | None, limit: int, wait: float = 0, *, tombstones: bool = False
) -> PullAnswer:
    """The next page after the cursor (none: a first sync, newest first); `wait` seconds for something to happen.

    `tombstones` has a first sync show deletions too: for a device that starts anew and still has what they are about.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + min(wait, MOST_WAIT)
    with desk.pokes.watch(who.library_id) as news:
        while True:
            page = await desk.database.read(
                lambda tx: _page(tx, desk, who, cursor, min(limit, MOST_CHANGES), tombstones)
            )
            if page.changes or page.more or clock() >= end or desk.pokes.ended:
                return page
            await news.wait(end - clock())


async def _page(tx: Tx, desk: Desk, who: Who, text: str | None, limit: int, tombstones: bool) -> PullAnswer:
    asked = read_cursor(text, *desk.settings.secret_keys) if text else None
    now = await ledger.standing(tx, who.library_id, asked.version if asked else 0)
    head, acks = now.head, now.acks
    if asked:
        at = _honoured(who, asked, now)
    else:
        at = Cursor(who.library_id, head.epoch, head.version, SCHEMA, now.tag, down=head.version + 1)
    since = asked.version if asked else 0
    if at.down:  # answers to earlier pushes have shown the device objects, which may be gone by now
        changes, at = await _downwards(tx, at, now, limit, tombstones=tombstones or who.device_id in acks)
    else:
        changes, at = await _upwards(tx, at, now, limit)
    return PullAnswer(
        epoch=head.epoch,
        changes=changes,
        cursor=write_cursor(at, desk.settings.secret_key),
        more=at.down > 0 or at.version < head.version,
        upto=head.version,
        commit=(head.version, now.tag),
        commits=await _passed(tx, who.library_id, since, min(at.version + 1, head.version)),
        acks=acks,
        server_time=rfc3339(desk.now()),
    )


async def _downwards(
    tx: Tx, at: Cursor, now: ledger.Standing, limit: int, *, tombstones: bool
) -> tuple[list[Told], Cursor]:
    """A page of a first sync, the newest first; what moves up meanwhile is met again on the way upwards."""
    found = await feed.before(tx, at.library_id, at.down, limit + 1, tombstones=tombstones, merged=now.merged)
    page = _capped(found, limit)
    return page, structs.replace(at, down=page[-1].version if len(page) < len(found) else 0)


async def _upwards(tx: Tx, at: Cursor, now: ledger.Standing, limit: int) -> tuple[list[Told], Cursor]:
    found = await feed.after(tx, at.library_id, at.version, limit + 1, merged=now.merged)
    page = _capped(found, limit)
    if len(page) == len(found):
        return page, structs.replace(at, version=now.head.version, tag=now.tag)
    reached = page[-1].version
    return page, structs.replace(at, version=reached, tag=await ledger.commit_tag(tx, at.library_id, reached))


async def _passed(tx: Tx, library_id: str, since: int, before: int) -> list[tuple[int, str]]:
    return await ledger.commits(tx, library_id, since, before, MOST_COMMITS) if since + 1 < before else []


def _honoured(who: Who, cursor: Cursor, now: ledger.Standing) -> Cursor:
    """The cursor, if one can go on from it; raises BadCursor for a foreign one, Resync for one that has no future."""
    head = now.head
    if cursor.library_id != who.library_id:
        raise BadCursor("this cursor is of another library")
    if cursor.schema != SCHEMA:
        raise Resync("the protocol changed", reason="schema")
    if cursor.epoch != head.epoch:
        raise Resync("the server was restored", reason="epoch")
    if cursor.version > head.version:
        raise Resync("the cursor is ahead of the server", reason="ahead")
    if cursor.version < head.floor:
        raise Resync("deletions older than the floor were purged", reason="floor")
    if cursor.tag and cursor.tag != now.tag_there:
        raise Resync("the server was restored", reason="epoch")
    return cursor


def _capped(changes: list[Told], limit: int) -> list[Told]:
    """As many changes as a page may hold, but one at least."""
    size = 0
    for index, one in enumerate(changes[:limit]):
        size += _AROUND + (0 if one.data is UNSET else len(one.data))
        if size > MOST_BYTES and index > 0:
            return changes[:index]
    return changes[:limit]
