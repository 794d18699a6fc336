"""Open addresses of a library: kept by the hash of their secret."""

from __future__ import annotations

from api.domain.public_feeds import PublicFeed
from api.store.database import Row, Tx

_COLUMNS = "f.id, f.name, f.format, f.tag, f.list, f.q, f.created_at, f.slug"


async def add(tx: Tx, library_id: str, secret_hash: str, feed: PublicFeed) -> None:
    """Keep a new one, which no program has read yet."""
    await tx.run(
        "INSERT INTO public_address "
        "(library_id, id, secret_hash, name, format, tag, list, q, created_at, seen_version, changed_at, slug) "
        "VALUES (:library_id, :id, :hash, :name, :format, :tag, :list, :q, :now, -1, 0, :slug)",
        library_id=library_id,
        id=feed.id,
        hash=secret_hash,
        name=feed.name,
        format=feed.format,
        tag=feed.tag,
        list=feed.list_,
        q=feed.q,
        now=feed.created_at,
        slug=feed.slug,
    )


async def listed(tx: Tx, library_id: str) -> list[PublicFeed]:
    """All of a library, the newest first."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} FROM public_address f "
        "WHERE f.library_id = :library_id ORDER BY f.created_at DESC, f.id DESC",
        library_id=library_id,
    )
    return [_feed(row) for row in rows]


async def remove(tx: Tx, library_id: str, feed_id: str) -> bool:
    """End one for good; whether there was one."""
    row = await tx.row(
        "DELETE FROM public_address WHERE library_id = :library_id AND id = :id RETURNING id",
        library_id=library_id,
        id=feed_id,
    )
    return row is not None


async def by_secret(tx: Tx, secret_hash: str) -> tuple[str, PublicFeed, int, int] | None:
    """Whose address this is, the feed, the version it was last read at and since when; not of a disabled account."""
    row = await tx.row(
        f"SELECT {_COLUMNS}, f.library_id, f.seen_version, f.changed_at FROM public_address f "
        "WHERE f.secret_hash = :hash "
        "AND EXISTS (SELECT 1 FROM library l JOIN account a ON a.id = l.owner_id "
        "WHERE l.id = f.library_id AND a.disabled = 0)",
        hash=secret_hash,
    )
    return (row["library_id"], _feed(row), row["seen_version"], row["changed_at"]) if row else None


async def changed(tx: Tx, library_id: str, feed_id: str, version: int, at: int) -> None:
    """Note the version at which it is read now, and since when (Unix seconds)."""
    await tx.run(
        "UPDATE public_address SET seen_version = :version, changed_at = :at "
        "WHERE library_id = :library_id AND id = :id",
        version=version,
        at=at,
        library_id=library_id,
        id=feed_id,
    )


def _feed(row: Row) -> PublicFeed:
    of = (row["tag"], row["list"], row["q"])
    return PublicFeed(row["id"], row["name"], row["format"], *of, row["created_at"], row["slug"])
