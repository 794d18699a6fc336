"""Which ops a library has taken: each op id once, each device's sequence bound to one op id.

Refuses a sequence that comes again with another op id: that device's profile was cloned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from api.domain.changes import Result
from api.store.database import Tx, Value, in_list, upsert
from api.store.objects import MERGED_NAMES


class LibraryHead(Struct, frozen=True):
    """Where a library stands."""

    version: int
    floor: int
    epoch: str


class Standing(Struct, frozen=True):
    """Where a library stands, with the tags of that commit and of another, and the highest sequence of each device.

    `merged`: whether some of its tags or lists go by another's id.
    """

    head: LibraryHead
    tag: str
    tag_there: str
    acks: dict[str, int]
    merged: bool


async def head(tx: Tx, library_id: str) -> LibraryHead:
    """The library's version, tombstone floor and epoch; raises LookupError if there is no such library."""
    row = await tx.row("SELECT version, floor, epoch FROM library WHERE id = :library_id", library_id=library_id)
    if row is None:
        raise LookupError("no such library")
    return LibraryHead(row["version"], row["floor"], row["epoch"])


async def results(tx: Tx, library_id: str, op_ids: Sequence[str]) -> dict[str, Result]:
    """The first results of ops that were taken before."""
    text, values = in_list("op", op_ids)
    rows = await tx.rows(
        f"SELECT op_id, result FROM op WHERE library_id = :library_id AND op_id IN ({text})",
        library_id=library_id,
        **values,
    )
    return {row["op_id"]: msgspec.json.decode(row["result"], type=Result) for row in rows}


async def answer_anew(tx: Tx, library_id: str, results: Mapping[str, Result]) -> None:
    """Give ops that were taken before another result, which from now on is their first one."""
    for op_id, result in results.items():
        await tx.run(
            "UPDATE op SET result = :result WHERE library_id = :library_id AND op_id = :op_id",
            result=msgspec.json.encode(result).decode(),
            library_id=library_id,
            op_id=op_id,
        )


async def sequences(tx: Tx, library_id: str, device_id: str, first: int, count: int) -> dict[int, str]:
    """Which op ids the device sent before under these sequences."""
    rows = await tx.rows(
        "SELECT seq, op_id FROM sequence WHERE library_id = :library_id AND device_id = :device_id "
        "AND seq >= :first AND seq < :past",
        library_id=library_id,
        device_id=device_id,
        first=first,
        past=first + count,
    )
    return {row["seq"]: row["op_id"] for row in rows}


async def record(
    tx: Tx, library_id: str, device_id: str, first: int, op_ids: Sequence[str], taken: dict[str, Result], now_ms: int
) -> int:
    """Write a batch into the ledger: every op consumes its sequence, new ones keep their result.

    Returns the highest sequence known of the device.
    """
    of: dict[str, Value] = {"library_id": library_id, "device_id": device_id}
    numbers: list[dict[str, Value]] = [{**of, "seq": seq, "op_id": op} for seq, op in enumerate(op_ids, first)]
    await upsert(tx, "sequence", ("library_id", "device_id", "seq"), numbers)
    seq_of = {op: seq for seq, op in enumerate(op_ids, first)}
    rows: list[dict[str, Value]] = [
        {**of, "op_id": op, "seq": seq_of[op], "result": msgspec.json.encode(result).decode(), "taken_at": now_ms}
        for op, result in taken.items()
    ]
    await upsert(tx, "op", ("library_id", "op_id"), rows)
    row = await tx.row(
        "INSERT INTO ack (library_id, device_id, seq) VALUES (:library_id, :device_id, :seq) "
        "ON CONFLICT (library_id, device_id) DO UPDATE SET seq = "
        "CASE WHEN excluded.seq > ack.seq THEN excluded.seq ELSE ack.seq END RETURNING seq",
        library_id=library_id,
        device_id=device_id,
        seq=first + len(op_ids) - 1,
    )
    last: int = row["seq"] if row else 0
    return last


async def standing(tx: Tx, library_id: str, version: int) -> Standing:
    """Where the library stands, in one question: every pull asks. Raises LookupError if there is no such library."""
    tag = "SELECT tag FROM library_commit c WHERE c.library_id = l.id AND c.version >= {} ORDER BY c.version LIMIT 1"
    rows = await tx.rows(
        f"SELECT l.version, l.floor, l.epoch, ({tag.format('l.version')}) AS tag, "
        f"({tag.format(':version')}) AS tag_there, EXISTS (SELECT 1 FROM {MERGED_NAMES.format('l.id')}) AS merged, "
        "a.device_id, a.seq "
        "FROM library l LEFT JOIN ack a ON a.library_id = l.id WHERE l.id = :library_id",
        library_id=library_id,
        version=version,
    )
    if not rows:
        raise LookupError("no such library")
    first = rows[0]
    at = LibraryHead(first["version"], first["floor"], first["epoch"])
    acks = {row["device_id"]: row["seq"] for row in rows if row["device_id"] is not None}
    return Standing(at, first["tag"] or "", first["tag_there"] or "", acks, bool(first["merged"]))


async def commit_tag(tx: Tx, library_id: str, version: int) -> str:
    """The random tag of the commit that made this version, or empty text; a page may end in the middle of it."""
    row = await tx.row(
        "SELECT tag FROM library_commit WHERE library_id = :library_id AND version >= :version "
        "ORDER BY version LIMIT 1",
        library_id=library_id,
        version=version,
    )
    return row["tag"] if row else ""


async def commits(tx: Tx, library_id: str, after: int, before: int, most: int) -> list[tuple[int, str]]:
    """The commits between two versions in their order, the latest ones if there are more than so many."""
    rows = await tx.rows(
        "SELECT version, tag FROM library_commit WHERE library_id = :library_id AND version > :after "
        "AND version < :before ORDER BY version DESC LIMIT :most",
        library_id=library_id,
        after=after,
        before=before,
        most=most,
    )
    return [(row["version"], row["tag"]) for row in reversed(rows)]


async def session_of(tx: Tx, library_id: str, device_id: str) -> str | None:
    """The session that syncs under this device id because its own was cloned."""
    row = await tx.row(
        "SELECT session_id FROM sync_device WHERE library_id = :library_id AND device_id = :device_id",
        library_id=library_id,
        device_id=device_id,
    )
    return row["session_id"] if row else None


async def add_device(tx: Tx, library_id: str, device_id: str, session_id: str) -> None:
    """Let a session sync under a fresh device id."""
    await tx.run(
        "INSERT INTO sync_device (library_id, device_id, session_id) VALUES (:library_id, :device_id, :session_id)",
        library_id=library_id,
        device_id=device_id,
        session_id=session_id,
    )
