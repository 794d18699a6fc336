"""What waits to be done, by lane: counted in the database, which knows it also while the queue is away."""

from __future__ import annotations

from api.domain.jobs import Lane, LaneName
from api.domain.retries import MOST_STARTS
from api.store.database import Row, Tx

_FREE = "lease_until <= :now AND dead_at = 0 AND starts < :most AND redirect_to IS NULL"


async def lanes(tx: Tx, now_ms: int) -> list[Lane]:
    """Each lane with how many wait in it and since when the oldest does."""
    papers = await tx.rows(
        "SELECT CASE WHEN attempts = 0 THEN 'new' ELSE 'retry' END AS lane, COUNT(*) AS n, MIN(next_try_at) AS oldest "
        f"FROM paper WHERE enrich_state <> 'done' AND next_try_at <= :now AND {_FREE} "
        "GROUP BY CASE WHEN attempts = 0 THEN 'new' ELSE 'retry' END",
        now=now_ms,
        most=MOST_STARTS,
    )
    again = await tx.row(
        "SELECT COUNT(*) AS n, MIN(again_at) AS oldest FROM paper WHERE again_at > 0 AND again_at <= :now "
        f"AND enrich_state = 'done' AND {_FREE}",
        now=now_ms,
        most=MOST_STARTS,
    )
    files = await tx.row(
        "SELECT COUNT(*) AS n, MIN(created_at) AS oldest FROM import_job WHERE state = 'queued' "
        "OR (state = 'running' AND lease_until <= :now)",
        now=now_ms,
    )
    by_name = {row["lane"]: row for row in papers}
    return [
        _lane("new", by_name.get("new")),
        _lane("retry", by_name.get("retry")),
        _lane("again", again),
        _lane("import", files),
    ]


def _lane(name: LaneName, row: Row | None) -> Lane:
    return Lane(name, row["n"], row["oldest"] or 0) if row else Lane(name, 0, 0)
