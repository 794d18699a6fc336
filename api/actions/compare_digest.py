"""Compare: a device checks that it holds what the server holds, and pulls one bucket again where it does not."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import Change
from api.domain.cursors import Place, read_place, write_cursor
from api.domain.digests import BUCKETS, Digest, bucket_of
from api.domain.errors import BadCursor
from api.store import digests, ledger
from api.store.database import Tx

MOST_CHANGES = 1000  # of one page of a bucket


class DigestWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing: the digest; a `bucket`: what is in it, page by page."""

    bucket: Annotated[int, Meta(ge=0, lt=BUCKETS)] | None = None
    cursor: Annotated[str, Meta(max_length=1024, extra_json_schema={"format": "cursor"})] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_CHANGES)] = MOST_CHANGES


class DigestAnswer(Struct, frozen=True):
    """The digest of a library at a version: (count, sum) of each bucket."""

    version: int
    buckets: list[tuple[int, int]]


class BucketAnswer(Struct, frozen=True):
    """Some of the objects of a bucket, by key; `cursor` leads to the next ones, None ends it."""

    version: int
    changes: list[Change]
    cursor: str | None


async def compare_digest(desk: Desk, who: Who, wish: DigestWish) -> DigestAnswer | BucketAnswer:
    """The digest, or the objects of one bucket; raises BadCursor for a cursor of another bucket."""
    if wish.bucket is None:
        return await desk.database.read(lambda tx: _digest(tx, who.library_id))
    bucket = wish.bucket
    after = _after(desk, who, bucket, wish.cursor) if wish.cursor else ""
    return await desk.database.read(lambda tx: _bucket(tx, desk, who, bucket, after, wish.limit))


async def _digest(tx: Tx, library_id: str) -> DigestAnswer:
    digest = Digest()
    async for chunk in digests.versions(tx, library_id):
        digest.add(chunk)
    return DigestAnswer((await ledger.head(tx, library_id)).version, digest.buckets)


async def _bucket(tx: Tx, desk: Desk, who: Who, bucket: int, after: str, limit: int) -> BucketAnswer:
    keys: list[str] = []
    async for chunk in digests.versions(tx, who.library_id, after):
        keys += [key for key, _ in chunk if bucket_of(key) == bucket]
        if len(keys) > limit:
            break
    cursor = None
    if len(keys) > limit:
        at = Place(who.library_id, _name(bucket), None, keys[limit - 1])
        cursor = write_cursor(at, desk.settings.secret_key)
    head = await ledger.head(tx, who.library_id)
    return BucketAnswer(head.version, await digests.changes(tx, who.library_id, keys[:limit]), cursor)


def _after(desk: Desk, who: Who, bucket: int, cursor: str) -> str:
    place = read_place(cursor, *desk.settings.secret_keys)
    if (place.library_id, place.filters) != (who.library_id, _name(bucket)):
        raise BadCursor("this cursor is of another bucket")
    return place.key


def _name(bucket: int) -> str:
    return f"bucket {bucket}"
