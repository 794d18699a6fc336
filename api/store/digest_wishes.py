"""What readers want of the daily mail, and when their next issue is due; proofs are kept by their hash."""

from __future__ import annotations

import msgspec

from api.domain.digest import Digest, DigestWish, Part
from api.store.database import Row, Tx, Value, upsert

_COLUMNS = (
    "d.frequency, d.way, d.hour, d.weekday, d.zone, d.parts, d.most, d.next_at, d.next_date, d.confirmed_at, "
    "d.confirm_until, d.paused, d.feed_hash"
)


async def get(tx: Tx, library_id: str) -> Digest:
    """A reader's wish with where it stands; off where nothing was ever said."""
    row = await tx.row(f"SELECT {_COLUMNS} FROM digest d WHERE d.library_id = :library_id", library_id=library_id)
    return _digest(row) if row else Digest()


async def keep(tx: Tx, library_id: str, digest: Digest, at_ms: int) -> None:
    """Keep a wish with where it stands; proofs and the feed stay as they are."""
    wish = digest.wish
    values: dict[str, Value] = {
        "library_id": library_id,
        "frequency": wish.frequency,
        "way": wish.way,
        "hour": wish.hour,
        "weekday": wish.weekday,
        "zone": wish.zone,
        "parts": msgspec.json.encode(wish.parts).decode(),
        "most": wish.most,
        "next_at": digest.next_at,
        "next_date": digest.next_date,
        "confirmed_at": digest.confirmed_at,
        "paused": digest.paused,
        "changed_at": at_ms,
    }
    await upsert(tx, "digest", ("library_id",), [values])


async def due(tx: Tx, now_ms: int, most: int) -> list[str]:
    """The libraries whose issue is due, the longest due first; not of disabled accounts."""
    rows = await tx.rows(
        "SELECT d.library_id FROM digest d JOIN library l ON l.id = d.library_id JOIN account a ON a.id = l.owner_id "
        "WHERE d.next_at > 0 AND d.next_at <= :now AND a.disabled = 0 ORDER BY d.next_at, d.library_id LIMIT :most",
        now=now_ms,
        most=most,
    )
    return [row["library_id"] for row in rows]


async def ask(tx: Tx, library_id: str, token_hash: str, until_ms: int) -> None:
    """Let this proof, and none before it, confirm the wish until then."""
    await tx.run(
        "UPDATE digest SET confirm_hash = :hash, confirm_until = :until WHERE library_id = :library_id",
        hash=token_hash,
        until=until_ms,
        library_id=library_id,
    )


async def asked_by(tx: Tx, token_hash: str, now_ms: int) -> str | None:
    """Whose wish a proof confirms while it can; None for any other."""
    row = await tx.row(
        "SELECT library_id FROM digest WHERE confirm_hash = :hash AND confirm_until > :now", hash=token_hash, now=now_ms
    )
    return row["library_id"] if row else None


async def agree(tx: Tx, library_id: str, consent: str) -> None:
    """Note which words a reader agreed to and how; the proof is used up."""
    await tx.run(
        "UPDATE digest SET confirm_hash = NULL, confirm_until = 0, consent = :consent WHERE library_id = :library_id",
        consent=consent,
        library_id=library_id,
    )


async def pause(tx: Tx, library_id: str, why: str) -> None:
    """Make no more issues until the reader asks for them anew and confirms it."""
    await tx.run(
        "UPDATE digest SET paused = :why, confirmed_at = 0, next_at = 0, next_date = '' WHERE library_id = :library_id",
        why=why,
        library_id=library_id,
    )


async def open_feed(tx: Tx, library_id: str, secret_hash: str | None) -> None:
    """Let this secret, and none before it, open the feed of issues; None: nobody."""
    await tx.run(
        "UPDATE digest SET feed_hash = :hash WHERE library_id = :library_id", hash=secret_hash, library_id=library_id
    )


async def by_feed(tx: Tx, secret_hash: str) -> str | None:
    """Whose feed a secret opens; not of a disabled account."""
    row = await tx.row(
        "SELECT d.library_id FROM digest d JOIN library l ON l.id = d.library_id JOIN account a ON a.id = l.owner_id "
        "WHERE d.feed_hash = :hash AND a.disabled = 0",
        hash=secret_hash,
    )
    return row["library_id"] if row else None


def _digest(row: Row) -> Digest:
    parts = msgspec.json.decode(row["parts"], type=tuple[Part, ...])
    wish = DigestWish(row["frequency"], row["way"], row["hour"], row["weekday"], row["zone"], parts, row["most"])
    return Digest(
        wish,
        row["confirmed_at"],
        row["next_at"],
        row["next_date"],
        row["paused"],
        row["confirm_until"],
        row["feed_hash"] is not None,
    )
