"""What outside sources said, remembered for all papers: a cache beside the record, which may lose any row.

Refuses to grow without end: rows that nobody can use any more go, then the oldest above a size.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from typing import NamedTuple

from msgspec import Struct, structs

from api.store.database import Tx, Value, in_list, upsert

ROW_BYTES = 200  # what a row takes beside its address and its body


class KeptAnswer(Struct, frozen=True):
    """One source's answer to one address; times are Unix milliseconds, `body` as it was inflated.

    It is taken for the source's word until `fresh_until`, and may be asked by again with `etag` and `last_modified`
    (empty: none). `misses`: how often in a row the source had no such paper.
    """

    source: str
    asked: str
    status: int
    content_type: str
    body: bytes
    etag: str
    last_modified: str
    fetched_at: int
    fresh_until: int
    misses: int
    packed: bool = False  # `body` is compressed already, as it is kept


class Standing(NamedTuple):
    """How an answer stands, without its body."""

    fresh_until: int
    misses: int


async def get(tx: Tx, source: str, asked: str) -> KeptAnswer | None:
    """The last answer to an address, fresh or not."""
    row = await tx.row(
        "SELECT status, content_type, raw, etag, last_modified, fetched_at, fresh_until, misses FROM answer "
        "WHERE source = :source AND asked = :asked",
        source=source,
        asked=asked,
    )
    if row is None:
        return None
    return KeptAnswer(
        source,
        asked,
        row["status"],
        row["content_type"],
        zlib.decompress(row["raw"]),
        row["etag"],
        row["last_modified"],
        row["fetched_at"],
        row["fresh_until"],
        row["misses"],
    )


async def standing(tx: Tx, source: str, asked: Collection[str]) -> dict[str, Standing]:
    """How the answers to these addresses stand; those never asked are not in it."""
    text, values = in_list("a", asked)
    rows = await tx.rows(
        f"SELECT asked, fresh_until, misses FROM answer WHERE source = :source AND asked IN ({text})",
        source=source,
        **values,
    )
    return {row["asked"]: Standing(row["fresh_until"], row["misses"]) for row in rows}


def packed(answer: KeptAnswer) -> KeptAnswer:
    """The same answer as it is kept: to be made before a transaction, which holds everybody up, and not in it."""
    return answer if answer.packed else structs.replace(answer, body=zlib.compress(answer.body), packed=True)


async def keep(tx: Tx, answers: Iterable[KeptAnswer]) -> None:
    """Remember answers; a later one to the same address takes the place of an earlier one."""
    last = {(one.source, one.asked): one for one in answers}
    await upsert(tx, "answer", ("source", "asked"), [_row(one) for one in last.values()])


async def purge(tx: Tx, before_ms: int, most_bytes: int) -> None:
    """Forget what was fetched before a time, then the oldest until the rest takes no more than so many bytes."""
    await tx.run("DELETE FROM answer WHERE fetched_at < :before", before=before_ms)
    await tx.run(
        "DELETE FROM answer WHERE (source, asked) IN (SELECT source, asked FROM (SELECT source, asked, "
        "SUM(size) OVER (ORDER BY fetched_at DESC, source, asked) AS up_to FROM answer) AS sized "
        "WHERE up_to > :most)",
        most=most_bytes,
    )


def _row(one: KeptAnswer) -> dict[str, Value]:
    raw = packed(one).body
    return {
        "source": one.source,
        "asked": one.asked,
        "status": one.status,
        "content_type": one.content_type,
        "raw": raw,
        "size": len(raw) + len(one.asked) + ROW_BYTES,
        "etag": one.etag,
        "last_modified": one.last_modified,
        "fetched_at": one.fetched_at,
        "fresh_until": one.fresh_until,
        "misses": one.misses,
    }
