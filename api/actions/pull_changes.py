"""Pull: what changed in a library since a cursor, page by page, on one snapshot.

Refuses cursors that can no longer be honoured with `resync` and its reason; the client keeps its outbox.
"""

from __future__ import annotations

import asyncio

import msgspec
from msgspec import Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import SCHEMA, Change
from api.domain.clock import rfc3339
from api.domain.cursors import Cursor, read_cursor, write_cursor
from api.domain.errors import BadCursor, Resync
from api.store import feed, ledger
from api.store.database import Tx

MOST_CHANGES = 1000  # of one page
MOST_BYTES = 2 * 1024 * 1024  # of one page
MOST_WAIT = 25  # seconds
POLL_SECONDS = 0.5  # how often a waiting pull looks again


class PullAnswer(Struct, frozen=True):
    """A page of the feed; only `more: false` ends the loop."""

    epoch: str
    changes: list[Change]
    cursor: str
    more: bool
    upto: int
    commit: tuple[int, str]
    acks: dict[str, int]
    server_time: str


async def pull_changes(desk: Desk, who: Who, cursor: str | None, limit: int, wait: float = 0) -> PullAnswer:
    """The next page after the cursor (none: from the start); `wait` seconds for something to happen."""
    end = asyncio.get_running_loop().time() + min(wait, MOST_WAIT)
    while True:
        page = await desk.database.read(lambda tx: _page(tx, desk, who, cursor, min(limit, MOST_CHANGES)))
        if page.changes or asyncio.get_running_loop().time() >= end:
            return page
        await asyncio.sleep(POLL_SECONDS)


async def _page(tx: Tx, desk: Desk, who: Who, text: str | None, limit: int) -> PullAnswer:
    secret = desk.settings.secret_key
    head = await ledger.head(tx, who.library_id)
    since = 0
    if text:
        since = await _honoured(tx, who, _read(text, desk), head)
    changes = await feed.after(tx, who.library_id, since, limit + 1)
    page = _capped(changes, limit)
    more = len(page) < len(changes)
    reached = page[-1].version if more else head.version
    tag = await ledger.commit_tag(tx, who.library_id, head.version)
    at = Cursor(who.library_id, head.epoch, reached, SCHEMA, await ledger.commit_tag(tx, who.library_id, reached))
    return PullAnswer(
        epoch=head.epoch,
        changes=page,
        cursor=write_cursor(at, secret),
        more=more,
        upto=head.version,
        commit=(head.version, tag),
        acks=await ledger.acks(tx, who.library_id),
        server_time=rfc3339(desk.now()),
    )


def _read(text: str, desk: Desk) -> Cursor:
    try:
        return read_cursor(text, desk.settings.secret_key)
    except BadCursor:
        if not desk.settings.secret_key_previous:
            raise
        return read_cursor(text, desk.settings.secret_key_previous)


async def _honoured(tx: Tx, who: Who, cursor: Cursor, head: ledger.LibraryHead) -> int:
    """The version to go on from; raises BadCursor for a foreign cursor, Resync for one that has no future."""
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
    if cursor.tag and cursor.tag != await ledger.commit_tag(tx, who.library_id, cursor.version):
        raise Resync("the server was restored", reason="epoch")
    return cursor.version


def _capped(changes: list[Change], limit: int) -> list[Change]:
    """As many changes as a page may hold, but one at least."""
    size = 0
    for index, one in enumerate(changes[:limit]):
        size += len(msgspec.json.encode(one))
        if size > MOST_BYTES and index > 0:
            return changes[:index]
    return changes[:limit]
