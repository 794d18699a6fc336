"""The outbox: mails that wait to be sent, written in the transaction that decided on them, each once in its slot.

A mail that was sent keeps no words and no address, only the hash of the way out that was in it.
"""

from __future__ import annotations

from api.domain.mails import LEASE_MS, WAITS_MS, LastMail, Letter
from api.store.database import Tx, Value, insert_missing

_THIS = "library_id = :library_id AND slot = :slot"


async def add(tx: Tx, letter: Letter, unsubscribe_hash: str | None) -> bool:
    """Let a mail wait to be sent, unless its slot has one; says whether it had none."""
    row: dict[str, Value] = {
        "library_id": letter.library_id,
        "slot": letter.slot,
        "recipient": letter.recipient,
        "message": letter.message,
        "state": "waiting",
        "next_try_at": letter.created_at,
        "unsubscribe_hash": unsubscribe_hash,
        "created_at": letter.created_at,
    }
    return await insert_missing(tx, "mail", ("library_id", "slot"), [row]) == 1


async def due(tx: Tx, now_ms: int, most: int) -> list[str]:
    """The libraries whose mails are to be tried, the longest waiting first."""
    rows = await tx.rows(
        "SELECT library_id, MIN(next_try_at) AS at FROM mail WHERE state = 'waiting' AND next_try_at <= :now "
        "GROUP BY library_id ORDER BY at, library_id LIMIT :most",
        now=now_ms,
        most=most,
    )
    return [row["library_id"] for row in rows]


async def claim(tx: Tx, library_id: str, now_ms: int) -> Letter | None:
    """Take the first mail of a library that is to be tried, its try counted before anything happens; None: none is."""
    row = await tx.row(
        "UPDATE mail SET tries = tries + 1, next_try_at = :until, trouble = 'its worker died' "
        "WHERE library_id = :library_id AND state = 'waiting' AND next_try_at <= :now "
        "AND slot = (SELECT MIN(m.slot) FROM mail m "
        "WHERE m.library_id = :library_id AND m.state = 'waiting' AND m.next_try_at <= :now) "
        "RETURNING slot, recipient, message, tries, created_at",
        until=now_ms + LEASE_MS,
        library_id=library_id,
        now=now_ms,
    )
    if row is None:
        return None
    return Letter(library_id, row["slot"], row["recipient"], row["message"], row["tries"] - 1, row["created_at"])


async def sent(tx: Tx, letter: Letter, now_ms: int) -> None:
    """A mail is out: its words and its address go."""
    await tx.run(
        "UPDATE mail SET state = 'sent', sent_at = :now, message = :nothing, recipient = '', trouble = '' "
        f"WHERE {_THIS}",
        now=now_ms,
        nothing=b"",
        library_id=letter.library_id,
        slot=letter.slot,
    )


async def give_up(tx: Tx, letter: Letter, trouble: str) -> None:
    """A mail will never be sent: its words and its address go, why stays."""
    await tx.run(
        "UPDATE mail SET state = 'failed', message = :nothing, recipient = '', trouble = :trouble "
        f"WHERE {_THIS} AND state = 'waiting'",
        nothing=b"",
        trouble=trouble,
        library_id=letter.library_id,
        slot=letter.slot,
    )


async def put_off(tx: Tx, letter: Letter, trouble: str, now_ms: int) -> None:
    """Try a mail again later, each time after a longer wait."""
    await tx.run(
        f"UPDATE mail SET next_try_at = :at, trouble = :trouble WHERE {_THIS} AND state = 'waiting'",
        at=now_ms + WAITS_MS[min(letter.tries, len(WAITS_MS) - 1)],
        trouble=trouble,
        library_id=letter.library_id,
        slot=letter.slot,
    )


async def call_back(tx: Tx, library_id: str) -> None:
    """Send nothing of what still waits in a library."""
    await tx.run(
        "UPDATE mail SET state = 'failed', message = :nothing, recipient = '', trouble = 'unsubscribed' "
        "WHERE library_id = :library_id AND state = 'waiting'",
        nothing=b"",
        library_id=library_id,
    )


async def by_way_out(tx: Tx, unsubscribe_hash: str) -> str | None:
    """Whose mail had this way out."""
    row = await tx.row("SELECT library_id FROM mail WHERE unsubscribe_hash = :hash", hash=unsubscribe_hash)
    return row["library_id"] if row else None


async def count_since(tx: Tx, library_id: str, slots: str, since_ms: int) -> int:
    """How many mails with slots that begin so were written after a moment."""
    row = await tx.row(
        "SELECT COUNT(*) AS n FROM mail WHERE library_id = :library_id AND slot LIKE :slots AND created_at > :since",
        library_id=library_id,
        slots=f"{slots}%",
        since=since_ms,
    )
    return int(row["n"]) if row else 0


async def last(tx: Tx, library_id: str) -> LastMail | None:
    """The newest mail of a library."""
    row = await tx.row(
        "SELECT slot, state, trouble, created_at, sent_at FROM mail WHERE library_id = :library_id "
        "ORDER BY created_at DESC, slot DESC LIMIT 1",
        library_id=library_id,
    )
    return LastMail(row["slot"], row["state"], row["trouble"], row["created_at"], row["sent_at"]) if row else None


async def forget(tx: Tx, before_ms: int) -> None:
    """Forget mails that were written before a moment and wait no more."""
    await tx.run("DELETE FROM mail WHERE created_at < :before AND state <> 'waiting'", before=before_ms)
