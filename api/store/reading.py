"""When a library's entries were saved and read, and how many of each tag were saved in each month."""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Decoder

from api.domain.states import Stamp
from api.store.database import Tx

_LIVE = "o.library_id = :library_id AND o.type = 'entry' AND o.deleted = 0"


class _Stamps(Struct):
    """The stamps of an entry, as far as they are needed."""

    status: Stamp | None = None


_STAMPS = Decoder(_Stamps)


async def saved(tx: Tx, library_id: str) -> list[str]:
    """The times of saving (RFC 3339) of all entries that have one."""
    rows = await tx.rows(
        f"SELECT o.saved_at FROM object o WHERE {_LIVE} AND o.saved_at IS NOT NULL", library_id=library_id
    )
    return [row["saved_at"] for row in rows]


async def read(tx: Tx, library_id: str) -> list[int]:
    """When those that are read became so, in Unix milliseconds."""
    rows = await tx.rows(f"SELECT o.stamps FROM object o WHERE {_LIVE} AND o.status = 'read'", library_id=library_id)
    stamps = (_STAMPS.decode(row["stamps"]).status for row in rows)
    return [int(one.hlc[:12], 16) for one in stamps if one]


async def tagged(tx: Tx, library_id: str, since: str) -> dict[tuple[str, str], int]:
    """How many entries of each tag (id) were saved in each month (`YYYY-MM`), from the month `since` on."""
    rows = await tx.rows(
        "SELECT COALESCE(t.merged_into, t.key) AS tag, SUBSTR(o.saved_at, 1, 7) AS month, "
        "COUNT(DISTINCT o.key) AS n FROM object o "
        "JOIN member m ON m.library_id = o.library_id AND m.key = o.key AND m.field = 'tags' AND m.present = 1 "
        "JOIN object t ON t.library_id = m.library_id AND t.key = m.member AND t.type = 'tag' "
        f"WHERE {_LIVE} AND o.saved_at >= :since GROUP BY 1, 2",
        library_id=library_id,
        since=since,
    )
    return {(row["tag"], row["month"]): row["n"] for row in rows}
